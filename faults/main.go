// Command faults gives the real program bad days and counts what was lost. Each
// scenario is one file: it starts `gsl serve` on a data directory of its own,
// lets people work on it over HTTP as they do at their desks, breaks something,
// and compares what the files hold with a ledger, kept elsewhere and forced to
// the disk, of everything the program had said yes to. From the root of the tree:
//
//	make faults                             # the whole suite
//	bin/faults -short                       # what make test runs, under a minute
//	bin/faults -only kill -kills 500        # one scenario
//
// What was counted is printed as JSON on standard output. The exit code is 1
// when a promise was broken (the reasons stand in "broken"), 2 for bad use. A
// scenario that this machine cannot play is skipped and says why.
package main

import (
	"context"
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
)

// scenarios in their order: the quick ones first.
var scenarios = []scenario{
	{"second", "a second process on the same directory refuses within a second", nil, secondProcess, false},
	{"kill", "killed at random under writes, nothing acknowledged is lost and nothing is half done", nil, killed, false},
	{"power", "the power fails: what was acknowledged is on the disk", needsPowerCut, powerCut, false},
	{"full", "the disk is full: it says so, keeps what was typed, and goes on when there is space", needsSmallDisk, diskFull, false},
	{"io", "the disk fails for one file: no false yes, nobody else notices", needsStrace, ioError, false},
	{"damage", "damaged, cut and exchanged files are never served, and the others are as quick as ever", nil, damaged, true},
	{"clock", "the clock jumps: sessions, numbers, days and trails stay sane", needsClockShift, clockJumps, false},
	{"s3", "the store of the replicas is away: nobody who works notices, and it catches up", needsReplicas, storeAway, false},
	{"lost", "the data directory is gone: all but the last five seconds comes back, and is replicated again", needsReplicas, dataLost, false},
	{"stop", "told to stop under work it ends within ten seconds, and all of it is in the store", needsReplicas, stopped, false},
	{"slow", "a thousand connections that never finish keep nobody waiting", nil, slowClients, true},
	{"uploads", "a flood of papers keeps nobody waiting and takes no memory", nil, uploadFlood, true},
	{"logins", "a flood of sign-ins keeps nobody waiting who is in", nil, loginFlood, true},
}

func main() { os.Exit(run(os.Args[1:])) }

// options of a run.
type options struct {
	gsl   string // the program
	dir   string // where the runs work; on a real disk
	short bool
	kills int
	only  string
}

func run(args []string) int {
	opt, code := parse(args)
	if code >= 0 {
		return code
	}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	s, err := newSuite(opt)
	if err != nil {
		fmt.Fprintln(os.Stderr, "faults:", err)
		return 1
	}
	defer s.forget()
	reports := s.play(ctx)
	out := json.NewEncoder(os.Stdout)
	out.SetIndent("", "  ")
	if err := out.Encode(map[string]any{"machine": machine(), "scenarios": reports}); err != nil {
		return 1
	}
	for _, r := range reports {
		if len(r.Broken) > 0 {
			return 1
		}
	}
	return 0
}

func parse(args []string) (opt options, code int) {
	flags := flag.NewFlagSet("faults", flag.ContinueOnError)
	flags.StringVar(&opt.gsl, "gsl", "bin/gsl", "the program to give bad days to")
	flags.StringVar(&opt.dir, "dir", "faults/out", "where the runs work: a directory on a real disk, 4 GB free")
	flags.BoolVar(&opt.short, "short", false, "what make test runs: every scenario, fewer turns")
	flags.IntVar(&opt.kills, "kills", 500, "how often the program is killed (8 with -short)")
	flags.StringVar(&opt.only, "only", "", "scenarios to play, with commas between: "+names())
	if err := flags.Parse(args); err != nil || flags.NArg() > 0 {
		return opt, 2
	}
	for _, name := range opt.wanted() {
		if !slices.ContainsFunc(scenarios, func(s scenario) bool { return s.name == name }) {
			fmt.Fprintf(os.Stderr, "faults: no scenario %q; there are %s\n", name, names())
			return opt, 2
		}
	}
	var err error
	if opt.gsl, err = filepath.Abs(opt.gsl); err != nil {
		return opt, 2
	}
	return opt, -1
}

func (o options) wanted() []string {
	return strings.FieldsFunc(o.only, func(r rune) bool { return r == ',' || r == ' ' })
}

func names() string {
	list := make([]string, len(scenarios))
	for i, s := range scenarios {
		list[i] = s.name
	}
	return strings.Join(list, ", ")
}
