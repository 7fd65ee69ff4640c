package trail_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"gsl/app/access"
	"gsl/app/kit/actor"
	"gsl/app/kit/fault"
	"gsl/app/trail"
	"gsl/tenants"
)

// Views that follow each other are one look, with each page once.
func TestViewsThatFollowEachOtherAreOneLook(t *testing.T) {
	o := newOffice(t)
	o.reasons = []trail.Reason{{ID: "att-1", Text: "Atención A-2026-00001", Href: "/attentions/att-1"}}
	o.look(o.camila, "2026-11-18 09:14", "lookup", "att-1")
	o.look(o.camila, "2026-11-18 09:15", "screening", "att-1")
	o.look(o.camila, "2026-11-18 09:32", "screening", "att-1")
	o.look(o.luis, "2026-11-18 10:00", "plan", "")
	o.look(o.camila, "2026-11-19 09:00", "plan", "att-1")
	got := o.looks(trail.Asked{})
	if len(got) != 3 {
		t.Fatalf("%d looks: %+v", len(got), got)
	}
	first := got[2]
	if first.Times != 3 || first.Name != "Camila Rojas" || first.Unit != "Asistencia Social" || first.Reason.Href != "/attentions/att-1" ||
		fmt.Sprint(first.Pages) != "[{lookup 1} {screening 2}]" || !first.From.Equal(at("2026-11-18 09:14")) || !first.To.Equal(at("2026-11-18 09:32")) {
		t.Errorf("%+v", first)
	}
}

