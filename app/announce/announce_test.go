package announce_test

import (
	"context"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"gsl/app/access"
	"gsl/app/announce"
	"gsl/app/kit/actor"
	"gsl/app/kit/fault"
	"gsl/app/kit/web"
	"gsl/app/kit/web/webtest"
	"gsl/templates/layout"
	"gsl/tenants"
	"gsl/tenants/tenantstest"
)

// office is a country of two municipalities with somebody who announces.
type office struct {
	t       *testing.T
	files   *tenants.Files
	clock   *tenantstest.Clock
	service *announce.Service
	admin   actor.Actor
}

func newOffice(t *testing.T) *office {
	t.Helper()
	clock := tenantstest.NewClock()
	files := tenantstest.Open(t, tenants.Options{Clock: clock.Now})
	service, err := announce.New(context.Background(), files, clock.Now)
	if err != nil {
		t.Fatal(err)
	}
	o := &office{t: t, files: files, clock: clock, service: service}
	o.admin = o.person("nadia", access.NationalAdmin, nil)
	return o
}

// person is somebody of the roster.
func (o *office) person(id, role string, m *tenants.Municipality) actor.Actor {
	o.t.Helper()
	err := o.files.National().Update(context.Background(), func(tx *tenants.Tx) error {
		_, err := tx.Exec(`INSERT INTO user (id, run, given_names, surnames, password, created_at) VALUES (?1, (SELECT coalesce(max(run), 1000000) + 1 FROM user), ?1, ?1, '', '')`, id)
		return err
	})
	if err != nil {
		o.t.Fatal(err)
	}
	return actor.Actor{UserID: id, MembershipID: "m-" + id, Name: id, Role: role, Municipality: m, Permissions: access.PermissionsOf(role, access.SocialUnit)}
}

func (o *office) note(id, text string) announce.Announcement {
	now := o.clock.Now()
	return announce.Announcement{ID: strings.Repeat("A", 20) + id, Text: text, Level: announce.Info, From: now, To: now.Add(24 * time.Hour)}
}

func (o *office) post(a announce.Announcement) {
	o.t.Helper()
	if err := o.service.Post(context.Background(), o.admin, a); err != nil {
		o.t.Fatal(err)
	}
}

func texts(list []layout.Announcement) string {
	var all []string
	for _, a := range list {
		all = append(all, a.Text)
	}
	return strings.Join(all, " | ")
}

func (o *office) sees(who actor.Actor, want string) {
	o.t.Helper()
	if got := texts(o.service.Shown(who)); got != want {
		o.t.Errorf("%s sees %q, want %q", who.Name, got, want)
	}
}

// Who it is for sees it from its beginning to its end, until they dismiss it.
func TestWhoSeesItAndWhen(t *testing.T) {
	o := newOffice(t)
	ctx := context.Background()
	limache, lolol := tenantstest.Municipality(t, o.files, "05802"), tenantstest.Municipality(t, o.files, "06304")
	ana, luis, rosa := o.person("ana", access.CaseManager, limache), o.person("luis", access.FrontDesk, limache), o.person("rosa", access.CaseManager, lolol)
	o.post(o.note("1", "para todos"))
	place := o.note("2", "para Limache")
	place.Municipalities, place.Level = []string{limache.ID}, announce.Warning
	o.post(place)
	role := o.note("3", "para gestores")
	role.Roles, role.From = []string{access.CaseManager}, o.clock.Now().Add(time.Hour)
	o.post(role)

	o.sees(ana, "para Limache | para todos") // warnings first
	o.sees(luis, "para Limache | para todos")
	o.sees(rosa, "para todos")
	o.sees(o.admin, "para todos")
	o.sees(actor.Actor{}, "")
	o.clock.Advance(time.Hour)
	o.sees(rosa, "para gestores | para todos")

	if err := o.service.Dismiss(ctx, ana, place.ID); err != nil {
		t.Fatal(err)
	}
	if err := o.service.Dismiss(ctx, ana, place.ID); err != nil {
		t.Errorf("dismissed twice: %v", err)
	}
	o.sees(ana, "para gestores | para todos")
	o.sees(luis, "para Limache | para todos")
	if err := o.service.Dismiss(ctx, rosa, place.ID); !fault.Is(err, fault.NotFound) {
		t.Errorf("what is not for her: %v", err)
	}
	again, err := announce.New(ctx, o.files, o.clock.Now) // after a restart
	if err != nil || texts(again.Shown(ana)) != "para gestores | para todos" {
		t.Errorf("after a restart she sees %q (%v)", texts(again.Shown(ana)), err)
	}
	o.clock.Advance(24 * time.Hour)
	o.sees(luis, "")
}

