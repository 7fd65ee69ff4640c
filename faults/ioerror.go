package main

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"time"
)

func needsStrace(*suite) string {
	if missing := lacks("strace"); missing != "" {
		return missing + " (apt install strace)"
	}
	c := exec.Command("strace", "-f", "-qq", "-o", "/dev/null", "-e", "inject=getpid:error=EIO", "true")
	if said, err := c.CombinedOutput(); err != nil {
		return "strace cannot make calls fail here: " + lastLines(said, 1)
	}
	return ""
}

// ioError: the disk fails for one municipality's file, as the kernel reports it.
// Nothing is acknowledged there, its pages are read, everybody else notices
// nothing, and when the disk is whole again it goes on. Then any call on any file
// may fail now and then, while twenty desks work: no yes may be a false one.
func ioError(ctx context.Context, s *stage) error {
	data := filepath.Join(s.dir, "data")
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
	for _, calls := range []string{"fsync,fdatasync", "pwrite64", "pwrite64,fsync,fdatasync,ftruncate"} {
		if err := s.oneFailing(ctx, v, towns, book, calls); err != nil {
			return err
		}
	}
	if err := s.trailFailing(ctx, v, towns); err != nil {
		return err
	}
	if err := s.nationalFailing(ctx, v, towns); err != nil {
		return err
	}
	if err := s.nowAndThen(ctx, v, towns, book); err != nil {
		return err
	}
	if err := v.kill(); err != nil {
		return err
	}
	if err := s.judge(data, towns, book.all(), "after the disk failed"); err != nil {
		return err
	}
	if err := v.up(ctx); err != nil {
		s.broken("the program does not start after the disk failed: %v", err)
		return nil
	}
	if _, err := v.stop(); err != nil {
		return err
	}
	said, err := s.ask(ctx, "", "verify", "--replicas=false", "--data", data)
	s.verify(said, err, "after the disk failed")
	return nil
}

// failing lets calls of the running program fail until it is ended.
func (s *stage) failing(ctx context.Context, v *server, calls, how string, paths ...string) (end func() error, err error) {
	log := filepath.Join(s.dir, "strace.log")
	args := []string{"-f", "-o", log, "-p", strconv.Itoa(v.cmd.Process.Pid), "-e", "trace=" + calls, "-e", "inject=" + calls + ":error=EIO" + how}
	for _, path := range paths {
		args = append(args, "-P", path)
	}
	c := exec.CommandContext(ctx, "strace", args...)
	said, err := os.Create(filepath.Join(s.dir, "strace.err"))
	if err != nil {
		return nil, err
	}
	c.Stderr = said
	if err := c.Start(); err != nil {
		return nil, err
	}
	attached := func() bool {
		text, _ := os.ReadFile(said.Name())
		return strings.Contains(string(text), "attached")
	}
	if err := waitFor(ctx, 5*time.Second, attached); err != nil {
		return nil, fmt.Errorf("strace: %w", err)
	}
	return func() error {
		_ = c.Process.Signal(syscall.SIGINT)
		_ = c.Wait() // its code is that of the signal
		_ = said.Close()
		text, err := os.ReadFile(log)
		s.count("calls that failed", strings.Count(string(text), "(INJECTED)"))
		return err
	}, nil
}

// oneFailing: the main file of one municipality cannot be written.
func (s *stage) oneFailing(ctx context.Context, v *server, towns []town, book *ledger, calls string) error {
	sick, well := towns[0], towns[1]
	var desks [2]*desk
	var files [2]string
	for i, t := range []town{sick, well} {
		p, err := v.worker(ctx, t)
		if err != nil {
			return err
		}
		desks[i] = &desk{stage: s, who: p, town: t, number: i, ledger: book, people: 3}
		if err := desks[i].attend(ctx); err != nil {
			return err
		}
		if files[i], err = desks[i].lookUp(ctx, citizenRUN(i, 0)); err != nil {
			return err
		}
		if _, err := desks[i].look(ctx, "/files/"+files[i]+"/cart"); err != nil {
			return err
		}
	}
	end, err := s.failing(ctx, v, calls, "", sick.main(v.Data), sick.main(v.Data)+"-wal")
	if err != nil {
		return err
	}
	for i := range 4 {
		mark := fmt.Sprintf("nota %s %d", calls, i)
		got, err := desks[0].who.post(ctx, "/files/"+files[0]+"/cart/items", cartForm(mark))
		switch {
		case err != nil:
			s.broken("%s fails: no answer: %v", calls, err)
		case got.status == http.StatusSeeOther:
			s.broken("%s fails, and the cart says yes", calls)
			_ = desks[0].note("line", mark, "1")
		case got.status != http.StatusServiceUnavailable:
			s.broken("%s fails: the cart answered %v", calls, got)
		default:
			s.count("refused in words", 1)
			s.wantText(got, mark, calls+" fails")
		}
		for _, path := range []string{"/files/" + files[0] + "/plan", "/files/" + files[0] + "/screening", "/inbox"} {
			if got, err := desks[0].who.get(ctx, path); err != nil || got.status != http.StatusOK {
				s.broken("%s fails: the file cannot be read: %v %v", calls, got, err)
			}
		}
		if err := desks[1].attend(ctx); err != nil {
			s.broken("%s fails elsewhere, and the desk of %s: %v", calls, well.Code, err)
		}
	}
	if err := end(); err != nil {
		return err
	}
	begin := time.Now()
	err = waitFor(ctx, 10*time.Second, func() bool {
		got, err := desks[0].who.post(ctx, "/files/"+files[0]+"/cart/items", cartForm("nota de nuevo "+calls))
		return err == nil && got.status == http.StatusSeeOther
	})
	if err != nil {
		s.broken("the disk is whole again (%s), and the file cannot be changed: %v", calls, err)
		return nil
	}
	s.found("until the file can be changed again, ms", time.Since(begin).Milliseconds())
	return desks[0].attend(ctx)
}

