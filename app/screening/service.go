package screening

import (
	"context"
	"errors"
	"log/slog"

	"github.com/a-h/templ"

	"gsl/app/access"
	"gsl/app/benefit"
	"gsl/app/catalogue"
	"gsl/app/kit/actor"
	"gsl/app/kit/audit"
	"gsl/app/kit/calendar"
	"gsl/app/kit/fault"
	"gsl/app/people"
	"gsl/tenants"
)

// Service compiles screenings. The hooks are filled once, before the first
// request; a nil hook leaves its part of the page out.
type Service struct {
	registry SocialRegistry
	people   *people.Service
	log      *slog.Logger
	recall   recall

	// HouseholdWork gives the open plans and filled carts, in this municipality,
	// of the people with the holders.
	HouseholdWork func(tx *tenants.Tx, who actor.Actor, holders []string) ([]Work, error)
	// CartPanel gives the live cart of the right column; a nil component for an
	// actor who has none.
	CartPanel func(ctx context.Context, tx *tenants.Tx, who actor.Actor, f people.File) (templ.Component, error)
}

// NewService makes the service; a nil log discards. The registry is asked once
// per page: deadline and breaker are its own (Guard).
func NewService(registry SocialRegistry, people *people.Service, log *slog.Logger) *Service {
	if log == nil {
		log = slog.New(slog.DiscardHandler)
	}
	return &Service{registry: registry, people: people, log: log}
}

// Compile gives the screening of a file and keeps what the registry said when
// it changed. The reading is in the access trail when it returns. A registry
// that cannot be asked is no error: the screening says so. fault.NotFound: this
// municipality has no such file.
func (s *Service) Compile(ctx context.Context, who actor.Actor, fileID string) (*Screening, error) {
	sc, err := s.gather(ctx, who, fileID, s.forPage)
	if err != nil {
		return nil, err
	}
	if err := audit.Looked(ctx, who, audit.View{File: fileID, What: "screening", Why: sc.Why}); err != nil {
		return nil, err
	}
	return sc, nil
}

// Facts gives what the catalogue's criteria judge of the file's person and
// household. Whoever shows something of them leaves the view in the trail.
func (s *Service) Facts(ctx context.Context, who actor.Actor, fileID string) (*catalogue.Facts, error) {
	sc, err := s.gather(ctx, who, fileID, nil)
	if err != nil {
		return nil, err
	}
	return sc.Facts(who.Municipality.Communes), nil
}

// Known gives the screening without its page: for who writes something that
// begins with what is known. Whoever shows of it leaves the view in the trail.
func (s *Service) Known(ctx context.Context, who actor.Actor, fileID string) (*Screening, error) {
	return s.gather(ctx, who, fileID, nil)
}

// Refresh asks the registry and keeps what it said. It is people's AfterLookup
// hook, so that the page which follows a lookup writes nothing. What fails here
// is tried again by the page.
func (s *Service) Refresh(ctx context.Context, who actor.Actor, f people.File) {
	if _, err := s.gather(ctx, who, f.ID, nil); err != nil && ctx.Err() == nil {
		s.log.ErrorContext(ctx, "screening after lookup", "file", f.ID, "request", who.RequestID, "error", err)
	}
}

// gather asks the registry and reads, in one transaction, what the municipality
// holds; more reads the rest that a page needs in the same transaction. When the
// registry says something new it is kept, and what the municipality holds is
// read again with it.
func (s *Service) gather(ctx context.Context, who actor.Actor, fileID string, more reading) (*Screening, error) {
	if who.Municipality == nil || !who.Can(access.ReadFile) {
		return nil, fault.New(fault.Forbidden, "fault.forbidden")
	}
	last, err := s.lastSaid(ctx, who, fileID)
	if err != nil {
		return nil, err
	}
	a, err := s.ask(ctx, who, last.run)
	if err != nil {
		return nil, err
	}
	known := ctx
	if a.spoken() && last.digest == a.digest {
		known = withMarkers(ctx, a.markers())
	}
	sc, err := s.read(known, who, fileID, &a, more)
	if err != nil || !a.spoken() || last.holds(a.digest, sc.Today) {
		return sc, err
	}
	if !s.keep(ctx, who, fileID, &a) || last.digest == a.digest {
		return sc, nil
	}
	return s.read(ctx, who, fileID, &a, more)
}

