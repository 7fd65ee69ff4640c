package web

import (
	"bytes"
	"net/http"
	"net/url"
	"sort"
	"strings"
	"time"

	"gsl/app/kit/fault"
	"gsl/app/kit/i18n"
	"gsl/templates/layout"
)

// What a person typed must not be lost when the session ends in the middle.
//
// Without JavaScript: the sign-in page that answers the form carries it, sealed,
// in a hidden field; after the same person signed in, a page shows what was
// typed and sends it again with one button.
//
// With JavaScript: the answer is 401, app.js opens the sign-in form over the
// page, and the page goes on with a new token. Nothing left the page.

// interrupted is the request that a session's end stopped.
type interrupted struct {
	Method string     `json:"m"`
	Path   string     `json:"p"`
	Form   url.Values `json:"f,omitempty"`
	Mark   []byte     `json:"u,omitempty"` // of the user who was typing
}

// How long what was typed can be taken up again.
const resumeLife = 12 * time.Hour

// unauthenticated answers a request that needs a session and has none.
func (s *Server) unauthenticated(c *Ctx) error {
	if c.htmx() {
		c.x.Header()["X-Session"] = []string{"ended"}
		return fault.New(fault.Unauthenticated, "fault.session_ended")
	}
	if c.request.Method == http.MethodGet {
		return c.Redirect(signInPath + "?next=" + url.QueryEscape(c.request.URL.Path))
	}
	if err := c.carry(); err != nil {
		return err
	}
	if s.signIn == nil {
		return fault.New(fault.Unauthenticated, "fault.session_ended")
	}
	return s.signIn(c)
}

// carry seals the form for the sign-in page. Files are not carried: nobody who
// is not signed in may send us more than a form.
func (c *Ctx) carry() error {
	c.bodyLimit = min(c.bodyLimit, formLimit)
	form, err := c.Form()
	if err != nil {
		return err
	}
	_, mark := openToken(form.Get("_token"))
	kept := interrupted{Method: c.request.Method, Path: c.request.URL.Path, Form: typed(form), Mark: mark}
	c.ui.Resume, err = c.server.sealer.seal(resumePurpose, kept, c.server.cfg.Clock().Add(resumeLife))
	return err
}

// typed is the form without our own fields and without secrets.
func typed(form url.Values) url.Values {
	kept := make(url.Values, len(form))
	for name, values := range form {
		if !strings.HasPrefix(name, "_") && !isSecret(name) {
			kept[name] = values
		}
	}
	return kept
}

// isSecret names the boxes into which people type passwords: what is in them
// goes nowhere but to the handler. A test compares with the boxes of all pages.
func isSecret(name string) bool {
	return strings.Contains(name, "password") || name == "current" || name == "repeat" || name == "code"
}

// CarryNext prepares the sign-in page for somebody who wanted to open an
// address (query parameter "next"): the page's ui.ResumeField takes it along.
func (c *Ctx) CarryNext() error {
	path := c.Query("next")
	if !ownPath(path) {
		return nil
	}
	var err error
	c.ui.Resume, err = c.server.sealer.seal(resumePurpose, interrupted{Method: http.MethodGet, Path: path},
		c.server.cfg.Clock().Add(resumeLife))
	return err
}

// CarryOn keeps what the sign-in form brought along when the form is shown
// again, after a wrong password for instance.
func (c *Ctx) CarryOn() error {
	form, err := c.Form()
	if err != nil {
		return err
	}
	c.ui.Resume = form.Get("_resume")
	return nil
}

// OwnPath is the path that a form wants to go back to, "/" when it is none of ours.
func OwnPath(path string) string {
	if ownPath(path) {
		return path
	}
	return "/"
}

