package agenda

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"gsl/app/access"
	"gsl/app/kit/actor"
	"gsl/app/kit/calendar"
	"gsl/app/kit/fault"
	"gsl/app/kit/web"
	"gsl/app/kit/web/webtest"
	"gsl/app/people"
	"gsl/tenants"
	"gsl/tenants/tenantstest"
)

var background = context.Background()

type office struct {
	t                  *testing.T
	clock              *tenantstest.Clock
	limache            *tenants.Municipality
	service            *Service
	camila, luis, head actor.Actor
	file               string
	replaced           []string // whom Camila replaces
}

func newOffice(t *testing.T) *office {
	t.Helper()
	files, clock := tenantstest.NewWithClock(t)
	o := &office{t: t, clock: clock, limache: tenantstest.Municipality(t, files, "05802")}
	o.camila, o.luis, o.head = o.worker("camila", "Camila Rojas", access.CaseManager), o.worker("luis", "Luis Moraga", access.CaseManager), o.worker("head", "Hernán Salinas", access.UnitHead)
	folk := people.NewService(nil)
	o.service = NewService(folk)
	o.service.Replaced = func(_ *tenants.Tx, id string, _ calendar.Date) ([]string, error) {
		if id == "camila" {
			return o.replaced, nil
		}
		return nil, nil
	}
	o.service.Colleagues = func(context.Context, actor.Actor, string) (list []access.Colleague, _ error) {
		for _, who := range []actor.Actor{o.camila, o.luis, o.head} {
			list = append(list, access.Colleague{UserID: who.UserID, Name: who.Name, Role: who.Role, UnitID: who.UnitID})
		}
		return list, nil
	}
	f, err := folk.Lookup(background, o.camila, people.RUNOf(12345678))
	if err != nil {
		t.Fatal(err)
	}
	o.file = f.ID
	return o
}

func (o *office) worker(id, name, role string) actor.Actor {
	return actor.Actor{UserID: id, Name: name, Role: role, UnitID: access.SocialUnit, UnitName: "Asistencia Social",
		Permissions: access.PermissionsOf(role, access.SocialUnit), Municipality: o.limache}
}

func (o *office) today() calendar.Date { return calendar.On(o.clock.Now()) }

func (o *office) write(who actor.Actor, file string, day calendar.Date, clock, text string) FollowUp {
	o.t.Helper()
	f, err := o.service.Write(background, who, file, Form{Day: day, Clock: clock, Text: text}, text)
	if err != nil {
		o.t.Fatal(err)
	}
	return f
}

func (o *office) week(who actor.Actor, want Want) Week {
	o.t.Helper()
	w, err := o.service.Week(background, who, want)
	if err != nil {
		o.t.Fatal(err)
	}
	return w
}

func texts(list []Entry) string {
	var all []string
	for _, e := range list {
		all = append(all, e.Text)
	}
	return strings.Join(all, " · ")
}

func TestAWeekBeginsOnMonday(t *testing.T) {
	for text, want := range map[string]string{"16-11-2026": "16-11-2026", "22-11-2026": "16-11-2026", "23-11-2026": "23-11-2026", "01-01-2027": "28-12-2026"} {
		d, err := calendar.Parse(text)
		if err != nil {
			t.Fatal(err)
		}
		if monday, sunday := weekOf(d); monday.Chilean() != want || monday.DaysUntil(sunday) != 6 {
			t.Errorf("the week of %s is %s to %s", text, monday.Chilean(), sunday.Chilean())
		}
	}
}

// A week holds what is of its days, in their order, and what was left over from
// before; each worker's own, and that of whom one replaces.
func TestTheWeekOfAWorker(t *testing.T) {
	o := newOffice(t)
	monday, _ := weekOf(o.today().AddDays(7))
	o.write(o.camila, o.file, monday.AddDays(1), "", "llamar")
	o.write(o.camila, "", monday.AddDays(1), "9:30", "reunión")
	o.write(o.camila, "", monday, "12:00", "lunes")
	o.write(o.camila, "", monday.AddDays(9), "", "después")
	late := o.write(o.camila, "", o.today(), "", "hoy")
	o.write(o.luis, "", monday, "", "de luis")
	o.clock.Advance(8 * 24 * time.Hour)
	w := o.week(o.camila, Want{Day: monday})
	if got := texts(w.Entries); got != "lunes · reunión · llamar" {
		t.Errorf("the week is %s", got)
	}
	if got := texts(w.Late); got != "hoy" {
		t.Errorf("late is %s", got)
	}
	if e := w.Entries[2]; e.File.ID != o.file || e.File.RUN.IsZero() {
		t.Errorf("the person is %+v", e.File)
	}
	for range 2 {
		if f, err := o.service.End(background, o.camila, late.ID, Done); err != nil || f.Version != 2 {
			t.Fatalf("done: %v, version %d", err, f.Version)
		}
	}
	o.replaced = []string{"luis"}
	if w = o.week(o.camila, Want{Day: monday}); len(w.Late) != 0 || !strings.Contains(texts(w.Entries), "de luis") {
		t.Errorf("with whom one replaces: %s; late %s", texts(w.Entries), texts(w.Late))
	}
}

