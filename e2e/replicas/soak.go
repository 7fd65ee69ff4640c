package main

import (
	"context"
	"errors"
	"fmt"
	"time"
)

// sample is how the process stood at a moment of the soak.
type sample struct {
	at      time.Time
	own     float64
	handles int
}

// soak works in all municipalities for a while, with pauses in which files close
// and open again, and extrapolates: does memory grow, do descriptors?
func (b *bench) soak(ctx context.Context) ([]figure, error) {
	if _, err := b.provision(ctx); err != nil {
		return nil, err
	}
	if err := errors.Join(b.open(ctx), b.known(ctx)); err != nil {
		return nil, err
	}
	end := time.Now().Add(b.long)
	short, cancel := context.WithDeadline(ctx, end)
	defer cancel()
	samples := make(chan []sample, 1)
	go func() { samples <- b.sample(short) }()
	go b.readers(short)
	before := readMachine()
	took, failed := b.stream(short, b.list, nil)
	list := judge(<-samples)
	others := readMachine().others(before)
	for i := range list {
		list[i].Others = others
	}
	list = append(list, figure{"writes", float64(len(took)), "", 0, others}, figure{"commit p99", ms(took, 99), "ms", 0, others})
	begin := time.Now()
	if err := b.untilThere(ctx); err != nil {
		return list, err
	}
	list = append(list, figure{"until all was in the store, at the end", time.Since(begin).Seconds(), "s", 5, others})
	if failed > 0 {
		return list, fmt.Errorf("%d writes failed", failed)
	}
	return list, b.close() //nolint:contextcheck // what is written is replicated before it ends
}

// readers look at pages meanwhile.
func (b *bench) readers(ctx context.Context) {
	for n := 0; rest(ctx, 5*time.Millisecond) == nil; n++ {
		m := b.list[n*7%len(b.list)]
		_ = read(ctx, m)
		if n%3 == 0 {
			_ = look(ctx, m)
		}
	}
}

func (b *bench) sample(ctx context.Context) (list []sample) {
	for rest(ctx, 5*time.Second) == nil {
		own, _ := memory()
		handles, _ := descriptors(b.dir)
		list = append(list, sample{at: time.Now(), own: own, handles: handles})
	}
	return list
}

// judge draws a straight line through the memory of the second two thirds: in the
// first everything is opened and warms up.
func judge(list []sample) []figure {
	if len(list) < 6 {
		return nil
	}
	warm := list[len(list)/3:]
	var hours, own, hh, ho float64
	lowest, highest := warm[0].handles, warm[0].handles
	for _, s := range warm {
		h := s.at.Sub(warm[0].at).Hours()
		hours, own, hh, ho = hours+h, own+s.own, hh+h*h, ho+h*s.own
		lowest, highest = min(lowest, s.handles), max(highest, s.handles)
	}
	n := float64(len(warm))
	slope := (n*ho - hours*own) / (n*hh - hours*hours)
	return []figure{
		{"memory at the end", warm[len(warm)-1].own, "MB", 650, ""},
		{"its slope", slope, "MB/h", 1, ""},
		{"memory, first of these", warm[0].own, "MB", 0, ""},
		{"memory, a third on", warm[len(warm)/3].own, "MB", 0, ""},
		{"memory, two thirds on", warm[len(warm)*2/3].own, "MB", 0, ""},
		{"descriptors, lowest", float64(lowest), "", 0, ""},
		{"descriptors, highest", float64(highest), "", 0, ""},
	}
}
