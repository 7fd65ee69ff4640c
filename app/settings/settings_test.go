package settings_test

import (
	"context"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"gsl/app/access"
	"gsl/app/kit/actor"
	"gsl/app/kit/fault"
	"gsl/app/kit/web/webtest"
	"gsl/app/plan"
	"gsl/app/referral"
	"gsl/app/settings"
	"gsl/tenants"
	"gsl/tenants/tenantstest"
)

// office is a municipality's administration at its pages.
type office struct {
	t       *testing.T
	files   *tenants.Files
	limache *tenants.Municipality
	service *settings.Service
	admin   actor.Actor
	head    actor.Actor
}

func newOffice(t *testing.T) *office {
	t.Helper()
	o := &office{t: t, files: tenantstest.New(t)}
	o.limache = tenantstest.Municipality(t, o.files, "05802")
	o.service = settings.NewService(o.files, referral.NewUnitService(roster{}))
	o.admin = o.actor(access.Counterpart, "")
	o.head = o.actor(access.UnitHead, access.SocialUnit)
	return o
}

func (o *office) actor(role, unit string) actor.Actor {
	return actor.Actor{UserID: "user-" + role, Name: "Ximena Lagos", Role: role, UnitID: unit, UnitName: "Asistencia Social", Municipality: o.limache,
		Permissions: access.PermissionsOf(role, unit), RequestID: "request"}
}

// roster is two case managers and two people of the RSH desk.
type roster struct{}

func (roster) Colleagues(_ context.Context, _ actor.Actor, unit string) (list []access.Colleague, _ error) {
	for _, c := range []access.Colleague{
		{UserID: "camila", Name: "Camila <Rojas>", Role: access.CaseManager, UnitID: access.SocialUnit, UnitName: "Asistencia Social"},
		{UserID: "luis", Name: "Luis Moraga", Role: access.CaseManager, UnitID: access.SocialUnit, UnitName: "Asistencia Social"},
		{UserID: "rodrigo", Name: "Rodrigo Vera", Role: access.RSHDesk, UnitID: access.RSHUnit, UnitName: "Registro Social de Hogares"},
		{UserID: "rosa", Name: "Rosa Soto", Role: access.RSHDesk, UnitID: access.RSHUnit, UnitName: "Registro Social de Hogares"},
	} {
		if unit == "" || c.UnitID == unit {
			list = append(list, c)
		}
	}
	return list, nil
}

func (roster) NameUnit(context.Context, actor.Actor, string, string) error { return nil }

func (o *office) browser(who actor.Actor) *webtest.Client {
	return webtest.New(o.t, who, settings.NewHandlers(o.service).Mount)
}

func (o *office) text(query string) (text string) {
	o.t.Helper()
	err := o.limache.View(context.Background(), func(tx *tenants.Tx) error { return tx.QueryRow(query).Scan(&text) })
	if err != nil {
		o.t.Fatal(err)
	}
	return text
}

func (o *office) general() settings.General {
	o.t.Helper()
	g, err := o.service.General(context.Background(), o.admin)
	if err != nil {
		o.t.Fatal(err)
	}
	return g
}

// form is the general form as a browser sends it.
func (o *office) form(change ...string) url.Values {
	v := url.Values{"worker_threshold": {"150.000"}, "head_threshold": {"$ 1.000.000"}, "promise_days": {"10"}, "rsh_promise_days": {"5"}, "link_days": {"15"},
		"mark": {o.general().Mark()}}
	for i := 0; i+1 < len(change); i += 2 {
		v[change[i]] = []string{change[i+1]}
	}
	return v
}

func TestTheFirstPage(t *testing.T) {
	o := newOffice(t)
	got := o.browser(o.admin).Get("/settings")
	if got.Status != http.StatusOK {
		t.Fatal(got.Status)
	}
	got.Contains(t, "<b>3</b> unidades con bandeja", "<b>13</b> otras unidades municipales", "<b>10</b> instituciones externas", `value="150.000"`, `value="1.000.000"`, "Hoy no hay ausencias")
}

