// Command bench measures the real program and prints one table: the pages over
// loopback with real sessions beside a bare net/http handler that returns the
// same bytes, imports beside the sqlite3 shell, start and memory. It runs three
// kinds of process: itself, which conducts; the program with its clocks (host);
// and a load generator. From the root of the tree, after make build:
//
//	go run ./e2e/bench
package main

import (
	"context"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"strings"
	"time"
)

func main() {
	if err := run(os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, "bench:", err)
		os.Exit(1)
	}
}

func run(args []string) error {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	switch {
	case len(args) > 0 && args[0] == "load":
		return generate()
	case len(args) > 0 && args[0] == "host":
		return beHost(ctx)
	}
	b, err := newBench(args)
	if err != nil {
		return err
	}
	return b.conduct(ctx)
}

// bench is one run and what it has measured so far.
type bench struct {
	only    []string
	plan    hostPlan
	data    dataSets
	results results
}

// The parts of a run, in their order.
var parts = []struct {
	name string
	run  func(*bench, context.Context) error
}{
	{"pages", (*bench).measurePages},
	{"desks", (*bench).measureDesks},
	{"rush", (*bench).measureRush},
	{"import", (*bench).measureImports},
	{"start", (*bench).measureStart},
	{"nation", (*bench).measureNation},
	{"restore", (*bench).measureRestores},
	{"uploads", (*bench).measureUploads},
}

func newBench(args []string) (*bench, error) {
	b := &bench{}
	flags := flag.NewFlagSet("bench", flag.ContinueOnError)
	only := flags.String("only", "", "parts to run, with commas between: pages, desks, rush, import, start, nation, restore, uploads")
	flags.IntVar(&b.plan.Rounds, "rounds", 3, "rounds of each page; the median counts")
	flags.Float64Var(&b.plan.Seconds, "seconds", 3, "of each page in a round")
	flags.IntVar(&b.plan.Connections, "connections", 16, "that ask at the same time")
	flags.StringVar(&b.plan.Targets, "targets", "", "pages to measure, with commas between; all by default")
	flags.StringVar(&b.plan.Profile, "profile", "", "directory for a CPU and an allocation profile of each page")
	scale := flags.String("scale", "commune", "of the demo data")
	if err := flags.Parse(args); err != nil {
		return nil, err
	}
	if *only != "" {
		b.only = strings.Split(*only, ",")
	}
	var err error
	b.data, err = newDataSets(*scale)
	return b, err
}

func (b *bench) conduct(ctx context.Context) error {
	begin := time.Now()
	defer b.data.forget()
	for _, part := range parts {
		if !b.wants(part.name) {
			continue
		}
		note("%s", part.name)
		if err := part.run(b, ctx); err != nil {
			return fmt.Errorf("%s: %w", part.name, err)
		}
	}
	b.results.print(os.Stdout)
	note("%.0f s in all", time.Since(begin).Seconds())
	return nil
}

func (b *bench) wants(part string) bool {
	if len(b.only) == 0 {
		return true
	}
	for _, name := range b.only {
		if name == part {
			return true
		}
	}
	return false
}

// note says on stderr what is being done; the table alone goes to stdout.
func note(format string, args ...any) { fmt.Fprintf(os.Stderr, "bench: "+format+"\n", args...) }
