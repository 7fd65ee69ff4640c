package referral

import (
	"context"
	"errors"
	"slices"
	"sync"
	"time"

	"gsl/app/access"
	"gsl/app/catalogue"
	"gsl/app/kit/actor"
	"gsl/app/kit/calendar"
	"gsl/app/kit/fault"
	"gsl/tenants"
)

// How many rows one page of the inbox shows.
const inboxRows = 50

// Inbox is one page of the inbox.
type Inbox struct {
	Query      Query // the box is the one that is shown
	Boxes      []Box // that the actor has
	Counts     Counts
	Rows       []Row
	Next       string // where the next page begins, "" at the end
	Today      calendar.Date
	Unit       Unit               // of the actor; zero for who has no inbox
	Colleagues []access.Colleague // of the unit, for the filter and for assigning
	Items      []*catalogue.Item  // that can be in the box
	Beat       uint64             // of the pulse when this was read
}

// Inbox gives one page of what came to the actor's unit, or of what the desk
// sent. It shows names only; opening a row leaves the trail.
func (s *Service) Inbox(ctx context.Context, who actor.Actor, q Query) (in Inbox, err error) {
	if who.Municipality == nil || !who.Can(access.Refer) {
		return in, fault.New(fault.Forbidden, "fault.forbidden")
	}
	in.Beat = s.pulse.of(who.Municipality.ID, Desk(who)) // before reading: what comes meanwhile is shown again
	var names []Alias
	err = who.Municipality.View(ctx, func(tx *tenants.Tx) error { //nolint:contextcheck // the transaction carries it
		names, err = s.readInbox(tx, &in, who, q)
		return err
	})
	if err != nil {
		return in, err
	}
	if in.Items, err = s.itemsOf(ctx, who, names); err != nil || !hasInbox(who) || s.Colleagues == nil {
		return in, err
	}
	in.Colleagues, err = s.colleagues(ctx, who)
	return in, err
}

func (s *Service) readInbox(tx *tenants.Tx, in *Inbox, who actor.Actor, q Query) (names []Alias, err error) {
	in.Today, in.Boxes = calendar.On(tx.Now), boxesOf(who)
	if in.Counts, err = s.countsFor(tx, who, in.Today); err != nil {
		return nil, err
	}
	q.Box = in.Counts.choose(q.Box, in.Boxes)
	in.Query = q
	place := Desk(who)
	if hasInbox(who) {
		if in.Unit, err = UnitByCode(tx, who.UnitID); err != nil && !fault.Is(err, fault.NotFound) {
			return nil, err
		}
	}
	assigned, err := q.handlers(tx, who, in.Today)
	if err != nil {
		return nil, err
	}
	if in.Rows, err = rowsOf(tx, place, q, assigned, in.Today, inboxRows+1); err != nil {
		return nil, err
	}
	if err = s.veilRows(tx, who, in.Rows); err != nil {
		return nil, err
	}
	if len(in.Rows) > inboxRows {
		in.Rows = in.Rows[:inboxRows]
		in.Next = in.Rows[inboxRows-1].cursor(q.Box)
	}
	if q.Box.Out() {
		return aliases(tx, "")
	}
	return aliases(tx, place)
}

// handlers is the filter of who handles it as ids; mine are also those of
// colleagues whom the actor replaces today.
func (q Query) handlers(tx *tenants.Tx, who actor.Actor, today calendar.Date) ([]string, error) {
	switch q.Assigned {
	case anybody:
		return nil, nil
	case nobody:
		return []string{""}, nil
	case mine:
		replaced, err := Replaced(tx, who.UserID, today)
		return append(replaced, who.UserID), err
	}
	return []string{q.Assigned}, nil
}

// itemsOf are the items of the catalogue that go to the units of the names.
func (s *Service) itemsOf(ctx context.Context, who actor.Actor, names []Alias) ([]*catalogue.Item, error) {
	known := make(map[string]bool, len(names))
	for _, a := range names {
		known[folds.of(a.Name)] = true
	}
	all, err := s.catalogue.Items(ctx, who)
	if err != nil {
		return nil, err
	}
	var list []*catalogue.Item
	for _, it := range all {
		if referable(it) && known[folds.of(it.Provider)] {
			list = append(list, it)
		}
	}
	return list, nil
}

// folds are names already folded: the inbox compares the same few dozen on each
// page. What comes when it is full is folded again.
var folds foldMemory

type foldMemory struct {
	mu    sync.RWMutex
	known map[string]string
}

const mostFolds = 1000

func (m *foldMemory) of(name string) string {
	m.mu.RLock()
	folded, ok := m.known[name]
	m.mu.RUnlock()
	if ok {
		return folded
	}
	folded = aliasOf(name)
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.known == nil {
		m.known = map[string]string{}
	}
	if len(m.known) < mostFolds {
		m.known[name] = folded
	}
	return folded
}

// referable reports whether an item is done by referring it.
func referable(it *catalogue.Item) bool {
	return it.Category == catalogue.RSHChange || it.Category == catalogue.Referral
}

