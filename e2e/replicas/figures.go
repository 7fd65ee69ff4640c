package main

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"
	"time"

	"gsl/tenants"
)

// figure is one line of the table.
type figure struct {
	Name   string
	Got    float64
	Unit   string
	Keep   float64 // at most; 0: only told
	Others string  // what other programs took of the machine meanwhile
}

func (f figure) missed() bool { return f.Keep > 0 && f.Got > f.Keep }

// figures takes everything that tenants.md wants kept.
func (b *bench) figures(ctx context.Context) (list []figure, err error) {
	for _, part := range []func(context.Context) ([]figure, error){b.provision, b.cold, b.atWork, b.asleep} {
		more, err := part(ctx)
		list = append(list, more...)
		if err != nil || ctx.Err() != nil {
			return list, errors.Join(err, ctx.Err())
		}
	}
	return list, nil
}

// provision makes the municipalities, and waits until all are in the store.
func (b *bench) provision(ctx context.Context) ([]figure, error) {
	if err := b.open(ctx); err != nil {
		return nil, err
	}
	before, begin := readMachine(), time.Now()
	for i := range b.towns {
		code := fmt.Sprintf("%05d", 1000+i)
		_, err := b.files.Provision(ctx, tenants.Identity{Code: code, Name: "Comuna " + code, Kind: "municipality", Model: 1, Communes: []string{code}})
		if err != nil {
			return nil, err
		}
	}
	took := time.Since(begin)
	if err := b.untilThere(ctx); err != nil {
		return nil, err
	}
	others := readMachine().others(before)
	list := []figure{
		{fmt.Sprintf("provision %d", b.towns), took.Seconds(), "s", 60, others},
		{"  and all of them in the store", time.Since(begin).Seconds(), "s", 0, others},
	}
	before, begin = readMachine(), time.Now()
	err := b.close() //nolint:contextcheck // what is written is replicated before it ends, whoever asked
	return append(list, figure{"end the program, all replicated", time.Since(begin).Seconds(), "s", 10, readMachine().others(before)}), err
}

// untilThere waits until nothing is missing in the store.
func (b *bench) untilThere(ctx context.Context) error {
	for {
		list, err := b.files.Replicas(ctx)
		if err != nil {
			return err
		}
		if !slices.ContainsFunc(list, func(s tenants.ReplicaStatus) bool { return s.TXID == "" || s.Lag > 0 }) {
			return nil
		}
		if err := rest(ctx, 50*time.Millisecond); err != nil {
			return err
		}
	}
}

func rest(ctx context.Context, long time.Duration) error {
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-time.After(long):
		return nil
	}
}

// cold starts on the full directory, and then opens every file.
func (b *bench) cold(ctx context.Context) ([]figure, error) {
	before, begin := readMachine(), time.Now()
	if err := b.open(ctx); err != nil {
		return nil, err
	}
	if err := b.known(ctx); err != nil {
		return nil, err
	}
	if err := read(ctx, b.list[0]); err != nil {
		return nil, err
	}
	first := time.Since(begin)
	list := []figure{{fmt.Sprintf("cold start with %d, to the first answer", b.towns), first.Seconds(), "s", 1, readMachine().others(before)}}
	before, begin = readMachine(), time.Now()
	for _, m := range b.list {
		if err := errors.Join(write(ctx, m, 0), look(ctx, m)); err != nil {
			return list, err
		}
	}
	opened := time.Since(begin)
	if err := b.untilThere(ctx); err != nil {
		return list, err
	}
	others := readMachine().others(before)
	return append(list,
		figure{fmt.Sprintf("a write in each of %d, both files opened", b.towns), opened.Seconds(), "s", 0, others},
		figure{"  and all of it in the store", time.Since(begin).Seconds(), "s", 0, others}), nil
}

