package screening_test

import (
	"context"
	"sync"
	"testing"

	"gsl/app/access"
	"gsl/app/attention"
	"gsl/app/benefit"
	"gsl/app/catalogue"
	"gsl/app/kit/actor"
	"gsl/app/kit/calendar"
	"gsl/app/kit/fault"
	"gsl/app/people"
	"gsl/app/screening"
	"gsl/tenants"
	"gsl/tenants/tenantstest"
)

// registry is a social registry that a test fills, changes and takes down.
type registry struct {
	mu         sync.Mutex
	down       error
	households map[people.RUN]screening.Household
	benefits   map[people.RUN][]screening.Benefit // of people without household
}

func (r *registry) Household(_ context.Context, run people.RUN) (screening.Household, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.down != nil {
		return screening.Household{}, r.down
	}
	h, ok := r.households[run]
	if !ok {
		return screening.Household{Benefits: r.benefits[run]}, screening.ErrNotRegistered
	}
	return h, nil
}

// put registers the household under each of its members.
func (r *registry) put(h screening.Household) {
	r.mu.Lock()
	defer r.mu.Unlock()
	for _, m := range h.Members {
		r.households[m.RUN] = h
	}
}

func (r *registry) forget(run people.RUN) {
	r.mu.Lock()
	defer r.mu.Unlock()
	delete(r.households, run)
}

func (r *registry) fail(err error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.down = err
}

// house is the part of the house that the tests of the screening need, put
// together as the composition root does it.
type house struct {
	t         testing.TB
	files     *tenants.Files
	clock     *tenantstest.Clock
	limache   *tenants.Municipality
	lolol     *tenants.Municipality
	registry  *registry
	people    *people.Service
	catalogue *catalogue.Service
	attention *attention.Service
	screening *screening.Service
}

