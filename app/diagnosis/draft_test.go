package diagnosis

import (
	"sync"
	"testing"
	"time"

	"gsl/app/kit/fault"
	"gsl/tenants"
)

func TestADraftBeginsWithWhatIsKnown(t *testing.T) {
	u := newUnit(t)
	d := u.start()
	if d.Part(Housing).Situation != known(u.known)[Housing] || d.Part(Housing).Level != Unassessed || len(d.Parts) != 8 {
		t.Errorf("%+v", d.Parts)
	}
	again := u.start()
	if again.ID != d.ID || u.actions() != "people.file_opened diagnosis.start" {
		t.Errorf("begun twice there are two drafts: %s, %s (%s)", d.ID, again.ID, u.actions())
	}
	if u.known.Household.Rooms = 3; u.section(u.camila).Known[Housing] == d.Part(Housing).Known {
		t.Error("the page does not say that the registry says something else today")
	}
}

// Begun by fifty at once there is one draft.
func TestADraftIsBegunOnceAtOnce(t *testing.T) {
	u := newUnit(t)
	var all sync.WaitGroup
	for range 20 {
		all.Go(func() {
			if err := u.service.Start(t.Context(), u.camila, u.file); err != nil {
				t.Error(err)
			}
		})
	}
	all.Wait()
	if n := u.text(`SELECT count(*) FROM diagnosis`); n != "1" {
		t.Errorf("%s drafts", n)
	}
}

// What is typed is kept, one row at a time, and no decision: the trail is silent.
func TestWhatIsTypedIsKept(t *testing.T) {
	u := newUnit(t)
	d := u.start()
	before := u.actions()
	page := shown(&d, "p1")
	u.clock.Advance(time.Minute)
	k, err := u.service.Keep(t.Context(), u.camila, u.file, typed(&d, page, map[Dimension]Text{Health: {AtRisk, "Diabetes", "sin control"}}))
	if err != nil || len(k.Changed) != 1 || k.Changed[0] != Health {
		t.Fatalf("%v (%v)", k.Changed, err)
	}
	if n := u.text(`SELECT count(*) FROM diagnosis_part WHERE changed_at > (SELECT started_at FROM diagnosis)`); n != "1" {
		t.Errorf("%s rows were written", n)
	}
	// The same page goes on typing, and takes it back: it is its own.
	for _, text := range []Text{{Critical, "Diabetes", "sin insulina"}, d.Part(Health).Text} {
		if _, err := u.service.Keep(t.Context(), u.camila, u.file, typed(&d, page, map[Dimension]Text{Health: text})); err != nil {
			t.Fatal(err)
		}
		if got := u.section(u.luis).Draft.Part(Health).Text; got != text {
			t.Errorf("%+v is kept, want %+v", got, text)
		}
	}
	if u.actions() != before {
		t.Errorf("typing is in the trail: %s", u.actions())
	}
}

// Two people type in one draft: each keeps what the other did not touch, and
// where both wrote, nothing is overwritten and both texts are there.
func TestTwoPeopleOnOneDraft(t *testing.T) {
	u := newUnit(t)
	d := u.start()
	camila, luis := shown(&d, "camila"), shown(&d, "luis")
	if _, err := u.service.Keep(t.Context(), u.camila, u.file, typed(&d, camila, map[Dimension]Text{Family: {AtRisk, "a", "de Camila"}})); err != nil {
		t.Fatal(err)
	}
	if _, err := u.service.Keep(t.Context(), u.luis, u.file, typed(&d, luis, map[Dimension]Text{Housing: {Critical, "b", "de Luis"}})); err != nil {
		t.Fatal(err)
	}
	k, err := u.service.Keep(t.Context(), u.luis, u.file, typed(&d, luis, map[Dimension]Text{Housing: {Critical, "b", "de Luis"}, Family: {Adequate, "c", "también de Luis"}, Care: {AtRisk, "d", ""}}))
	if !fault.Is(err, fault.Conflict) || len(k.Clashes) != 1 || k.Clashes[0].Part.Note != "de Camila" || k.Clashes[0].Part.ChangedBy != "Camila Rojas" || k.Clashes[0].Mine.Note != "también de Luis" {
		t.Fatalf("%+v (%v)", k.Clashes, err)
	}
	now := u.section(u.camila).Draft
	if now.Part(Family).Note != "de Camila" || now.Part(Housing).Note != "de Luis" || now.Part(Care).Situation != "d" {
		t.Errorf("%+v", now.Parts)
	}
	// Shown both, Luis's counts.
	if _, err := u.service.Keep(t.Context(), u.luis, u.file, typed(now, shown(now, "luis-2"), map[Dimension]Text{Family: {Adequate, "c", "de los dos"}})); err != nil {
		t.Fatal(err)
	}
	if got := u.section(u.camila).Draft.Part(Family).Note; got != "de los dos" {
		t.Errorf("%q", got)
	}
}

