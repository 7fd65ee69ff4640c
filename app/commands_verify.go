package app

import (
	"context"
	"errors"
	"flag"
	"fmt"

	"gsl/app/kit/audit"
)

func prepareVerify(flags *flag.FlagSet, config *Config) work {
	quick := flags.Bool("quick", false, "skip the check of every page")
	return func(ctx context.Context, term terminal, _ []string) error {
		return opened(ctx, *config, func(a *App) error { return a.verify(ctx, term, *quick) })
	}
}

// verify looks over every file and every chain, says what is wrong with each,
// and goes on with the next.
func (a *App) verify(ctx context.Context, term terminal, quick bool) error {
	bad := 0
	note := func(name string, err error) {
		if err != nil {
			bad++
			say(term, "BAD  %s: %s\n", name, oneLine(err))
			return
		}
		say(term, "ok   %s\n", name)
	}
	if err := a.Files.Verify(ctx, quick, note); err != nil && ctx.Err() != nil {
		return err
	}
	note("audit of national.db", audit.VerifyChanges(ctx, a.Files.National()))
	list, err := a.Files.Municipalities(ctx)
	if err != nil {
		return err
	}
	for _, who := range list {
		m, err := a.Files.Municipality(ctx, who.ID)
		if err == nil {
			err = audit.Verify(ctx, m)
		}
		note("audit of "+who.Code+" "+who.Name, err)
	}
	if bad > 0 {
		return errors.New(fmt.Sprint(bad, " bad; restore them from a replica"))
	}
	return nil
}
