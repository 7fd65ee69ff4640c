package main

import (
	"context"
	"fmt"
	"math/rand/v2"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"time"
)

// damaged: each round harms the files of eighteen municipalities at rest: in
// sixteen one byte is turned, one is cut short, one holds what is another's. Then
// people open the pages they know. A page shows what it showed before, or says
// that it cannot be shown; it never shows another municipality's people. Those
// whose files are sound are as quick as when all are.
func damaged(ctx context.Context, s *stage) error {
	whole := filepath.Join(s.dir, "whole")
	towns, err := s.towns(ctx, whole)
	if err != nil {
		return err
	}
	known, err := s.prepare(ctx, whole, towns)
	if err != nil {
		return err
	}
	var sound, beside waits
	others := 0.0
	for round := range pick(s.suite, 1, 13) {
		data := filepath.Join(s.dir, fmt.Sprint("data-", round))
		if err := copyTree(whole, data); err != nil {
			return err
		}
		harmed, err := s.harm(data, towns)
		if err != nil {
			return err
		}
		v, err := s.serve(ctx, data)
		if err != nil {
			return err
		}
		for _, h := range harmed {
			s.openAgain(ctx, v, h, known)
		}
		begin := v.worked()
		for range 4 { // another program on the machine may disturb a turn
			if err := s.interleave(ctx, v, towns, known, &sound, &beside); err != nil {
				return err
			}
			if asQuick(&sound, &beside) {
				break
			}
		}
		others = max(others, begin.others(v.worked()))
		if _, err := v.stop(); err != nil {
			return err
		}
		said, _ := s.ask(ctx, "", "verify", "--replicas=false", "--data", data)
		for _, h := range harmed {
			if strings.Contains(said, "BAD  municipalities/"+h.town.ID) || strings.Contains(said, "BAD  audit of "+h.town.Code) {
				s.count("found by gsl verify", 1)
			}
		}
		if err := os.RemoveAll(data); err != nil {
			return err
		}
	}
	s.judgeWaits(&sound, &beside, others)
	return nil
}

// page is one that people know, with the words it showed.
type page struct{ path, text string }

// prepare lets desks work for a while and writes down what their pages show.
func (s *stage) prepare(ctx context.Context, data string, towns []town) (map[string][]page, error) {
	book, err := openLedger(filepath.Join(s.dir, "ledger"))
	if err != nil {
		return nil, err
	}
	s.after(book.close)
	v, err := s.serve(ctx, data)
	if err != nil {
		return nil, err
	}
	known, people := map[string][]page{}, map[string]*person{}
	for i, t := range towns {
		p, err := v.worker(ctx, t)
		if err != nil {
			return nil, err
		}
		people[t.ID] = p
		d := &desk{stage: s, who: p, town: t, number: i, ledger: book, people: 4}
		for range 4 {
			if err := d.attend(ctx); err != nil {
				return nil, err
			}
		}
	}
	for _, t := range towns {
		p := people[t.ID]
		for _, e := range book.all() {
			paths := map[string][]string{"file": {"/files/" + e.ID + "/screening", "/files/" + e.ID + "/plan", "/files/" + e.ID + "/referrals"}, "plan": {"/plans/" + e.ID}}[e.Kind]
			for _, path := range paths {
				if e.Town != t.ID {
					continue
				}
				first, err := p.get(ctx, path)
				if err != nil || first.status != http.StatusOK {
					return nil, fmt.Errorf("%s answered %v %w", path, first, err)
				}
				again, err := p.get(ctx, path)
				if err == nil && words(first.body) == words(again.body) {
					known[t.ID] = append(known[t.ID], page{path, words(first.body)})
				}
			}
		}
		if len(known[t.ID]) < 5 {
			return nil, fmt.Errorf("%s: only %d pages say twice the same", t.Code, len(known[t.ID]))
		}
	}
	_, err = v.stop()
	return known, err
}

var (
	scripts = regexp.MustCompile(`(?s)<(script|style)[^>]*>.*?</(script|style)>`)
	tags    = regexp.MustCompile(`<[^>]*>`)
	clocks  = regexp.MustCompile(`\b\d{1,2}:\d\d\b|\b\d+ (min|h)\b`)
)

// words is what a person reads of a page, without the time of day
// and how long ago.
func words(body string) string {
	text := tags.ReplaceAllString(scripts.ReplaceAllString(body, " "), " ")
	return clocks.ReplaceAllString(strings.Join(strings.Fields(text), " "), "")
}

// harmedTown is a municipality whose file was harmed, and how.
type harmedTown struct {
	town town
	how  string
}

// soundTowns at the end of the list keep their files.
const soundTowns = 2

func (s *stage) harm(data string, towns []town) (list []harmedTown, err error) {
	for i, t := range towns[:len(towns)-soundTowns] {
		path, how := t.main(data), "a byte turned"
		switch i {
		case 0:
			how, err = "cut short", cutShort(path)
		case 1:
			how, err = "another's content", copyFile(towns[2].main(data), path)
		default:
			if i%5 == 4 {
				path = t.access(data)
			}
			err = turnByte(path)
		}
		if err != nil {
			return nil, err
		}
		s.count("files with "+how, 1)
		list = append(list, harmedTown{t, how})
	}
	return list, nil
}

