package catalogue

import (
	"bytes"
	"context"
	"slices"
	"strings"
	"testing"
	"time"

	"gsl/app/access"
	"gsl/app/kit/actor"
	"gsl/app/kit/calendar"
	"gsl/app/kit/fault"
	"gsl/tenants"
)

// ministry is a national administrator, and the editor of a house.
type ministry struct {
	*house
	t      *testing.T
	editor *Editor
	admin  actor.Actor
	asked  int // times that a code was asked for
}

func newMinistry(t *testing.T) *ministry {
	h := newHouse(t)
	m := &ministry{house: h, t: t, editor: NewEditor(h.service), admin: actor.Actor{UserID: "n1", Name: "Nadia Nacional",
		Role: access.NationalAdmin, Permissions: access.PermissionsOf(access.NationalAdmin, "")}}
	m.editor.Confirm = func(_ context.Context, _ actor.Actor, code string) error {
		m.asked++
		if code == "wrong" {
			return fault.InvalidField("code", "catalogue.error.required")
		}
		return nil
	}
	m.editor.NeedsCode = func(context.Context, actor.Actor) bool { return true }
	return m
}

// change drafts a change of an item.
func (m *ministry) change(code, from string, change func(*Draft)) error {
	m.t.Helper()
	first := calendar.Date{}
	if from != "" {
		first = day(from)
	}
	e, err := m.editor.Edit(context.Background(), m.admin, code, first)
	if err != nil {
		m.t.Fatal(err)
	}
	e.Form.From, e.Form.Retires = first, false
	change(&e.Form)
	_, err = m.editor.Save(context.Background(), m.admin, e.Form, e.Mark)
	return err
}

func (m *ministry) mustChange(code, from string, change func(*Draft)) {
	m.t.Helper()
	if err := m.change(code, from, change); err != nil {
		m.t.Fatal(err)
	}
}

func (m *ministry) publish() Publication {
	m.t.Helper()
	p, err := m.tryPublish(newFormKey())
	if err != nil {
		m.t.Fatal(err)
	}
	return p
}

func (m *ministry) tryPublish(key string) (Publication, error) {
	m.t.Helper()
	r, err := m.editor.Review(context.Background(), m.admin)
	if err != nil {
		m.t.Fatal(err)
	}
	form := PublishForm{Key: key, Reason: "Oficio 12 de la subsecretaría"}
	for i := range r.Steps {
		form.Picks = append(form.Picks, r.Steps[i].Pick())
	}
	return m.editor.Publish(context.Background(), m.admin, form)
}

func (m *ministry) item(who actor.Actor, code string) *Item {
	m.t.Helper()
	c, err := m.service.Catalogue(context.Background(), who)
	if err != nil {
		m.t.Fatal(err)
	}
	return c.Item(code)
}

func (m *ministry) on(who actor.Actor, code, date string) *Item {
	m.t.Helper()
	c, err := m.service.On(context.Background(), who, day(date))
	if err != nil {
		m.t.Fatal(err)
	}
	return c.Item(code)
}

// What is published counts in every municipality at its next request; a past day
// still explains itself, and what a municipality says of its own stays.
func TestPublishedForAllAtOnce(t *testing.T) {
	m := newMinistry(t)
	limache, lolol := m.worker(t, "05802"), m.worker(t, "06304")
	keeper := limache
	keeper.Permissions = access.PermissionsOf(access.Counterpart, "")
	if err := m.service.SetOverride(context.Background(), keeper, Override{Code: "D101", Available: true, Contact: "Oficina 3", Spots: 7, SpotsPeriod: "month"}); err != nil {
		t.Fatal(err)
	}
	own := m.item(limache, "E101")
	was := m.item(limache, "D101")
	m.mustChange("D101", "", func(d *Draft) {
		d.Reference, d.ReferenceKnown = 25_000, true
		d.Criteria = []Row{{Condition: "tramo_max", Value: "40"}}
	})
	if got := m.item(lolol, "D101"); got.Reference != was.Reference {
		t.Fatal("a draft counts already")
	}
	m.publish()
	for _, who := range []actor.Actor{limache, lolol} {
		if it := m.item(who, "D101"); it.Reference != 25_000 || written(it.Criteria) != "household tramo <= 40" {
			t.Errorf("%s has %d, %s", who.Municipality.Code, it.Reference, written(it.Criteria))
		}
	}
	if it := m.item(limache, "D101"); it.Contact != "Oficina 3" || it.Spots != 7 {
		t.Errorf("the municipality's word on it is lost: %+v", it)
	}
	if it := m.item(limache, "E101"); it.Reference != own.Reference || it.Scope != Municipal {
		t.Errorf("a local item changed: %+v", it)
	}
	yesterday := calendar.On(m.clock.Now()).AddDays(-1)
	if it := m.on(limache, "D101", yesterday.String()); it.Reference != was.Reference || written(it.Criteria) != written(was.Criteria) {
		t.Errorf("yesterday does not explain itself any more: %+v", it)
	}
}