// reading is what a page reads beside the screening, in its transaction.
type reading func(tx *tenants.Tx, who actor.Actor, sc *Screening) error

// lastSaid gives whom to ask the registry for and what it said last, from
// memory when this file was screened before.
func (s *Service) lastSaid(ctx context.Context, who actor.Actor, fileID string) (said, error) {
	if last, ok := s.recall.get(who.Municipality.ID, fileID); ok {
		return last, nil
	}
	var last said
	err := who.Municipality.View(ctx, func(tx *tenants.Tx) error {
		f, err := people.Open(tx, fileID)
		if err != nil {
			return err
		}
		k, ok, err := lastKept(tx, fileID)
		if err != nil {
			return err
		}
		last.run = f.RUN
		if ok {
			last.digest, last.day = k.digest, calendar.On(k.seenAt)
		}
		return nil
	})
	if err == nil {
		s.recall.put(who.Municipality.ID, fileID, last)
	}
	return last, err
}

// answer is what the registry said just now.
type answer struct {
	standing  Standing // Fresh, NotRegistered, NoRUN, or Silent when it could not be asked
	household Household
	person    Member // the one who was asked for, as the household has them
	digest    digest
}

// notRegistered is the answer about a person without a household: the benefit
// registry may know of something all the same.
func notRegistered(benefits []Benefit) answer {
	a := answer{standing: NotRegistered, household: Household{Benefits: benefits}, digest: nobody}
	if len(benefits) > 0 {
		a.household.inOrder()
		a.digest = digestOf(&a.household)
	}
	return a
}

// ask asks the registry. Only the end of the request is an error: whatever ails
// the registry, the desk goes on without it.
func (s *Service) ask(ctx context.Context, who actor.Actor, run people.RUN) (answer, error) {
	if run.IsZero() {
		return answer{standing: NoRUN}, nil
	}
	h, err := s.registry.Household(ctx, run)
	switch {
	case err == nil:
		h.inOrder()
		return answer{standing: Fresh, household: h, person: h.member(run), digest: digestOf(&h)}, nil
	case errors.Is(err, ErrNotRegistered):
		return notRegistered(h.Benefits), nil
	case ctx.Err() != nil:
		return answer{}, ctx.Err()
	}
	s.log.WarnContext(ctx, "social registry unavailable", "municipality", who.Municipality.Code, "request", who.RequestID, "error", err)
	return answer{standing: Silent}, nil
}

// spoken reports whether the registry could be asked.
func (a *answer) spoken() bool { return a.standing == Fresh || a.standing == NotRegistered }

// markers are those of the snapshot that holds this answer.
func (a *answer) markers() markers {
	return markers{a.household.Tramo, a.person.Carer, a.person.Dependency}
}

// keep stores what the registry said and reports whether it is stored. A file
// that cannot be written must not keep the desk from reading, so what fails
// here is logged, and the next page tries again.
func (s *Service) keep(ctx context.Context, who actor.Actor, fileID string, a *answer) bool {
	var now said
	err := who.Municipality.Update(ctx, func(tx *tenants.Tx) error {
		f, err := people.Open(tx, fileID)
		if err != nil {
			return err
		}
		now = said{run: f.RUN, digest: a.digest, day: calendar.On(tx.Now)}
		return keepAnswer(tx, who, f, a)
	})
	if err != nil {
		s.log.ErrorContext(ctx, "keep the screening", "file", fileID, "request", who.RequestID, "error", err)
		return false
	}
	s.recall.put(who.Municipality.ID, fileID, now)
	return true
}

