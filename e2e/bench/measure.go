package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"runtime"
	"runtime/pprof"
	"slices"
	"strings"
)

// target is one kind of request to the program.
type target struct {
	name        string
	connections int
	once        bool
	status      int // of the answers; 0: 200
	requests    [][]byte
}

// cost is what one run of requests took of client and host.
type cost struct {
	Rate          float64 // requests a second
	P50, P99, Max float64 // µs
	CPU           float64 // µs of the host for each request, the whole process
	Allocs        float64 // of the host's heap for each request
	Others        float64 // share of the machine that other programs took meanwhile
}

// measured is a target's median round, and that of a bare handler with the same bytes.
type measured struct {
	Name  string
	Size  int // bytes of the answer's body
	Page  cost
	Bare  cost
	Files int // different addresses asked for
}

// Items of the catalogue that ask for nothing but the name.
var plainItems = []string{"C001", "C002", "C003", "C004", "C005", "C006", "D201", "D204", "D207", "D208", "D209", "D210"}

// targets are the requests to be measured, changes last: they make carts grow.
func (h *host) targets() []target {
	fragment := "Hx-Request: true"
	perFile := func(path string, more ...string) [][]byte {
		return each(h.files, func(id string) []byte { return h.who.ask("/files/"+id+path, more...) })
	}
	n := h.plan.Connections
	return []target{
		{name: screeningPage, connections: n, requests: perFile("/screening")},
		{name: "screening page, gzip", connections: n, requests: perFile("/screening", "Accept-Encoding: gzip, deflate, br")},
		{name: "catalogue fragment", connections: n, requests: perFile("/catalogue", fragment)},
		{name: "catalogue keystroke", connections: n, requests: perFile("/catalogue?category=E&q=ali", fragment, "Hx-Target: div#catalogue-body")},
		{name: "plan page", connections: n, requests: each(h.plans, func(id string) []byte { return h.who.ask("/plans/" + id) })},
		{name: planPDF, connections: 1, requests: each(h.plans, func(id string) []byte { return h.who.ask("/plans/" + id + ".pdf") })},
		{name: cartAdd, connections: min(n, 8), once: true, requests: h.additions()},
	}
}

func each(ids []string, request func(id string) []byte) [][]byte {
	list := make([][]byte, len(ids))
	for i, id := range ids {
		list[i] = request(id)
	}
	return list
}

// additions put every plain item into every cart, each once.
func (h *host) additions() (list [][]byte) {
	for _, item := range plainItems {
		list = append(list, each(h.files, func(id string) []byte {
			return h.who.send("/files/"+id+"/cart/items", url.Values{"item": {item}, "override_reason": {"Situación acreditada en la entrevista."}})
		})...)
	}
	return list
}

// measure gives the median round of each target that was asked for.
func (h *host) measure(ctx context.Context) ([]measured, error) {
	return h.measureAll(ctx, h.targets())
}

// wanted is the status that an answer must have.
func (t *target) wanted() int {
	if t.status == 0 {
		return http.StatusOK
	}
	return t.status
}

func (h *host) measureAll(ctx context.Context, targets []target) ([]measured, error) {
	var found []measured
	for i := range targets {
		t := &targets[i]
		if h.plan.Targets != "" && !slices.Contains(strings.Split(h.plan.Targets, ","), t.name) {
			continue
		}
		one, err := h.compare(ctx, t)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", t.name, err)
		}
		found = append(found, one)
	}
	return found, nil
}

// compare measures a target and the bare handler in turn, so that what disturbs
// the machine disturbs both.
func (h *host) compare(ctx context.Context, t *target) (measured, error) {
	typical, err := h.typical(t)
	if err != nil {
		return measured{}, err
	}
	bare := httptest.NewServer(typical)
	defer bare.Close()
	page := job{Addr: h.addr, Connections: t.connections, Seconds: h.plan.Seconds, Once: t.once, Status: t.wanted(), Requests: t.requests}
	empty := job{Addr: bare.Listener.Addr().String(), Connections: t.connections, Seconds: h.plan.Seconds / 2, Status: t.wanted(), Requests: t.requests[:1]}
	if err := h.warmUp(ctx, page, empty); err != nil {
		return measured{}, err
	}
	var pages, bares []cost
	for round := range h.plan.Rounds {
		if t.once {
			page.Requests = share(t.requests, round, h.plan.Rounds)
		}
		if err := h.profile(t.name, round, func() error { return h.add(ctx, &pages, &page) }); err != nil {
			return measured{}, err
		}
		if err := h.add(ctx, &bares, &empty); err != nil {
			return measured{}, err
		}
	}
	return measured{Name: t.name, Size: len(typical.body), Files: len(t.requests), Page: median(pages), Bare: median(bares)}, nil
}

