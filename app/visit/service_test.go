package visit_test

import (
	"bytes"
	"context"
	"image"
	"image/png"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"gsl/app/access"
	"gsl/app/document"
	"gsl/app/kit/actor"
	"gsl/app/kit/calendar"
	"gsl/app/kit/fault"
	"gsl/app/kit/web"
	"gsl/app/kit/web/webtest"
	"gsl/app/people"
	"gsl/app/visit"
	"gsl/tenants"
	"gsl/tenants/tenantstest"
)

var background = context.Background()

// room is Asistencia Social of Limache with a person's file and one plan item
// that asks for a visit.
type room struct {
	t            *testing.T
	clock        *tenantstest.Clock
	limache      *tenants.Municipality
	service      *visit.Service
	camila, head actor.Actor
	file         string
	item         *visit.Item // nil: it is over
	changes      []visit.Status
}

func newRoom(t *testing.T) *room {
	t.Helper()
	files, clock := tenantstest.NewWithClock(t)
	r := &room{t: t, clock: clock, limache: tenantstest.Municipality(t, files, "05802")}
	r.camila, r.head = r.worker("camila", "Camila Rojas", access.CaseManager), r.worker("head", "Hernán Salinas", access.UnitHead)
	folk := people.NewService(nil)
	r.service = visit.NewService(folk, document.NewService())
	f, err := folk.Lookup(background, r.camila, people.RUNOf(12345678))
	if err != nil {
		t.Fatal(err)
	}
	r.file, r.item = f.ID, &visit.Item{PlanID: "plan", ItemID: "item", Folio: "2026-0001", Name: "Visita domiciliaria", Address: "Los Aromos 12", Purpose: "Ver el techo"}
	r.service.Items = func(*tenants.Tx, string) ([]visit.Item, error) {
		if r.item == nil {
			return nil, nil
		}
		return []visit.Item{*r.item}, nil
	}
	r.service.OnChange = append(r.service.OnChange, func(_ *tenants.Tx, _ actor.Actor, v *visit.Visit, _ visit.Status) error {
		r.changes = append(r.changes, v.Status)
		return nil
	})
	r.service.Colleagues = func(context.Context, actor.Actor, string) ([]access.Colleague, error) {
		var list []access.Colleague
		for _, who := range []actor.Actor{r.camila, r.head} {
			list = append(list, access.Colleague{UserID: who.UserID, Name: who.Name, Role: who.Role, UnitID: who.UnitID})
		}
		return list, nil
	}
	return r
}

func (r *room) worker(id, name, role string) actor.Actor {
	return actor.Actor{UserID: id, Name: name, Role: role, UnitID: access.SocialUnit, UnitName: "Asistencia Social",
		Permissions: access.PermissionsOf(role, access.SocialUnit), Municipality: r.limache}
}

func (r *room) today() calendar.Date { return calendar.On(r.clock.Now()) }

// form is a good form for a visit in some days.
func (r *room) form(days int) visit.Form {
	return visit.Form{Worker: "camila", Day: r.today().AddDays(days), Clock: "10:30", Address: "Los Aromos 12", Purpose: "Ver el techo"}
}

func (r *room) schedule(n visit.New) visit.Visit {
	r.t.Helper()
	v, err := r.service.Schedule(background, r.camila, r.file, n)
	if err != nil {
		r.t.Fatal(err)
	}
	return v
}

func (r *room) count(query string) (n int) {
	r.t.Helper()
	if err := r.limache.View(background, func(tx *tenants.Tx) error { return tx.QueryRow(query).Scan(&n) }); err != nil {
		r.t.Fatal(err)
	}
	return n
}

// found is a record of today.
func (r *room) found(note string) *visit.Written {
	return &visit.Written{Result: "done", On: r.today().Chilean(), Others: "Ana Soto", Findings: map[string]string{"roof": "bad"}, Note: note}
}

func mustBe(t *testing.T, err error, kind fault.Kind, what string) {
	t.Helper()
	if !fault.Is(err, kind) {
		t.Errorf("%s: %v, want kind %d", what, err, kind)
	}
}

