package app

import (
	"context"
	"encoding/json"
	"flag"
	"fmt"
	"text/tabwriter"
	"time"

	"gsl/tenants"
)

// lateAfter is how far behind a replica may be before it is a trouble: a store
// that is away for a moment is none.
const lateAfter = time.Minute

func prepareBackupStatus(flags *flag.FlagSet, config *Config) work {
	asJSON := flags.Bool("json", false, "print it for programs")
	late := flags.Bool("late", false, "print only the files that lack something")
	return func(ctx context.Context, term terminal, _ []string) error {
		return opened(ctx, *config, func(a *App) error { return a.backupStatus(ctx, term, *asJSON, *late) })
	}
}

// backupStatus says how every file stands with its replica. It fails when one is
// late, or could not be restored at its last drill, so that a script notices.
func (a *App) backupStatus(ctx context.Context, term terminal, asJSON, onlyLate bool) error {
	list, err := a.replicasNow(ctx, term.host != nil)
	if err != nil {
		return err
	}
	names, err := a.municipalityNames(ctx)
	if err != nil {
		return err
	}
	shown, bad := list[:0:0], 0
	for _, s := range list {
		if wrong := inTrouble(s) != ""; wrong {
			bad++
		} else if onlyLate {
			continue
		}
		shown = append(shown, s)
	}
	if asJSON {
		err = json.NewEncoder(term.out).Encode(shown)
	} else {
		err = printReplicas(term, shown, names)
	}
	if err == nil && bad > 0 {
		err = fmt.Errorf("%d of %d files cannot be relied upon in their replica", bad, len(list))
	}
	return err
}

// replicasNow gives the statuses. A command that opened the files itself has only
// just begun to look at those of all.
func (a *App) replicasNow(ctx context.Context, running bool) ([]tenants.ReplicaStatus, error) {
	for end := time.Now().Add(3 * time.Second); ; {
		list, err := a.Files.Replicas(ctx)
		if err != nil || running || time.Now().After(end) || everyThere(list) {
			return list, err
		}
		select {
		case <-ctx.Done():
			return list, ctx.Err()
		case <-time.After(50 * time.Millisecond):
		}
	}
}

func everyThere(list []tenants.ReplicaStatus) bool {
	for _, s := range list {
		if s.Target != "" && (s.Lag > 0 || s.TXID == "") {
			return false
		}
	}
	return true
}

// inTrouble says in one word why a file cannot be relied upon in its replica, "" when it can.
func inTrouble(s tenants.ReplicaStatus) string {
	switch {
	case s.Target == "":
		return "not replicated"
	case s.DrillErr != "":
		return "drill failed"
	case s.TXID == "" && (s.Err != "" || s.Lag > lateAfter):
		return "not there yet"
	case s.Lag > lateAfter:
		return "late"
	}
	return ""
}

func (a *App) municipalityNames(ctx context.Context) (map[string]string, error) {
	list, err := a.Files.Municipalities(ctx)
	names := make(map[string]string, len(list))
	for _, who := range list {
		names[who.ID] = who.Code + " " + who.Name
	}
	return names, err
}

func printReplicas(term terminal, list []tenants.ReplicaStatus, names map[string]string) error {
	if len(list) > 0 && list[0].Target != "" {
		say(term, "target: %s\n", list[0].Target)
		if list[0].SameDisk {
			say(term, "same disk: not a backup\n")
		}
	}
	table := tabwriter.NewWriter(term.out, 0, 0, 2, ' ', 0)
	_, _ = fmt.Fprintln(table, "FILE\tOF\tREPLICA\tTXID\tLAST SYNCED\tLAG\tLAST DRILL\t")
	for _, s := range list {
		_, _ = fmt.Fprintf(table, "%s\t%s\te%d\t%s\t%s\t%s\t%s\t%s\n",
			s.File, names[s.MunicipalityID], s.Epoch, orDash(s.TXID), moment(s.SyncedAt), lag(s.Lag), moment(s.DrillAt), trouble(s))
	}
	return table.Flush()
}

func trouble(s tenants.ReplicaStatus) string {
	why := inTrouble(s)
	for _, cause := range []string{s.DrillErr, s.Err} {
		if cause != "" {
			return why + ": " + oneLine(fmt.Errorf("%s", cause))
		}
	}
	return why
}

func orDash(text string) string { return first(text, "-") }

func moment(at time.Time) string {
	if at.IsZero() {
		return "-"
	}
	return at.UTC().Format(time.RFC3339)
}

func lag(long time.Duration) string {
	if long == 0 {
		return "-"
	}
	return long.Round(10 * time.Millisecond).String()
}
