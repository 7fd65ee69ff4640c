package report_test

import (
	"errors"
	"regexp"
	"slices"
	"sync"
	"testing"

	"gsl/app/access"
	"gsl/app/kit/actor"
	"gsl/app/kit/fault"
	"gsl/app/report"
	"gsl/tenants"
)

// office is a desk that also signs.
type office struct {
	*desk
	signing *report.Signing
	issued  []string // reports of which the hook heard
}

func newOffice(t *testing.T) *office {
	t.Helper()
	o := &office{desk: newDesk(t)}
	o.signing = report.NewSigning(o.service, report.SimpleSignature{})
	o.signing.Issued = append(o.signing.Issued, func(_ *tenants.Tx, _ actor.Actor, r *report.Report) error {
		o.issued = append(o.issued, r.ID)
		return nil
	})
	return o
}

// write changes a part of a draft.
func (o *office) write(id string, p report.Part, edit func(c *report.Content)) {
	o.t.Helper()
	seen := o.load(id).Written[p].Version
	if _, err := o.service.Save(background, o.camila, id, []report.Sent{{Part: p, Edit: edit, Page: report.Page{Name: "test", Seen: seen}}}); err != nil {
		o.t.Fatal(err)
	}
}

// complete is a draft that lacks nothing.
func (o *office) complete(n int) report.Report {
	o.t.Helper()
	r := o.draft(o.file(n), report.New{Code: "C001", Purpose: "Ayuda social municipal", Addressee: "DIDECO"})
	o.fill(r.ID)
	return r
}

func (o *office) fill(id string) {
	o.t.Helper()
	o.write(id, report.HouseholdPart, func(c *report.Content) {
		c.Household.Members = []report.Member{{ID: "1", Name: "María González", RUN: "12.345.678-5", Relationship: "Jefa de hogar"}}
	})
	o.write(id, report.OpinionPart, func(c *report.Content) { c.Opinion.Text = "La familia requiere apoyo." })
	o.write(id, report.RequestsPart, func(c *report.Content) {
		c.Requests.List = []report.Request{{ID: "1", Text: "Canasta familiar de alimentos."}}
	})
}

var form = report.SignForm{Profession: "Trabajadora social", Registration: "12.345"}

func (o *office) sign(id string, f report.SignForm) report.Report {
	o.t.Helper()
	r, err := o.signing.Sign(background, o.camila, id, f)
	if err != nil {
		o.t.Fatal(err, fieldsOf(err))
	}
	return r
}

// asksApproval makes the municipality want the head's approval.
func (o *office) asksApproval() {
	o.t.Helper()
	err := o.limache.Update(background, func(tx *tenants.Tx) error {
		_, err := tx.Exec(`INSERT INTO setting (key, value) VALUES ('report_approval', 'on'), ('report_head_name', 'Patricia Fuentes'), ('report_head_position', 'Directora de Desarrollo Comunitario')`)
		return err
	})
	if err != nil {
		o.t.Fatal(err)
	}
}

func fieldsOf(err error) (names []string) {
	var e *fault.Error
	if errors.As(err, &e) {
		for _, f := range e.Fields {
			names = append(names, f.Name)
		}
	}
	return names
}

func wants(t *testing.T, what string, err error, kind fault.Kind, key string) {
	t.Helper()
	var e *fault.Error
	if !errors.As(err, &e) || e.Kind != kind || key != "" && e.Key != key {
		t.Errorf("%s: %v", what, err)
	}
}

func TestSignWithoutOpinionOrRequestNamesThem(t *testing.T) {
	o := newOffice(t)
	r := o.draft(o.file(1), report.New{})
	_, err := o.signing.Sign(background, o.camila, r.ID, report.SignForm{})
	if !fault.Is(err, fault.Invalid) {
		t.Fatal(err)
	}
	for _, want := range []string{"purpose", "addressee", "opinion_text", "request", "profession"} {
		if !slices.Contains(fieldsOf(err), want) {
			t.Errorf("%s is not named among %v", want, fieldsOf(err))
		}
	}
	if now := o.load(r.ID).Report; now.State != report.Draft || now.Number != 0 {
		t.Errorf("it became %+v", now)
	}
}