// trailFailing: the trail of who looked cannot be written. Nobody looks at
// anybody then, and is told so; what shows nobody goes on, and so does everybody else.
func (s *stage) trailFailing(ctx context.Context, v *server, towns []town) error {
	sick, err := v.worker(ctx, towns[0])
	if err != nil {
		return err
	}
	well, err := v.worker(ctx, towns[1])
	if err != nil {
		return err
	}
	found, err := sick.post(ctx, "/lookup", url.Values{"run": {citizenRUN(0, 0)}})
	if err != nil {
		return err
	}
	other, err := well.post(ctx, "/lookup", url.Values{"run": {citizenRUN(1, 0)}})
	if err != nil {
		return err
	}
	end, err := s.failing(ctx, v, "pwrite64,fsync,fdatasync", "", towns[0].access(v.Data), towns[0].access(v.Data)+"-wal")
	if err != nil {
		return err
	}
	for range 5 {
		got, err := sick.get(ctx, found.location)
		if err != nil || got.status != http.StatusServiceUnavailable {
			s.broken("the trail fails, and somebody is shown: %v %v", got, err)
		}
		s.wantText(got, "", "the trail fails")
		if got, err := well.get(ctx, other.location); err != nil || got.status != http.StatusOK {
			s.broken("the trail of another fails: %v %v", got, err)
		}
	}
	if err := end(); err != nil {
		return err
	}
	return waitFor(ctx, 10*time.Second, func() bool {
		got, err := sick.get(ctx, found.location)
		return err == nil && got.status == http.StatusOK
	})
}

// nationalFailing: the file of people and sessions cannot be written. Who is in
// goes on working; who comes is told in words, and let in when it is whole again.
func (s *stage) nationalFailing(ctx context.Context, v *server, towns []town) error {
	in, err := v.worker(ctx, towns[2])
	if err != nil {
		return err
	}
	national := filepath.Join(v.Data, "national.db")
	end, err := s.failing(ctx, v, "pwrite64,fsync,fdatasync", "", national, national+"-wal")
	if err != nil {
		return err
	}
	for n := range 5 {
		got, err := in.post(ctx, "/lookup", url.Values{"run": {citizenRUN(2, n)}})
		if err != nil || got.status != http.StatusSeeOther {
			s.broken("national.db fails, and who is in cannot work: %v %v", got, err)
		}
		newcomer := newPerson(v.Addr, address(6, n))
		if _, err := newcomer.get(ctx, "/login"); err != nil {
			s.broken("national.db fails: the sign-in: %v", err)
		}
		got, err = newcomer.post(ctx, "/login", url.Values{"run": {towns[5+n].Worker}, "password": {password}})
		if err != nil || got.status != http.StatusServiceUnavailable {
			s.broken("national.db fails: the sign-in answered %v %v", got, err)
		}
		s.count("sign-ins refused in words", 1)
		s.wantText(got, "", "national.db fails")
	}
	if err := end(); err != nil {
		return err
	}
	if err := newPerson(v.Addr, address(7, 1)).signIn(ctx, towns[5].Worker); err != nil {
		s.broken("national.db is whole again: %v", err)
	}
	return nil
}

// nowAndThen: one call in thirty fails, on any file, while all desks work.
func (s *stage) nowAndThen(ctx context.Context, v *server, towns []town, book *ledger) error {
	desks, err := s.openDesks(ctx, v, towns, book)
	if err != nil {
		return err
	}
	defer desks.close()
	for range pick(s.suite, 1, 5) {
		end, err := s.failing(ctx, v, "fsync,fdatasync,pwrite64", ":when=7+31")
		if err != nil {
			return err
		}
		if err := pause(ctx, pick(s.suite, 3*time.Second, 20*time.Second)); err != nil {
			return err
		}
		if err := end(); err != nil {
			return err
		}
		if err := pause(ctx, time.Second); err != nil {
			return err
		}
	}
	return nil
}
