package app

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"strings"
	"time"

	"gsl/app/access"
	"gsl/app/benefit"
	"gsl/app/kit/actor"
	"gsl/app/kit/i18n"
	"gsl/app/kit/sheet"
	"gsl/app/screening"
	"gsl/tenants"
)

func prepareImportRegistry(flags *flag.FlagSet, config *Config) work {
	all := flags.Bool("all-or-nothing", false, "load nothing when any row is rejected")
	dry := flags.Bool("dry-run", false, "say what would happen, keep nothing")
	return func(ctx context.Context, term terminal, files []string) error {
		if len(files) == 0 {
			return usagef("name one or more CSV or XLSX files")
		}
		return opened(ctx, *config, func(a *App) error {
			if err := a.Files.RenewRegistry(ctx); err != nil {
				return err
			}
			importer := screening.NewImporter(a.Files.Registry())
			var rejected int64
			for _, path := range files {
				report, err := importRegistry(ctx, term, importer, path, screening.ImportOptions{AllOrNothing: *all, DryRun: *dry})
				if err != nil {
					return fmt.Errorf("%s: %w", path, err)
				}
				rejected += report.Rejected
			}
			if *all && rejected > 0 {
				return fmt.Errorf("nothing was loaded: %d rows are bad", rejected)
			}
			return nil
		})
	}
}

func importRegistry(ctx context.Context, term terminal, importer *screening.Importer, path string, opt screening.ImportOptions) (screening.ImportReport, error) {
	file, err := sheet.OpenWith(term.open, path)
	if err != nil {
		return screening.ImportReport{}, err
	}
	defer func() { _ = file.Close() }()
	begin := time.Now()
	opt.Progress = func(p screening.ImportProgress) { progress(term, p.Read, p.Size, p.Rows, p.Rejected) }
	report, err := importer.Import(ctx, file, opt)
	clearProgress(term)
	printProblems(ctx, term, "rejected", report.Problems, report.Rejected)
	printProblems(ctx, term, "warning", report.Warnings, report.Warned)
	if err != nil && report.Rows == 0 {
		return report, err
	}
	say(term, "%s: %d rows read, %d rejected, in %.1f s\n", path, report.Rows, report.Rejected, time.Since(begin).Seconds())
	for _, line := range []struct {
		what  string
		tally screening.Tally
	}{{"households", report.Households}, {"people", report.People}, {"benefits", report.Benefits}} {
		if line.tally != (screening.Tally{}) {
			say(term, "  %-10s %d new, %d changed, %d as before, %d older than ours\n", line.what,
				line.tally.New, line.tally.Changed, line.tally.Unchanged, line.tally.Older)
		}
	}
	if err == nil && !report.Kept {
		say(term, "  nothing was kept\n")
	}
	return report, err
}

// progress draws one line over itself.
func progress(term terminal, read, size, rows, rejected int64) {
	share := 100.0
	if size > 0 {
		share = float64(read) / float64(size) * 100
	}
	_, _ = fmt.Fprintf(term.err, "\r%5.1f %%  %d rows, %d rejected", share, rows, rejected)
}

func clearProgress(term terminal) { _, _ = fmt.Fprintf(term.err, "\r%60s\r", "") }

// printProblems writes each bad row: line of the file, column, value, reason.
func printProblems(ctx context.Context, term terminal, what string, list []sheet.Problem, total int64) {
	ctx = i18n.With(ctx, i18n.Spanish)
	for _, p := range list {
		where := ""
		if p.Line > 0 {
			where = fmt.Sprintf("line %d, ", p.Line)
		}
		say(term, "%s: %s%s, %q: %s\n", what, where, p.Column, p.Value, i18n.Tf(ctx, p.Key, p.Args))
	}
	if more := total - int64(len(list)); more > 0 && len(list) > 0 {
		say(term, "%s: and %d more\n", what, more)
	}
}

// renamings collects --map "remedios=E201", as often as it is given.
type renamings map[string]string

// String is for the flag package.
func (r renamings) String() string { return "" }

// Set takes one "name=CODE".
func (r renamings) Set(text string) error {
	name, code, found := strings.Cut(text, "=")
	if name, code = strings.TrimSpace(name), strings.TrimSpace(code); !found || name == "" || code == "" {
		return errors.New(`give it as "name in the file=CODE"`)
	}
	r[name] = code
	return nil
}