func TestSigningFreezesNumbersAndIsDoneOnce(t *testing.T) {
	o := newOffice(t)
	r := o.complete(1)
	signed := o.sign(r.ID, form)
	if signed.State != report.Signed || signed.Folio() != "2026-0001" || signed.Author.Name != "Camila Rojas" || len(signed.Signature.Digest) != 64 {
		t.Errorf("%+v", signed)
	}
	if !regexp.MustCompile(`^05802-[0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]{4}$`).MatchString(signed.Signature.Code) {
		t.Errorf("code %q", signed.Signature.Code)
	}
	again := o.sign(r.ID, form)
	if again.Signature != signed.Signature || again.Number != signed.Number || o.count(`SELECT count(*) FROM report_text`) != 1 {
		t.Error("signed twice, it was signed twice")
	}
	if _, err := o.signing.Sign(background, o.luis, r.ID, form); !fault.Is(err, fault.Conflict) {
		t.Errorf("another signs what is signed: %v", err)
	}
	if _, err := o.service.Save(background, o.camila, r.ID, []report.Sent{{Part: report.OpinionPart, Edit: func(c *report.Content) { c.Opinion.Text = "otra" }}}); !fault.Is(err, fault.Conflict) {
		t.Errorf("a signed report was edited: %v", err)
	}
	if second := o.sign(o.complete(2).ID, form); second.Folio() != "2026-0002" {
		t.Errorf("the next is %s", second.Folio())
	}
}

// What is signed stays as it was, whatever becomes of the person's data.
func TestWhatWasSignedStays(t *testing.T) {
	o := newOffice(t)
	r := o.sign(o.complete(1).ID, form)
	before, err := o.signing.Sheet(background, o.camila, r.ID, "report")
	if err != nil {
		t.Fatal(err)
	}
	for _, statement := range []string{`UPDATE report_text SET text = '{}'`, `DELETE FROM report_text`, `UPDATE report SET number = 9`, `UPDATE report_part SET body = '{}'`} {
		if err := o.limache.Update(background, func(tx *tenants.Tx) error { _, err := tx.Exec(statement); return err }); err == nil {
			t.Errorf("%s was done", statement)
		}
	}
	if err := o.limache.Update(background, func(tx *tenants.Tx) error {
		_, err := tx.Exec(`UPDATE file SET address = 'otra casa'`)
		return err
	}); err != nil {
		t.Fatal(err)
	}
	after, err := o.signing.Sheet(background, o.camila, r.ID, "report")
	if err != nil || after.Frozen.Content.Person != before.Frozen.Content.Person || after.Frozen.Content.Opinion.Text == "" {
		t.Errorf("%+v, %v", after.Frozen.Content.Person, err)
	}
}

// Nobody signs what they have not read.
func TestWhatChangedWhileItWasReadIsNotSigned(t *testing.T) {
	o := newOffice(t)
	r := o.complete(1)
	d, err := o.signing.Desk(background, o.camila, r.ID)
	if err != nil || len(d.Missing) != 0 {
		t.Fatal(d.Missing, err)
	}
	o.write(r.ID, report.OpinionPart, func(c *report.Content) { c.Opinion.Text = "Otra opinión." })
	stale := form
	stale.Mark = d.Form.Mark
	_, err = o.signing.Sign(background, o.camila, r.ID, stale)
	wants(t, "the text changed", err, fault.Conflict, "signature.error.changed")
	o.sign(r.ID, form)
	if d, err = o.signing.Desk(background, o.camila, o.complete(2).ID); err != nil || d.Form.Profession != form.Profession || d.Form.Registration != form.Registration {
		t.Errorf("the next time nothing is suggested: %+v, %v", d.Form, err)
	}
}

