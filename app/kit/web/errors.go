package web

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"runtime/debug"
	"strings"

	"github.com/labstack/echo/v4"

	"gsl/app/kit/fault"
	"gsl/app/kit/i18n"
	"gsl/templates/layout"
	"gsl/templates/ui"
	"gsl/tenants"
)

// statuses is the HTTP status of each kind of trouble.
var statuses = map[fault.Kind]int{
	fault.Internal:        http.StatusInternalServerError,
	fault.Invalid:         http.StatusUnprocessableEntity,
	fault.NotFound:        http.StatusNotFound,
	fault.Forbidden:       http.StatusForbidden,
	fault.Conflict:        http.StatusConflict,
	fault.Unavailable:     http.StatusServiceUnavailable,
	fault.Unauthenticated: http.StatusUnauthorized,
	fault.TooLarge:        http.StatusRequestEntityTooLarge,
	fault.TooMany:         http.StatusTooManyRequests,
}

// What a page says by status: what happened, and what to do.
var (
	titleKeys = map[int]string{
		http.StatusBadRequest:            "web.error.400.title",
		http.StatusUnauthorized:          "web.error.401.title",
		http.StatusForbidden:             "web.error.403.title",
		http.StatusNotFound:              "web.error.404.title",
		http.StatusMethodNotAllowed:      "web.error.405.title",
		http.StatusConflict:              "web.error.409.title",
		http.StatusRequestEntityTooLarge: "web.error.413.title",
		http.StatusUnprocessableEntity:   "web.error.422.title",
		http.StatusTooManyRequests:       "web.error.429.title",
		http.StatusInternalServerError:   "web.error.500.title",
		http.StatusServiceUnavailable:    "web.error.503.title",
	}
	todoKeys = map[int]string{
		http.StatusBadRequest:            "web.error.400.todo",
		http.StatusUnauthorized:          "web.error.401.todo",
		http.StatusForbidden:             "web.error.403.todo",
		http.StatusNotFound:              "web.error.404.todo",
		http.StatusMethodNotAllowed:      "web.error.405.todo",
		http.StatusConflict:              "web.error.409.todo",
		http.StatusRequestEntityTooLarge: "web.error.413.todo",
		http.StatusUnprocessableEntity:   "web.error.422.todo",
		http.StatusTooManyRequests:       "web.error.429.todo",
		http.StatusInternalServerError:   "web.error.500.todo",
		http.StatusServiceUnavailable:    "web.error.503.todo",
	}
)

// ownKeys are title and advice of the troubles for which those of their status are
// beside the point.
var ownKeys = map[string]struct{ title, todo string }{
	"access.suspended": {"web.error.suspended.title", "web.error.suspended.todo"},
	"fault.suspended":  {"web.error.suspended.title", "web.error.suspended.todo"},
	"fault.twice":      {"web.error.twice.title", "web.error.twice.todo"},
}

// clientGone is the status that the log has for a peer who did not wait.
const clientGone = 499

// fail answers with what went wrong. It logs nothing itself: the cause goes
// into the request's one line.
func (c *Ctx) fail(err error) {
	if c.answered() {
		c.x.cause = err // the answer is on its way: only the log can still tell
		return
	}
	if errors.Is(err, context.Canceled) && c.request.Context().Err() != nil {
		c.x.status = clientGone
		return
	}
	if c.moved(err) || c.behind(err) {
		return
	}
	err = named(err)
	status := statuses[fault.KindOf(err)]
	if status >= http.StatusInternalServerError {
		c.x.cause = err
	}
	if status == http.StatusServiceUnavailable || status == http.StatusTooManyRequests {
		c.retryAfter()
	}
	c.show(status, err)
}

// retryAfter says when to come back, unless the handler said it better.
func (c *Ctx) retryAfter() {
	if h := c.x.Header(); h.Get("Retry-After") == "" {
		h["Retry-After"] = []string{"5"}
	}
}

// fileTroubles are the sentences for what can be wrong with a file; any other
// trouble of a file is told as damage.
var fileTroubles = []struct {
	err  error
	kind fault.Kind
	key  string
}{
	{tenants.ErrSuspended, fault.Forbidden, "fault.suspended"},
	{tenants.ErrRestoring, fault.Unavailable, "fault.restoring"},
	{tenants.ErrFull, fault.Unavailable, "fault.disk_full"},
	{tenants.ErrUnsent, fault.Unavailable, "fault.unsent"},
	{tenants.ErrBusy, fault.Unavailable, "fault.busy"},
	{tenants.ErrUnavailable, fault.Unavailable, "fault.file_damaged"},
	{context.DeadlineExceeded, fault.Unavailable, "fault.slow"},
}

// named gives an error that nobody named yet the name of its trouble.
func named(err error) error {
	if fault.KindOf(err) != fault.Internal {
		return err
	}
	for _, t := range fileTroubles {
		if errors.Is(err, t.err) {
			return fault.Wrap(err, t.kind, t.key)
		}
	}
	return err
}

