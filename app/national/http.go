package national

import (
	"bytes"
	"context"
	"crypto/rand"
	"io"
	"net/http"
	"strconv"

	"gsl/app/access"
	"gsl/app/kit/actor"
	"gsl/app/kit/fault"
	"gsl/app/kit/i18n"
	"gsl/app/kit/sheet"
	"gsl/app/kit/web"
	"gsl/templates/layout"
	views "gsl/templates/national"
	"gsl/templates/ui"
	"gsl/tenants"
)

// Handlers are the pages of the national administration.
type Handlers struct{ service *Service }

// NewHandlers makes the handlers.
func NewHandlers(service *Service) *Handlers { return &Handlers{service} }

// Mount names the routes.
func (h *Handlers) Mount(r *web.Router) {
	r.Object(web.Object{Param: "municipality", See: access.Administer, National: true, Exists: h.service.Exists})
	r.Object(web.Object{Param: "export", See: access.Administer, National: true, Exists: h.service.ExportExists})
	r.GET("/admin", access.Administer, h.home)
	r.GET("/admin/municipalities", access.Administer, h.list)
	r.GET("/admin/municipalities.csv", access.Administer, h.csv)
	r.GET("/admin/municipalities/new", access.Administer, h.newOrder)
	r.POST("/admin/municipalities", access.Administer, h.provision)
	r.GET("/admin/municipalities/:municipality", access.Administer, h.detail)
	r.POST("/admin/municipalities/:municipality/continue", access.Administer, h.goOn)
	r.POST("/admin/municipalities/:municipality/status", access.Administer, h.setStatus)
	r.POST("/admin/municipalities/:municipality/export", access.Administer, h.export)
	r.Object(web.Object{Param: "batch", See: access.Administer, National: true, Exists: h.service.BatchExists})
	r.GET("/admin/batches", access.Administer, h.batches)
	r.GET("/admin/batches.csv", access.Administer, h.example)
	r.POST("/admin/batches", access.Administer, h.check, web.Upload())
	r.GET("/admin/batches/:batch", access.Administer, h.batch)
	r.POST("/admin/batches/:batch/start", access.Administer, h.start)
	r.POST("/admin/batches/:batch/stop", access.Administer, h.stop)
	r.POST("/admin/batches/:batch/links", access.Administer, h.links)
	r.GET("/admin/batches/:batch/result", access.Administer, h.result)
	r.GET("/settings/key", access.EditSettings, h.ownKey)
	r.POST("/settings/key", access.EditSettings, h.saveOwnKey)
	r.GET("/admin/exports/:export", access.Administer, h.fetch)
	r.POST("/admin/exports/:export/delete", access.Administer, h.deleteExport)
}

// Exists answers fault.NotFound for an id that is of no municipality.
func (s *Service) Exists(ctx context.Context, _ actor.Actor, id string) error {
	_, err := s.row(ctx, id)
	return err
}

func page(c *web.Ctx, title string) layout.Page {
	return layout.Page{Style: layout.RoomStyle, Title: i18n.T(c.Context(), title)}
}

// home shows what wants a look.
func (h *Handlers) home(c *web.Ctx) error {
	overview, err := h.service.Overview(c.Context(), c.Actor())
	if err != nil {
		return err
	}
	return c.Page(http.StatusOK, page(c, "national.home.title"), views.HomePage(presentHome(c.Context(), &overview)))
}

func filterOf(c *web.Ctx) Filter {
	return Filter{Text: c.Query("q"), Region: c.Query("region"), Status: c.Query("status"), Health: c.Query("health"),
		Sort: c.Query("sort"), Down: c.Query("down") == "1", After: c.Query("after")}
}

// list shows all municipalities.
func (h *Handlers) list(c *web.Ctx) error {
	list, err := h.service.List(c.Context(), c.Actor(), filterOf(c))
	if err != nil {
		return err
	}
	view := presentList(c.Context(), &list, h.service.freshAt())
	if c.Fragment() {
		return c.Partial(http.StatusOK, views.ListPart(view))
	}
	return c.Page(http.StatusOK, page(c, "national.list.title"), views.ListPage(view))
}

