package web

import (
	"errors"
	"net/http"
	"net/url"

	"gsl/app/kit/fault"
	"gsl/app/kit/i18n"
	"gsl/templates/layout"
)

// behind answers a request for what stands behind a door (fault.Behind): who
// reads is led to the door, which leads back; who writes is told, and gets what
// was typed back to send it again. It reports whether it answered.
func (c *Ctx) behind(err error) bool {
	var e *fault.Error
	if !errors.As(err, &e) || e.Door == "" {
		return false
	}
	if c.request.Method == http.MethodGet {
		return c.Redirect(e.Door+"?to="+url.QueryEscape(c.request.URL.Path)) == nil
	}
	view := layout.Trouble{Status: http.StatusForbidden, RequestID: c.x.id, Title: i18n.T(c.ctx, "web.door.title"), What: c.sentence(err), Door: e.Door}
	if c.htmx() { // the page is still there, with its text
		view.Todo = i18n.T(c.ctx, "web.door.todo_page")
		c.showPart(http.StatusForbidden, err, view)
		return true
	}
	if view.Typed = c.typedForm(); view.Typed == nil {
		return c.Redirect(e.Door) == nil
	}
	view.Todo = i18n.T(c.ctx, "web.door.todo")
	return c.Page(http.StatusForbidden, layout.Page{Title: view.Title, Narrow: true}, layout.TroublePage(view)) == nil
}
