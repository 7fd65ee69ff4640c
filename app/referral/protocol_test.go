package referral

import (
	"context"
	"slices"
	"strings"
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

// agreed is a municipality whose desks refer, with everybody who writes, signs
// and approves what they refer by.
type agreed struct {
	t                                                             testing.TB
	ctx                                                           context.Context
	files                                                         *tenants.Files
	clock                                                         *tenantstest.Clock
	limache                                                       *tenants.Municipality
	service                                                       *Service
	file                                                          people.File
	head, rsh, manager, desk, rshDesk, director, admin, assistant actor.Actor
}

func newAgreed(t testing.TB) *agreed {
	t.Helper()
	files, clock := tenantstest.NewWithClock(t)
	h := &agreed{t: t, ctx: context.Background(), files: files, clock: clock, limache: tenantstest.Municipality(t, files, "05802")}
	if err := catalogue.SeedNational(h.ctx, files.National()); err != nil {
		t.Fatal(err)
	}
	persons := people.NewService(nil)
	h.service = NewService(persons, catalogue.NewService(files.National(), clock.Now))
	h.head = h.actor("u-ana", "Ana Muñoz Lara", access.UnitHead, access.SocialUnit, "Asistencia Social")
	h.rsh = h.actor("u-luz", "Luz Vega Mora", access.UnitHead, access.RSHUnit, "Registro Social de Hogares")
	h.manager = h.actor("u-camila", "Camila Rojas Soto", access.CaseManager, access.SocialUnit, "Asistencia Social")
	h.desk = h.actor("u-rosa", "Rosa Peña Cid", access.FrontDesk, "", "")
	h.rshDesk = h.actor("u-eva", "Eva Lagos Paz", access.RSHDesk, access.RSHUnit, "Registro Social de Hogares")
	h.director = h.actor("u-jorge", "Jorge Silva Ríos", access.Director, "", "")
	h.admin = h.actor("u-mario", "Mario Pinto Leal", access.Counterpart, "", "")
	h.assistant = h.actor("u-ines", "Inés Toro Vidal", access.TechnicalAssistant, "", "")
	h.update(func(tx *tenants.Tx) error { return catalogue.Seed(tx, h.limache.Identity) })
	run, err := people.ParseRUN("12345678-5")
	if err != nil {
		t.Fatal(err)
	}
	if h.file, err = persons.Lookup(h.ctx, h.manager, run); err != nil {
		t.Fatal(err)
	}
	return h
}

func (h *agreed) actor(id, name, role, unit, unitName string) actor.Actor {
	return actor.Actor{UserID: id, MembershipID: id + "-m", Name: name, Role: role, UnitID: unit, UnitName: unitName,
		Permissions: access.PermissionsOf(role, unit), Municipality: h.limache, RequestID: "r"}
}

// other is another municipality.
func (h *agreed) other() *tenants.Municipality {
	h.t.Helper()
	return tenantstest.Municipality(h.t, h.files, "06304")
}

func (h *agreed) update(work func(*tenants.Tx) error) {
	h.t.Helper()
	if err := h.limache.Update(h.ctx, work); err != nil {
		h.t.Fatal(err)
	}
}

func (h *agreed) must(err error) {
	h.t.Helper()
	if err != nil {
		h.t.Fatal(err)
	}
}

func (h *agreed) refused(err error, kind fault.Kind) {
	h.t.Helper()
	if !fault.Is(err, kind) {
		h.t.Fatalf("%v (%v), want kind %v", err, fault.KindOf(err), kind)
	}
}

func date(text string) calendar.Date {
	d, err := calendar.Parse(text)
	if err != nil {
		panic(err)
	}
	return d
}

// clauses is a text that can be signed.
func clauses() ProtocolForm {
	return ProtocolForm{Revision: 1, Title: "Oficina de intermediación laboral", AllDesks: true, Period: "month",
		Documents: "Cédula de identidad\nCurrículum", Process: "El mesón envía la ficha.", Answer: "La oficina informa la fecha y el resultado.",
		CitizenDays: 3, AnswerDays: 7, From: date("2026-11-01"), To: date("2027-10-31"), Evaluation: "Cada semestre."}
}

// sent is a finished text between Asistencia Social and a counterpart.
func (h *agreed) sent(counterpart string, form ProtocolForm) Protocol {
	h.t.Helper()
	p, err := h.service.BeginProtocol(h.ctx, h.head, ProtocolParties{Unit: access.SocialUnit, Counterpart: counterpart, AllDesks: form.AllDesks})
	h.must(err)
	return h.finish(p, form)
}

func (h *agreed) finish(p Protocol, form ProtocolForm) Protocol {
	h.t.Helper()
	form.Revision = p.Revision
	saved, err := h.service.SaveProtocol(h.ctx, h.head, p.ID, form)
	h.must(err)
	p, err = h.service.SendProtocol(h.ctx, h.head, p.ID, saved.Revision)
	h.must(err)
	return p
}

func (h *agreed) sign(p Protocol) Protocol {
	h.t.Helper()
	_, err := h.service.SignProtocol(h.ctx, h.head, p.ID, SignatureForm{Revision: p.Revision, Side: SideMunicipality})
	h.must(err)
	who, form := h.head, SignatureForm{Revision: p.Revision, Side: SideCounterpart, Name: "Pía Soto Díaz", Position: "Encargada OMIL", On: date("2026-11-20")}
	if p.Counterpart == access.RSHUnit {
		who = h.rsh
	}
	p, err = h.service.SignProtocol(h.ctx, who, p.ID, form)
	h.must(err)
	return p
}

func (h *agreed) inForce(counterpart string, form ProtocolForm) Protocol {
	h.t.Helper()
	return h.approve(h.sign(h.sent(counterpart, form)))
}

func (h *agreed) approve(p Protocol) Protocol {
	h.t.Helper()
	p, err := h.service.ApproveProtocol(h.ctx, h.director, p.ID, p.Revision)
	h.must(err)
	return p
}

// omil is the unit that item D202 goes to.
func (h *agreed) omil() string {
	h.t.Helper()
	var code string
	h.update(func(tx *tenants.Tx) error {
		u, ok, err := UnitOfProvider(tx, "Oficina Municipal de Intermediación Laboral (OMIL)")
		if !ok {
			h.t.Fatal("no unit")
		}
		code = u.Code
		return err
	})
	return code
}

// refer refers D202, with what may be changed.
func (h *agreed) refer(who actor.Actor, key string, change func(*New)) (Referral, error) {
	item, err := h.service.catalogue.Item(h.ctx, who, "D202")
	h.must(err)
	n := New{FileID: h.file.ID, Asked: AskedOf(item), Key: key}
	if change != nil {
		change(&n)
	}
	var r Referral
	err = h.limache.Update(h.ctx, func(tx *tenants.Tx) (err error) {
		r, err = h.service.Create(tx, who, n)
		return err
	})
	return r, err
}

func reasoned(n *New) { n.OverrideReason = "Está sin ingresos" }

func TestStandings(t *testing.T) {
	day := date("2026-11-21")
	signed := []ProtocolSignature{{Side: SideMunicipality}, {Side: SideCounterpart}}
	for _, c := range []struct {
		want Standing
		p    Protocol
	}{
		{StandsDraft, Protocol{State: ProtocolDraft}},
		{StandsInSignature, Protocol{State: ProtocolInSignature, Signatures: signed[:1]}},
		{StandsSigned, Protocol{State: ProtocolInSignature, Signatures: signed}},
		{StandsUpcoming, Protocol{State: ProtocolInForce, From: date("2026-11-22"), To: date("2027-11-22")}},
		{StandsInForce, Protocol{State: ProtocolInForce, From: day, To: date("2027-01-21")}}, // 61 days
		{StandsExpiring, Protocol{State: ProtocolInForce, From: day, To: date("2027-01-20")}},
		{StandsExpiring, Protocol{State: ProtocolInForce, From: day, To: day}},
		{StandsExpired, Protocol{State: ProtocolInForce, From: date("2026-01-01"), To: date("2026-11-20")}},
		{StandsInForce, Protocol{State: ProtocolInForce, From: date("2026-01-01"), To: date("2026-12-20"), ReplacedOn: date("2026-11-22")}},
		{StandsReplaced, Protocol{State: ProtocolInForce, From: date("2026-01-01"), To: date("2026-12-20"), ReplacedOn: day}},
		{StandsEnded, Protocol{State: ProtocolEnded}},
	} {
		if got := c.p.Standing(day); got != c.want {
			t.Errorf("%s, want %s: %+v", got, c.want, c.p)
		}
	}
}

func TestTheNarrowestValidProtocolGoverns(t *testing.T) {
	day := date("2026-11-21")
	on := func(id string, allDesks bool, to string, codes ...string) Protocol {
		p := Protocol{ID: id, State: ProtocolInForce, Counterpart: "omil", Unit: "social", AllDesks: allDesks, From: date("2026-01-01"), To: date(to)}
		for _, code := range codes {
			p.Items = append(p.Items, ProtocolItem{Code: code})
		}
		return p
	}
	general, item, own := on("general", true, "2027-01-01"), on("item", true, "2027-01-01", "D202"), on("own", false, "2027-01-01", "D202")
	past := on("past", false, "2026-11-20", "D202")
	for _, c := range []struct {
		name, origin, code, want string
		expired                  bool
		list                     []Protocol
	}{
		{"the general one", "front_desk", "D202", "general", false, []Protocol{general}},
		{"what names the item", "front_desk", "D202", "item", false, []Protocol{general, item}},
		{"another item", "front_desk", "D203", "general", false, []Protocol{item, general}},
		{"the own desk's", "social", "D202", "own", false, []Protocol{general, own, item}},
		{"another desk's does not", "rsh", "D202", "", false, []Protocol{own}},
		{"valid before expired", "social", "D202", "general", false, []Protocol{past, general}},
		{"only expired", "social", "D202", "past", true, []Protocol{past}},
	} {
		got, expired := governing(c.list, "omil", c.origin, c.code, day)
		id := ""
		if got != nil {
			id = got.ID
		}
		if id != c.want || expired != c.expired {
			t.Errorf("%s: %q (expired %v)", c.name, id, expired)
		}
	}
}

func TestPeriodsAreOfTheCalendar(t *testing.T) {
	for _, c := range []struct {
		period      Period
		day         string
		first, last string
	}{
		{Monthly, "2026-12-31", "2026-12", "2026-12"}, {Quarterly, "2026-12-31", "2026-10", "2026-12"},
		{Quarterly, "2027-01-01", "2027-01", "2027-03"}, {Quarterly, "2026-06-30", "2026-04", "2026-06"}, {Yearly, "2026-12-31", "2026-01", "2026-12"},
	} {
		if first, last := c.period.months(date(c.day)); first != c.first || last != c.last {
			t.Errorf("%s of %s: %s to %s", c.period, c.day, first, last)
		}
	}
}

// Rows as staff fill them in become the catalogue's criteria, and come back the same.
func TestCriteriaRows(t *testing.T) {
	rows := []CriterionRow{
		{Join: "", Scope: "", Condition: "tramo_max", Value: "60 %"},
		{Join: "and", Scope: "any_member", Condition: "younger", Value: "18"}, {Join: "or", Scope: "any_member", Condition: "disability", Value: ""}, {Join: "same", Scope: "any_member", Condition: "student", Value: ""},
		{Join: "", Scope: "", Condition: "", Value: ""},
		{Join: "and", Scope: "person", Condition: "not_received", Value: "ris-sap, 365 días"},
	}
	got, wrong := catalogue.ReadRows(rows)
	if len(wrong) > 0 {
		t.Fatal(wrong)
	}
	want, err := catalogue.ParseCriteria("tramo <= 60; any member (age < 18 or has_disability is true and is_student is true); person not received RIS-SAP within 365 days")
	if err != nil {
		t.Fatal(err)
	}
	if len(got) != len(want) {
		t.Fatalf("%d criteria", len(got))
	}
	for i := range want {
		if got[i].String() != want[i].String() {
			t.Errorf("%s, want %s", got[i].String(), want[i].String())
		}
	}
	back := catalogue.RowsOf(got)
	again, wrong := catalogue.ReadRows(back)
	if len(wrong) > 0 || len(again) != len(got) || again[1].String() != got[1].String() {
		t.Errorf("the way back: %v %v", back, wrong)
	}
	for field, bad := range map[string][]CriterionRow{
		"condition[0]": {{Join: "", Scope: "", Condition: "", Value: "60"}}, "value[0]": {{Join: "", Scope: "", Condition: "tramo_max", Value: "65"}}, "value[1]": {{Join: "", Scope: "", Condition: "female", Value: ""}, {Join: "and", Scope: "", Condition: "age_min", Value: "mucho"}},
		"join[1]": {{Join: "", Scope: "", Condition: "female", Value: ""}, {Join: "xor", Scope: "", Condition: "male", Value: ""}}, "scope[1]": {{Join: "", Scope: "", Condition: "female", Value: ""}, {Join: "or", Scope: "", Condition: "tramo_max", Value: "60"}},
	} {
		if _, wrong := catalogue.ReadRows(bad); len(wrong) != 1 || wrong[0].Name != field {
			t.Errorf("%v: %v, want %s", bad, wrong, field)
		}
	}
}

// From a draft to force: who may do what, and in which order.
func TestTheLifeOfAProtocol(t *testing.T) {
	h := newAgreed(t)
	_, err := h.service.BeginProtocol(h.ctx, h.manager, ProtocolParties{Unit: access.SocialUnit, Counterpart: h.omil()})
	h.refused(err, fault.Forbidden)
	_, err = h.service.BeginProtocol(h.ctx, h.head, ProtocolParties{Unit: access.RSHUnit, Counterpart: h.omil()})
	h.refused(err, fault.Invalid) // not the own unit
	_, err = h.service.BeginProtocol(h.ctx, h.head, ProtocolParties{Unit: access.SocialUnit, Counterpart: access.SocialUnit})
	h.refused(err, fault.Invalid)

	p, err := h.service.BeginProtocol(h.ctx, h.head, ProtocolParties{Unit: access.SocialUnit, Counterpart: h.omil(), AllDesks: true})
	h.must(err)
	if p.Folio() != "P-2026-0001" || p.Version != 1 {
		t.Errorf("%s v%d", p.Folio(), p.Version)
	}
	for _, who := range []actor.Actor{h.desk, h.manager, h.rsh, h.assistant} {
		if err := h.service.ProtocolExists(h.ctx, who, p.ID); !fault.Is(err, fault.NotFound) {
			t.Errorf("%s sees a draft of another unit: %v", who.Role, err)
		}
	}
	_, err = h.service.SendProtocol(h.ctx, h.head, p.ID, 1)
	h.refused(err, fault.Invalid) // unfinished
	saved, err := h.service.SaveProtocol(h.ctx, h.head, p.ID, clauses())
	h.must(err)
	_, err = h.service.SendProtocol(h.ctx, h.head, p.ID, 1)
	h.refused(err, fault.Conflict) // an earlier text
	p, err = h.service.SendProtocol(h.ctx, h.head, p.ID, saved.Revision)
	h.must(err)
	_, err = h.service.SaveProtocol(h.ctx, h.head, p.ID, clauses())
	h.refused(err, fault.Conflict) // what is being signed is not rewritten
	_, err = h.service.ApproveProtocol(h.ctx, h.director, p.ID, p.Revision)
	h.refused(err, fault.Conflict) // nobody signed

	_, err = h.service.SignProtocol(h.ctx, h.director, p.ID, SignatureForm{Revision: p.Revision, Side: SideMunicipality})
	h.refused(err, fault.Forbidden)
	_, err = h.service.SignProtocol(h.ctx, h.rsh, p.ID, SignatureForm{Revision: p.Revision, Side: SideMunicipality})
	h.refused(err, fault.NotFound) // no matter of another unit's head
	_, err = h.service.SignProtocol(h.ctx, h.head, p.ID, SignatureForm{Revision: p.Revision, Side: SideCounterpart})
	h.refused(err, fault.Invalid) // the paper has a name, a position and a date
	_, err = h.service.SignProtocol(h.ctx, h.head, p.ID, SignatureForm{Revision: p.Revision, Side: SideCounterpart, Name: "Pía", Position: "Encargada", On: date("2026-11-22")})
	h.refused(err, fault.Invalid) // tomorrow
	p = h.sign(p)
	if _, err := h.service.SignProtocol(h.ctx, h.head, p.ID, SignatureForm{Revision: p.Revision, Side: SideMunicipality}); err != nil {
		t.Errorf("a second click: %v", err)
	}
	_, err = h.service.ApproveProtocol(h.ctx, h.head, p.ID, p.Revision)
	h.refused(err, fault.Forbidden)
	_, err = h.service.ReturnProtocol(h.ctx, h.director, p.ID, " ")
	h.refused(err, fault.Invalid)
	p, err = h.service.ReturnProtocol(h.ctx, h.director, p.ID, "Faltan los documentos")
	h.must(err)
	if p.State != ProtocolDraft || len(p.Signatures) != 0 {
		t.Errorf("sent back: %s with %d signatures", p.State, len(p.Signatures))
	}
	p = h.approve(h.sign(h.finish(p, clauses())))
	if _, err := h.service.ApproveProtocol(h.ctx, h.director, p.ID, p.Revision); err != nil {
		t.Errorf("a second click: %v", err)
	}
	for _, who := range []actor.Actor{h.desk, h.manager, h.rsh, h.director, h.admin} {
		h.must(h.service.ProtocolExists(h.ctx, who, p.ID))
	}
	sheet, err := h.service.Protocol(h.ctx, h.manager, p.ID)
	h.must(err)
	var story []string
	for _, e := range sheet.Events {
		story = append(story, e.What)
	}
	if got := strings.Join(story, " "); got != "created sent signed signed returned sent signed signed approved" {
		t.Error(got)
	}
	_, err = h.service.EndProtocol(h.ctx, h.rsh, p.ID, "porque sí")
	h.refused(err, fault.Forbidden)
	_, err = h.service.EndProtocol(h.ctx, h.head, p.ID, "")
	h.refused(err, fault.Invalid)
	_, err = h.service.EndProtocol(h.ctx, h.head, p.ID, "La oficina cerró")
	h.must(err)
	_, err = h.service.EndProtocol(h.ctx, h.head, p.ID, "La oficina cerró")
	h.refused(err, fault.Conflict)
}

// A head of the counterpart signs here when its unit works here.
func TestBothHeadsSignHere(t *testing.T) {
	h := newAgreed(t)
	form := clauses()
	form.AnswerDays = 6
	p, err := h.service.BeginProtocol(h.ctx, h.head, ProtocolParties{Unit: access.SocialUnit, Counterpart: access.RSHUnit, AllDesks: true})
	h.must(err)
	_, err = h.service.SaveProtocol(h.ctx, h.rsh, p.ID, form)
	h.refused(err, fault.Invalid) // the RSH answers within 5 working days
	form.AnswerDays = 4
	p = h.finish(p, form)
	_, err = h.service.SignProtocol(h.ctx, h.head, p.ID, SignatureForm{Revision: p.Revision, Side: SideCounterpart, Name: "Luz", Position: "Jefa", On: date("2026-11-20")})
	h.refused(err, fault.Forbidden)
	p = h.sign(p)
	if s := p.Signature(SideCounterpart); s.Name != h.rsh.Name || s.OnPaper || s.Position != "Jefatura de Registro Social de Hogares" {
		t.Errorf("%+v", s)
	}
}

// Two people at one draft: who is later sees both texts, and loses nothing.
func TestTwoWriters(t *testing.T) {
	h := newAgreed(t)
	p, err := h.service.BeginProtocol(h.ctx, h.head, ProtocolParties{Unit: access.SocialUnit, Counterpart: h.omil()})
	h.must(err)
	first, second := clauses(), clauses()
	second.Process = "Otro paso"
	_, err = h.service.SaveProtocol(h.ctx, h.head, p.ID, first)
	h.must(err)
	if _, err = h.service.SaveProtocol(h.ctx, h.head, p.ID, first); err != nil {
		t.Errorf("the same again: %v", err)
	}
	saved, err := h.service.SaveProtocol(h.ctx, h.admin, p.ID, second)
	h.refused(err, fault.Conflict)
	if saved.Theirs == nil || saved.Theirs.Process != first.Process || saved.Form.Process != "Otro paso" {
		t.Errorf("%+v", saved)
	}
	if got := differences(saved.Theirs, &saved.Protocol); !slices.Equal(got, []string{"process"}) {
		t.Error(got)
	}
}

// A form that keeps itself while one writes never stands against its own save,
// whose answer may still be on the way; it does against somebody else's.
func TestAFormKnowsItsOwnSaves(t *testing.T) {
	h := newAgreed(t)
	p, err := h.service.BeginProtocol(h.ctx, h.head, ProtocolParties{Unit: access.SocialUnit, Counterpart: h.omil()})
	h.must(err)
	text := func(key, process string) ProtocolForm {
		form := clauses()
		form.Key, form.Process = key, process
		return form
	}
	for _, process := range []string{"uno", "dos"} { // both from the first revision
		_, err = h.service.SaveProtocol(h.ctx, h.head, p.ID, text("mine", process))
		h.must(err)
	}
	_, err = h.service.SaveProtocol(h.ctx, h.admin, p.ID, text("theirs", "tres"))
	h.refused(err, fault.Conflict)
	theirs := text("theirs", "tres")
	theirs.Revision = 3
	_, err = h.service.SaveProtocol(h.ctx, h.admin, p.ID, theirs)
	h.must(err)
	_, err = h.service.SaveProtocol(h.ctx, h.head, p.ID, text("mine", "cuatro"))
	h.refused(err, fault.Conflict)
}

// Sixty days before the end those who write it are told, until something follows.
func TestExpiringIsCounted(t *testing.T) {
	h := newAgreed(t)
	form := clauses()
	form.To = date("2027-01-20")
	p := h.inForce(h.omil(), form)
	count := func(who actor.Actor) (n int) {
		h.update(func(tx *tenants.Tx) (err error) { n, err = h.service.ExpiringProtocols(tx, who); return err })
		return n
	}
	for who, want := range map[*actor.Actor]int{&h.head: 1, &h.admin: 1, &h.director: 1, &h.rsh: 0, &h.desk: 0, &h.manager: 0} {
		if got := count(*who); got != want {
			t.Errorf("%s of %q: %d", who.Role, who.UnitID, got)
		}
	}
	_, err := h.service.RenewProtocol(h.ctx, h.head, p.ID)
	h.must(err)
	if count(h.head) != 0 {
		t.Error("a new version is being written")
	}
}

// What waits for a hand is counted for whoever has it.
func TestWhatWaitsIsCounted(t *testing.T) {
	h := newAgreed(t)
	count := func(who actor.Actor) (work ProtocolWork) {
		h.update(func(tx *tenants.Tx) (err error) { work, err = h.service.ProtocolWork(tx, who); return err })
		return work
	}
	form := clauses()
	form.AnswerDays = 5
	p := h.sent(access.RSHUnit, form)
	for who, want := range map[*actor.Actor]int{&h.head: 1, &h.rsh: 1, &h.admin: 0, &h.director: 0, &h.manager: 0} {
		if got := count(*who).ToSign; got != want {
			t.Errorf("%s of %q signs %d", who.Role, who.UnitID, got)
		}
	}
	_, err := h.service.SignProtocol(h.ctx, h.head, p.ID, SignatureForm{Revision: p.Revision, Side: SideMunicipality})
	h.must(err)
	if count(h.head).ToSign != 0 || count(h.rsh).ToSign != 1 || count(h.director).ToApprove != 0 {
		t.Error("one signature is there, the other is not")
	}
	_, err = h.service.SignProtocol(h.ctx, h.rsh, p.ID, SignatureForm{Revision: p.Revision, Side: SideCounterpart})
	h.must(err)
	if count(h.rsh).ToSign != 0 || count(h.director).ToApprove != 1 || count(h.head).ToApprove != 0 {
		t.Error("both signed: the director approves")
	}
}