func TestWithdrawnAndChanged(t *testing.T) {
	o := newOffice(t)
	ctx := context.Background()
	ana := o.person("ana", access.CaseManager, tenantstest.Municipality(t, o.files, "05802"))
	a := o.note("1", "mañana no hay sistema")
	o.post(a)
	o.post(a) // the form twice
	if shelf, err := o.service.Announcements(ctx, o.admin); err != nil || len(shelf.List) != 1 {
		t.Fatalf("%d announcements (%v), want 1", len(shelf.List), err)
	}
	if err := o.service.Dismiss(ctx, ana, a.ID); err != nil {
		t.Fatal(err)
	}
	stale := a
	a.Revision, a.To = 1, a.To.Add(time.Hour)
	if _, err := o.service.Change(ctx, o.admin, a); err != nil {
		t.Fatal(err)
	}
	o.sees(ana, "") // the same text: read is read
	stale.Revision, stale.Text = 1, "otra cosa"
	now, err := o.service.Change(ctx, o.admin, stale)
	if !fault.Is(err, fault.Conflict) || now == nil || now.Revision != 2 {
		t.Errorf("two tabs: %v, %+v", err, now)
	}
	a.Revision, a.Text = 2, "el lunes no hay sistema"
	if _, err := o.service.Change(ctx, o.admin, a); err != nil {
		t.Fatal(err)
	}
	o.sees(ana, "el lunes no hay sistema")
	for range 2 {
		if err := o.service.Withdraw(ctx, o.admin, a.ID); err != nil {
			t.Fatal(err)
		}
	}
	o.sees(ana, "")
	a.Revision, a.Text = 4, "de vuelta"
	if _, err := o.service.Change(ctx, o.admin, a); !fault.Is(err, fault.Conflict) {
		t.Errorf("a withdrawn one was changed: %v", err)
	}
	var trail int
	err = o.files.National().View(ctx, func(tx *tenants.Tx) error {
		return tx.QueryRow(`SELECT count(*) FROM audit WHERE action LIKE 'announcement.%'`).Scan(&trail)
	})
	if err != nil || trail != 4 {
		t.Errorf("%d entries in the trail (%v), want 4", trail, err)
	}
}

func TestWhatIsRefused(t *testing.T) {
	o := newOffice(t)
	ctx := context.Background()
	for name, spoil := range map[string]func(*announce.Announcement){
		"no text":      func(a *announce.Announcement) { a.Text = "" },
		"long text":    func(a *announce.Announcement) { a.Text = strings.Repeat("á", 601) },
		"many lines":   func(a *announce.Announcement) { a.Text = strings.Repeat("a\n", 7) },
		"no level":     func(a *announce.Announcement) { a.Level = "loud" },
		"no end":       func(a *announce.Announcement) { a.To = time.Time{} },
		"ends first":   func(a *announce.Announcement) { a.To = a.From },
		"is over":      func(a *announce.Announcement) { a.From, a.To = a.From.Add(-3*time.Hour), a.From.Add(-time.Hour) },
		"for ever":     func(a *announce.Announcement) { a.To = a.From.AddDate(2, 0, 0) },
		"a strange id": func(a *announce.Announcement) { a.ID = "../x" },
	} {
		a := o.note("1", "texto")
		spoil(&a)
		if err := o.service.Post(ctx, o.admin, a); !fault.Is(err, fault.Invalid) {
			t.Errorf("%s: %v, want to be refused", name, err)
		}
	}
	keeper := o.person("eva", access.Counterpart, tenantstest.Municipality(t, o.files, "05802"))
	_, list := o.service.Announcements(ctx, keeper)
	for name, err := range map[string]error{"post": o.service.Post(ctx, keeper, o.note("2", "texto")), "withdraw": o.service.Withdraw(ctx, keeper, "x"), "list": list,
		"dismiss, nobody": o.service.Dismiss(ctx, actor.Actor{}, "x")} {
		if !fault.Is(err, fault.Forbidden) {
			t.Errorf("%s: %v, want forbidden", name, err)
		}
	}
}

// Those who dismiss while others write are not shown it again.
func TestDismissedWhileItIsWritten(t *testing.T) {
	o := newOffice(t)
	ctx := context.Background()
	limache := tenantstest.Municipality(t, o.files, "05802")
	a := o.note("1", "texto")
	o.post(a)
	var people []actor.Actor
	for _, id := range []string{"a", "b", "c", "d", "e", "f", "g", "h"} {
		people = append(people, o.person(id, access.CaseManager, limache))
	}
	var busy sync.WaitGroup
	for i, who := range people {
		busy.Go(func() {
			if err := o.service.Dismiss(ctx, who, a.ID); err != nil {
				t.Error(err)
			}
		})
		busy.Go(func() { _ = o.service.Post(ctx, o.admin, o.note(string(rune('P'+i)), "otro")) })
	}
	busy.Wait()
	for _, who := range people {
		if strings.Contains(texts(o.service.Shown(who)), "texto") {
			t.Errorf("%s sees again what they dismissed", who.Name)
		}
	}
}