// A version with a day to come begins at midnight in Chile, without a restart.
func TestBeginsAtMidnightInChile(t *testing.T) {
	m := newMinistry(t)
	who := m.worker(t, "05802")
	today := calendar.On(m.clock.Now())
	tomorrow := today.AddDays(1)
	m.mustChange("D202", tomorrow.String(), func(d *Draft) { d.Name = "Nuevo nombre" })
	m.publish()
	midnight := time.Date(tomorrow.Year(), time.Month(tomorrow.Month()), tomorrow.Day(), 0, 0, 0, 0, santiago(t))
	m.clock.Advance(midnight.Add(-time.Second).Sub(m.clock.Now()))
	if m.item(who, "D202").Name == "Nuevo nombre" {
		t.Error("it began a second too early")
	}
	m.clock.Advance(time.Second)
	if m.item(who, "D202").Name != "Nuevo nombre" {
		t.Error("it did not begin at midnight")
	}
}

func santiago(t *testing.T) *time.Location {
	t.Helper()
	zone, err := time.LoadLocation("America/Santiago")
	if err != nil {
		t.Fatal(err)
	}
	return zone
}

// A version may be put before one that is to come; the later one stays.
func TestVersionsInTime(t *testing.T) {
	m := newMinistry(t)
	who := m.worker(t, "05802")
	today := calendar.On(m.clock.Now())
	name := func(text string) func(*Draft) { return func(d *Draft) { d.Name = text } }
	old := m.item(who, "D301").Name
	m.mustChange("D301", today.AddDays(30).String(), name("En un mes"))
	m.publish()
	m.mustChange("D301", today.AddDays(10).String(), name("En diez días"))
	r, err := m.editor.Review(context.Background(), m.admin)
	if err != nil || len(r.Steps) != 1 || r.Steps[0].Next != today.AddDays(30) {
		t.Fatalf("the review does not say that another version follows: %+v (%v)", r.Steps, err)
	}
	m.publish()
	m.mustChange("D301", today.AddDays(30).String(), name("En un mes, mejor"))
	m.publish()
	for after, want := range map[int]string{-1: old, 0: old, 9: old, 10: "En diez días", 29: "En diez días", 30: "En un mes, mejor", 400: "En un mes, mejor"} {
		if got := m.on(who, "D301", today.AddDays(after).String()); got == nil || got.Name != want {
			t.Errorf("in %d days it is %+v, want %q", after, got, want)
		}
	}
}

func TestNewAndRetiredItems(t *testing.T) {
	m := newMinistry(t)
	who := m.worker(t, "05802")
	ctx := context.Background()
	fresh := Draft{Content: Content{Code: "D399", Category: "D", Subcategory: "derivacion_externa", Name: "Bono de invierno", Provider: "Instituto de Previsión Social", SpotsPeriod: "month",
		Criteria: []Row{{Condition: "age_min", Scope: "person", Value: "65"}}, Fields: []FieldRow{{Label: "Banco", Type: ChoiceField, Choices: "Estado | Otro", Required: true}}}}
	if _, err := m.editor.Save(ctx, m.admin, fresh, ""); err != nil {
		t.Fatal(err)
	}
	first := m.publish()
	it := m.item(who, "D399")
	if it == nil || it.Scope != National || it.Subcategory != "Derivación externa" || it.Fields[0].Name != "banco" || len(it.Fields[0].Choices) != 2 {
		t.Fatalf("the new item is %+v", it)
	}
	if _, err := m.editor.Save(ctx, m.admin, fresh, ""); !fault.Is(err, fault.Invalid) {
		t.Errorf("its code was given twice: %v", err)
	}
	s, err := m.editor.Item(ctx, m.admin, "D399")
	if err != nil {
		t.Fatal(err)
	}
	tomorrow := s.Today.AddDays(1)
	if err := m.editor.Retire(ctx, m.admin, "D399", tomorrow, s.mark()); err != nil {
		t.Fatal(err)
	}
	second := m.publish()
	if m.item(who, "D399") == nil || m.on(who, "D399", tomorrow.String()) != nil {
		t.Error("it has to be there today, and gone tomorrow")
	}
	m.clock.Advance(24 * time.Hour)
	if m.item(who, "D399") != nil {
		t.Error("it is there after its last day")
	}
	// Its start on another day does not bring it back.
	if err := SeedNational(ctx, m.files.National()); err != nil {
		t.Fatal(err)
	}
	if first.Items[0].Action != Adds || second.Items[0].Action != Retires {
		t.Errorf("published %+v, then %+v", first.Items, second.Items)
	}
	// And back: a version of its own.
	if err := m.editor.Undo(ctx, m.admin, publicationID(second)); err != nil {
		t.Fatal(err)
	}
	m.publish()
	if back := m.item(who, "D399"); back == nil || back.Name != "Bono de invierno" {
		t.Errorf("undone, it is %+v", back)
	}
}

