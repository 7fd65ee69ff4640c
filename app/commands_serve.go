package app

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"log/slog"
	"net"
	"os"
	"path/filepath"

	"gsl/app/demo"
	"gsl/static"
	"gsl/tenants"
)

func prepareServe(flags *flag.FlagSet, config *Config) work {
	flags.StringVar(&config.Addr, "addr", config.Addr, "host:port to listen on (GSL_ADDR)")
	flags.StringVar(&config.PublicURL, "public-url", config.PublicURL, "how browsers reach the server, https://… (GSL_PUBLIC_URL)")
	flags.BoolVar(&config.Demo, "demo", false, "serve fictitious data; made first when the data directory is empty")
	flags.BoolVar(&config.DemoPublic, "demo-public", false, "allow the demo on an address that others can reach")
	mailFlags(flags, &config.Mail)
	return func(ctx context.Context, term terminal, args []string) error {
		if len(args) > 0 {
			return usagef("serve takes no arguments, only flags")
		}
		if err := config.checkServe(); err != nil {
			return err
		}
		if err := static.Check(); err != nil {
			return err
		}
		return serve(ctx, *config, term)
	}
}

// diskReserve lets a municipality read for days on a disk that is full: a look
// at a person takes some hundred bytes.
const diskReserve = 64 << 20

func serve(ctx context.Context, config Config, term terminal) (err error) {
	// The port first: a second start on the same address touches no file.
	listener, err := (&net.ListenConfig{}).Listen(ctx, "tcp", config.Addr)
	if err != nil {
		return fmt.Errorf("cannot listen on %s: give another --addr (%w)", config.Addr, err)
	}
	defer func() { _ = listener.Close() }()
	made := false
	if config.Demo {
		if made, err = demoWhenEmpty(ctx, config, term); err != nil {
			return err
		}
	}
	config.Reserve = diskReserve
	log := slog.New(slog.NewJSONHandler(term.err, nil))
	a, err := Open(ctx, config, nil, log)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, a.Close()) }()
	if config.Demo && !made {
		places, _ := demo.Places(demo.Small)
		if err := a.printDemo(ctx, term, demo.Accounts(places)); err != nil {
			return err
		}
	}
	migrated := a.migrateBehind(ctx, log)
	defer func() { <-migrated }()
	a.run = term.run
	say(term, "Gestión Social Local: http://%s\n", listener.Addr())
	return a.Serve(ctx, listener)
}

// migrateBehind brings old files up to date while the server already answers;
// one that is asked for first migrates at its first request.
func (a *App) migrateBehind(ctx context.Context, log *slog.Logger) <-chan struct{} {
	done := make(chan struct{})
	go func() {
		defer close(done)
		if err := a.Files.MigrateAll(ctx, func(tenants.Progress) {}); err != nil && ctx.Err() == nil {
			log.ErrorContext(ctx, "some files were not migrated", "error", err)
		}
	}()
	return done
}

// demoWhenEmpty makes the demo's data on the first start and reports whether it did.
func demoWhenEmpty(ctx context.Context, config Config, term terminal) (made bool, err error) {
	empty, err := isEmptyDir(config.Data)
	if err != nil {
		return false, err
	}
	if _, half := os.Stat(filepath.Join(config.Data, halfMade)); !empty && half != nil {
		return false, nil
	}
	return true, makeDemo(ctx, config, term, demo.Small, demo.Seed)
}
