package app

import (
	"context"
	"errors"
	"flag"
	"fmt"

	"gsl/app/kit/audit"
	"gsl/tenants"
)

func prepareVerify(flags *flag.FlagSet, config *Config) work {
	quick := flags.Bool("quick", false, "skip the check of every page, and the replicas")
	replicas := flags.Bool("replicas", true, "restore every replica into a scratch file and check it")
	return func(ctx context.Context, term terminal, _ []string) error {
		return opened(ctx, *config, func(a *App) error { return a.verify(ctx, term, *quick, *replicas && !*quick) })
	}
}

// verifiers is how many replicas are restored side by side.
const verifiers = 4

// verify looks over every file and every chain, restores every replica, says what
// is wrong with each, and goes on with the next.
func (a *App) verify(ctx context.Context, term terminal, quick, replicas bool) error {
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
		var proof audit.Proof
		m, err := a.Files.Municipality(ctx, who.ID)
		if err == nil {
			proof, err = audit.Prove(ctx, m)
		}
		note("audit of "+who.Code+" "+who.Name, err)
		if err == nil { // what a paper for a person says it was known by
			say(term, "     views %d %s, changes %d %s\n", proof.Views.Rows, proof.Views.Head, proof.Changes.Rows, proof.Changes.Head)
		}
	}
	if err := a.verifyReplicas(ctx, term, replicas, note); err != nil {
		return err
	}
	if bad > 0 {
		return errors.New(fmt.Sprint(bad, " bad; restore them from a replica"))
	}
	return nil
}

// verifyReplicas drills every file: a replica that runs is not a replica that restores.
func (a *App) verifyReplicas(ctx context.Context, term terminal, wanted bool, note func(string, error)) error {
	switch {
	case !wanted:
		return nil
	case !a.Files.Replicated():
		say(term, "     no replica is configured\n")
		return nil
	}
	return a.Files.DrillAll(ctx, tenants.Rounds{Workers: verifiers, Whole: true, Tell: func(file string, err error) { note("replica of "+file, err) }})
}