// Numbers are given one after the other, however many sign at once and whatever
// fails between them.
func TestFoliosHaveNoGaps(t *testing.T) {
	o := newOffice(t)
	const reports = 24
	var ids []string
	for i := range reports {
		ids = append(ids, o.complete(i+1).ID)
	}
	broken := errors.New("broken")
	failing := report.NewSigning(o.service, report.SimpleSignature{})
	failing.Issued = append(failing.Issued, func(*tenants.Tx, actor.Actor, *report.Report) error { return broken })
	var wait sync.WaitGroup
	for i, id := range ids {
		wait.Go(func() {
			f := form
			f.Issue = true
			if i%3 == 0 { // the first try ends after the number was given
				if _, err := failing.Sign(background, o.camila, id, f); !errors.Is(err, broken) {
					t.Error("it did not fail:", err)
				}
			}
			var both sync.WaitGroup
			for range 2 { // pressed twice
				both.Go(func() {
					if _, err := o.signing.Sign(background, o.camila, id, form); err != nil {
						t.Error(err)
					}
				})
			}
			both.Wait()
		})
	}
	wait.Wait()
	if n := o.count(`SELECT count(DISTINCT number) FROM report WHERE year = 2026 AND number BETWEEN 1 AND ?`, reports); n != reports {
		t.Errorf("%d numbers of 1 to %d", n, reports)
	}
	if n := o.count(`SELECT count(*) FROM report_text`); n != reports {
		t.Errorf("%d texts were signed", n)
	}
}

func TestApprovalIsTheHeadsOfTheUnit(t *testing.T) {
	o := newOffice(t)
	o.asksApproval()
	r := o.complete(1)
	_, err := o.signing.Sign(background, o.camila, r.ID, report.SignForm{Profession: "Trabajadora social"})
	if got := fieldsOf(err); !slices.Equal(got, []string{"head_name", "head_position"}) {
		t.Errorf("without a head: %v, %v", got, err)
	}
	f := form
	f.HeadName, f.HeadPosition, f.Issue = "Patricia Fuentes", "Directora", true
	if signed := o.sign(r.ID, f); signed.State != report.Signed || !signed.Approval.Needed || len(o.issued) != 0 {
		t.Fatalf("%+v", signed)
	}
	_, err = o.signing.Issue(background, o.camila, r.ID)
	wants(t, "issued before it was approved", err, fault.Conflict, "signature.error.not_approved")
	other := o.worker("other", "Otra Jefa", access.UnitHead)
	other.UnitID, other.Permissions = access.FamiliesUnit, access.PermissionsOf(access.UnitHead, access.FamiliesUnit)
	for _, who := range []actor.Actor{o.camila, o.luis, o.ro, other} {
		_, err := o.signing.Approve(background, who, r.ID, report.Decision{})
		wants(t, who.Name+" approves", err, fault.Forbidden, "")
		_, err = o.signing.Return(background, who, r.ID, report.Decision{Comment: "x"})
		wants(t, who.Name+" returns", err, fault.Forbidden, "")
	}
	if list, _, err := o.signing.Waiting(background, o.head, 10); err != nil || len(list) != 1 || list[0].Report.ID != r.ID {
		t.Errorf("waiting: %v, %v", list, err)
	}
	if list, _, err := o.signing.Waiting(background, other, 10); err != nil || len(list) != 0 {
		t.Errorf("waiting for another unit's head: %v, %v", list, err)
	}
	for range 2 {
		approved, err := o.signing.Approve(background, o.head, r.ID, report.Decision{Comment: "Conforme", Issue: true})
		if err != nil || approved.State != report.Issued || approved.Approval.Name != "Hernán Salinas" || approved.Approval.HeadName != "Patricia Fuentes" {
			t.Fatal(approved, err)
		}
	}
	if len(o.issued) != 1 {
		t.Errorf("issued %d times", len(o.issued))
	}
}

func TestTheHeadsOwnReportNeedsNoOther(t *testing.T) {
	o := newOffice(t)
	o.asksApproval()
	r := o.complete(1)
	f := form
	f.Issue = true
	signed, err := o.signing.Sign(background, o.head, r.ID, f)
	if err != nil || signed.State != report.Issued || signed.Approval.Needed {
		t.Errorf("%+v, %v", signed, err)
	}
}

