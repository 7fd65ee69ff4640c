package national

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"gsl/app/kit/fault"
	"gsl/app/kit/i18n"
	"gsl/app/kit/sheet"
	"gsl/tenants"
)

func table(text string) *sheet.File {
	return sheet.NewFile("municipalidades.csv", strings.NewReader(text), int64(len(text)))
}

const mixed = "Comuna;Modelo;Módulos;Catálogo;RUN;Nombres;Apellidos;Región\n" +
	"5802;1;familias, cuidados;modelo;12.345.678-5;Marta;Soto;V\n" + // as Excel leaves the code
	"Lolol;2;;nacional;;;;\n" +
	"Narnia;1;;;;;;\n" +
	"13201;3;;;;;;\n" +
	"05802;1;;;;;;\n" +
	"12201;1;piscinas;;;;;\n" +
	"06101;1;;;12.345.678-9;Ana;Soto;\n" +
	"13101;;;;;;;\n"

func (r *rig) check(text string) Batch {
	r.t.Helper()
	b, err := r.Check(background, r.rosa, table(text))
	if err != nil {
		r.t.Fatal(err)
	}
	return b
}

func (r *rig) batch(id string) (Batch, []Line) {
	r.t.Helper()
	b, lines, err := r.Batch(background, r.rosa, id, mostLines)
	if err != nil {
		r.t.Fatal(err)
	}
	return b, lines
}

