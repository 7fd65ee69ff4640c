package access

import (
	"context"
	"fmt"
	"runtime"
	"sync"
	"sync/atomic"
	"testing"

	"gsl/app/kit/fault"
)

// A flood from one address fills its share of the queue and no more; the others
// still get in, two at a time, and every place is given back.
func TestFloodLeavesRoomForOthers(t *testing.T) {
	h := newHasher(cost{memory: 64, passes: 1, threads: 1})
	hold := make(chan struct{})
	var busy, most, done atomic.Int64
	work := func() {
		most.Store(max(most.Load(), busy.Add(1)))
		<-hold
		busy.Add(-1)
		done.Add(1)
	}
	var flood, others sync.WaitGroup
	var refused atomic.Int64
	enter := func(group *sync.WaitGroup, address string) {
		group.Go(func() {
			if err := h.run(context.Background(), address, work); fault.Is(err, fault.Unavailable) {
				refused.Add(1)
			}
		})
	}
	for range 1000 {
		enter(&flood, "203.0.113.5")
	}
	for refused.Load() < 1000-hashQueueAddress { // the rest of the flood waits or runs
		runtime.Gosched()
	}
	for i := range 20 {
		enter(&others, fmt.Sprint("10.0.0.", i))
	}
	close(hold)
	flood.Wait()
	others.Wait()
	if got := refused.Load(); got != 1000-hashQueueAddress {
		t.Errorf("%d were turned away, want %d of the flood and nobody else", got, 1000-hashQueueAddress)
	}
	if done.Load() != hashQueueAddress+20 || most.Load() > hashSlots {
		t.Errorf("%d hashed, at most %d at a time", done.Load(), most.Load())
	}
	if h.waiting != 0 || len(h.from) != 0 {
		t.Errorf("%d places and %d addresses were not given back", h.waiting, len(h.from))
	}
}

func TestQueueIsBounded(t *testing.T) {
	h := newHasher(currentCost)
	for i := range hashQueue {
		if !h.enter(fmt.Sprint(i)) {
			t.Fatalf("number %d was turned away", i)
		}
	}
	if err := h.run(context.Background(), "late", func() {}); !fault.Is(err, fault.Unavailable) {
		t.Errorf("number %d got %v, want unavailable", hashQueue+1, err)
	}
}

// Who gives up while waiting leaves the queue without a hash.
func TestGivingUpLeavesTheQueue(t *testing.T) {
	h := newHasher(currentCost)
	h.slots <- struct{}{}
	h.slots <- struct{}{}
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if _, _, err := h.verify(ctx, "10.0.0.1", "tres zorros comen pan", ""); err == nil {
		t.Error("a request that was given up got an answer")
	}
	if h.runs.Load() != 0 || h.waiting != 0 {
		t.Errorf("%d hashes, %d waiting", h.runs.Load(), h.waiting)
	}
}
