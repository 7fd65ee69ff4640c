package casework

import (
	"net/http"
	"net/url"
	"strings"

	"gsl/app/access"
	"gsl/app/kit/fault"
	"gsl/app/kit/i18n"
	"gsl/app/kit/web"
	views "gsl/templates/casework"
	"gsl/templates/layout"
)

// Handlers show cases and hand them on.
type Handlers struct{ service *Service }

// NewHandlers makes the handlers.
func NewHandlers(service *Service) *Handlers { return &Handlers{service} }

// Mount names the routes.
func (h *Handlers) Mount(r *web.Router) {
	h.mountNotes(r)
	r.GET("/cases", access.ManagePlan, h.cases)
	r.POST("/cases/assign", access.AssignCase, h.reassign)
	r.GET("/files/:file/case", access.ReadFile, h.caseOf)
	r.GET("/files/:file/case/close", access.ManagePlan, h.closing)
	r.POST("/files/:file/case/close", access.ManagePlan, h.close)
	r.POST("/files/:file/case/open", access.ManagePlan, h.open)
}

// ask reads from an address which cases a list shows. Without a word a head
// sees the board, and a case manager the own cases.
func ask(c *web.Ctx, query url.Values) Ask {
	head := c.Actor().Can(access.AssignCase)
	if !head || query.Get("mine") != "" {
		return Ask{After: query.Get("after")}
	}
	return Ask{Board: true, Worker: query.Get("worker"), After: query.Get("after")}
}

// cases lists the actor's cases, or those of the unit.
func (h *Handlers) cases(c *web.Ctx) error {
	return h.list(c, http.StatusOK, ask(c, c.Request().URL.Query()), Reassign{}, nil)
}

// list answers with a list, and with the form that came back when there is one.
func (h *Handlers) list(c *web.Ctx, status int, asked Ask, form Reassign, cause error) error {
	ctx := c.Context()
	list, err := h.service.Cases(ctx, c.Actor(), asked)
	if err != nil {
		return err
	}
	view := presentList(ctx, c.Actor(), &list)
	if view.Reassign != nil {
		view.again(c, form, cause)
	}
	if c.Fragment() {
		return c.Partial(status, views.ListPage(view.List))
	}
	return c.Page(status, layout.Page{Style: layout.RoomStyle, Title: view.Title, Print: true}, views.ListPage(view.List))
}

// reassign gives cases to somebody else of the unit.
func (h *Handlers) reassign(c *web.Ctx) error {
	var sent struct {
		Cases  []string          `form:"case" validate:"dive,max=40"`
		Was    map[string]string `form:"was"`
		Worker string            `form:"worker" validate:"max=60"`
		Reason string            `form:"reason"`
		Anyway bool              `form:"anyway"`
		Whole  bool              `form:"whole"`
		From   string            `form:"from" validate:"max=60"`
		Total  int64             `form:"total" validate:"gte=0,lte=1000000"`
		Back   string            `form:"back" validate:"max=300"`
	}
	if err := c.Bind(&sent); err != nil {
		return err
	}
	form := Reassign{Cases: sent.Cases, Was: sent.Was, Worker: sent.Worker, Reason: sent.Reason, Anyway: sent.Anyway,
		Whole: sent.Whole, From: sent.From, Total: int(sent.Total)}
	n, err := h.service.Reassign(c.Context(), c.Actor(), form)
	file, query := origin(sent.Back)
	switch {
	case isForm(err) && file != "":
		return h.show(c, statusOf(err), file, form, err)
	case isForm(err):
		return h.list(c, statusOf(err), ask(c, query), form, err)
	case err != nil:
		return err
	}
	c.Flash("casework.flash.assigned", map[string]any{"Count": n})
	if file != "" {
		return c.Redirect("/files/" + file + "/case")
	}
	return c.Redirect(listPath(ask(c, query))) // a new page: a swap would keep boxes ticked, at other rows
}

// origin tells where a form was sent from: the page of a file's case, or a list
// with what its address asked for.
func origin(back string) (file string, query url.Values) {
	path, rest, _ := strings.Cut(back, "?")
	if id, ok := strings.CutPrefix(path, "/files/"); ok {
		if id, ok = strings.CutSuffix(id, "/case"); ok && isID(id) {
			return id, nil
		}
	}
	query, err := url.ParseQuery(rest)
	if err != nil {
		return "", url.Values{}
	}
	return "", query
}

// isID reports whether a text can be an id: anything else stays out of addresses.
func isID(text string) bool {
	return text != "" && len(text) <= 40 && strings.Trim(text, "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz-") == ""
}

func isForm(err error) bool { return fault.Is(err, fault.Invalid) || fault.Is(err, fault.Conflict) }

func statusOf(err error) int {
	if fault.Is(err, fault.Conflict) {
		return http.StatusConflict
	}
	return http.StatusUnprocessableEntity
}

// caseOf shows who is responsible for a file, and who was.
func (h *Handlers) caseOf(c *web.Ctx) error {
	return h.show(c, http.StatusOK, c.Param("file"), Reassign{}, nil)
}

func (h *Handlers) show(c *web.Ctx, status int, file string, form Reassign, cause error) error {
	return h.casePage(c, status, file, func(v *views.Case) {
		if v.Reassign != nil {
			fillAgain(c, v.Reassign, form, cause)
		}
	})
}

// casePage answers with the page of a file's case, after again has put the form
// that came back into it.
func (h *Handlers) casePage(c *web.Ctx, status int, file string, again func(*views.Case)) error {
	ctx := c.Context()
	shown, err := h.service.Case(ctx, c.Actor(), file)
	if err != nil {
		return err
	}
	view := presentCase(ctx, &shown, file)
	again(view)
	page := layout.Page{Style: layout.RoomStyle, Title: i18n.T(ctx, "casework.case.title"), File: shown.Frame, Print: true}
	return c.Page(status, page, views.CasePage(view))
}
