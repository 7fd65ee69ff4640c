package attention

import (
	"context"
	"strings"
	"time"

	"gsl/app/access"
	"gsl/app/catalogue"
	"gsl/app/kit/actor"
	"gsl/app/kit/audit"
	"gsl/app/kit/calendar"
	"gsl/app/kit/fault"
	"gsl/app/people"
	"gsl/tenants"
)

// Waiting gives the waiting list of the actor's desk. fault.NotFound: the
// municipality keeps none.
func (s *Service) Waiting(ctx context.Context, who actor.Actor) (Queue, error) {
	if err := may(who, access.Attend); err != nil {
		return Queue{}, err
	}
	var q Queue
	err := who.Municipality.View(ctx, func(tx *tenants.Tx) (err error) {
		if q, err = s.queue(tx, who); err == nil && !q.On {
			err = fault.New(fault.NotFound, "fault.not_found")
		}
		return err
	})
	return q, err
}

// queue reads the list of the actor's desk; off, nothing is read.
func (s *Service) queue(tx *tenants.Tx, who actor.Actor) (Queue, error) {
	q := Queue{Desk: desk(who), Now: tx.Now, Average: -1, Beat: s.beats.of(who.Municipality.ID, desk(who))}
	var err error
	if q.On, err = isWaiting(tx); err != nil || !q.On || !attends(who) {
		return q, err
	}
	today := calendar.On(tx.Now)
	list, err := ticketsOf(tx, q.Desk, today)
	if err != nil {
		return q, err
	}
	if err = s.veil(tx, who, list); err != nil {
		return q, err
	}
	q.arrange(list, who.UserID)
	q.Served, q.Average, err = served(tx, q.Desk, today)
	return q, err
}

// veil takes the names of those off the list whose file is shut for the actor.
func (s *Service) veil(tx *tenants.Tx, who actor.Actor, list []Ticket) error {
	veil, err := s.people.Veil(tx, who)
	for i := range list {
		if t := &list[i]; t.FileID != "" && veil.Hides(t.FileID) {
			t.Name, t.Document, t.Veiled = "", "", true
		}
	}
	return err
}

// Enqueue puts somebody on the waiting list of a desk: a person with a file or
// a name to call out. Somebody who waits there already keeps the place. Without
// a chosen priority the one that age and screening show is taken.
func (s *Service) Enqueue(ctx context.Context, who actor.Actor, a Arrival) (Ticket, error) {
	if err := may(who, access.Attend); err != nil {
		return Ticket{}, err
	}
	a.Name = strings.Join(strings.Fields(a.Name), " ")
	if a.Desk == "" {
		a.Desk = desk(who)
	}
	if err := a.check(); err != nil {
		return Ticket{}, err
	}
	facts, err := s.factsOf(ctx, who, a)
	if err != nil {
		return Ticket{}, err
	}
	var t Ticket
	err = who.Municipality.Update(ctx, func(tx *tenants.Tx) (err error) {
		t, err = s.enqueue(tx, who, a, facts)
		return err
	})
	return t, err
}

// factsOf asks what is known of the person's household when the priority is not
// chosen yet, and leaves the view in the trail.
func (s *Service) factsOf(ctx context.Context, who actor.Actor, a Arrival) (*catalogue.Facts, error) {
	if a.FileID == "" {
		return nil, nil //nolint:nilnil // of somebody without a file nothing is known
	}
	if _, err := s.people.File(ctx, who, a.FileID); err != nil {
		return nil, err
	}
	if err := audit.Looked(ctx, who, audit.View{File: a.FileID, What: "waiting"}); err != nil {
		return nil, err
	}
	if s.Facts == nil || a.Priority != NoPriority {
		return nil, nil //nolint:nilnil // nobody needs them
	}
	return s.Facts(ctx, who, a.FileID)
}

// secondClick is how soon after the first the same name from the same worker is
// a second click, and not another person.
const secondClick = 5 * time.Second

func (s *Service) enqueue(tx *tenants.Tx, who actor.Actor, a Arrival, facts *catalogue.Facts) (Ticket, error) {
	if err := s.mustWait(tx, a.Desk); err != nil {
		return Ticket{}, err
	}
	if a.FileID != "" {
		f, err := people.Open(tx, a.FileID)
		if err != nil {
			return Ticket{}, err
		}
		id, err := waitingTicket(tx, a.Desk, a.FileID, calendar.On(tx.Now))
		if err != nil {
			return Ticket{}, err
		}
		if id != "" {
			return ticketByID(tx, id) // pressed twice
		}
		if a.Name = ""; a.Priority == NoPriority {
			a.Priority = priorityOf(f, facts, calendar.On(tx.Now))
		}
	}
	if a.FileID == "" {
		if id, err := justAdded(tx, who, a, tx.Now.Add(-secondClick)); err != nil || id != "" {
			if err != nil {
				return Ticket{}, err
			}
			return ticketByID(tx, id) // pressed twice
		}
	}
	id, err := insertTicket(tx, who, a)
	if err != nil {
		return Ticket{}, err
	}
	s.beats.bumpAfter(tx, a.Desk)
	if err := audit.Record(tx, who, audit.Change{Action: "attention.ticket_add", Object: id, File: a.FileID}); err != nil {
		return Ticket{}, err
	}
	return ticketByID(tx, id)
}