func publicationID(p Publication) string {
	return strings.TrimPrefix(publicationPath(p.ID), nationalRoot+"/publications/")
}

func TestUndoIsANewVersion(t *testing.T) {
	m := newMinistry(t)
	who := m.worker(t, "05802")
	ctx := context.Background()
	was := m.item(who, "D102")
	m.mustChange("D102", "", func(d *Draft) { d.Name, d.Requirements = "Otro nombre", []string{"Carnet"} })
	p := m.publish()
	if err := m.editor.Undo(ctx, m.admin, publicationID(p)); err != nil {
		t.Fatal(err)
	}
	if m.item(who, "D102").Name != "Otro nombre" {
		t.Fatal("undoing counted before it was published")
	}
	m.clock.Advance(24 * time.Hour)
	m.publish()
	if back := m.item(who, "D102"); back.Name != was.Name || !slices.Equal(back.Requirements, was.Requirements) {
		t.Errorf("undone, it is %+v", back)
	}
	s, err := m.editor.Item(ctx, m.admin, "D102")
	if err != nil || len(s.Versions) != 3 || len(s.Publications) != 2 {
		t.Errorf("%d versions and %d publications (%v), want 3 and 2", len(s.Versions), len(s.Publications), err)
	}
	if first := s.Publications[1]; first.By != "Nadia Nacional" || first.Reason == "" || first.Items[0].Before.Name != was.Name || first.Items[0].After.Name != "Otro nombre" {
		t.Errorf("the history says %+v", first)
	}
}

// All of a publication or nothing; the same form twice is one; a code is asked for.
func TestPublishingIsOneAct(t *testing.T) {
	m := newMinistry(t)
	who := m.worker(t, "05802")
	ctx := context.Background()
	m.mustChange("D101", "", func(d *Draft) { d.Name = "Uno" })
	m.mustChange("D102", "", func(d *Draft) { d.Name = "Dos" })
	r, _ := m.editor.Review(ctx, m.admin)
	stale := PublishForm{Key: "k1", Reason: "Motivo", Picks: []string{r.Steps[0].Pick(), "D102:99"}}
	if _, err := m.editor.Publish(ctx, m.admin, stale); !fault.Is(err, fault.Conflict) || m.asked != 0 {
		t.Errorf("a draft that was not seen: %v, code asked %d times", err, m.asked)
	}
	wrong := PublishForm{Key: "k1", Reason: "Motivo", Picks: []string{r.Steps[0].Pick()}, Code: "wrong"}
	if _, err := m.editor.Publish(ctx, m.admin, wrong); !fault.Is(err, fault.Invalid) {
		t.Errorf("a wrong code: %v", err)
	}
	for _, bad := range []PublishForm{{Key: "k", Picks: wrong.Picks, Reason: " "}, {Key: "k", Reason: "Motivo"}} {
		if _, err := m.editor.Publish(ctx, m.admin, bad); !fault.Is(err, fault.Invalid) {
			t.Errorf("%+v: %v", bad, err)
		}
	}
	if m.item(who, "D101").Name == "Uno" {
		t.Fatal("something was published")
	}
	first, err := m.tryPublish("k2")
	if err != nil {
		t.Fatal(err)
	}
	asked := m.asked
	form := PublishForm{Key: "k2", Reason: "Motivo", Picks: []string{r.Steps[0].Pick(), r.Steps[1].Pick()}}
	again, err := m.editor.Publish(ctx, m.admin, form)
	if err != nil || again.ID != first.ID || m.asked != asked {
		t.Errorf("sent twice: %+v (%v), want publication %d", again, err, first.ID)
	}
	if list, _ := m.editor.History(ctx, m.admin); len(list) != 1 || len(list[0].Items) != 2 {
		t.Errorf("the history has %d publications", len(list))
	}
}

