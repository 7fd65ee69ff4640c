package referral

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"html"
	"io"
	"log/slog"
	"mime/multipart"
	"mime/quotedprintable"
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"gsl/app/access"
	"gsl/app/document"
	"gsl/app/kit/actor"
	"gsl/app/kit/audit"
	"gsl/app/kit/calendar"
	"gsl/app/kit/fault"
	"gsl/app/kit/mail"
	"gsl/app/kit/mail/mailtest"
	"gsl/app/kit/pdf"
	"gsl/app/kit/pdf/pdftest"
	"gsl/app/kit/web"
	"gsl/app/kit/web/webtest"
	"gsl/tenants"
)

// outside is a house whose referrals go to who has no inbox here.
type outside struct {
	*house
	letters *Letters
	docs    *document.Service
	server  *mailtest.Server
	courier *mail.Courier
	nobody  *webtest.Client // the institution: no session
}

func newOutside(t *testing.T) *outside {
	t.Helper()
	h := newHouse(t)
	o := &outside{house: h, docs: document.NewService(), server: mailtest.New(t, false)}
	config := mail.Config{Host: o.server.Host, Port: o.server.Port, From: "Limache <derivaciones@limache.example>", TLS: mail.NoTLS}
	o.courier = mail.NewCourier(h.files, config, h.clock.Now, slog.New(slog.NewTextHandler(io.Discard, nil)))
	o.letters = NewLetters(h.service, LetterOptions{Files: h.files, Documents: o.docs, Press: pdf.NewPress(), Secret: []byte("32 bytes of this installation ..."),
		Courier: o.courier, Base: "https://gsl.example", Clock: h.clock.Now})
	o.docs.Owners[DocumentsOwner] = document.Keeper{See: o.letters.See}
	h.service.OnChange = append(h.service.OnChange, o.letters.OnReferral)
	o.reach("serviu", "contacto@serviu.example", ByPaper)
	o.nobody = o.client(actor.Actor{})
	return o
}

// client is the edge with the pages of letters, somebody signed in.
func (o *outside) client(who actor.Actor) *webtest.Client {
	return webtest.WithConfig(o.t.(*testing.T), web.Config{Clock: o.clock.Now}, gateOf(who), func(r *web.Router) {
		r.Object(web.Object{Param: "referral", See: access.ReadFile, Exists: o.service.Exists})
		r.Object(web.Object{Param: "document", See: access.ReadFile, Exists: o.docs.Exists})
		NewLetterHandlers(o.letters).Mount(r)
		document.NewHandlers(o.docs).Mount(r)
	})
}

func gateOf(who actor.Actor) *webtest.Gate {
	gate := &webtest.Gate{}
	if !who.IsNobody() {
		gate.In = &web.Session{Actor: who, TokenKey: []byte("0123456789abcdef"), Language: "es-CL"}
	}
	return gate
}

// reach gives a unit an address.
func (o *outside) reach(unit, email, channel string) {
	o.update(o.limache, func(tx *tenants.Tx) error {
		_, err := tx.Exec(`UPDATE unit SET email = ?, channel = ? WHERE code = ?`, email, channel, unit)
		return err
	})
}

// toServiu is a referral with everything that a link must not show.
func (o *outside) toServiu(key string) Referral {
	return o.send(manager, New{Key: key, Unit: "serviu", Asked: Asked{Code: "D301", Name: "SERVIU", Category: "D", Provider: "SERVIU",
		Requirements: []string{"Cédula de identidad"}, Note: "Vive con su madre enferma",
		Fields: []FieldValue{{Name: "reason", LabelKey: "catalogue.field.reason", Value: "Sufre violencia"}, {Name: "request", LabelKey: "catalogue.field.request", Value: "Orientar sobre subsidio de arriendo"}}}})
}

// link makes a link and gives its token.
func (o *outside) link(r Referral) string {
	o.t.Helper()
	made, err := o.letters.Offer(context.Background(), o.staff[manager], r.ID, "")
	if err != nil {
		o.t.Fatal(err)
	}
	return o.letters.seal.token(o.limache.ID, made.Link.ID)
}

var sealField = regexp.MustCompile(`name="seal" value="([^"]+)"`)