// add measures once more. A run that other programs disturbed is taken again, a
// few times: a ratio of two runs is worth nothing when one of them had half a
// machine. What is measured only once in its life counts as it is.
func (h *host) add(ctx context.Context, list *[]cost, j *job) error {
	for {
		c, err := h.run(ctx, j)
		if err != nil || j.Once || c.Others < disturbed || h.patience == 0 {
			*list = append(*list, c)
			return err
		}
		h.patience--
	}
}

// A run counts as disturbed when others took this share of the machine; a host
// measures so many of them again.
const (
	disturbed = 0.05
	patience  = 12
)

// warmUp asks for every page once: the first of a day notes in the file that the
// registry said the same as before, and a server that runs has done that.
func (h *host) warmUp(ctx context.Context, page, empty job) error {
	empty.Seconds = 0.3
	_, err := h.run(ctx, &empty)
	if err != nil || page.Once {
		return err
	}
	page.Once, page.Seconds = true, 20
	_, err = h.run(ctx, &page)
	return err
}

// share is a round's part of requests that must not be repeated.
func share(list [][]byte, round, rounds int) [][]byte {
	return list[len(list)*round/rounds : len(list)*(round+1)/rounds]
}

// ServeHTTP returns the answer byte for byte: the least that any program could
// do with net/http.
func (a answer) ServeHTTP(w http.ResponseWriter, _ *http.Request) {
	header := w.Header()
	for name, values := range a.header {
		header[name] = values
	}
	w.WriteHeader(a.status)
	_, _ = w.Write(a.body)
}

// typical is the answer of median size among some of a target's. A change is
// asked for once: its request is spent.
func (h *host) typical(t *target) (answer, error) {
	list := make([]answer, 0, 32)
	for range cap(list) {
		request := t.requests[len(list)*(len(t.requests)-1)/cap(list)]
		if t.once {
			request = t.requests[0]
			t.requests = t.requests[1:]
		}
		a, err := exchange(h.addr, request)
		if err != nil {
			return a, err
		}
		if a.status != t.wanted() {
			return a, fmt.Errorf("%s answered %d", request[:bytes.IndexByte(request, '\r')], a.status)
		}
		delete(a.header, "Date") // the server adds its own
		list = append(list, a)
	}
	slices.SortFunc(list, func(a, b answer) int { return len(a.body) - len(b.body) })
	return list[len(list)/2], nil
}

// run lets a load generator loose on an address and reads the clocks around it.
func (h *host) run(ctx context.Context, j *job) (cost, error) {
	g, err := startGenerator(ctx, j)
	if err != nil {
		return cost{}, err
	}
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	machine, worked := readMachine(), cpuTime()
	s, err := g.finish()
	worked = cpuTime() - worked
	others := machine.others(readMachine(), worked+g.worked())
	runtime.ReadMemStats(&after)
	if err != nil {
		return cost{}, err
	}
	if s.Wrong > 0 {
		return cost{}, fmt.Errorf("%d requests went wrong: %s", s.Wrong, s.FirstBad)
	}
	if s.Requests == 0 {
		return cost{}, errors.New("nothing was answered")
	}
	n := float64(s.Requests)
	return cost{Rate: n / s.Seconds, P50: s.P50, P99: s.P99, Max: s.Max,
		CPU: float64(worked.Microseconds()) / n, Allocs: float64(after.Mallocs-before.Mallocs) / n, Others: others}, nil
}

// profile runs the first round under the profilers, when asked to.
func (h *host) profile(name string, round int, run func() error) error {
	if h.plan.Profile == "" || round > 0 {
		return run()
	}
	base := filepath.Join(h.plan.Profile, strings.NewReplacer(" ", "-", ",", "").Replace(name))
	cpu, err := os.Create(base + ".cpu") //nolint:gosec // the operator names the directory
	if err != nil {
		return err
	}
	if err := pprof.StartCPUProfile(cpu); err != nil {
		return err
	}
	err = run()
	pprof.StopCPUProfile()
	allocs, failed := os.Create(base + ".allocs") //nolint:gosec // the same
	if err := errors.Join(err, failed, cpu.Close()); err != nil {
		return err
	}
	return errors.Join(pprof.Lookup("allocs").WriteTo(allocs, 0), allocs.Close())
}

// median is the middle round, each figure by itself.
func median(list []cost) cost {
	middle := func(of func(cost) float64) float64 {
		values := make([]float64, len(list))
		for i := range list {
			values[i] = of(list[i])
		}
		slices.Sort(values)
		return values[len(values)/2]
	}
	return cost{
		Rate:   middle(func(c cost) float64 { return c.Rate }),
		P50:    middle(func(c cost) float64 { return c.P50 }),
		P99:    middle(func(c cost) float64 { return c.P99 }),
		Max:    middle(func(c cost) float64 { return c.Max }),
		CPU:    middle(func(c cost) float64 { return c.CPU }),
		Allocs: middle(func(c cost) float64 { return c.Allocs }),
		Others: middle(func(c cost) float64 { return c.Others }),
	}
}

func named(list []target, name string) *target {
	for i := range list {
		if list[i].name == name {
			return &list[i]
		}
	}
	panic("bench: no target " + name)
}
