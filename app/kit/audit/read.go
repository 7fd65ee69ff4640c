package audit

import (
	"context"
	"encoding/json"
	"time"

	"gsl/app/kit/actor"
	"gsl/tenants"
)

// Entry is one row of a trail as it is read back.
type Entry struct {
	Seq    int64 // grows with time
	At     time.Time
	UserID string
	Role   string            // code, as it was then
	Unit   string            // code, as it was then
	Action string            // of a change; of a view, the page
	Object string            // what was changed; of a view, why it was looked at
	Detail map[string]string // of a change: from, to, reason
}

// Changes gives the changes made to a file, newest first: at most limit, older
// than the entry before (0 for the newest).
func Changes(tx *tenants.Tx, file string, before int64, limit int) ([]Entry, error) {
	return readChanges(tx, file, before, limit)
}

// Views gives who looked at a file, newest first: at most limit, older than the
// entry before (0 for the newest).
func Views(ctx context.Context, who actor.Actor, file string, before int64, limit int) (list []Entry, err error) {
	err = who.Municipality.Access().View(ctx, func(tx *tenants.Tx) error {
		list, err = readViews(tx, file, before, limit)
		return err
	})
	return list, err
}

// Which says which views of a person are asked for. A person has the views of the
// file and of those that were merged into it.
type Which struct {
	Files    []string
	UserID   string    // "" anybody's
	From, To time.Time // zero: since ever, until now; To itself is not in it
	Before   int64     // number of the entry before; 0 the newest
	Limit    int
}

// ViewsOf gives who looked at a person's files, newest first.
func ViewsOf(ctx context.Context, who actor.Actor, w Which) (list []Entry, err error) {
	err = who.Municipality.Access().View(ctx, func(tx *tenants.Tx) error {
		list, err = readViewsOf(tx, &w)
		return err
	})
	return list, err
}

// Viewer is somebody who looked at a person's files, and how often.
type Viewer struct {
	UserID string
	Role   string // at the last view
	Times  int
}

// Viewers lists who looked at a person's files within the time, the most frequent first.
func Viewers(ctx context.Context, who actor.Actor, w Which) (list []Viewer, err error) {
	err = who.Municipality.Access().View(ctx, func(tx *tenants.Tx) error {
		list, err = readViewers(tx, &w)
		return err
	})
	return list, err
}

// readDetail takes the detail of a change apart. An entry must be readable
// whatever stands in it: what is no object of texts is left out.
func readDetail(text string) map[string]string {
	var detail map[string]string
	if text == "" || json.Unmarshal([]byte(text), &detail) != nil {
		return nil
	}
	return detail
}
