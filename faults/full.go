package main

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"time"
)

// needsSmallDisk says why no small disk can be had.
func needsSmallDisk(s *suite) string {
	if os.Geteuid() != 0 {
		return "needs root, to mount a small disk"
	}
	at := filepath.Join(s.runs, "probe-small")
	if err := os.MkdirAll(at, 0o700); err != nil {
		return err.Error()
	}
	if err := system(context.Background(), "mount", "-t", "tmpfs", "-o", "size=1m", "none", at); err != nil {
		return "no small disk can be mounted here: " + err.Error()
	}
	if err := unmount(at); err != nil {
		return err.Error()
	}
	return ""
}

// diskFull: somebody fills the disk to the last byte while people work. What
// they send is refused in words with their text kept, pages are read as ever,
// and when there is space again all goes on, without a restart.
func diskFull(ctx context.Context, s *stage) error {
	small, err := s.mount(ctx, "small", "-t", "tmpfs", "-o", "size=192m", "none")
	if err != nil {
		return err
	}
	data := filepath.Join(small, "data")
	towns, err := s.towns(ctx, data)
	if err != nil {
		return err
	}
	book, err := openLedger(filepath.Join(s.dir, "ledger"))
	if err != nil {
		return err
	}
	s.after(book.close)
	v, err := s.serve(ctx, data)
	if err != nil {
		return err
	}
	var desks []*desk
	for i, t := range towns[:4] {
		p, err := v.worker(ctx, t)
		if err != nil {
			return err
		}
		d := &desk{stage: s, who: p, town: t, number: i, ledger: book, people: 3}
		desks = append(desks, d)
	}
	for round := range pick(s.suite, 2, 10) {
		if err := s.oneFull(ctx, v, desks, filepath.Join(small, "filler"), round); err != nil {
			return err
		}
	}
	if took, err := v.stop(); err != nil {
		s.broken("stopping took %v: %v", took, err)
	}
	said, err := s.ask(ctx, "", "verify", "--replicas=false", "--data", data)
	s.verify(said, err, "after the disk was full")
	return s.judge(data, towns, book.all(), "after the disk was full")
}

func (s *stage) oneFull(ctx context.Context, v *server, desks []*desk, filler string, round int) error {
	var files []string
	for _, d := range desks {
		if err := d.attend(ctx); err != nil { // all is well
			return err
		}
		file, err := d.lookUp(ctx, citizenRUN(d.number, 0))
		if err != nil {
			return err
		}
		if _, err := d.look(ctx, "/files/"+file+"/cart"); err != nil {
			return err
		}
		files = append(files, file)
	}
	if err := fillDisk(filler); err != nil {
		return err
	}
	for i, d := range desks {
		s.refused(ctx, d, files[i], filler, round)
	}
	s.readyzSays(ctx, v, http.StatusServiceUnavailable)
	s.stillRead(ctx, desks, files, true)
	if err := fillDisk(filler); err != nil { // whoever filled it goes on, and takes what was set aside for reading too
		return err
	}
	s.stillRead(ctx, desks, files, false)
	if err := os.Remove(filler); err != nil {
		return err
	}
	begin := time.Now()
	err := waitFor(ctx, 10*time.Second, func() bool {
		got, err := desks[0].who.post(ctx, "/files/"+files[0]+"/cart/items", cartForm(fmt.Sprint("de nuevo ", round)))
		return err == nil && got.status == http.StatusSeeOther
	})
	if err != nil {
		s.broken("there is space again, and still nothing can be saved: %v", err)
		return nil
	}
	s.found("until all goes on, ms", time.Since(begin).Milliseconds())
	for _, d := range desks {
		if err := d.attend(ctx); err != nil {
			s.broken("there is space again, but the desk of %s: %v", d.town.Code, err)
		}
	}
	s.readyzSays(ctx, v, http.StatusOK)
	return nil
}

func cartForm(mark string) url.Values {
	return url.Values{"item": {"D202"}, "reason": {mark}, "note": {mark}, "override_reason": {"Situación acreditada."}}
}

// fillDisk writes until there is not a byte left.
func fillDisk(path string) error {
	file, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_APPEND, 0o600)
	if err != nil {
		return err
	}
	defer func() { _ = file.Close() }()
	for size := 1 << 20; size > 0; {
		if _, err := file.Write(make([]byte, size)); err != nil {
			size /= 2
		}
	}
	return nil
}

// refused sends what a desk types to a disk that is full. The program tidies up
// meanwhile: what it gives free is filled again.
func (s *stage) refused(ctx context.Context, d *desk, file, filler string, round int) {
	for i, said := 0, 0; said < 5 && i < 100; i++ {
		mark := fmt.Sprintf("nota lleno %d %d %s", round, i, d.town.Code)
		got, err := d.who.post(ctx, "/files/"+file+"/cart/items", cartForm(mark))
		switch {
		case err != nil:
			s.broken("disk full: no answer: %v", err)
		case got.status == http.StatusSeeOther: // there was room: then it must be there
			s.count("saved with the last of the space", 1)
			if err := errors.Join(d.note("line", mark, "1"), fillDisk(filler)); err != nil {
				s.broken("%v", err)
			}
		case got.status != http.StatusServiceUnavailable:
			s.broken("disk full: the cart answered %v", got)
		default:
			said++
			s.count("refused in words", 1)
			s.wantText(got, mark, "disk full")
		}
	}
}

// wantText: the answer says what happened and holds what was typed.
func (s *stage) wantText(got answer, mark, when string) {
	if !strings.Contains(got.body, mark) {
		s.count("texts lost", 1)
		s.broken("%s: the answer does not hold what was typed", when)
	}
	if !strings.Contains(got.body, "<h1") {
		s.broken("%s: the answer is no page that says why", when)
	}
}

// stillRead: every page opens on a disk that is full. Without a byte left, not
// even for the row of who looked, it is refused in words.
func (s *stage) stillRead(ctx context.Context, desks []*desk, files []string, must bool) {
	for range pick(s.suite, 5, 50) {
		for i, d := range desks {
			for _, path := range []string{"/", "/files/" + files[i] + "/screening", "/files/" + files[i] + "/plan", "/inbox"} {
				got, err := d.who.get(ctx, path)
				switch {
				case err == nil && got.status == http.StatusOK:
					s.count("pages read on a full disk", 1)
				case err == nil && got.status == http.StatusServiceUnavailable && !must && strings.Contains(got.body, "<h1"):
					s.count("pages refused when not a byte was left for the trail of who looked", 1)
				default:
					s.broken("disk full: %s: %v %v", path, got, err)
				}
			}
		}
	}
}

func (s *stage) readyzSays(ctx context.Context, v *server, want int) {
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, "http://"+v.Addr+"/readyz", nil)
	if err != nil {
		s.broken("%v", err)
		return
	}
	got, err := http.DefaultClient.Do(r)
	if err != nil {
		s.broken("/readyz: %v", err)
		return
	}
	if err := errors.Join(got.Body.Close()); err != nil || got.StatusCode != want {
		s.broken("/readyz answered %d, want %d", got.StatusCode, want)
	}
}