func TestReturnedForCorrectionKeepsItsFolio(t *testing.T) {
	o := newOffice(t)
	o.asksApproval()
	r := o.complete(1)
	f := form
	f.HeadName, f.HeadPosition = "Patricia Fuentes", "Directora"
	first := o.sign(r.ID, f)
	_, err := o.signing.Return(background, o.head, r.ID, report.Decision{Comment: "  "})
	if got := fieldsOf(err); !slices.Equal(got, []string{"comment"}) {
		t.Errorf("returned without a word: %v", err)
	}
	for range 2 {
		back, err := o.signing.Return(background, o.head, r.ID, report.Decision{Comment: "Falta la salud.", Code: first.Signature.Code})
		if err != nil || back.State != report.Draft || back.Folio() != first.Folio() || back.Signature.Code != "" || back.Approval.Comment != "Falta la salud." {
			t.Fatal(back, err)
		}
	}
	o.write(r.ID, report.OpinionPart, func(c *report.Content) { c.Opinion.Text = "Con la salud." })
	second := o.sign(r.ID, f)
	if second.Folio() != first.Folio() || second.Signature.Code == first.Signature.Code {
		t.Errorf("%s %s after %s %s", second.Folio(), second.Signature.Code, first.Folio(), first.Signature.Code)
	}
	_, err = o.signing.Approve(background, o.head, r.ID, report.Decision{Code: first.Signature.Code})
	wants(t, "approved by the form of the first signature", err, fault.Conflict, "signature.error.changed")
	_, err = o.signing.Withdraw(background, o.luis, r.ID, "x")
	wants(t, "another withdraws", err, fault.Forbidden, "")
	if back, err := o.signing.Withdraw(background, o.camila, r.ID, "Un error"); err != nil || back.State != report.Draft {
		t.Error(back.State, err)
	}
}

func TestAnnulAndNewVersion(t *testing.T) {
	o := newOffice(t)
	f := form
	f.Issue = true
	old := o.sign(o.complete(1).ID, f)
	_, err := o.signing.Annul(background, o.luis, old.ID, "x")
	wants(t, "another annuls", err, fault.Forbidden, "")
	_, err = o.signing.NewVersion(background, o.camila, old.ID, "")
	if got := fieldsOf(err); !slices.Equal(got, []string{"reason"}) {
		t.Errorf("without a reason: %v", err)
	}
	next, err := o.signing.NewVersion(background, o.camila, old.ID, "El ingreso estaba mal")
	if err != nil || next.PreviousID != old.ID || next.State != report.Draft {
		t.Fatal(next, err)
	}
	if again, err := o.signing.NewVersion(background, o.luis, old.ID, "otra vez"); err != nil || again.ID != next.ID {
		t.Errorf("begun twice: %v, %v", again.ID, err)
	}
	shown := o.load(next.ID)
	if c := shown.Content; c.Opinion.Text != "La familia requiere apoyo." || len(c.Asked()) != 1 {
		t.Errorf("the version says %+v", c)
	}
	if shown.Previous == nil || shown.Previous.ID != old.ID || shown.Instead.Reason != "El ingreso estaba mal" {
		t.Errorf("it takes the place of %+v, for %+v", shown.Previous, shown.Instead)
	}
	if now := o.load(old.ID).Report; now.State != report.Issued {
		t.Errorf("the old one is %s while the new one is written", now.State)
	}
	if made := o.sign(next.ID, f); made.State != report.Issued || made.Folio() != "2026-0002" {
		t.Errorf("%+v", made)
	}
	if now := o.load(old.ID).Report; now.State != report.Annulled || now.Annulment.Reason != "El ingreso estaba mal" {
		t.Errorf("the old one is %+v", now)
	}
	for range 2 {
		if gone, err := o.signing.Annul(background, o.head, next.ID, "Se duplicó"); err != nil || gone.State != report.Annulled || gone.Annulment.Reason != "Se duplicó" {
			t.Error(gone.State, err)
		}
	}
	_, err = o.signing.Issue(background, o.camila, next.ID)
	wants(t, "an annulled one is issued", err, fault.Conflict, "signature.error.annulled")
}

// A signer that fails signs nothing.
func TestASignerThatFailsLeavesTheDraft(t *testing.T) {
	o := newOffice(t)
	r := o.complete(1)
	_, err := report.NewSigning(o.service, report.BrokenSigner{}).Sign(background, o.camila, r.ID, form)
	wants(t, "a broken signer", err, fault.Unavailable, "signature.error.signer")
	if now := o.load(r.ID).Report; now.State != report.Draft || now.Number != 0 {
		t.Errorf("it became %+v", now)
	}
}
