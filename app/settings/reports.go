package settings

import (
	"context"
	"unicode/utf8"

	"gsl/app/kit/actor"
	"gsl/app/kit/audit"
	"gsl/app/kit/fault"
	"gsl/app/report"
	"gsl/tenants"
)

// Approval gives what the municipality says of the approval of reports.
func (s *Service) Approval(ctx context.Context, who actor.Actor) (rule report.ApprovalRule, err error) {
	if err := may(who); err != nil {
		return rule, err
	}
	err = who.Municipality.View(ctx, func(tx *tenants.Tx) (err error) {
		rule, err = report.ApprovalOf(tx)
		return err
	})
	return rule, err
}

// SaveApproval says whether heads approve reports, and who is suggested as the
// head. was is how it was shown: fault.Conflict when somebody changed it
// meanwhile, and what comes back is how it is.
func (s *Service) SaveApproval(ctx context.Context, who actor.Actor, wanted report.ApprovalRule, was string) (now report.ApprovalRule, err error) {
	if err := may(who); err != nil {
		return now, err
	}
	if err := checkApproval(&wanted); err != nil {
		return now, err
	}
	err = who.Municipality.Update(ctx, func(tx *tenants.Tx) (err error) {
		if now, err = report.ApprovalOf(tx); err != nil || now == wanted {
			return err // sent twice: one effect
		}
		if approvalMark(&now) != was {
			return fault.New(fault.Conflict, "settings.error.changed_meanwhile")
		}
		return saveApproval(tx, who, now, wanted)
	})
	return now, err
}

func checkApproval(r *report.ApprovalRule) error {
	var wrong []fault.Field
	for _, f := range []struct{ name, value string }{{"head_name", r.HeadName}, {"head_position", r.HeadPosition}} {
		if utf8.RuneCountInString(f.value) > longestLine {
			wrong = append(wrong, fault.Field{Name: f.name, Key: "web.field.max", Args: map[string]any{"Count": longestLine}})
		}
	}
	if len(wrong) > 0 {
		return fault.InvalidFields(wrong...)
	}
	return nil
}

// approvalRows are the settings as they are kept.
func approvalRows(r *report.ApprovalRule) map[string]string {
	needed := "off"
	if r.Needed {
		needed = "on"
	}
	return map[string]string{report.ApprovalKey: needed, report.HeadNameKey: r.HeadName, report.HeadPositionKey: r.HeadPosition}
}

// approvalMark names a state of the settings: two people at one form.
func approvalMark(r *report.ApprovalRule) string {
	rows := approvalRows(r)
	return rows[report.ApprovalKey] + "|" + rows[report.HeadNameKey] + "|" + rows[report.HeadPositionKey]
}

func saveApproval(tx *tenants.Tx, who actor.Actor, before, after report.ApprovalRule) error {
	was, detail := approvalRows(&before), map[string]string{}
	for key, value := range approvalRows(&after) {
		if value == was[key] {
			continue
		}
		if err := set(tx, key, value); err != nil {
			return err
		}
		detail[key] = was[key] + " → " + value
	}
	return audit.Record(tx, who, audit.Change{Action: "settings.change", Object: who.Municipality.ID, Detail: detail})
}