// A table is read, and each row told by number, column and reason; nothing is made.
func TestCheckSaysWhatIsWrong(t *testing.T) {
	r := newRig(t)
	r.provision("13101")
	b, lines := r.batch(r.check(mixed).ID)
	if b.State != BatchChecked || b.Ignored != "Región" || fmt.Sprint(b.Counts) != "map[bad:5 there:1 waiting:2]" {
		t.Errorf("batch %+v", b)
	}
	ctx := i18n.With(background, i18n.Spanish)
	var told []string
	for _, line := range lines {
		for _, p := range line.Problems {
			told = append(told, fmt.Sprintf("%d %s %q %s", p.Line, p.Column, p.Value, p.Key))
			if p.Sentence(ctx) == "" || strings.Contains(p.Sentence(ctx), "national.") {
				t.Errorf("no words for %s", p.Key)
			}
		}
	}
	want := []string{`4 Comuna "Narnia" national.batch.place`, `5 Modelo "3" `, `6 Comuna "05802" national.batch.twice`,
		`7 Módulos "piscinas" national.batch.module`, `8 RUN "12.345.678-9" access.field.run`}
	for i := range want {
		if i >= len(told) || !strings.HasPrefix(told[i], want[i]) {
			t.Errorf("told %q, want %q", told, want)
			break
		}
	}
	if got := r.texts(`SELECT code FROM provision`); fmt.Sprint(got) != "[13101]" {
		t.Errorf("made %v", got)
	}
	for name, text := range map[string]string{"no column": "Nombre;Región\nLimache;V\n", "empty": "comuna\n"} {
		if _, err := r.Check(background, r.rosa, table(text)); !fault.Is(err, fault.Invalid) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// Killed after any line and started again it makes the rest, each once; links are
// handed out once.
func TestBatchSurvivesARestart(t *testing.T) {
	r := newRig(t)
	b := r.check(mixed)
	if err := r.Start(background, r.rosa, b.ID, ""); err != nil {
		t.Fatal(err)
	}
	killed := errors.New("killed")
	for range 2 {
		r.crash = func(step string) error {
			if step == "line made" {
				return killed
			}
			return nil
		}
		if err := r.RunBatches(background); !errors.Is(err, killed) {
			t.Fatalf("not killed: %v", err)
		}
		r.reopen()
	}
	ctx, stop := context.WithCancel(background)
	stop()
	r.Resume(background)
	_ = r.RunBatches(ctx) // told to stop: nothing happens
	if err := r.RunBatches(background); err != nil {
		t.Fatal(err)
	}
	after, lines := r.batch(b.ID)
	if after.State != BatchDone || fmt.Sprint(after.Counts) != "map[bad:5 done:3]" {
		t.Errorf("batch %+v", after)
	}
	for _, line := range lines {
		if line.State == LineDone && line.ID == "" {
			t.Errorf("line %+v", line)
		}
	}
	if got := r.texts(`SELECT code FROM municipality WHERE status = 'active' ORDER BY code`); fmt.Sprint(got) != "[05802 06304 13101]" {
		t.Errorf("municipalities %v", got)
	}
	_, _, links, err := r.Links(background, r.rosa, b.ID, "")
	if err != nil || len(links) != 1 || !strings.Contains(links[2], "/invite/") {
		t.Errorf("links %v %v", links, err)
	}
	if _, _, _, err := r.Links(background, r.rosa, b.ID, ""); !fault.Is(err, fault.Conflict) {
		t.Errorf("links a second time: %v", err)
	}
	if got := r.texts(`SELECT DISTINCT counterpart FROM provision_line UNION SELECT counterpart FROM provision`); strings.Join(got, "") != "" {
		t.Errorf("who was invited is still kept: %q", got)
	}
}

// What fails is told, does not stop the others, and is tried again.
func TestBatchGoesOnAfterAFailure(t *testing.T) {
	r := newRig(t)
	b := r.check("comuna\n05802\n06304\n13201\n")
	made := 0
	r.files.CrashAt(func(step string) error {
		if step == "municipal renamed" {
			made++
		}
		if step == "municipal renamed" && made == 2 {
			return errors.New("no space")
		}
		return nil
	})
	run := func() string {
		t.Helper()
		if err := errors.Join(r.Start(background, r.rosa, b.ID, ""), r.RunBatches(background)); err != nil {
			t.Fatal(err)
		}
		after, _ := r.batch(b.ID)
		return after.State + fmt.Sprint(after.Counts)
	}
	if got := run(); got != "donemap[done:2 failed:1]" {
		t.Errorf("first: %s", got)
	}
	if got := run(); got != "donemap[done:3]" {
		t.Errorf("again: %s", got)
	}
}

func TestBatchStops(t *testing.T) {
	r := newRig(t)
	b := r.check("comuna\n05802\n06304\n")
	if err := r.Start(background, r.rosa, b.ID, ""); err != nil {
		t.Fatal(err)
	}
	r.crash = func(step string) error {
		if step == "line made" {
			return r.Stop(background, r.rosa, b.ID)
		}
		return nil
	}
	if err := r.RunBatches(background); err != nil {
		t.Fatal(err)
	}
	if after, _ := r.batch(b.ID); after.State != BatchStopped || after.Counts[LineDone] != 1 || after.Counts[LineWaiting] != 1 {
		t.Errorf("batch %+v", after)
	}
}

// Tables that nobody started are forgotten: they name people.
func TestUnusedTablesAreForgotten(t *testing.T) {
	r := newRig(t)
	b := r.check("comuna\n05802\n")
	r.clock.Advance(8 * 24 * time.Hour)
	r.check("comuna\n06304\n")
	if _, _, err := r.Batch(background, r.rosa, b.ID, 10); !fault.Is(err, fault.NotFound) {
		t.Errorf("still there: %v", err)
	}
}

// The whole country; how fast it is, make bench says.
func TestProvisionTheCountry(t *testing.T) {
	if testing.Short() {
		t.Skip("345 municipalities")
	}
	r := newRig(t)
	text := "comuna\n"
	for _, p := range Municipalities() {
		text += p.Code + "\n"
	}
	b := r.check(text)
	if err := errors.Join(r.Start(background, r.rosa, b.ID, ""), r.RunBatches(background)); err != nil {
		t.Fatal(err)
	}
	if after, _ := r.batch(b.ID); after.Counts[LineDone] != 345 {
		t.Errorf("%v", after.Counts)
	}
	var list []tenants.Identity
	list, err := r.files.Municipalities(background)
	if err != nil || len(list) != 345 {
		t.Errorf("%d %v", len(list), err)
	}
	if err := r.Refresh(background); err != nil {
		t.Fatal(err)
	}
	if page := r.list(Filter{}); len(page.Rows) != 345 || page.Next != "" || page.Counts.Look+page.Counts.Bad != 0 {
		t.Errorf("%d rows, %+v", len(page.Rows), page.Counts)
	}
}