func (c *Ctx) show(status int, err error) {
	view := layout.Trouble{
		Status: status, RequestID: c.x.id,
		Title: i18n.T(c.ctx, titleKeys[status]),
		What:  c.sentence(err),
		Todo:  i18n.T(c.ctx, todoKeys[status]),
	}
	if status == http.StatusUnprocessableEntity && !c.htmx() {
		view.Todo = i18n.T(c.ctx, "web.error.422.back") // this page takes the place of the form
	}
	var e *fault.Error
	if errors.As(err, &e) && ownKeys[e.Key].title != "" {
		view.Title, view.Todo = i18n.T(c.ctx, ownKeys[e.Key].title), i18n.T(c.ctx, ownKeys[e.Key].todo)
	}
	view.Details = c.details(err)
	if c.htmx() {
		c.showPart(status, err, view)
		return
	}
	switch {
	case status >= http.StatusInternalServerError, status == http.StatusTooManyRequests:
		view.Typed = c.typedForm()
	case status == http.StatusUnprocessableEntity, status == http.StatusConflict:
		view.Texts = c.typedTexts()
	}
	if err := c.Page(status, layout.Page{Title: view.Title, Narrow: true}, layout.TroublePage(view)); err != nil {
		c.x.cause = err
		http.Error(c.x, view.Title, status)
	}
}

// typedForm is what a signed-in person had typed when it could not be saved
// through no fault of theirs: the page is gone, so its text goes along.
func (c *Ctx) typedForm() *layout.Interrupted {
	if !c.known || c.request.Method != http.MethodPost {
		return nil
	}
	form, err := c.Form()
	if err != nil {
		return nil
	}
	view := interruptedView(interrupted{Path: c.request.URL.Path, Form: typed(form)})
	if len(view.Fields) == 0 {
		return nil
	}
	return &view
}

// typedTexts is what a person had typed, without a button: as it is, it cannot be
// saved. Without JavaScript this page took the place of the form.
func (c *Ctx) typedTexts() []string {
	view := c.typedForm()
	if view == nil {
		return nil
	}
	var texts []string
	for _, f := range view.Fields {
		if f.Shown {
			texts = append(texts, strings.ToValidUTF8(f.Value, "\ufffd"))
		}
	}
	return texts
}

// How much of what is wrong with a form one page tells.
const (
	mostDetails = 20
	longestName = 60 // bytes of a field's name
)

// details says what is wrong with each field. No label stands beside it on
// this page: the field's own name says which one it is.
func (c *Ctx) details(err error) []string {
	list := c.Errors(err)
	texts := make([]string, 0, min(len(list), mostDetails))
	for _, e := range list[:min(len(list), mostDetails)] {
		name := strings.ToValidUTF8(e.Name[:min(len(e.Name), longestName)], "")
		texts = append(texts, name+": "+e.Text)
	}
	return texts
}

// showPart tells it in the status region, or in the sign-in form that stands
// over the page; the rest of the page stays as it is, with what was typed.
func (c *Ctx) showPart(status int, err error, view layout.Trouble) {
	c.notice = nil
	part := layout.TroublePart(view)
	if c.Renewing() {
		part = layout.SignInTrouble(c.sentence(err))
	}
	if err := c.Partial(status, part); err != nil {
		c.x.cause = err
		http.Error(c.x, view.Title, status)
	}
}

// sentence is the error's own text when it has one.
func (c *Ctx) sentence(err error) string {
	var e *fault.Error
	if errors.As(err, &e) && i18n.Has(c.ctx, e.Key) {
		return i18n.Tf(c.ctx, e.Key, e.Args)
	}
	return ""
}

// Errors puts what is wrong with each field into words, for the form that is
// shown again. labels are pairs of field name and translation key of its label.
func (c *Ctx) Errors(err error, labels ...string) ui.Errors {
	var e *fault.Error
	if !errors.As(err, &e) {
		return nil
	}
	var list ui.Errors
	for _, f := range e.Fields {
		list = append(list, ui.FieldError{Name: f.Name, Label: c.label(f.Name, labels), Text: i18n.Tf(c.ctx, f.Key, f.Args)})
	}
	return list
}

func (c *Ctx) label(name string, pairs []string) string {
	for i := 0; i+1 < len(pairs); i += 2 {
		if pairs[i] == name {
			return i18n.T(c.ctx, pairs[i+1])
		}
	}
	return ""
}

// unrouted answers what no route matches: an unknown address or the wrong verb.
func (s *Server) unrouted(err error, ec echo.Context) {
	c := s.newCtx(ec, &Route{Permission: s.cfg.Public})
	if session, ok, gateErr := s.cfg.Gate.Session(c.request); gateErr == nil && ok {
		c.adopt(session)
	}
	if he := (*echo.HTTPError)(nil); errors.As(err, &he) && he.Code == http.StatusMethodNotAllowed {
		c.show(http.StatusMethodNotAllowed, nil)
		return
	}
	c.fail(fault.New(fault.NotFound, "fault.not_found"))
}

// panicked answers a bug with a page that does not look like one.
func (s *Server) panicked(x *exchange, r *http.Request, p any) {
	x.cause = fmt.Errorf("panic: %v\n%s", p, debug.Stack())
	if x.status != 0 {
		return
	}
	ec := s.echo.NewContext(r, x)
	route := Route{Path: x.route, Permission: s.cfg.Public}
	s.newCtx(ec, &route).show(http.StatusInternalServerError, nil)
}
