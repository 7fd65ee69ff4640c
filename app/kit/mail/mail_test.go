package mail

import (
	"context"
	"errors"
	"io"
	"log/slog"
	"mime"
	"net"
	"net/mail"
	"net/textproto"
	"strings"
	"testing"
	"time"

	"gsl/app/kit/mail/mailtest"
	"gsl/tenants"
	"gsl/tenants/tenantstest"
)

func configOf(s *mailtest.Server) Config {
	return Config{Host: s.Host, Port: s.Port, From: "Municipalidad de Limache <derivaciones@limache.example>", TLS: NoTLS}
}

var letter = Message{ID: "01JABC", To: "serviu@example.cl", Subject: "Derivación D-2026-0001", Text: "Hay una derivación.\n\nhttps://gsl.example/answer/abc\n"}

func TestALetterArrivesAsItWasWritten(t *testing.T) {
	server := mailtest.New(t, false)
	if err := configOf(server).Send(context.Background(), letter); err != nil {
		t.Fatal(err)
	}
	got := server.Letters()
	if len(got) != 1 || got[0].To != letter.To || got[0].From != "derivaciones@limache.example" {
		t.Fatalf("the server took %+v", got)
	}
	read, err := mail.ReadMessage(strings.NewReader(got[0].Data))
	if err != nil {
		t.Fatal(err)
	}
	subject, err := new(mime.WordDecoder).DecodeHeader(read.Header.Get("Subject"))
	if err != nil || subject != letter.Subject {
		t.Errorf("subject %q (%v)", subject, err)
	}
	for name, want := range map[string]string{"Message-ID": "<01jabc@limache.example>", "Auto-Submitted": "auto-generated", "User-Agent": "", "X-Mailer": ""} {
		if read.Header.Get(name) != want {
			t.Errorf("%s is %q, want %q", name, read.Header.Get(name), want)
		}
	}
	if kind := read.Header.Get("Content-Type"); !strings.HasPrefix(kind, "text/plain") {
		t.Errorf("Content-Type %q", kind)
	}
}

// A server that cannot keep the connection secret gets nothing.
func TestNothingLeavesInTheClear(t *testing.T) {
	server := mailtest.New(t, false)
	config := configOf(server)
	config.TLS = StartTLS
	if err := config.Send(context.Background(), letter); err == nil || len(server.Letters()) > 0 {
		t.Fatalf("sent without TLS (%v)", err)
	}
	secret := mailtest.New(t, true)
	config = configOf(secret)
	config.TLS, config.User, config.Password = StartTLS, "limache", "a password"
	if err := config.Send(context.Background(), letter); err == nil || len(secret.Letters()) > 0 {
		t.Fatalf("sent to a server that nobody vouches for (%v)", err)
	}
	config.Trust = secret.Trust()
	if err := config.Send(context.Background(), letter); err != nil {
		t.Fatal(err)
	}
	secret.Implicit()
	config.TLS, config.Trust = ImplicitTLS, nil
	if err := config.Send(context.Background(), letter); err == nil {
		t.Fatal("sent to a server that nobody vouches for")
	}
	config.Trust = secret.Trust()
	if err := config.Send(context.Background(), letter); err != nil {
		t.Fatal(err)
	}
	got := secret.Letters()
	for _, l := range got {
		if !l.Secret || l.User != "limache" {
			t.Errorf("the server took %+v", l)
		}
	}
	if len(got) != 2 {
		t.Errorf("%d letters", len(got))
	}
}

func TestANoIsToldFromALater(t *testing.T) {
	server := mailtest.New(t, false)
	for _, test := range []struct {
		verb, answer string
		final        bool
	}{
		{"RCPT", "550 5.1.1 no such user serviu@example.cl", true},
		{"RCPT", "451 4.7.1 try later", false},
		{"MAIL", "421 4.3.2 closing", false},
		{".", "554 5.6.0 refused", true},
		{".", "452 4.2.2 full", false},
		{"DATA", "HANGUP", false},
	} {
		server.Answer(test.verb, test.answer)
		err := configOf(server).Send(context.Background(), letter)
		server.Answer(test.verb, "")
		if refusal := (*RefusalError)(nil); err == nil || errors.As(err, &refusal) != test.final {
			t.Errorf("%s answered %q: %v", test.verb, test.answer, err)
		}
		if err != nil && strings.Contains(err.Error(), "@") {
			t.Errorf("the error %q quotes an address", err)
		}
	}
	gone := Config{Host: "127.0.0.1", Port: 1, From: "a@b.example", TLS: NoTLS}
	if err := gone.Send(context.Background(), letter); err == nil {
		t.Error("sent to nobody")
	}
}