func TestSaveSettings(t *testing.T) {
	o := newOffice(t)
	c := o.browser(o.admin)
	sent := o.form("worker_threshold", "200.000", "promise_days", "7", "waiting_list", "1")
	for range 2 { // sent twice: one effect
		if got := c.PostForm("/settings", sent); got.Status != http.StatusSeeOther || got.Header.Get("Location") != "/settings" {
			t.Fatalf("%d to %q", got.Status, got.Header.Get("Location"))
		}
	}
	want := settings.General{Thresholds: plan.Thresholds{Worker: 200_000, Head: 1_000_000}, Settings: referral.Settings{PromiseDays: 7, RSHPromiseDays: 5, LinkDays: 15, WaitingList: true}}
	if got := o.general(); got != want {
		t.Errorf("kept %+v", got)
	}
	if n := o.text(`SELECT count(*) FROM audit WHERE action = 'settings.change'`); n != "1" {
		t.Errorf("%s entries in the trail", n)
	}
	if detail := o.text(`SELECT detail FROM audit WHERE action = 'settings.change'`); !strings.Contains(detail, "150000 → 200000") || strings.Contains(detail, "link_days") {
		t.Errorf("the trail says %s", detail)
	}
	got := c.PostHX("/settings", o.form("waiting_list", ""))
	if got.Status != http.StatusOK || strings.Contains(got.Body, "<html") {
		t.Errorf("htmx: %d", got.Status)
	}
	got.Contains(t, "Ajustes guardados", `value="150.000"`)
}

func TestSettingsThatCannotBe(t *testing.T) {
	o := newOffice(t)
	c := o.browser(o.admin)
	for what, form := range map[string]url.Values{
		"a head below the worker": o.form("worker_threshold", "500.000", "head_threshold", "400.000"), "a cent": o.form("worker_threshold", "1.5"), "nothing": {},
		"a debt": o.form("worker_threshold", "-5"), "too much": o.form("head_threshold", "100.000.001"), "no days": o.form("promise_days", "0"),
		"a year": o.form("promise_days", "365"), "more than a number": o.form("link_days", "4294967311"), "text": o.form("rsh_promise_days", "<b>cinco</b>"),
		"an unknown field": o.form("model", "2"), "half a box": o.form("waiting_list", "sí"), "broken text": o.form("link_days", "\xff"), "control": o.form("mark", "\x01"),
	} {
		got := c.PostForm("/settings", form)
		if got.Status != http.StatusUnprocessableEntity {
			t.Errorf("%s: %d", what, got.Status)
		}
		got.Lacks(t, "<b>cinco")
	}
	got := c.PostForm("/settings", o.form("promise_days", "365", "rsh_promise_days", "6"))
	got.Contains(t, "Escriba entre 1 y 90 días", `value="365"`, `value="6"`, `href="#f-promise_days"`)
	if o.general() != settings.Default {
		t.Errorf("kept %+v", o.general())
	}
}

// Two people at one form: the second sees what the first saved, and may write over it.
func TestSettingsChangedMeanwhile(t *testing.T) {
	o := newOffice(t)
	c := o.browser(o.admin)
	late := o.form("link_days", "20")
	c.PostForm("/settings", o.form("promise_days", "12"))
	got := c.PostForm("/settings", late)
	if got.Status != http.StatusConflict {
		t.Fatal(got.Status)
	}
	got.Contains(t, "Otra persona hizo cambios", "<dd>12</dd>", `value="20"`, o.general().Mark())
	late.Set("mark", o.general().Mark())
	if got := c.PostForm("/settings", late); got.Status != http.StatusSeeOther || o.general().LinkDays != 20 {
		t.Errorf("sent again: %d, %+v", got.Status, o.general())
	}
}

