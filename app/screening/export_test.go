package screening

import (
	"context"
	"io"

	"gsl/app/kit/actor"
	"gsl/templates/layout"
	views "gsl/templates/screening"
)

// Write does what the handler does, without the edge; audited false leaves the
// view out of the trail, to see what it costs.
func (h *Handlers) Write(ctx context.Context, w io.Writer, who actor.Actor, fileID string, audited bool) error {
	compile := func(ctx context.Context, who actor.Actor, fileID string) (*Screening, error) {
		return h.service.gather(ctx, who, fileID, h.service.forPage)
	}
	if audited {
		compile = h.service.Compile
	}
	sc, err := compile(ctx, who, fileID)
	if err != nil {
		return err
	}
	p := presenter{ctx: ctx, who: who, sc: sc}
	page, err := h.page(&p)
	if err != nil {
		return err
	}
	return layout.Document(page, views.Page(p.page())).Render(ctx, w)
}
