package document

import (
	"context"
	"io"

	"gsl/app/access"
	"gsl/app/kit/web"
)

// Handlers send documents.
type Handlers struct{ service *Service }

// NewHandlers makes the handlers.
func NewHandlers(service *Service) *Handlers { return &Handlers{service} }

// Mount names the routes.
func (h *Handlers) Mount(r *web.Router) {
	r.GET("/documents/:document", access.ReadFile, h.open)
}

// open sends a document: a picture to be looked at, anything else to be kept. A
// browser shows no PDF under a policy that allows nothing, so it is kept too.
func (h *Handlers) open(c *web.Ctx) error {
	d, err := h.service.Open(c.Context(), c.Actor(), c.Param("document"))
	if err != nil {
		return err
	}
	m := c.Actor().Municipality
	return c.Stream(web.Stream{Type: d.Type, Name: d.Filename(), Inline: d.Image() && c.Query("keep") == "", Size: d.Size},
		func(ctx context.Context, out io.Writer) error { return Send(ctx, m, d, out) })
}