func TestTheManagementModel(t *testing.T) {
	o := newOffice(t)
	c := o.browser(o.admin)
	for _, step := range []struct {
		model  string
		status int
		want   int
	}{{"2", 303, 2}, {"2", 303, 2}, {"3", 422, 2}, {"", 422, 2}, {"uno", 422, 2}, {"1", 303, 1}, {"2", 303, 2}} {
		if got := c.PostForm("/settings/model", url.Values{"model": {step.model}}); got.Status != step.status || o.limache.Model() != step.want {
			t.Errorf("%q: %d, model %d", step.model, got.Status, o.limache.Model())
		}
	}
	c.Get("/settings").Contains(t, `value="2" checked`)
	c.PostHX("/settings/model", url.Values{"model": {"1"}}).Contains(t, "ya rige para todo el equipo", `value="1" checked`)
	again := tenantstest.Municipality(t, o.files, "05802")
	if again.Model() != 1 {
		t.Errorf("kept %d", again.Model())
	}
	if err := o.service.SetModel(context.Background(), o.head, 2); !fault.Is(err, fault.Forbidden) {
		t.Errorf("a head: %v", err)
	}
	n := 0
	err := o.files.National().View(context.Background(), func(tx *tenants.Tx) error {
		return tx.QueryRow(`SELECT count(*) FROM audit WHERE action = 'settings.model'`).Scan(&n)
	})
	if err != nil || n != 4 {
		t.Errorf("%d entries in the trail, %v", n, err)
	}
}

func TestThePagesOfUnits(t *testing.T) {
	o := newOffice(t)
	c := o.browser(o.admin)
	c.Get("/settings/units").Contains(t, "Asistencia Social", "SERVIU", "Camila &lt;Rojas&gt;", "Activar bandeja")
	c.Get("/settings/units?edit=omil").Contains(t, `id="unit-form"`, `name="version" value="1"`)
	c.Get("/settings/units?edit=nobody").Lacks(t, `id="unit-form"`)
	c.Get("/settings/units?new=institution").Contains(t, `name="kind" value="institution"`)
	c.Get("/settings/units?new=integrated").Lacks(t, `id="unit-form"`)
	add := url.Values{"unit": {""}, "kind": {"municipal"}, "version": {""}, "name": {"Oficina <Deportes>"}, "contact": {""}, "phone": {""}, "email": {"x"}, "address": {""}, "aliases": {"SERVIU"}, "channel": {"letter"}}
	got := c.PostForm("/settings/units", add)
	if got.Status != http.StatusUnprocessableEntity {
		t.Errorf("bad fields: %d", got.Status)
	}
	got.Contains(t, "Escriba un solo correo", `value="Oficina &lt;Deportes&gt;"`, ">\nSERVIU</textarea>")
	got.Lacks(t, "<Deportes>")
	add.Set("email", "")
	c.PostForm("/settings/units", add).Contains(t, "«SERVIU» ya lleva a SERVIU")
	add.Set("aliases", "")
	if got := c.PostForm("/settings/units", add); got.Status != http.StatusSeeOther || got.Header.Get("Location") != "/settings/units" {
		t.Errorf("%d to %q", got.Status, got.Header.Get("Location"))
	}
	edit := url.Values{"unit": {"omil"}, "kind": {"municipal"}, "version": {"1"}, "name": {"OMIL"}, "contact": {"Marta"}, "phone": {""}, "email": {""}, "address": {""}, "aliases": {""}, "channel": {"letter"}, "active": {"1"}}
	c.PostHX("/settings/units", edit).Contains(t, "OMIL quedó actualizada")
	edit.Set("contact", "Juan")
	late := c.PostForm("/settings/units", edit)
	if late.Status != http.StatusConflict {
		t.Errorf("late: %d", late.Status)
	}
	late.Contains(t, "Otra persona hizo cambios", "<dd>Marta</dd>", `value="Juan"`, `name="version" value="2"`)
	edit.Set("unit", "nobody")
	if got := c.PostForm("/settings/units", edit); got.Status != http.StatusNotFound {
		t.Errorf("an unknown unit: %d", got.Status)
	}
	for what, form := range map[string]url.Values{
		"an unknown field": {"unit": {"omil"}, "casework": {"1"}}, "a version of text": {"unit": {"omil"}, "version": {"x"}}, "nothing": {}, "twice": {"unit": {"omil", "rsh"}},
	} {
		if got := c.PostForm("/settings/units", form); got.Status != http.StatusUnprocessableEntity {
			t.Errorf("%s: %d", what, got.Status)
		}
	}
	c.PostHX("/settings/units/module", url.Values{"unit": {"care"}, "on": {"1"}}).Contains(t, "recibe derivaciones en su bandeja", "Desactivar bandeja")
	if got := c.PostForm("/settings/units/module", url.Values{"unit": {"serviu"}, "on": {"1"}}); got.Status != http.StatusUnprocessableEntity {
		t.Errorf("no module: %d", got.Status)
	}
}

