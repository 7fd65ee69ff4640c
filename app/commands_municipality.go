package app

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"gsl/app/access"
	"gsl/app/kit/fault"
	"gsl/app/kit/i18n"
	"gsl/app/kit/sheet"
	"gsl/app/national"
	"gsl/app/people"
	"gsl/tenants"
)

// orderFlags are what the page of a new municipality asks.
type orderFlags struct {
	model                            *int
	modules, without, template       *string
	run, givenNames, surnames, email *string
}

func newOrderFlags(flags *flag.FlagSet) orderFlags {
	return orderFlags{
		model:      flags.Int("model", 1, "management model: 1 every desk takes people, 2 one front desk"),
		modules:    flags.String("modules", "", "units with an inbox, with commas between: families, care"),
		without:    flags.String("without", "", "usual units that it does not have, with commas between: omil, migrantes, …"),
		template:   flags.String("template", national.ModelTemplate, "local catalogue to begin with: model, none, or the code of a municipality that is here"),
		run:        flags.String("counterpart-run", "", "RUN of the first counterpart; the link is printed once"),
		givenNames: flags.String("counterpart-given-names", "", "given names of the first counterpart"),
		surnames:   flags.String("counterpart-surnames", "", "surnames of the first counterpart"),
		email:      flags.String("counterpart-email", "", "where the invitation goes; none: hand the link over"),
	}
}

func (f *orderFlags) order() (o national.Order, err error) {
	o.Options = national.Options{Model: *f.model, Modules: words(*f.modules), Without: words(*f.without), Template: *f.template}
	if *f.run+*f.givenNames+*f.surnames+*f.email == "" {
		return o, nil
	}
	run, err := people.ParseRUN(*f.run)
	if err != nil {
		return o, usagef("--counterpart-run: the RUN is not valid")
	}
	o.Counterpart = &national.Invitee{RUN: run.Body(), GivenNames: *f.givenNames, Surnames: *f.surnames, Email: *f.email}
	return o, nil
}

// words are the parts of a list with commas between.
func words(list string) []string {
	return strings.FieldsFunc(list, func(r rune) bool { return r == ',' || r == ' ' })
}

func prepareMunicipalityAdd(flags *flag.FlagSet, config *Config) work {
	order := newOrderFlags(flags)
	from := flags.String("from", "", "a CSV or XLSX table of municipalities, as the page takes it")
	dry := flags.Bool("dry-run", false, "check the table, make nothing")
	return func(ctx context.Context, term terminal, codes []string) error {
		if (len(codes) == 0) == (*from == "") {
			return usagef("give one or more CUT codes, or --from a table")
		}
		o, err := order.order()
		if err != nil {
			return err
		}
		if o.Counterpart != nil && len(codes) != 1 {
			return usagef("a counterpart is of one municipality: give one code")
		}
		for _, code := range codes {
			if _, ok := national.PlaceOf(code); !ok {
				return usagef("%q is not the CUT code of a commune, a province or a region, for example 05802", code)
			}
		}
		return opened(ctx, *config, func(a *App) error {
			if *from != "" {
				return a.addFrom(ctx, term, *from, *dry)
			}
			return a.addMunicipalities(ctx, term, codes, o)
		})
	}
}

func (a *App) addMunicipalities(ctx context.Context, term terminal, codes []string, o national.Order) error {
	for _, code := range codes {
		o.Code = code
		made, err := a.National.Provision(ctx, access.Console(), o, "", "")
		if fault.Is(err, fault.Invalid) {
			return usageError{err}
		}
		if err != nil {
			return fmt.Errorf("%s: %w", code, err)
		}
		say(term, "%s %s is ready\n", made.Code, made.Name)
		if made.Link != "" {
			say(term, "  invitation of %s, printed once: %s\n", made.Invited, made.Link)
		}
	}
	return nil
}

// addFrom makes what a table asks for; the links of the counterparts are printed
// at the end, once.
func (a *App) addFrom(ctx context.Context, term terminal, path string, dry bool) error {
	file, err := sheet.OpenWith(term.open, path)
	if err != nil {
		return err
	}
	defer func() { _ = file.Close() }()
	b, err := a.National.Check(ctx, access.Console(), file)
	if err != nil {
		return err
	}
	if !dry {
		if err := errors.Join(a.National.Start(ctx, access.Console(), b.ID, ""), a.National.RunBatches(ctx)); err != nil {
			return err
		}
	}
	return a.tellBatch(ctx, term, b.ID, dry)
}

func (a *App) tellBatch(ctx context.Context, term terminal, id string, dry bool) error {
	b, lines, err := a.National.Batch(ctx, access.Console(), id, 1_000_000)
	if err != nil {
		return err
	}
	links := map[int]string{}
	if !dry && b.Invitees > 0 {
		if _, _, links, err = a.National.Links(ctx, access.Console(), id, ""); err != nil {
			return err
		}
	}
	spanish := i18n.With(ctx, i18n.Spanish)
	for i := range lines {
		l := &lines[i]
		say(term, "line %d: %s %s: %s", l.Line, l.Code, l.Name, l.State)
		for _, p := range l.Problems {
			say(term, " · %s %q: %s", p.Column, p.Value, p.Reason(spanish))
		}
		if links[l.Line] != "" {
			say(term, " · invitation, printed once: %s", links[l.Line])
		}
		say(term, "\n")
	}
	if bad := b.Counts[national.LineBad] + b.Counts[national.LineFailed]; bad > 0 {
		return fmt.Errorf("%d lines were not made", bad)
	}
	return nil
}

