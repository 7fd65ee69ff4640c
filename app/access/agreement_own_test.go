package access_test

import (
	"context"
	"net/http"
	"net/url"
	"testing"

	"gsl/app/access"
	"gsl/app/kit/fault"
)

const promise = "No sacaré fotografías en el mesón.\n\nTampoco de la pantalla."

// What a municipality adds is accepted by everybody there before going on, and
// which text each person accepted is kept.
func TestAMunicipalityAddsToTheAgreement(t *testing.T) {
	r := staffed(t, published)
	ctx, counterpart := context.Background(), r.as("olga")
	c, p := r.open().signIn(camila), r.open().signIn(irma)
	c.wantIn("before anything was added")
	if err := r.service.PublishAgreement(ctx, counterpart, promise, 0); err != nil {
		t.Fatal(err)
	}
	if got := c.Get("/").Header.Get("Location"); got != "/agreement" {
		t.Errorf("after the publication / leads to %q", got)
	}
	p.wantIn("somebody of another municipality")
	page := c.Get("/agreement")
	page.Contains(t, "No sacaré fotografías en el mesón.", "Tampoco de la pantalla.", `name="own" value="1"`, "Leí y acepto")
	if got := c.PostForm("/agreement", url.Values{"accept": {"1"}, "own": {"1"}}); got.Header.Get("Location") != "/" {
		t.Errorf("acceptance: %d", got.Status)
	}
	c.wantIn("after the acceptance")
	own, err := r.service.OwnAgreement(ctx, counterpart)
	if err != nil || own.Number != 1 || own.Accepted != 1 || own.People != 4 { // Camila, Pedro, Hugo, Olga
		t.Errorf("own text: %+v, %v", own, err)
	}
	want := counterpart.Municipality.ID + "/1"
	if got := r.texts(`SELECT version FROM agreement WHERE user_id = ? ORDER BY version = ?`, r.userID(camila), want); len(got) != 2 || got[0] != access.AgreementVersion || got[1] != want {
		t.Errorf("kept: %q", got)
	}
}

// A text that changed while somebody read it is not the one they accept.
func TestATextThatChangedIsNotAccepted(t *testing.T) {
	r := staffed(t, published)
	ctx, counterpart := context.Background(), r.as("olga")
	c := r.open().signIn(camila)
	publish := func(body string, number int) {
		t.Helper()
		if err := r.service.PublishAgreement(ctx, counterpart, body, number); err != nil {
			t.Fatal(err)
		}
	}
	publish(promise, 0)
	publish("Otro texto.", 1)
	late := c.PostForm("/agreement", url.Values{"accept": {"1"}, "own": {"1"}})
	if late.Status != http.StatusUnprocessableEntity {
		t.Errorf("the former text: %d", late.Status)
	}
	late.Contains(t, "cambió mientras lo leía", "Otro texto.", `name="own" value="2"`)
	if got := c.PostForm("/agreement", url.Values{"accept": {"1"}}); got.Status != http.StatusSeeOther || c.Get("/").Status == http.StatusOK {
		t.Error("without the number of the text somebody got in")
	}
	publish("Otro texto.", 1) // sent twice: nobody is asked again
	if err := r.service.PublishAgreement(ctx, counterpart, "Un tercero", 1); !fault.Is(err, fault.Conflict) {
		t.Errorf("over somebody else's text: %v", err)
	}
	publish("", 2)
	c.wantIn("when nothing is added any more")
	if err := r.service.PublishAgreement(ctx, r.as("hugo"), promise, 3); !fault.Is(err, fault.Forbidden) {
		t.Errorf("a head: %v", err)
	}
}
