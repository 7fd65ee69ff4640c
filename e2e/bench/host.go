package main

import (
	"context"
	"encoding/json"
	"errors"
	"log/slog"
	"math/rand/v2"
	"net"
	"os"
	"time"

	"gsl/app"
	"gsl/app/access"
	"gsl/app/demo"
	"gsl/tenants"
)

// hostPlan is what a host is told on its standard input.
type hostPlan struct {
	Data        string // data directory, of this host alone
	Scale       string // of its demo
	Desks       bool   // measure what the desks do
	Rush        string // CSV to import while the pages are asked for; "": measure the pages one by one
	Rounds      int
	Seconds     float64
	Connections int
	Targets     string // names with commas between; "": all
	Profile     string // directory, "": none
}

// host is the process that is measured: the real program behind a real socket,
// and the clocks to read what it used.
type host struct {
	plan  hostPlan
	app   *app.App
	addr  string
	who   *visitor
	head  *visitor // of the unit; only where the desks are measured
	files []string
	plans []string

	patience int // disturbed runs that may still be taken again
}

// beHost runs the program, has it measured and prints what was found.
func beHost(ctx context.Context) (err error) {
	h := &host{patience: patience}
	if err := json.NewDecoder(os.Stdin).Decode(&h.plan); err != nil {
		return err
	}
	stop, err := h.open(ctx)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, stop()) }()
	if h.plan.Rush != "" {
		found, err := h.rush(ctx)
		return errors.Join(err, json.NewEncoder(os.Stdout).Encode(found))
	}
	if h.plan.Desks {
		found, err := h.desks(ctx)
		return errors.Join(err, json.NewEncoder(os.Stdout).Encode(found))
	}
	found, err := h.measure(ctx)
	return errors.Join(err, json.NewEncoder(os.Stdout).Encode(found))
}

// open serves the data directory as gsl serve does, and signs in.
func (h *host) open(ctx context.Context) (stop func() error, err error) {
	log, err := os.Create(hostLog(h.plan.Data)) //nolint:gosec // ours
	if err != nil {
		return nil, err
	}
	listener, err := (&net.ListenConfig{}).Listen(ctx, "tcp", "127.0.0.1:0")
	if err != nil {
		return nil, err
	}
	config := app.Config{Data: h.plan.Data, Demo: true, IdleAfter: 15 * time.Minute, MaxOpen: 200, Checkpoint: 1000, GCPercent: app.GCPercent}
	if h.app, err = app.Open(ctx, config, nil, slog.New(slog.NewJSONHandler(log, nil))); err != nil {
		return nil, err
	}
	h.addr = listener.Addr().String()
	serving, end := context.WithCancel(ctx)
	ended := make(chan error, 1)
	go func() { ended <- h.app.Serve(serving, listener) }()
	stop = func() error { //nolint:contextcheck // closing outlives what it was opened for
		end()
		return errors.Join(<-ended, h.app.Close(), log.Close())
	}
	if err := h.enter(ctx); err != nil {
		return nil, errors.Join(err, stop())
	}
	return stop, nil
}

// enter signs in the case manager of the demo's first municipality and lists
// what there is to look at, in an order that is not the files' own.
func (h *host) enter(ctx context.Context) error {
	account, err := caseManager(h.plan.Scale)
	if err != nil {
		return err
	}
	if h.who, err = signIn(h.addr, account.RUN.Format(), demo.Password); err != nil {
		return err
	}
	m, err := h.town(ctx)
	if err != nil {
		return err
	}
	if h.files, h.plans, err = identifiers(ctx, m); err != nil {
		return err
	}
	if len(h.files) == 0 || len(h.plans) == 0 {
		return errors.New("the demo has no case files or no plans")
	}
	order := rand.New(rand.NewPCG(1, 2)) //nolint:gosec // an order, no secret
	order.Shuffle(len(h.files), func(i, j int) { h.files[i], h.files[j] = h.files[j], h.files[i] })
	order.Shuffle(len(h.plans), func(i, j int) { h.plans[i], h.plans[j] = h.plans[j], h.plans[i] })
	return nil
}

// town is the municipality that is measured: the demo's first.
func (h *host) town(ctx context.Context) (*tenants.Municipality, error) {
	account, err := caseManager(h.plan.Scale)
	if err != nil {
		return nil, err
	}
	return municipality(ctx, h.app, account.MunicipalityCode)
}

func caseManager(scale string) (demo.Account, error) {
	places, ok := demo.Places(demo.Scale(scale))
	if ok {
		for _, account := range demo.Accounts(places) {
			if account.Role == access.CaseManager {
				return account, nil
			}
		}
	}
	return demo.Account{}, errors.New("no case manager in a demo of scale " + scale)
}
