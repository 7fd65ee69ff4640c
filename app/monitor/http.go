package monitor

import (
	"bytes"
	"net/http"

	"gsl/app/access"
	"gsl/app/kit/i18n"
	"gsl/app/kit/sheet"
	"gsl/app/kit/web"
	"gsl/templates/layout"
	views "gsl/templates/monitor"
)

// Handlers show the figures.
type Handlers struct{ service *Service }

// NewHandlers makes the handlers.
func NewHandlers(service *Service) *Handlers { return &Handlers{service} }

// Mount names the routes.
func (h *Handlers) Mount(r *web.Router) {
	r.GET("/monitor", access.ReadMonitor, h.page)
	r.GET("/monitor.csv", access.ReadMonitor, h.csv)
}

func (h *Handlers) page(c *web.Ctx) error {
	f, err := h.service.Figures(c.Context(), c.Actor(), c.Query("desk"))
	if err != nil {
		return err
	}
	return c.Page(http.StatusOK, layout.Page{Style: layout.RoomStyle, Title: i18n.T(c.Context(), "monitor.title"), Print: true}, views.MonitorPage(present(c.Context(), &f)))
}

// csv gives what the page shows as a table of one figure a row.
func (h *Handlers) csv(c *web.Ctx) error {
	f, err := h.service.Figures(c.Context(), c.Actor(), c.Query("desk"))
	if err != nil {
		return err
	}
	var file bytes.Buffer
	w := sheet.NewWriter(&file)
	for _, row := range rows(c.Context(), present(c.Context(), &f)) {
		if err := w.Write(row...); err != nil {
			return err
		}
	}
	if err := w.Flush(); err != nil {
		return err
	}
	return c.Download("text/csv; charset=utf-8", "monitor-"+f.Today.String()+".csv", file.Bytes())
}
