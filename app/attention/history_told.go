package attention

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"time"

	"gsl/app/benefit"
	"gsl/app/casework"
	"gsl/app/kit/actor"
	"gsl/app/kit/audit"
	"gsl/app/kit/calendar"
	"gsl/app/plan"
	"gsl/app/referral"
	"gsl/tenants"
)

// Told is a line of a file's history about something of another room; exactly
// one of its things is set.
type Told struct {
	ID       string // unique among its kind
	At       time.Time
	By       string
	Kind     Kind
	Referral *referral.Referral
	Plan     *plan.Plan
	Benefit  *benefit.Grant
	Case     *casework.Entry
	Line     *Line // of any other room
}

// key is the line's place in the order of lines: as text, later is greater.
func (t *Told) key() string {
	return fmt.Sprintf("%014d-%s-%s", t.At.UnixMilli(), t.Kind, t.ID)
}

// told gives what other rooms tell of a file before a place, the newest first. A
// person has tens of such lines, so each room gives all it has.
func (s *Service) told(tx *tenants.Tx, who actor.Actor, past *Past, before string) ([]Told, error) {
	list, err := s.tell(tx, who, past)
	if err != nil {
		return nil, err
	}
	for _, room := range []struct {
		kind Kind
		tell func(*tenants.Tx, actor.Actor, *Past) ([]Told, error)
	}{
		{ReferralKind, tellReferrals}, {PlanKind, tellPlans}, {BenefitKind, tellBenefits}, {CaseKind, tellCases},
	} {
		if !past.shows(room.kind) {
			continue
		}
		lines, err := room.tell(tx, who, past)
		if err != nil {
			return nil, err
		}
		list = append(list, lines...)
	}
	list = slices.DeleteFunc(list, func(t Told) bool { return before != "" && t.key() >= before })
	slices.SortFunc(list, func(a, b Told) int { return -cmp.Compare(a.key(), b.key()) })
	return list[:min(len(list), pageSize+1)], nil
}

// tellReferrals tells those that the actor may know of.
func tellReferrals(tx *tenants.Tx, who actor.Actor, past *Past) ([]Told, error) {
	all, err := referral.OfFile(tx, past.File.ID)
	var list []Told
	for i := range all {
		if r := &all[i]; r.Sees(who) {
			list = append(list, Told{ID: r.ID, At: r.CreatedAt, By: r.CreatedByName, Kind: ReferralKind, Referral: r})
		}
	}
	return list, err
}

// conceal blanks the changes that the actor may not know of: of others'
// referrals, and of rooms that are closed to the actor. That something changed,
// and by whom, stays in its place.
func (s *Service) conceal(tx *tenants.Tx, who actor.Actor, changes []audit.Entry) error {
	known := map[string]bool{}
	for i := range changes {
		c := &changes[i]
		hidden, err := s.hides(tx, who, c)
		if err != nil {
			return err
		}
		if hidden {
			c.Action, c.Detail = "", nil
			continue
		}
		id := referralOf(c)
		if id == "" {
			continue
		}
		if _, asked := known[id]; !asked {
			r, err := referral.ByID(tx, id)
			if err != nil {
				return err
			}
			known[id] = r.Sees(who)
		}
		if !known[id] {
			c.Action, c.Detail = "", nil
		}
	}
	return nil
}

// referralOf is the referral that a change was made to, or for which a paper was
// handed in; "" for none.
func referralOf(c *audit.Entry) string {
	switch {
	case strings.HasPrefix(c.Action, "referral."):
		return c.Object
	case strings.HasPrefix(c.Action, "document.") && c.Detail["owner"] == referral.DocumentsOwner:
		return c.Detail["of"]
	}
	return ""
}

func tellPlans(tx *tenants.Tx, _ actor.Actor, past *Past) ([]Told, error) {
	all, err := plan.OfFile(tx, past.File.ID)
	list := make([]Told, 0, len(all))
	for i := range all {
		list = append(list, Told{ID: all[i].ID, At: all[i].CreatedAt, By: all[i].CreatedByName, Kind: PlanKind, Plan: &all[i]})
	}
	return list, err
}

// tellBenefits tells what the municipality granted. A grant has a day and no
// hour: it stands at the end of its day.
func tellBenefits(tx *tenants.Tx, _ actor.Actor, past *Past) ([]Told, error) {
	all, err := benefit.Received(tx, []string{past.File.Holder()})
	list := make([]Told, 0, len(all))
	for i := range all {
		list = append(list, Told{ID: all[i].ID, At: EndOf(all[i].On), By: all[i].Provider, Kind: BenefitKind, Benefit: &all[i]})
	}
	return list, err
}

// EndOf is the last second of a day, where what has a day and no hour stands.
func EndOf(d calendar.Date) time.Time {
	return time.Date(d.Year(), time.Month(d.Month()), d.Day(), 23, 59, 59, 0, calendar.Santiago)
}

func tellCases(tx *tenants.Tx, _ actor.Actor, past *Past) ([]Told, error) {
	all, err := casework.History(tx, past.File.ID)
	list := make([]Told, 0, len(all))
	for i := range all {
		// Oldest last: of one instant the later change has the greater id.
		list = append(list, Told{ID: fmt.Sprintf("%06d", len(all)-i), At: all[i].At, By: strings.TrimSpace(all[i].By), Kind: CaseKind, Case: &all[i]})
	}
	return list, err
}