func TestThePagesOfAbsences(t *testing.T) {
	o := newOffice(t)
	sent := url.Values{"person": {"camila.social"}, "replacement": {"luis.social"}, "from": {"20-11-2026"}, "to": {"04-12-2026"}, "reason": {"holiday"}}
	wrong := url.Values{"person": {"camila.social"}, "replacement": {"rodrigo.rsh"}, "from": {"31-02-2026"}, "to": {""}, "reason": {""}}
	for who, base := range map[*actor.Actor]string{&o.admin: "/settings/absences", &o.head: "/absences"} {
		c := o.browser(*who)
		got := c.PostForm(base, wrong)
		if got.Status != http.StatusUnprocessableEntity {
			t.Errorf("%s: %d", base, got.Status)
		}
		got.Contains(t, `value="31-02-2026"`, `<option value="camila.social" selected>`)
		if got := c.PostForm(base, sent); got.Status != http.StatusSeeOther || got.Header.Get("Location") != base {
			t.Errorf("%s: %d to %q", base, got.Status, got.Header.Get("Location"))
		}
		c.Get(base).Contains(t, "20-11-2026 al 04-12-2026", "Ausente hoy", "Luis Moraga", "Feriado legal", "Volvió")
	}
	o.browser(o.admin).Get("/settings").Contains(t, "Hoy hay 1 persona ausente")
	o.browser(o.admin).Get("/settings/absences").Contains(t, "Rodrigo Vera")
	o.browser(o.head).Get("/absences").Lacks(t, "Rodrigo Vera") // another unit's
	id := o.text(`SELECT id FROM absence`)
	c := o.browser(o.head)
	for form, status := range map[string]int{"absence=nope": 404, "": 422, "absence=" + strings.Repeat("x", 50): 422, "absence=" + id + "&x=1": 422} {
		values, err := url.ParseQuery(form)
		if err != nil {
			t.Fatal(err)
		}
		if got := c.PostForm("/absences/end", values); got.Status != status {
			t.Errorf("%q: %d", form, got.Status)
		}
	}
	c.PostHX("/absences/end", url.Values{"absence": {id}}).Contains(t, "Terminó la ausencia de Camila &lt;Rojas&gt;", "No hay ausencias registradas")
}

// Only the administration opens its pages; a head the absences of the unit.
func TestWhoOpensSettings(t *testing.T) {
	o := newOffice(t)
	for _, c := range []struct {
		role, unit, path string
		status           int
	}{
		{access.Counterpart, "", "/settings", 200}, {access.Counterpart, "", "/settings/units", 200}, {access.Counterpart, "", "/absences", 403},
		{access.UnitHead, access.RSHUnit, "/absences", 200}, {access.UnitHead, access.SocialUnit, "/settings", 403}, {access.UnitHead, access.SocialUnit, "/settings/absences", 403},
		{access.Director, "", "/settings", 403}, {access.FrontDesk, "", "/settings/units", 403}, {access.CaseManager, access.SocialUnit, "/absences", 403},
		{access.TechnicalAssistant, "", "/settings", 403},
	} {
		if got := o.browser(o.actor(c.role, c.unit)).Get(c.path); got.Status != c.status {
			t.Errorf("%s %s: %d", c.role, c.path, got.Status)
		}
	}
}