// Each mark, and what explains a look so that it has none.
func TestWhatIsMarkedAndWhatExplains(t *testing.T) {
	const usual = "2026-11-18 10:00"
	mine := trail.Task{UserID: "camila", Unit: access.SocialUnit, From: at("2026-11-10 09:00"), Reason: trail.Reason{Text: "Caso"}}
	over := mine
	over.To = at("2026-11-15 09:00")
	inbox := trail.Task{Unit: access.SocialUnit, From: at("2026-11-10 09:00"), Reason: trail.Reason{Text: "Derivación"}}
	for _, c := range []struct {
		name    string
		who     string
		when    string
		page    string
		why     string
		reasons []trail.Reason
		tasks   []trail.Task
		with    func(*office)
		odd     string
		reason  string
	}{
		{name: "an attention", who: "luis", when: usual, why: "a", reasons: []trail.Reason{{ID: "a", Text: "Atención"}}, odd: "[]", reason: "Atención"},
		{name: "nothing", who: "luis", when: usual, odd: "[no-task]"},
		{name: "an attention of nobody", who: "luis", when: usual, why: "gone", odd: "[no-task]"},
		{name: "an attention in which nothing was recorded", who: "luis", when: usual, why: "a", reasons: []trail.Reason{{ID: "a", Text: "Atención", Nothing: true}}, odd: "[nothing-recorded]", reason: "Atención"},
		{name: "such an attention of the case's worker", who: "camila", when: usual, why: "a", reasons: []trail.Reason{{ID: "a", Text: "Atención", Nothing: true}}, tasks: []trail.Task{mine}, odd: "[]", reason: "Caso"},
		{name: "the own case", who: "camila", when: usual, tasks: []trail.Task{mine}, odd: "[]", reason: "Caso"},
		{name: "the day on which it began", who: "camila", when: "2026-11-10 08:30", tasks: []trail.Task{mine}, odd: "[]", reason: "Caso"},
		{name: "before it began", who: "camila", when: "2026-11-09 10:00", tasks: []trail.Task{mine}, odd: "[no-task]"},
		{name: "after it ended", who: "camila", when: usual, tasks: []trail.Task{over}, odd: "[no-task]"},
		{name: "a colleague's case", who: "luis", when: usual, tasks: []trail.Task{mine}, odd: "[no-task]"},
		{name: "the case of whom one replaces", who: "luis", when: usual, tasks: []trail.Task{mine}, with: func(o *office) { o.replaced["luis"] = []string{"camila"} }, odd: "[]", reason: "Caso"},
		{name: "the head's oversight", who: "head", when: usual, tasks: []trail.Task{mine}, odd: "[]", reason: "Caso"},
		{name: "what the unit was asked", who: "luis", when: usual, tasks: []trail.Task{inbox}, odd: "[]", reason: "Derivación"},
		{name: "what another unit was asked", who: "desk", when: usual, tasks: []trail.Task{inbox}, odd: "[no-task]"},
		{name: "a list of what waits", who: "head", when: usual, page: "approvals", odd: "[]", reason: "Aprobación de ayudas"},
		{name: "early", who: "camila", when: "2026-11-18 07:59", tasks: []trail.Task{mine}, odd: "[outside-hours]", reason: "Caso"},
		{name: "late", who: "camila", when: "2026-11-18 19:00", tasks: []trail.Task{mine}, odd: "[outside-hours]", reason: "Caso"},
		{name: "on a Sunday", who: "camila", when: "2026-11-15 11:00", tasks: []trail.Task{mine}, odd: "[outside-hours]", reason: "Caso"},
		{name: "on a holiday", who: "camila", when: "2026-12-08 11:00", tasks: []trail.Task{mine}, odd: "[outside-hours]", reason: "Caso"},
		{name: "the own file", who: "camila", when: usual, tasks: []trail.Task{mine}, with: func(o *office) { o.insiders["camila"] = access.Insider{Name: "M", RUN: mariaRUN} }, odd: "[own-file]", reason: "Caso"},
		{name: "the own household", who: "camila", when: usual, tasks: []trail.Task{mine}, with: func(o *office) { o.household = runs(mariaRUN, 13100213) }, odd: "[same-household]", reason: "Caso"},
		{name: "surname and address", who: "camila", when: usual, tasks: []trail.Task{mine}, with: func(o *office) { o.open(13100213, "Camila", "Rojas GONZALEZ", "AV PALMIRA 210") }, odd: "[same-home]", reason: "Caso"},
		{name: "the surname alone", who: "camila", when: usual, tasks: []trail.Task{mine}, with: func(o *office) { o.open(13100213, "Camila", "González", "Otra calle 1") }, odd: "[]", reason: "Caso"},
		{name: "the address alone", who: "camila", when: usual, tasks: []trail.Task{mine}, with: func(o *office) { o.open(13100213, "Camila", "Rojas", "Av. Palmira 210") }, odd: "[]", reason: "Caso"},
	} {
		t.Run(c.name, func(t *testing.T) {
			o := newOffice(t)
			o.reasons, o.tasks = c.reasons, c.tasks
			if c.with != nil {
				c.with(o)
			}
			page := c.page
			if page == "" {
				page = "screening"
			}
			who := map[string]actor.Actor{"camila": o.camila, "luis": o.luis, "head": o.head, "desk": o.desk}[c.who]
			o.look(who, c.when, page, c.why)
			got := o.looks(trail.Asked{})
			if len(got) != 1 || fmt.Sprint(got[0].Odd) != c.odd || got[0].Reason.Text != c.reason {
				t.Errorf("%+v", got)
			}
		})
	}
}

// The list is read page by page, without gaps or repeats, whatever is asked for.
func TestLooksArePagedWithoutGapsOrRepeats(t *testing.T) {
	o := newOffice(t)
	for i := range 1000 {
		who := []actor.Actor{o.camila, o.luis, o.desk}[i/3%3]
		o.look(who, fmt.Sprintf("2026-%02d-%02d %02d:%02d", 1+i/100, 1+i%25, 9+i%8, i%60), "screening", "")
	}
	total, oldest := 0, int64(0)
	ask := trail.Asked{UserID: "luis"}
	for {
		v, err := o.service.Looked(background, o.head, o.file.ID, ask)
		if err != nil {
			t.Fatal(err)
		}
		for _, l := range v.Looks {
			if l.UserID != "luis" || oldest != 0 && l.Oldest >= oldest {
				t.Fatalf("%+v after %d", l, oldest)
			}
			oldest = l.Oldest
			total += l.Times
		}
		if ask.Before = v.Next; v.Next == 0 {
			break
		}
	}
	if total != 333 {
		t.Errorf("%d views of Luis", total)
	}
	day1 := trail.Asked{From: day("2026-03-02"), To: day("2026-03-02")}
	for _, l := range o.looks(day1) {
		if l.From.Before(at("2026-03-02 00:00")) || !l.To.Before(at("2026-03-03 00:00")) {
			t.Errorf("%+v", l)
		}
	}
	if len(o.looks(day1)) == 0 {
		t.Error("nothing on that day")
	}
	marked := o.looks(trail.Asked{Odd: true})
	if len(marked) == 0 || slices.ContainsFunc(marked, func(l trail.Look) bool { return len(l.Odd) == 0 }) {
		t.Errorf("%+v", marked)
	}
}

