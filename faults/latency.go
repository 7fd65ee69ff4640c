package main

import (
	"context"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"
)

// waits are how long answers took.
type waits struct {
	mu   sync.Mutex
	list []time.Duration
	bad  []string // answers that were none
}

func (w *waits) add(d time.Duration) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.list = append(w.list, d)
}

// of is the wait that so many of a hundred were below.
func (w *waits) of(percent int) time.Duration {
	w.mu.Lock()
	defer w.mu.Unlock()
	if len(w.list) == 0 {
		return 0
	}
	sorted := slices.Sorted(slices.Values(w.list))
	return sorted[min(len(sorted)-1, len(sorted)*percent/100)]
}

// watch lets people who are already in go on working, each a page every 50 ms,
// until the context ends, and gives how long they waited.
func watch(ctx context.Context, people []*person, pages []string) *waits {
	w := &waits{}
	var all sync.WaitGroup
	for i, p := range people {
		all.Go(func() {
			for n := i; pause(ctx, 50*time.Millisecond) == nil; n++ {
				got, err := p.get(ctx, pages[n%len(pages)])
				if ctx.Err() != nil {
					return
				}
				if err != nil || got.status != http.StatusOK {
					w.mu.Lock()
					w.bad = append(w.bad, pages[n%len(pages)]+" answered "+got.String())
					w.mu.Unlock()
					continue
				}
				w.add(got.took)
			}
		})
	}
	all.Wait()
	return w
}

// fastEnough is what people who are in must not notice of a flood.
const fastEnough = 300 * time.Millisecond

// stayQuick plays a flood, three times at most, while people who are in work: at
// least once their p95 stays below the limit (another program on the machine may
// disturb a run), and every time each of them is answered.
func (s *stage) stayQuick(ctx context.Context, length time.Duration, o *office, flood func(context.Context)) {
	var p95 time.Duration
	others := 1.0
	for try := range 3 {
		if try > 0 {
			s.count("runs taken again", 1)
		}
		playing, cancel := context.WithTimeout(ctx, length)
		var flooding sync.WaitGroup
		flooding.Go(func() { flood(playing) })
		begin := o.server.worked()
		w := watch(playing, o.people, o.pages)
		others = min(others, begin.others(o.server.worked()))
		cancel()
		flooding.Wait()
		for _, bad := range w.bad {
			s.broken("somebody who is in: %s", bad)
		}
		p95 = w.of(95)
		s.found("people in: answers", len(w.list))
		s.found("people in: p50, ms", w.of(50).Milliseconds())
		s.found("people in: p95, ms", p95.Milliseconds())
		s.found("people in: p99, ms", w.of(99).Milliseconds())
		if p95 <= fastEnough || ctx.Err() != nil {
			return
		}
	}
	s.slow(others, "people who are in wait %v (p95) for a page", p95)
}

// usage is what a process takes.
type usage struct{ Memory, Descriptors int } // MB of its own, open files and connections

func (v *server) usage() (u usage) {
	proc := filepath.Join("/proc", strconv.Itoa(v.cmd.Process.Pid))
	text, _ := os.ReadFile(filepath.Join(proc, "status"))
	for line := range strings.Lines(string(text)) {
		if rest, found := strings.CutPrefix(line, "RssAnon:"); found {
			kb, _ := strconv.Atoi(strings.Fields(rest)[0])
			u.Memory = kb / 1024
		}
	}
	list, _ := os.ReadDir(filepath.Join(proc, "fd"))
	u.Descriptors = len(list)
	return u
}

// highest looks at what the process takes until the context ends.
func (v *server) highest(ctx context.Context) (top usage) {
	for pause(ctx, 100*time.Millisecond) == nil {
		now := v.usage()
		top.Memory, top.Descriptors = max(top.Memory, now.Memory), max(top.Descriptors, now.Descriptors)
	}
	return top
}

// office is a server with people at work, as the floods find it.
type office struct {
	server *server
	data   string
	towns  []town
	people []*person
	files  []string // of the first town
	pages  []string // that people look at, of every town
}

// newOffice opens the program, signs one person in for each of the first towns
// and gives them something to look at.
func (s *stage) newOffice(ctx context.Context, people int) (*office, error) {
	o := &office{data: filepath.Join(s.dir, "data")}
	var err error
	if o.towns, err = s.towns(ctx, o.data); err != nil {
		return nil, err
	}
	if o.server, err = s.serve(ctx, o.data); err != nil {
		return nil, err
	}
	book, err := openLedger(filepath.Join(s.dir, "ledger"))
	if err != nil {
		return nil, err
	}
	s.after(book.close)
	for i := range people {
		p, err := o.server.worker(ctx, o.towns[0])
		if err != nil {
			return nil, err
		}
		o.people = append(o.people, p)
		d := &desk{stage: s, who: p, town: o.towns[0], number: i, ledger: book, people: 2}
		if err := d.attend(ctx); err != nil {
			return nil, err
		}
		file, err := d.lookUp(ctx, citizenRUN(i, 1))
		if err != nil {
			return nil, err
		}
		o.files = append(o.files, file)
		o.pages = append(o.pages, "/", "/files/"+file+"/screening", "/files/"+file+"/plan", "/files/"+file+"/cart", "/inbox")
	}
	return o, nil
}
