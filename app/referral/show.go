package referral

import (
	"context"
	"slices"

	"gsl/app/access"
	"gsl/app/catalogue"
	"gsl/app/kit/actor"
	"gsl/app/kit/audit"
	"gsl/app/kit/calendar"
	"gsl/app/kit/fault"
	"gsl/app/people"
	"gsl/templates/layout"
	"gsl/tenants"
)

// Shown is a referral with what its page says around it.
type Shown struct {
	Referral   Referral
	History    []Entry // oldest first
	File       people.File
	Frame      *layout.FileFrame // nil in a row
	To         Unit              // the destination as it is now; zero for one that is known by name only
	Today      calendar.Date
	Acts       []Verb
	Colleagues []access.Colleague // to assign to; for who may
	Item       *catalogue.Item    // whose form corrects a returned referral; nil: only the note is corrected
	Facts      *catalogue.Facts
	why        string
}

// Show gives a referral and leaves the trail of the view. A row needs no frame.
func (s *Service) Show(ctx context.Context, who actor.Actor, id string, framed bool) (shown Shown, err error) {
	if who.Municipality == nil || !who.Can(access.ReadFile) {
		return shown, fault.New(fault.Forbidden, "fault.forbidden")
	}
	err = who.Municipality.View(ctx, func(tx *tenants.Tx) (err error) { //nolint:contextcheck // the transaction carries it
		if shown.Referral, err = seen(tx, who, id); err != nil {
			return err
		}
		if shown.History, err = HistoryOf(tx, id); err != nil {
			return err
		}
		return s.around(tx, who, &shown, framed)
	})
	if err != nil {
		return shown, err
	}
	shown.Acts = shown.Referral.Acts(who)
	if s.Colleagues != nil && shown.Referral.directs(who) {
		if shown.Colleagues, err = s.colleagues(ctx, who); err != nil {
			return shown, err
		}
	}
	if slices.Contains(shown.Acts, Resend) {
		if shown.Item, shown.Facts, err = s.asks(ctx, who, &shown.Referral); err != nil {
			return shown, err
		}
	}
	return shown, audit.Looked(ctx, who, audit.View{File: shown.File.ID, What: "referral", Why: shown.why})
}

// around reads whom the referral is about and where it goes.
func (s *Service) around(tx *tenants.Tx, who actor.Actor, shown *Shown, framed bool) (err error) {
	shown.Today = calendar.On(tx.Now)
	if shown.File, err = people.Open(tx, shown.Referral.FileID); err != nil {
		return err
	}
	if s.people.Why != nil {
		if shown.why, err = s.people.Why(tx, who, shown.File.ID); err != nil {
			return err
		}
	}
	if shown.Referral.Unit != "" {
		if shown.To, err = UnitByCode(tx, shown.Referral.Unit); err != nil && !fault.Is(err, fault.NotFound) {
			return err
		}
	}
	veil, err := s.people.Veil(tx, who)
	if err != nil {
		return err
	}
	shown.Referral.veil(tx.Context(), veil)
	if framed {
		shown.Frame, err = s.people.Frame(tx, who, shown.File, people.ReferralsSection)
	}
	return err
}

// FileShown is the referrals of a person.
type FileShown struct {
	File   people.File
	Frame  *layout.FileFrame
	List   []Referral // those that the actor may see, newest first
	Hidden int        // those of other units
	Today  calendar.Date
}

// OfPerson gives the referrals of a file that the actor may see, and leaves the
// trail of the view.
func (s *Service) OfPerson(ctx context.Context, who actor.Actor, fileID string) (shown FileShown, err error) {
	shown.File, shown.Frame, err = s.people.Visit(ctx, who, fileID, people.ReferralsSection, "referrals")
	if err != nil {
		return shown, err
	}
	err = who.Municipality.View(ctx, func(tx *tenants.Tx) error { //nolint:contextcheck // the transaction carries it
		shown.Today = calendar.On(tx.Now)
		all, err := OfFile(tx, fileID)
		if err != nil {
			return err
		}
		veil, err := s.people.Veil(tx, who)
		for i := range all {
			if all[i].veil(tx.Context(), veil); all[i].Sees(who) {
				shown.List = append(shown.List, all[i])
			} else {
				shown.Hidden++
			}
		}
		return err
	})
	return shown, err
}

// ShowUnderWay puts the count of referrals under way, as UnderWayOfFile gives it,
// into the left menu of a file.
func ShowUnderWay(frame *layout.FileFrame, n int) {
	if at := slices.IndexFunc(frame.Sections, func(section layout.Section) bool { return section.Key == people.ReferralsSection }); at >= 0 {
		frame.Sections[at].Count = n
	}
}
