package app

import (
	"bytes"
	"context"
	"log/slog"
	"net"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"testing"
	"time"

	"gsl/app/access"
	"gsl/app/document"
	"gsl/app/kit/actor"
	"gsl/app/kit/mail"
	"gsl/app/kit/mail/mailtest"
	"gsl/app/referral"
	"gsl/tenants"
)

// document gives the id of a paper of that referral, handed in when there is none.
func (h *house) document(code string) (id string) {
	h.t.Helper()
	m, ctx := h.municipality(code), context.Background()
	owner := document.Owner{Kind: referral.DocumentsOwner, ID: h.referral(code)}
	err := m.View(ctx, func(tx *tenants.Tx) error {
		list, err := document.Of(tx, owner)
		if len(list) > 0 {
			id = list[0].ID
		}
		return err
	})
	if err != nil {
		h.t.Fatal(err)
	}
	if id != "" {
		return id
	}
	paper := []byte("%PDF-1.7\nun certificado\n%%EOF\n")
	content, err := h.app.Document.Arrive(ctx, m, "certificado.pdf", bytes.NewReader(paper), int64(len(paper)))
	if err != nil {
		h.t.Fatal(err)
	}
	err = m.Update(ctx, func(tx *tenants.Tx) error {
		r, err := referral.ByID(tx, owner.ID)
		if err != nil {
			return err
		}
		d, err := h.app.Document.Attach(tx, actor.Actor{UserID: "u-front", Name: "Mesón", Municipality: m},
			document.New{Content: content, Owner: owner, FileID: r.FileID, Kind: document.Certificate, Name: "certificado.pdf"})
		id = d.ID
		return err
	})
	if err != nil {
		h.t.Fatal(err)
	}
	return id
}

// toInstitution makes a referral to an institution that has an address.
func (h *house) toInstitution(code string) (id string) {
	h.t.Helper()
	m := h.municipality(code)
	who := actor.Actor{UserID: "u-manager", Name: "Gestora", Role: access.CaseManager, UnitID: access.SocialUnit, UnitName: "Asistencia Social",
		Permissions: access.PermissionsOf(access.CaseManager, access.SocialUnit), Municipality: m}
	file := h.one(code, `SELECT file_id FROM plan WHERE status = 'open' ORDER BY id LIMIT 1`)
	err := m.Update(context.Background(), func(tx *tenants.Tx) error {
		if _, err := tx.Exec(`UPDATE unit SET email = 'contacto@serviu.example' WHERE code = 'serviu'`); err != nil {
			return err
		}
		r, err := h.app.Referral.Create(tx, who, referral.New{FileID: file, Key: "institution", Unit: "serviu",
			Asked: referral.Asked{Code: "D301", Name: "SERVIU", Category: "D", Provider: "SERVIU"}})
		id = r.ID
		return err
	})
	if err != nil {
		h.t.Fatal(err)
	}
	return id
}

// The program is killed between the commit of a link and its letter, by a mail
// server that never answers: the next start sends the letter, the one after none.
func TestALetterOutlivesAKill(t *testing.T) {
	h := newHouse(t)
	id := h.toInstitution("05802")
	if err := h.app.Close(); err != nil {
		t.Fatal(err)
	}
	silent, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = silent.Close() }()
	base, kill := program(t, h.config.Data, "GSL_SMTP_HOST=127.0.0.1", "GSL_SMTP_PORT="+strconv.Itoa(silent.Addr().(*net.TCPAddr).Port),
		"GSL_SMTP_FROM=Limache <derivaciones@limache.example>", "GSL_SMTP_TLS=none")
	h.url = base
	v := h.as(access.CaseManager, "05802")
	if got := v.post("/referrals/"+id+"/link", url.Values{"known": {""}}); got.status != http.StatusSeeOther {
		t.Fatalf("the link answered %d:\n%s", got.status, got.body)
	}
	kill()

	server := mailtest.New(t, false)
	config := h.config
	config.Mail = mail.Config{Host: server.Host, Port: server.Port, From: "Limache <derivaciones@limache.example>", TLS: mail.NoTLS}
	for start := range 2 {
		clock := func() time.Time { return time.Now().Add(time.Duration(start+1) * time.Hour) } // its wait is over
		a, err := Open(context.Background(), config, clock, slog.New(slog.NewJSONHandler(h.log, nil)))
		if err != nil {
			t.Fatal(err)
		}
		ctx, stop := context.WithCancel(context.Background())
		done := make(chan struct{})
		go func() { a.runCourier(ctx); close(done) }()
		h.app = a
		for deadline := time.Now().Add(20 * time.Second); h.one("05802", `SELECT count(*) FROM mail_outbox WHERE state = 'waiting'`) != "0"; {
			if time.Now().After(deadline) {
				t.Fatal("the letter never left")
			}
			time.Sleep(10 * time.Millisecond)
		}
		stop()
		<-done
		if err := a.Close(); err != nil {
			t.Fatal(err)
		}
		if n := len(server.Letters()); n != 1 {
			t.Fatalf("start %d: %d letters", start+1, n)
		}
	}
	if text := server.Letters()[0].Data; !strings.Contains(text, "answer/") {
		t.Errorf("the letter brings no link:\n%s", text)
	}
}

