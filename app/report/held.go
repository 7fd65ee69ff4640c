package report

import (
	"context"
	"strings"
	"time"

	"gsl/app/kit/held"
	"gsl/app/kit/i18n"
	"gsl/app/people"
	"gsl/tenants"
)

// Held is every social report on the person, drafts too, the newest first. Of the
// household's table it says who is in it: the rest is the others' own.
func Held(tx *tenants.Tx, f people.File) ([]held.Record, error) {
	all, err := OfFile(tx, f.ID)
	if err != nil {
		return nil, err
	}
	list := make([]held.Record, 0, len(all))
	for i := range all {
		c, err := ContentOf(tx, &all[i])
		if err != nil {
			return nil, err
		}
		list = append(list, heldReport(tx.Context(), &all[i], &c))
	}
	return list, nil
}

func heldReport(ctx context.Context, r *Report, c *Content) held.Record {
	h := held.Of(i18n.Tf(ctx, "held.report", map[string]any{"Purpose": r.Purpose}), r.CreatedAt)
	h.Add("folio", r.Folio()).Add("state", held.Coded{Code: string(r.State), Text: i18n.T(ctx, stateTags[r.State].key)}).
		Add("by", or(r.Author.Name, r.CreatedByName)).Add("unit", r.UnitName).Add("due_on", r.DueOn).
		Add("signed_at", r.Signature.At).Add("verification", r.Signature.Code).Add("issued_at", r.Issue.At).Add("reason", r.Annulment.Reason)
	var parts []held.Record
	for _, p := range Parts() {
		one := held.Of(i18n.T(ctx, titleKeys[p]), time.Time{})
		if p == HouseholdPart {
			one.Add("members", membersOf(c))
		} else if section := c.section(p); section == nil || section.Chosen {
			one.Add("text", strings.Join(c.lines(ctx, p), "\n"))
		}
		if len(one.Fields) > 0 {
			parts = append(parts, one)
		}
	}
	h.Add("sections", parts)
	return h
}

func membersOf(c *Content) (list []string) {
	for i := range c.Household.Members {
		m := &c.Household.Members[i]
		list = append(list, strings.Join(filled(m.Name, m.Relationship), ", "))
	}
	return list
}
