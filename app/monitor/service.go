package monitor

import (
	"context"
	"slices"
	"strings"
	"time"

	"gsl/app/access"
	"gsl/app/kit/actor"
	"gsl/app/kit/calendar"
	"gsl/app/kit/fault"
	"gsl/app/referral"
	"gsl/tenants"
)

// Service counts.
type Service struct{}

// NewService makes the service.
func NewService() *Service { return &Service{} }

// Figures counts for a scope: Whole, the code of a desk, or "" for the actor's
// own unit and, without one, the municipality. fault.NotFound: no such desk.
func (s *Service) Figures(ctx context.Context, who actor.Actor, scope string) (Figures, error) {
	if who.Municipality == nil || !who.Can(access.ReadMonitor) {
		return Figures{}, fault.New(fault.Forbidden, "fault.forbidden")
	}
	var f Figures
	err := who.Municipality.View(ctx, func(tx *tenants.Tx) (err error) {
		f, err = figures(tx, who, scope)
		return err
	})
	return f, err
}

func figures(tx *tenants.Tx, who actor.Actor, scope string) (Figures, error) {
	c := counter{span: spanOf(calendar.On(tx.Now)), flows: map[string]*Flow{}, answered: map[string]*tally{}}
	c.Today = c.today
	if err := c.choose(tx, who, scope); err != nil {
		return c.Figures, err
	}
	for _, first := range c.first {
		c.Months = append(c.Months, Month{First: first})
	}
	for _, block := range []func(*tenants.Tx) error{c.attentions, c.made, c.replies, c.late} {
		if err := block(tx); err != nil {
			return c.Figures, err
		}
	}
	c.list()
	return c.Figures, nil
}

// counter is the figures while they are being counted.
type counter struct {
	Figures
	span
	names    map[string]string // of units
	flows    map[string]*Flow
	answered map[string]*tally // by destination
}

// choose settles what is counted, and what else may be.
func (c *counter) choose(tx *tenants.Tx, who actor.Actor, scope string) error {
	units, err := referral.Units(tx)
	if err != nil {
		return err
	}
	c.names = map[string]string{}
	desks := []Line{{Code: Whole}, {Code: access.FrontDesk}}
	for _, u := range units {
		c.names[u.Code] = u.Name
		if u.Kind == referral.Integrated {
			desks = append(desks, Line{Code: u.Code, Name: u.Name})
		}
	}
	own := slices.IndexFunc(desks, func(l Line) bool { return l.Code == who.UnitID })
	if own > 0 {
		mine := desks[own]
		desks = slices.Insert(slices.Delete(desks, own, own+1), 0, mine)
	}
	c.Scopes = desks
	c.Scope = scope
	if scope == "" {
		c.Scope = desks[0].Code
	}
	if !slices.ContainsFunc(desks, func(l Line) bool { return l.Code == c.Scope }) {
		return fault.New(fault.NotFound, "fault.not_found")
	}
	return nil
}

// counts reports whether a desk is in the scope.
func (c *counter) counts(desk string) bool { return c.Scope == Whole || c.Scope == desk }

func (c *counter) attentions(tx *tenants.Tx) error {
	topics, err := topicNames(tx)
	if err != nil {
		return err
	}
	byDesk, byTopic, byLevel, byChannel := lines{}, lines{}, lines{}, lines{}
	err = eachAttended(tx, &c.span, func(a *attended) {
		if !c.counts(a.desk) {
			return
		}
		c.Attention.add(a.month, a.n)
		c.Months[a.month].Attentions += a.n
		byDesk.add(a.desk, a.month, a.n)
		byTopic.add(a.topic, a.month, a.n)
		byLevel.add(a.level, a.month, a.n)
		byChannel.add(a.channel, a.month, a.n)
	})
	c.ByDesk, c.ByTopic, c.ByLevel, c.ByChannel = byDesk.sorted(), byTopic.sorted(), byLevel.sorted(), byChannel.sorted()
	for i := range c.ByTopic {
		c.ByTopic[i].Name = topics[c.ByTopic[i].Code]
	}
	for i := range c.ByDesk {
		c.ByDesk[i].Name = c.names[c.ByDesk[i].Code]
	}
	return err
}

// flow is the line of a destination; one that is no unit goes by its name.
func (c *counter) flow(unit, name string) *Flow {
	key := unit
	if unit == "" {
		key = "=" + name
	}
	if c.flows[key] == nil {
		if known := c.names[unit]; known != "" {
			name = known
		}
		c.flows[key], c.answered[key] = &Flow{Code: key, Name: name}, &tally{}
	}
	return c.flows[key]
}

func (c *counter) made(tx *tenants.Tx) error {
	return eachSent(tx, &c.span, func(r *sent) {
		if c.counts(r.unit) {
			c.Received.add(r.month, r.n)
		}
		if c.counts(r.origin) {
			c.Made.add(r.month, r.n)
			c.Months[r.month].Made += r.n
			c.flow(r.unit, r.name).Made.add(r.month, r.n)
		}
	})
}

// replies counts the answers: those of the unit, and by destination those to
// what the desk sent.
func (c *counter) replies(tx *tenants.Tx) error {
	outcomes, all := lines{}, [3]tally{}
	measure := rulerOf(&c.span)
	err := eachReply(tx, &c.span, func(r *reply) error {
		ours, sent := c.counts(r.unit), c.counts(r.origin)
		if !ours && !sent {
			return nil
		}
		days, err := measure.days(r)
		if err != nil {
			return err
		}
		if sent {
			c.answered[c.flow(r.unit, r.name).Code].add(days, r.promise)
		}
		if !ours {
			return nil
		}
		month := c.monthOf(r.at)
		c.Months[month].Answered++
		outcomes.add(r.outcome, month, 1)
		all[2].add(days, r.promise)
		if back := months - 1 - month; back < 2 {
			all[back].add(days, r.promise)
		}
		return nil
	})
	c.This, c.Last, c.Year = all[0].replies(), all[1].replies(), all[2].replies()
	c.Outcomes = outcomes.sorted()
	return err
}

// days are the working days that an answer took, without those in which the
// clock stood still.
func (m *ruler) days(r *reply) (int, error) {
	from, err := time.Parse(time.RFC3339, r.made)
	if err != nil {
		return 0, err
	}
	to, err := time.Parse(time.RFC3339, r.at)
	return max(0, m.between(calendar.On(from), calendar.On(to))-r.paused), err
}

func (c *counter) late(tx *tenants.Tx) error {
	return eachOverdue(tx, c.today, func(r *sent) {
		if c.counts(r.unit) {
			c.Overdue += r.n
		}
		if c.counts(r.origin) {
			c.flow(r.unit, r.name).Overdue += r.n
		}
	})
}

// list puts the destinations in order: most sent first.
func (c *counter) list() {
	for key, f := range c.flows {
		f.Year = c.answered[key].replies()
		c.Flows = append(c.Flows, *f)
	}
	slices.SortFunc(c.Flows, func(a, b Flow) int {
		if a.Made.Year != b.Made.Year {
			return b.Made.Year - a.Made.Year
		}
		return strings.Compare(a.Name, b.Name)
	})
}
