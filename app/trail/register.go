package trail

import (
	"context"
	"strings"

	"gsl/app/access"
	"gsl/app/kit/actor"
	"gsl/app/kit/audit"
	"gsl/app/kit/calendar"
	"gsl/app/kit/fault"
	"gsl/app/people"
	"gsl/tenants"
)

// pageRequests is how many requests a page of the register has.
const pageRequests = 50

// Register is a page of what people asked.
type Register struct {
	Closed   bool // those that were answered; else those that wait
	Requests []Request
	After    string // where this page begins, "" at the first
	Next     string // where the following page begins, "" at the end
	Tally    Tally
	Today    calendar.Date
}

// Requests gives a page of the register: those that wait, the most urgent first, or
// those that were answered, the newest first. Each file whose person is named has
// its look in the trail.
func (s *Service) Requests(ctx context.Context, who actor.Actor, closed bool, after string) (g Register, err error) {
	if err = may(who, access.AnswerAccess); err != nil {
		return g, err
	}
	g.Closed, g.After = closed, after
	err = who.Municipality.View(ctx, func(tx *tenants.Tx) (err error) { //nolint:contextcheck // the transaction carries it
		g.Today = calendar.On(tx.Now)
		if g.Tally, err = tallyOf(tx, g.Today); err != nil {
			return err
		}
		if g.Requests, err = pageOf(tx, closed, after); err != nil {
			return err
		}
		veil, err := s.people.Veil(tx, who)
		for i := range g.Requests {
			if r := &g.Requests[i]; veil.Hides(r.FileID) {
				r.PersonName, r.PersonNumber = veil.Name(tx.Context(), r.FileID, r.PersonName), ""
			}
		}
		return err
	})
	if err != nil {
		return g, err
	}
	if len(g.Requests) > pageRequests {
		g.Requests = g.Requests[:pageRequests]
		g.Next = place(&g.Requests[pageRequests-1], closed)
	}
	if err = s.veil(ctx, who, g.Requests); err != nil {
		return g, err
	}
	return g, s.namedIn(ctx, who, g.Requests)
}

// pageOf reads a page of the register, and one more to know whether there is another.
func pageOf(tx *tenants.Tx, closed bool, after string) ([]Request, error) {
	if closed {
		return answeredRequests(tx, after, pageRequests+1)
	}
	due, id, err := placeOf(after)
	if err != nil {
		return nil, err
	}
	return openRequests(tx, due, id, pageRequests+1)
}

// place is where the page after a request begins.
func place(r *Request, closed bool) string {
	if closed {
		return r.ID
	}
	return r.Due.String() + "." + r.ID
}

func placeOf(after string) (due calendar.Date, id string, err error) {
	if after == "" {
		return due, "", nil
	}
	day, id, _ := strings.Cut(after, ".")
	if due, err = calendar.Parse(day); err != nil {
		return due, "", fault.New(fault.NotFound, "fault.not_found")
	}
	return due, id, nil
}

// veil takes the names out of a list whose files are shut for the actor.
func (s *Service) veil(ctx context.Context, who actor.Actor, list []Request) error {
	return who.Municipality.View(ctx, func(tx *tenants.Tx) error { //nolint:contextcheck // the transaction carries it
		for i := range list {
			r := &list[i]
			if r.FileID == "" {
				continue
			}
			shut, err := s.people.Shut(tx, who, r.FileID)
			if err != nil {
				return err
			}
			if shut {
				masked := people.Masked(people.File{ID: r.FileID})
				r.Veiled, r.PersonName, r.PersonNumber = true, people.DisplayName(tx.Context(), masked), ""
			}
		}
		return nil
	})
}

// namedIn leaves the trail of the files whose people a list names.
func (s *Service) namedIn(ctx context.Context, who actor.Actor, list []Request) error {
	seen := map[string]bool{"": true}
	for i := range list {
		r := &list[i]
		if r.Veiled || seen[r.FileID] {
			continue
		}
		seen[r.FileID] = true
		if err := audit.Looked(ctx, who, audit.View{File: r.FileID, What: "requests", Why: r.ID}); err != nil {
			return err
		}
	}
	return nil
}

// Waiting counts the requests that wait for the actor, for the workbench.
func Waiting(tx *tenants.Tx, who actor.Actor) (Tally, error) {
	if !who.Can(access.AnswerAccess) {
		return Tally{}, nil
	}
	return tallyOf(tx, calendar.On(tx.Now))
}

// Blank gives what a form for somebody without a file begins with.
func (s *Service) Blank(ctx context.Context, who actor.Actor) (today calendar.Date, key string, err error) {
	if err = may(who, access.AnswerAccess); err != nil {
		return today, "", err
	}
	err = who.Municipality.View(ctx, func(tx *tenants.Tx) error {
		today, key = calendar.On(tx.Now), tx.NewID()
		return nil
	})
	return today, key, err
}
