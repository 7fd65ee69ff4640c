package referral_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"

	"gsl/app/access"
	"gsl/app/catalogue"
	"gsl/app/kit/actor"
	"gsl/app/kit/calendar"
	"gsl/app/kit/fault"
	"gsl/app/people"
	"gsl/app/referral"
	"gsl/tenants"
	"gsl/tenants/tenantstest"
)

// town is a municipality with the units it starts with and a roster that a test
// writes down.
type town struct {
	t        *testing.T
	files    *tenants.Files
	clock    *tenantstest.Clock
	m        *tenants.Municipality
	service  *referral.UnitService
	staff    []access.Colleague
	named    []string // what the roster was told of units
	admin    actor.Actor
	headSoc  actor.Actor
	headRSH  actor.Actor
	desk     actor.Actor
	director actor.Actor
}

func newTown(t *testing.T) *town {
	t.Helper()
	h := &town{t: t}
	h.files, h.clock = tenantstest.NewWithClock(t)
	h.m = tenantstest.Municipality(t, h.files, "05802")
	h.service = referral.NewUnitService(h)
	h.admin = h.hire("ximena", "Ximena Lagos", access.Counterpart, "")
	h.headSoc = h.hire("hernan", "Hernán Salinas", access.UnitHead, access.SocialUnit)
	h.hire("camila", "Camila Rojas", access.CaseManager, access.SocialUnit)
	h.hire("luis", "Luis Moraga", access.CaseManager, access.SocialUnit)
	h.headRSH = h.hire("rosa", "Rosa Vera", access.UnitHead, access.RSHUnit)
	h.hire("rodrigo", "Rodrigo Vera", access.RSHDesk, access.RSHUnit)
	h.desk = h.hire("paulina", "Paulina Ibarra", access.FrontDesk, "")
	h.hire("pedro", "Pedro Araya", access.FrontDesk, "")
	h.director = h.hire("arturo", "Arturo Bravo", access.Director, "")
	return h
}

func (h *town) hire(id, name, role, unit string) actor.Actor {
	h.staff = append(h.staff, access.Colleague{UserID: id, Name: name, Role: role, UnitID: unit})
	return actor.Actor{UserID: id, Name: name, Role: role, UnitID: unit, Municipality: h.m, Permissions: access.PermissionsOf(role, unit)}
}

func (h *town) Colleagues(_ context.Context, _ actor.Actor, unit string) (list []access.Colleague, _ error) {
	for _, c := range h.staff {
		if unit == "" || c.UnitID == unit {
			list = append(list, c)
		}
	}
	return list, nil
}

func (h *town) NameUnit(_ context.Context, _ actor.Actor, code, name string) error {
	h.named = append(h.named, code+"="+name)
	return nil
}

func (h *town) view(work func(tx *tenants.Tx) error) {
	h.t.Helper()
	if err := h.m.View(context.Background(), work); err != nil {
		h.t.Fatal(err)
	}
}

func (h *town) change(query string, args ...any) {
	h.t.Helper()
	err := h.m.Update(context.Background(), func(tx *tenants.Tx) error {
		_, err := tx.Exec(query, args...)
		return err
	})
	if err != nil {
		h.t.Fatal(err)
	}
}

func (h *town) unit(code string) (u referral.Unit) {
	h.t.Helper()
	h.view(func(tx *tenants.Tx) (err error) {
		u, err = referral.UnitByCode(tx, code)
		return err
	})
	return u
}

// leads gives the unit that a provider leads to, "" for none.
func (h *town) leads(provider string) (code string) {
	h.t.Helper()
	h.view(func(tx *tenants.Tx) error {
		u, ok, err := referral.UnitOfProvider(tx, provider)
		if ok {
			code = u.Code
		}
		return err
	})
	return code
}

func (h *town) count(query string) (n int) {
	h.t.Helper()
	h.view(func(tx *tenants.Tx) error { return tx.QueryRow(query).Scan(&n) })
	return n
}

// fields are the names of the fields that an error names.
func fields(err error) string {
	var e *fault.Error
	if !errors.As(err, &e) {
		return fmt.Sprint(err)
	}
	var names []string
	for _, f := range e.Fields {
		names = append(names, f.Name)
	}
	return strings.Join(names, " ")
}

