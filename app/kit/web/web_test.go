package web_test

import (
	"net/http"
	"net/url"
	"testing"

	"github.com/a-h/templ"

	"gsl/app/kit/actor"
	"gsl/app/kit/web"
	"gsl/app/kit/web/webtest"
	"gsl/templates/layout"
	"gsl/templates/ui"
)

var camila = actor.Actor{UserID: "u1", MembershipID: "m1", Name: "Camila Rojas Soto", Role: "case_manager",
	UnitID: "social", UnitName: "Asistencia Social", Permissions: actor.Of(1, 2, 3, 4, 5, 6)}

func hello(c *web.Ctx) error {
	return c.Page(http.StatusOK, layout.Page{Title: "Hola"}, ui.Field(ui.Input{Name: "note", Label: "Nota"}))
}

func save(c *web.Ctx) error {
	var form struct {
		Note string `form:"note" validate:"required,max=10"`
	}
	if err := c.Bind(&form); err != nil {
		return err
	}
	c.Flash("web.session.kept", nil)
	if c.Fragment() {
		return c.Partial(http.StatusOK, templ.Raw("<p>"+templ.EscapeString(form.Note)+"</p>"))
	}
	return c.Redirect("/hello")
}

func mount(r *web.Router) {
	r.GET("/hello", 3, hello)
	r.POST("/hello", 3, save)
}

func TestAPageAndItsForm(t *testing.T) {
	c := webtest.New(t, camila, mount)
	c.Get("/hello").Contains(t, "Camila Rojas Soto", `name="note"`, `lang="es-CL"`)
	if got := c.PostForm("/hello", url.Values{"note": {"hola"}}); got.Status != http.StatusSeeOther {
		t.Fatalf("got %d: %s", got.Status, got.Body)
	}
	c.Get("/hello").Contains(t, "Su sesión sigue abierta.")
	c.Get("/hello").Lacks(t, "Su sesión sigue abierta.")
	c.PostHX("/hello", url.Values{"note": {"hola"}}).Contains(t, "<p>hola</p>", `hx-target="#status"`)
	if got := c.PostForm("/hello", url.Values{"other": {"1"}}); got.Status != http.StatusUnprocessableEntity {
		t.Fatalf("got %d: %s", got.Status, got.Body)
	}
}