// A plan's item makes one visit however often it is asked; the visit gets its
// day, finds nobody, is repeated, and takes place.
func TestAVisitFromItsItemToItsEnd(t *testing.T) {
	r := newRoom(t)
	agree := func(tx *tenants.Tx) error {
		for range 2 {
			if _, err := r.service.Agree(tx, r.camila, r.file, r.item); err != nil {
				return err
			}
		}
		return nil
	}
	if err := r.limache.Update(background, agree); err != nil {
		t.Fatal(err)
	}
	l, err := r.service.Visits(background, r.camila, r.file)
	if err != nil || len(l.Visits) != 1 || len(l.Items) != 0 || !l.Visits[0].Day.IsZero() {
		t.Fatalf("after the checkout: %v %+v", err, l)
	}
	_, err = r.service.Schedule(background, r.camila, r.file, visit.New{Key: "k", Item: "item", Form: r.form(1)})
	mustBe(t, err, fault.Conflict, "a second visit for one item")
	v, err := r.service.Move(background, r.camila, l.Visits[0].ID, r.form(2), 1)
	if err != nil || v.Day != r.today().AddDays(2) || v.Version != 2 {
		t.Fatalf("given its day: %v %+v", err, v)
	}
	r.clock.Advance(48 * time.Hour)
	nobody := &visit.Written{Result: "nobody-home", On: r.today().Chilean(), Note: "Nadie abrió"}
	if v, err = r.service.Finish(background, r.camila, v.ID, nobody); err != nil || v.Status != visit.NobodyHome {
		t.Fatalf("in vain: %v %s", err, v.Status)
	}
	d, err := r.service.Begin(background, r.camila, r.file, "", v.ID)
	if err != nil || d.Item == nil || d.Form.Purpose != "Ver el techo" {
		t.Fatalf("again: %v %+v", err, d.Form)
	}
	next := r.schedule(visit.New{Key: "again", Item: "item", Previous: v.ID, Form: r.form(1)})
	if next.ItemID != "item" || next.PreviousID != v.ID {
		t.Errorf("the next one is %+v", next)
	}
	if v, err = r.service.Finish(background, r.camila, next.ID, r.found("Gotera")); err != nil || v.Status != visit.Done {
		t.Fatalf("done: %v %s", err, v.Status)
	}
	if want := []visit.Status{visit.Scheduled, visit.Scheduled, visit.NobodyHome, visit.Scheduled, visit.Done}; !equal(r.changes, want) {
		t.Errorf("the plan heard %v, want %v", r.changes, want)
	}
	if n := r.count(`SELECT count(*) FROM visit_history`); n != 5 {
		t.Errorf("%d lines of history, want 5", n)
	}
	if n := r.count(`SELECT count(*) FROM audit WHERE action GLOB 'visit.*'`); n != 5 {
		t.Errorf("%d entries in the trail, want 5", n)
	}
}

func equal(a, b []visit.Status) bool {
	if len(a) != len(b) {
		return false
	}
	for i := range a {
		if a[i] != b[i] {
			return false
		}
	}
	return true
}

// Sent twice is one visit, one record, one cancellation; something else about
// what is over is a conflict, and changes nothing.
func TestTwiceIsOnce(t *testing.T) {
	r := newRoom(t)
	v := r.schedule(visit.New{Key: "k", Form: r.form(0)})
	if again := r.schedule(visit.New{Key: "k", Form: r.form(0)}); again.ID != v.ID {
		t.Error("the same form made two visits")
	}
	other := r.schedule(visit.New{Key: "other", Form: r.form(0)})
	for range 2 {
		if _, err := r.service.Finish(background, r.camila, v.ID, r.found("Gotera")); err != nil {
			t.Fatal(err)
		}
		if _, err := r.service.Cancel(background, r.camila, other.ID, "Se mudó"); err != nil {
			t.Fatal(err)
		}
	}
	_, err := r.service.Finish(background, r.head, v.ID, r.found("Otra cosa"))
	mustBe(t, err, fault.Conflict, "another record of the same visit")
	_, err = r.service.Cancel(background, r.camila, v.ID, "x")
	mustBe(t, err, fault.Conflict, "cancelling what was recorded")
	_, err = r.service.Move(background, r.camila, v.ID, r.form(3), 0)
	mustBe(t, err, fault.Conflict, "moving what was recorded")
	_, err = r.service.Finish(background, r.camila, other.ID, r.found("x"))
	mustBe(t, err, fault.Conflict, "recording what was cancelled")
	for range 2 {
		if _, err := r.service.Add(background, r.camila, v.ID, "La familia trajo fotos."); err != nil {
			t.Fatal(err)
		}
	}
	if n := r.count(`SELECT count(*) FROM visit_history WHERE note = 'La familia trajo fotos.'`); n != 1 {
		t.Errorf("%d additions, want 1", n)
	}
	if n := r.count(`SELECT count(*) FROM visit_history`); n != 5 {
		t.Errorf("%d lines of history, want 5", n)
	}
}

