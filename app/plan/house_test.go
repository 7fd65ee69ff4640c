package plan

import (
	"context"
	"errors"
	"net/url"
	"testing"

	"gsl/app/access"
	"gsl/app/benefit"
	"gsl/app/catalogue"
	"gsl/app/kit/actor"
	"gsl/app/kit/calendar"
	"gsl/app/kit/fault"
	"gsl/app/people"
	"gsl/app/referral"
	"gsl/templates/layout"
	"gsl/tenants"
	"gsl/tenants/tenantstest"
)

// house is a municipality with its catalogue, one person with a grandson, and
// everybody who works there.
type house struct {
	t         testing.TB
	files     *tenants.Files
	clock     *tenantstest.Clock
	limache   *tenants.Municipality
	people    *people.Service
	service   *Service
	referrals *referral.Service
	file      people.File
	facts     catalogue.Facts
	manager   actor.Actor
	other     actor.Actor // a second case manager
	head      actor.Actor
	director  actor.Actor
	desk      actor.Actor
	rsh       actor.Actor // of the desk that answers requests of category A
	subsidies actor.Actor
}

const (
	mariaRUN  = "12345678-5"
	matiasRUN = "22222222-2"
)

func newHouse(t testing.TB) *house {
	t.Helper()
	files, clock := tenantstest.NewWithClock(t)
	return newHouseIn(t, files, clock)
}

// showWork is the part of plans in what every page of a file counts.
func showWork(tx *tenants.Tx, _ actor.Actor, f people.File, frame *layout.FileFrame) error {
	var lines, open, closed int
	err := tx.QueryRow(`SELECT `+WorkOfFile, f.ID).Scan(&lines, &open, &closed)
	ShowWork(frame, lines, open, closed)
	return err
}

func newHouseIn(t testing.TB, files *tenants.Files, clock *tenantstest.Clock) *house {
	t.Helper()
	ctx := context.Background()
	if err := catalogue.SeedNational(ctx, files.National()); err != nil {
		t.Fatal(err)
	}
	h := &house{t: t, files: files, clock: clock, limache: tenantstest.Municipality(t, files, "05802")}
	h.people = people.NewService(nil)
	items := catalogue.NewService(files.National(), clock.Now)
	h.referrals = referral.NewService(h.people, items)
	h.service = NewService(h.people, items, benefit.NewService(), h.referrals)
	h.referrals.OnChange = append(h.referrals.OnChange, h.service.OnReferral)
	h.referrals.PlanOpen = h.service.PlanOpen
	h.people.OnFrame = append(h.people.OnFrame, showWork)
	h.service.Facts = func(ctx context.Context, who actor.Actor, fileID string) (*catalogue.Facts, error) {
		if _, err := h.people.File(ctx, who, fileID); err != nil {
			return nil, err
		}
		facts := h.facts
		return &facts, h.received(&facts)
	}
	h.manager = h.actor("u-camila", "Camila Rojas Soto", access.CaseManager, access.SocialUnit)
	h.other = h.actor("u-pedro", "Pedro Díaz Vera", access.CaseManager, access.SocialUnit)
	h.head = h.actor("u-ana", "Ana Muñoz Lara", access.UnitHead, access.SocialUnit)
	h.director = h.actor("u-dideco", "Jorge Silva Ríos", access.Director, "")
	h.desk = h.actor("u-meson", "Rosa Peña Cid", access.FrontDesk, "rsh")
	h.rsh = h.actor("u-luis", "Luis Vidal Mora", access.RSHDesk, access.RSHUnit)
	h.subsidies = h.actor("u-eva", "Eva Ríos Toro", access.SubsidiesDesk, access.SubsidiesUnit)
	h.update(func(tx *tenants.Tx) error { return catalogue.Seed(tx, h.limache.Identity) })
	h.openFile()
	return h
}

func (h *house) actor(id, name, role, unit string) actor.Actor {
	return actor.Actor{UserID: id, MembershipID: id + "-m", Name: name, Role: role, UnitID: unit, UnitName: "Asistencia Social",
		Permissions: access.PermissionsOf(role, unit), Municipality: h.limache, RequestID: "r"}
}

func (h *house) openFile() {
	h.t.Helper()
	run, err := people.ParseRUN(mariaRUN)
	if err != nil {
		h.t.Fatal(err)
	}
	if h.file, err = h.people.Lookup(context.Background(), h.manager, run); err != nil {
		h.t.Fatal(err)
	}
	h.update(func(tx *tenants.Tx) error {
		return people.Fill(tx, h.file.ID, people.Registered{GivenNames: "María Eugenia", Surnames: "González Pérez", Sex: "F",
			BirthDate: day("1972-03-04"), Address: "Av. Palmira 210", CommuneCode: "05802"})
	})
	h.facts = catalogue.Facts{Today: calendar.On(h.clock.Now()), Registered: catalogue.Yes, OwnCommune: catalogue.Yes, Tramo: 40,
		Income: 412_300, IncomeKnown: true, Members: []catalogue.Member{
			{Holder: mariaRUN, Name: "María Eugenia González Pérez", BirthDate: day("1972-03-04"), Sex: "F"},
			{Holder: matiasRUN, Name: "Matías Soto González", BirthDate: day("2020-06-01"), Sex: "M"},
		}}
}