// refer puts a referral under way to a unit into the file.
func (h *town) refer(unit, state string) {
	h.t.Helper()
	n := h.count(`SELECT count(*) FROM referral`) + 1
	h.change(`INSERT INTO file (id, run, created_at, created_by) VALUES (?,?,'2026-11-21T15:00:00Z','x')`, fmt.Sprintf("file-%d", n), 20_000_000+n)
	h.change(`INSERT INTO referral (id, file_id, year, number, origin, origin_name, created_by, created_by_name, created_at, unit, unit_name, kind,
			code, name, category, subcategory, provider, fields, requirements, source, state, waiting_for, promise, due, changed_at)
		VALUES (?,?,2026,?,'rsh','','x','x','2026-11-21T15:00:00Z',?,'','municipal','D201','x','D','','','[]','[]','attention',?,?,10,'2026-12-04','2026-11-21T15:00:00Z')`,
		fmt.Sprintf("r-%d", n), fmt.Sprintf("file-%d", n), n, unit, state, map[string]string{"waiting": "documents"}[state])
}

// Whatever the national catalogue refers arrives somewhere.
func TestEveryProviderOfTheCatalogueLeadsToAUnit(t *testing.T) {
	h := newTown(t)
	if err := catalogue.SeedNational(context.Background(), h.files.National()); err != nil {
		t.Fatal(err)
	}
	providers := map[string]string{} // → category
	err := h.files.National().View(context.Background(), func(tx *tenants.Tx) error {
		rows, err := tx.Query(`SELECT DISTINCT provider, category FROM catalogue_item WHERE category IN ('A', 'D')`)
		if err != nil {
			return err
		}
		defer func() { _ = rows.Close() }()
		for rows.Next() {
			var provider, category string
			if err := rows.Scan(&provider, &category); err != nil {
				return err
			}
			providers[provider] = category
		}
		return rows.Err()
	})
	if err != nil || len(providers) < 25 {
		t.Fatal(len(providers), err)
	}
	for provider, category := range providers {
		code := h.leads(provider)
		if code == "" || category == "A" && code != access.RSHUnit {
			t.Errorf("%s (%s) leads to %q", provider, category, code)
		}
	}
	for typed, want := range map[string]string{
		"  SUBSIDIOS   sociales ": "subsidies", "oficina local de la ninez": "ninez", "IPS - ChileAtiende": "ips", "Red Local de Apoyos y Cuidados": "care",
		"": "", "Nadie": "", "%": "", "' OR 1=1 --": "",
	} {
		if got := h.leads(typed); got != want {
			t.Errorf("%q leads to %q", typed, got)
		}
	}
}

func TestWhatAMunicipalityStartsWith(t *testing.T) {
	h := newTown(t)
	var units []referral.Unit
	h.view(func(tx *tenants.Tx) (err error) {
		units, err = referral.Units(tx)
		return err
	})
	kinds, casework := map[referral.UnitKind]int{}, ""
	for i, u := range units {
		kinds[u.Kind]++
		if u.Casework {
			casework += u.Code + " "
		}
		if !u.Active || u.Takes() != nil || (u.Kind == referral.Integrated) != (u.Channel == referral.ByInbox) {
			t.Errorf("%+v", u)
		}
		if i < 3 && u.Kind != referral.Integrated {
			t.Errorf("%s stands before the integrated ones", u.Code)
		}
	}
	if fmt.Sprint(kinds) != "map[institution:10 integrated:3 municipal:13]" || casework != "social families care " {
		t.Errorf("%v, casework %s", kinds, casework)
	}
	h.view(func(tx *tenants.Tx) error {
		if _, err := referral.UnitByCode(tx, "nobody"); !fault.Is(err, fault.NotFound) {
			t.Errorf("an unknown code: %v", err)
		}
		return nil
	})
}

