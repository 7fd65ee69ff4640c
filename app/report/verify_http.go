package report

import (
	"net/http"
	"net/url"

	"gsl/app/access"
	"gsl/app/kit/fault"
	"gsl/app/kit/i18n"
	"gsl/app/kit/web"
	"gsl/templates/layout"
	views "gsl/templates/report"
)

// VerifyHandlers are the pages on which anybody checks a paper, without an account.
type VerifyHandlers struct{ verifier *Verifier }

// NewVerifyHandlers makes the handlers.
func NewVerifyHandlers(verifier *Verifier) *VerifyHandlers { return &VerifyHandlers{verifier} }

// Mount names the routes.
func (h *VerifyHandlers) Mount(r *web.Router) {
	r.GET("/v", access.Public, h.ask, web.Check(h.guard))
	r.GET("/v/:code", access.Public, h.check, web.Check(h.guard))
}

// guard turns away who asks for one code after the other.
func (h *VerifyHandlers) guard(c *web.Ctx) error {
	if !h.verifier.callers.Allow(c.Address(), h.verifier.clock()) {
		c.Writer().Header().Set("Retry-After", "60")
		return fault.New(fault.TooMany, "verify.error.too_many")
	}
	return nil
}

// ask shows the form; what was typed there leads to the page of its code.
func (h *VerifyHandlers) ask(c *web.Ctx) error {
	typed := c.Query("code")
	if typed == "" {
		return h.page(c, http.StatusOK, &views.Verify{})
	}
	if _, code, ok := ParseCode(typed); ok {
		return c.Redirect("/v/" + url.PathEscape(code))
	}
	return h.unknown(c, typed)
}

// check shows what a code stands for.
func (h *VerifyHandlers) check(c *web.Ctx) error {
	typed := c.Param("code")
	found, err := h.verifier.Check(c.Context(), typed)
	if fault.Is(err, fault.NotFound) {
		return h.unknown(c, typed)
	}
	if err != nil {
		return err
	}
	return h.page(c, http.StatusOK, presentChecked(c.Context(), &found))
}

// unknown is the same page for every code that is of no paper.
func (h *VerifyHandlers) unknown(c *web.Ctx, typed string) error {
	if len(typed) > longestCode {
		typed = ""
	}
	return h.page(c, http.StatusNotFound, &views.Verify{Typed: typed, Error: i18n.T(c.Context(), "verify.unknown")})
}

func (h *VerifyHandlers) page(c *web.Ctx, status int, view *views.Verify) error {
	page := layout.Page{Style: layout.RoomStyle, Title: i18n.T(c.Context(), "verify.title"), Narrow: true, Print: true}
	return c.Page(status, page, views.VerifyPage(view))
}
