package app

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"time"

	"gsl/app/kit/i18n"
	"gsl/app/kit/sheet"
	"gsl/app/screening"
)

func prepareImportRegistry(flags *flag.FlagSet, config *Config) work {
	all := flags.Bool("all-or-nothing", false, "load nothing when any row is rejected")
	dry := flags.Bool("dry-run", false, "say what would happen, keep nothing")
	return func(ctx context.Context, term terminal, files []string) error {
		if len(files) == 0 {
			return usagef("name one or more CSV or XLSX files")
		}
		return opened(ctx, *config, func(a *App) error {
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
	file, err := sheet.OpenFile(path)
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
		say(term, "%s: line %d, %s, %q: %s\n", what, p.Line, p.Column, p.Value, i18n.Tf(ctx, p.Key, p.Args))
	}
	if more := total - int64(len(list)); more > 0 && len(list) > 0 {
		say(term, "%s: and %d more\n", what, more)
	}
}

func prepareImportBenefits(_ *flag.FlagSet, _ *Config) work {
	return func(context.Context, terminal, []string) error { return errors.New("pending") }
}

func prepareExportBenefits(_ *flag.FlagSet, _ *Config) work {
	return func(context.Context, terminal, []string) error { return errors.New("pending") }
}