// received fills what the municipality gave, as the screening does.
func (h *house) received(facts *catalogue.Facts) error {
	return h.limache.View(context.Background(), func(tx *tenants.Tx) error {
		grants, err := benefit.Received(tx, []string{mariaRUN, matiasRUN})
		facts.Today, facts.Received = calendar.On(tx.Now), append([]catalogue.Received(nil), h.facts.Received...)
		for _, g := range grants {
			facts.Received = append(facts.Received, catalogue.Received{Code: g.ItemCode, Holder: g.Holder, On: g.On, Name: g.Name})
		}
		return err
	})
}

func (h *house) update(work func(*tenants.Tx) error) {
	h.t.Helper()
	if err := h.limache.Update(context.Background(), work); err != nil {
		h.t.Fatal(err)
	}
}

func (h *house) view(work func(*tenants.Tx) error) {
	h.t.Helper()
	if err := h.limache.View(context.Background(), work); err != nil {
		h.t.Fatal(err)
	}
}

func day(s string) calendar.Date {
	d, err := calendar.Parse(s)
	if err != nil {
		panic(err)
	}
	return d
}

// form makes form values of pairs.
func form(pairs ...string) url.Values {
	f := url.Values{}
	for i := 0; i < len(pairs); i += 2 {
		f.Set(pairs[i], pairs[i+1])
	}
	return f
}

// add puts an item into the cart and fails the test when it is refused.
func (h *house) add(pairs ...string) Changed {
	h.t.Helper()
	done, err := h.service.Add(context.Background(), h.manager, h.file.ID, form(pairs...))
	if err != nil {
		h.t.Fatalf("add %v: %v %v", pairs, err, fields(err))
	}
	return done
}

// checkout agrees on what is in the cart.
func (h *house) checkout() Plan {
	h.t.Helper()
	r, err := h.service.Review(context.Background(), h.manager, h.file.ID)
	if err != nil {
		h.t.Fatal(err)
	}
	p, err := h.service.Checkout(context.Background(), h.manager, h.file.ID, CheckoutForm{Key: r.Key, Agreed: "signed"})
	if err != nil {
		h.t.Fatalf("checkout: %v %v", err, fields(err))
	}
	return p
}

// plan makes a plan of items that need nothing but their code.
func (h *house) plan(codes ...string) Plan {
	h.t.Helper()
	for _, code := range codes {
		h.add("item", code)
	}
	return h.checkout()
}

func (h *house) load(id string) Plan {
	h.t.Helper()
	var p Plan
	h.view(func(tx *tenants.Tx) (err error) {
		p, err = load(tx, id)
		return err
	})
	return p
}

// save sets statuses by position, from 1: "1 confirmed", "2 withdrawn reason".
func (h *house) save(who actor.Actor, p Plan, version int64, wanted map[int]Wanted) (Saved, error) {
	sent := SaveForm{Version: version, Items: map[string]Wanted{}}
	for position, w := range wanted {
		sent.Items[p.Items[position-1].ID] = w
	}
	return h.service.Save(context.Background(), who, p.ID, sent)
}

// tryMove takes the referral of an item one step on.
func (h *house) tryMove(who actor.Actor, p Plan, itemID string, m referral.Move) (referral.Referral, error) {
	h.t.Helper()
	it := p.Item(itemID)
	if it == nil || it.Referral == nil {
		h.t.Fatalf("no referral of %s in %+v", itemID, p)
	}
	return h.referrals.Move(context.Background(), who, it.Referral.ID, m)
}

// move is tryMove that must succeed; it gives the plan as it became.
func (h *house) move(who actor.Actor, p Plan, itemID string, m referral.Move) Plan {
	h.t.Helper()
	if _, err := h.tryMove(who, p, itemID, m); err != nil {
		h.t.Fatalf("%s by %s: %v %v", m.Verb, who.Name, err, fields(err))
	}
	return h.load(p.ID)
}

func text(s string) *string { return &s }

// fields names what is wrong: "status[…] key".
func fields(err error) map[string]string {
	wrong := map[string]string{}
	var e *fault.Error
	if errors.As(err, &e) {
		for _, f := range e.Fields {
			wrong[f.Name] = f.Key
		}
	}
	return wrong
}

// refused fails the test unless the error names the field with the key.
func refused(t testing.TB, err error, field, key string) {
	t.Helper()
	if !fault.Is(err, fault.Invalid) || fields(err)[field] != key {
		t.Fatalf("want %s: %s, got %v %v", field, key, err, fields(err))
	}
}
