package diagnosis

import (
	"context"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"gsl/app/access"
	"gsl/app/kit/actor"
	"gsl/app/kit/audit"
	"gsl/app/kit/web"
	"gsl/app/kit/web/webtest"
	"gsl/app/people"
	"gsl/app/screening"
	"gsl/templates/layout"
	"gsl/tenants"
	"gsl/tenants/tenantstest"
)

// unit is Asistencia Social of Limache on a real file: two case managers, and the
// file of a grandmother whose household the registry knows.
type unit struct {
	t            *testing.T
	clock        *tenantstest.Clock
	limache      *tenants.Municipality
	people       *people.Service
	service      *Service
	camila, luis actor.Actor
	desk         actor.Actor
	file         string
	known        *screening.Screening // what the registries say
}

func newUnit(t *testing.T) *unit {
	t.Helper()
	files, clock := tenantstest.NewWithClock(t)
	u := &unit{t: t, clock: clock, limache: tenantstest.Municipality(t, files, "05802"), people: people.NewService(nil), known: household(t)}
	u.camila, u.luis = u.worker("camila", "Camila Rojas", access.CaseManager), u.worker("luis", "Luis Moraga", access.CaseManager)
	u.desk = u.worker("front", "Flor Díaz", access.FrontDesk)
	u.service = NewService(u.people)
	u.service.Screened = func(context.Context, actor.Actor, string) (*screening.Screening, error) { return u.known, nil }
	u.service.Items = func(*tenants.Tx, actor.Actor, string) ([]Item, error) {
		return []Item{{ID: "item-1", Name: "Canasta de alimentos", Folio: "2026-0001", Href: "/plans/p#item-1", Status: "pending", Text: "Pendiente", Open: true}}, nil
	}
	u.people.OnFrame = append(u.people.OnFrame, func(tx *tenants.Tx, who actor.Actor, f people.File, frame *layout.FileFrame) error {
		var risk int
		err := tx.QueryRow(`SELECT `+RiskOfFile, f.ID).Scan(&risk)
		WarnOfRisk(tx.Context(), who, frame, risk)
		return err
	})
	f, err := u.people.Lookup(context.Background(), u.camila, people.RUNOf(12_345_678))
	if err != nil {
		t.Fatal(err)
	}
	u.file = f.ID
	return u
}

func (u *unit) worker(id, name, role string) actor.Actor {
	return actor.Actor{UserID: id, MembershipID: "m-" + id, Name: name, Role: role, UnitID: access.SocialUnit, UnitName: "Asistencia Social",
		Municipality: u.limache, Permissions: access.PermissionsOf(role, access.SocialUnit), RequestID: "request"}
}

// start begins a draft and gives it.
func (u *unit) start() Diagnosis {
	u.t.Helper()
	if err := u.service.Start(u.t.Context(), u.camila, u.file); err != nil {
		u.t.Fatal(err)
	}
	return *u.section(u.camila).Draft
}

func (u *unit) section(who actor.Actor) *Section {
	u.t.Helper()
	sec, err := u.service.Section(u.t.Context(), who, u.file)
	if err != nil {
		u.t.Fatal(err)
	}
	return sec
}

// shown is a page on which a draft was shown: what is typed there comes from it.
func shown(d *Diagnosis, name string) Page {
	p := Page{Name: name, Seen: map[Dimension]string{}}
	for i := range d.Parts {
		p.Seen[d.Parts[i].Dimension] = d.Parts[i].mark()
	}
	return p
}

// typed is what a page sends: everything as it was shown, but for what was changed.
func typed(d *Diagnosis, p Page, changes map[Dimension]Text) Typed {
	t := Typed{DraftID: d.ID, From: p, Texts: map[Dimension]Text{}}
	for i := range d.Parts {
		t.Texts[d.Parts[i].Dimension] = d.Parts[i].Text
	}
	for of, text := range changes {
		t.Texts[of] = text
	}
	return t
}

// finish begins and finishes a diagnosis with levels.
func (u *unit) finish(levels map[Dimension]Text) Diagnosis {
	u.t.Helper()
	d := u.start()
	k, err := u.service.Complete(u.t.Context(), u.camila, u.file, typed(&d, shown(&d, "p"), levels))
	if err != nil {
		u.t.Fatal(err)
	}
	return k.Draft
}

func (u *unit) text(query string, args ...any) (text string) {
	u.t.Helper()
	err := u.limache.View(u.t.Context(), func(tx *tenants.Tx) error { return tx.QueryRow(query, args...).Scan(&text) })
	if err != nil {
		u.t.Fatalf("%s: %v", query, err)
	}
	return text
}

// actions are the entries of the trail of the file, the oldest first.
func (u *unit) actions() string {
	u.t.Helper()
	var list []string
	err := u.limache.View(u.t.Context(), func(tx *tenants.Tx) error {
		entries, err := audit.Changes(tx, u.file, 0, 100)
		for i := range entries {
			list = append([]string{entries[i].Action}, list...)
		}
		return err
	})
	if err != nil {
		u.t.Fatal(err)
	}
	return strings.Join(list, " ")
}

// browser is somebody signed in before the real routes.
func (u *unit) browser(who actor.Actor) *webtest.Client {
	u.t.Helper()
	return webtest.New(u.t, who, func(r *web.Router) {
		r.Object(web.Object{Param: "file", See: access.ReadFile, Exists: u.people.Exists})
		r.Object(web.Object{Param: "diagnosis", See: access.ReadCasework, Exists: u.service.Exists})
		r.Object(web.Object{Param: "tie", See: access.ReadCasework, Exists: u.service.TieExists})
		r.Object(web.Object{Param: "goal", See: access.ReadCasework, Exists: u.service.GoalExists})
		r.Object(web.Object{Param: "commitment", See: access.ReadCasework, Exists: u.service.CommitmentExists})
		NewHandlers(u.service, u.clock.Now).Mount(r)
	})
}

var hiddenField = regexp.MustCompile(`<input type="hidden" name="(draft|page|marks|key|seen\[[a-z]+\])" value="([^"]*)"`)

// hidden gives the room's own hidden fields of a page.
func hidden(got *webtest.Response) url.Values {
	form := url.Values{}
	for _, found := range hiddenField.FindAllStringSubmatch(got.Body, -1) {
		form.Set(found[1], found[2])
	}
	return form
}

func status(t *testing.T, got *webtest.Response, want int) {
	t.Helper()
	if got.Status != want {
		t.Fatalf("answered %d, want %d:\n%s", got.Status, want, got.Body)
	}
}