func TestAddAUnit(t *testing.T) {
	h := newTown(t)
	ctx := context.Background()
	good := referral.UnitForm{Name: "  Oficina  de Deportes ", Kind: referral.Municipal, Channel: referral.ByLink, Email: "deportes@limache.cl",
		Aliases: "Deportes\n\n  deportes \nTaller de fútbol"}
	u, err := h.service.Add(ctx, h.admin, good)
	if err != nil || u.Code != "oficina-de-deportes" || u.Name != "Oficina de Deportes" {
		t.Fatal(u, err)
	}
	for _, name := range []string{"oficina de deportes", "DEPORTES", "taller de futbol"} {
		if h.leads(name) != u.Code {
			t.Errorf("%q leads to %q", name, h.leads(name))
		}
	}
	if got := h.unit(u.Code); got != u {
		t.Errorf("kept %+v, gave %+v", got, u)
	}
	for what, c := range map[string]struct {
		form referral.UnitForm
		want string
	}{
		"the same again":        {good, "name"},
		"nothing":               {referral.UnitForm{}, "kind name channel"},
		"integrated":            {referral.UnitForm{Name: "x", Kind: referral.Integrated, Channel: referral.ByPaper}, "kind"},
		"a link to nowhere":     {referral.UnitForm{Name: "x", Kind: referral.Institution, Channel: referral.ByLink}, "email"},
		"two addresses":         {referral.UnitForm{Name: "x", Kind: referral.Institution, Channel: referral.ByLink, Email: "a@b.cl, c@d.cl"}, "email"},
		"an address and more":   {referral.UnitForm{Name: "x", Kind: referral.Institution, Channel: referral.ByPaper, Email: "Juan <a@b.cl>"}, "email"},
		"a header":              {referral.UnitForm{Name: "x", Kind: referral.Institution, Channel: referral.ByPaper, Email: "a@b.cl\r\nBcc: x@y.cl"}, "email"},
		"an inbox":              {referral.UnitForm{Name: "x", Kind: referral.Institution, Channel: referral.ByInbox}, "channel"},
		"signs only":            {referral.UnitForm{Name: "¡¡!!", Kind: referral.Municipal, Channel: referral.ByPaper}, "name"},
		"too long":              {referral.UnitForm{Name: strings.Repeat("ñ", 101), Phone: strings.Repeat("1", 101), Kind: referral.Municipal, Channel: referral.ByPaper}, "name phone"},
		"another unit's alias":  {referral.UnitForm{Name: "Oficina nueva", Kind: referral.Municipal, Channel: referral.ByPaper, Aliases: "SERVIU"}, "aliases"},
		"another unit's name":   {referral.UnitForm{Name: "Subsidios sociales", Kind: referral.Municipal, Channel: referral.ByPaper}, "name"},
		"too many names":        {referral.UnitForm{Name: "Oficina nueva", Kind: referral.Municipal, Channel: referral.ByPaper, Aliases: manyNames(41)}, "aliases"},
		"a name that is a page": {referral.UnitForm{Name: "Oficina nueva", Kind: referral.Municipal, Channel: referral.ByPaper, Aliases: strings.Repeat("x", 5000)}, "aliases"},
	} {
		if _, err := h.service.Add(ctx, h.admin, c.form); !fault.Is(err, fault.Invalid) || fields(err) != c.want {
			t.Errorf("%s: %v names %q", what, err, fields(err))
		}
	}
	for _, who := range []actor.Actor{h.headSoc, h.desk, h.director, {}} {
		if _, err := h.service.Add(ctx, who, good); !fault.Is(err, fault.Forbidden) {
			t.Errorf("%s: %v", who.Role, err)
		}
	}
	if n := h.count(`SELECT count(*) FROM unit`); n != 27 {
		t.Errorf("%d units", n)
	}
	other := good
	other.Name, other.Aliases = "Otra unidad municipal", ""
	if u, err := h.service.Add(ctx, h.admin, other); err != nil || u.Code != "otra-unidad-municipal" {
		t.Errorf("%q %v", u.Code, err)
	}
	other.Name = "Social" // the code is Asistencia Social's
	if u, err := h.service.Add(ctx, h.admin, other); err != nil || u.Code != "social-2" {
		t.Errorf("%q %v", u.Code, err)
	}
}

func manyNames(n int) string {
	var text strings.Builder
	for i := range n {
		fmt.Fprintf(&text, "nombre %d\n", i)
	}
	return text.String()
}

func formOf(u referral.Unit) referral.UnitForm {
	return referral.UnitForm{Name: u.Name, Contact: u.Contact, Phone: u.Phone, Email: u.Email, Address: u.Address, Channel: u.Channel, Active: u.Active, Version: u.Version}
}

