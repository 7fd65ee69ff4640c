package casework

import (
	"bytes"
	"context"
	"net/http"
	"net/url"
	"strconv"

	"gsl/app/access"
	"gsl/app/kit/calendar"
	"gsl/app/kit/i18n"
	"gsl/app/kit/sheet"
	"gsl/app/kit/web"
	"gsl/app/people"
	views "gsl/templates/casework"
	"gsl/templates/layout"
)

// ask reads from an address which cases a list shows. Without a word a head
// sees the board, and a case manager the own cases.
func ask(c *web.Ctx, query url.Values) Ask {
	head := c.Actor().Can(access.AssignCase)
	a := Ask{Board: head && query.Get("mine") == "", After: query.Get("after")}
	a.narrow(query)
	if id := query.Get("list"); isID(id) {
		a.List = id
	}
	return a
}

// cases lists the actor's cases, or those of the unit.
func (h *Handlers) cases(c *web.Ctx) error {
	return h.list(c, http.StatusOK, ask(c, c.Request().URL.Query()), listForms{})
}

// listForms are the forms that come back to the page of a list.
type listForms struct {
	reassign Reassign
	save     *ListForm // nil: it was the other one
	cause    error
}

// list answers with a list, and with the form that came back when there is one.
func (h *Handlers) list(c *web.Ctx, status int, asked Ask, forms listForms) error {
	ctx := c.Context()
	list, err := h.service.Cases(ctx, c.Actor(), asked)
	if err != nil {
		return err
	}
	view := presentList(ctx, c.Actor(), &list)
	switch {
	case forms.save != nil:
		view.saveAgain(c, forms.save, forms.cause)
	case view.Reassign != nil:
		view.again(c, forms.reassign, forms.cause)
	}
	if c.Fragment() {
		return c.Partial(status, views.ListPage(view.List))
	}
	return c.Page(status, layout.Page{Style: layout.RoomStyle, Title: view.Title, Print: true}, views.ListPage(view.List))
}

// sentCases is what the form around a list of cases sends, whichever of its
// buttons was pressed.
type sentCases struct {
	Cases     []string          `form:"case" validate:"dive,max=40"`
	Was       map[string]string `form:"was"`
	Worker    string            `form:"worker" validate:"max=60"`
	Reason    string            `form:"reason"`
	Anyway    bool              `form:"anyway"`
	Whole     bool              `form:"whole"`
	From      string            `form:"from" validate:"max=60"`
	Total     int64             `form:"total" validate:"gte=0,lte=1000000"`
	Back      string            `form:"back" validate:"max=300"`
	Name      string            `form:"name" validate:"max=200"`
	Shared    bool              `form:"shared"`
	Condition string            `form:"condition" validate:"max=200"`
	Into      string            `form:"into" validate:"max=40"`
}

// reassign gives cases to somebody else of the unit.
func (h *Handlers) reassign(c *web.Ctx) error {
	var sent sentCases
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
		return h.list(c, statusOf(err), ask(c, query), listForms{reassign: form, cause: err})
	case err != nil:
		return err
	}
	c.Flash("casework.flash.assigned", map[string]any{"Count": n})
	if file != "" {
		return c.Redirect("/files/" + file + "/case")
	}
	return c.Redirect(listPath(ask(c, query))) // a new page: a swap would keep boxes ticked, at other rows
}

// saveList makes a working list, or puts cases into one.
func (h *Handlers) saveList(c *web.Ctx) error {
	var sent sentCases
	if err := c.Bind(&sent); err != nil {
		return err
	}
	form := ListForm{Name: sent.Name, Shared: sent.Shared, Condition: sent.Condition, Cases: sent.Cases, Into: sent.Into}
	id, err := h.service.SaveList(c.Context(), c.Actor(), form)
	_, query := origin(sent.Back)
	asked := ask(c, query)
	if isForm(err) {
		return h.list(c, statusOf(err), asked, listForms{save: &form, cause: err})
	}
	if err != nil {
		return err
	}
	c.Flash("casework.flash.list_saved", nil)
	return c.Redirect(listPath(Ask{Board: asked.Board, List: id}))
}

// takeOut takes cases out of a working list.
func (h *Handlers) takeOut(c *web.Ctx) error {
	var sent sentCases
	if err := c.Bind(&sent); err != nil {
		return err
	}
	err := h.service.TakeOut(c.Context(), c.Actor(), c.Param("list"), sent.Cases)
	_, query := origin(sent.Back)
	asked := Ask{Board: ask(c, query).Board, List: c.Param("list")}
	if isForm(err) {
		return h.list(c, statusOf(err), asked, listForms{save: &ListForm{}, cause: err})
	}
	if err != nil {
		return err
	}
	c.Flash("casework.flash.taken_out", nil)
	return c.Redirect(listPath(asked))
}

// removeList takes a working list away.
func (h *Handlers) removeList(c *web.Ctx) error {
	var sent struct {
		Back string `form:"back" validate:"max=300"`
	}
	if err := c.Bind(&sent); err != nil {
		return err
	}
	if err := h.service.RemoveList(c.Context(), c.Actor(), c.Param("list")); err != nil {
		return err
	}
	c.Flash("casework.flash.list_removed", nil)
	_, query := origin(sent.Back)
	return c.Redirect(listPath(Ask{Board: ask(c, query).Board}))
}

// export gives the whole list as a table that a spreadsheet opens.
func (h *Handlers) export(c *web.Ctx) error {
	list, err := h.service.Export(c.Context(), c.Actor(), ask(c, c.Request().URL.Query()))
	if err != nil {
		return err
	}
	var file bytes.Buffer
	if err := writeCases(c.Context(), &file, &list); err != nil {
		return err
	}
	return c.Download("text/csv; charset=utf-8", i18n.T(c.Context(), "casework.export.name")+"-"+list.Today.String()+".csv", file.Bytes())
}

// exported are the columns of the export.
var exported = []string{"casework.export.number", "casework.column.person", "casework.column.worker", "casework.export.opened", "casework.column.age",
	"casework.column.moved", "casework.column.still", "casework.column.plan", "casework.export.pending", "casework.column.last", "casework.export.about"}

func writeCases(ctx context.Context, to *bytes.Buffer, list *List) error {
	w := sheet.NewWriter(to)
	head := make([]string, len(exported))
	for i, key := range exported {
		head[i] = i18n.T(ctx, key)
	}
	if err := w.Write(head...); err != nil {
		return err
	}
	for i := range list.Rows {
		r := &list.Rows[i]
		last := ""
		if !r.Last.On.IsZero() {
			last = r.Last.On.Chilean()
		}
		opened, circle, pending := calendar.On(r.OpenedAt), circleText(ctx, r.Circle), strconv.Itoa(r.Pending)
		if r.File.Veiled {
			circle, pending = "", ""
		}
		if err := w.Write(r.File.Number(), people.DisplayName(ctx, r.File), r.WorkerName, opened.Chilean(), strconv.Itoa(opened.DaysUntil(list.Today)),
			calendar.On(r.MovedAt).Chilean(), strconv.Itoa(r.Still(list.Today)), circle, pending, last, r.Last.About); err != nil {
			return err
		}
	}
	return w.Flush()
}

// circleText is the plan's circle in words.
func circleText(ctx context.Context, circle string) string {
	switch circle {
	case "open":
		return i18n.T(ctx, "casework.export.open")
	case "closed":
		return i18n.T(ctx, "casework.export.closed")
	}
	return i18n.T(ctx, "casework.no_plan")
}
