package app

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"time"

	"gsl/app/access"
	"gsl/app/demo"
	"gsl/app/kit/mail"
	"gsl/app/referral"
	"gsl/app/settings"
	"gsl/tenants"
)

func prepareDemo(flags *flag.FlagSet, config *Config) work {
	scale := flags.String("scale", string(demo.Small), "small, commune or nation")
	seed := flags.Uint64("seed", demo.Seed, "another seed gives other people")
	return func(ctx context.Context, term terminal, args []string) error {
		if _, ok := demo.Places(demo.Scale(*scale)); !ok || len(args) > 0 {
			return usagef("--scale is small, commune or nation")
		}
		return makeDemo(ctx, *config, term, demo.Scale(*scale), *seed)
	}
}

// halfMade stands in the data directory while the demo is being made: what a
// crash left beside it is thrown away and made anew.
const halfMade = "demo-half-made"

// clearForDemo makes sure that the demo fills an empty directory.
func clearForDemo(dir string) error {
	mark := filepath.Join(dir, halfMade)
	if _, err := os.Stat(mark); err == nil {
		if err := removeContents(dir, halfMade); err != nil {
			return err
		}
	} else if empty, err := isEmptyDir(dir); err != nil || !empty {
		return errors.Join(err, fmt.Errorf("%s holds data already: name an empty directory with --data", dir))
	}
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return err
	}
	return os.WriteFile(mark, nil, 0o600)
}

func removeContents(dir, except string) error {
	entries, err := os.ReadDir(dir)
	if err != nil {
		return err
	}
	for _, entry := range entries {
		if entry.Name() == except {
			continue
		}
		if err := os.RemoveAll(filepath.Join(dir, entry.Name())); err != nil {
			return err
		}
	}
	return nil
}

// makeDemo makes the demo and prints its accounts. Years of work are thousands
// of commits: they are forced to the disk together, before the directory counts
// as made.
func makeDemo(ctx context.Context, config Config, term terminal, scale demo.Scale, seed uint64) error {
	begin := time.Now()
	if err := clearForDemo(config.Data); err != nil {
		return err
	}
	visitors, report, err := playDemo(ctx, config, term, scale, seed)
	if err != nil {
		return err
	}
	if err := syncAll(config.Data); err != nil {
		return err
	}
	if err := os.Remove(filepath.Join(config.Data, halfMade)); err != nil {
		return err
	}
	say(term, "datos ficticios: %d hogares, %d personas, en %.1f s\n", report.Households, report.People, time.Since(begin).Seconds())
	printAccounts(term, report.Accounts)
	printVisitors(term, visitors)
	return nil
}

// playDemo opens the program with a clock of its own, so that the stories carry
// the dates on which they would have happened, and plays them.
func playDemo(ctx context.Context, config Config, term terminal, scale demo.Scale, seed uint64) (visitors []demo.Visitor, report demo.Report, err error) {
	config.Demo, config.unsynced = true, true // the roster takes the demo's published password in a demo only
	clock := demo.NewClock(time.Now())
	config.Clamd = clamdConfig{}
	config.Mail = mail.Config{} // nobody is written to about people who do not exist
	a, err := Open(ctx, config, clock.Now, nil)
	if err != nil {
		return nil, report, err
	}
	defer func() { err = errors.Join(err, a.Close()) }() //nolint:contextcheck // closing outlives what was asked for
	stage := &demo.Stage{Files: a.Files, Access: a.Access, People: a.People, Catalogue: a.Catalogue,
		Screening: a.Screening, Plan: a.Plan, Benefit: a.Benefit, Referral: a.Referral, Letters: a.Letters, Attention: a.Attention, Casework: a.Casework, Visit: a.Visit, Document: a.Document, Agenda: a.Agenda,
		Diagnosis: a.Diagnosis,
		Report:    a.Report, Signing: a.Signing,
		Settings: settings.NewService(a.Files, referral.NewUnitService(a.Access)), Trail: a.Trail, Clock: clock}
	report, err = demo.Create(ctx, stage, scale, seed, func(line string) { say(term, "  %s\n", line) })
	if err != nil {
		return nil, report, err
	}
	if err := a.Names.Index(ctx); err != nil { // so that no server has to do it when it starts
		return nil, report, err
	}
	visitors, err = demo.Visitors(ctx, a.Files.Registry())
	return visitors, report, err
}

// syncAll forces every file below a directory to the disk.
func syncAll(dir string) error {
	return filepath.WalkDir(dir, func(path string, _ fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		file, err := os.Open(path) //nolint:gosec // our own data directory
		if err != nil {
			return err
		}
		return errors.Join(file.Sync(), file.Close())
	})
}

// serveOldDemo tells the accounts of a demo that stands already. Over real data it
// would call real people fictitious on every page, so it is refused there.
func (a *App) serveOldDemo(ctx context.Context, term terminal) error {
	places, _ := demo.Places(demo.Small)
	accounts := demo.Accounts(places)
	known, err := a.Access.Known(ctx, access.Console(), accounts[0].RUN.Body())
	if err != nil {
		return err
	}
	if !known {
		return usagef("--demo: what is in %s is no demo; leave --demo out, or name an empty directory with --data", a.config.Data)
	}
	return a.printDemo(ctx, term, accounts)
}

// printDemo prints the accounts and some people to look up.
func (a *App) printDemo(ctx context.Context, term terminal, accounts []demo.Account) error {
	printAccounts(term, accounts)
	visitors, err := demo.Visitors(ctx, a.Files.Registry())
	if errors.Is(err, tenants.ErrUnavailable) {
		return nil // the registry is lost: the house stands all the same
	}
	if err != nil {
		return err
	}
	printVisitors(term, visitors)
	return nil
}

func printVisitors(term terminal, visitors []demo.Visitor) {
	if len(visitors) <= 1 {
		return // the scale commune has no Limache
	}
	say(term, "Personas para probar en Limache\n")
	for _, v := range visitors {
		say(term, "  %-13s %s\n", v.RUN.Format(), v.What)
	}
	say(term, "\n")
}

func printAccounts(term terminal, list []demo.Account) {
	say(term, "\nCuentas de la demostración (contraseña de todas: %s)\n", demo.Password)
	for _, account := range list {
		if account.MunicipalityCode != "" && !account.Shown() {
			continue
		}
		say(term, "  %-13s %-20s %-12s %s\n", account.RUN.Format(), account.Role, account.Municipality, account.Name())
	}
	say(term, "\n")
}