func TestEditAUnit(t *testing.T) {
	h := newTown(t)
	ctx := context.Background()
	form := formOf(h.unit("omil"))
	form.Contact, form.Email, form.Channel, form.Aliases = "Marta Soto", "omil@limache.cl", referral.ByLink, "Oficina del empleo"
	for range 2 { // sent twice: one effect
		if u, err := h.service.Edit(ctx, h.admin, "omil", form); err != nil || u.Version != 2 {
			t.Fatal(u, err)
		}
	}
	if h.leads("oficina del EMPLEO") != "omil" {
		t.Error("the new name leads nowhere")
	}
	// Somebody else is faster: the unit as it is now comes with the conflict.
	late := form
	late.Contact = "Juan"
	now, err := h.service.Edit(ctx, h.admin, "omil", late)
	if !fault.Is(err, fault.Conflict) || now.Contact != "Marta Soto" || now.Version != 2 {
		t.Errorf("%+v %v", now, err)
	}
	// A new name leaves the old one leading here, and so does a cleared list to
	// what the national catalogue says.
	form.Name, form.Aliases, form.Version = "Oficina del Trabajo", "", 2
	if _, err := h.service.Edit(ctx, h.admin, "omil", form); err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"Oficina del Trabajo", "Oficina Municipal de Intermediación Laboral (OMIL)"} {
		if h.leads(name) != "omil" {
			t.Errorf("%q leads to %q", name, h.leads(name))
		}
	}
	if h.leads("Oficina del empleo") != "" {
		t.Error("a name that was taken out still leads here")
	}
	if n := h.count(`SELECT count(*) FROM audit WHERE action = 'unit.edit'`); n != 2 {
		t.Errorf("%d entries in the trail", n)
	}
	if _, err := h.service.Edit(ctx, h.admin, "nobody", form); !fault.Is(err, fault.NotFound) {
		t.Errorf("an unknown unit: %v", err)
	}
	for _, who := range []actor.Actor{h.headSoc, h.desk, h.director, {}} {
		if _, err := h.service.Edit(ctx, who, "omil", form); !fault.Is(err, fault.Forbidden) {
			t.Errorf("%s: %v", who.Role, err)
		}
	}
	if len(h.named) != 0 {
		t.Errorf("the roster heard of %v", h.named)
	}
	social := formOf(h.unit("social"))
	social.Name, social.Active = "Departamento Social", false // it cannot be switched off
	if u, err := h.service.Edit(ctx, h.admin, "social", social); err != nil || !u.Active || strings.Join(h.named, " ") != "social=Departamento Social" {
		t.Errorf("%+v %v %v", u, h.named, err)
	}
}

// A unit with referrals under way cannot vanish; one without takes no new ones.
func TestSwitchAUnitOff(t *testing.T) {
	h := newTown(t)
	ctx := context.Background()
	h.refer("omil", "waiting")
	off := formOf(h.unit("omil"))
	off.Active = false
	_, err := h.service.Edit(ctx, h.admin, "omil", off)
	var e *fault.Error
	if !errors.As(err, &e) || e.Kind != fault.Conflict || e.Key != "settings.error.under_way" || e.Args["Count"] != 1 {
		t.Fatalf("with a referral under way: %v", err)
	}
	h.change(`UPDATE referral SET state = 'returned', waiting_for = '', reason = 'x'`)
	u, err := h.service.Edit(ctx, h.admin, "omil", off)
	if err != nil || u.Active || !fault.Is(u.Takes(), fault.Invalid) {
		t.Errorf("%+v %v", u, err)
	}
	if h.leads("OFICINA municipal de intermediación laboral OMIL") != "omil" {
		t.Error("its name leads nowhere: a referral has to hear that it takes none")
	}
}

