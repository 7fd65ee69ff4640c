package screening

import (
	"context"
	"errors"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"gsl/app/kit/fault"
	"gsl/app/people"
)

// fakeRegistry answers as the test says, and counts who asked.
type fakeRegistry struct {
	asked atomic.Int64
	say   func(ctx context.Context) (Household, error)
}

func (f *fakeRegistry) Household(ctx context.Context, _ people.RUN) (Household, error) {
	f.asked.Add(1)
	return f.say(ctx)
}

var errDown = errors.New("connection refused")

func answers(context.Context) (Household, error) { return Household{Folio: "A"}, nil }
func fails(context.Context) (Household, error)   { return Household{}, errDown }

// hangs until its context ends, as a good client does.
func hangs(ctx context.Context) (Household, error) {
	<-ctx.Done()
	return Household{}, ctx.Err()
}

// ask asks once and says how long it took.
func ask(t *testing.T, g SocialRegistry) (Household, time.Duration, error) {
	t.Helper()
	start := time.Now()
	h, err := g.Household(context.Background(), people.RUNOf(1))
	return h, time.Since(start), err
}

func TestGuardPassesAnswersOn(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		inner := &fakeRegistry{say: answers}
		g := Guard(inner, GuardOptions{})
		if h, took, err := ask(t, g); err != nil || h.Folio != "A" || took != 0 {
			t.Errorf("got %+v %v after %v", h, err, took)
		}
		inner.say = func(context.Context) (Household, error) {
			return Household{Benefits: []Benefit{{Code: "RIS-PGU"}}}, ErrNotRegistered
		}
		for range 20 { // an answer, however often: the breaker stays closed
			if h, _, err := ask(t, g); !errors.Is(err, ErrNotRegistered) || len(h.Benefits) != 1 {
				t.Fatalf("got %+v %v", h, err)
			}
		}
	})
}

func TestAHangingRegistryBlocksNobodyBeyondTheDeadline(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		g := Guard(&fakeRegistry{say: hangs}, GuardOptions{Failures: 3})
		for i := range 3 {
			if _, took, err := ask(t, g); took != 800*time.Millisecond || !fault.Is(err, fault.Unavailable) {
				t.Errorf("question %d: %v after %v", i, err, took)
			}
		}
		if _, took, err := ask(t, g); took != 0 || !fault.Is(err, fault.Unavailable) {
			t.Errorf("with the breaker open: %v after %v", err, took)
		}
	})
}

func TestARegistryThatDoesNotEvenNoticeIsLeftBehind(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		release := make(chan struct{})
		inner := &fakeRegistry{say: func(context.Context) (Household, error) { <-release; return Household{}, nil }}
		g := Guard(inner, GuardOptions{Failures: 1_000_000})
		for range maxAbandoned {
			if _, took, err := ask(t, g); took != 800*time.Millisecond || !fault.Is(err, fault.Unavailable) {
				t.Fatalf("%v after %v", err, took)
			}
		}
		if _, took, err := ask(t, g); took != 0 || !errors.Is(err, errAbandoned) {
			t.Errorf("with %d hanging: %v after %v", maxAbandoned, err, took)
		}
		close(release)
		synctest.Wait()
		if _, _, err := ask(t, g); err != nil {
			t.Errorf("after they came back: %v", err)
		}
	})
}

func TestTheBreakerOpensTriesOnceAndCloses(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		inner := &fakeRegistry{say: fails}
		g := Guard(inner, GuardOptions{Failures: 3, Pause: time.Minute})
		for range 10 {
			if _, _, err := ask(t, g); !fault.Is(err, fault.Unavailable) {
				t.Fatal(err)
			}
		}
		if n := inner.asked.Load(); n != 3 {
			t.Errorf("asked %d times, want 3 and then none", n)
		}
		time.Sleep(time.Minute) // of the bubble's clock
		for range 5 {
			_, _, _ = ask(t, g)
		}
		if n := inner.asked.Load(); n != 4 {
			t.Errorf("asked %d times after the pause, want one more", n)
		}
		inner.say = answers
		time.Sleep(time.Minute)
		for range 5 {
			if _, _, err := ask(t, g); err != nil {
				t.Errorf("the registry is back: %v", err)
			}
		}
	})
}

func TestOnlyOneQuestionTriesAfterThePause(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		inner := &fakeRegistry{say: fails}
		g := Guard(inner, GuardOptions{Failures: 1, Pause: time.Minute})
		_, _, _ = ask(t, g)
		synctest.Wait()
		time.Sleep(time.Minute)
		inner.say = hangs
		go func() { _, _, _ = ask(t, g) }()
		synctest.Wait()
		if _, took, err := ask(t, g); took != 0 || !errors.Is(err, errResting) {
			t.Errorf("beside the trial: %v after %v", err, took)
		}
		time.Sleep(time.Second)
		synctest.Wait()
	})
}

// Whoever leaves the page says nothing of the registry.
func TestACallerWhoLeavesIsNoFailure(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		inner := &fakeRegistry{say: hangs}
		g := Guard(inner, GuardOptions{Failures: 1})
		for range 5 {
			ctx, cancel := context.WithTimeout(context.Background(), 100*time.Millisecond)
			_, err := g.Household(ctx, people.RUNOf(1))
			cancel()
			if !errors.Is(err, context.DeadlineExceeded) || fault.Is(err, fault.Unavailable) {
				t.Errorf("got %v", err)
			}
		}
		synctest.Wait() // until the questions that were left have ended
		inner.say = answers
		if _, _, err := ask(t, g); err != nil {
			t.Errorf("the breaker opened: %v", err)
		}
	})
}

func TestAPanicOfTheRegistryIsAFailure(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		g := Guard(&fakeRegistry{say: func(context.Context) (Household, error) { panic("12345678-5") }}, GuardOptions{})
		if _, _, err := ask(t, g); !fault.Is(err, fault.Unavailable) || err.Error() != "registry.unavailable: screening: the registry panicked: string" {
			t.Errorf("got %v", err)
		}
	})
}

func TestFailuresThatAreNotInARowDoNotOpen(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		inner := &fakeRegistry{}
		g := Guard(inner, GuardOptions{Failures: 3})
		for i := range 30 {
			inner.say = fails
			if i%3 == 2 {
				inner.say = answers
			}
			_, _, _ = ask(t, g)
		}
		if n := inner.asked.Load(); n != 30 {
			t.Errorf("asked %d of 30 times", n)
		}
	})
}

// promptRegistry promises to answer in time.
type promptRegistry struct{ fakeRegistry }

func (*promptRegistry) Prompt() bool { return true }

func TestAPromptRegistryIsHeldToItsDeadlineToo(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		inner := &promptRegistry{fakeRegistry{say: answers}}
		g := Guard(inner, GuardOptions{Failures: 2})
		if h, took, err := ask(t, g); err != nil || h.Folio != "A" || took != 0 {
			t.Errorf("got %+v %v after %v", h, err, took)
		}
		inner.say = hangs
		if _, took, err := ask(t, g); took != 800*time.Millisecond || !fault.Is(err, fault.Unavailable) {
			t.Errorf("hanging: %v after %v", err, took)
		}
		inner.say = func(context.Context) (Household, error) { panic("a bug") }
		if _, _, err := ask(t, g); !fault.Is(err, fault.Unavailable) {
			t.Errorf("panicking: %v", err)
		}
		if _, _, err := ask(t, g); !errors.Is(err, errResting) {
			t.Errorf("after two failures: %v", err)
		}
	})
}
