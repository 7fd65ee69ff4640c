package report_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"gsl/app/kit/actor"
	"gsl/app/kit/fault"
	"gsl/app/report"
)

// opinion is a save of the opinion from a page.
func opinion(text string, page report.Page) report.Sent {
	return report.Sent{Part: report.OpinionPart, Edit: func(c *report.Content) { c.Opinion.Text = text }, Page: page}
}

func (d *desk) save(who actor.Actor, id string, sent ...report.Sent) report.Saved {
	d.t.Helper()
	saved, err := d.service.Save(background, who, id, sent)
	if err != nil {
		d.t.Fatal(err)
	}
	return saved
}

func TestWhatIsTypedIsKeptAsItIsTyped(t *testing.T) {
	d := newDesk(t)
	r := d.draft(d.file(1), report.New{Purpose: "Salud", Code: "C006"})
	text := ""
	for turn := range int64(5) {
		text += fmt.Sprintf("Frase %d. ", turn)
		d.save(d.camila, r.ID, opinion(text, report.Page{Name: "p", Seen: 1, Turn: turn + 1}))
	}
	shown := d.load(r.ID)
	if got := shown.Content.Opinion.Text; got != strings.TrimSpace(text) {
		t.Errorf("kept %q", got)
	}
	// One line of the trail for the sitting, not one for each save.
	if n := d.count(`SELECT count(*) FROM audit WHERE action = 'report.write' AND object = ?`, r.ID); n != 1 {
		t.Errorf("%d lines in the trail", n)
	}
	d.clock.Advance(31 * time.Minute)
	d.save(d.camila, r.ID, opinion("más tarde", report.Page{Name: "p", Seen: 1, Turn: 9}))
	if n := d.count(`SELECT count(*) FROM audit WHERE action = 'report.write' AND object = ?`, r.ID); n != 2 {
		t.Errorf("%d lines in the trail after another sitting", n)
	}
}

// A save that the network kept back, or sent twice, undoes nothing.
func TestALateSaveChangesNothing(t *testing.T) {
	d := newDesk(t)
	r := d.draft(d.file(1), report.New{Purpose: "Salud"})
	d.save(d.camila, r.ID, opinion("una frase entera", report.Page{Name: "p", Seen: 1, Turn: 2}))
	d.save(d.camila, r.ID, opinion("una fra", report.Page{Name: "p", Seen: 1, Turn: 1}))
	d.save(d.camila, r.ID, opinion("una frase entera", report.Page{Name: "p", Seen: 1, Turn: 2}))
	shown := d.load(r.ID)
	if shown.Content.Opinion.Text != "una frase entera" || shown.Written[report.OpinionPart].Version != 2 {
		t.Errorf("kept %q as version %d", shown.Content.Opinion.Text, shown.Written[report.OpinionPart].Version)
	}
}

func TestTwoWhoWriteTheSamePart(t *testing.T) {
	for _, c := range []struct {
		choice report.Choice
		want   string
	}{{report.Mine, "lo de Luis"}, {report.Theirs, "lo de Camila"}, {report.Both, "lo de Camila\n\nlo de Luis"}} {
		t.Run(string(c.choice), func(t *testing.T) {
			d := newDesk(t)
			r := d.draft(d.file(1), report.New{Purpose: "Salud"})
			d.save(d.camila, r.ID, opinion("lo de Camila", report.Page{Name: "camila", Seen: 1, Turn: 1}))
			saved, err := d.service.Save(background, d.luis, r.ID, []report.Sent{opinion("lo de Luis", report.Page{Name: "luis", Seen: 1, Turn: 1})})
			if !fault.Is(err, fault.Conflict) || len(saved.Clashes) != 1 {
				t.Fatalf("%+v, %v", saved, err)
			}
			if got := d.load(r.ID); got.Content.Opinion.Text != "lo de Camila" {
				t.Fatalf("overwritten: %q", got.Content.Opinion.Text)
			}
			mine, err := d.service.Load(background, d.luis, r.ID, "report")
			if err != nil || len(mine.Asides) != 1 {
				t.Fatalf("nothing is kept aside: %+v, %v", mine.Asides, err)
			}
			// Whoever chooses without having seen what is there now, chooses again.
			if _, err := d.service.Settle(background, d.luis, r.ID, report.Mine, opinion("lo de Luis", report.Page{Name: "luis", Seen: 1})); !fault.Is(err, fault.Conflict) {
				t.Errorf("chosen without seeing: %v", err)
			}
			if _, err := d.service.Settle(background, d.luis, r.ID, c.choice, opinion("lo de Luis", report.Page{Name: "luis", Seen: 2})); err != nil {
				t.Fatal(err)
			}
			if got := d.load(r.ID).Content.Opinion.Text; got != c.want {
				t.Errorf("%q, want %q", got, c.want)
			}
			if n := d.count(`SELECT count(*) FROM report_aside`); n != 0 {
				t.Errorf("%d still aside", n)
			}
		})
	}
}

// What a page sends as it was shown, says nothing against what another wrote.
func TestAnUntouchedPartIsNoClash(t *testing.T) {
	d := newDesk(t)
	r := d.draft(d.file(1), report.New{Purpose: "Salud"})
	c := d.client(d.luis)
	page := see(t, c.Get("/reports/"+r.ID+"/edit"), 200)
	d.save(d.camila, r.ID, opinion("lo de Camila", report.Page{Name: "camila", Seen: 1, Turn: 1}))
	form := fields(page.Body)
	form.Set("housing", "1")
	form.Set("housing_text", "Casa de dos piezas.")
	see(t, c.PostForm("/reports/"+r.ID+"/edit", form), 303)
	shown := d.load(r.ID)
	if shown.Content.Opinion.Text != "lo de Camila" || shown.Content.Housing.Text != "Casa de dos piezas." || !shown.Content.Housing.Chosen {
		t.Errorf("kept %+v", shown.Content)
	}
}

func TestOnlyADraftIsWritten(t *testing.T) {
	d := newDesk(t)
	r := d.draft(d.file(1), report.New{Purpose: "Salud"})
	if _, err := d.service.Discard(background, d.camila, r.ID, ""); !fault.Is(err, fault.Invalid) {
		t.Errorf("discarded without a reason: %v", err)
	}
	for range 2 { // pressed twice
		if _, err := d.service.Discard(background, d.camila, r.ID, "se repite"); err != nil {
			t.Fatal(err)
		}
	}
	if n := d.count(`SELECT count(*) FROM report_history WHERE report_id = ?`, r.ID); n != 2 {
		t.Errorf("%d lines of history", n)
	}
	if _, err := d.service.Save(background, d.camila, r.ID, []report.Sent{opinion("x", report.Page{Name: "p", Seen: 1})}); !fault.Is(err, fault.Conflict) {
		t.Errorf("written after it ended: %v", err)
	}
}

func TestWhatIsTooLongIsNotCut(t *testing.T) {
	d := newDesk(t)
	r := d.draft(d.file(1), report.New{Purpose: "Salud"})
	long := strings.Repeat("á", 40_000)
	d.save(d.camila, r.ID, opinion(long, report.Page{Name: "p", Seen: 1, Turn: 1}))
	if got := d.load(r.ID).Content.Opinion.Text; got != long {
		t.Errorf("%d bytes kept", len(got))
	}
	if _, err := d.service.Save(background, d.camila, r.ID, []report.Sent{opinion(long+"x", report.Page{Name: "p", Seen: 1, Turn: 2})}); !fault.Is(err, fault.Invalid) {
		t.Errorf("too long: %v", err)
	}
}
