package casework

import (
	"context"

	"gsl/app/kit/calendar"
	"gsl/app/kit/i18n"
	views "gsl/templates/casework"
	"gsl/templates/ui"
)

// endingKeys are the reasons for which a case ends, as people read them.
var endingKeys = map[Ending]string{
	ObjectivesMet: "casework.ending.objectives_met", MovedAway: "casework.ending.moved_away", Declined: "casework.ending.declined",
	Died: "casework.ending.died", Transferred: "casework.ending.transferred",
}

// EndingText is why a case was closed, in words; "" for no reason.
func EndingText(ctx context.Context, e Ending) string {
	if key, ok := endingKeys[e]; ok {
		return i18n.T(ctx, key)
	}
	return string(e)
}

// presentEnds puts into words how earlier cases ended, and what may be done.
func presentEnds(ctx context.Context, s *Shown, file string, v *views.Case) {
	base := "/files/" + file
	if s.Closes {
		v.Close = base + "/case/close"
	}
	if s.ReadsLog {
		v.Notes = base + "/notes"
	}
	if s.Opens {
		v.Open = &views.OpenCase{Action: base + "/case/open", Again: len(s.Past) > 0}
		if len(s.Staff) > 0 {
			v.Open.Staff = staffOptions(ctx, s.Staff, s.Absent)
			v.Open.Staff[0].Text = i18n.T(ctx, "casework.open.me")
		}
	}
	for i := range s.Past {
		p := &s.Past[i]
		v.Past = append(v.Past, views.PastCase{From: i18n.Date(ctx, calendar.On(p.OpenedAt)), To: i18n.Date(ctx, calendar.On(p.ClosedAt)),
			Worker: p.WorkerName, Reason: EndingText(ctx, p.Reason), Summary: p.Summary, By: p.ClosedBy})
	}
}

// presentClose puts the form that closes a case into words.
func presentClose(ctx context.Context, s *Shown, file string, form *CloseForm) *views.CloseCase {
	v := &views.CloseCase{Action: "/files/" + file + "/case/close", Back: "/files/" + file + "/case", Case: s.Case.ID, Summary: form.Summary, Anyway: form.Anyway}
	for _, e := range Endings {
		v.Reasons = append(v.Reasons, ui.Option{Value: string(e), Text: EndingText(ctx, e), Selected: string(e) == form.Reason})
	}
	for _, u := range s.Undone {
		work := views.UndoneWork{Href: u.Href, Name: u.Name}
		if u.Pending > 0 {
			work.Pending = i18n.Tf(ctx, "casework.pending", map[string]any{"Count": u.Pending})
		}
		v.Undone = append(v.Undone, work)
	}
	return v
}
