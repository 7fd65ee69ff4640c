package main

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"time"
)

// server is one `gsl serve`, a process of its own.
type server struct {
	Addr  string // host:port; the same after a restart
	Data  string
	s     *stage
	more  []string                // flags
	start func(c *exec.Cmd) error // nil: as it is

	cmd  *exec.Cmd
	dead chan struct{} // closed when the process is gone
}

// serve starts the program on a data directory and waits until it is ready.
func (s *stage) serve(ctx context.Context, data string, more ...string) (*server, error) {
	v, err := s.server(ctx, data, more...)
	if err != nil {
		return nil, err
	}
	return v, v.up(ctx)
}

// server makes a server that is not started yet.
func (s *stage) server(ctx context.Context, data string, more ...string) (*server, error) {
	listener, err := (&net.ListenConfig{}).Listen(ctx, "tcp", "127.0.0.1:0")
	if err != nil {
		return nil, err
	}
	v := &server{Addr: listener.Addr().String(), Data: data, s: s, more: more}
	s.after(func() error { return v.kill() })
	return v, listener.Close()
}

// up starts the process and waits until it is ready.
func (v *server) up(ctx context.Context) error {
	if err := v.launch(ctx); err != nil {
		return err
	}
	return v.ready(ctx, 20*time.Second)
}

func (v *server) launch(ctx context.Context) error {
	log, err := os.OpenFile(v.logPath(), os.O_WRONLY|os.O_CREATE|os.O_APPEND, 0o600)
	if err != nil {
		return err
	}
	defer func() { _ = log.Close() }() // the process has its own
	args := append([]string{"serve", "--data", v.Data, "--addr", v.Addr}, v.more...)
	c := exec.CommandContext(ctx, v.s.opt.gsl, args...)
	c.Cancel = func() error { return c.Process.Kill() }
	c.Env = append(os.Environ(), v.s.env...)
	c.Stdout, c.Stderr = log, log
	if v.start == nil {
		err = c.Start()
	} else {
		err = v.start(c)
	}
	if err != nil {
		return err
	}
	v.cmd, v.dead = c, make(chan struct{})
	go func(dead chan struct{}) {
		_ = c.Wait()
		close(dead)
	}(v.dead)
	return nil
}

// logPath is where all that the process said stands.
func (v *server) logPath() string {
	return filepath.Join(v.s.dir, "serve-"+strings.TrimPrefix(v.Addr, "127.0.0.1:")+".log")
}

// ready waits until the program says that it can serve.
func (v *server) ready(ctx context.Context, limit time.Duration) error {
	client := &http.Client{Timeout: 2 * time.Second, Transport: &http.Transport{DisableKeepAlives: true}}
	var last string
	err := waitFor(ctx, limit, func() bool {
		if v.gone() {
			return true
		}
		r, err := client.Get("http://" + v.Addr + "/readyz")
		if err != nil {
			last = err.Error()
			return false
		}
		_ = r.Body.Close()
		last = r.Status
		return r.StatusCode == http.StatusOK
	})
	if v.gone() {
		text, _ := os.ReadFile(v.logPath())
		return fmt.Errorf("the program ended before it served: %s", lastLines(text, 4))
	}
	if err != nil {
		return fmt.Errorf("not ready (%s): %w", last, err)
	}
	return nil
}

func (v *server) gone() bool {
	select {
	case <-v.dead:
		return true
	default:
		return false
	}
}

// kill is kill -9; it returns when the process is gone.
func (v *server) kill() error {
	if v.cmd == nil || v.gone() {
		return nil
	}
	err := v.cmd.Process.Kill()
	<-v.dead
	if errors.Is(err, os.ErrProcessDone) {
		return nil
	}
	return err
}

// stop asks the process to end, as an engine does, and says how long that took.
func (v *server) stop() (time.Duration, error) {
	begin := time.Now()
	if err := v.cmd.Process.Signal(syscall.SIGTERM); err != nil {
		return 0, err
	}
	select {
	case <-v.dead:
		return time.Since(begin), nil
	case <-time.After(30 * time.Second):
		return time.Since(begin), errors.Join(errors.New("it did not end within 30 s of SIGTERM"), v.kill())
	}
}
