package tenants

import (
	"context"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"time"
)

// Files are let go of when they are closed and replicated. Some are closed and
// are not: those that were just provisioned and never opened, those that another
// command changed, those that were open when the power failed, and those whose
// replica could not be reached. They are found by how they look, now and after a
// restart, and tried until they are there.

const (
	batch       = 25                     // files handed to Litestream together
	betweenEach = 100 * time.Millisecond // between two batches: people work meanwhile
	gather      = 200 * time.Millisecond // after a call: the next come with it, and all are looked at once
	tryAgain    = 5 * time.Second        // when none of a batch could be replicated
	tryLast     = time.Minute            // the longest wait between two attempts
	settleFor   = 30 * time.Second       // the longest that one file is waited for
)

// settle replicates what is closed and not replicated, until the context ends.
func (k *keeper) settle(ctx context.Context) {
	wait := tryAgain
	for ctx.Err() == nil {
		left, err := k.unsettled(ctx)
		if err != nil {
			k.f.opt.Log.ErrorContext(ctx, "cannot tell which files lack in the replicas", "error", err)
		}
		if err == nil {
			k.note(left)
		}
		failed := k.settleAll(ctx, left)
		if failed == 0 && err == nil {
			wait = tryAgain
			k.sleep(ctx, 0)
			k.sleep(ctx, gather)
			continue
		}
		k.sleep(ctx, wait)
		wait = min(2*wait, tryLast)
	}
}

// note keeps which files are yet to be replicated: what national.db says of them is
// of before the power failed.
func (k *keeper) note(left []string) {
	k.mu.Lock()
	defer k.mu.Unlock()
	k.behind = make(map[string]bool, len(left))
	for _, name := range left {
		k.behind[name] = true
	}
}

// unsure reports whether more may be in a closed file than in its replica.
func (k *keeper) unsure(name string) bool {
	k.mu.Lock()
	defer k.mu.Unlock()
	return k.behind == nil || k.behind[name]
}

// sleep waits until somebody calls, or so long; 0: until somebody calls.
func (k *keeper) sleep(ctx context.Context, long time.Duration) {
	if long == 0 {
		select {
		case <-ctx.Done():
		case <-k.poke:
		}
		return
	}
	timer := time.NewTimer(long)
	defer timer.Stop()
	select {
	case <-ctx.Done():
	case <-timer.C:
	}
}

// unsettled lists the closed files that do not look as when they were replicated.
func (k *keeper) unsettled(ctx context.Context) ([]string, error) {
	list, err := k.f.Municipalities(ctx)
	if err != nil {
		return nil, err
	}
	var known map[string]settled
	err = k.f.national.View(ctx, func(tx *Tx) error {
		known, err = settledFiles(tx)
		return err
	})
	if err != nil {
		return nil, err
	}
	names := []string{k.f.registry.name}
	for _, who := range list {
		if who.Status != Provisioning && k.owns(ctx, who.ID) {
			names = append(names, filesOf(who.ID)...)
		}
	}
	var left []string
	for _, name := range names {
		path := filepath.Join(k.f.opt.Dir, name)
		if is := known[name]; !k.engine.Busy(path) && (is.target != k.target || is.stamp == "" || is.stamp != stampOf(path)) {
			left = append(left, name)
		}
	}
	return left, nil
}

func (k *keeper) owns(ctx context.Context, id string) bool {
	return k.f.opt.Owner == nil || k.f.opt.Owner.Owns(ctx, id) == nil
}

// settleAll goes over the files in batches and says how many are not there yet.
// It ends at the first batch of which none could be replicated.
func (k *keeper) settleAll(ctx context.Context, names []string) (failed int) {
	for len(names) > 0 && ctx.Err() == nil {
		some := names[:min(batch, len(names))]
		names = names[len(some):]
		bad := k.settleBatch(ctx, some)
		failed += bad
		if bad == len(some) {
			return failed + len(names)
		}
		k.sleep(ctx, betweenEach)
	}
	return failed
}

// settleBatch opens the files, which has them replicated, and closes them.
func (k *keeper) settleBatch(ctx context.Context, names []string) (failed int) {
	var bad atomic.Int64
	var all sync.WaitGroup
	for _, name := range names {
		all.Go(func() {
			if err := k.settleOne(ctx, name); err != nil {
				bad.Add(1)
				return
			}
			k.mu.Lock()
			defer k.mu.Unlock()
			delete(k.behind, name)
		})
	}
	all.Wait()
	return int(bad.Load())
}

// settleOne replicates a file. One that cannot be opened is to be restored, or is
// another's: nothing of it is to be replicated.
func (k *keeper) settleOne(ctx context.Context, name string) error {
	d, err := k.file(ctx, name)
	if err != nil {
		return err
	}
	f, err := d.acquire(ctx)
	if err != nil {
		return nil //nolint:nilerr // who uses it is told
	}
	ctx, cancel := context.WithTimeout(ctx, settleFor)
	defer cancel()
	err = f.track.Load().Wait(ctx)
	d.release(f)
	d.closeIdle(time.Now())
	return err
}

// file gives the handle of a file by its name.
func (k *keeper) file(ctx context.Context, name string) (*DB, error) {
	if name == k.f.registry.name {
		return k.f.registry, nil
	}
	id, _, _ := strings.Cut(strings.TrimPrefix(name, "municipalities/"), ".")
	m, err := k.f.Municipality(ctx, id)
	if err != nil {
		return nil, err
	}
	if m.access.name == name {
		return m.access, nil
	}
	return m.main, nil
}

// settleBehind settles until the context ends.
func (k *keeper) settleBehind(ctx context.Context) {
	if k != nil {
		k.settling.Go(func() { k.settle(ctx) })
	}
}

// stopped waits until nothing is settled any more.
func (k *keeper) stopped() {
	if k != nil {
		k.settling.Wait()
	}
}