func TestAFinishedDiagnosisStays(t *testing.T) {
	u := newUnit(t)
	d := u.start()
	page := shown(&d, "p")
	last := typed(&d, page, map[Dimension]Text{Family: {Critical, "gritos", "hay niños"}, Whole: {"", "Familia en crisis", ""}})
	k, err := u.service.Complete(t.Context(), u.camila, u.file, last)
	if err != nil || k.Draft.Risk != CriticalRisk {
		t.Fatalf("%+v (%v)", k.Draft, err)
	}
	if k, err = u.service.Complete(t.Context(), u.camila, u.file, last); err != nil || !k.Finished {
		t.Errorf("pressed twice: %v", err)
	}
	if _, err := u.service.Keep(t.Context(), u.luis, u.file, typed(&d, shown(&d, "luis"), map[Dimension]Text{Family: {Adequate, "x", "y"}})); !fault.Is(err, fault.Conflict) {
		t.Errorf("typed into what is finished: %v", err)
	}
	done, ok, err := latest(u)
	if err != nil || !ok || done.Verdict.Rule == nil || done.Verdict.Rule.Position != 10 || done.Summary() != "Familia en crisis" || done.DoneBy != "Camila Rojas" || len(done.Marks) != 4 {
		t.Errorf("%+v (%v)", done, err)
	}
	if u.actions() != "people.file_opened diagnosis.start case.open diagnosis.complete" {
		t.Errorf("the trail says %s", u.actions())
	}
	for _, statement := range []string{`UPDATE diagnosis SET risk = 'low'`, `UPDATE diagnosis_part SET note = ''`, `DELETE FROM diagnosis_part`, `DELETE FROM diagnosis`} {
		if err := u.limache.Update(t.Context(), func(tx *tenants.Tx) error { _, err := tx.Exec(statement); return err }); err == nil {
			t.Errorf("%s went through", statement)
		}
	}
}

func latest(u *unit) (d Diagnosis, ok bool, err error) {
	err = u.limache.View(u.t.Context(), func(tx *tenants.Tx) (err error) { d, ok, err = Latest(tx, u.file); return err })
	return d, ok, err
}

// What is missing is named, and what was typed is kept all the same.
func TestWhatIsMissingIsNamed(t *testing.T) {
	u := newUnit(t)
	d := u.start()
	k, err := u.service.Complete(t.Context(), u.camila, u.file, typed(&d, shown(&d, "p"), map[Dimension]Text{Income: {Critical, "sin trabajo", ""}}))
	if !fault.Is(err, fault.Invalid) {
		t.Fatalf("%+v (%v)", k, err)
	}
	if got := u.section(u.camila).Draft; got == nil || got.Part(Income).Situation != "sin trabajo" {
		t.Errorf("%+v", got)
	}
}

func TestTheOneBeforeIsTakenOver(t *testing.T) {
	u := newUnit(t)
	first := u.finish(map[Dimension]Text{Housing: {Critical, "una pieza", "se llueve entera"}, Income: {AtRisk, "x", ""}})
	u.clock.Advance(24 * time.Hour)
	d := u.start()
	if d.ID == first.ID || d.Part(Housing).Level != Unassessed {
		t.Fatalf("%+v", d.Part(Housing))
	}
	k, err := u.service.Carry(t.Context(), u.camila, u.file, typed(&d, shown(&d, "p"), map[Dimension]Text{Care: {AtRisk, "typed", "too"}}), Housing)
	if err != nil {
		t.Fatal(err)
	}
	if p := k.Draft.Part(Housing); p.Level != Critical || p.Note != "se llueve entera" || p.Situation != known(u.known)[Housing] {
		t.Errorf("%+v", p)
	}
	if got := u.section(u.camila).Draft; got.Part(Care).Note != "too" || got.Part(Housing).Level != Critical {
		t.Errorf("%+v", got.Parts)
	}
}

func TestADraftIsThrownAway(t *testing.T) {
	u := newUnit(t)
	d := u.start()
	for range 2 {
		if err := u.service.Discard(t.Context(), u.camila, u.file, d.ID); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := u.service.Keep(t.Context(), u.luis, u.file, typed(&d, shown(&d, "luis"), map[Dimension]Text{Family: {AtRisk, "a", "b"}})); !fault.Is(err, fault.Conflict) {
		t.Errorf("typed into what was thrown away: %v", err)
	}
	other := u.start()
	if other.ID == d.ID {
		t.Error("the draft that was thrown away is back")
	}
	if err := u.service.Discard(t.Context(), u.camila, u.file, d.ID); err != nil || u.section(u.camila).Draft == nil {
		t.Errorf("the button of an old page threw the new draft away: %v", err)
	}
}

func TestDesksHaveNoDiagnosis(t *testing.T) {
	u := newUnit(t)
	d := u.start()
	ctx := t.Context()
	_, section := u.service.Section(ctx, u.desk, u.file)
	_, one := u.service.One(ctx, u.desk, d.ID)
	_, keep := u.service.Keep(ctx, u.desk, u.file, typed(&d, shown(&d, "p"), nil))
	_, complete := u.service.Complete(ctx, u.desk, u.file, typed(&d, shown(&d, "p"), nil))
	for what, err := range map[string]error{"section": section, "one": one, "keep": keep, "complete": complete, "start": u.service.Start(ctx, u.desk, u.file),
		"discard": u.service.Discard(ctx, u.desk, u.file, d.ID), "tie": u.service.AddTie(ctx, u.desk, u.file, "k", Tie{Kind: KinKind, Name: "a", Strength: Weak}),
		"goal": u.service.AddGoal(ctx, u.desk, u.file, "k", Goal{Aim: Aim{Text: "a"}})} {
		if !fault.Is(err, fault.Forbidden) {
			t.Errorf("%s: %v", what, err)
		}
	}
}
