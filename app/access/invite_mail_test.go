package access_test

import (
	"context"
	"encoding/base64"
	"io"
	"log/slog"
	"mime/quotedprintable"
	"net/http"
	"regexp"
	"strings"
	"testing"
	"time"

	"gsl/app/access"
	"gsl/app/kit/mail"
	"gsl/app/kit/mail/mailtest"
)

// The letter brings a link of its own, names nobody, and opens the same
// invitation: whichever link is used first ends both.
func TestInvitationByMail(t *testing.T) {
	r := staffed(t)
	server := mailtest.New(t, false)
	courier := mail.NewCourier(r.files, mail.Config{Host: server.Host, Port: server.Port, From: "GSL <gsl@example.cl>", TLS: mail.NoTLS},
		r.clock.Now, slog.New(slog.DiscardHandler))
	r.service.PostBy(courier)
	ctx, stop := context.WithCancel(context.Background())
	ended := make(chan struct{})
	go func() { courier.Run(ctx); close(ended) }()
	defer func() { stop(); <-ended }()

	made, err := r.service.InviteUser(ctx, r.as("olga"), access.Invitation{RUN: nuria, GivenNames: "Nuria", Surnames: "Ñáñez Álvarez",
		Email: "nuria@example.cl", Role: access.CaseManager, Unit: access.SocialUnit})
	if err != nil || made.Mailed != "nuria@example.cl" {
		t.Fatalf("%+v %v", made, err)
	}
	for deadline := time.Now().Add(20 * time.Second); len(server.Letters()) == 0; {
		if time.Now().After(deadline) {
			t.Fatal("never sent")
		}
	}
	letter := server.Letters()[0]
	text := plain(t, letter.Data)
	if letter.To != "nuria@example.cl" {
		t.Errorf("sent to %q", letter.To)
	}
	for _, datum := range []string{"Nuria", "Álvarez", "22.222.222", "22222222", "Olga", made.Link} {
		if strings.Contains(text, datum) {
			t.Errorf("the letter says %q", datum)
		}
	}
	found := regexp.MustCompile(`http://127\.0\.0\.1:8080(/invite/[\w-]{43})`).FindStringSubmatch(text)
	if found == nil {
		t.Fatalf("no link in the letter:\n%s", text)
	}
	b := r.open()
	if got := b.PostForm(found[1], chosen(fresh)); got.Status != http.StatusSeeOther {
		t.Errorf("the mailed link answered %d", got.Status)
	}
	if got := b.Get(pathOf(t, made.Link)).Status; got != http.StatusNotFound {
		t.Errorf("the other link answers %d", got)
	}
}

// A letter about an invitation that is over is not sent.
func TestNoLetterAboutWhatIsOver(t *testing.T) {
	r := staffed(t)
	server := mailtest.New(t, false)
	courier := mail.NewCourier(r.files, mail.Config{Host: server.Host, Port: server.Port, From: "GSL <gsl@example.cl>", TLS: mail.NoTLS},
		r.clock.Now, slog.New(slog.DiscardHandler))
	r.service.PostBy(courier)
	for range 2 { // the second takes the place of the first
		if _, err := r.service.InviteUser(context.Background(), r.as("olga"), access.Invitation{RUN: nuria, GivenNames: "N", Surnames: "N",
			Email: "nuria@example.cl", Role: access.Director}); err != nil {
			t.Fatal(err)
		}
	}
	ctx, stop := context.WithCancel(context.Background())
	ended := make(chan struct{})
	go func() { courier.Run(ctx); close(ended) }()
	states := func() string { return strings.Join(r.texts(`SELECT state FROM mail_outbox ORDER BY state`), " ") }
	for deadline := time.Now().Add(20 * time.Second); strings.Contains(states(), "waiting") && time.Now().Before(deadline); {
	}
	stop()
	<-ended
	if got := states(); got != "dropped sent" || len(server.Letters()) != 1 {
		t.Errorf("%s, %d letters", got, len(server.Letters()))
	}
}

// plain is the text of a letter.
func plain(t *testing.T, data string) string {
	t.Helper()
	head, body, _ := strings.Cut(strings.ReplaceAll(data, "\r\n", "\n"), "\n\n")
	var out []byte
	var err error
	if strings.Contains(strings.ToLower(head), "base64") {
		out, err = base64.StdEncoding.DecodeString(strings.ReplaceAll(body, "\n", ""))
	} else {
		out, err = io.ReadAll(quotedprintable.NewReader(strings.NewReader(body)))
	}
	if err != nil {
		t.Fatal(err)
	}
	return head + "\n" + string(out)
}