func TestModules(t *testing.T) {
	h := newTown(t)
	ctx := context.Background()
	for range 2 {
		u, err := h.service.SetModule(ctx, h.admin, access.FamiliesUnit, true)
		if err != nil || u.Kind != referral.Integrated || u.Channel != referral.ByInbox || !u.Casework {
			t.Fatalf("%+v %v", u, err)
		}
	}
	h.refer(access.FamiliesUnit, "sent")
	if _, err := h.service.SetModule(ctx, h.admin, access.FamiliesUnit, false); !fault.Is(err, fault.Conflict) {
		t.Errorf("with a referral in the inbox: %v", err)
	}
	h.change(`UPDATE referral SET state = 'cancelled', reason = 'x'`)
	if u, err := h.service.SetModule(ctx, h.admin, access.FamiliesUnit, false); err != nil || u.Kind != referral.Municipal || u.Channel != referral.ByPaper {
		t.Errorf("%+v %v", u, err)
	}
	for _, code := range []string{access.SocialUnit, "omil", "serviu"} {
		if _, err := h.service.SetModule(ctx, h.admin, code, true); !fault.Is(err, fault.Invalid) {
			t.Errorf("%s: %v", code, err)
		}
	}
	if _, err := h.service.SetModule(ctx, h.admin, "nobody", true); !fault.Is(err, fault.NotFound) {
		t.Errorf("an unknown unit: %v", err)
	}
	if _, err := h.service.SetModule(ctx, h.headSoc, access.CareUnit, true); !fault.Is(err, fault.Forbidden) {
		t.Errorf("a head: %v", err)
	}
	if n := h.count(`SELECT count(*) FROM audit WHERE action = 'unit.module'`); n != 2 {
		t.Errorf("%d entries in the trail", n)
	}
}

func TestTheDirectory(t *testing.T) {
	h := newTown(t)
	h.refer("omil", "sent")
	h.refer("omil", "waiting")
	h.refer("omil", "received")
	h.change(`UPDATE referral SET state = 'cancelled', reason = 'x' WHERE state = 'received'`)
	list, err := h.service.Directory(context.Background(), h.admin)
	if err != nil {
		t.Fatal(err)
	}
	for _, l := range list {
		switch l.Code {
		case "omil":
			if l.Open != 2 || len(l.Aliases) != 1 || !l.Aliases[0].Fixed {
				t.Errorf("%+v", l)
			}
		case access.SocialUnit:
			if len(l.People) != 3 {
				t.Errorf("%+v", l.People)
			}
		}
	}
	if _, err := h.service.Directory(context.Background(), h.headSoc); !fault.Is(err, fault.Forbidden) {
		t.Errorf("a head: %v", err)
	}
}

