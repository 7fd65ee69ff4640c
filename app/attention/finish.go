package attention

import (
	"context"
	"time"

	"gsl/app/access"
	"gsl/app/kit/actor"
	"gsl/app/kit/audit"
	"gsl/app/kit/calendar"
	"gsl/app/kit/fault"
	"gsl/tenants"
)

// Edit gives what is to be written of an attention from what is.
type Edit func(was Closing) Closing

// Exists answers fault.NotFound for an id that this municipality does not have.
func (s *Service) Exists(ctx context.Context, who actor.Actor, id string) error {
	return who.Municipality.View(ctx, func(tx *tenants.Tx) error {
		_, err := byID(tx, id)
		return err
	})
}

// Finish ends an attention of the actor's desk at its level: the one that was
// chosen or, without, the one that its changes show. Finished again with the
// same words it stays as it is; with others it is a fault.Conflict, and what was
// kept first stands; so it is when another page wrote since. fault.Forbidden: another desk's. fault.Invalid names fields.
func (s *Service) Finish(ctx context.Context, who actor.Actor, id string, edit Edit) (Attention, error) {
	return s.change(ctx, who, id, func(tx *tenants.Tx, a *Attention) error {
		written, err := checked(tx, a, edit)
		if err != nil {
			return err
		}
		if a.State == Finished {
			return sameAs(written, a)
		}
		if err := written.overwrites(a); err != nil {
			return err
		}
		if a.Outcome = written.Outcome; a.Outcome == "" {
			deeds, err := deedsOf(tx, a)
			if err != nil {
				return err
			}
			a.Outcome = level(deeds)
		}
		written.onto(a)
		return finish(tx, who, a)
	})
}

// sameAs is nil for an attention that was finished with these very words.
func sameAs(written Closing, a *Attention) error {
	if written.Outcome == "" {
		written.Outcome = a.Outcome
	}
	written.From = Page{}
	if written == closingOf(a) {
		return nil
	}
	return fault.New(fault.Conflict, "attention.error.finished")
}

// finish gives the attention its number, unless it has one, and ends it.
func finish(tx *tenants.Tx, who actor.Actor, a *Attention) (err error) {
	if a.Number == 0 {
		a.Year = a.Day.Year()
		if a.Number, err = nextNumber(tx, a.Year); err != nil {
			return err
		}
	}
	a.State, a.FinishedAt, a.FinishedBy = Finished, tx.Now, who.Name
	if err := write(tx, a); err != nil {
		return err
	}
	return audit.Record(tx, who, audit.Change{Action: "attention.finish", Object: a.ID, File: a.FileID,
		Detail: map[string]string{"outcome": string(a.Outcome), "channel": string(a.Channel), "topic": a.TopicCode, "folio": a.Folio()}})
}

// Save keeps what is written of an open attention, which goes on.
func (s *Service) Save(ctx context.Context, who actor.Actor, id string, edit Edit) (Attention, error) {
	return s.change(ctx, who, id, func(tx *tenants.Tx, a *Attention) error {
		written, err := checked(tx, a, edit)
		if err != nil {
			return err
		}
		if a.State == Finished {
			return fault.New(fault.Conflict, "attention.error.finished")
		}
		if err := written.overwrites(a); err != nil {
			return err
		}
		if written.mark() == closingOf(a).mark() {
			return nil
		}
		written.onto(a)
		if err := write(tx, a); err != nil {
			return err
		}
		return audit.Record(tx, who, audit.Change{Action: "attention.save", Object: a.ID, File: a.FileID})
	})
}

// KeepDraft keeps the two texts as they stand while somebody types them, so that
// nothing typed is lost; what is too long waits until it is sent. It is no
// decision yet: the trail has its entry when the attention is saved or finished.
// A finished attention stays as it is. fault.Conflict: another page wrote since.
func (s *Service) KeepDraft(ctx context.Context, who actor.Actor, id string, edit Edit) (bool, error) {
	kept := false
	_, err := s.change(ctx, who, id, func(tx *tenants.Tx, a *Attention) error {
		typed := edit(closingOf(a))
		kept = a.State == Open && fits(typed.Note) && fits(typed.Told)
		if !kept || a.Note == typed.Note && a.Told == typed.Told {
			return nil
		}
		if err := typed.overwrites(a); err != nil {
			return err
		}
		a.Note, a.Told, a.page = typed.Note, typed.Told, typed.From.Name
		return write(tx, a)
	})
	return kept, err
}

// Reopen opens a finished attention again on its day: it was finished by
// mistake. fault.Conflict: another day's, or the desk has opened another since.
func (s *Service) Reopen(ctx context.Context, who actor.Actor, id string) (Attention, error) {
	return s.change(ctx, who, id, func(tx *tenants.Tx, a *Attention) error {
		if a.State == Open {
			return nil // pressed twice
		}
		if !a.Reopens(who, calendar.On(tx.Now)) {
			return fault.New(fault.Conflict, "attention.error.reopen_late")
		}
		other, err := openID(tx, a.Desk, a.FileID)
		if err != nil {
			return err
		}
		if other != "" {
			return fault.New(fault.Conflict, "attention.error.open_already")
		}
		was := a.Outcome
		a.State, a.Outcome, a.FinishedAt, a.FinishedBy, a.Reopened = Open, "", time.Time{}, "", a.Reopened+1
		if err := write(tx, a); err != nil {
			return err
		}
		return audit.Record(tx, who, audit.Change{Action: "attention.reopen", Object: a.ID, File: a.FileID, Detail: map[string]string{"from": string(was)}})
	})
}

// Discard ends an open attention in which nothing was recorded: it was opened by
// mistake, and is not counted. fault.Conflict: something was.
func (s *Service) Discard(ctx context.Context, who actor.Actor, id string) (Attention, error) {
	return s.change(ctx, who, id, func(tx *tenants.Tx, a *Attention) error {
		recorded, err := hasRecord(tx, a)
		if err != nil {
			return err
		}
		if recorded || a.State != Open {
			return fault.New(fault.Conflict, "attention.error.not_empty")
		}
		a.State, a.FinishedAt, a.FinishedBy = Discarded, tx.Now, who.Name
		if err := write(tx, a); err != nil {
			return err
		}
		return audit.Record(tx, who, audit.Change{Action: "attention.discard", Object: a.ID, File: a.FileID})
	})
}

// change runs a change of an attention of the actor's own desk.
func (s *Service) change(ctx context.Context, who actor.Actor, id string, verb func(*tenants.Tx, *Attention) error) (Attention, error) {
	if err := may(who, access.Attend); err != nil {
		return Attention{}, err
	}
	var a Attention
	err := who.Municipality.Update(ctx, func(tx *tenants.Tx) (err error) {
		if a, err = byID(tx, id); err != nil {
			return err
		}
		if !a.ofDesk(who) {
			return fault.New(fault.Forbidden, "attention.error.other_desk")
		}
		return verb(tx, &a)
	})
	return a, err
}

// checked gives what is to be written, when it can be kept.
func checked(tx *tenants.Tx, a *Attention, edit Edit) (Closing, error) {
	topics, err := topicsOf(tx, true)
	if err != nil {
		return Closing{}, err
	}
	written := edit(closingOf(a)).tidied()
	if written.Channel == "" {
		written.Channel = a.Channel
	}
	return written, written.check(calendar.On(tx.Now), topics, a.TopicCode)
}
