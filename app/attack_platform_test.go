package app

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"filippo.io/age"

	"gsl/app/access"
)

// The national administration chooses neither key nor phrase of a copy, by no form:
// it would read what the copy holds.
func TestNobodyElseChoosesWhoReadsACopy(t *testing.T) {
	h := newHouse(t)
	v, at := h.as(access.NationalAdmin, "05802"), "/admin/municipalities/"+h.municipality("05802").ID
	key, err := age.GenerateX25519Identity()
	if err != nil {
		t.Fatal(err)
	}
	phrase := "cuatro caballos cruzan el puente"
	page := v.get(at)
	if page.status != http.StatusOK || strings.Contains(page.body, `name="recipient"`) || strings.Contains(page.body, `name="passphrase"`) {
		t.Errorf("the page offers a choice: %d", page.status)
	}
	for _, form := range []url.Values{{}, {"how": {"key"}, "recipient": {key.Recipient().String()}}, {"recipient": {key.Recipient().String()}},
		{"how": {"passphrase"}, "passphrase": {phrase}, "repeat": {phrase}}} {
		if got := v.post(at+"/export", form); got.status != http.StatusUnprocessableEntity {
			t.Errorf("%v answered %d", form, got.status)
		}
	}
	counterpart := h.as(access.Counterpart, "05802")
	counterpart.get("/settings/key")
	if got := counterpart.post("/settings/key", url.Values{"recipient": {key.Recipient().String()}}); got.status != http.StatusSeeOther {
		t.Fatalf("the key of the municipality: %d", got.status)
	}
	if got := v.post(at+"/export", url.Values{}); got.status != http.StatusSeeOther {
		t.Errorf("with the municipality's key: %d\n%s", got.status, got.body)
	}
	h.app.National.Settle()
}