func (o *office) client(who actor.Actor) *webtest.Client {
	gate := &webtest.Gate{In: &web.Session{Actor: who, TokenKey: []byte("0123456789abcdef"), Language: "es-CL", ExpiresAt: time.Now().Add(time.Hour)}}
	return webtest.WithConfig(o.t, web.Config{Gate: gate, Announced: o.service.Shown}, gate, announce.NewHandlers(o.service).Mount)
}

// From the form to somebody's page, and off it again, with htmx and without.
func TestThroughThePages(t *testing.T) {
	o := newOffice(t)
	limache := tenantstest.Municipality(t, o.files, "05802")
	admin, desk := o.client(o.admin), o.client(o.person("ana", access.CaseManager, limache))
	form := url.Values{"key": {strings.Repeat("K", 26)}, "text": {"<b>Corte</b> el lunes\r\nde 8 a 9"}, "level": {"warning"}, "to": {"30-11-2026"}, "municipality": {limache.ID}, "role": {access.CaseManager}}
	bad := url.Values{"key": form["key"], "text": {"Corte"}, "level": {"warning"}, "to": {"30-11-2026"}, "to_time": {"25:00"}}
	got := admin.PostForm("/admin/announcements", bad)
	if got.Status != http.StatusUnprocessableEntity {
		t.Fatalf("a wrong time answered %d", got.Status)
	}
	got.Contains(t, "Corte", "Escriba la hora así", `value="25:00"`)
	for range 2 {
		if got := admin.PostForm("/admin/announcements", form); got.Status != http.StatusSeeOther {
			t.Fatalf("posting answered %d: %s", got.Status, got.Body)
		}
	}
	admin.Get("/admin/announcements").Contains(t, "&lt;b&gt;Corte&lt;/b&gt;", "Limache", "Gestor/a de casos")
	page := desk.Get("/webtest/unknown")
	page.Contains(t, `id="announcements"`, "&lt;b&gt;Corte&lt;/b&gt; el lunes", "Atención:", "Entendido")
	if n := strings.Count(page.Body, "data-announcement="); n != 1 {
		t.Errorf("it stands %d times", n)
	}
	id := form.Get("key")
	if got := desk.PostForm("/announcements/dismiss", url.Values{"announcement": {id}, "back": {"https://evil.example"}}); got.Header.Get("Location") != "/" {
		t.Errorf("dismissed, it led to %q", got.Header.Get("Location"))
	}
	desk.Get("/webtest/unknown").Lacks(t, "Corte", `id="announcements"`)
	admin.Get("/admin/announcements").Contains(t, "1 persona")
	if got := desk.PostHX("/announcements/dismiss", url.Values{"announcement": {id}}); got.Status != http.StatusOK || !strings.Contains(got.Body, `id="announcements"`) {
		t.Errorf("with htmx: %d %s", got.Status, got.Body)
	}
	if got := desk.PostForm("/announcements/dismiss", url.Values{"announcement": {"nothing"}}); got.Status != http.StatusNotFound {
		t.Errorf("an unknown one answered %d", got.Status)
	}
	admin.Get("/admin/announcements/"+id).Contains(t, "de 8 a 9")
	if got := admin.PostForm("/admin/announcements/"+id+"/withdraw", nil); got.Status != http.StatusSeeOther {
		t.Errorf("withdrawing answered %d", got.Status)
	}
	admin.Get("/admin/announcements").Contains(t, "retirado por nadia")
}

// Nothing to tell costs nothing; something, a few hundred nanoseconds.
func BenchmarkShown(b *testing.B) {
	clock := tenantstest.NewClock()
	files := tenantstest.Open(b, tenants.Options{Clock: clock.Now})
	service, err := announce.New(context.Background(), files, clock.Now)
	if err != nil {
		b.Fatal(err)
	}
	who := actor.Actor{UserID: "u", Role: access.CaseManager, Permissions: access.PermissionsOf(access.NationalAdmin, "")}
	b.Run("nothing", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			service.Shown(who)
		}
	})
	a := announce.Announcement{ID: strings.Repeat("A", 20), Text: "Corte", Level: announce.Info, From: clock.Now(), To: clock.Now().Add(time.Hour)}
	if err := service.Post(context.Background(), who, a); err != nil {
		b.Fatal(err)
	}
	b.Run("one", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			service.Shown(who)
		}
	})
}