// keepAnswer stores a snapshot when the registry says something new, and else
// that it said the same today. Who the household's people are goes into those
// of their files that exist.
func keepAnswer(tx *tenants.Tx, who actor.Actor, f people.File, a *answer) error {
	last, ok, err := lastKept(tx, f.ID)
	if err != nil {
		return err
	}
	if ok && last.digest == a.digest {
		return confirm(tx, last.seq)
	}
	body, err := encode(&a.household)
	if err != nil {
		return err
	}
	if err := insertSnapshot(tx, f.ID, a, body); err != nil {
		return err
	}
	if err := people.FillKnown(tx, a.household.registered()); err != nil {
		return err
	}
	return audit.Record(tx, who, audit.Change{Action: "screening.kept", Object: f.ID, File: f.ID, Detail: moved(last.folio, a.household.Folio)})
}

// moved says in the trail that a person is in another household than before.
func moved(from, to string) map[string]string {
	if from == "" || from == to {
		return nil
	}
	return map[string]string{"from": from, "to": to}
}

// read reads what the municipality holds, in one transaction.
func (s *Service) read(ctx context.Context, who actor.Actor, fileID string, a *answer, more reading) (*Screening, error) {
	var sc *Screening
	err := who.Municipality.View(ctx, func(tx *tenants.Tx) (err error) { //nolint:contextcheck // the transaction carries it
		if sc, err = s.compile(tx, who, fileID, a); err != nil || more == nil {
			return err
		}
		return more(tx, who, sc)
	})
	return sc, err
}

// compile puts together what the registry said, or what is kept of it, and the
// municipality's own benefits.
func (s *Service) compile(tx *tenants.Tx, who actor.Actor, fileID string, a *answer) (*Screening, error) {
	f, err := people.Open(tx, fileID)
	if err != nil {
		return nil, err
	}
	sc := &Screening{File: f, Today: calendar.On(tx.Now), Standing: a.standing}
	switch a.standing {
	case Fresh:
		sc.SeenAt, sc.Household = tx.Now, a.household
	case NotRegistered:
		sc.SeenAt, sc.Household = tx.Now, a.household
		sc.Earlier, err = earlier(tx, fileID)
	case Silent:
		err = s.fromKept(tx, sc)
	}
	if err != nil {
		return nil, err
	}
	veil, err := s.people.VeilOver(tx, who, sc.Household.others(sc.File.RUN))
	if err != nil {
		return nil, err
	}
	sc.Household.veil(tx.Context(), veil, sc.File.RUN)
	grants, err := benefit.Received(tx, sc.holders())
	if err != nil {
		return nil, err
	}
	sc.Received = sc.gatherReceived(grants)
	return sc, nil
}

// fromKept fills the screening with the last snapshot: the registry is down.
func (s *Service) fromKept(tx *tenants.Tx, sc *Screening) error {
	sc.Down = true
	last, ok, err := lastKept(tx, sc.File.ID)
	if err != nil || !ok {
		return err
	}
	sc.SeenAt = last.seenAt
	body, err := bodyOf(tx, last.seq)
	if err != nil {
		return err
	}
	h, err := decode(body)
	if err != nil || last.registered && len(h.Members) == 0 {
		sc.Damaged = true
		s.log.ErrorContext(tx.Context(), "read the kept screening", "file", sc.File.ID, "snapshot", last.seq, "error", err)
		return nil
	}
	sc.Standing, sc.Household = Kept, h
	if !last.registered {
		sc.Standing = NotRegistered
		sc.Earlier, err = earlier(tx, sc.File.ID)
		return err
	}
	return nil
}

// forPage reads the rest of the screening page.
func (s *Service) forPage(tx *tenants.Tx, who actor.Actor, sc *Screening) (err error) {
	if holders := sc.holders(); s.HouseholdWork != nil && len(holders) > 1 {
		if sc.Work, err = s.HouseholdWork(tx, who, holders[1:]); err != nil {
			return err
		}
	}
	if sc.Frame, err = s.people.Frame(tx, who, sc.File, people.ScreeningSection); err != nil {
		return err
	}
	sc.Why = sc.Frame.Why
	if s.CartPanel != nil {
		sc.Cart, err = s.CartPanel(tx.Context(), tx, who, sc.File)
	}
	return err
}