// Two people change one visit: the second is told, and may then decide.
func TestTwoPeopleMoveOneVisit(t *testing.T) {
	r := newRoom(t)
	v := r.schedule(visit.New{Key: "k", Form: r.form(1)})
	if _, err := r.service.Move(background, r.head, v.ID, r.form(2), v.Version); err != nil {
		t.Fatal(err)
	}
	_, err := r.service.Move(background, r.camila, v.ID, r.form(3), v.Version)
	mustBe(t, err, fault.Conflict, "an old form")
	if again, err := r.service.Move(background, r.camila, v.ID, r.form(2), v.Version); err != nil || again.Version != 2 {
		t.Errorf("an old form that says what is so: %v, version %d", err, again.Version)
	}
	stranger := r.form(1)
	stranger.Worker = "somebody"
	_, err = r.service.Move(background, r.camila, v.ID, stranger, 0)
	mustBe(t, err, fault.Invalid, "a worker of nowhere")
}

func TestADraftIsKeptForItsWindow(t *testing.T) {
	r := newRoom(t)
	v := r.schedule(visit.New{Key: "k", Form: r.form(0)})
	keep := func(who actor.Actor, note, window string, seen int64) error {
		_, err := r.service.Keep(background, who, v.ID, &visit.Written{Note: note, On: "31-02"}, visit.Page{Name: window, Seen: seen})
		return err
	}
	for _, note := range []string{"a", "ab", "abc"} { // one window writes on, whatever it saw
		if err := keep(r.camila, note, "phone", 0); err != nil {
			t.Fatal(err)
		}
	}
	mustBe(t, keep(r.head, "x", "desk", 0), fault.Conflict, "another window over what it has not seen")
	s, err := r.service.Door(background, r.camila, v.ID)
	if err != nil || s.Draft.Note != "abc" || s.Draft.On != "31-02" {
		t.Fatalf("the draft is %+v, %v", s.Draft, err)
	}
	if err := keep(r.head, "abc y más", "desk", s.Draft.Seq); err != nil {
		t.Errorf("another window that has seen it: %v", err)
	}
	mustBe(t, keep(r.camila, "abcd", "phone", 0), fault.Conflict, "the first window over the second")
	mustBe(t, keep(r.camila, strings.Repeat("x", 70<<10), "desk", 0), fault.Invalid, "a book")
	if n := r.count(`SELECT count(*) FROM visit_draft`); n != 1 {
		t.Errorf("%d drafts, want 1", n)
	}
	if _, err := r.service.Finish(background, r.camila, v.ID, r.found("abcd")); err != nil {
		t.Fatal(err)
	}
	if n := r.count(`SELECT count(*) FROM visit_draft`); n != 0 {
		t.Error("the draft stays when the visit is recorded")
	}
	mustBe(t, keep(r.camila, "x", "phone", 0), fault.Conflict, "typing about what is recorded")
}

// What does not do casework knows of no visit.
func TestWhoMay(t *testing.T) {
	r := newRoom(t)
	v := r.schedule(visit.New{Key: "k", Form: r.form(0)})
	for _, role := range []string{access.FrontDesk, access.RSHDesk, access.Counterpart, access.TechnicalAssistant, access.Director} {
		who := actor.Actor{UserID: role, Name: role, Role: role, Permissions: access.PermissionsOf(role, ""), Municipality: r.limache}
		_, err := r.service.Visit(background, who, v.ID, "visit")
		if role != access.Director {
			mustBe(t, err, fault.Forbidden, role+" looks")
		}
		_, err = r.service.Finish(background, who, v.ID, r.found("x"))
		mustBe(t, err, fault.Forbidden, role+" records")
		_, err = r.service.Schedule(background, who, r.file, visit.New{Key: role, Form: r.form(1)})
		mustBe(t, err, fault.Forbidden, role+" decides")
	}
	if _, err := r.service.Sheet(background, r.camila, visit.Want{Worker: "head"}); !fault.Is(err, fault.NotFound) {
		t.Errorf("another's sheet: %v", err)
	}
	if s, err := r.service.Sheet(background, r.head, visit.Want{Worker: "camila"}); err != nil || len(s.Stops) != 1 {
		t.Errorf("the head's look at a sheet: %v, %d stops", err, len(s.Stops))
	}
}

// What was recorded nobody changes, not even in the file.
func TestWhatWasRecordedStays(t *testing.T) {
	r := newRoom(t)
	v := r.schedule(visit.New{Key: "k", Form: r.form(0)})
	if _, err := r.service.Finish(background, r.camila, v.ID, r.found("Gotera")); err != nil {
		t.Fatal(err)
	}
	for _, statement := range []string{`UPDATE visit SET note = 'otra'`, `UPDATE visit SET status = 'refused'`, `DELETE FROM visit`, `UPDATE visit_history SET note = 'x'`, `DELETE FROM visit_history`} {
		err := r.limache.Update(background, func(tx *tenants.Tx) error {
			_, err := tx.Exec(statement)
			return err
		})
		if err == nil {
			t.Errorf("%s is possible", statement)
		}
	}
}