func TestOnlyWhoAdministers(t *testing.T) {
	m := newMinistry(t)
	keeper := m.worker(t, "05802")
	keeper.Permissions = access.PermissionsOf(access.Counterpart, "")
	ctx := context.Background()
	_, inventory := m.editor.Inventory(ctx, keeper)
	_, save := m.editor.Save(ctx, keeper, Draft{}, "")
	_, publish := m.editor.Publish(ctx, keeper, PublishForm{Key: "k", Reason: "Motivo", Picks: []string{"D101:1"}})
	_, _, load := m.editor.Import(ctx, keeper, []byte("code\nD101"), calendar.Date{})
	for name, err := range map[string]error{"list": inventory, "save": save, "publish": publish, "import": load, "undo": m.editor.Undo(ctx, keeper, "1"), "retire": m.editor.Retire(ctx, keeper, "D101", calendar.Date{}, "")} {
		if !fault.Is(err, fault.Forbidden) {
			t.Errorf("%s: %v, want forbidden", name, err)
		}
	}
}

// Two tabs: the second is told, and sees what the first saved.
func TestTwoTabs(t *testing.T) {
	m := newMinistry(t)
	ctx := context.Background()
	one, _ := m.editor.Edit(ctx, m.admin, "D101", calendar.Date{})
	two, _ := m.editor.Edit(ctx, m.admin, "D101", calendar.Date{})
	one.Form.Name, two.Form.Name = "De la una", "De la otra"
	if _, err := m.editor.Save(ctx, m.admin, one.Form, one.Mark); err != nil {
		t.Fatal(err)
	}
	if _, err := m.editor.Save(ctx, m.admin, one.Form, one.Mark); err != nil {
		t.Errorf("the same twice: %v", err)
	}
	now, err := m.editor.Save(ctx, m.admin, two.Form, two.Mark)
	if !fault.Is(err, fault.Conflict) || now.Draft == nil || now.Draft.Name != "De la una" {
		t.Fatalf("%v, %+v", err, now.Draft)
	}
	if _, err := m.editor.Save(ctx, m.admin, two.Form, now.Mark); err != nil {
		t.Errorf("after having seen it: %v", err)
	}
	// One that was published meanwhile is not written over either.
	late, _ := m.editor.Edit(ctx, m.admin, "D101", calendar.Date{})
	m.publish()
	late.Form.Description = "Tarde"
	if _, err := m.editor.Save(ctx, m.admin, late.Form, late.Mark); !fault.Is(err, fault.Conflict) {
		t.Errorf("over a published version: %v", err)
	}
}

// A draft that waited too long is not published on another day than it says.
func TestDraftWhoseDayPassed(t *testing.T) {
	m := newMinistry(t)
	m.mustChange("D101", calendar.On(m.clock.Now()).AddDays(1).String(), func(d *Draft) { d.Name = "Mañana" })
	m.clock.Advance(48 * time.Hour)
	if _, err := m.tryPublish("k"); !fault.Is(err, fault.Conflict) {
		t.Errorf("published with a day that is past: %v", err)
	}
}

