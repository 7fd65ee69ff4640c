package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"os"
	"os/exec"
	"strings"
	"time"

	"github.com/johannesboyne/gofakes3"
	"github.com/johannesboyne/gofakes3/backend/s3mem"
)

// beStore is a store that speaks S3 and keeps everything in memory, until its
// standard input ends.
func beStore(ctx context.Context) error {
	backend := s3mem.New()
	if err := backend.CreateBucket("gsl"); err != nil {
		return err
	}
	listener, err := (&net.ListenConfig{}).Listen(ctx, "tcp", "127.0.0.1:0")
	if err != nil {
		return err
	}
	store := gofakes3.New(backend, gofakes3.WithLogger(gofakes3.DiscardLog()))
	server := &http.Server{Handler: store.Server(), ReadHeaderTimeout: 10 * time.Second}
	go func() {
		_, _ = bufio.NewReader(os.Stdin).ReadString('\n')
		_ = server.Close()
	}()
	fmt.Printf("http://%s\n", listener.Addr())
	if err := server.Serve(listener); !errors.Is(err, http.ErrServerClosed) {
		return err
	}
	return nil
}

// startStore starts one as a process of its own: what it costs is not ours.
func startStore(ctx context.Context) (address string, stop func(), err error) {
	self, err := os.Executable()
	if err != nil {
		return "", nil, err
	}
	store := exec.CommandContext(ctx, self, "store") //nolint:gosec // this program
	store.Stderr = os.Stderr
	in, err := store.StdinPipe()
	if err != nil {
		return "", nil, err
	}
	out, err := store.StdoutPipe()
	if err != nil {
		return "", nil, err
	}
	if err := store.Start(); err != nil {
		return "", nil, err
	}
	line, err := bufio.NewReader(out).ReadString('\n')
	return strings.TrimSpace(line), func() { _ = in.Close(); _ = store.Wait() }, err
}