func date(t *testing.T, text string) calendar.Date {
	t.Helper()
	d, err := calendar.Parse(text)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

func TestAbsences(t *testing.T) {
	h := newTown(t)
	ctx := context.Background()
	form := func(change func(*referral.AbsenceForm)) referral.AbsenceForm {
		f := referral.AbsenceForm{Person: "camila.social", Replacement: "luis.social", From: date(t, "2026-11-23"), To: date(t, "2026-12-04"), Reason: "holiday"}
		if change != nil {
			change(&f)
		}
		return f
	}
	for what, c := range map[string]struct {
		who    actor.Actor
		change func(*referral.AbsenceForm)
		want   string
	}{
		"nothing":                {h.admin, func(f *referral.AbsenceForm) { *f = referral.AbsenceForm{} }, "person replacement from to reason"},
		"herself":                {h.admin, func(f *referral.AbsenceForm) { f.Replacement = "camila.social" }, "replacement"},
		"another unit":           {h.admin, func(f *referral.AbsenceForm) { f.Replacement = "rodrigo.rsh" }, "replacement"},
		"another desk":           {h.admin, func(f *referral.AbsenceForm) { f.Person = "paulina.front_desk" }, "replacement"},
		"before it begins":       {h.admin, func(f *referral.AbsenceForm) { f.To = date(t, "2026-11-22") }, "to"},
		"over already":           {h.admin, func(f *referral.AbsenceForm) { f.From, f.To = date(t, "2026-11-02"), date(t, "2026-11-20") }, "to"},
		"long ago":               {h.admin, func(f *referral.AbsenceForm) { f.From = date(t, "2020-01-01") }, "from to"},
		"for ever":               {h.admin, func(f *referral.AbsenceForm) { f.To = date(t, "9999-12-31") }, "to"},
		"a diagnosis":            {h.admin, func(f *referral.AbsenceForm) { f.Reason = "gripe" }, "reason"},
		"who has no desk":        {h.admin, func(f *referral.AbsenceForm) { f.Person = "arturo.director" }, "person"},
		"a head, another's unit": {h.headRSH, nil, "person replacement"},
	} {
		if _, err := h.service.AddAbsence(ctx, c.who, form(c.change)); !fault.Is(err, fault.Invalid) || fields(err) != c.want {
			t.Errorf("%s: %v names %q, want %q", what, err, fields(err), c.want)
		}
	}
	for _, who := range []actor.Actor{h.desk, h.director, {}} {
		if _, err := h.service.AddAbsence(ctx, who, form(nil)); !fault.Is(err, fault.Forbidden) {
			t.Errorf("%s: %v", who.Role, err)
		}
	}
	var kept referral.Absence
	for range 2 { // sent twice: one effect
		a, err := h.service.AddAbsence(ctx, h.headSoc, form(nil))
		if err != nil || kept.ID != "" && a.ID != kept.ID {
			t.Fatal(a, err)
		}
		kept = a
	}
	overlap := form(func(f *referral.AbsenceForm) { f.From, f.To = date(t, "2026-12-04"), date(t, "2026-12-10") })
	if _, err := h.service.AddAbsence(ctx, h.admin, overlap); fields(err) != "from" {
		t.Errorf("overlapping: %v", err)
	}
	each := form(func(f *referral.AbsenceForm) { f.Person, f.Replacement = "luis.social", "camila.social" })
	if _, err := h.service.AddAbsence(ctx, h.admin, each); fields(err) != "replacement" {
		t.Errorf("each other: %v", err)
	}
	if n := h.count(`SELECT count(*) FROM audit WHERE action = 'absence.add'`); n != 1 {
		t.Errorf("%d entries in the trail", n)
	}
}

// replaced says who does the work of whom on a day, as "camila→luis".
func (h *town) replaced(day string, of, by string) (replacement string, list []string) {
	h.t.Helper()
	on := date(h.t, day)
	h.view(func(tx *tenants.Tx) error {
		a, away, err := referral.Replacement(tx, of, on)
		if err != nil {
			return err
		}
		if away {
			replacement = a.ReplacementID
		}
		list, err = referral.Replaced(tx, by, on)
		return err
	})
	return replacement, list
}

// When the replacement is away too, the next one does the work of both.
func TestReplacementsFollowEachOther(t *testing.T) {
	h := newTown(t)
	ctx := context.Background()
	add := func(person, by, from, to string) referral.Absence {
		t.Helper()
		a, err := h.service.AddAbsence(ctx, h.admin, referral.AbsenceForm{Person: person + ".social", Replacement: by + ".social", From: date(t, from), To: date(t, to), Reason: "leave"})
		if err != nil {
			t.Fatal(err)
		}
		return a
	}
	add("camila", "luis", "2026-11-23", "2026-12-04")
	ill := add("luis", "hernan", "2026-11-30", "2026-12-02")
	for day, want := range map[string]string{
		"2026-11-22": " [] []", "2026-11-23": "luis [camila] []", "2026-12-04": "luis [camila] []", "2026-12-05": " [] []",
		"2026-11-30": "hernan [camila] [camila luis]", "2026-12-02": "hernan [camila] [camila luis]", "2026-12-03": "luis [camila] []",
	} {
		replacement, ofLuis := h.replaced(day, "camila", "luis")
		_, ofHead := h.replaced(day, "camila", "hernan")
		if got := fmt.Sprint(replacement, " ", ofLuis, " ", ofHead); got != want {
			t.Errorf("%s: %s, want %s", day, got, want)
		}
	}
	// Called off before it begins: it never was.
	for range 2 {
		if _, err := h.service.EndAbsence(ctx, h.headSoc, ill.ID); err != nil {
			t.Fatal(err)
		}
	}
	if replacement, _ := h.replaced("2026-12-01", "camila", "luis"); replacement != "luis" {
		t.Errorf("after calling off: %q", replacement)
	}
	// A chain that bites its tail, written before anybody looked, ends somewhere.
	h.change(`INSERT INTO absence (id, user_id, name, unit, from_on, to_on, replacement_id, replacement_name, reason, created_at, created_by, created_by_name)
		VALUES ('a', 'luis', 'Luis', 'social', '2026-11-23', '2026-12-04', 'camila', 'Camila', 'other', '2026-11-21T15:00:00Z', 'x', 'x')`)
	if replacement, list := h.replaced("2026-12-01", "camila", "luis"); replacement != "luis" || fmt.Sprint(list) != "[camila]" {
		t.Errorf("%q %v", replacement, list)
	}
}

func TestEndAnAbsence(t *testing.T) {
	h := newTown(t)
	ctx := context.Background()
	a, err := h.service.AddAbsence(ctx, h.headSoc, referral.AbsenceForm{Person: "camila.social", Replacement: "luis.social", From: date(t, "2026-11-16"), To: date(t, "2026-12-04"), Reason: "leave"})
	if err != nil {
		t.Fatal(err)
	}
	if replacement, _ := h.replaced("2026-11-21", "camila", "luis"); replacement != "luis" {
		t.Errorf("today: %q", replacement)
	}
	for what, c := range map[string]struct {
		who  actor.Actor
		id   string
		kind fault.Kind
	}{
		"another unit's head": {h.headRSH, a.ID, fault.NotFound}, "an unknown one": {h.admin, "nope", fault.NotFound}, "a desk": {h.desk, a.ID, fault.Forbidden},
	} {
		if _, err := h.service.EndAbsence(ctx, c.who, c.id); !fault.Is(err, c.kind) {
			t.Errorf("%s: %v", what, err)
		}
	}
	for range 2 {
		if _, err := h.service.EndAbsence(ctx, h.admin, a.ID); err != nil {
			t.Fatal(err)
		}
	}
	for day, want := range map[string]string{"2026-11-20": "luis", "2026-11-21": "", "2026-12-01": ""} {
		if replacement, _ := h.replaced(day, "camila", "luis"); replacement != want {
			t.Errorf("%s: %q", day, replacement)
		}
	}
	if n := h.count(`SELECT count(*) FROM audit WHERE action = 'absence.end'`); n != 1 {
		t.Errorf("%d entries in the trail", n)
	}
	staff, err := h.service.Staff(ctx, h.headSoc)
	if err != nil || len(staff.Absences) != 0 || len(staff.People) != 3 {
		t.Errorf("%+v %v", staff, err)
	}
	if staff, err := h.service.Staff(ctx, h.admin); err != nil || len(staff.People) != 7 {
		t.Errorf("%d people, %v", len(staff.People), err)
	}
}

// A setting that makes no sense leaves the usual.
func TestSettingsOfReferrals(t *testing.T) {
	h := newTown(t)
	for value, want := range map[string]referral.Settings{
		"7": {PromiseDays: 7, RSHPromiseDays: 7, LinkDays: 7}, "0": referral.DefaultSettings, "-3": referral.DefaultSettings, "mucho": referral.DefaultSettings,
		"91": referral.DefaultSettings, "61": {PromiseDays: 61, RSHPromiseDays: 61, LinkDays: 15},
	} {
		for _, key := range []string{referral.PromiseKey, referral.RSHPromiseKey, referral.LinkKey} {
			h.change(`INSERT INTO setting (key, value) VALUES (?,?) ON CONFLICT (key) DO UPDATE SET value = excluded.value`, key, value)
		}
		h.view(func(tx *tenants.Tx) error {
			if got, err := referral.SettingsOf(tx); err != nil || got != want {
				t.Errorf("%q: %+v %v", value, got, err)
			}
			return nil
		})
	}
}

// Who gives work to somebody sees who is away, and who does the work meanwhile.
func TestChoicesSayWhoIsAway(t *testing.T) {
	h := newTown(t)
	ctx := context.Background()
	if _, err := h.service.AddAbsence(ctx, h.admin, referral.AbsenceForm{Person: "rodrigo.rsh", Replacement: "rosa.rsh", From: date(t, "2026-11-20"), To: date(t, "2026-11-23"), Reason: "leave"}); err != nil {
		t.Fatal(err)
	}
	service := referral.NewService(people.NewService(nil), catalogue.NewService(h.files.National(), h.clock.Now))
	service.Colleagues = h.Colleagues
	inbox, err := service.Inbox(ctx, h.headRSH, referral.Query{})
	if err != nil {
		t.Fatal(err)
	}
	var choices []string
	for _, c := range inbox.Colleagues {
		choices = append(choices, c.Choice())
	}
	if got := strings.Join(choices, ", "); got != "Rosa Vera, Rodrigo Vera (ausente hasta el 23-11-2026, reemplaza Rosa Vera)" {
		t.Errorf("got %s", got)
	}
}
