package main

import (
	"context"
	"fmt"
	"sync"
	"sync/atomic"
	"time"

	"gsl/tenants"
)

// write changes a municipality's file as a small act does: a row of some hundred
// bytes. The rows are few and written again and again: a file that grows would
// take memory for its pages, and hide whether anything else does.
func write(ctx context.Context, m *tenants.Municipality, n int64) error {
	return m.Update(ctx, func(tx *tenants.Tx) error {
		_, err := tx.Exec(`INSERT INTO setting (key, value) VALUES (?,?) ON CONFLICT (key) DO UPDATE SET value = excluded.value`,
			fmt.Sprintf("bench-%d", n%50), fmt.Sprintf("%0300d", n))
		return err
	})
}

// read looks into a municipality's file, as a page does.
func read(ctx context.Context, m *tenants.Municipality) error {
	return m.View(ctx, func(tx *tenants.Tx) error {
		var n int
		return tx.QueryRow(`SELECT count(*) FROM setting`).Scan(&n)
	})
}

// look leaves a trail in the access file, as each page with a person does.
func look(ctx context.Context, m *tenants.Municipality) error {
	return m.Access().View(ctx, func(tx *tenants.Tx) error {
		var n int
		return tx.QueryRow(`SELECT count(*) FROM municipality`).Scan(&n)
	})
}

// written is one change: of which file, and when it was acknowledged.
type written struct {
	file string
	at   time.Time
}

// stream writes at a steady rate until the context ends: it does not wait for
// the one before, as people do not. It tells how long each took.
func (b *bench) stream(ctx context.Context, over []*tenants.Municipality, acknowledged func(written)) (took []time.Duration, failed int) {
	var mu sync.Mutex
	var all sync.WaitGroup
	var bad atomic.Int64
	ticker := time.NewTicker(time.Second / time.Duration(b.rate))
	defer ticker.Stop()
	for n := int64(0); ctx.Err() == nil; n++ {
		select {
		case <-ctx.Done():
		case <-ticker.C:
		}
		m := over[n%int64(len(over))]
		all.Go(func() {
			begin := time.Now()
			if err := write(context.WithoutCancel(ctx), m, n); err != nil {
				bad.Add(1)
				return
			}
			at := time.Now()
			mu.Lock()
			took = append(took, at.Sub(begin))
			mu.Unlock()
			if acknowledged != nil {
				acknowledged(written{file: "municipalities/" + m.ID + ".db", at: at})
			}
		})
	}
	all.Wait()
	return took, int(bad.Load())
}
