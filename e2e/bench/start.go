package main

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"os"
	"os/exec"
	"syscall"
	"time"
)

// started is the program's start on one data directory.
type started struct {
	Name  string
	First float64 // ms from exec to the first 200 of the sign-in page
	Ready float64 // ms from exec to the 200 of /readyz
	Anon  float64 // MB of its own memory when it has stood idle for a moment
	Total float64 // MB with the pages of files
}

const startRounds = 9

func (b *bench) measureStart(ctx context.Context) error {
	for _, part := range []struct {
		name string
		make func(*dataSets, context.Context) (string, error)
		args []string
	}{
		{"demo, " + b.data.scale, (*dataSets).demo, []string{"--demo"}},
		{"345 municipalities", (*dataSets).towns, nil},
	} {
		kept, err := part.make(&b.data, ctx)
		if err != nil {
			return err
		}
		data, err := b.data.copy(kept)
		if err != nil {
			return err
		}
		one, err := measureStarts(ctx, data, part.args)
		if err := errors.Join(err, os.RemoveAll(data)); err != nil {
			return fmt.Errorf("%s: %w", part.name, err)
		}
		one.Name = part.name
		b.results.Starts = append(b.results.Starts, one)
	}
	return nil
}

func measureStarts(ctx context.Context, data string, args []string) (started, error) {
	var first, ready, anon, total []float64
	for round := range startRounds {
		one, err := startOnce(ctx, data, args, round == startRounds-1)
		if err != nil {
			return one, err
		}
		first, ready = append(first, one.First), append(ready, one.Ready)
		if one.Anon > 0 {
			anon, total = append(anon, one.Anon), append(total, one.Total)
		}
	}
	return started{First: middle(first), Ready: middle(ready), Anon: middle(anon), Total: middle(total)}, nil
}

// startOnce starts the server, waits for its first answers, and ends it. weigh:
// it is left alone for a moment and its memory looked at.
func startOnce(ctx context.Context, data string, args []string, weigh bool) (one started, err error) {
	addr, err := freeAddr(ctx)
	if err != nil {
		return one, err
	}
	server := exec.CommandContext(ctx, binary, append([]string{"serve", "--data", data, "--addr", addr}, args...)...) //nolint:gosec // our own binary
	begin := time.Now()
	if err := server.Start(); err != nil {
		return one, err
	}
	defer func() {
		_ = server.Process.Signal(syscall.SIGTERM)
		err = errors.Join(err, server.Wait())
	}()
	if err := answered(ctx, addr, "/login"); err != nil {
		return one, err
	}
	one.First = time.Since(begin).Seconds() * 1000
	if err := answered(ctx, addr, "/readyz"); err != nil {
		return one, err
	}
	one.Ready = time.Since(begin).Seconds() * 1000
	if weigh {
		time.Sleep(3 * time.Second)
		m, err := memoryOf(server.Process.Pid)
		if err != nil {
			return one, err
		}
		one.Anon, one.Total = m.anon, m.total
	}
	return one, nil
}

// freeAddr is an address that nobody listens on at the moment.
func freeAddr(ctx context.Context) (string, error) {
	listener, err := (&net.ListenConfig{}).Listen(ctx, "tcp", "127.0.0.1:0")
	if err != nil {
		return "", err
	}
	return listener.Addr().String(), listener.Close()
}

// answered asks until the path answers 200.
func answered(ctx context.Context, addr, path string) error {
	client := http.Client{Transport: &http.Transport{DisableKeepAlives: true}, Timeout: time.Second}
	deadline := time.Now().Add(20 * time.Second)
	for time.Now().Before(deadline) && ctx.Err() == nil {
		r, err := client.Get("http://" + addr + path) //nolint:noctx // it has a timeout
		if err == nil {
			_ = r.Body.Close()
			if r.StatusCode == http.StatusOK {
				return nil
			}
		}
		time.Sleep(time.Millisecond)
	}
	return fmt.Errorf("%s did not answer 200 on %s", addr, path)
}