// atWork writes at the rate over all municipalities, then into a single one.
func (b *bench) atWork(ctx context.Context) (list []figure, err error) {
	for _, part := range []struct {
		name string
		over []*tenants.Municipality
	}{{fmt.Sprintf("over %d files", len(b.list)), b.list}, {"in one file", b.list[:1]}} {
		before := readMachine()
		commits, lags, err := b.load(ctx, part.over)
		if err != nil {
			return list, err
		}
		others := readMachine().others(before)
		name := fmt.Sprintf("%d writes/s %s: ", b.rate, part.name)
		list = append(list,
			figure{name + "commit p50", ms(commits, 50), "ms", 0, others}, figure{name + "commit p99", ms(commits, 99), "ms", 25, others},
			figure{name + "lag p50", ms(lags, 50) / 1000, "s", 1, others}, figure{name + "lag p99", ms(lags, 99) / 1000, "s", 2.5, others})
	}
	return list, nil
}

// load writes for a while and notes when each change was in the store. A status
// that says when everything was there speaks for every change before that.
func (b *bench) load(ctx context.Context, over []*tenants.Municipality) (commits, lags []time.Duration, err error) {
	var mu sync.Mutex
	waiting := map[string][]time.Time{}
	short, cancel := context.WithTimeout(ctx, b.long)
	defer cancel()
	var watch sync.WaitGroup
	over1, stop := context.WithCancel(ctx)
	watch.Go(func() { err = b.watch(over1, &mu, waiting, &lags) })
	commits, failed := b.stream(short, over, func(w written) {
		mu.Lock()
		defer mu.Unlock()
		waiting[w.file] = append(waiting[w.file], w.at)
	})
	for deadline := time.Now().Add(30 * time.Second); time.Now().Before(deadline); time.Sleep(50 * time.Millisecond) {
		mu.Lock()
		left := len(waiting)
		mu.Unlock()
		if left == 0 {
			break
		}
	}
	stop()
	watch.Wait()
	if failed > 0 {
		err = errors.Join(err, fmt.Errorf("%d writes failed", failed))
	}
	if len(waiting) > 0 {
		err = errors.Join(err, fmt.Errorf("changes of %d files are not in the store after half a minute", len(waiting)))
	}
	return commits, lags, err
}

// watch notes what has come to the store.
func (b *bench) watch(ctx context.Context, mu *sync.Mutex, waiting map[string][]time.Time, lags *[]time.Duration) error {
	for rest(ctx, 25*time.Millisecond) == nil {
		list, err := b.files.Replicas(context.WithoutCancel(ctx))
		if err != nil {
			return err
		}
		now := time.Now()
		mu.Lock()
		for _, s := range list {
			left := waiting[s.File]
			for len(left) > 0 && !left[0].After(s.SyncedAt) {
				*lags = append(*lags, now.Sub(left[0]))
				left = left[1:]
			}
			if waiting[s.File] = left; len(left) == 0 {
				delete(waiting, s.File)
			}
		}
		mu.Unlock()
	}
	return nil
}

// asleep looks at what it costs to have everything open while nobody works.
func (b *bench) asleep(ctx context.Context) ([]figure, error) {
	for _, m := range b.list {
		if err := errors.Join(read(ctx, m), look(ctx, m)); err != nil {
			return nil, err
		}
	}
	if err := b.untilThere(ctx); err != nil {
		return nil, err
	}
	own, all := settledMemory()
	if err := profile(b.heap); err != nil {
		return nil, err
	}
	open, files := descriptors(b.dir)
	list := []figure{
		{fmt.Sprintf("memory with %d municipalities open, both files", b.towns), own, "MB", 650, ""},
		{"  with the pages of files", all, "MB", 0, ""},
		{"descriptors a file", float64(files) / float64(2*b.towns+2), "", 12, ""},
		{"descriptors in all", float64(open), "", 0, ""},
	}
	if err := rest(ctx, 130*time.Second); err != nil { // what nobody reads closes after a minute
		return list, err
	}
	own, all = settledMemory()
	open, _ = descriptors(b.dir)
	list = append(list, figure{"memory two minutes later", own, "MB", 650, ""}, figure{"  with the pages of files", all, "MB", 0, ""},
		figure{"descriptors in all", float64(open), "", 0, ""})
	before, cpu, begin := readMachine(), busy(), time.Now()
	if err := rest(ctx, b.long); err != nil {
		return list, err
	}
	share := (busy() - cpu).Seconds() / time.Since(begin).Seconds() * 100
	list = append(list, figure{"processor while nobody works, of a core", share, "%", 8, readMachine().others(before)})
	return list, b.close() //nolint:contextcheck // as above
}