func TestCriteriaThatMakeNoSense(t *testing.T) {
	m := newMinistry(t)
	for name, rows := range map[string][]Row{
		"no tramo":              {{Condition: "tramo_max", Value: "45"}},
		"no number":             {{Condition: "age_min", Value: "mucho"}},
		"too old":               {{Condition: "age_min", Value: "400"}},
		"nobody is that young":  {{Condition: "younger", Value: "0"}},
		"everybody":             {{Condition: "tramo_max", Value: "100"}},
		"everybody again":       {{Condition: "size_min", Value: "1"}},
		"nobody: tramo":         {{Condition: "tramo_max", Value: "40"}, {Join: "and", Condition: "tramo_min", Value: "60"}},
		"nobody: age":           {{Scope: "any_member", Condition: "younger", Value: "18"}, {Join: "same", Scope: "any_member", Condition: "age_min", Value: "65"}},
		"nobody: sex":           {{Scope: "person", Condition: "female"}, {Join: "same", Scope: "person", Condition: "male"}},
		"nobody: registered":    {{Condition: "registered"}, {Join: "and", Condition: "not_registered"}},
		"unknown benefit":       {{Condition: "received", Value: "RIS-NADA 365"}},
		"unknown word":          {{Scope: "person", Condition: "dependency_is", Value: "muchísima"}},
		"two subjects, one way": {{Scope: "person", Condition: "carer"}, {Join: "or", Scope: "any_member", Condition: "student"}},
		"no such condition":     {{Condition: "wealth", Value: "1"}},
	} {
		err := m.change("D101", "", func(d *Draft) { d.Criteria = rows })
		if !fault.Is(err, fault.Invalid) {
			t.Errorf("%s: %v, want to be refused", name, err)
		}
	}
	for name, rows := range map[string][]Row{
		"a child and an old one":  {{Scope: "any_member", Condition: "younger", Value: "18"}, {Join: "and", Scope: "any_member", Condition: "age_min", Value: "65"}},
		"a child or an old one":   {{Scope: "person", Condition: "younger", Value: "18"}, {Join: "or", Scope: "person", Condition: "age_min", Value: "65"}},
		"between":                 {{Condition: "tramo_min", Value: "50"}, {Join: "and", Condition: "tramo_max", Value: "70"}},
		"a benefit of the source": {{Condition: "not_received", Value: "RIS-SUF, 365 días"}},
		"a local item":            {{Scope: "household", Condition: "not_received", Value: "e101 120"}},
	} {
		if err := m.change("D101", "", func(d *Draft) { d.Criteria = rows }); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// Every item that there is can be opened and kept as it is: it changes nothing.
func TestEveryItemCanBeEdited(t *testing.T) {
	m := newMinistry(t)
	inv, err := m.editor.Inventory(context.Background(), m.admin)
	if err != nil || len(inv.Entries) < 50 {
		t.Fatalf("%d items (%v)", len(inv.Entries), err)
	}
	for i := range inv.Entries {
		m.mustChange(inv.Entries[i].Content().Code, "", func(*Draft) {})
	}
	r, err := m.editor.Review(context.Background(), m.admin)
	if err != nil {
		t.Fatal(err)
	}
	for i := range r.Steps {
		if !r.Steps[i].Same {
			t.Errorf("%s: %s is not %s", r.Steps[i].Draft.Code, r.Steps[i].After.text(), r.Steps[i].Before.text())
		}
	}
}

// What goes out comes in again, and says nothing new.
func TestFileThereAndBack(t *testing.T) {
	m := newMinistry(t)
	ctx := context.Background()
	m.mustChange("D101", "", func(d *Draft) {
		d.Name, d.Description = "=Con signo", "Una; otra, y \"más\""
		d.Criteria = append(d.Criteria, Row{Join: "and", Scope: "any_member", Condition: "not_received", Value: "RIS-SUF 365"}, Row{Join: "or", Scope: "any_member", Condition: "younger", Value: "6"}, Row{Join: "same", Scope: "any_member", Condition: "student"})
	})
	m.publish()
	file, err := m.editor.Export(ctx, m.admin)
	if err != nil {
		t.Fatal(err)
	}
	drafts, wrong, err := m.editor.Import(ctx, m.admin, file, calendar.Date{})
	if err != nil || drafts != 0 {
		t.Fatalf("its own file made %d drafts (%v, %v)", drafts, wrong, err)
	}
	changed := bytes.Replace(file, []byte("Cambio de domicilio dentro de la comuna"), []byte("Cambio de casa"), 1)
	if drafts, wrong, err = m.editor.Import(ctx, m.admin, changed, calendar.Date{}); err != nil || drafts != 1 {
		t.Fatalf("%d drafts (%v, %v), want 1", drafts, wrong, err)
	}
	r, _ := m.editor.Review(ctx, m.admin)
	if len(r.Steps) != 1 || r.Steps[0].After.Name != "Cambio de casa" {
		t.Errorf("drafted: %+v", r.Steps)
	}
	broken := bytes.Replace(file, []byte("person age >= 65"), []byte("person age >= viejo"), 1)
	if _, wrong, err = m.editor.Import(ctx, m.admin, broken, calendar.Date{}); !fault.Is(err, fault.Invalid) || len(wrong) != 1 || wrong[0].Code != "D104" || wrong[0].Column != "criteria" {
		t.Errorf("a broken line: %+v (%v)", wrong, err)
	}
	// The very file that the program came with is read too.
	if _, wrong, err = m.editor.Import(ctx, m.admin, catalogueCSV, calendar.Date{}); err == nil || fault.Is(err, fault.Invalid) {
		t.Errorf("the seed: %v %v, want to be stopped by the draft of A101", wrong, err)
	}
}

// Who published what and why stands in the trail.
func TestPublishingLeavesATrail(t *testing.T) {
	m := newMinistry(t)
	m.mustChange("D101", "", func(d *Draft) { d.Name = "Otro" })
	m.publish()
	var detail, user string
	err := m.files.National().View(context.Background(), func(tx *tenants.Tx) error {
		return tx.QueryRow(`SELECT user_id, detail FROM audit WHERE action = 'catalogue.publish'`).Scan(&user, &detail)
	})
	if err != nil || user != "n1" || !strings.Contains(detail, "D101") || !strings.Contains(detail, "Oficio 12") {
		t.Errorf("%s %s (%v)", user, detail, err)
	}
}