// turnByte changes one byte where something is written: most of a young file is
// empty, and there it would harm nothing. As when a disk rots, the file's time
// stays.
func turnByte(path string) error {
	info, err := os.Stat(path)
	if err != nil {
		return err
	}
	text, err := os.ReadFile(path)
	if err != nil {
		return err
	}
	at := rand.IntN(len(text))
	for text[at] == 0 {
		at = rand.IntN(len(text))
	}
	text[at] ^= byte(1 + rand.IntN(255))
	if err := os.WriteFile(path, text, 0o600); err != nil {
		return err
	}
	return os.Chtimes(path, time.Time{}, info.ModTime())
}

func cutShort(path string) error {
	info, err := os.Stat(path)
	if err != nil {
		return err
	}
	return os.Truncate(path, info.Size()/2/4096*4096)
}

// openAgain opens the pages that people of a harmed municipality know.
func (s *stage) openAgain(ctx context.Context, v *server, h harmedTown, known map[string][]page) {
	p := newPerson(v.Addr, "")
	if err := p.signIn(ctx, h.town.Worker); err != nil {
		s.count("municipalities of which nobody could come in", 1)
	}
	for _, page := range known[h.town.ID] {
		got, err := p.get(ctx, page.path)
		switch {
		case err != nil:
			s.broken("%s (%s): no answer: %v", h.town.Code, h.how, err)
		case got.status == http.StatusOK && words(got.body) == page.text:
			s.count("pages shown as they were", 1)
			if h.how == "another's content" {
				s.broken("%s: the file of another answers for it", h.town.Code)
			}
		case got.status == http.StatusOK:
			s.count("pages shown otherwise", 1)
			s.broken("%s (%s): %s shows something else: %s", h.town.Code, h.how, page.path, difference(page.text, words(got.body)))
		case got.status == http.StatusServiceUnavailable && strings.Contains(got.body, "<h1"):
			s.count("pages refused in words", 1)
		default:
			s.count("pages refused", 1)
			if got.status != http.StatusNotFound && got.status < 500 {
				s.broken("%s (%s): %s answered %v", h.town.Code, h.how, page.path, got)
			}
		}
	}
}

// difference is where two texts part.
func difference(a, b string) string {
	i := 0
	for i < min(len(a), len(b)) && a[i] == b[i] {
		i++
	}
	return fmt.Sprintf("%q, not %q", b[max(0, i-20):min(len(b), i+40)], a[max(0, i-20):min(len(a), i+40)])
}

// interleave measures a sound municipality by turns: while others ask the pages
// of another sound one, and while they ask those of harmed ones.
func (s *stage) interleave(ctx context.Context, v *server, towns []town, known map[string][]page, sound, beside *waits) error {
	measured, other := towns[len(towns)-1], towns[len(towns)-2]
	who, err := v.worker(ctx, measured)
	if err != nil {
		return err
	}
	well, err := v.worker(ctx, other)
	if err != nil {
		return err
	}
	var sick []*person
	for _, t := range towns[:6] {
		p := newPerson(v.Addr, "")
		_ = p.signIn(ctx, t.Worker) // some cannot come in: they go on asking
		sick = append(sick, p)
	}
	for turn := range pick(s.suite, 12, 24) {
		phase, cancel := context.WithTimeout(ctx, 250*time.Millisecond)
		ended := make(chan struct{})
		go func() {
			defer close(ended)
			for n := 0; pause(phase, 4*time.Millisecond) == nil; n++ {
				p, t := well, other
				if turn%2 == 1 {
					p, t = sick[n%len(sick)], towns[n%len(sick)]
				}
				pages := known[t.ID]
				_, _ = p.get(phase, pages[n%len(pages)].path)
			}
		}()
		into := []*waits{sound, beside}[turn%2]
		for n := 0; phase.Err() == nil; n++ {
			pages := known[measured.ID]
			got, err := who.get(ctx, pages[n%len(pages)].path)
			if known := pages[n%len(pages)]; err != nil || got.status != http.StatusOK || words(got.body) != known.text {
				s.broken("a sound municipality: %s answered %v %v: %s", known.path, got, err, difference(known.text, words(got.body)))
			}
			into.add(got.took)
			_ = pause(phase, 2*time.Millisecond)
		}
		cancel()
		<-ended
	}
	return nil
}

// asQuick: within a tenth, or a millisecond where that is more.
func asQuick(sound, beside *waits) bool {
	a := sound.of(95)
	return beside.of(95) <= max(a*11/10, a+time.Millisecond)
}

func (s *stage) judgeWaits(sound, beside *waits, others float64) {
	a, b := sound.of(95), beside.of(95)
	s.found("pages of a sound municipality that were timed", len(sound.list)+len(beside.list))
	s.found("p95 beside sound files, ms", float64(a.Microseconds())/1000)
	s.found("p95 beside harmed files, ms", float64(b.Microseconds())/1000)
	if !asQuick(sound, beside) {
		s.slow(others, "beside harmed files a sound one takes %v (p95), beside sound ones %v", b, a)
	}
}