// A file that was merged brings who looked at it along.
func TestLooksAtAMergedFileAreThePersons(t *testing.T) {
	o := newOffice(t)
	old := o.open(9876543, "", "", "")
	o.lookAt(old.ID, o.luis, "2026-11-18 10:00", "person", "")
	o.update(func(tx *tenants.Tx) error {
		_, err := tx.Exec(`UPDATE file SET merged_into = ? WHERE id = ?`, o.file.ID, old.ID)
		return err
	})
	if got := o.looks(trail.Asked{}); len(got) != 1 || got[0].UserID != "luis" {
		t.Errorf("%+v", got)
	}
}

func TestWhoReadsWhoLooked(t *testing.T) {
	o := newOffice(t)
	for who, allowed := range map[*actor.Actor]bool{&o.camila: true, &o.head: true, &o.desk: false, &o.counterpart: false} {
		_, err := o.service.Looked(background, *who, o.file.ID, trail.Asked{})
		if allowed != (err == nil) || !allowed && !fault.Is(err, fault.Forbidden) {
			t.Errorf("%s: %v", who.Role, err)
		}
	}
	stranger := o.head
	stranger.Municipality = lolol(o)
	if _, err := o.service.Looked(background, stranger, o.file.ID, trail.Asked{}); !fault.Is(err, fault.NotFound) {
		t.Errorf("another municipality's file: %v", err)
	}
}

// The page and the paper: the paper has neither marks nor what is compared.
func TestThePageAndThePaperOfLooks(t *testing.T) {
	o := newOffice(t)
	o.insiders["luis"] = access.Insider{Name: "Luis Moraga", RUN: mariaRUN}
	o.look(o.luis, "2026-11-18 22:10", "screening", "")
	c := o.as(o.head)
	page := c.Get("/files/" + o.file.ID + "/trail?proof=1")
	page.Contains(t, "Luis Moraga", "22:10", "Su propia ficha", "Fuera del horario habitual", "Sin atención ni trabajo", "El registro está íntegro")
	c.Get("/files/"+o.file.ID+"/trail?from=31-02-2026").Contains(t, "error-summary", `value="31-02-2026"`)
	c.Get("/files/"+o.file.ID+"/trail?only=odd&by=luis").Contains(t, "Ver todo", "22:10")
	paper := c.Get("/files/" + o.file.ID + "/trail.pdf")
	text := pdfText(t, paper.Body)
	for _, want := range []string{"Consultas a la ficha", "Luis Moraga", "22:10", "Gestor/a de casos", "María Eugenia González Pérez", "El registro está íntegro"} {
		if !strings.Contains(text, want) {
			t.Errorf("the paper lacks %q:\n%s", want, text)
		}
	}
	for _, never := range []string{"propia ficha", "horario habitual", "que la explique"} {
		if strings.Contains(text, never) {
			t.Errorf("the paper says %q", never)
		}
	}
}

// A row that was changed is named, by the page as by gsl verify.
func TestABrokenChainIsNamed(t *testing.T) {
	o := newOffice(t)
	o.look(o.luis, "2026-11-18 10:10", "screening", "")
	err := o.limache.Access().Update(background, func(tx *tenants.Tx) error {
		if _, err := tx.Exec(`DROP TRIGGER access_view_no_update`); err != nil {
			return err
		}
		_, err := tx.Exec(`UPDATE access_view SET user_id = 'camila' WHERE seq = 1`)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	got := o.as(o.head).Get("/files/" + o.file.ID + "/trail?proof=1")
	got.Contains(t, "El registro fue alterado", "la fila 1 no está como fue escrita")
	got.Lacks(t, "El registro está íntegro")
}
