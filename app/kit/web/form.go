package web

import (
	"errors"
	"mime"
	"net/http"
	"net/url"
	"time"

	"gsl/app/kit/fault"
)

// Form is the body as form values, read once. A body over the route's limit is
// refused by its declared length, or as soon as it passes the limit.
func (c *Ctx) Form() (url.Values, error) {
	if c.form == nil && c.formErr == nil {
		c.form, c.formErr = c.readForm()
	}
	return c.form, c.formErr
}

// readAhead reads the body of a change before its handler takes a turn: a body
// that trickles in must not keep others waiting. What is wrong with it, the
// handler hears when it asks.
func (c *Ctx) readAhead() {
	if c.request.Method != http.MethodGet {
		_, _ = c.Form()
	}
}

// A body that says it is no longer than this is read at once. Longer ones, and
// those that do not say, take turns and keep them until they are answered, so that
// a flood of them is no flood of memory, whoever else they wait for.
const smallBody = 64 << 10

func (c *Ctx) readForm() (url.Values, error) {
	switch length := c.request.ContentLength; {
	case length > c.bodyLimit:
		c.x.Header()["Connection"] = []string{"close"} // nobody will read the rest
		return nil, fault.New(fault.TooLarge, "fault.too_large")
	case length >= 0 && length <= smallBody:
		return c.readBody()
	}
	queue := c.server.bodies
	if !c.known {
		queue = c.server.strangers
	}
	if err := queue.take(c.ctx); err != nil {
		return nil, err
	}
	c.holds = queue // what was read is in memory until the answer is sent
	return c.readBody()
}

func (c *Ctx) readBody() (url.Values, error) {
	r := c.request
	r.Body = http.MaxBytesReader(c.x.ResponseWriter, r.Body, c.bodyLimit) // the writer itself: it is told to hang up
	kind, _, _ := mime.ParseMediaType(r.Header.Get("Content-Type"))
	var err error
	switch {
	case kind == "multipart/form-data" && c.route.upload:
		err = c.readUpload()
	case kind == "application/x-www-form-urlencoded", kind == "":
		err = r.ParseForm()
	default:
		return nil, fault.New(fault.Invalid, "fault.body_kind")
	}
	if tooLarge := (*http.MaxBytesError)(nil); errors.As(err, &tooLarge) {
		return nil, fault.New(fault.TooLarge, "fault.too_large")
	}
	if err != nil {
		return nil, fault.New(fault.Invalid, "fault.body_broken") // the cause may quote what was typed
	}
	return r.PostForm, nil
}

// readUpload gives a slow line the time that 25 MB need; files beyond 1 MB wait
// on disk until the answer is sent.
func (c *Ctx) readUpload() error {
	_ = http.NewResponseController(c.x).SetReadDeadline(time.Now().Add(10 * time.Minute)) // the real clock: it is the connection's
	return c.request.ParseMultipartForm(formLimit)                                        //nolint:gosec // readForm bounded the body
}

// Typed is the text of a field as it was typed, for the form that is shown again.
func (c *Ctx) Typed(name string) string {
	form, err := c.Form()
	if err != nil {
		return ""
	}
	return form.Get(name)
}