func TestTheUnitIsTheHeads(t *testing.T) {
	o := newOffice(t)
	o.write(o.camila, "", o.today(), "", "de camila")
	mine := o.write(o.luis, o.file, o.today(), "", "de luis")
	day := Want{Day: o.today(), Unit: true}
	if got := texts(o.week(o.head, day).Entries); !strings.Contains(got, "de camila") || !strings.Contains(got, "de luis") {
		t.Errorf("the unit's week is %s", got)
	}
	if got := texts(o.week(o.head, Want{Day: o.today(), Worker: "luis"}).Entries); got != "de luis" {
		t.Errorf("one worker's week is %s", got)
	}
	for _, want := range []Want{day, {Day: o.today(), Worker: "luis"}} {
		if _, err := o.service.Week(background, o.camila, want); !fault.Is(err, fault.Forbidden) {
			t.Errorf("a case manager's look at others: %v", err)
		}
	}
	if _, err := o.service.Week(background, o.head, Want{Worker: "nobody"}); !fault.Is(err, fault.NotFound) {
		t.Errorf("a worker of nowhere: %v", err)
	}
	if _, err := o.service.End(background, o.camila, mine.ID, Done); !fault.Is(err, fault.NotFound) {
		t.Errorf("another's follow-up: %v", err)
	}
	if _, err := o.service.End(background, o.head, mine.ID, Done); err != nil {
		t.Errorf("the head: %v", err)
	}
	if p, err := o.service.OfFile(background, o.camila, o.file); err != nil || len(p.FollowUps) != 0 {
		t.Errorf("another's follow-ups of a file: %v, %d", err, len(p.FollowUps))
	}
}

func TestAFollowUpIsWrittenOnceAndChangedKnowingly(t *testing.T) {
	o := newOffice(t)
	first := o.write(o.camila, o.file, o.today(), "9:30", "llamar")
	if again := o.write(o.camila, o.file, o.today(), "9:30", "llamar"); again.ID != first.ID {
		t.Error("the same form made two follow-ups")
	}
	form := Form{Day: o.today().AddDays(1), Clock: "10.00", Text: "llamar"}
	if f, err := o.service.Change(background, o.camila, first.ID, form, 1); err != nil || f.Clock != "10:00" {
		t.Fatalf("changed: %v %+v", err, f)
	}
	form.Text = "escribir"
	if _, err := o.service.Change(background, o.camila, first.ID, form, 1); !fault.Is(err, fault.Conflict) {
		t.Errorf("an old form: %v", err)
	}
	for _, bad := range []Form{{}, {Day: o.today().AddDays(-1), Text: "x"}, {Day: o.today().AddDays(farthest + 1), Text: "x"}, {Day: o.today(), Text: strings.Repeat("ñ", 301)}, {Day: o.today(), Clock: "26:00", Text: "x"}} {
		if _, err := o.service.Write(background, o.camila, "", bad, "k"); !fault.Is(err, fault.Invalid) {
			t.Errorf("%+v: %v", bad, err)
		}
	}
	if _, err := o.service.Write(background, o.camila, "01ARZ3NDEKTSV4RRFFQ69G5FAV", form, "k"); !fault.Is(err, fault.NotFound) {
		t.Errorf("an unknown file: %v", err)
	}
}

// The calendar says when and what kind of thing: no name, no address, no words of
// the worker, whatever they are.
func TestTheCalendarNamesNobody(t *testing.T) {
	o := newOffice(t)
	secret := "Visitar a María González, Los Aromos 12; BEGIN:VEVENT\nSUMMARY:x"
	o.service.Sources = append(o.service.Sources, func(*tenants.Tx, actor.Actor, Ask) ([]Entry, error) {
		return []Entry{{Kind: VisitKind, ID: "v1", Day: o.today(), Clock: "10:30", FileID: o.file, Text: secret, Place: "Los Aromos 12"},
			{Kind: VisitKind, ID: "done", Day: o.today(), Done: true}, {Kind: VisitKind, ID: "undated"}, {Kind: ReportKind, ID: "r1", Day: o.today().AddDays(20), FileID: o.file, Text: secret}}, nil
	})
	c := webtest.New(t, o.camila, func(r *web.Router) { NewHandlers(o.service, o.clock.Now).Mount(r) })
	got := c.Get("/agenda.ics?day=" + o.today().Chilean())
	if got.Status != http.StatusOK || !strings.HasPrefix(got.Header.Get("Content-Type"), "text/calendar") {
		t.Fatalf("answered %d %s", got.Status, got.Header.Get("Content-Type"))
	}
	got.Contains(t, "SUMMARY:Visita domiciliaria 10:30\r\n", "SUMMARY:Informe social\r\n", "UID:visit-v1@05802.gsl", "END:VCALENDAR\r\n")
	got.Lacks(t, "María", "Aromos", "undated", "done@", o.file)
	if n := strings.Count(got.Body, "BEGIN:VEVENT"); n != 2 {
		t.Errorf("%d events, want 2", n)
	}
	for _, line := range strings.Split(strings.TrimSuffix(got.Body, "\r\n"), "\r\n") {
		if len(line) > 75 || strings.ContainsAny(line, "\r\n") {
			t.Errorf("a line of %d bytes: %q", len(line), line)
		}
	}
	at := instant(o.today(), "10:30")
	if !strings.Contains(got.Body, "DTSTART:"+at.Format("20060102T150405Z")) || calendar.On(at) != o.today() {
		t.Error("the hour is not that of Santiago in UTC")
	}
}