// colleagues are those of the actor's unit who handle referrals, each once.
func (s *Service) colleagues(ctx context.Context, who actor.Actor) ([]access.Colleague, error) {
	all, err := s.Colleagues(ctx, who, who.UnitID)
	if err != nil {
		return nil, err
	}
	var list []access.Colleague
	for _, c := range all {
		again := slices.ContainsFunc(list, func(have access.Colleague) bool { return have.UserID == c.UserID })
		if c.Can(access.HandleReferral) && !again {
			list = append(list, c)
		}
	}
	return list, noteAway(ctx, who, list)
}

// countsFor counts what waits for the actor's unit and desk.
func (s *Service) countsFor(tx *tenants.Tx, who actor.Actor, today calendar.Date) (Counts, error) {
	desk := Desk(who)
	c, err := s.pulse.counts(tx.Owner(), desk, today, func() (Counts, error) { return countBoxes(tx, who.UnitID, desk, today) })
	if !hasInbox(who) {
		c = Counts{Sent: c.Sent, Replies: c.Replies, Returned: c.Returned}
	}
	return c, err
}

// Counts counts what waits for the actor, for the workbench. It is asked in a
// read transaction.
func (s *Service) Counts(tx *tenants.Tx, who actor.Actor) (Counts, error) {
	today := calendar.On(tx.Now)
	c, err := s.countsFor(tx, who, today)
	if err != nil {
		return c, err
	}
	answered, err := s.AnsweredFor(tx, who, today, 100)
	c.AnsweredToday = len(answered)
	return c, err
}

// AnsweredFor lists what was answered on a day, or since, of what the actor
// follows: who does casework, what that person sent; a desk, what it sent. It
// holds no names: who shows them leaves the trail.
func (s *Service) AnsweredFor(tx *tenants.Tx, who actor.Actor, day calendar.Date, limit int) ([]Referral, error) {
	if !who.Can(access.Refer) {
		return nil, nil
	}
	since := stamp(beginning(day))
	if who.Can(access.ManagePlan) {
		return answersOf(tx, who.UserID, since, limit)
	}
	return answersTo(tx, Desk(who), since, limit)
}

// beginning is the first instant of a day in Santiago.
func beginning(day calendar.Date) time.Time {
	return time.Date(day.Year(), time.Month(day.Month()), day.Day(), 0, 0, 0, 0, calendar.Santiago)
}

// Done is what became of one referral of several.
type Done struct {
	ID    string
	Folio string // "" when the actor may not know of it
	Err   error  // nil: it was done
}

// maxBulk is how many referrals one request may name: a page of them.
const maxBulk = inboxRows

// Receive receives several referrals at once, each by itself: what cannot be
// received does not keep back the others.
func (s *Service) Receive(ctx context.Context, who actor.Actor, ids []string) ([]Done, error) {
	return s.each(ctx, who, ids, access.HandleReferral, Move{Verb: Receive})
}

// Assign gives several referrals to a colleague of the unit at once.
func (s *Service) Assign(ctx context.Context, who actor.Actor, ids []string, colleague string) ([]Done, error) {
	m, err := s.assignment(ctx, who, colleague)
	if err != nil {
		return nil, err
	}
	return s.each(ctx, who, ids, access.AssignCase, m)
}

// assignment names a colleague of the actor's unit who handles referrals.
func (s *Service) assignment(ctx context.Context, who actor.Actor, colleague string) (Move, error) {
	if who.Municipality == nil || !who.Can(access.AssignCase) {
		return Move{}, fault.New(fault.Forbidden, "fault.forbidden")
	}
	if s.Colleagues == nil {
		return Move{}, errors.New("referral: nobody knows who works here")
	}
	list, err := s.colleagues(ctx, who)
	if err != nil {
		return Move{}, err
	}
	at := slices.IndexFunc(list, func(c access.Colleague) bool { return c.UserID == colleague })
	if at < 0 {
		return Move{}, fault.InvalidField("assigned", "referral.error.assigned")
	}
	return Move{Verb: Assign, Assigned: list[at].UserID, AssignedName: list[at].Name}, nil
}

func (s *Service) each(ctx context.Context, who actor.Actor, ids []string, needs actor.Permission, m Move) ([]Done, error) {
	switch {
	case who.Municipality == nil || !who.Can(needs):
		return nil, fault.New(fault.Forbidden, "fault.forbidden")
	case len(ids) == 0:
		return nil, fault.InvalidField("ids", "referral.error.none_chosen")
	case len(ids) > maxBulk:
		return nil, fault.InvalidFields(fault.Field{Name: "ids", Key: "referral.error.too_many", Args: map[string]any{"Count": maxBulk}})
	}
	if len(slices.Compact(slices.Sorted(slices.Values(ids)))) < len(ids) {
		return nil, fault.InvalidField("ids", "web.field.repeated")
	}
	list := make([]Done, 0, len(ids))
	for _, id := range ids {
		var r Referral
		var err error
		if m.Verb == Receive {
			err = s.unshut(ctx, who, id)
		}
		if err == nil {
			r, err = s.Move(ctx, who, id, m)
		}
		done := Done{ID: id, Err: err}
		if r.ID != "" {
			done.Folio = r.Folio()
		}
		switch fault.KindOf(err) {
		case fault.Internal, fault.Unavailable:
			if err != nil {
				return list, err
			}
		}
		list = append(list, done)
	}
	return list, nil
}