// reply sends the form of the page as a browser does, with a paper when there is one.
func (o *outside) reply(token string, fields url.Values, files ...[]byte) *webtest.Response {
	o.t.Helper()
	o.clock.Advance(time.Minute) // nobody is slowed down
	sent := url.Values{"seal": {o.letters.seal.form(token)}, "outcome": {"granted"}, "reason_code": {""}, "reason": {""},
		"note": {"Citada para el lunes"}, "name": {"Paula Soto"}, "position": {"Asistente social"}}
	for name, values := range fields {
		sent[name] = values
	}
	var body bytes.Buffer
	w := multipart.NewWriter(&body)
	for name, values := range sent {
		_ = w.WriteField(name, values[0])
	}
	if len(files) == 0 {
		_, _ = w.CreateFormFile("file", "") // a browser sends an empty box so
	}
	for i, content := range files {
		part, _ := w.CreateFormFile("file", fmt.Sprintf("oficio-%d.pdf", i))
		_, _ = part.Write(content)
	}
	_ = w.Close()
	q := httptest.NewRequest(http.MethodPost, "/answer/"+token, &body)
	q.Header.Set("Content-Type", w.FormDataContentType())
	return o.nobody.Do(q)
}

func (o *outside) get(token string) *webtest.Response {
	o.clock.Advance(time.Minute)
	return o.nobody.Get("/answer/" + token)
}

var oficio = []byte("%PDF-1.7\nOficio de respuesta\n%%EOF\n")

func TestAnInstitutionAnswersByLink(t *testing.T) {
	o := newOutside(t)
	r := o.toServiu("a")
	token := o.link(r)
	page := o.get(token)
	if page.Status != http.StatusOK {
		t.Fatalf("the link answers %d:\n%s", page.Status, page.Body)
	}
	page.Contains(t, "D-2026-0001", "Municipalidad de Limache", "María G. P.", "SERVIU", "Orientar sobre subsidio de arriendo", "Cédula de identidad", "06-12-2026")
	if seal := sealField.FindStringSubmatch(page.Body); seal == nil || seal[1] != o.letters.seal.form(token) {
		t.Error("the form does not carry its seal")
	}
	got := o.reply(token, nil, oficio)
	if got.Status != http.StatusSeeOther || got.Header.Get("Location") != "/answer/received" {
		t.Fatalf("the answer: %d\n%s", got.Status, got.Body)
	}
	o.nobody.Get("/answer/received").Contains(t, "Gracias por responder")

	after := o.now(r.ID)
	if after.State != Answered || after.Outcome != Granted || after.AnswerNote != "Citada para el lunes" ||
		after.AnsweredByName != "Paula Soto, Asistente social · SERVIU (por enlace)" {
		t.Errorf("the referral is %s %s %q by %q", after.State, after.Outcome, after.AnswerNote, after.AnsweredByName)
	}
	last := o.history(r.ID)
	if e := last[len(last)-1]; e.Verb != Answer || e.Role != InstitutionRole || e.Unit != "serviu" || e.UserID != "" {
		t.Errorf("the history ends with %+v", e)
	}
	o.update(o.limache, func(tx *tenants.Tx) error {
		list, err := document.Of(tx, document.Owner{Kind: DocumentsOwner, ID: r.ID})
		if len(list) != 1 || list[0].Kind != document.Answer || !strings.HasPrefix(list[0].UploadedBy, "link:") {
			t.Errorf("the papers are %+v", list)
		}
		return err
	})
	if n := o.count(`SELECT count(*) FROM audit WHERE action IN ('referral.link', 'referral.link_used', 'document.add', 'referral.answer')`); n != 4 {
		t.Errorf("%d of 4 entries in the trail", n)
	}
	if n := o.views("answer"); n == 0 {
		t.Error("nobody looked, says the trail")
	}
	if err := audit.Verify(context.Background(), o.limache); err != nil {
		t.Error(err)
	}
}

func (o *outside) count(query string) (n int) {
	o.t.Helper()
	err := o.limache.View(context.Background(), func(tx *tenants.Tx) error { return tx.QueryRow(query).Scan(&n) })
	if err != nil {
		o.t.Fatal(err)
	}
	return n
}

func (o *outside) views(what string) (n int) {
	o.t.Helper()
	err := o.limache.Access().View(context.Background(), func(tx *tenants.Tx) error {
		return tx.QueryRow(`SELECT count(*) FROM access_view WHERE what = ?`, what).Scan(&n)
	})
	if err != nil {
		o.t.Fatal(err)
	}
	return n
}

// The page shows as little as lets the institution answer.
func TestALinkShowsTheLeast(t *testing.T) {
	o := newOutside(t)
	token := o.link(o.toServiu("a"))
	page := o.get(token)
	page.Lacks(t, "González", "Pérez", "Eugenia", "12.345.678", "12345678", "violencia", "madre", o.file.ID, "1972")
	again := o.reply(token, url.Values{"outcome": {"not-granted"}})
	if again.Status != http.StatusUnprocessableEntity {
		t.Fatalf("a no without reason answered %d", again.Status)
	}
	again.Lacks(t, "González", "12.345.678", "violencia")
	again.Contains(t, "Elija un motivo de la lista", "Paula Soto", "Citada para el lunes")
	for name, want := range map[string]string{"Cache-Control": "no-store", "Referrer-Policy": "no-referrer", "X-Content-Type-Options": "nosniff"} {
		if page.Header.Get(name) != want {
			t.Errorf("%s is %q", name, page.Header.Get(name))
		}
	}
	if policy := page.Header.Get("Content-Security-Policy"); !strings.HasPrefix(policy, "default-src 'none'") || strings.Contains(policy, "unsafe") {
		t.Errorf("policy %q", policy)
	}
}

