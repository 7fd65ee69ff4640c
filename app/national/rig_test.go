package national

import (
	"context"
	"testing"

	"gsl/app/access"
	"gsl/app/catalogue"
	"gsl/app/kit/actor"
	"gsl/app/people"
	"gsl/tenants"
	"gsl/tenants/tenantstest"
)

var background = context.Background()

// Bodies of RUNs.
const (
	rosa  = 7654321  // national administrator
	marta = 12345678 // counterpart to be
)

// rig is the room on real files that a test opens, cuts short and opens again.
type rig struct {
	t      testing.TB
	dir    string
	clock  *tenantstest.Clock
	files  *tenants.Files
	access *access.Service
	*Service
	rosa actor.Actor
}

func newRig(t testing.TB) *rig {
	t.Helper()
	r := &rig{t: t, dir: t.TempDir(), clock: tenantstest.NewClock()}
	r.open()
	if err := catalogue.SeedNational(background, r.files.National()); err != nil {
		t.Fatal(err)
	}
	id, err := r.access.AddUser(background, access.Console(), access.NewUser{RUN: rosa, GivenNames: "Rosa", Surnames: "Vera Lagos", Password: "tres zorros comen pan"})
	if err == nil {
		_, err = r.access.AddMembership(background, access.Console(), access.NewMembership{RUN: rosa, Role: access.NationalAdmin})
	}
	if err != nil {
		t.Fatal(err)
	}
	r.rosa = administrator(id, "Rosa Vera Lagos", "request")
	t.Cleanup(r.close)
	return r
}

// trusting stands in for the second factor: its own tests are in access.
type trusting struct{ *access.Service }

func (trusting) Confirm(context.Context, actor.Actor, string) error { return nil }
func (trusting) NeedsCode(context.Context, actor.Actor) bool        { return false }

func (r *rig) open() {
	r.t.Helper()
	var err error
	r.files, err = tenants.Open(background, tenants.Options{Dir: r.dir, Clock: r.clock.Now, Seed: []func(*tenants.Tx, tenants.Identity) error{catalogue.Seed}})
	if err != nil {
		r.t.Fatal(err)
	}
	r.access, err = access.New(background, r.files, access.Config{PublicURL: "http://127.0.0.1:8080", Clock: r.clock.Now,
		ParseRUN: func(text string) (uint32, error) {
			run, err := people.ParseRUN(text)
			return run.Body(), err
		},
		FormatRUN: func(body uint32) string { return people.RUNOf(body).Format() }})
	if err != nil {
		r.t.Fatal(err)
	}
	r.Service = NewService(r.files, trusting{r.access}, Config{Clock: r.clock.Now, Dir: r.t.TempDir()})
}

func (r *rig) close() {
	r.t.Helper()
	r.Settle()
	if err := r.files.Close(); err != nil {
		r.t.Error(err)
	}
}

func (r *rig) reopen() {
	r.t.Helper()
	r.close()
	r.open()
}

// texts gives the first column of a query of national.db.
func (r *rig) texts(query string, args ...any) (list []string) {
	r.t.Helper()
	err := r.files.National().View(background, func(tx *tenants.Tx) (err error) {
		list, err = column(tx, query, args...)
		return err
	})
	if err != nil {
		r.t.Fatal(err)
	}
	return list
}

func column(tx *tenants.Tx, query string, args ...any) (list []string, err error) {
	rows, err := tx.Query(query, args...)
	if err != nil {
		return nil, err
	}
	defer func() { _ = rows.Close() }()
	for rows.Next() {
		var text string
		if err := rows.Scan(&text); err != nil {
			return nil, err
		}
		list = append(list, text)
	}
	return list, rows.Err()
}

// in gives the first column of a query of a municipality's file.
func (r *rig) in(id, query string) (list []string) {
	r.t.Helper()
	m, err := r.files.Municipality(background, id)
	if err != nil {
		r.t.Fatal(err)
	}
	err = m.View(background, func(tx *tenants.Tx) (err error) {
		list, err = column(tx, query)
		return err
	})
	if err != nil {
		r.t.Fatal(err)
	}
	return list
}
