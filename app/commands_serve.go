package app

import (
	"context"
	"errors"
	"flag"
	"log/slog"
	"os"
	"path/filepath"
	"time"

	"gsl/app/demo"
	"gsl/static"
	"gsl/tenants"
)

func prepareServe(flags *flag.FlagSet, config *Config) work {
	serveFlags(flags, config)
	check := flags.Bool("check", false, "validate everything, print what the server would go by, and end")
	return func(ctx context.Context, term terminal, _ []string) error {
		if err := config.checkServe(); err != nil {
			return err
		}
		if err := static.Check(); err != nil {
			return err
		}
		if *check {
			return checkServer(ctx, *config, term, flags)
		}
		return serve(ctx, *config, term)
	}
}

// diskReserve lets a municipality read for days on a disk that is full: a look
// at a person takes some hundred bytes.
const diskReserve = 64 << 20

func serve(ctx context.Context, config Config, term terminal) (err error) {
	log := slog.New(slog.NewJSONHandler(term.err, &slog.HandlerOptions{Level: config.LogLevel.Level}))
	// The ports first: a second start on the same address touches no file.
	doors, err := openDoors(ctx, config, time.Now, log)
	if err != nil {
		return err
	}
	defer doors.close()
	made := false
	if config.Demo {
		if made, err = demoWhenEmpty(ctx, config, term); err != nil {
			return err
		}
	}
	found := look(config, time.Now())
	tellLimits(ctx, log, append(found.findings(config), readableByAll(config.TLS.Key)...))
	config.Reserve, config.replicate = diskReserve, true
	a, err := Open(ctx, config, nil, log)
	if err != nil {
		return err
	}
	a.doors, a.run = doors, term.run
	defer sweptIncoming(ctx, config.Data, log)()
	defer a.endInTime(ctx)()
	defer func() { err = errors.Join(err, a.Close()) }() //nolint:contextcheck // closing outlives what was asked for
	if config.Demo && !made {
		if err := a.serveOldDemo(ctx, term); err != nil {
			return err
		}
	}
	migrated := a.migrateBehind(ctx, log)
	defer func() { <-migrated }()
	say(term, "Gestión Social Local: %s://%s\n", doors.scheme(), doors.desks.Addr())
	return a.Serve(ctx, doors.desks)
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
