package app

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"strings"
	"time"

	"gsl/app/access"
	"gsl/app/kit/calendar"
	"gsl/app/restore"
	"gsl/tenants"
)

// restoreFlags is what gsl restore is told.
type restoreFlags struct {
	municipality, at, point, source, to, trail string
	all                                        bool
}

func prepareRestore(flags *flag.FlagSet, config *Config) work {
	var f restoreFlags
	flags.StringVar(&f.municipality, "municipality", "", "CUT code of the municipality to restore, while the others work")
	flags.BoolVar(&f.all, "all", false, "restore the whole data directory, with the server stopped")
	flags.StringVar(&f.at, "at", "", `as it was then: "2026-11-21 15:04" of Chile, or with a zone 2026-11-21T18:04:00Z; blank: as late as there is`)
	flags.StringVar(&f.point, "point", "", "as it was at a named restore point of the municipality, such as before-00018: before those tables changed")
	flags.StringVar(&f.source, "from", string(tenants.FromReplica), "replica, or copy: that of a day, which needs no replica")
	flags.StringVar(&f.to, "to", "", "write the restored file here and leave the municipality as it is")
	flags.StringVar(&f.trail, "to-trail", "", "with --to: write the trail of views here")
	return func(ctx context.Context, term terminal, _ []string) error {
		at, err := f.check()
		if err != nil {
			return err
		}
		if f.all {
			return restoreAll(ctx, *config, term, tenants.AllRequest{Source: tenants.Source(f.source), At: at})
		}
		return opened(ctx, *config, func(a *App) error { return a.restoreOne(ctx, term, &f, at) })
	}
}

func (f *restoreFlags) check() (time.Time, error) {
	switch {
	case f.all == (f.municipality != ""):
		return time.Time{}, usagef("give --municipality CODE, or --all")
	case f.all && (f.to != "" || f.trail != ""):
		return time.Time{}, usagef("--to is for one municipality")
	case f.point != "" && (f.all || f.at != ""):
		return time.Time{}, usagef("--point is for one municipality, and instead of --at")
	case f.trail != "" && f.to == "":
		return time.Time{}, usagef("--to-trail goes with --to")
	case f.source != string(tenants.FromReplica) && f.source != string(tenants.FromCopy):
		return time.Time{}, usagef("--from: %q is neither replica nor copy", f.source)
	}
	return restoreMoment(f.at)
}

// restoreMoment reads a time as a person writes it: of Chile unless it says otherwise.
func restoreMoment(text string) (time.Time, error) {
	if text == "" {
		return time.Time{}, nil
	}
	if at, err := time.Parse(time.RFC3339, text); err == nil {
		return at, nil
	}
	for _, layout := range []string{"2006-01-02 15:04:05", "2006-01-02 15:04", "2006-01-02T15:04:05", "2006-01-02T15:04"} {
		if at, err := time.ParseInLocation(layout, text, calendar.Santiago); err == nil {
			return at, nil
		}
	}
	if day, err := calendar.Parse(text); err == nil {
		end := day.AddDays(1)
		return time.Date(end.Year(), time.Month(end.Month()), end.Day(), 0, 0, 0, 0, calendar.Santiago), nil
	}
	return time.Time{}, usagef(`--at: %q is not a time such as "2026-11-21 15:04"`, text)
}

// restoreOne restores a municipality into a copy and puts it in the place of the
// live file, or writes it out.
func (a *App) restoreOne(ctx context.Context, term terminal, f *restoreFlags, at time.Time) error {
	if _, err := a.idOf(ctx, f.municipality); err != nil {
		return err
	}
	begin := time.Now()
	who := access.Console()
	r, err := a.Restore.Make(ctx, who, restore.Order{Municipality: f.municipality, Source: tenants.Source(f.source), At: at, Point: f.point},
		func(step string, _ float64) { _, _ = fmt.Fprintf(term.err, "%s…\n", step) })
	if err != nil {
		return err
	}
	say(term, "%s %s: last change %s, %d people, %d plans, %d changes, checked page by page, in %.1f s\n", r.Code, r.Name, shown(r.Until),
		r.Report.Copy.Files, r.Report.Copy.Plans, r.Report.Copy.Changes, time.Since(begin).Seconds())
	if !r.Report.Chain {
		say(term, "the trail of changes is not as it was written: gsl verify names the row\n")
	}
	if f.to != "" {
		return errors.Join(a.writeCopy(ctx, term, f, r.ID), a.Restore.Discard(ctx, who, r.ID, ""))
	}
	swap, err := a.Restore.Swap(ctx, who, r.ID, "")
	if err != nil {
		return errors.Join(err, a.Restore.Discard(context.WithoutCancel(ctx), who, r.ID, ""))
	}
	say(term, "it is the file of %s now (history %d); what was there is kept in %s\n", r.Name, swap.Epoch, swap.Kept)
	if swap.Access {
		say(term, "the trail of views was damaged or lost, and was restored too\n")
	}
	return nil
}

func shown(at time.Time) string {
	if at.IsZero() {
		return "none"
	}
	return at.In(calendar.Santiago).Format("2006-01-02 15:04:05")
}

// writeCopy writes a restored copy where the operator wants it.
func (a *App) writeCopy(ctx context.Context, term terminal, f *restoreFlags, id string) error {
	var out [2]io.WriteCloser
	for i, path := range []string{f.to, f.trail} {
		if path == "" {
			continue
		}
		file, err := term.create(path)
		if err != nil {
			return err
		}
		defer func() { _ = file.Close() }() // again, when all is well: harmless
		out[i] = file
	}
	if out[1] == nil {
		return errors.Join(a.Files.ExportCopy(ctx, id, out[0], nil), out[0].Close())
	}
	return errors.Join(a.Files.ExportCopy(ctx, id, out[0], out[1]), out[0].Close(), out[1].Close())
}

// restoreAll makes the data directory anew. It opens nothing of it before.
func restoreAll(ctx context.Context, config Config, term terminal, r tenants.AllRequest) error {
	replica, err := config.replica()
	if err != nil {
		return err
	}
	begin := time.Now()
	r.Tell = func(file string, err error) {
		if err != nil {
			say(term, "BAD  %s: %s\n", file, oneLine(err))
			return
		}
		say(term, "ok   %s\n", file)
	}
	report, err := tenants.RestoreAll(ctx, tenants.Options{Dir: config.Data, Replica: replica, SecondLine: config.Copies}, r)
	if errors.Is(err, tenants.ErrNoBackup) && replica != nil && r.Source == tenants.FromReplica { // the usual slip of a bad night
		return fmt.Errorf("%w: looked in %s; if the replicas are elsewhere, name the litestream.yml of before with --litestream, or put it into %s", err, replica.Target(), config.Data)
	}
	if err != nil {
		return err
	}
	say(term, "%d files restored and checked, in %.1f s\n", report.Files, time.Since(begin).Seconds())
	if report.Kept != "" {
		say(term, "what was there is kept in %s\n", report.Kept)
	}
	if len(report.Failed) > 0 {
		return fmt.Errorf("%d files could not be restored: %s", len(report.Failed), strings.Join(report.Failed, ", "))
	}
	return nil
}