func TestConfigIsChecked(t *testing.T) {
	for what, c := range map[string]Config{
		"no sender":   {Host: "smtp.example.cl"},
		"bad sender":  {Host: "smtp.example.cl", From: "nobody"},
		"bad TLS":     {Host: "smtp.example.cl", From: "a@example.cl", TLS: "maybe"},
		"bad port":    {Host: "smtp.example.cl", From: "a@example.cl", Port: 70_000},
		"no user":     {Host: "smtp.example.cl", From: "a@example.cl", Password: "x"},
		"two senders": {Host: "smtp.example.cl", From: "a@example.cl, b@example.cl"},
	} {
		if c.Check() == nil {
			t.Errorf("%s: accepted", what)
		}
	}
	for _, c := range []Config{{}, {Host: "smtp.example.cl", From: "Limache <a@example.cl>"}} {
		if err := c.Check(); err != nil {
			t.Error(err)
		}
	}
}

// post is a municipality with an outbox, and a courier that the test drives.
type post struct {
	t       *testing.T
	dir     string
	files   *tenants.Files
	clock   *tenantstest.Clock
	m       *tenants.Municipality
	server  *mailtest.Server
	courier *Courier
	over    bool
}

func newPost(t *testing.T) *post {
	t.Helper()
	p := &post{t: t, dir: t.TempDir(), clock: tenantstest.NewClock(), server: mailtest.New(t, false)}
	p.open()
	return p
}

func (p *post) open() {
	p.t.Helper()
	files, err := tenants.Open(context.Background(), tenants.Options{Dir: p.dir, Clock: p.clock.Now})
	if err != nil {
		p.t.Fatal(err)
	}
	p.files = files
	p.t.Cleanup(func() { _ = files.Close() })
	p.m = tenantstest.Municipality(p.t, files, "05802")
	p.courier = NewCourier(files, configOf(p.server), p.clock.Now, slog.New(slog.NewTextHandler(io.Discard, nil)))
	p.courier.pace = 0
	p.courier.Composers["test"] = func(context.Context, *tenants.Municipality, Entry) (Message, error) {
		if p.over {
			return Message{}, ErrOver
		}
		return letter, nil
	}
}

func (p *post) enqueue() string {
	p.t.Helper()
	id := ""
	err := p.m.Update(context.Background(), func(tx *tenants.Tx) (err error) {
		id, err = Enqueue(tx, "test", "ref", "serviu@example.cl", tx.Now.Add(15*24*time.Hour))
		return err
	})
	if err != nil {
		p.t.Fatal(err)
	}
	return id
}

// deliver is one turn of the courier: a look, then whatever is due.
func (p *post) deliver() {
	p.courier.look(context.Background())
	for _, id := range p.courier.ready() {
		p.courier.serve(context.Background(), id)
	}
}

func (p *post) last() (e Entry) {
	p.t.Helper()
	err := p.m.View(context.Background(), func(tx *tenants.Tx) (err error) {
		e, _, err = Last(tx, "test", "ref")
		return err
	})
	if err != nil {
		p.t.Fatal(err)
	}
	return e
}

func TestALetterIsSentOnce(t *testing.T) {
	p := newPost(t)
	id := p.enqueue()
	for range 3 {
		p.deliver()
		p.clock.Advance(24 * time.Hour)
	}
	if got := p.server.Letters(); len(got) != 1 || !strings.Contains(got[0].Data, strings.ToLower(id)+"@limache.example") {
		t.Errorf("%d letters", len(got))
	}
	if e := p.last(); e.State != Sent || e.Tries != 1 || !e.EndedAt.Equal(tenantstest.Today) {
		t.Errorf("the outbox says %+v", e)
	}
}

