// Package mail sends e-mail. What has to be sent is written into the outbox of
// the municipality's file (of the whole installation: of national.db), in the
// transaction of the act it is about; a courier
// in the background sends it, tries again when the server is away, and goes on
// after a restart. The outbox holds no text: each room composes its own when a
// letter leaves, so that a letter about what is over is never sent.
//
// An e-mail of ours holds no personal data.
package mail

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"net"
	"net/mail"
	"strings"
	"time"

	gomail "github.com/wneessen/go-mail"
)

// How the connection is kept secret.
const (
	StartTLS    = "starttls" // a plain connection that must become a secret one
	ImplicitTLS = "tls"      // secret from the first byte
	NoTLS       = "none"     // for a server on this machine only
)

// Config is the SMTP server. Without Host nothing is sent.
type Config struct {
	Host     string
	Port     int // 0: by TLS
	User     string
	Password string
	From     string      // "Municipalidad <derivaciones@example.cl>"
	TLS      string      // StartTLS, ImplicitTLS, NoTLS; "": StartTLS
	Trust    *tls.Config // nil: the system's authorities
}

// On reports whether there is a server to send by.
func (c Config) On() bool { return c.Host != "" }

// Check says what is wrong with the configuration, for whoever starts the program.
func (c Config) Check() error {
	if !c.On() {
		return nil
	}
	if at, err := mail.ParseAddress(c.From); err != nil || !strings.Contains(at.Address, ".") && !strings.HasSuffix(at.Address, "@localhost") {
		return fmt.Errorf("%q is no sender such as \"Municipalidad <derivaciones@example.cl>\"", c.From)
	}
	switch c.TLS {
	case "", StartTLS, ImplicitTLS, NoTLS:
	default:
		return fmt.Errorf("%q is no way to secure mail: starttls, tls or none", c.TLS)
	}
	if c.Port < 0 || c.Port > 65535 {
		return fmt.Errorf("%d is no port", c.Port)
	}
	if c.User == "" && c.Password != "" {
		return errors.New("a password without a user")
	}
	return nil
}

func (c Config) port() int {
	switch {
	case c.Port != 0:
		return c.Port
	case c.TLS == ImplicitTLS:
		return 465
	case c.TLS == NoTLS:
		return 25
	}
	return 587
}

// Message is one letter, plain text.
type Message struct {
	ID      string // of its row: the same letter has the same Message-ID at each try
	To      string
	Subject string
	Text    string
}

// RefusalError is what a server said for good: trying again would not help.
type RefusalError struct{ Code int }

// Error names the server's code, never its words: they may quote an address.
func (r *RefusalError) Error() string { return fmt.Sprintf("mail: refused with %d", r.Code) }

// failure is a try that may succeed later.
type failure struct{ code int }

// Error names the server's code, 0 when it was not reached.
func (f *failure) Error() string { return fmt.Sprintf("mail: not sent now (%d)", f.code) }

const patience = time.Minute

// Send hands a letter to the server and returns nil when the server has taken
// it. A *RefusalError is final; anything else may be tried again.
func (c Config) Send(ctx context.Context, m Message) error {
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	letter, err := c.letter(m)
	if err != nil {
		return err
	}
	client, err := gomail.NewClient(c.Host, c.options(ctx)...)
	if err != nil {
		return &failure{}
	}
	err = client.DialAndSendWithContext(ctx, letter)
	if err == nil || letter.IsDelivered() { // a connection that breaks after the server took it
		return nil
	}
	if sent := (*gomail.SendError)(nil); errors.As(err, &sent) {
		if code := sent.ErrorCode(); code >= 500 && !sent.IsTemp() {
			return &RefusalError{code}
		}
		return &failure{sent.ErrorCode()}
	}
	return &failure{}
}

func (c Config) letter(m Message) (*gomail.Msg, error) {
	letter := gomail.NewMsg(gomail.WithNoDefaultUserAgent())
	from, err := mail.ParseAddress(c.From)
	if err != nil {
		return nil, &failure{}
	}
	letter.FromMailAddress(from)
	if err := letter.To(m.To); err != nil {
		return nil, &RefusalError{} // no address at all: no server would take it
	}
	letter.Subject(m.Subject)
	letter.SetDate()
	_, host, _ := strings.Cut(from.Address, "@")
	letter.SetMessageIDWithValue(strings.ToLower(m.ID) + "@" + host)
	letter.SetGenHeader("Auto-Submitted", "auto-generated")
	letter.SetBodyString(gomail.TypeTextPlain, m.Text)
	return letter, nil
}

// options say how the server is reached. The dialer is ours in each case: a
// connection of go-mail's own does not hear that the context has ended.
func (c Config) options(ctx context.Context) []gomail.Option {
	list := []gomail.Option{gomail.WithPort(c.port()), gomail.WithTimeout(patience / 2), gomail.WithDialContextFunc(c.dialer(ctx))}
	if c.TLS == ImplicitTLS || c.TLS == NoTLS {
		list = append(list, gomail.WithTLSPolicy(gomail.NoTLS)) // nothing to be begun on the way
	} else {
		list = append(list, gomail.WithTLSPolicy(gomail.TLSMandatory))
	}
	if c.Trust != nil {
		list = append(list, gomail.WithTLSConfig(c.Trust))
	}
	if c.User == "" {
		return list
	}
	list = append(list, gomail.WithUsername(c.User), gomail.WithPassword(c.Password))
	if c.TLS == ImplicitTLS { // go-mail cannot tell that our connection is secret already
		return append(list, gomail.WithOpportunisticSMTPAuth(gomail.SMTPAuthSCRAMSHA256, gomail.SMTPAuthPlainNoEnc, gomail.SMTPAuthLoginNoEnc, gomail.SMTPAuthCramMD5))
	}
	return append(list, gomail.WithSMTPAuth(gomail.SMTPAuthAutoDiscover))
}

// dialer reaches the server that is configured and no other; the connection ends
// with the context.
func (c Config) dialer(ctx context.Context) gomail.DialContextFunc {
	return func(dialing context.Context, network, address string) (conn net.Conn, err error) {
		plain := net.Dialer{Timeout: patience / 4}
		if c.TLS == ImplicitTLS {
			trust := c.Trust
			if trust == nil {
				trust = &tls.Config{ServerName: c.Host, MinVersion: tls.VersionTLS12}
			}
			conn, err = (&tls.Dialer{NetDialer: &plain, Config: trust}).DialContext(dialing, network, address)
		} else {
			conn, err = plain.DialContext(dialing, network, address)
		}
		if err == nil {
			context.AfterFunc(ctx, func() { _ = conn.Close() }) // whoever still talks hears it
		}
		return conn, err
	}
}