func TestLongLinesAreFolded(t *testing.T) {
	var b strings.Builder
	writeFolded(&b, "SUMMARY:"+strings.Repeat("ñ", 100))
	for i, line := range strings.Split(strings.TrimSuffix(b.String(), "\r\n"), "\r\n") {
		if len(line) > 75 || i > 0 && line[0] != ' ' {
			t.Errorf("line %d is %q", i, line)
		}
	}
	if got := strings.ReplaceAll(b.String(), "\r\n ", ""); got != "SUMMARY:"+strings.Repeat("ñ", 100)+"\r\n" {
		t.Error("unfolding gives something else")
	}
}

// The page works with real forms: what is wrong comes back as it was typed.
func TestThePageOfTheWeek(t *testing.T) {
	o := newOffice(t)
	c := webtest.New(t, o.camila, func(r *web.Router) {
		r.Object(web.Object{Param: "followup", See: access.Attend, Exists: o.service.Exists})
		NewHandlers(o.service, o.clock.Now).Mount(r)
	})
	c.Get("/agenda?day=nunca").Contains(t, "Agenda del")
	got := c.PostForm("/agenda/followups", url.Values{"key": {"k"}, "day": {"32-13-2026"}, "text": {"Llamar a la <b>escuela</b>"}})
	if got.Status != http.StatusUnprocessableEntity {
		t.Fatalf("answered %d", got.Status)
	}
	got.Contains(t, "32-13-2026", "Llamar a la &lt;b&gt;escuela&lt;/b&gt;", `href="#f-day"`)
	if got = c.PostForm("/files/"+o.file+"/followups", url.Values{"key": {"k"}, "day": {o.today().Chilean()}, "text": {"Llamar"}}); got.Status != http.StatusSeeOther {
		t.Fatalf("answered %d", got.Status)
	}
	c.Get("/files/"+o.file+"/followups").Contains(t, "Llamar", o.today().Chilean())
	c.Get("/agenda?day="+o.today().Chilean()).Contains(t, "Llamar", "/files/"+o.file)
	if got := c.Get("/agenda/followups/nothing"); got.Status != http.StatusNotFound {
		t.Errorf("an unknown follow-up answered %d", got.Status)
	}
}

func TestEveryKindHasItsWordAndIcon(t *testing.T) {
	for _, k := range Kinds {
		if kindKeys[k] == "" || kindIcons[k] == "" {
			t.Error(k)
		}
	}
	list := []Entry{{Kind: FollowUpKind, ID: "b"}, {Kind: VisitKind, ID: "a"}, {Kind: VisitKind, ID: "c", Clock: "08:00"}}
	sortEntries(list)
	ids := fmt.Sprint(list[0].ID, list[1].ID, list[2].ID)
	if ids != "cab" || !slices.Contains(Kinds, ReportKind) {
		t.Errorf("the order is %s", ids)
	}
}

// The workbench gets the day: what is late first, then by the hour, what has no
// day last; nothing of tomorrow, nothing done, nothing of others.
func TestTheDayOfAWorker(t *testing.T) {
	o := newOffice(t)
	o.write(o.camila, o.file, o.today(), "", "atrasado")
	o.clock.Advance(24 * time.Hour)
	o.write(o.camila, "", o.today(), "15:00", "tarde")
	o.write(o.camila, "", o.today(), "09:00", "mañana")
	o.write(o.camila, "", o.today().AddDays(1), "", "otro día")
	o.write(o.luis, "", o.today(), "", "de luis")
	over := o.write(o.camila, "", o.today(), "", "hecho")
	if _, err := o.service.End(background, o.camila, over.ID, Done); err != nil {
		t.Fatal(err)
	}
	undated := func(*tenants.Tx, actor.Actor, Ask) ([]Entry, error) {
		return []Entry{{Kind: VisitKind, Text: "sin fecha"}}, nil
	}
	for limit, want := range map[int]string{9: "atrasado · mañana · tarde · sin fecha", 2: "atrasado · mañana"} {
		err := o.limache.View(background, func(tx *tenants.Tx) error {
			list, count, err := o.service.Today(tx, o.camila, limit, undated)
			if got := texts(list); got != want || count != 4 {
				t.Errorf("the day is %s, of %d", got, count)
			}
			if err == nil && list[0].File.ID != o.file {
				t.Errorf("the person is %+v", list[0].File)
			}
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	}
}
