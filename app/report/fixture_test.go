package report_test

import (
	"context"
	"testing"

	"gsl/app/access"
	"gsl/app/catalogue"
	"gsl/app/kit/actor"
	"gsl/app/people"
	"gsl/app/report"
	"gsl/tenants"
	"gsl/tenants/tenantstest"
)

var background = context.Background()

// desk is Asistencia Social of Limache: two case managers, their head and a desk,
// on a real file.
type desk struct {
	t                      *testing.T
	files                  *tenants.Files
	clock                  *tenantstest.Clock
	limache                *tenants.Municipality
	people                 *people.Service
	service                *report.Service
	camila, luis, head, ro actor.Actor
}

func newDesk(t *testing.T) *desk {
	t.Helper()
	d := &desk{t: t}
	d.files, d.clock = tenantstest.NewWithClock(t)
	d.limache = tenantstest.Municipality(t, d.files, "05802")
	d.camila = d.worker("camila", "Camila Rojas", access.CaseManager)
	d.luis = d.worker("luis", "Luis Moraga", access.CaseManager)
	d.head = d.worker("head", "Hernán Salinas", access.UnitHead)
	d.ro = d.worker("desk", "Rosa Vera", access.FrontDesk)
	if err := catalogue.SeedNational(background, d.files.National()); err != nil {
		t.Fatal(err)
	}
	if err := d.limache.Update(background, func(tx *tenants.Tx) error { return catalogue.Seed(tx, d.limache.Identity) }); err != nil {
		t.Fatal(err)
	}
	d.people = people.NewService(nil)
	d.service = report.NewService(d.people, catalogue.NewService(d.files.National(), d.clock.Now))
	return d
}

func (d *desk) worker(id, name, role string) actor.Actor {
	return actor.Actor{UserID: id, MembershipID: "m-" + id, Name: name, Role: role, UnitID: access.SocialUnit, UnitName: "Asistencia Social",
		Municipality: d.limache, Permissions: access.PermissionsOf(role, access.SocialUnit), RequestID: "request"}
}

// file opens the file of a person and gives its id.
func (d *desk) file(n int) string {
	d.t.Helper()
	f, err := d.people.Lookup(background, d.camila, people.RUNOf(uint32(20_000_000+n))) //nolint:gosec // small
	if err != nil {
		d.t.Fatal(err)
	}
	return f.ID
}

// draft begins a report.
func (d *desk) draft(file string, n report.New) report.Report {
	d.t.Helper()
	r, err := d.service.Draft(background, d.camila, file, n)
	if err != nil {
		d.t.Fatal(err)
	}
	return r
}

// load gives a report as it is kept.
func (d *desk) load(id string) report.Shown {
	d.t.Helper()
	shown, err := d.service.Load(background, d.camila, id, "report")
	if err != nil {
		d.t.Fatal(err)
	}
	return shown
}

func (d *desk) count(query string, args ...any) (n int) {
	d.t.Helper()
	if err := d.limache.View(background, func(tx *tenants.Tx) error { return tx.QueryRow(query, args...).Scan(&n) }); err != nil {
		d.t.Fatal(err)
	}
	return n
}
