package report_test

import (
	"testing"

	"gsl/app/kit/fault"
	"gsl/app/report"
	"gsl/tenants"
)

func TestDraftOnceForAForm(t *testing.T) {
	d := newDesk(t)
	file := d.file(1)
	first := d.draft(file, report.New{Key: "form", Code: "C001", Purpose: "Ayuda social municipal", Addressee: "DIDECO"})
	if again := d.draft(file, report.New{Key: "form", Code: "C001"}); again.ID != first.ID {
		t.Error("the same form began two reports")
	}
	shown := d.load(first.ID)
	if shown.Report.State != report.Draft || shown.Report.Folio() != "" || shown.Content.Purpose.Addressee != "DIDECO" || shown.Content.Person.Number == "" {
		t.Errorf("the draft is %+v with %+v", shown.Report, shown.Content)
	}
	if n := d.count(`SELECT count(*) FROM report_part WHERE report_id = ?`, first.ID); n != len(report.Parts()) {
		t.Errorf("%d parts", n)
	}
	if len(shown.History) != 1 || shown.History[0].Became != report.Draft {
		t.Errorf("history %+v", shown.History)
	}
}

func TestOnlyCaseworkWrites(t *testing.T) {
	d := newDesk(t)
	file := d.file(1)
	if _, err := d.service.Draft(background, d.ro, file, report.New{}); !fault.Is(err, fault.Forbidden) {
		t.Errorf("a desk began a report: %v", err)
	}
	r := d.draft(file, report.New{Purpose: "Salud"})
	if _, err := d.service.Load(background, d.ro, r.ID, "report"); !fault.Is(err, fault.Forbidden) {
		t.Errorf("a desk read a report: %v", err)
	}
	if _, err := d.service.Draft(background, d.camila, "01ARZ3NDEKTSV4RRFFQ69G5FAV", report.New{}); !fault.Is(err, fault.NotFound) {
		t.Errorf("a report of nobody: %v", err)
	}
}

func TestWithdrawnItemEndsItsDraft(t *testing.T) {
	d := newDesk(t)
	r := d.draft(d.file(1), report.New{PlanID: "p", ItemID: "i", Purpose: "Salud"})
	if err := d.limache.Update(background, func(tx *tenants.Tx) error { return d.service.DropItem(tx, d.camila, "i", "ya no lo necesita") }); err != nil {
		t.Fatal(err)
	}
	shown := d.load(r.ID)
	if shown.Report.State != report.Annulled || shown.Report.Annulment.Reason != "ya no lo necesita" || len(shown.History) != 2 {
		t.Errorf("the draft is %+v", shown.Report)
	}
}