func build(t testing.TB) *house {
	t.Helper()
	files, clock := tenantstest.NewWithClock(t)
	h := &house{t: t, files: files, clock: clock, registry: &registry{households: map[people.RUN]screening.Household{}},
		limache: tenantstest.Municipality(t, files, "05802"), lolol: tenantstest.Municipality(t, files, "06304")}
	h.people = people.NewService(nil)
	h.catalogue = catalogue.NewService(files.National(), clock.Now)
	if err := catalogue.SeedNational(context.Background(), files.National()); err != nil {
		t.Fatal(err)
	}
	for _, m := range []*tenants.Municipality{h.limache, h.lolol} {
		err := m.Update(context.Background(), func(tx *tenants.Tx) error {
			if err := attention.Seed(tx); err != nil {
				return err
			}
			return catalogue.Seed(tx, m.Identity)
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	h.screening = screening.NewService(h.registry, h.people, nil)
	h.attention = attention.NewService(h.people, h.catalogue, clock.Now)
	h.people.OnLookup = append(h.people.OnLookup, h.attention.OnLookup)
	h.people.Why = h.attention.Why
	h.people.OnFrame = append(h.people.OnFrame, h.screening.OnFrame, h.attention.OnFrame)
	return h
}

func (h *house) worker(m *tenants.Municipality, role string) actor.Actor {
	return actor.Actor{UserID: "user-" + role, MembershipID: "m-" + role, Name: "Camila Rojas Soto", Role: role,
		UnitID: access.SocialUnit, UnitName: "Asistencia Social", Municipality: m, RequestID: "request",
		Permissions: access.PermissionsOf(role, access.SocialUnit)}
}

// manager is a case manager of Limache.
func (h *house) manager() actor.Actor { return h.worker(h.limache, access.CaseManager) }

func (h *house) lookup(who actor.Actor, run people.RUN) people.File {
	h.t.Helper()
	f, err := h.people.Lookup(context.Background(), who, run)
	if err != nil {
		h.t.Fatal(err)
	}
	return f
}

func (h *house) compile(who actor.Actor, file string) *screening.Screening {
	h.t.Helper()
	sc, err := h.screening.Compile(context.Background(), who, file)
	if err != nil {
		h.t.Fatal(err)
	}
	return sc
}

// number asks the file of Limache one number.
func (h *house) number(query string, args ...any) (n int) {
	h.t.Helper()
	err := h.limache.View(context.Background(), func(tx *tenants.Tx) error { return tx.QueryRow(query, args...).Scan(&n) })
	if err != nil {
		h.t.Fatal(err)
	}
	return n
}

func (h *house) exec(query string, args ...any) {
	h.t.Helper()
	err := h.limache.Update(context.Background(), func(tx *tenants.Tx) error {
		_, err := tx.Exec(query, args...)
		return err
	})
	if err != nil {
		h.t.Fatal(err)
	}
}

// grant writes a benefit into the municipality's registry.
func (h *house) grant(holder people.RUN, code, name, kind, on string, quantity, amount int64) {
	h.t.Helper()
	err := h.limache.Update(context.Background(), func(tx *tenants.Tx) error {
		return benefit.NewService().Deliver(tx, h.manager(), benefit.Grant{Holder: holder.String(), ItemCode: code, Name: name, Kind: kind,
			On: day(on), Quantity: quantity, Unit: "unidad", Amount: amount, Provider: "Asistencia Social", Source: benefit.FromPlan, Origin: code + on})
	})
	if err != nil {
		h.t.Fatal(err)
	}
}

var errDown = fault.New(fault.Unavailable, "fault.busy")

func runOf(text string) people.RUN {
	run, err := people.ParseRUN(text)
	if err != nil {
		panic(err)
	}
	return run
}

func day(text string) calendar.Date {
	d, err := calendar.Parse(text)
	if err != nil {
		panic(err)
	}
	return d
}

// The household of the mock-up: María, her husband who needs care, her daughter
// and a grandson.
var (
	maria  = runOf("12.345.678-5")
	luis   = runOf("11.111.111-1")
	camila = runOf("20.282.205-3")
	matias = runOf("25.754.203-3")
)

func mockHousehold() screening.Household {
	return screening.Household{Folio: "058020000007", Tramo: 40, Income: 412_300, Address: "Av. Palmira 210", CommuneCode: "05802",
		DwellingType: "casa", Tenure: "cedida por familiar", Water: "red pública", Rooms: 4, DataDate: day("2026-11-03"),
		Members: []screening.Member{
			{RUN: matias, GivenNames: "Matías", Surnames: "Soto González", BirthDate: day("2020-03-02"), Sex: "M", Nationality: "chilena",
				Relationship: "nieto/a", Education: "básica incompleta", Student: true, HealthInsurance: "FONASA A"},
			{RUN: luis, GivenNames: "Luis", Surnames: "Soto Araya", BirthDate: day("1968-07-20"), Sex: "M", Nationality: "chilena",
				Relationship: "cónyuge", Education: "básica incompleta", HealthInsurance: "FONASA A", Pension: "vejez", Dependency: "moderada", Disability: true},
			{RUN: maria, GivenNames: "María Eugenia", Surnames: "González Pérez", BirthDate: day("1972-05-04"), Sex: "F", Nationality: "chilena",
				Relationship: "jefe/a de hogar", Head: true, Income: 212_300, Education: "media completa", HealthInsurance: "FONASA B",
				Occupation: "trabaja", Carer: true, Phone: "+56981234567", Email: "maria@example.com"},
			{RUN: camila, GivenNames: "Camila", Surnames: "Soto González", BirthDate: day("2003-01-15"), Sex: "F", Nationality: "chilena",
				Relationship: "hijo/a", Income: 200_000, Education: "superior incompleta", HealthInsurance: "FONASA A", Pregnant: true},
		},
		Benefits: []screening.Benefit{
			{RUN: maria, Code: "RIS-SAP", Name: "Subsidio al Agua Potable", Provider: "Municipalidad", On: day("2026-08-01"), Amount: 8_430, Quantity: 1, Unit: "pago"},
			{RUN: matias, Code: "RIS-SUF", Name: "Subsidio Único Familiar", Provider: "IPS", On: day("2026-10-31"), Amount: 22_007, Quantity: 1, Unit: "pago"},
			{RUN: luis, Code: "RIS-BCN", Name: "Bono de hace años", Provider: "IPS", On: day("2020-01-05"), Amount: 6_000, Quantity: 1, Unit: "pago"},
		}}
}
