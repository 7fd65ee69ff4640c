package plan

import (
	"context"
	"io"
	"strings"

	"github.com/a-h/templ"

	"gsl/app/access"
	"gsl/app/kit/actor"
	"gsl/app/kit/calendar"
	"gsl/app/kit/fault"
	"gsl/app/kit/pdf"
	"gsl/app/kit/web"
	"gsl/app/people"
	"gsl/templates/layout"
	"gsl/templates/ui"
)

// Handlers are the pages of cart, checkout, plan and approvals.
type Handlers struct {
	service *Service
	press   *pdf.Press
}

// NewHandlers makes the handlers.
func NewHandlers(service *Service, press *pdf.Press) *Handlers {
	return &Handlers{service: service, press: press}
}

// Mount names the routes.
func (h *Handlers) Mount(r *web.Router) {
	r.GET("/files/:file/cart", access.ManageCart, h.cart)
	r.POST("/files/:file/cart/items", access.ManageCart, h.add)
	r.GET("/files/:file/cart/items/:id", access.ManageCart, h.editForm)
	r.POST("/files/:file/cart/items/:id", access.ManageCart, h.edit)
	r.DELETE("/files/:file/cart/items/:id", access.ManageCart, h.remove)
	r.POST("/files/:file/cart/items/:id/remove", access.ManageCart, h.remove)
	r.POST("/files/:file/cart/items/:id/restore", access.ManageCart, h.restore)
	r.GET("/files/:file/checkout", access.ManageCart, h.review)
	r.POST("/files/:file/checkout", access.ManageCart, h.checkout)
	r.GET("/files/:file/plan", access.ReadFile, h.plans)
	r.GET("/plans/:plan", access.ReadFile, h.plan)
	r.POST("/plans/:plan/items", access.ManagePlan, h.save)
	r.POST("/plans/:plan/items/:item/approve", access.ApproveBenefit, h.approve)
	r.POST("/plans/:plan/items/:item/reject", access.ApproveBenefit, h.reject)
	r.GET("/approvals", access.ApproveBenefit, h.approvals)
}

// page answers with a whole page of the file.
func page(c *web.Ctx, status int, v *Visit, section, title string, body templ.Component) error {
	return c.Page(status, layout.Page{Title: title, Section: section, File: v.Frame, Print: true}, body)
}

// rail renews what the left menu says of cart and plan.
func rail(v *Visit) []templ.Component {
	var parts []templ.Component
	for _, section := range v.Frame.Sections {
		if section.Key == people.CartSection || section.Key == people.PlanSection {
			parts = append(parts, swap("#rail-"+section.Key, layout.RailText(section)))
		}
	}
	return parts
}

// swap is a part of an answer that goes to a target of its own.
func swap(target string, part templ.Component) templ.Component {
	return templ.ComponentFunc(func(ctx context.Context, w io.Writer) error {
		return ui.Swap(target, "").Render(templ.WithChildren(ctx, part), w) //nolint:contextcheck // a component gets its context when it is rendered
	})
}

// screenOf makes views for the reader of the request.
func screenOf(c *web.Ctx, today calendar.Date) *screen {
	return &screen{ctx: c.Context(), who: c.Actor(), today: today}
}

// fieldErrors words what is wrong, each with the label that the field has.
func fieldErrors(c *web.Ctx, err error, label func(name string) string) ui.Errors {
	list := c.Errors(err)
	for i := range list {
		list[i].Label = label(list[i].Name)
	}
	return list
}

// isForm reports whether the form comes back with what was typed.
func isForm(err error) bool { return fault.Is(err, fault.Invalid) }

// insideOf gives what stands between the brackets of "status[<item>]".
func insideOf(name string) (table, key string) {
	table, key, _ = strings.Cut(strings.TrimSuffix(name, "]"), "[")
	return table, key
}

func canCart(who actor.Actor) bool { return who.Can(access.ManageCart) }
