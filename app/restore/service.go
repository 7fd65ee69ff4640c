package restore

import (
	"context"
	"errors"
	"log/slog"
	"os"
	"strings"
	"sync"
	"time"

	"github.com/google/uuid"

	"gsl/app/access"
	"gsl/app/kit/actor"
	"gsl/app/kit/audit"
	"gsl/app/kit/fault"
	"gsl/tenants"
)

// Access is what this room asks of the roster; access.Service is one.
type Access interface {
	Confirm(ctx context.Context, who actor.Actor, code string) error
	NeedsCode(ctx context.Context, who actor.Actor) bool
}

// Service is what one can do about restoring.
type Service struct {
	files  *tenants.Files
	access Access
	clock  func() time.Time
	log    *slog.Logger

	life context.Context //nolint:containedctx // of the program: a copy outlives the request that asked for it
	end  context.CancelFunc
	jobs sync.WaitGroup

	mu     sync.Mutex
	steps  map[string]step           // of those that run
	looks  map[string]string         // membership → copy
	counts map[string]*rateOfLookups // membership → how often it looks people up in a copy
}

// step is how far one has come.
type step struct {
	name  string
	share float64
}

// New makes the service. What ran when the program stopped has failed; copies
// that nobody decided on are still there.
func New(ctx context.Context, files *tenants.Files, roster Access, clock func() time.Time, log *slog.Logger) (*Service, error) {
	s := &Service{files: files, access: roster, clock: clock, log: log, steps: map[string]step{}, counts: map[string]*rateOfLookups{}}
	s.life, s.end = context.WithCancel(context.WithoutCancel(ctx))
	err := files.National().Update(ctx, func(tx *tenants.Tx) (err error) {
		if err = failInterrupted(tx, "the program was stopped meanwhile"); err != nil {
			return err
		}
		if err = s.catchUp(tx); err != nil {
			return err
		}
		s.looks, err = looks(tx)
		return err
	})
	return s, err
}

// catchUp notes what was decided and done when the program stopped before it
// was written down: a copy that is not there any more has taken its place.
func (s *Service) catchUp(tx *tenants.Tx) error {
	ids, err := ready(tx)
	if err != nil {
		return err
	}
	for _, id := range ids {
		if _, err := s.files.ReadCopy(id); !errors.Is(err, os.ErrNotExist) {
			continue
		}
		if _, err := setEnded(tx, actor.Actor{}, id, Swapped, ""); err != nil {
			return err
		}
	}
	return nil
}

// Close stops what runs and waits for it.
func (s *Service) Close() {
	s.end()
	s.jobs.Wait()
}

func mayAdminister(who actor.Actor) error {
	if !who.Can(access.Administer) {
		return fault.New(fault.Forbidden, "fault.forbidden")
	}
	return nil
}

// NeedsCode reports whether the next act asks for the second factor.
func (s *Service) NeedsCode(ctx context.Context, who actor.Actor) bool {
	return s.access.NeedsCode(ctx, who)
}

// confirmed is mayAdminister, and the second factor.
func (s *Service) confirmed(ctx context.Context, who actor.Actor, code string) error {
	if err := mayAdminister(who); err != nil {
		return err
	}
	return s.access.Confirm(ctx, who, code)
}

// Exists answers fault.NotFound for an id of no restore.
func (s *Service) Exists(ctx context.Context, who actor.Actor, id string) error {
	_, err := s.Restore(ctx, who, id)
	return err
}

// mostListed bounds the list; older ones are in the trail.
const mostListed = 100

// List gives those under way, then the newest.
func (s *Service) List(ctx context.Context, who actor.Actor) ([]Restore, error) {
	if err := mayAdminister(who); err != nil {
		return nil, err
	}
	var list []Restore
	err := s.files.National().View(ctx, func(tx *tenants.Tx) (err error) {
		list, err = newest(tx, mostListed)
		return err
	})
	for i := range list {
		s.progress(&list[i])
	}
	return list, err
}

// Restore gives one; fault.NotFound when there is none.
func (s *Service) Restore(ctx context.Context, who actor.Actor, id string) (Restore, error) {
	if err := mayAdminister(who); err != nil {
		return Restore{}, err
	}
	return s.read(ctx, id)
}

func (s *Service) read(ctx context.Context, id string) (r Restore, err error) {
	err = s.files.National().View(ctx, func(tx *tenants.Tx) error {
		r, err = byID(tx, id)
		return err
	})
	if tenants.NotFound(err) {
		return r, fault.New(fault.NotFound, "fault.not_found")
	}
	s.progress(&r)
	return r, err
}