// ownPath accepts a path of this server and nothing that leads elsewhere.
func ownPath(path string) bool {
	u, err := url.Parse(path)
	return err == nil && strings.HasPrefix(path, "/") && !strings.HasPrefix(path, "//") &&
		!strings.Contains(path, `\`) && u.Host == "" && u.Scheme == ""
}

// Renewing reports whether the sign-in form stands over a page that goes on
// afterwards. What is wrong is then returned as an error, not as a page.
func (c *Ctx) Renewing() bool {
	if !c.Fragment() {
		return false
	}
	form, err := c.Form()
	if err != nil || form.Get("_renew") != "1" {
		return false
	}
	if lang := form.Get("_lang"); i18n.Known(lang) && lang != i18n.Lang(c.ctx) {
		c.prepare(lang) // the page under the form speaks the user's language
	}
	return true
}

// Resume is called by the sign-in right after it made a session. It answers
// and returns true when the person was in the middle of something: the page
// under the form gets a new token, the form that was interrupted is shown to be
// sent again, or the address that was asked for is opened.
func (c *Ctx) Resume(session Session) (bool, error) {
	form, err := c.Form()
	if err != nil {
		return false, err
	}
	if c.Renewing() {
		return true, c.renew(session, form.Get("_token"))
	}
	var kept interrupted
	if c.server.sealer.open(resumePurpose, form.Get("_resume"), &kept, c.server.cfg.Clock()) != nil {
		return false, nil
	}
	if kept.Method == http.MethodGet {
		return true, c.Redirect(kept.Path)
	}
	if !c.isMark(kept.Mark, session) {
		return false, nil // somebody else signed in: what was typed is not theirs to read
	}
	c.adopt(session)
	return true, c.showInterrupted(http.StatusOK, kept)
}

func (c *Ctx) isMark(mark []byte, session Session) bool {
	return len(mark) == partSize && bytes.Equal(mark, c.server.sealer.markOf(session.Actor.UserID))
}

// renew gives the page under the sign-in form its new token.
func (c *Ctx) renew(session Session, oldToken string) error {
	if _, mark := openToken(oldToken); !c.isMark(mark, session) {
		return c.Redirect("/")
	}
	c.adopt(session)
	c.x.Header()["X-Token"] = []string{c.ui.Token}
	c.Flash("web.session.renewed", nil)
	return c.Partial(http.StatusOK)
}

// staleToken answers a form whose token is of another session: the person
// signed in again elsewhere, and the form is still good.
func (c *Ctx) staleToken(token string) error {
	_, mark := openToken(token)
	if !c.isMark(mark, c.session) {
		return fault.New(fault.Forbidden, "fault.token")
	}
	if c.htmx() {
		c.x.Header()["X-Token"] = []string{c.ui.Token}
		return fault.New(fault.Forbidden, "fault.token_renewed")
	}
	form, err := c.Form()
	if err != nil {
		return err
	}
	return c.showInterrupted(http.StatusForbidden, interrupted{Method: c.request.Method, Path: c.request.URL.Path, Form: typed(form)})
}

func (c *Ctx) showInterrupted(status int, kept interrupted) error {
	return c.Page(status, layout.Page{Title: i18n.T(c.ctx, "web.resume.title"), Narrow: true}, layout.Resume(interruptedView(kept)))
}

func interruptedView(kept interrupted) layout.Interrupted {
	view := layout.Interrupted{Path: kept.Path}
	for name, values := range kept.Form {
		for _, value := range values {
			view.Fields = append(view.Fields, layout.TypedField{Name: name, Value: value, Shown: worthShowing(value)})
		}
	}
	sort.SliceStable(view.Fields, func(i, j int) bool { return view.Fields[i].Name < view.Fields[j].Name })
	return view
}

// worthShowing leaves out what nobody typed: ids, flags, keys.
func worthShowing(value string) bool {
	return strings.TrimSpace(value) != "" && value != "1" && !isID(value)
}

func isID(value string) bool {
	if len(value) < 20 {
		return false
	}
	for _, b := range []byte(value) {
		if (b < '0' || b > '9') && (b < 'A' || b > 'Z') && b != '-' {
			return false
		}
	}
	return true
}

// keepSession is asked for by "go on working": that it was asked is enough.
func keepSession(c *Ctx) error {
	c.Flash("web.session.kept", nil)
	if c.Fragment() {
		return c.Partial(http.StatusOK)
	}
	return c.Redirect("/")
}

// help lists the keys and switches them off.
func help(c *Ctx) error {
	if c.Fragment() {
		return c.Partial(http.StatusOK, layout.HelpDialog())
	}
	return c.Page(http.StatusOK, layout.Page{Title: i18n.T(c.ctx, "layout.help"), Narrow: true}, layout.HelpPage())
}