var nonces = regexp.MustCompile(`nonce="[^"]+"`)

// Whatever the reason why a link cannot be used: the same page, and nothing of
// the referral in it.
func TestLinksThatCannotBeUsedAreAllAlike(t *testing.T) {
	o := newOutside(t)
	used, revoked, replaced, expired := o.toServiu("1"), o.toServiu("2"), o.toServiu("3"), o.toServiu("4")
	cancelled, onPaper, returned := o.toServiu("5"), o.toServiu("6"), o.toServiu("7")
	late := o.link(expired)
	o.clock.Advance(16 * 24 * time.Hour)
	tokens := map[string]string{"expired": late, "used": o.link(used), "revoked": o.link(revoked), "replaced": o.link(replaced),
		"cancelled": o.link(cancelled), "answered on paper": o.link(onPaper), "returned": o.link(returned)}
	if got := o.reply(tokens["used"], nil); got.Status != http.StatusSeeOther {
		t.Fatalf("the answer: %d\n%s", got.Status, got.Body)
	}
	if err := o.letters.Revoke(context.Background(), o.staff[manager], revoked.ID); err != nil {
		t.Fatal(err)
	}
	var first Link
	o.update(o.limache, func(tx *tenants.Tx) (err error) { first, err = lastLink(tx, replaced.ID); return err })
	if _, err := o.letters.Offer(context.Background(), o.staff[manager], replaced.ID, first.ID); err != nil {
		t.Fatal(err)
	}
	o.move(manager, cancelled, Move{Verb: Cancel, Reason: "ya no"})
	o.move(manager, onPaper, Move{Verb: Answer, Outcome: Granted})
	o.move(manager, returned, Move{Verb: Return, Reason: "faltan datos"})

	good := o.link(o.toServiu("8"))
	tokens["made up"] = strings.Repeat("A", len(good))
	tokens["cut short"] = good[:len(good)-1]
	tokens["one letter off"] = good[:40] + flip(good[40]) + good[41:]
	tokens["of another municipality"] = newLinkSeal([]byte("32 bytes of this installation ...")).token(o.lolol.ID, first.ID)
	tokens["of another installation"] = newLinkSeal([]byte("32 bytes of some other place ....")).token(o.limache.ID, first.ID)
	tokens["of a link that never was"] = o.letters.seal.token(o.limache.ID, "01JABCDEFGHJKMNPQRSTVWXYZ0")
	tokens["two halves"] = good[:43] + tokens["used"][43:]
	tokens["short"] = "x"

	want := ""
	for what, token := range tokens {
		answered := o.count(`SELECT count(*) FROM referral WHERE state = 'answered'`)
		for _, got := range []*webtest.Response{o.get(token), o.reply(token, nil), o.reply(token, nil, oficio)} {
			body := nonces.ReplaceAllString(got.Body, "")
			if want == "" {
				want = body
				got.Contains(t, "Este enlace no se puede usar", "pida un enlace nuevo")
			}
			if got.Status != http.StatusNotFound || body != want {
				t.Errorf("%s: %d, another page:\n%s", what, got.Status, got.Body)
			}
		}
		if now := o.count(`SELECT count(*) FROM referral WHERE state = 'answered'`); now != answered {
			t.Errorf("%s: something was answered", what)
		}
	}
	if strings.Contains(want, "D-2026") || strings.Contains(want, "Limache") || strings.Contains(want, "María") {
		t.Error("the page says something of the referral")
	}
	if got := o.get(good); got.Status != http.StatusOK {
		t.Errorf("the good one: %d", got.Status)
	}
	if n := o.count(`SELECT count(*) FROM content`); n != 0 {
		t.Errorf("%d papers were kept for links that cannot be used", n)
	}
}

func flip(b byte) string {
	if b == 'A' {
		return "B"
	}
	return "A"
}

