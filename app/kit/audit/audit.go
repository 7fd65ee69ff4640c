// Package audit keeps the trails of a municipality: what was changed (in the
// main file, in the same transaction as the change) and who looked at what (in
// the access file, durable before the answer). Both are append-only and
// hash-chained: each row's hash covers the row before it.
package audit

import (
	"context"
	"encoding/json"

	"gsl/app/kit/actor"
	"gsl/tenants"
)

// Change is one entry of the trail of changes.
type Change struct {
	Action string            // "cart.add", "plan.create", …: capability and verb
	Object string            // id of what was changed
	File   string            // the case file concerned, "" for none
	Detail map[string]string // from, to, reason; it is in the file, never in a log
}

// View is one entry of the trail of views.
type View struct {
	File string // the case file looked at
	What string // the page: screening, catalogue, plan, plan.pdf, …
	Why  string // the open attention or task, "" for none
}

// Record appends a change within the transaction that makes it.
func Record(tx *tenants.Tx, who actor.Actor, c Change) error {
	detail := ""
	if len(c.Detail) > 0 {
		text, err := json.Marshal(c.Detail) // map keys are sorted: the same entry has the same bytes
		if err != nil {
			return err
		}
		detail = string(text)
	}
	return appendChange(tx, who, c, detail)
}

// Looked appends a view; when it returns nil the entry is durable.
func Looked(ctx context.Context, who actor.Actor, v View) error {
	return who.Municipality.Access().Update(ctx, func(tx *tenants.Tx) error {
		return appendView(tx, who, v)
	})
}

// LookedAll appends the same view of many files at once: a list that was taken
// along. When it returns nil the entries are durable.
func LookedAll(ctx context.Context, who actor.Actor, files []string, what string) error {
	if len(files) == 0 {
		return nil
	}
	return who.Municipality.Access().Update(ctx, func(tx *tenants.Tx) error {
		for _, file := range files {
			if err := appendView(tx, who, View{File: file, What: what}); err != nil {
				return err
			}
		}
		return nil
	})
}
