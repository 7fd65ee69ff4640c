package trail

import (
	"context"
	"errors"
	"sync"
	"time"

	"gsl/app/access"
	"gsl/app/kit/actor"
	"gsl/app/kit/audit"
	"gsl/tenants"
)

// Proof is what walking the trails of the municipality from their first row to the
// last found: as `gsl verify` does, by the same code.
type Proof struct {
	audit.Proof
	Broken  string // the trail that is not as it was written, "" for none
	Row     int64  // its first row that is not
	Pending bool   // it takes longer than somebody waits: ask again
}

// Intact reports whether both trails are as they were written.
func (p Proof) Intact() bool { return p.Broken == "" && !p.Pending }

const (
	patience  = 8 * time.Second  // that somebody looks at a page for
	longest   = 15 * time.Minute // that a walk may take
	stillTrue = 2 * time.Minute  // how old a proof may be that is shown again
)

// prover walks one municipality's trails once, however many ask.
type prover struct {
	mu    sync.Mutex
	walks map[string]*walk // by id of the municipality
}

type walk struct {
	done  chan struct{}
	ended time.Time
	proof audit.Proof
	err   error
}

// Prove walks the trails of the actor's municipality, or says what a walk of just
// now found. Nothing of a person is in it.
func (s *Service) Prove(ctx context.Context, who actor.Actor) (Proof, error) {
	if err := may(who, access.ReadTrail); err != nil {
		if err = may(who, access.AnswerAccess); err != nil {
			return Proof{}, err
		}
	}
	w := s.prover.begin(ctx, who.Municipality)
	wait := time.NewTimer(patience)
	defer wait.Stop()
	select {
	case <-w.done:
		return found(w)
	case <-wait.C:
		return Proof{Pending: true}, nil
	case <-ctx.Done():
		return Proof{}, ctx.Err()
	}
}

func found(w *walk) (Proof, error) {
	var broken *audit.BrokenError
	if errors.As(w.err, &broken) {
		return Proof{Proof: w.proof, Broken: broken.Trail, Row: broken.Seq}, nil
	}
	return Proof{Proof: w.proof}, w.err
}

// begin gives the walk that is under way or has just ended, or begins one; it goes
// on when whoever asked first goes away, for those who ask again.
func (p *prover) begin(ctx context.Context, m *tenants.Municipality) *walk {
	p.mu.Lock()
	defer p.mu.Unlock()
	if w := p.walks[m.ID]; w != nil && w.good() {
		return w
	}
	w := &walk{done: make(chan struct{})}
	if p.walks == nil {
		p.walks = map[string]*walk{}
	}
	p.walks[m.ID] = w
	go func() {
		ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), longest)
		defer cancel()
		w.proof, w.err = audit.Prove(ctx, m)
		w.ended = time.Now() // the real clock: how long a result is remembered is no business of the file's
		close(w.done)
	}()
	return w
}

// good reports whether the walk is under way, or found the trails intact lately.
func (w *walk) good() bool {
	select {
	case <-w.done:
		return w.err == nil && time.Since(w.ended) < stillTrue
	default:
		return true
	}
}
