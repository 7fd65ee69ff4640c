package app

import (
	"context"
	"errors"
	"flag"
	"log/slog"
	"os"
	"slices"
	"strings"
	"time"
)

// checkServer says what a server would go by, without secrets, and what is wrong
// with it and with the machine. It takes no port and no lock: it may run beside
// a server.
func checkServer(ctx context.Context, config Config, term terminal, flags *flag.FlagSet) error {
	say(term, "gsl %s (%s)\n\n", version, commit)
	for _, line := range effective(flags, term.settings) {
		say(term, "%s\n", line)
	}
	say(term, "\n")
	if err := tellTarget(config, term); err != nil {
		return err
	}
	security, err := newSecurity(config, time.Now, slog.New(slog.DiscardHandler))
	found := look(config, time.Now()).findings(config)
	found = append(found, security.findings(time.Now())...)
	found = append(found, clamdFindings(ctx, config.Clamd)...)
	found = append(found, readableByAll(append(term.settings.secretFiles(), config.TLS.Key)...)...)
	found = append(found, misspelt(term.settings.known, os.Environ())...)
	for _, f := range found {
		say(term, "WARN %s\n", f)
	}
	if err := errors.Join(err, writable(config.Data)); err != nil {
		return err
	}
	say(term, "ok: gsl serve would start\n")
	return nil
}

// tellTarget says where the replicas would go.
func tellTarget(config Config, term terminal) error {
	replica, err := config.replica()
	switch {
	case err != nil:
		return err
	case replica == nil:
		say(term, "WARN backup: nothing is replicated: a lost disk is lost work\n")
	case replica.SameDisk(config.Data):
		say(term, "WARN backup: replicas go to %s, on the same disk: no backup; name a store in litestream.yml\n", replica.Target())
	default:
		say(term, "replicas go to %s\n", replica.Target())
	}
	return nil
}

// misspelt finds names of the environment that look like settings and are none.
func misspelt(known, environ []string) []finding {
	var list []finding
	for _, line := range environ {
		name, _, _ := strings.Cut(line, "=")
		if strings.HasPrefix(name, "GSL_") && !strings.HasPrefix(name, "GSL_TEST_") && !slices.Contains(known, strings.TrimSuffix(name, fileSuffix)) {
			list = append(list, finding{"environment", name + " is no setting: is it misspelt?"})
		}
	}
	return list
}