func prepareMunicipalityList(flags *flag.FlagSet, config *Config) work {
	var f national.Filter
	flags.StringVar(&f.Text, "search", "", "words of the name, the code, the province or the region")
	flags.StringVar(&f.Region, "region", "", "CUT code of a region, two digits")
	flags.StringVar(&f.Status, "status", "", "active, suspended, archived or provisioning")
	flags.StringVar(&f.Health, "health", "", "well, look or bad")
	flags.StringVar(&f.Sort, "sort", "", strings.Join(national.Sorts, ", "))
	return func(ctx context.Context, term terminal, _ []string) error {
		if err := errors.Join(oneOf("status", f.Status, "active", "suspended", "archived", "provisioning"),
			oneOf("health", f.Health, "well", "look", "bad"), oneOf("sort", f.Sort, national.Sorts...)); err != nil {
			return usageError{err}
		}
		return opened(ctx, *config, func(a *App) error {
			if err := a.National.Refresh(ctx); err != nil {
				return err
			}
			for {
				list, err := a.National.List(ctx, access.Console(), f)
				if err != nil {
					return err
				}
				for i := range list.Rows {
					tellRow(term, &list.Rows[i])
				}
				if f.After = list.Next; f.After == "" {
					return nil
				}
			}
		})
	}
}

// oneOf refuses a word that a flag does not know: the page takes it for none,
// but a script would work on all municipalities instead of some.
func oneOf(flag, value string, known ...string) error {
	if value == "" || slices.Contains(known, value) {
		return nil
	}
	return fmt.Errorf("--%s: %q is none of %s", flag, value, strings.Join(known, ", "))
}

func tellRow(term terminal, r *national.Row) {
	last, lag := "never", "none"
	if !r.LastAt.IsZero() {
		last = r.LastAt.UTC().Format(time.RFC3339)
	}
	if r.Lag >= 0 {
		lag = r.Lag.String()
	}
	trouble := strings.Join(r.Troubles, " ")
	if trouble == "" {
		trouble = "well"
	}
	say(term, "%-5s  %-28s model %d  %-12s users %d  last %s  %d KB  schema %d  replica lag %s  %s\n",
		r.Code, r.Name, r.Model, r.Status, r.Users, last, r.Bytes/1024, r.Schema, lag, trouble)
}

func prepareStatus(status tenants.Status) func(*flag.FlagSet, *Config) work {
	return func(flags *flag.FlagSet, config *Config) work {
		reason := flags.String("reason", "by the console", "why, for the trail")
		return func(ctx context.Context, term terminal, codes []string) error {
			if len(codes) == 0 {
				return usagef("give one or more CUT codes")
			}
			return opened(ctx, *config, func(a *App) error {
				list, err := a.byCodes(ctx, codes)
				if err != nil {
					return err
				}
				for _, m := range list {
					if err := a.National.SetStatus(ctx, access.Console(), m.ID, status, *reason, ""); err != nil {
						return err
					}
					say(term, "%s %s: %s\n", m.Code, m.Name, status)
				}
				return nil
			})
		}
	}
}

func prepareMunicipalityExport(flags *flag.FlagSet, config *Config) work {
	recipient := flags.String("recipient", "", "public age key, age1…; default: the one that the municipality registered")
	to := flags.String("to", "", "also write the encrypted copy to this new file")
	passphrase := flags.Bool("passphrase", false, "lock it with a passphrase, one line on standard input")
	return func(ctx context.Context, term terminal, codes []string) error {
		if len(codes) != 1 || *passphrase && *recipient != "" {
			return usagef("give one CUT code, and --recipient or --passphrase")
		}
		lock := national.Lock{Recipient: *recipient}
		if *passphrase {
			phrase, err := readPassword(term)
			if err != nil {
				return err
			}
			lock = national.Lock{Passphrase: phrase, Repeat: phrase}
		}
		return opened(ctx, *config, func(a *App) error {
			m, err := a.byCode(ctx, codes[0])
			if err != nil {
				return err
			}
			e, err := a.National.Export(ctx, access.Console(), m.ID, lock, "")
			if err != nil {
				return err
			}
			a.National.Settle()
			if *to != "" {
				return a.handOver(ctx, term, e.ID, *to)
			}
			say(term, "%s\n", filepath.Join(config.Data, exportsDir, e.ID+".age"))
			return nil
		})
	}
}

// handOver writes an encrypted copy to a file of the operator's.
func (a *App) handOver(ctx context.Context, term terminal, id, path string) error {
	_, _, from, err := a.National.Fetch(ctx, access.Console(), id)
	if err != nil {
		return err
	}
	defer func() { _ = from.Close() }()
	to, err := term.create(path)
	if err != nil {
		return err
	}
	_, err = io.Copy(to, from)
	return errors.Join(err, to.Close())
}