func picture() []byte {
	var b bytes.Buffer
	if err := png.Encode(&b, image.NewGray(image.Rect(0, 0, 8, 8))); err != nil {
		panic(err)
	}
	return b.Bytes()
}

func TestAPhotoIsAPicture(t *testing.T) {
	r := newRoom(t)
	v := r.schedule(visit.New{Key: "k", Form: r.form(0)})
	add := func(name string, body []byte) error {
		return r.service.Photograph(background, r.camila, v.ID, visit.Photo{File: bytes.NewReader(body), Name: name, Size: int64(len(body))})
	}
	for range 2 {
		if err := add("muro.png", picture()); err != nil {
			t.Fatal(err)
		}
	}
	for name, body := range map[string]string{"foto.png": "<html><script>alert(1)</script>", "papel.pdf": "%PDF-1.7\n1\n%%EOF\n", "vacia.jpg": ""} {
		err := add(name, []byte(body))
		mustBe(t, err, fault.Invalid, name)
	}
	if n := r.count(`SELECT count(*) FROM document WHERE owner_kind = 'visit'`); n != 1 {
		t.Errorf("%d photos, want 1", n)
	}
}

// The form at the door over the real edge: what is wrong comes back with what was
// typed, and the record is on the page.
func TestTheFormAtTheDoor(t *testing.T) {
	r := newRoom(t)
	v := r.schedule(visit.New{Key: "k", Form: r.form(0)})
	c := webtest.New(t, r.camila, func(router *web.Router) {
		router.Object(web.Object{Param: "visit", See: access.ReadCasework, Exists: r.service.Exists})
		visit.NewHandlers(r.service).Mount(router)
	})
	base := "/visits/" + v.ID
	form := url.Values{"result": {"done"}, "on": {"31-02-2026"}, "others": {"Ana Soto"}, "finding[roof]": {"bad"}, "note": {"Gotera <b>grande</b>"}, "window": {"w"}, "seen": {"0"}}
	got := c.PostForm(base+"/record", form)
	if got.Status != http.StatusUnprocessableEntity {
		t.Fatalf("answered %d", got.Status)
	}
	got.Contains(t, `href="#f-on"`, "31-02-2026", "Ana Soto", "Gotera &lt;b&gt;grande&lt;/b&gt;")
	if kept := c.PostHX(base+"/draft", form); kept.Status != http.StatusOK || !strings.Contains(kept.Body, "Guardado") {
		t.Errorf("the draft answered %d: %s", kept.Status, kept.Body)
	}
	if door := c.Get(base + "/record"); !strings.Contains(door.Body, "Gotera &lt;b&gt;grande") {
		t.Error("what was typed is not there when the page is opened again")
	} else if button := regexp.MustCompile(`<button[^>]*value="photo"[^>]*>`).FindString(door.Body); !strings.Contains(button, `hx-target="#visit-photos"`) {
		t.Errorf("what the button of photos brings would take the place of the form: %s", button)
	}
	form.Set("on", r.today().Chilean())
	if got = c.PostForm(base+"/record", form); got.Status != http.StatusSeeOther {
		t.Fatalf("answered %d: %s", got.Status, got.Body)
	}
	page := c.Get(base)
	page.Contains(t, "Realizada", "Mal estado", "Ana Soto", "1 hallazgo")
	form.Set("note", "Otra mirada")
	if got = c.PostForm(base+"/record", form); got.Status != http.StatusConflict {
		t.Errorf("another record answered %d", got.Status)
	}
	got.Contains(t, "Otra mirada", "Gotera &lt;b&gt;grande", base+"/notes")
	if got = c.PostForm("/files/"+r.file+"/visits", url.Values{"key": {"x"}, "day": {"ayer"}, "address": {"Los Boldos 3"}}); got.Status != http.StatusUnprocessableEntity {
		t.Errorf("a day that is none answered %d", got.Status)
	}
	got.Contains(t, "Los Boldos 3", `value="ayer"`)
	for _, path := range []string{"/visits/01ARZ3NDEKTSV4RRFFQ69G5FAV", "/files/" + r.file + "/visits/new?item=nothing", "/files/" + r.file + "/visits/new?again=nothing"} {
		if got := c.Get(path); got.Status != http.StatusNotFound {
			t.Errorf("%s answered %d", path, got.Status)
		}
	}
}
