package referral

import (
	"context"
	"errors"
	"testing"

	"gsl/app/access"
	"gsl/app/catalogue"
	"gsl/app/kit/actor"
	"gsl/app/kit/calendar"
	"gsl/app/kit/fault"
	"gsl/app/people"
	"gsl/tenants"
	"gsl/tenants/tenantstest"
)

// house is two municipalities with everybody who works there and one person
// who asks for something.
type house struct {
	t       testing.TB
	files   *tenants.Files
	clock   *tenantstest.Clock
	limache *tenants.Municipality
	lolol   *tenants.Municipality
	people  *people.Service
	service *Service
	file    people.File
	facts   catalogue.Facts
	staff   map[string]actor.Actor
	items   int // of plans, made so far
}

const mariaRUN = "12345678-5"

func newHouse(t testing.TB) *house {
	t.Helper()
	files, clock := tenantstest.NewWithClock(t)
	ctx := context.Background()
	if err := catalogue.SeedNational(ctx, files.National()); err != nil {
		t.Fatal(err)
	}
	h := &house{t: t, files: files, clock: clock, limache: tenantstest.Municipality(t, files, "05802"), lolol: tenantstest.Municipality(t, files, "06303")}
	h.people = people.NewService(nil)
	h.service = NewService(h.people, catalogue.NewService(files.National(), clock.Now))
	h.service.Facts = func(context.Context, actor.Actor, string) (*catalogue.Facts, error) { return &h.facts, nil }
	h.hire()
	h.service.Colleagues = func(_ context.Context, _ actor.Actor, unit string) (list []access.Colleague, err error) {
		for _, who := range h.staff {
			if who.UnitID == unit {
				list = append(list, access.Colleague{UserID: who.UserID, Name: who.Name, Role: who.Role, UnitID: unit})
			}
		}
		return list, nil
	}
	h.file = h.open(h.limache, mariaRUN)
	h.facts = catalogue.Facts{Today: calendar.On(clock.Now()), Registered: catalogue.No, OwnCommune: catalogue.Yes,
		Members: []catalogue.Member{{Holder: mariaRUN, Name: "María Eugenia González Pérez", BirthDate: day("1972-03-04"), Sex: "F"}}}
	return h
}

// The people of the house, by what they are called in the tests.
const (
	front         = "front desk"
	rshDesk       = "rsh desk"
	rshOther      = "rsh colleague"
	rshHead       = "rsh head"
	subsidies     = "subsidies desk"
	subsidiesHead = "subsidies head"
	manager       = "case manager"
	socialHead    = "social head"
	family        = "family worker"
	director      = "director"
	counterpart   = "counterpart"
	technical     = "technical assistant"
	national      = "national admin"
	elsewhere     = "rsh desk elsewhere" // of another municipality
)

func (h *house) hire() {
	h.staff = map[string]actor.Actor{}
	names := map[string]string{"social": "Asistencia Social", "rsh": "Registro Social de Hogares", "subsidies": "Subsidios Sociales", "families": "Programa Familias"}
	for name, job := range map[string][2]string{
		front: {access.FrontDesk, ""}, rshDesk: {access.RSHDesk, "rsh"}, rshOther: {access.RSHDesk, "rsh"}, rshHead: {access.UnitHead, "rsh"},
		subsidies: {access.SubsidiesDesk, "subsidies"}, subsidiesHead: {access.UnitHead, "subsidies"},
		manager: {access.CaseManager, "social"}, socialHead: {access.UnitHead, "social"}, family: {access.CaseManager, "families"},
		director: {access.Director, ""}, counterpart: {access.Counterpart, ""}, technical: {access.TechnicalAssistant, ""},
		national: {access.NationalAdmin, ""}, elsewhere: {access.RSHDesk, "rsh"},
	} {
		who := actor.Actor{UserID: "u-" + name, MembershipID: "m-" + name, Name: "Persona " + name, Role: job[0], UnitID: job[1], UnitName: names[job[1]],
			Permissions: access.PermissionsOf(job[0], job[1]), Municipality: h.limache, RequestID: "r"}
		switch name {
		case elsewhere:
			who.Municipality = h.lolol
		case national:
			who.Municipality = nil
		}
		h.staff[name] = who
	}
}