// Twenty at once: one answer, one step in the history.
func TestALinkIsUsedOnce(t *testing.T) {
	o := newOutside(t)
	r := o.toServiu("a")
	token := o.link(r)
	var wait sync.WaitGroup
	var mu sync.Mutex
	won := 0
	for i := range 20 {
		wait.Go(func() {
			outcome := Granted
			if i%2 == 1 {
				outcome = DidNotAttend
			}
			_, err := o.letters.Answer(context.Background(), token, Reply{Outcome: outcome, Reason: "no vino", Name: "Paula Soto", Position: "Asistente"})
			mu.Lock()
			defer mu.Unlock()
			switch {
			case err == nil:
				won++
			case !errors.Is(err, ErrUnusable):
				t.Error(err)
			}
		})
	}
	wait.Wait()
	if n := o.count(`SELECT count(*) FROM referral_history WHERE verb = 'answer'`); won != 1 || n != 1 {
		t.Errorf("%d answers were taken, %d stand in the history", won, n)
	}
}

// The step, the plan's part in it, the paper and the link are one: when one fails,
// none happened, and the link still works.
func TestAnAnswerByLinkIsOneTransaction(t *testing.T) {
	o := newOutside(t)
	r := o.toServiu("a")
	token := o.link(r)
	broken := errors.New("the plan's part failed")
	fail := true
	o.service.OnChange = append(o.service.OnChange, func(*tenants.Tx, actor.Actor, *Referral, State) error {
		if fail {
			return broken
		}
		return nil
	})
	reply := Reply{Outcome: Granted, Name: "Paula Soto", Position: "Asistente", File: &ReplyFile{File: bytes.NewReader(oficio), Name: "oficio.pdf", Size: int64(len(oficio))}}
	if _, err := o.letters.Answer(context.Background(), token, reply); !errors.Is(err, broken) {
		t.Fatal(err)
	}
	if o.now(r.ID).State != Sent || o.count(`SELECT count(*) FROM document`) != 0 || o.count(`SELECT count(*) FROM referral_link WHERE used_at IS NOT NULL`) != 0 {
		t.Error("half of it happened")
	}
	fail = false
	if _, err := o.letters.Answer(context.Background(), token, reply); err != nil {
		t.Fatal(err)
	}
}

func TestAnAnswerIsCheckedBeforeItIsTaken(t *testing.T) {
	o := newOutside(t)
	token := o.link(o.toServiu("a"))
	for what, test := range map[string]struct {
		fields url.Values
		file   []byte
		says   string
	}{
		"no outcome":       {url.Values{"outcome": {""}}, nil, "Elija el resultado"},
		"made-up outcome":  {url.Values{"outcome": {"perhaps"}}, nil, "Elija el resultado"},
		"no without why":   {url.Values{"outcome": {"did-not-attend"}}, nil, "Elija un motivo de la lista"},
		"other, but which": {url.Values{"outcome": {"not-granted"}, "reason_code": {"other"}}, nil, "Escriba el motivo"},
		"nobody answers":   {url.Values{"name": {" "}}, nil, "Su nombre"},
		"long note":        {url.Values{"note": {strings.Repeat("x", 2001)}}, nil, "2000"},
		"unknown field":    {url.Values{"referral": {"01J"}}, nil, "referral"},
		"no paper at all":  {nil, []byte("<html>"), "No es de un tipo"},
		"no UTF-8":         {url.Values{"note": {"\xff\xfe"}}, nil, "Observaciones"},
		"unseen character": {url.Values{"name": {"Pa\x00ula"}}, nil, "Su nombre"},
	} {
		var files [][]byte
		if test.file != nil {
			files = append(files, test.file)
		}
		got := o.reply(token, test.fields, files...)
		if got.Status != http.StatusUnprocessableEntity || !strings.Contains(html.UnescapeString(got.Body), test.says) {
			t.Errorf("%s: %d, lacks %q:\n%s", what, got.Status, test.says, got.Body)
		}
	}
	for what, seal := range map[string]string{"none": "", "of another link": o.letters.seal.form("another")} {
		if got := o.reply(token, url.Values{"seal": {seal}}); got.Status != http.StatusForbidden {
			t.Errorf("seal %s: %d", what, got.Status)
		}
	}
	q := httptest.NewRequest(http.MethodPost, "/answer/"+token, strings.NewReader("outcome=granted"))
	q.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	q.Header.Set("Sec-Fetch-Site", "cross-site")
	if got := o.nobody.Do(q); got.Status != http.StatusForbidden {
		t.Errorf("from another site: %d", got.Status)
	}
	if got := o.reply(token, url.Values{"outcome": {"not-granted"}, "reason_code": {"no-spots"}}); got.Status != http.StatusSeeOther {
		t.Errorf("a good one: %d\n%s", got.Status, got.Body)
	}
}

