package report

import (
	"context"
	"crypto/rand"
	"io"
	"net/http"

	"github.com/a-h/templ"

	"gsl/app/access"
	"gsl/app/kit/calendar"
	"gsl/app/kit/fault"
	"gsl/app/kit/i18n"
	"gsl/app/kit/web"
	"gsl/app/people"
	"gsl/templates/layout"
	views "gsl/templates/report"
	"gsl/templates/ui"
)

// Handlers are the pages on which reports are written.
type Handlers struct{ service *Service }

// NewHandlers makes the handlers.
func NewHandlers(service *Service) *Handlers { return &Handlers{service} }

// The longest form: every text of the editor at its longest, as browsers send it.
const formLimit = 4 << 20

// Mount names the routes.
func (h *Handlers) Mount(r *web.Router) {
	r.GET("/files/:file/report", access.ReadCasework, h.list)
	r.POST("/files/:file/reports", access.ManagePlan, h.create)
	r.GET("/reports/:report/edit", access.ManagePlan, h.editor)
	r.POST("/reports/:report/edit", access.ManagePlan, h.save, web.BodyLimit(formLimit))
	r.POST("/reports/:report/parts/:part", access.ManagePlan, h.keep)
	r.POST("/reports/:report/discard", access.ManagePlan, h.discard)
}

// page answers with a whole page of the file.
func page(c *web.Ctx, status int, v *Visit, title string, body templ.Component) error {
	return c.Page(status, layout.Page{Style: layout.RoomStyle, Title: title, Section: people.ReportSection, File: v.Frame, Print: true}, body)
}

// swap is a part of an answer that goes into a target of its own.
func swap(target string, part templ.Component) templ.Component {
	return templ.ComponentFunc(func(ctx context.Context, w io.Writer) error {
		return ui.Swap(target, "innerMorph").Render(templ.WithChildren(ctx, part), w) //nolint:contextcheck // a component gets its context when it is rendered
	})
}

// list shows the reports of a file.
func (h *Handlers) list(c *web.Ctx) error { return h.listAgain(c, http.StatusOK, &newForm{}, nil) }

func (h *Handlers) listAgain(c *web.Ctx, status int, form *newForm, cause error) error {
	list, err := h.service.Reports(c.Context(), c.Actor(), c.Param("file"))
	if err != nil {
		return err
	}
	view := presentList(c.Context(), c.Actor(), &list, form)
	view.Errors = c.Errors(cause, "purpose", "report.purpose", "addressee", "report.addressee", "due", "report.due")
	if fault.IsTwice(cause) {
		view.Errors = append(view.Errors, ui.FieldError{Name: "purpose", Label: i18n.T(c.Context(), "report.purpose"), Text: i18n.T(c.Context(), "report.error.twice")})
	}
	return page(c, status, &list.Visit, i18n.T(c.Context(), "report.title"), views.ListPage(view))
}

// newForm begins a report.
type newForm struct {
	Key       string        `form:"key" validate:"max=60"`
	Item      string        `form:"item" validate:"max=40"` // of a plan
	Purpose   string        `form:"purpose" validate:"max=40"`
	Addressee string        `form:"addressee" validate:"max=200"`
	Due       calendar.Date `form:"due"`
}

// create begins a report and opens it to be written.
func (h *Handlers) create(c *web.Ctx) error {
	var form newForm
	err := c.Bind(&form)
	var r Report
	if err == nil {
		r, err = h.service.Begin(c.Context(), c.Actor(), c.Param("file"), Ask{Key: form.Key, ItemID: form.Item, Code: form.Purpose, Addressee: form.Addressee, DueOn: form.Due})
	}
	switch {
	case fault.IsTwice(err):
		form.Key = rand.Text()
		return h.listAgain(c, http.StatusConflict, &form, err)
	case fault.Is(err, fault.Invalid):
		return h.listAgain(c, http.StatusUnprocessableEntity, &form, err)
	case err != nil:
		return err
	}
	return c.Redirect("/reports/" + r.ID + "/edit")
}

// discard ends a draft.
func (h *Handlers) discard(c *web.Ctx) error {
	var form struct {
		Reason string `form:"reason"`
	}
	if err := c.Bind(&form); err != nil {
		return err
	}
	r, err := h.service.Discard(c.Context(), c.Actor(), c.Param("report"), form.Reason)
	if fault.Is(err, fault.Invalid) {
		return h.editorAgain(c, http.StatusUnprocessableEntity, nil, err)
	}
	if err != nil {
		return err
	}
	c.Flash("report.flash.discarded", nil)
	return c.Redirect("/files/" + r.FileID + "/report")
}
