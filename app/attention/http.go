package attention

import (
	"net/http"

	"gsl/app/access"
	"gsl/app/kit/i18n"
	"gsl/app/kit/web"
	"gsl/app/people"
	views "gsl/templates/attention"
	"gsl/templates/layout"
)

// Handlers show the workbench and the history of a file.
type Handlers struct{ service *Service }

// NewHandlers makes the handlers.
func NewHandlers(service *Service) *Handlers { return &Handlers{service} }

// Mount names the routes.
func (h *Handlers) Mount(r *web.Router) {
	r.GET("/", access.Work, h.workbench)
	r.GET("/files/:file/history", access.ReadFile, h.history)
}

// workbench shows what waits for the actor.
func (h *Handlers) workbench(c *web.Ctx) error {
	ctx, who := c.Context(), c.Actor()
	bench, err := h.service.Workbench(ctx, who)
	if err != nil {
		return err
	}
	view := presentBench(ctx, who, &bench)
	return c.Page(http.StatusOK, layout.Page{Title: i18n.T(ctx, "attention.bench.title")}, views.BenchPage(view))
}

// history shows what happened to a file.
func (h *Handlers) history(c *web.Ctx) error {
	ctx := c.Context()
	past, err := h.service.History(ctx, c.Actor(), c.Param("file"), c.Query("before"))
	if err != nil {
		return err
	}
	view := presentHistory(ctx, &past, c.Query("before") != "")
	page := layout.Page{Title: i18n.T(ctx, "attention.history.title"), Section: people.HistorySection, File: past.Frame, Print: true}
	return c.Page(http.StatusOK, page, views.HistoryPage(view))
}
