package audit

import (
	"context"
	"time"

	"gsl/app/kit/actor"
	"gsl/tenants"
)

// LookedLately reports whether the actor has a row in the trail of views about
// the file that is no older than so much: what belongs to a page and is asked for
// by itself, a picture on it, needs no second one.
func LookedLately(ctx context.Context, who actor.Actor, file string, within time.Duration) (seen bool, err error) {
	err = who.Municipality.Access().View(ctx, func(tx *tenants.Tx) error {
		seen, err = lookedSince(tx, who, file, tx.Now.Add(-within))
		return err
	})
	return seen, err
}