// An institution answers by link: no address, no line of the log and no letter
// says of whom; the answer is in the person's referrals.
func TestAnAnswerByLinkNamesNobody(t *testing.T) {
	h := newHouse(t)
	id := h.toInstitution("05802")
	name := h.one("05802", `SELECT f.surnames FROM file f JOIN referral r ON r.file_id = f.id WHERE r.id = '`+id+`'`)
	given := h.one("05802", `SELECT f.given_names || ' ' || f.surnames FROM file f JOIN referral r ON r.file_id = f.id WHERE r.id = '`+id+`'`)
	v := h.as(access.CaseManager, "05802")
	if got := v.post("/referrals/"+id+"/link", url.Values{"known": {""}}); got.status != http.StatusSeeOther {
		t.Fatalf("the link answered %d:\n%s", got.status, got.body)
	}
	page := v.get("/referrals/" + id)
	_, after, found := strings.Cut(page.body, "/answer/")
	if !found {
		t.Fatalf("the page shows no link:\n%s", page.body)
	}
	token := after[:75]
	outside := h.visitor()
	shown := outside.get("/answer/" + token)
	if shown.status != http.StatusOK || strings.Contains(shown.body, name) {
		t.Fatalf("the link answered %d, or names the person:\n%s", shown.status, shown.body)
	}
	_, after, _ = strings.Cut(shown.body, `name="seal" value="`)
	seal, _, _ := strings.Cut(after, `"`)
	answer := url.Values{"seal": {seal}, "outcome": {"granted"}, "reason_code": {""}, "reason": {""}, "note": {"Canario " + given}, "name": {"Paula Soto"}, "position": {"Asesora"}}
	answer.Del("_token")
	r, err := http.NewRequest(http.MethodPost, h.url+"/answer/"+token, strings.NewReader(answer.Encode()))
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	r.Header.Set("Accept-Language", "es-CL")
	if got := outside.do(r); got.status != http.StatusSeeOther || got.header.Get("Location") != "/answer/received" {
		t.Fatalf("the answer: %d\n%s", got.status, got.body)
	}
	if got := outside.get("/answer/" + token); got.status != http.StatusNotFound || !strings.Contains(got.body, "no se puede usar") {
		t.Errorf("opened again: %d", got.status)
	}
	if paper := v.get("/referrals/" + id + ".pdf"); paper.status != http.StatusOK || strings.Contains(paper.header.Get("Content-Disposition"), name) {
		t.Errorf("the letter: %d %s", paper.status, paper.header.Get("Content-Disposition"))
	}
	if !strings.Contains(v.get("/referrals/"+id).body, "por enlace") {
		t.Error("the page does not say who answered")
	}
	for _, bad := range []string{name, given, token, "Paula Soto"} {
		if strings.Contains(h.log.String(), bad) {
			t.Errorf("the log holds %q", bad)
		}
	}
	for _, address := range append(v.urls, outside.urls...) {
		if strings.Contains(address, name) {
			t.Errorf("the address %s names the person", address)
		}
	}
}

// The last item of a plan is a referral to an institution; its answer by link
// confirms the item and closes the plan, in one transaction.
func TestAnAnswerByLinkClosesThePlan(t *testing.T) {
	h := newHouse(t)
	h.toInstitution("05802") // the institution has an address now
	v := h.as(access.CaseManager, "05802")
	run, _ := h.canary()
	file := h.lookup(v, run)
	base := "/files/" + file
	v.get(base + "/cart")
	if got := v.post(base+"/cart/items", url.Values{"item": {"D301"}, "reason": {"arriendo"}, "request": {"orientación"}}); got.status >= 400 {
		t.Fatalf("the cart answered %d:\n%s", got.status, got.body)
	}
	review := v.get(base + "/checkout")
	_, after, _ := strings.Cut(review.body, `name="key" value="`)
	key, _, _ := strings.Cut(after, `"`)
	made := v.post(base+"/checkout", url.Values{"key": {key}, "agreed": {"signed"}})
	if made.status != http.StatusSeeOther {
		t.Fatalf("checkout answered %d:\n%s", made.status, made.body)
	}
	id := h.one("05802", `SELECT r.id FROM referral r JOIN plan p ON p.id = r.plan_id WHERE p.file_id = '`+file+`' AND r.unit = 'serviu'`)
	if got := v.post("/referrals/"+id+"/link", url.Values{"known": {""}}); got.status != http.StatusSeeOther {
		t.Fatalf("the link answered %d:\n%s", got.status, got.body)
	}
	_, after, _ = strings.Cut(v.get("/referrals/"+id).body, "/answer/")
	_, err := h.app.Letters.Answer(context.Background(), after[:75], referral.Reply{Outcome: referral.Granted, Name: "Paula Soto", Position: "Asesora"})
	if err != nil {
		t.Fatal(err)
	}
	state := h.one("05802", `SELECT i.status || ' ' || p.status FROM plan p JOIN plan_item i ON i.plan_id = p.id JOIN referral r ON r.plan_item_id = i.id WHERE r.id = '`+id+`'`)
	if state != "confirmed closed" {
		t.Errorf("item and plan are %s", state)
	}
}