func (h *house) open(m *tenants.Municipality, text string) people.File {
	h.t.Helper()
	run, err := people.ParseRUN(text)
	if err != nil {
		h.t.Fatal(err)
	}
	who := h.staff[front]
	who.Municipality = m
	f, err := h.people.Lookup(context.Background(), who, run)
	if err != nil {
		h.t.Fatal(err)
	}
	h.update(m, func(tx *tenants.Tx) error {
		return people.Fill(tx, f.ID, people.Registered{GivenNames: "María Eugenia", Surnames: "González Pérez", Sex: "F", BirthDate: day("1972-03-04")})
	})
	f.GivenNames, f.Surnames = "María Eugenia", "González Pérez"
	return f
}

func (h *house) update(m *tenants.Municipality, work func(*tenants.Tx) error) {
	h.t.Helper()
	if err := m.Update(context.Background(), work); err != nil {
		h.t.Fatal(err)
	}
}

// What is asked for in the tests.
var (
	entry   = Asked{Code: "A501", Name: "Ingreso al Registro Social de Hogares", Category: "A", Provider: "Registro Social de Hogares"}
	housing = Asked{Code: "D201", Name: "Vivienda (EGIS municipal)", Category: "D", Provider: "Vivienda (EGIS municipal)"}
)

// send makes a referral of the file by somebody.
func (h *house) send(by string, n New) Referral {
	h.t.Helper()
	if n.FileID == "" {
		n.FileID = h.file.ID
	}
	if n.Name == "" {
		n.Asked = entry
	}
	var r Referral
	h.update(h.limache, func(tx *tenants.Tx) (err error) {
		r, err = h.service.Create(tx, h.staff[by], n)
		return err
	})
	return r
}

// move is one step; it fails the test unless it goes through.
func (h *house) move(by string, r Referral, m Move) Referral {
	h.t.Helper()
	after, err := h.service.Move(context.Background(), h.staff[by], r.ID, m)
	if err != nil {
		h.t.Fatalf("%s by %s on %s: %v", m.Verb, by, r.State, err)
	}
	return after
}

func (h *house) now(id string) (r Referral) {
	h.t.Helper()
	err := h.limache.View(context.Background(), func(tx *tenants.Tx) (err error) {
		r, err = ByID(tx, id)
		return err
	})
	if err != nil {
		h.t.Fatal(err)
	}
	return r
}

// read asks the municipality's file for one value.
func (h *house) read(query string, into any) {
	h.t.Helper()
	err := h.limache.View(context.Background(), func(tx *tenants.Tx) error { return tx.QueryRow(query).Scan(into) })
	if err != nil {
		h.t.Fatal(err)
	}
}

func (h *house) history(id string) (list []Entry) {
	h.t.Helper()
	err := h.limache.View(context.Background(), func(tx *tenants.Tx) (err error) {
		list, err = HistoryOf(tx, id)
		return err
	})
	if err != nil {
		h.t.Fatal(err)
	}
	return list
}

func day(s string) calendar.Date {
	d, err := calendar.Parse(s)
	if err != nil {
		panic(err)
	}
	return d
}

func (h *house) wantKind(err error, kind fault.Kind, key string) {
	h.t.Helper()
	if !fault.Is(err, kind) || key != "" && err.Error() != key {
		h.t.Errorf("got %v, want kind %d %s", err, kind, key)
	}
}

// refuse is a consequence that goes wrong.
func refuse(*tenants.Tx, actor.Actor, *Referral, State) error { return errors.New("no") }