// progress adds how far one that runs has come.
func (s *Service) progress(r *Restore) {
	s.mu.Lock()
	defer s.mu.Unlock()
	at := s.steps[r.ID]
	r.Step, r.Share = at.name, at.share
}

// Start asks for a copy and gives its id at once; it is made meanwhile.
// fault.Conflict: one of this municipality is under way.
func (s *Service) Start(ctx context.Context, who actor.Actor, o Order, code string) (string, error) {
	if err := mayAdminister(who); err != nil {
		return "", err
	}
	id, municipality, err := s.begin(ctx, who, o, func() error { return s.access.Confirm(ctx, who, code) })
	if err != nil {
		return "", err
	}
	s.jobs.Go(func() {
		if err := s.make(s.life, id, municipality, o, nil); err != nil { //nolint:contextcheck // it outlives the request
			s.log.Error("restore failed", "municipality", o.Municipality, "restore", id, "error", err)
		}
	})
	return id, nil
}

// Make is Start for who waits: it gives the copy when it is ready, or why it is not.
func (s *Service) Make(ctx context.Context, who actor.Actor, o Order, tell func(step string, share float64)) (Restore, error) {
	if err := mayAdminister(who); err != nil {
		return Restore{}, err
	}
	id, municipality, err := s.begin(ctx, who, o, func() error { return nil })
	if err != nil {
		return Restore{}, err
	}
	if err := s.make(ctx, id, municipality, o, tell); err != nil {
		return Restore{}, err
	}
	return s.read(ctx, id)
}

// begin writes the order down.
func (s *Service) begin(ctx context.Context, who actor.Actor, o Order, confirm func() error) (id, municipality string, err error) {
	if err := o.check(s.clock()); err != nil {
		return "", "", err
	}
	if municipality, err = s.idOf(ctx, o.Municipality); err != nil {
		return "", "", err
	}
	if err := confirm(); err != nil {
		return "", "", err
	}
	id = uuid.NewString()
	err = s.files.National().Update(ctx, func(tx *tenants.Tx) error {
		if err := insert(tx, who, id, municipality, o); err != nil {
			return err
		}
		return audit.Record(tx, who, audit.Change{Action: "restore.ask", Object: id,
			Detail: map[string]string{"municipality": o.Municipality, "source": string(o.Source), "at": stamp(o.At), "point": o.Point}})
	})
	if tenants.Duplicate(err) {
		return "", "", fault.New(fault.Conflict, "restore.error.under_way")
	}
	return id, municipality, err
}

func (s *Service) idOf(ctx context.Context, code string) (string, error) {
	list, err := s.files.Municipalities(ctx)
	if err != nil {
		return "", err
	}
	for i := range list {
		if list[i].Code == code && list[i].Status != tenants.Provisioning {
			return list[i].ID, nil
		}
	}
	return "", fault.InvalidField("municipality", "restore.error.municipality")
}

// make makes the copy, counts it and says that it is ready, or why it is not.
func (s *Service) make(ctx context.Context, id, municipality string, o Order, tell func(string, float64)) error {
	defer s.forgetStep(id)
	begin := time.Now()
	c, err := s.files.RestoreCopy(ctx, id, tenants.RestoreRequest{MunicipalityID: municipality, Source: o.Source, At: o.At, Point: o.Point,
		Progress: func(name string, share float64) {
			s.tellStep(id, name, share)
			if tell != nil {
				tell(name, share)
			}
		}})
	var report Report
	if err == nil {
		s.tellStep(id, stepCount, 0)
		report, err = s.report(ctx, c)
	}
	if err != nil {
		return errors.Join(err, s.failed(ctx, id, err))
	}
	report.Took = time.Since(begin).Milliseconds()
	text, err := report.text()
	if err != nil {
		return err
	}
	return s.files.National().Update(ctx, func(tx *tenants.Tx) error {
		return setReady(tx, id, c.Until, text)
	})
}

// stepCount is the last step: what is in the copy is counted.
const stepCount = "count"

func (s *Service) tellStep(id, name string, share float64) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.steps[id] = step{name, share}
}

func (s *Service) forgetStep(id string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.steps, id)
}

