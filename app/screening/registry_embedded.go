package screening

import (
	"cmp"
	"context"
	"slices"
	"sync/atomic"

	"gsl/app/people"
	"gsl/tenants"
)

// Embedded is the social registry that the program keeps itself, in
// registry.db, loaded from files. It answers where no connector to the national
// registry is configured.
type Embedded struct {
	db      *tenants.DB
	checked atomic.Bool // the index was seen to be there
	recent  recent
}

// NewEmbedded makes the embedded registry of a registry.db.
func NewEmbedded(db *tenants.DB) *Embedded { return &Embedded{db: db, recent: newRecent()} }

// Household gives the household in which the person lives, as of its data date,
// with the national benefits of all members, newest first. For a person it does
// not know the error is ErrNotRegistered, and Benefits still holds what the RIS
// knows of the person.
func (e *Embedded) Household(ctx context.Context, run people.RUN) (Household, error) {
	if err := e.ready(ctx); err != nil {
		return Household{}, err
	}
	var h Household
	version := e.db.Version() // before the reading: what is written meanwhile makes it old
	err := e.db.View(ctx, func(tx *tenants.Tx) (err error) {
		known := false
		if h, known = e.recent.get(run, version); known {
			return readable(tx) // a registry that cannot be read says so, whatever is kept of it
		}
		if h, err = readHousehold(tx, run); err == nil {
			e.recent.put(run, version, h)
		}
		return err
	})
	return h, err
}

// Heads gives up to limit heads of household of a commune, by folio: people to
// begin with in a demonstration or a benchmark.
func (e *Embedded) Heads(ctx context.Context, commune string, limit int) ([]people.RUN, error) {
	var list []people.RUN
	err := e.db.View(ctx, func(tx *tenants.Tx) (err error) {
		list, err = readHeads(tx, commune, limit)
		return err
	})
	return list, err
}

// Prompt reports whether an answer comes when the context ends at the latest: a
// running query is interrupted. Making the index is not.
func (e *Embedded) Prompt() bool { return e.checked.Load() }

// ready makes the index by person when a first load was cut short before it
// could: without it every lookup reads the whole table.
func (e *Embedded) ready(ctx context.Context) error {
	if e.checked.Load() {
		return nil
	}
	if err := mendIndex(ctx, e.db); err != nil {
		return err
	}
	e.checked.Store(true)
	return nil
}

// mendIndex makes the index by person if it is missing.
func mendIndex(ctx context.Context, db *tenants.DB) error {
	missing := false
	err := db.View(ctx, func(tx *tenants.Tx) (err error) {
		missing, err = indexMissing(tx)
		return err
	})
	if err != nil || !missing {
		return err
	}
	return db.Update(ctx, createIndex)
}

func newestFirst(list []Benefit) {
	slices.SortStableFunc(list, func(a, b Benefit) int {
		return cmp.Or(compareDates(b.On, a.On), cmp.Compare(a.RUN.Body(), b.RUN.Body()))
	})
}