func prepareImportBenefits(flags *flag.FlagSet, config *Config) work {
	code := flags.String("municipality", "", "CUT code of the municipality whose register it is")
	all := flags.Bool("all-or-nothing", false, "load nothing when any row is rejected")
	dry := flags.Bool("dry-run", false, "say what would happen, keep nothing")
	given := renamings{}
	flags.Var(given, "map", `which item a name stands for, "remedios=E201"; may be repeated`)
	return func(ctx context.Context, term terminal, files []string) error {
		if len(files) == 0 || *code == "" {
			return usagef("give --municipality CODE and one or more CSV or XLSX files")
		}
		return opened(ctx, *config, func(a *App) error {
			m, err := a.byCode(ctx, *code)
			if err != nil {
				return err
			}
			rejected := int64(0)
			for _, path := range files {
				report, err := a.importBenefits(ctx, term, m, path, benefit.ImportOptions{Map: given, AllOrNothing: *all, DryRun: *dry})
				if err != nil {
					return fmt.Errorf("%s: %w", path, err)
				}
				rejected += report.Rejected
			}
			if *all && rejected > 0 {
				return fmt.Errorf("nothing was loaded: %d rows are bad", rejected)
			}
			return nil
		})
	}
}

// console is the person at the machine, at work for a municipality.
func console(m *tenants.Municipality) actor.Actor {
	who := access.Console()
	who.Municipality = m
	who.Permissions |= access.PermissionsOf(access.Counterpart, "")
	return who
}

func (a *App) importBenefits(ctx context.Context, term terminal, m *tenants.Municipality, path string, opt benefit.ImportOptions) (benefit.ImportReport, error) {
	who := console(m)
	items, err := a.Catalogue.Items(ctx, who)
	if err != nil {
		return benefit.ImportReport{}, err
	}
	file, err := sheet.OpenWith(term.open, path)
	if err != nil {
		return benefit.ImportReport{}, err
	}
	defer func() { _ = file.Close() }()
	opt.Catalogue = benefit.NamesOf(items)
	opt.Progress = func(p benefit.ImportProgress) { progress(term, p.Read, p.Size, p.Rows, p.Rejected) }
	report, err := a.Benefit.Import(ctx, who, m, file, opt)
	clearProgress(term)
	printProblems(ctx, term, "rejected", report.Problems, report.Rejected)
	if err != nil && report.Rows == 0 {
		return report, err
	}
	for _, u := range report.Unmapped {
		say(term, "no item of the catalogue: %q (%s), %d rows, loaded under that name; nearest: %s\n", u.Name, u.Kind, u.Rows, nearest(u.Nearest))
	}
	say(term, "%s: %d rows read, %d rejected, %d with an item of the catalogue\n  %d new, %d changed, %d as before\n",
		path, report.Rows, report.Rejected, report.Mapped, report.New, report.Changed, report.Unchanged)
	if err == nil && !report.Kept {
		say(term, "  nothing was kept\n")
	}
	return report, err
}

func nearest(list []benefit.CatalogueName) string {
	if len(list) == 0 {
		return "none"
	}
	texts := make([]string, len(list))
	for i, item := range list {
		texts[i] = item.Code + " " + item.Name
	}
	return strings.Join(texts, " · ")
}

func prepareExportBenefits(flags *flag.FlagSet, config *Config) work {
	code := flags.String("municipality", "", "CUT code of the municipality whose register it is")
	out := flags.String("out", "", "a new file for the CSV; none: standard output")
	return func(ctx context.Context, term terminal, args []string) error {
		if *code == "" || len(args) > 0 {
			return usagef("give --municipality CODE; the CSV goes to standard output, or to --out FILE")
		}
		return opened(ctx, *config, func(a *App) error {
			m, err := a.byCode(ctx, *code)
			if err != nil {
				return err
			}
			if *out == "" {
				_, err = a.Benefit.Export(ctx, console(m), m, term.out)
				return err
			}
			file, err := term.create(*out)
			if err != nil {
				return err
			}
			_, err = a.Benefit.Export(ctx, console(m), m, file)
			return errors.Join(err, file.Close())
		})
	}
}
