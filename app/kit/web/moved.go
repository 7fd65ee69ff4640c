package web

import (
	"errors"
	"net/http"
	"strings"

	"gsl/app/kit/fault"
	"gsl/app/kit/i18n"
	"gsl/templates/layout"
)

// moved answers a request for what is kept under another id now (fault.Moved):
// who reads is led there; who writes is told, with what was typed ready to be
// sent there. It reports whether it answered.
func (c *Ctx) moved(err error) bool {
	var e *fault.Error
	if !errors.As(err, &e) || e.New == "" {
		return false
	}
	before, after, found := strings.Cut(c.request.URL.EscapedPath(), e.Old)
	if !found || c.htmx() && c.request.Method != http.MethodGet {
		return false // the page is still there, with its text, and is told
	}
	place := before + e.New + after
	if c.request.Method != http.MethodGet {
		return c.sendThere(before+e.New, place, err)
	}
	if query := c.request.URL.RawQuery; query != "" {
		place += "?" + query
	}
	return c.Redirect(place) == nil
}

// sendThere offers to send what was typed to its new place; without any text it
// leads to the thing itself.
func (c *Ctx) sendThere(thing, place string, err error) bool {
	typed := c.typedForm()
	if typed == nil {
		return c.Redirect(thing) == nil
	}
	typed.Path = place
	view := layout.Trouble{Status: http.StatusConflict, RequestID: c.x.id, Typed: typed, What: c.sentence(err),
		Title: i18n.T(c.ctx, "web.moved.title"), Todo: i18n.T(c.ctx, "web.moved.todo")}
	return c.Page(http.StatusConflict, layout.Page{Title: view.Title, Narrow: true}, layout.TroublePage(view)) == nil
}