// Whoever tries tokens one after the other has to wait; others do not.
func TestTryingTokensIsSlowed(t *testing.T) {
	o := newOutside(t)
	good := o.link(o.toServiu("a"))
	ask := func(address, token string) int {
		q := httptest.NewRequest(http.MethodGet, "/answer/"+token, nil)
		q.RemoteAddr = address + ":4000"
		return o.nobody.Do(q).Status
	}
	slowed := 0
	for range 90 {
		if ask("203.0.113.9", strings.Repeat("A", 75)) == http.StatusTooManyRequests {
			slowed++
		}
	}
	if slowed < 45 || ask("203.0.113.9", good) != http.StatusTooManyRequests {
		t.Errorf("%d of 90 were slowed", slowed)
	}
	if got := ask("198.51.100.7", good); got != http.StatusOK {
		t.Errorf("somebody else: %d", got)
	}
	o.clock.Advance(time.Minute)
	if got := ask("203.0.113.9", good); got != http.StatusOK {
		t.Errorf("a minute later: %d", got)
	}
}

// A link that cannot be used takes no upload: nothing of the body is read.
func TestAUsedLinkReadsNoBody(t *testing.T) {
	o := newOutside(t)
	r := o.toServiu("a")
	token := o.link(r)
	if err := o.letters.Revoke(context.Background(), o.staff[manager], r.ID); err != nil {
		t.Fatal(err)
	}
	for _, what := range []string{token, strings.Repeat("A", len(token))} {
		q := httptest.NewRequest(http.MethodPost, "/answer/"+what, unread{t})
		q.ContentLength = 20 << 20
		q.Header.Set("Content-Type", "multipart/form-data; boundary=b")
		if got := o.nobody.Do(q); got.Status != http.StatusNotFound {
			t.Errorf("answered %d", got.Status)
		}
	}
}

// unread is a body that nobody may ask for.
type unread struct{ t *testing.T }

func (u unread) Read([]byte) (int, error) {
	u.t.Error("the body was read")
	return 0, io.EOF
}

func TestWhoMayMakeAndRevokeALink(t *testing.T) {
	o := newOutside(t)
	ctx := context.Background()
	r := o.toServiu("a")
	for name, kind := range map[string]fault.Kind{rshDesk: fault.NotFound, front: fault.NotFound, elsewhere: fault.NotFound, director: fault.Forbidden,
		counterpart: fault.Forbidden, technical: fault.Forbidden, national: fault.Forbidden, family: fault.Forbidden} {
		_, err := o.letters.Offer(ctx, o.staff[name], r.ID, "")
		o.wantKind(err, kind, "")
		o.wantKind(o.letters.Revoke(ctx, o.staff[name], r.ID), kind, "")
		_, err = o.letters.Remind(ctx, o.staff[name], r.ID)
		o.wantKind(err, kind, "")
	}
	_, err := o.letters.Offer(ctx, o.staff[manager], o.send(manager, New{Key: "own"}).ID, "")
	o.wantKind(err, fault.Conflict, "answer.error.inbox")
	silent := o.send(manager, New{Key: "silent", Unit: "senadis", Asked: Asked{Code: "D304", Name: "SENADIS", Category: "D"}})
	_, err = o.letters.Offer(ctx, o.staff[manager], silent.ID, "")
	o.wantKind(err, fault.Conflict, "answer.error.no_address")
	_, err = o.letters.Remind(ctx, o.staff[manager], r.ID)
	o.wantKind(err, fault.Conflict, "answer.error.no_link")
	if err := o.letters.Revoke(ctx, o.staff[manager], r.ID); err != nil {
		t.Error(err)
	}

	first, err := o.letters.Offer(ctx, o.staff[manager], r.ID, "")
	if err != nil {
		t.Fatal(err)
	}
	twice, err := o.letters.Offer(ctx, o.staff[manager], r.ID, "")
	if err != nil || twice.Link.ID != first.Link.ID || o.count(`SELECT count(*) FROM mail_outbox`) != 1 {
		t.Errorf("pressed twice: %v, another link", err)
	}
	next, err := o.letters.Offer(ctx, o.staff[manager], r.ID, first.Link.ID)
	if err != nil || next.Link.ID == first.Link.ID || o.count(`SELECT count(*) FROM referral_link WHERE revoked_at IS NULL`) != 1 {
		t.Errorf("a new one in the place of the old: %v", err)
	}
	if d := next.Link.LastDay(); d != calendar.On(o.clock.Now()).AddDays(15) {
		t.Errorf("works until %s", d)
	}
	o.move(manager, r, Move{Verb: Cancel, Reason: "ya no"})
	_, err = o.letters.Offer(ctx, o.staff[manager], r.ID, next.Link.ID)
	o.wantKind(err, fault.Conflict, "referral.order.cancelled")
}

