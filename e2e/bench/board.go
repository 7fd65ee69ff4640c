package main

import (
	"context"
	"errors"
	"fmt"
	"time"

	"gsl/app/access"
	"gsl/tenants"
)

// boardPage is the head's board of a large unit, looked at while its cases change
// hands. besideBoard is the screening page on the same file right after.
const (
	boardPage   = "caseload board"
	besideBoard = "screening page, beside the board"
)

const (
	benchCases   = 20_000 // open, each with a plan
	benchWorkers = 25
	changeEvery  = 20 * time.Millisecond
)

// measureBoard fills the unit and measures its board.
func (h *host) measureBoard(ctx context.Context, m *tenants.Municipality) ([]measured, error) {
	if err := fillCases(ctx, m, access.SocialUnit, benchCases, benchWorkers); err != nil {
		return nil, fmt.Errorf("fill the board: %w", err)
	}
	n := h.plan.Connections
	stop := keepChanging(ctx, m)
	found, err := h.measureAll(ctx, []target{{name: boardPage, connections: n, requests: [][]byte{h.head.ask("/cases?board=1")}}})
	if err := errors.Join(err, stop()); err != nil {
		return nil, err
	}
	beside, err := h.measureAll(ctx, []target{{name: besideBoard, connections: n, requests: each(h.files, func(id string) []byte { return h.who.ask("/files/" + id + "/screening") })}})
	return append(found, beside...), err
}

// keepChanging gives a case to somebody else again and again, so that no board is
// the one that was counted before.
func keepChanging(ctx context.Context, m *tenants.Municipality) (stop func() error) {
	ctx, cancel := context.WithCancel(ctx)
	ended := make(chan error, 1)
	go func() {
		tick := time.NewTicker(changeEvery)
		defer tick.Stop()
		for i := 0; ; i++ {
			select {
			case <-ctx.Done():
				ended <- nil
				return
			case <-tick.C:
				if err := touchCase(ctx, m, access.SocialUnit, i, benchWorkers); err != nil && ctx.Err() == nil {
					ended <- err
					return
				}
			}
		}
	}()
	return func() error { cancel(); return <-ended }
}
