package report_test

import (
	"encoding/json"
	"strings"
	"testing"

	"gsl/app/kit/fault"
	"gsl/app/report"
)

func TestCodesAreReadAsPeopleTypeThem(t *testing.T) {
	for typed, want := range map[string]string{
		"05802-7KQ4-M2XP-9T3D":   "05802-7KQ4-M2XP-9T3D",
		" 05802 7kq4 m2xp 9t3d ": "05802-7KQ4-M2XP-9T3D",
		"o58o27KQ4M2XP9T3D":      "05802-7KQ4-M2XP-9T3D",
		"05802-IKQ4-M2XP-LT3D":   "05802-1KQ4-M2XP-1T3D",
		"":                       "",
		"05802":                  "",
		"7KQ4-M2XP-9T3D":         "",
		"05802-7KQ4-M2XP-9T3U":   "", // U is no letter of ours
		"05802-7KQ4-M2XP-9T3Ñ":   "",
		"../../etc/passwd":       "",
		strings.Repeat("A", 500): "",
		"05802-7KQ4-M2XP-9T3D'; DROP TABLE report": "",
	} {
		_, code, ok := report.ParseCode(typed)
		if code != want || ok != (want != "") {
			t.Errorf("%q is read as %q, %v", typed, code, ok)
		}
	}
}

// A code tells what became of its paper, and nothing of a person.
func TestACodeSaysWhatBecameOfItsPaper(t *testing.T) {
	o := newOffice(t)
	verifier := report.NewVerifier(o.files, o.clock.Now)
	check := func(code string) report.Checked {
		t.Helper()
		c, err := verifier.Check(background, code)
		if err != nil {
			t.Fatal(err)
		}
		text, _ := json.Marshal(c)
		for _, secret := range []string{"González", "Camila", "12.345.678", "apoyo", "Canasta"} {
			if strings.Contains(string(text), secret) {
				t.Errorf("it says %q: %s", secret, text)
			}
		}
		return c
	}
	o.asksApproval()
	f := form
	f.HeadName, f.HeadPosition = "Patricia Fuentes", "Directora"
	r := o.complete(1)
	first := o.sign(r.ID, f)
	if c := check(first.Signature.Code); c.Standing != report.NotIssued || c.Folio != "2026-0001" || c.Digest != first.Signature.Digest || c.Municipality != "Limache" {
		t.Errorf("signed: %+v", c)
	}
	if _, err := o.signing.Return(background, o.head, r.ID, report.Decision{Comment: "Falta"}); err != nil {
		t.Fatal(err)
	}
	if c := check(first.Signature.Code); c.Standing != report.Withdrawn {
		t.Errorf("returned: %+v", c)
	}
	second := o.sign(r.ID, f)
	if _, err := o.signing.Approve(background, o.head, r.ID, report.Decision{Issue: true}); err != nil {
		t.Fatal(err)
	}
	if c := check(strings.ToLower(second.Signature.Code)); c.Standing != report.Valid || c.IssuedOn.IsZero() {
		t.Errorf("issued: %+v", c)
	}
	if c := check(first.Signature.Code); c.Standing != report.Withdrawn || !c.IssuedOn.IsZero() {
		t.Errorf("the first signature: %+v", c)
	}
	next, err := o.signing.NewVersion(background, o.camila, r.ID, "Mal calculado")
	if err != nil {
		t.Fatal(err)
	}
	third := o.sign(next.ID, f)
	if c := check(second.Signature.Code); c.Standing != report.Valid {
		t.Errorf("while the next is not issued: %+v", c)
	}
	if _, err := o.signing.Approve(background, o.head, next.ID, report.Decision{Issue: true}); err != nil {
		t.Fatal(err)
	}
	if c := check(second.Signature.Code); c.Standing != report.Superseded || c.Instead != "2026-0002" || c.EndedOn.IsZero() {
		t.Errorf("replaced: %+v", c)
	}
	if _, err := o.signing.Annul(background, o.camila, next.ID, "Se duplicó"); err != nil {
		t.Fatal(err)
	}
	if c := check(third.Signature.Code); c.Standing != report.Ended {
		t.Errorf("annulled: %+v", c)
	}
	for _, unknown := range []string{"05802-0000-0000-0000", "99999-7KQ4-M2XP-9T3D", "nada", "06304" + third.Signature.Code[5:]} {
		if _, err := verifier.Check(background, unknown); !fault.Is(err, fault.NotFound) {
			t.Errorf("%s: %v", unknown, err)
		}
	}
}