func TestTheSettingSaysHowLongALinkWorks(t *testing.T) {
	o := newOutside(t)
	o.update(o.limache, func(tx *tenants.Tx) error {
		_, err := tx.Exec(`INSERT INTO setting (key, value) VALUES ('referral.link_days', '3')`)
		return err
	})
	token := o.link(o.toServiu("a"))
	last := time.Date(2026, time.November, 25, 2, 58, 0, 0, time.UTC) // 23:58 of the third day in Santiago
	o.clock.Set(last.Add(-time.Minute))
	if got := o.nobody.Get("/answer/" + token); got.Status != http.StatusOK {
		t.Errorf("on its last day: %d", got.Status)
	}
	o.clock.Set(last.Add(2 * time.Minute))
	if got := o.nobody.Get("/answer/" + token); got.Status != http.StatusNotFound {
		t.Errorf("the day after: %d", got.Status)
	}
}

// deliver lets the courier work until nothing is due.
func (o *outside) deliver() {
	o.t.Helper()
	ctx, stop := context.WithCancel(context.Background())
	done := make(chan struct{})
	go func() { o.courier.Run(ctx); close(done) }()
	for deadline := time.Now().Add(10 * time.Second); o.count(`SELECT count(*) FROM mail_outbox WHERE state = 'waiting'`) > 0; {
		if time.Now().After(deadline) {
			o.t.Fatal("the outbox is never empty")
		}
		time.Sleep(5 * time.Millisecond)
	}
	stop()
	<-done
}

// The e-mail brings the link to the institution and says nothing of the person.
func TestTheMailHoldsNoPersonalData(t *testing.T) {
	o := newOutside(t)
	r := o.toServiu("a")
	token := o.link(r)
	o.deliver()
	list := o.server.Letters()
	if len(list) != 1 || list[0].To != "contacto@serviu.example" {
		t.Fatalf("the server took %d letters", len(list))
	}
	text := readable(t, list[0].Data)
	for _, want := range []string{"https://gsl.example/answer/" + token, "D-2026-0001", "Limache", "06-12-2026"} {
		if !strings.Contains(text, want) {
			t.Errorf("the letter lacks %q:\n%s", want, text)
		}
	}
	for _, bad := range []string{"María", "González", "Pérez", "12.345.678", "12345678", "arriendo", "violencia", "madre", "Cédula", o.file.ID, r.ID} {
		if strings.Contains(text, bad) || strings.Contains(list[0].Data, bad) {
			t.Errorf("the letter says %q", bad)
		}
	}
	// The file says nothing by which one could answer.
	if n := o.count(`SELECT count(*) FROM mail_outbox WHERE kind || ref || recipient LIKE '%` + token[60:] + `%'`); n != 0 {
		t.Error("the outbox holds the token")
	}
	// A second letter within the hour is a second click; later it is a reminder.
	for _, step := range []struct {
		wait time.Duration
		want int
	}{{time.Minute, 1}, {2 * time.Hour, 2}} {
		o.clock.Advance(step.wait)
		if _, err := o.letters.Remind(context.Background(), o.staff[manager], r.ID); err != nil {
			t.Fatal(err)
		}
		o.deliver()
		if n := len(o.server.Letters()); n != step.want {
			t.Errorf("after %s: %d letters, want %d", step.wait, n, step.want)
		}
	}
}

// Asked to send again while the server is away, the letter is tried at once, and
// is still one letter.
func TestALetterThatWaitsIsHurried(t *testing.T) {
	o := newOutside(t)
	r := o.toServiu("a")
	o.server.Answer("MAIL", "421 closing")
	o.link(r)
	ctx, stop := context.WithCancel(context.Background())
	done := make(chan struct{})
	go func() { o.courier.Run(ctx); close(done) }()
	for deadline := time.Now().Add(10 * time.Second); o.count(`SELECT count(*) FROM mail_outbox WHERE trouble = 'away'`) == 0; {
		if time.Now().After(deadline) {
			t.Fatal("never tried")
		}
		time.Sleep(5 * time.Millisecond)
	}
	stop()
	<-done
	o.server.Answer("MAIL", "")
	if mailed, err := o.letters.Remind(context.Background(), o.staff[manager], r.ID); err != nil || !mailed {
		t.Fatal(mailed, err)
	}
	o.deliver() // by the clock, its next try is a minute away
	if n := len(o.server.Letters()); n != 1 || o.count(`SELECT count(*) FROM mail_outbox`) != 1 {
		t.Errorf("%d letters", n)
	}
}

