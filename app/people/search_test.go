package people_test

import (
	"bytes"
	"context"
	"log/slog"
	"net/http"
	"net/url"
	"strconv"
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

// town is a municipality with some people whom one may look for.
func town(t *testing.T) (*tenants.Municipality, *people.Service, *tenantstest.Clock) {
	t.Helper()
	files, clock := tenantstest.NewWithClock(t)
	m := tenantstest.Municipality(t, files, "05802")
	s := people.NewService(nil)
	for i, p := range []people.Registered{
		{GivenNames: "María José", Surnames: "Peña O'Higgins", BirthDate: date(1980, 2, 3), Phone: "+56981234567", CommuneCode: "05802", Address: "x"},
		{GivenNames: "Mariana", Surnames: "González Ñancupil", BirthDate: date(1991, 5, 6)},
		{GivenNames: "Juan Carlos", Surnames: "Gonzáles Pérez", BirthDate: date(1955, 7, 8)},
		{GivenNames: "Ana", Surnames: "Soto Mamani"},
		{GivenNames: "Anastasia", Surnames: "Soto Quispe"},
	} {
		f, err := s.Lookup(context.Background(), worker(m, access.CaseManager), people.RUNOf(uint32(10_000_001+i)))
		if err != nil {
			t.Fatal(err)
		}
		if err := m.Update(context.Background(), func(tx *tenants.Tx) error { return people.Fill(tx, f.ID, p) }); err != nil {
			t.Fatal(err)
		}
	}
	clock.Advance(time.Minute)
	return m, s, clock
}

func date(year, month, day int) calendar.Date {
	d, _ := calendar.NewDate(year, month, day)
	return d
}

func namesOf(r people.Results) string {
	list := make([]string, len(r.Found))
	for i, f := range r.Found {
		list[i] = f.File.GivenNames
		if f.By != people.ByName {
			list[i] += " (" + string(f.By) + ")"
		}
	}
	return strings.Join(list, ", ")
}

func TestPeopleAreFoundHoweverOneTypesThem(t *testing.T) {
	m, s, clock := town(t)
	for typed, want := range map[string]string{
		"maria jose":          "María José",
		"PEÑA maría":          "María José",
		"pena  jose":          "María José",
		"ohiggins":            "María José (like)",
		"o'higgins":           "María José",
		"O’Higgins María":     "María José",
		"ñancu":               "Mariana",
		"mari":                "Mariana, María José",
		"gonz":                "Juan Carlos, Mariana",
		"gonzalez":            "Mariana, Juan Carlos (like)",
		"Gonsalez Mariana":    "Mariana (like)",
		"mraiana":             "Mariana (like)",
		"soto ana":            "Ana, Anastasia",
		"maria 1980":          "María José",
		"maria 1981":          "",
		"peña":                "María José",
		"nadie de este mundo": "",
		"9 8123 4567":         "María José (phone)",
		"+56 9 8123 4567":     "María José (phone)",
		"81234567":            "María José (phone)",
		"10.000.003-" + people.RUNOf(10_000_003).String()[9:]: "Juan Carlos (number)",
		strings.Repeat("maria ", 16):                          "María José, Mariana",
		`"; DROP TABLE file; --`:                              "",
		`maria* OR "x" NEAR(`:                                 "",
		"👩‍🦰 maría 👍":                                         "María José, Mariana",
		"=HYPERLINK(maria)":                                   "",
		"María\u0301 Jose":                                    "María José",
		"ｍａｒｉａ":                                               "María José, Mariana",
	} {
		clock.Advance(time.Minute)
		got, err := s.Search(context.Background(), worker(m, access.FrontDesk), typed)
		if err != nil || namesOf(got) != want {
			t.Errorf("%q found %q, want %q (%v)", typed, namesOf(got), want, err)
		}
	}
	for _, typed := range []string{"", " ", "a", "1", "👍", "---", strings.Repeat("a", 300), "12"} {
		if _, err := s.Search(context.Background(), worker(m, access.FrontDesk), typed); !fault.Is(err, fault.Invalid) {
			t.Errorf("%q: %v", typed, err)
		}
	}
	if n := count(t, m, `SELECT count(*) FROM file`); n != 5 {
		t.Errorf("searching left %d files", n)
	}
}

func TestARUNWithoutFileIsOffered(t *testing.T) {
	m, s, _ := town(t)
	got, err := s.Search(context.Background(), worker(m, access.FrontDesk), "1-9")
	if err != nil || len(got.Found) != 0 || got.RUN.String() != "1-9" {
		t.Errorf("%+v %v", got, err)
	}
}

// A name that is written now is found and completed now.
func TestTheVocabularyIsNeverBehind(t *testing.T) {
	m, s, clock := town(t)
	who := worker(m, access.FrontDesk)
	if got, err := s.Search(context.Background(), who, "wladimiro"); err != nil || len(got.Found) != 0 {
		t.Fatalf("%v %v", namesOf(got), err)
	}
	f, err := s.Lookup(context.Background(), who, mustRUN(t, "1-9"))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := s.Identify(context.Background(), who, f.ID, people.Identity{GivenNames: "Wladimiro", Surnames: "Zzyzx Ibáñez"}, f.Version); err != nil {
		t.Fatal(err)
	}
	for _, typed := range []string{"wladimi", "wladimiro ibanez", "zzyzx", "wladmiro"} {
		clock.Advance(time.Minute)
		if got, err := s.Search(context.Background(), who, typed); err != nil || len(got.Found) != 1 {
			t.Errorf("%q found %q (%v)", typed, namesOf(got), err)
		}
	}
	f, _ = s.File(context.Background(), who, f.ID)
	if _, err := s.Identify(context.Background(), who, f.ID, people.Identity{GivenNames: "Vladimir", Surnames: "Ibáñez"}, f.Version); err != nil {
		t.Fatal(err)
	}
	if got, err := s.Search(context.Background(), who, "zzyzx"); err != nil || len(got.Found) != 0 {
		t.Errorf("the old name still finds %q (%v)", namesOf(got), err)
	}
}

func TestManyPeopleAreCutAndSaid(t *testing.T) {
	m, s, _ := town(t)
	err := m.Update(context.Background(), func(tx *tenants.Tx) error {
		for i := range 70 {
			if _, err := tx.Exec(`INSERT INTO file (id, run, given_names, surnames, created_at, created_by) VALUES (?,?,'Rosa',?,'2026-01-01T00:00:00Z','')`,
				tx.NewID(), 5_000_000+i, "Riquelme "+strconv.Itoa(i)); err != nil {
				return err
			}
		}
		_, err := tx.Exec(`INSERT INTO file (id, run, given_names, surnames, created_at, created_by) VALUES (?,?,'Rosa','Riq','2026-01-01T00:00:00Z','')`, tx.NewID(), 6_000_000)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	got, err := s.Search(context.Background(), worker(m, access.FrontDesk), "rosa riq")
	if err != nil || len(got.Found) != 20 || !got.More {
		t.Errorf("%d found, more %v (%v)", len(got.Found), got.More, err)
	}
	if got.Found[0].File.Surnames != "Riq" {
		t.Errorf("the very name does not come first: %q", got.Found[0].File.Surnames)
	}
}

// Who searched and whose names they saw is kept; what they typed is not.
func TestASearchIsInTheTrailAndCapped(t *testing.T) {
	m, s, _ := town(t)
	who := worker(m, access.FrontDesk)
	refused := 0
	for range 35 {
		_, err := s.Search(context.Background(), who, "mariana")
		switch {
		case fault.Is(err, fault.TooMany):
			refused++
		case err != nil:
			t.Fatal(err)
		}
	}
	if refused != 5 {
		t.Errorf("%d of 35 searches were refused, want 5", refused)
	}
	if _, err := s.Lookup(context.Background(), who, mustRUN(t, "1-9")); !fault.Is(err, fault.TooMany) {
		t.Errorf("searches and lookups are not counted together: %v", err)
	}
	if n := count(t, m, `SELECT count(*) FROM audit WHERE action = 'people.searched' AND user_id = ?
		AND json_extract(detail, '$.files') = (SELECT id FROM file WHERE given_names = 'Mariana')`, who.UserID); n != 30 {
		t.Errorf("%d searches in the trail", n)
	}
	if n := count(t, m, `SELECT count(*) FROM audit WHERE detail LIKE '%ariana%'`); n != 0 {
		t.Errorf("what was typed stands in %d entries", n)
	}
}

// To open somebody who was found is a lookup: counted, with its attention, in the trail.
func TestToOpenSomebodyFoundIsALookup(t *testing.T) {
	m, s, _ := town(t)
	attended := 0
	s.OnLookup = append(s.OnLookup, func(*tenants.Tx, actor.Actor, people.File) error { attended++; return nil })
	s.AfterLookup = append(s.AfterLookup, func(context.Context, actor.Actor, people.File) { attended += 10 })
	c := webtest.New(t, worker(m, access.FrontDesk), people.NewHandlers(s).Mount)
	got := c.PostForm("/search", url.Values{"q": {"mariana"}})
	if got.Status != http.StatusOK {
		t.Fatalf("got %d:\n%s", got.Status, got.Body)
	}
	got.Contains(t, "1 persona encontrada", "Mariana González Ñancupil", "35 años")
	got.Lacks(t, "10.000.002", "10000002")
	id := between(got.Body, `action="/files/`, `/lookup"`)
	opened := c.PostForm("/files/"+id+"/lookup", url.Values{})
	if opened.Status != http.StatusSeeOther || opened.Header.Get("Location") != "/files/"+id+"/screening" || attended != 11 {
		t.Errorf("got %d to %q, hooks %d", opened.Status, opened.Header.Get("Location"), attended)
	}
	views := 0
	err := m.Access().View(context.Background(), func(tx *tenants.Tx) error {
		return tx.QueryRow(`SELECT count(*) FROM access_view WHERE what = 'lookup' AND file_id = ?`, id).Scan(&views)
	})
	if err != nil || views != 2 { // of the setting up, and this one
		t.Errorf("%d views (%v)", views, err)
	}
}

func between(text, before, after string) string {
	_, text, _ = strings.Cut(text, before)
	text, _, _ = strings.Cut(text, after)
	return text
}

// What is typed into the RUN box and is none: still a 422, with who was found.
func TestTheRUNBoxTakesNamesToo(t *testing.T) {
	m, s, _ := town(t)
	c := webtest.New(t, worker(m, access.FrontDesk), people.NewHandlers(s).Mount)
	got := lookup(c, "mariana gonzalez")
	if got.Status != http.StatusUnprocessableEntity {
		t.Errorf("got %d", got.Status)
	}
	got.Contains(t, "Mariana González Ñancupil", `value="mariana gonzalez"`)
	got = lookup(c, "Nadie de Aquí")
	got.Contains(t, "solo lleva números", `href="/search"`)
	got = c.PostForm("/search", url.Values{"q": {"Nadie de Aquí"}})
	got.Contains(t, "Nadie coincide", `href="/people/new"`)
	if got := c.PostForm("/search", url.Values{"q": {"x"}}); got.Status != http.StatusUnprocessableEntity {
		t.Errorf("too short: %d", got.Status)
	}
	director := webtest.New(t, worker(m, access.Director), people.NewHandlers(s).Mount)
	director.PostForm("/search", url.Values{"q": {"Nadie de Aquí"}}).Lacks(t, `href="/people/new"`)
}

func TestNoNameInAddressesOrLogs(t *testing.T) {
	m, s, _ := town(t)
	var log bytes.Buffer
	logger := slog.New(slog.NewTextHandler(&log, &slog.HandlerOptions{Level: slog.LevelDebug}))
	gate := &webtest.Gate{}
	c := webtest.WithConfig(t, web.Config{Log: logger, Gate: gate}, gate, people.NewHandlers(s).Mount)
	gate.In = &web.Session{Actor: worker(m, access.FrontDesk), TokenKey: []byte("0123456789abcdef"), Language: "es-CL"}
	c.Gate = gate
	for _, typed := range []string{"mariana", "Mariana Gonsalez", strings.Repeat("Mariana", 40), "Mariana\x00"} {
		got := c.PostForm("/search", url.Values{"q": {typed}})
		if strings.Contains(got.Header.Get("Location"), "ariana") {
			t.Error("a name in an address")
		}
		lookup(c, typed)
	}
	if log.Len() == 0 || strings.Contains(strings.ToLower(log.String()), "ariana") {
		t.Errorf("a name in the log, or nothing at all:\n%s", log.String())
	}
}