// csv gives what the list shows, all of its pages, as a table.
func (h *Handlers) csv(c *web.Ctx) error {
	ctx, f := c.Context(), filterOf(c)
	var file bytes.Buffer
	w := sheet.NewWriter(&file)
	if err := w.Write(csvHeader(ctx)...); err != nil {
		return err
	}
	for f.After = ""; ; {
		list, err := h.service.List(ctx, c.Actor(), f)
		if err != nil {
			return err
		}
		for i := range list.Rows {
			if err := w.Write(csvRow(ctx, &list.Rows[i])...); err != nil {
				return err
			}
		}
		if f.After = list.Next; f.After == "" {
			break
		}
	}
	if err := w.Flush(); err != nil {
		return err
	}
	return c.Download("text/csv; charset=utf-8", "municipalidades.csv", file.Bytes())
}

// newOrder shows the form of a new municipality.
func (h *Handlers) newOrder(c *web.Ctx) error {
	form := orderForm{Key: rand.Text(), Place: c.Query("place"), Model: "1", Template: ModelTemplate}
	for _, u := range usualUnits() {
		form.Units = append(form.Units, u.Value)
	}
	return h.orderPage(c, http.StatusOK, form, nil)
}

func (h *Handlers) orderPage(c *web.Ctx, status int, form orderForm, cause error) error {
	here, err := h.service.here(c.Context())
	if err != nil {
		return err
	}
	view := presentOrder(c.Context(), form, here)
	view.Code = h.service.NeedsCode(c.Context(), c.Actor())
	view.Errors = c.Errors(cause, orderLabels...)
	if view.Place.Error = view.Errors.Of("place"); cause != nil && len(view.Errors) == 0 {
		view.Trouble = sentence(c.Context(), cause)
	}
	return c.Page(status, page(c, "national.order.title"), views.OrderPage(view))
}

type orderForm struct {
	Key      string   `form:"key" validate:"max=64"`
	Place    string   `form:"place"`
	Model    string   `form:"model"`
	Modules  []string `form:"module" validate:"max=10"`
	Units    []string `form:"unit" validate:"max=40"`
	Template string   `form:"template"`
	RUN      string   `form:"run"`
	Given    string   `form:"given_names"`
	Surnames string   `form:"surnames"`
	Email    string   `form:"email"`
	Code     string   `form:"code" validate:"max=40"`
}

// provision makes a municipality, or says that it is there.
func (h *Handlers) provision(c *web.Ctx) error {
	var form orderForm
	err := c.Bind(&form)
	var made Made
	if err == nil {
		var o Order
		if o, err = form.order(); err == nil {
			made, err = h.service.Provision(c.Context(), c.Actor(), o, form.Key, form.Code)
		}
	}
	if isForm(err) {
		return h.orderPage(c, statusOf(err), form, err)
	}
	if err != nil {
		return err
	}
	return h.madePage(c, made)
}

func (h *Handlers) madePage(c *web.Ctx, made Made) error {
	return c.Page(http.StatusOK, page(c, "national.made.title"), views.MadePage(presentMade(c.Context(), &made)))
}

// detail shows one municipality.
func (h *Handlers) detail(c *web.Ctx) error {
	return h.detailPage(c, http.StatusOK, views.Act{}, views.LockForm{})
}

func (h *Handlers) detailPage(c *web.Ctx, status int, act views.Act, lock views.LockForm) error {
	ctx := c.Context()
	d, err := h.service.Detail(ctx, c.Actor(), c.Param("municipality"))
	if err != nil {
		return err
	}
	view := presentDetail(ctx, &d, act, lock)
	view.Act.Code = h.service.NeedsCode(ctx, c.Actor())
	view.Lock.Code = view.Act.Code
	return c.Page(status, layout.Page{Style: layout.RoomStyle, Title: d.Name}, views.DetailPage(view))
}