// Who has a grudge against an institution writes to it five times a day at most,
// by new links and by sending the referral to and fro; the referral itself goes on.
func TestAnInstitutionIsNotFlooded(t *testing.T) {
	o := newOutside(t)
	r, last := o.toServiu("a"), ""
	for range linksADay {
		made, err := o.letters.Offer(context.Background(), o.staff[manager], r.ID, last)
		if err != nil {
			t.Fatal(err)
		}
		last = made.Link.ID
	}
	_, err := o.letters.Offer(context.Background(), o.staff[manager], r.ID, last)
	o.wantKind(err, fault.Conflict, "answer.error.links")
	if n := o.count(`SELECT count(*) FROM referral_link WHERE revoked_at IS NULL`); n != 1 {
		t.Errorf("%d live links: the last was ended for nothing", n)
	}
	o.reach("serviu", "contacto@serviu.example", ByLink)
	r = o.move(manager, o.now(r.ID), Move{Verb: Return, Reason: "faltan datos"})
	o.move(manager, r, Move{Verb: Resend, Note: "corregida"})
	if n := o.count(`SELECT count(*) FROM mail_outbox`); n != linksADay {
		t.Errorf("%d letters", n)
	}
	o.clock.Advance(25 * time.Hour)
	if _, err := o.letters.Offer(context.Background(), o.staff[manager], r.ID, ""); err != nil {
		t.Errorf("the next day: %v", err)
	}
}

// What was revoked before it left does not leave.
func TestARevokedLinkIsNotSent(t *testing.T) {
	o := newOutside(t)
	r := o.toServiu("a")
	o.link(r)
	if err := o.letters.Revoke(context.Background(), o.staff[manager], r.ID); err != nil {
		t.Fatal(err)
	}
	o.deliver()
	if n := len(o.server.Letters()); n != 0 {
		t.Errorf("%d letters", n)
	}
}

// A unit that answers by link gets its link with the referral, and again after a
// correction; without a mail server, nothing is sent and nothing fails.
func TestAReferralLeavesWithItsLink(t *testing.T) {
	o := newOutside(t)
	o.reach("serviu", "contacto@serviu.example", ByLink)
	r := o.toServiu("a")
	o.deliver()
	if n := len(o.server.Letters()); n != 1 {
		t.Fatalf("%d letters", n)
	}
	r = o.move(manager, r, Move{Verb: Return, Reason: "faltan datos"})
	if n := o.count(`SELECT count(*) FROM referral_link WHERE used_at IS NULL AND revoked_at IS NULL`); n != 0 {
		t.Error("a returned referral can still be answered by link")
	}
	o.move(manager, r, Move{Verb: Resend, Note: "corregida"})
	o.deliver()
	if n := len(o.server.Letters()); n != 2 {
		t.Errorf("%d letters after the correction", n)
	}
	o.letters.courier = nil
	o.toServiu("b")
	if n := o.count(`SELECT count(*) FROM mail_outbox`); n != 2 {
		t.Errorf("%d letters without a server", n)
	}
}

func TestPapersOfAReferral(t *testing.T) {
	o := newOutside(t)
	r := o.toServiu("a")
	post := func(who string, kind, name string, body []byte) *webtest.Response {
		c := o.client(o.staff[who])
		var form bytes.Buffer
		w := multipart.NewWriter(&form)
		_ = w.WriteField("_token", c.Token())
		_ = w.WriteField("kind", kind)
		part, _ := w.CreateFormFile("file", name)
		_, _ = part.Write(body)
		_ = w.Close()
		q := httptest.NewRequest(http.MethodPost, "/referrals/"+r.ID+"/documents", &form)
		q.Header.Set("Content-Type", w.FormDataContentType())
		return c.Do(q)
	}
	for _, test := range []struct {
		who, kind, name string
		body            []byte
		status          int
		says            string
	}{
		{manager, "income", "María González liquidación.pdf", oficio, 303, ""},
		{manager, "income", "otra vez.pdf", oficio, 303, ""},
		{manager, "income", "", nil, 422, "Elija el archivo"},
		{manager, "secret", "x.pdf", []byte("%PDF-1.7\nx\n%%EOF"), 422, "Qué es"},
		{manager, "income", "foto.jpg", oficio, 422, "no corresponde a la terminación"},
		{family, "income", "x.pdf", oficio, 403, ""},
		{rshDesk, "income", "x.pdf", oficio, 404, ""},
		{elsewhere, "income", "x.pdf", oficio, 404, ""},
		{director, "income", "x.pdf", oficio, 403, ""},
	} {
		got := post(test.who, test.kind, test.name, test.body)
		if got.Status != test.status || !strings.Contains(html.UnescapeString(got.Body), test.says) {
			t.Errorf("%s %s %s: %d\n%s", test.who, test.kind, test.name, got.Status, got.Body)
		}
	}
	if n := o.count(`SELECT count(*) FROM document`); n != 1 {
		t.Fatalf("%d documents", n)
	}
	if n := o.count(`SELECT count(*) FROM content`); n != 1 {
		t.Errorf("%d contents: what was refused stays on the disk", n)
	}
	var id string
	o.update(o.limache, func(tx *tenants.Tx) error { return tx.QueryRow(`SELECT id FROM document`).Scan(&id) })
	for who, status := range map[string]int{manager: 200, director: 200, family: 200, rshDesk: 404, front: 404, elsewhere: 404, counterpart: 404} {
		if got := o.client(o.staff[who]).Get("/documents/" + id); got.Status != status {
			t.Errorf("%s reads it: %d, want %d", who, got.Status, status)
		}
	}
}

