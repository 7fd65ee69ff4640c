package web

import (
	"context"
	"math"
	"net/http"
	"time"

	"gsl/app/kit/i18n"
	"gsl/templates/layout"
)

// notice is one sentence of what happened, by its key: it is put into words in
// the language of the page that shows it.
type notice struct {
	Key  string         `json:"k"`
	Args map[string]any `json:"a,omitempty"`
}

// Flash says in one sentence what happened: in the status region of this
// fragment, or of the page that follows a redirect.
func (c *Ctx) Flash(key string, args map[string]any) { c.notice = &notice{Key: key, Args: args} }

func (n *notice) shown(ctx context.Context) *layout.Notice {
	return &layout.Notice{Text: i18n.Tf(ctx, n.Key, n.Args)}
}

const flashLife = time.Minute

// keepNotice takes the sentence across a redirect in a sealed cookie.
func (c *Ctx) keepNotice() {
	if c.notice == nil {
		return
	}
	sealed, err := c.server.sealer.seal(flashPurpose, c.notice, c.server.cfg.Clock().Add(flashLife))
	if err != nil || len(sealed) > 3000 {
		return // the change itself stands; only its sentence is not shown
	}
	c.setFlash(sealed, int(flashLife.Seconds()))
}

// takeNotice gives the sentence for a page, and forgets the cookie's.
func (c *Ctx) takeNotice() *layout.Notice {
	cookie, err := c.request.Cookie(c.flashName())
	if err == nil {
		c.setFlash("", -1)
	}
	if c.notice != nil {
		return c.notice.shown(c.ctx)
	}
	if err != nil {
		return nil
	}
	var kept notice
	if c.server.sealer.open(flashPurpose, cookie.Value, &kept, c.server.cfg.Clock()) != nil {
		return nil
	}
	kept.count()
	return kept.shown(c.ctx)
}

// count makes whole numbers of those that crossed a redirect as JSON: a sentence
// chooses its plural by them.
func (n *notice) count() {
	for name, value := range n.Args {
		if number, ok := value.(float64); ok && number == math.Trunc(number) {
			n.Args[name] = int64(number)
		}
	}
}

func (c *Ctx) flashName() string {
	if c.server.secure {
		return "__Host-gsl-flash"
	}
	return "gsl-flash"
}

func (c *Ctx) setFlash(value string, seconds int) {
	http.SetCookie(c.x, &http.Cookie{ //nolint:gosec // without TLS the server stands on loopback only
		Name: c.flashName(), Value: value, Path: "/", MaxAge: seconds,
		HttpOnly: true, Secure: c.server.secure, SameSite: http.SameSiteLaxMode})
}
