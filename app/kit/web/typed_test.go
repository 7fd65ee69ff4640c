package web_test

import (
	"net/http"
	"net/url"
	"testing"

	"gsl/app/kit/fault"
	"gsl/app/kit/web"
	"gsl/app/kit/web/webtest"
)

// A change that could not be saved through no fault of the person comes back
// with its text and a button to send it again; the passwords in it do not.
func TestTextOutlivesTrouble(t *testing.T) {
	trouble := map[string]error{
		"/full": fault.New(fault.Unavailable, "fault.disk_full"), "/often": fault.New(fault.TooMany, "fault.busy"),
		"/bug": http.ErrBodyNotAllowed, "/invalid": fault.New(fault.Invalid, "fault.body_kind"),
	}
	c := webtest.New(t, camila, func(r *web.Router) {
		mount(r)
		for path, err := range trouble {
			r.POST(path, 3, func(*web.Ctx) error { return err })
		}
	})
	form := url.Values{"note": {"lo que costó escribir"}, "password": {"secreto-1"}, "current": {"secreto-2"}, "repeat": {"secreto-3"}}
	for path := range trouble {
		got := c.PostForm(path, form)
		got.Lacks(t, "secreto")
		if path == "/invalid" { // sending the same again would not help: it can be copied
			got.Contains(t, "<p>lo que costó escribir</p>", "Vuelva a la página anterior")
			got.Lacks(t, `name="note"`)
			hx := c.PostHX(path, form)
			hx.Lacks(t, "lo que costó")
			hx.Contains(t, "sigue en la página")
			continue
		}
		got.Contains(t, `action="`+path+`"`, `name="note" value="lo que costó escribir"`, "Retomar y enviar")
		c.PostHX(path, form).Lacks(t, "secreto", "lo que costó") // the page is still there
	}
}
