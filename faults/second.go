package main

import (
	"context"
	"os/exec"
	"path/filepath"
	"strings"
	"time"
)

// secondProcess: while the program works in a directory, a second one refuses it
// within a second, in words, and the first notices nothing. A lock that a killed
// process left blocks nobody.
func secondProcess(ctx context.Context, s *stage) error {
	data := filepath.Join(s.dir, "data")
	towns, err := s.towns(ctx, data)
	if err != nil {
		return err
	}
	v, err := s.serve(ctx, data)
	if err != nil {
		return err
	}
	p, err := v.worker(ctx, towns[0])
	if err != nil {
		return err
	}
	slowest := time.Duration(0)
	for range pick(s.suite, 3, 20) {
		begin := time.Now()
		limited, cancel := context.WithTimeout(ctx, 5*time.Second)
		said, err := exec.CommandContext(limited, s.opt.gsl, "serve", "--data", data, "--addr", "127.0.0.1:0").CombinedOutput()
		cancel()
		slowest = max(slowest, time.Since(begin))
		if err == nil || limited.Err() == context.DeadlineExceeded {
			s.broken("a second process served the same directory")
		}
		if !strings.Contains(string(said), "another process") {
			s.broken("the second process does not say why: %s", lastLines(said, 2))
		}
		s.count("second processes", 1)
	}
	s.found("slowest refusal, ms", slowest.Milliseconds())
	if slowest > time.Second {
		s.broken("a second process took %v to refuse", slowest)
	}
	if got, err := p.get(ctx, "/"); err != nil || got.status != 200 {
		s.broken("the first one answered %v %v", got, err)
	}
	if err := v.kill(); err != nil {
		return err
	}
	begin := time.Now()
	if err := v.up(ctx); err != nil {
		s.broken("the lock of a killed process blocks the next: %v", err)
	}
	s.found("start after a kill, ms", time.Since(begin).Milliseconds())
	return nil
}