func (s *Service) failed(ctx context.Context, id string, cause error) error {
	if err := s.files.DiscardCopy(id); err != nil {
		s.log.ErrorContext(ctx, "a failed copy stays on the disk", "restore", id, "error", err)
	}
	ctx = context.WithoutCancel(ctx)
	return s.files.National().Update(ctx, func(tx *tenants.Tx) error { return setFailed(tx, id, oneLine(cause)) })
}

// report counts what is in the copy and, beside it, in the live file.
func (s *Service) report(ctx context.Context, c tenants.Copy) (Report, error) {
	r := Report{Whole: true, NoTrail: c.NoTrail, Bytes: c.Bytes} // RestoreCopy has looked at every page
	copied, err := s.files.OpenCopy(ctx, c.ID)
	if err != nil {
		return r, err
	}
	if err := count(ctx, copied, &r.Copy); err != nil {
		return r, err
	}
	if err := audit.VerifyChanges(ctx, copied); err == nil {
		r.Chain = true
	} else if !isBroken(err) {
		return r, err
	}
	live, err := s.files.Municipality(ctx, c.MunicipalityID)
	if err == nil {
		err = count(ctx, live, &r.Live)
	}
	if err != nil {
		r.LiveBad = oneLine(err)
	}
	return r, nil
}

func isBroken(err error) bool {
	var broken *audit.BrokenError
	return errors.As(err, &broken)
}

func count(ctx context.Context, m *tenants.Municipality, into *Holding) error {
	return m.View(ctx, func(tx *tenants.Tx) (err error) {
		*into, err = holding(tx)
		return err
	})
}

// Swap puts a copy that is ready in the place of the live file. Those who look
// inside are back in the municipality. fault.Conflict: somebody was quicker.
func (s *Service) Swap(ctx context.Context, who actor.Actor, id, code string) (tenants.Swap, error) {
	r, err := s.decided(ctx, who, id, code)
	if err != nil {
		return tenants.Swap{}, err
	}
	ctx = context.WithoutCancel(ctx) // begun, it is done to the end
	s.forgetLooks(id)
	done, err := s.files.SwapCopy(ctx, id)
	if err != nil {
		return done, fault.Wrap(err, fault.Unavailable, "restore.error.not_swapped")
	}
	if err := s.ended(ctx, who, &r, Swapped, done.Kept); err != nil {
		return done, err
	}
	return done, s.note(ctx, who, &r, done)
}

// Discard throws a copy away.
func (s *Service) Discard(ctx context.Context, who actor.Actor, id, code string) error {
	r, err := s.decided(ctx, who, id, code)
	if err != nil {
		return err
	}
	ctx = context.WithoutCancel(ctx)
	s.forgetLooks(id)
	if err := s.ended(ctx, who, &r, Discarded, ""); err != nil {
		return err
	}
	return s.files.DiscardCopy(id)
}

// decided gives the copy to who decides on it.
func (s *Service) decided(ctx context.Context, who actor.Actor, id, code string) (Restore, error) {
	r, err := s.Restore(ctx, who, id)
	if err != nil {
		return r, err
	}
	if r.State != Ready {
		return r, fault.New(fault.Conflict, "restore.error.not_ready")
	}
	return r, s.confirmed(ctx, who, code)
}

func (s *Service) ended(ctx context.Context, who actor.Actor, r *Restore, state State, kept string) error {
	return s.files.National().Update(ctx, func(tx *tenants.Tx) error {
		done, err := setEnded(tx, who, r.ID, state, kept)
		if err != nil || !done {
			return err
		}
		if err := nobodyLooks(tx, r.ID); err != nil {
			return err
		}
		return audit.Record(tx, who, audit.Change{Action: "restore." + string(state), Object: r.ID,
			Detail: map[string]string{"municipality": r.Code, "kept": kept, "until": stamp(r.Until)}})
	})
}

// note says in the restored file itself that it was restored: who reads its
// trail later must know that there was another end.
func (s *Service) note(ctx context.Context, who actor.Actor, r *Restore, done tenants.Swap) error {
	m, err := s.files.Municipality(ctx, r.MunicipalityID)
	if err != nil {
		return err
	}
	err = m.Update(ctx, func(tx *tenants.Tx) error {
		return audit.Record(tx, who, audit.Change{Action: "restore.swapped", Object: r.ID,
			Detail: map[string]string{"kept": done.Kept, "until": stamp(r.Until)}})
	})
	if errors.Is(err, tenants.ErrSuspended) {
		return nil // it is in the national trail
	}
	return err
}

func oneLine(err error) string { return strings.Join(strings.Fields(err.Error()), " ") }
