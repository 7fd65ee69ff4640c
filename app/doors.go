package app

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"os"
	"time"

	"golang.org/x/net/netutil"
)

// doors is every address that the server listens on.
type doors struct {
	desks    net.Listener
	redirect net.Listener // plain HTTP; nil: none
	metrics  net.Listener // nil: none
	security *security    // nil: a proxy speaks TLS
}

// openDoors takes the ports and reads the certificate, before any file is touched.
func openDoors(ctx context.Context, config Config, clock func() time.Time, log *slog.Logger) (d *doors, err error) {
	d = &doors{}
	defer func() {
		if err != nil {
			d.close()
		}
	}()
	if d.security, err = newSecurity(config, clock, log); err != nil {
		return d, err
	}
	for _, door := range []struct {
		at   *net.Listener
		addr string
		flag string
	}{{&d.desks, config.Addr, "--addr"}, {&d.redirect, config.TLS.RedirectAddr, "--redirect-addr"}, {&d.metrics, config.MetricsAddr, "--metrics-addr"}} {
		if door.addr == "" {
			continue
		}
		if *door.at, err = (&net.ListenConfig{}).Listen(ctx, "tcp", door.addr); err != nil {
			return d, fmt.Errorf("cannot listen on %s: give another %s (%w)", door.addr, door.flag, err)
		}
	}
	return d, nil
}

func (d *doors) close() {
	for _, l := range []net.Listener{d.desks, d.redirect, d.metrics} {
		if l != nil {
			_ = l.Close()
		}
	}
}

func (d *doors) scheme() string {
	if d.security != nil {
		return "https"
	}
	return "http"
}

// mostConnections leaves descriptors for the files: who comes when all are taken
// waits in the kernel's queue.
func mostConnections(config Config) int {
	const fewest, most = 512, 16384
	var found machine
	found.ask(config.Data)
	free := int(found.descriptors) - filesPerOpen*config.MaxOpen //nolint:gosec // a limit of descriptors is small
	return min(max(free, fewest), most)
}

// answer serves the desks on the listener until it is told to stop.
func (a *App) answer(server *http.Server, listener net.Listener) error {
	limited := netutil.LimitListener(listener, mostConnections(a.config))
	if a.doors != nil && a.doors.security != nil {
		server.TLSConfig = a.doors.security.config
		return server.ServeTLS(limited, "", "")
	}
	return server.Serve(limited)
}

// sides starts what stands beside the desks' pages; all of it ends with the context.
func (a *App) sides(ctx context.Context, start func(func())) {
	if a.run != nil {
		start(func() { a.control(ctx) })
	}
	d := a.doors
	if d == nil {
		return
	}
	if d.security != nil && d.security.files != nil {
		start(func() { d.security.files.watch(ctx) })
	}
	if d.security.challenges() != nil {
		start(func() { d.security.fetch(ctx, a.config.TLS.domains(), a.log) })
	}
	if d.redirect != nil {
		start(func() { a.side(ctx, d.redirect, redirect(a.config.PublicURL, d.security.challenges())) })
	}
	if d.metrics != nil {
		start(func() { a.side(ctx, d.metrics, a.metricsHandler()) })
	}
}

// How long requests that have begun may take once the program was told to stop,
// and after how long it ends whatever is left: what was acknowledged is safe in
// the files, and who started us waits ten seconds and kills.
const (
	patience   = 6 * time.Second
	lastMoment = 9500 * time.Millisecond
)

// endInTime ends the process some time after the context, whatever hangs, unless
// the returned function was called.
func (a *App) endInTime(ctx context.Context) (done func()) {
	finished := make(chan struct{})
	stop := context.AfterFunc(ctx, func() {
		select {
		case <-finished:
		case <-time.After(lastMoment):
			a.log.Error("it did not stop in time and ends now; nothing that was acknowledged is lost")
			os.Exit(exitFailed)
		}
	})
	return func() {
		stop()
		close(finished)
	}
}

// shut lets requests that have begun finish, and cuts off those that do not.
func shut(ctx context.Context, server *http.Server) error {
	last, cancel := context.WithTimeout(context.WithoutCancel(ctx), patience)
	defer cancel()
	err := server.Shutdown(last)
	if errors.Is(err, context.DeadlineExceeded) {
		return errors.Join(fmt.Errorf("some requests did not end within %s", patience), server.Close())
	}
	return err
}