// The program is stopped between the commit and the sending; the next start sends
// it, and the one after sends nothing.
func TestTheOutboxOutlivesTheProgram(t *testing.T) {
	p := newPost(t)
	p.enqueue()
	for range 2 {
		if err := p.files.Close(); err != nil {
			t.Fatal(err)
		}
		p.open()
		p.deliver()
		if n := len(p.server.Letters()); n != 1 {
			t.Fatalf("%d letters", n)
		}
	}
}

// What was not committed was never to be sent.
func TestWhatWasTakenBackIsNotSent(t *testing.T) {
	p := newPost(t)
	broken := errors.New("the act failed")
	err := p.m.Update(context.Background(), func(tx *tenants.Tx) error {
		if _, err := Enqueue(tx, "test", "ref", "serviu@example.cl", tx.Now.Add(time.Hour)); err != nil {
			return err
		}
		return broken
	})
	if !errors.Is(err, broken) {
		t.Fatal(err)
	}
	p.deliver()
	if n := len(p.server.Letters()); n != 0 {
		t.Errorf("%d letters", n)
	}
}

func TestAServerThatIsAwayIsTriedAgain(t *testing.T) {
	p := newPost(t)
	p.enqueue()
	p.server.Answer("RCPT", "451 later")
	p.deliver()
	p.deliver() // not yet due: nobody is called
	if n := p.server.Sessions(); n != 1 {
		t.Fatalf("called %d times at once", n)
	}
	for i, wait := range []time.Duration{time.Minute, 5 * time.Minute, 15 * time.Minute} {
		p.clock.Advance(wait + time.Second)
		if i == 2 {
			p.server.Answer("RCPT", "")
		}
		p.deliver()
	}
	if e := p.last(); e.State != Sent || e.Tries != 4 || len(p.server.Letters()) != 1 {
		t.Errorf("after four tries: %+v, %d letters", e, len(p.server.Letters()))
	}
}

func TestALetterEndsInOtherWaysToo(t *testing.T) {
	for what, test := range map[string]struct {
		before  func(*post)
		state   State
		trouble string
	}{
		"refused": {func(p *post) { p.server.Answer("RCPT", "550 unknown") }, Failed, "550"},
		"over":    {func(p *post) { p.over = true }, Dropped, "over"},
		"late":    {func(p *post) { p.clock.Advance(16 * 24 * time.Hour) }, Failed, "late"},
	} {
		p := newPost(t)
		p.enqueue()
		test.before(p)
		p.deliver()
		p.clock.Advance(time.Hour)
		p.deliver()
		if e := p.last(); e.State != test.state || e.Trouble != test.trouble || len(p.server.Letters()) != 0 {
			t.Errorf("%s: %+v", what, e)
		}
	}
}

// Running, the courier hears at once of what is new, and stops when it is told.
func TestTheCourierHears(t *testing.T) {
	p := newPost(t)
	ctx, stop := context.WithCancel(context.Background())
	ended := make(chan struct{})
	go func() { p.courier.Run(ctx); close(ended) }()
	p.enqueue()
	p.courier.Tell(p.m.ID)
	for deadline := time.Now().Add(10 * time.Second); p.last().State != Sent; {
		if time.Now().After(deadline) {
			t.Fatal("never sent")
		}
	}
	stop()
	<-ended
	if n := len(p.server.Letters()); n != 1 {
		t.Errorf("%d letters", n)
	}
	(*Courier)(nil).Tell("nobody")
}

// A server that takes the call and says nothing keeps nobody from stopping.
func TestStoppingDoesNotWaitForASilentServer(t *testing.T) {
	silent, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = silent.Close() }()
	config := Config{Host: "127.0.0.1", Port: silent.Addr().(*net.TCPAddr).Port, From: "a@b.example", TLS: NoTLS}
	ctx, stop := context.WithCancel(context.Background())
	ended := make(chan error)
	go func() { ended <- config.Send(ctx, letter) }()
	conn, err := silent.Accept()
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = conn.Close() }()
	text := textproto.NewConn(conn)
	_ = text.PrintfLine("220 mailtest")
	if hello, err := text.ReadLine(); err != nil || !strings.HasPrefix(hello, "EHLO") {
		t.Fatal(hello, err)
	}
	stop()
	select {
	case err := <-ended:
		if err == nil {
			t.Error("sent to nobody")
		}
	case <-time.After(5 * time.Second):
		t.Fatal("still waiting")
	}
}