// mustWait answers fault.NotFound where no lists are kept, and fault.Invalid for
// a desk that is none.
func (s *Service) mustWait(tx *tenants.Tx, desk string) error {
	on, err := isWaiting(tx)
	if err != nil {
		return err
	}
	if !on {
		return fault.New(fault.NotFound, "fault.not_found")
	}
	desks, err := s.desks(tx)
	if err != nil {
		return err
	}
	for _, d := range desks {
		if d.Code == desk {
			return nil
		}
	}
	return fault.InvalidField("desk", "attention.error.desk")
}

// CallNext calls who is next at the actor's desk: those with priority first,
// among equals who came first. Whoever has called somebody already gets that
// ticket: it has to be attended or put away first. fault.Conflict: nobody waits.
func (s *Service) CallNext(ctx context.Context, who actor.Actor) (Ticket, error) {
	if err := may(who, access.Attend); err != nil {
		return Ticket{}, err
	}
	var t Ticket
	err := who.Municipality.Update(ctx, func(tx *tenants.Tx) error {
		if err := s.mustWait(tx, desk(who)); err != nil {
			return err
		}
		today := calendar.On(tx.Now)
		id, err := calledBy(tx, desk(who), who.UserID, today)
		if err == nil && id == "" {
			if id, err = callNext(tx, who, desk(who), today); err == nil && id != "" {
				s.beats.bumpAfter(tx, desk(who))
				err = audit.Record(tx, who, audit.Change{Action: "attention.ticket_call", Object: id})
			}
		}
		if err != nil {
			return err
		}
		if id == "" {
			return fault.New(fault.Conflict, "attention.error.nobody_waits")
		}
		t, err = ticketByID(tx, id)
		return err
	})
	return t, err
}

// MoveTicket attends whom the actor called, says that they are not there, puts
// somebody back on the list or takes them off. To attend a person with a file
// opens the attention. fault.NotFound: another desk's ticket, or another day's.
func (s *Service) MoveTicket(ctx context.Context, who actor.Actor, id string, verb TicketVerb) (Ticket, error) {
	return s.ticket(ctx, who, id, func(tx *tenants.Tx, t *Ticket) error {
		after, done, err := t.step(verb, who.UserID)
		if err != nil || !done {
			return err
		}
		if after.State == Waits && after.FileID != "" {
			other, err := waitingTicket(tx, t.Desk, t.FileID, t.Day)
			if err != nil {
				return err
			}
			if other != "" && other != t.ID {
				return fault.New(fault.Conflict, "attention.error.waits_already")
			}
		}
		*t = after
		if err := moveTicket(tx, t); err != nil {
			return err
		}
		if verb == Attend && t.FileID != "" {
			if _, err := s.Open(tx, who, t.FileID); err != nil {
				return err
			}
		}
		s.beats.bumpAfter(tx, t.Desk)
		return audit.Record(tx, who, audit.Change{Action: "attention.ticket_" + string(verb), Object: t.ID, File: t.FileID})
	})
}

// Prioritise says why somebody is called earlier, or that nothing says so.
func (s *Service) Prioritise(ctx context.Context, who actor.Actor, id string, p Priority) (Ticket, error) {
	if err := (Arrival{FileID: id, Priority: p}).check(); err != nil {
		return Ticket{}, err
	}
	return s.ticket(ctx, who, id, func(tx *tenants.Tx, t *Ticket) error {
		was := t.Priority
		t.Priority = p
		isNew, err := prioritise(tx, t.ID, p)
		if err != nil || !isNew {
			return err
		}
		s.beats.bumpAfter(tx, t.Desk)
		return audit.Record(tx, who, audit.Change{Action: "attention.ticket_priority", Object: t.ID, File: t.FileID, Detail: map[string]string{"from": string(was), "to": string(p)}})
	})
}

// ticket runs a change of a ticket of the actor's desk and of today.
func (s *Service) ticket(ctx context.Context, who actor.Actor, id string, verb func(*tenants.Tx, *Ticket) error) (Ticket, error) {
	if err := may(who, access.Attend); err != nil {
		return Ticket{}, err
	}
	var t Ticket
	err := who.Municipality.Update(ctx, func(tx *tenants.Tx) (err error) {
		if t, err = ticketByID(tx, id); err != nil {
			return err
		}
		if t.Desk != desk(who) || t.Day != calendar.On(tx.Now) {
			return fault.New(fault.NotFound, "fault.not_found")
		}
		return verb(tx, &t)
	})
	return t, err
}

// TicketExists answers fault.NotFound for an id that this municipality does not have.
func (s *Service) TicketExists(ctx context.Context, who actor.Actor, id string) error {
	return who.Municipality.View(ctx, func(tx *tenants.Tx) error {
		_, err := ticketByID(tx, id)
		return err
	})
}

// Desk is where people can wait.
type Desk struct{ Code, Name string }

// DeskList lists the desks where people can wait.
func (s *Service) DeskList(ctx context.Context, who actor.Actor) ([]Desk, error) {
	if err := may(who, access.ReadFile); err != nil {
		return nil, err
	}
	var list []Desk
	err := who.Municipality.View(ctx, func(tx *tenants.Tx) (err error) {
		list, err = s.desks(tx)
		return err
	})
	return list, err
}

// desks lists the desks of the municipality: those of its units that work here,
// and the general one, which has no name of its own.
func (s *Service) desks(tx *tenants.Tx) ([]Desk, error) {
	list := []Desk{{Code: access.FrontDesk}}
	if s.Desks == nil {
		return list, nil
	}
	more, err := s.Desks(tx)
	return append(list, more...), err
}
