package national

import (
	"context"
	"log/slog"
	"sync"
	"sync/atomic"
	"time"

	"gsl/app/access"
	"gsl/app/kit/actor"
	"gsl/app/kit/fault"
	"gsl/tenants"
)

// Config is what the composition root decides for this room.
type Config struct {
	Clock func() time.Time // nil: time.Now
	Log   *slog.Logger     // nil: discarded
	Dir   string           // where encrypted exports are kept
}

// Access is what this room asks of the roster; access.Service is one.
type Access interface {
	// Confirm asks for the second factor again before a dangerous act; NeedsCode
	// says whether it would.
	Confirm(ctx context.Context, who actor.Actor, code string) error
	NeedsCode(ctx context.Context, who actor.Actor) bool
	// Invite gives somebody a role and, unless they have a password, a fresh link
	// to make one. Asked twice it is one role; the newer link replaces the former.
	Invite(ctx context.Context, who actor.Actor, n access.Invitation) (link string, err error)
}

// Service is what the national administration can do.
type Service struct {
	files  *tenants.Files
	access Access
	config Config
	clock  func() time.Time
	log    *slog.Logger

	one     sync.Mutex // one order is carried out at a time
	recent  recent
	batches chan struct{} // there may be work for the runner of batches
	running sync.Mutex    // one runner of batches at a time
	exports exporting
	stale   chan struct{} // something changed: look again soon
	fresh   atomic.Int64  // when the list was last refreshed, Unix nanoseconds
	near    atomic.Bool   // the replicas lie on the disk of the files

	// crash lets a test stop after a step.
	crash func(step string) error
}

// NewService makes the service. It does nothing by itself: see Run.
func NewService(files *tenants.Files, roster Access, config Config) *Service {
	s := &Service{files: files, access: roster, config: config, clock: config.Clock, log: config.Log, batches: make(chan struct{}, 1), stale: make(chan struct{}, 1)}
	if s.clock == nil {
		s.clock = time.Now
	}
	if s.log == nil {
		s.log = slog.New(slog.DiscardHandler)
	}
	return s
}

// Run finishes what was begun, then keeps the list of municipalities fresh and
// carries out batches, until the context ends.
func (s *Service) Run(ctx context.Context) {
	s.sweepExports(ctx)
	var jobs sync.WaitGroup
	jobs.Go(func() {
		s.Resume(ctx)
		s.runBatches(ctx)
	})
	jobs.Go(func() { s.keepFresh(ctx) })
	jobs.Wait()
	s.Settle()
}

// Settle waits until the exports under way are made.
func (s *Service) Settle() { s.exports.all.Wait() }

func may(who actor.Actor) error {
	if !who.Can(access.Administer) {
		return fault.New(fault.Forbidden, "fault.forbidden")
	}
	return nil
}

// confirm is may, and the second factor again.
func (s *Service) confirm(ctx context.Context, who actor.Actor, code string) error {
	if err := may(who); err != nil {
		return err
	}
	return s.access.Confirm(ctx, who, code)
}

// NeedsCode reports whether a dangerous act would ask for the second factor now.
func (s *Service) NeedsCode(ctx context.Context, who actor.Actor) bool {
	return s.access.NeedsCode(ctx, who)
}

// administrator is the actor of an order that goes on without its request.
func administrator(userID, name, request string) actor.Actor {
	return actor.Actor{UserID: userID, Name: name, Role: access.NationalAdmin, RequestID: request,
		Permissions: access.PermissionsOf(access.NationalAdmin, "")}
}

// step stops here in a test that plays a crash.
func (s *Service) step(name string) error {
	if s.crash == nil {
		return nil
	}
	return s.crash(name)
}

const instant = "2006-01-02T15:04:05.000Z" // sorts as it reads

func stamp(t time.Time) string { return t.UTC().Format(instant) }

func moment(text string) time.Time {
	t, _ := time.Parse(instant, text) // we wrote it; '' is never
	return t
}