// goOn finishes what stands half made.
func (h *Handlers) goOn(c *web.Ctx) error {
	var form struct {
		Code string `form:"code" validate:"max=40"`
	}
	if err := c.Bind(&form); err != nil {
		return err
	}
	made, err := h.service.Continue(c.Context(), c.Actor(), c.Param("municipality"), form.Code)
	if isForm(err) {
		return h.detailPage(c, statusOf(err), views.Act{Errors: complaints(c, err, actLabels...)}, views.LockForm{})
	}
	if err != nil {
		return err
	}
	if made.Link == "" {
		c.Flash("national.flash.continued", nil)
		return c.Redirect("/admin/municipalities/" + c.Param("municipality"))
	}
	return h.madePage(c, made)
}

// setStatus suspends, puts away, brings back.
func (h *Handlers) setStatus(c *web.Ctx) error {
	var form struct {
		To     string `form:"to"`
		Reason string `form:"reason"`
		Code   string `form:"code" validate:"max=40"`
	}
	err := c.Bind(&form)
	if err == nil {
		err = h.service.SetStatus(c.Context(), c.Actor(), c.Param("municipality"), tenants.Status(form.To), form.Reason, form.Code)
	}
	if isForm(err) {
		return h.detailPage(c, statusOf(err), views.Act{Reason: c.Typed("reason"), Errors: complaints(c, err, actLabels...)}, views.LockForm{})
	}
	if err != nil {
		return err
	}
	c.Flash(statusFlashes[tenants.Status(form.To)], nil)
	return c.Redirect("/admin/municipalities/" + c.Param("municipality"))
}

// export makes a copy that the key of the municipality opens, and no other: who may
// choose another key, or a phrase, would read what it holds.
func (h *Handlers) export(c *web.Ctx) error {
	var form codeForm
	err := c.Bind(&form)
	if err == nil {
		_, err = h.service.Export(c.Context(), c.Actor(), c.Param("municipality"), Lock{}, form.Code)
	}
	if isForm(err) {
		return h.detailPage(c, statusOf(err), views.Act{}, views.LockForm{Errors: complaints(c, err, lockLabels...)})
	}
	if err != nil {
		return err
	}
	c.Flash("national.flash.exported", nil)
	return c.Redirect("/admin/municipalities/" + c.Param("municipality"))
}

// fetch sends an encrypted copy.
func (h *Handlers) fetch(c *web.Ctx) error {
	e, code, file, err := h.service.Fetch(c.Context(), c.Actor(), c.Param("export"))
	if err != nil {
		return err
	}
	return c.Stream(web.Stream{Type: "application/octet-stream", Name: e.Name(code), Size: e.Bytes}, func(_ context.Context, out io.Writer) error {
		defer func() { _ = file.Close() }() // only read
		_, err := io.Copy(out, file)
		return err
	})
}

func (h *Handlers) deleteExport(c *web.Ctx) error {
	id, err := h.service.DeleteExport(c.Context(), c.Actor(), c.Param("export"))
	if err != nil {
		return err
	}
	c.Flash("national.flash.export_deleted", nil)
	return c.Redirect("/admin/municipalities/" + id)
}

// complaints are what is wrong with a form; a conflict, which is about no field, stands at the first.
func complaints(c *web.Ctx, err error, labels ...string) ui.Errors {
	list := c.Errors(err, labels...)
	if len(list) == 0 {
		list = ui.Errors{{Name: labels[0], Text: sentence(c.Context(), err)}}
	}
	return list
}

func isForm(err error) bool { return fault.Is(err, fault.Invalid) || fault.Is(err, fault.Conflict) }

func statusOf(err error) int {
	if fault.Is(err, fault.Conflict) {
		return http.StatusConflict
	}
	return http.StatusUnprocessableEntity
}

// model reads a management model; 0 is none.
func model(text string) int {
	n, err := strconv.Atoi(text)
	if err != nil {
		return -1
	}
	return n
}