// With htmx the panel alone is renewed, its heading takes the focus, and each
// answer leaves its row in the trail; a paper that is refused says why in its place.
func TestThePanelIsRenewedInItsPlace(t *testing.T) {
	o := newOutside(t)
	r := o.toServiu("a")
	c := o.client(o.staff[manager])
	made := c.PostHX("/referrals/"+r.ID+"/link", url.Values{"known": {""}})
	if made.Status != http.StatusOK || strings.Contains(made.Body, "<html") {
		t.Fatalf("htmx gets %d:\n%s", made.Status, made.Body)
	}
	made.Contains(t, `id="papers-`+r.ID, "data-focus", "https://gsl.example/answer/", "Enlace creado: se enviará por correo a SERVIU", "está por salir")
	known := regexp.MustCompile(`name="known" value="([^"]+)"`).FindStringSubmatch(made.Body)
	c.PostHX("/referrals/"+r.ID+"/revoke", url.Values{"known": {known[1]}}).Contains(t, "Enlace anulado por Persona case manager", "Enviar un enlace nuevo")
	refused := c.PostHX("/referrals/"+r.ID+"/documents", url.Values{"kind": {"income"}})
	if refused.Status != http.StatusUnprocessableEntity {
		t.Errorf("no paper: %d", refused.Status)
	}
	refused.Contains(t, `href="#f-paper-`+r.ID+`-file"`, "Elija el archivo", "<details class=\"letter-add\" open")
	if n := o.views("referral"); n != 3 {
		t.Errorf("%d rows in the trail of views", n)
	}
}

func TestTheLetterOnPaper(t *testing.T) {
	o := newOutside(t)
	print := func(id string) (string, []byte) {
		s, err := o.letters.Sheet(context.Background(), o.staff[manager], id)
		if err != nil {
			t.Fatal(err)
		}
		name, file, err := o.letters.Paper(context.Background(), o.limache, &s)
		if err != nil {
			t.Fatal(err)
		}
		return name, file
	}
	r := o.toServiu("a")
	name, file := print(r.ID)
	if name != "carta-D-2026-0001.pdf" {
		t.Errorf("the file is called %q", name)
	}
	text := pdftest.Text(t, file)
	for _, want := range []string{"Municipalidad de Limache", "Carta de derivación", "N° D-2026-0001", "SERVIU", "María Eugenia González Pérez", "12.345.678-5",
		"Sufre violencia", "Orientar sobre subsidio de arriendo", "Vive con su madre enferma", "Cédula de identidad", r.Due.Chilean(), "Contrarreferencia", "Persona case manager", "Página 1 de"} {
		if !strings.Contains(text, want) {
			t.Errorf("the letter lacks %q:\n%s", want, text)
		}
	}
	if n := pdftest.Pages(file); n != 1 {
		t.Errorf("a letter of few words has %d pages: its slip should stand on the same", n)
	}
	if o.views("referral.pdf") != 1 {
		t.Error("the look is not in the trail")
	}
	o.clock.Advance(48 * time.Hour)
	o.move(manager, r, Move{Verb: Receive})
	if _, again := print(r.ID); !bytes.Equal(file, again) {
		t.Error("printed again, other bytes")
	}
	own := o.send(manager, New{Key: "own"})
	name, file = print(own.ID)
	text = pdftest.Text(t, file)
	if name != "comprobante-"+own.Folio()+".pdf" || !strings.Contains(text, "Comprobante de derivación") || strings.Contains(text, "Contrarreferencia") {
		t.Errorf("%s:\n%s", name, text)
	}
	if _, err := o.letters.Sheet(context.Background(), o.staff[rshDesk], r.ID); !fault.Is(err, fault.NotFound) {
		t.Errorf("another unit prints it: %v", err)
	}
}

// readable undoes how mail writes letters that are not ASCII.
func readable(t *testing.T, data string) string {
	t.Helper()
	head, body, _ := strings.Cut(strings.ReplaceAll(data, "\r\n", "\n"), "\n\n")
	text, err := io.ReadAll(quotedprintable.NewReader(strings.NewReader(body)))
	if err != nil {
		t.Fatal(err)
	}
	return head + "\n\n" + string(text)
}
