package national

import (
	"bytes"
	"context"
	"net/http"
	"strconv"

	"gsl/app/kit/fault"
	"gsl/app/kit/i18n"
	"gsl/app/kit/sheet"
	"gsl/app/kit/web"
	views "gsl/templates/national"
	"gsl/templates/ui"
)

// batches shows the latest tables, and asks for another.
func (h *Handlers) batches(c *web.Ctx) error { return h.batchesPage(c, http.StatusOK, nil) }

func (h *Handlers) batchesPage(c *web.Ctx, status int, cause error) error {
	ctx := c.Context()
	list, err := h.service.Batches(ctx, c.Actor())
	if err != nil {
		return err
	}
	view := &views.Batches{Rows: batchRows(ctx, list), Columns: columnWords(ctx), Errors: c.Errors(cause, "file", "national.batches.upload")}
	if cause != nil && len(view.Errors) == 0 {
		view.Errors = ui.Errors{{Name: "file", Label: i18n.T(ctx, "national.batches.upload"), Text: sentence(ctx, cause)}}
	}
	return c.Page(status, page(c, "national.batches.title"), views.BatchesPage(view))
}

// check reads a table; nothing is made yet.
func (h *Handlers) check(c *web.Ctx) error {
	if err := c.Bind(&struct{}{}); err != nil {
		return h.batchesPage(c, statusOf(err), err)
	}
	file, ok, err := c.Uploaded("file")
	if err == nil && !ok {
		err = fault.InvalidField("file", "national.error.file")
	}
	var b Batch
	if err == nil {
		defer func() { _ = file.Close() }()
		b, err = h.service.Check(c.Context(), c.Actor(), sheet.NewFile(file.Name, file, file.Size))
	}
	if tableError(err) {
		return h.batchesPage(c, http.StatusUnprocessableEntity, err)
	}
	if err != nil {
		return err
	}
	return c.Redirect("/admin/batches/" + b.ID)
}

// example gives a table to begin with.
func (h *Handlers) example(c *web.Ctx) error {
	rows := [][]string{make([]string, 0, len(batchColumns)),
		{"05802", "1", "familias, cuidados", "", "modelo", "12.345.678-5", "Marta Inés", "Soto Paredes", "marta.soto@ejemplo.cl"}, {"06304", "2", "", "omil, migrantes", "nacional", "", "", "", ""}}
	for _, column := range batchColumns {
		rows[0] = append(rows[0], column.Name)
	}
	return sendTable(c, "municipalidades-ejemplo.csv", rows)
}

func sendTable(c *web.Ctx, name string, rows [][]string) error {
	var file bytes.Buffer
	w := sheet.NewWriter(&file)
	for _, row := range rows {
		if err := w.Write(row...); err != nil {
			return err
		}
	}
	if err := w.Flush(); err != nil {
		return err
	}
	return c.Download("text/csv; charset=utf-8", name, file.Bytes())
}

// shownLines is how many rows of a table the page shows.
const shownLines = 400

// batch shows a table and what becomes of it; while it is under way the page asks again.
func (h *Handlers) batch(c *web.Ctx) error { return h.batchPage(c, http.StatusOK, nil) }

func (h *Handlers) batchPage(c *web.Ctx, status int, cause error) error {
	b, lines, err := h.service.Batch(c.Context(), c.Actor(), c.Param("batch"), shownLines)
	if err != nil {
		return err
	}
	view := presentBatch(c.Context(), &b, lines)
	view.Code = h.service.NeedsCode(c.Context(), c.Actor())
	view.Errors = c.Errors(cause, "code", "ui.code.label")
	if cause != nil && len(view.Errors) == 0 {
		view.Errors = ui.Errors{{Name: "code", Text: sentence(c.Context(), cause)}}
	}
	if c.Fragment() {
		return c.Partial(status, views.BatchPart(view))
	}
	return c.Page(status, page(c, "national.batch.title"), views.BatchPage(view))
}

type codeForm struct {
	Code string `form:"code" validate:"max=40"`
}

func (h *Handlers) start(c *web.Ctx) error {
	var form codeForm
	err := c.Bind(&form)
	if err == nil {
		err = h.service.Start(c.Context(), c.Actor(), c.Param("batch"), form.Code)
	}
	return h.afterBatch(c, err, "national.flash.started")
}

func (h *Handlers) stop(c *web.Ctx) error {
	return h.afterBatch(c, h.service.Stop(c.Context(), c.Actor(), c.Param("batch")), "national.flash.stopped")
}

func (h *Handlers) afterBatch(c *web.Ctx, err error, flash string) error {
	if isForm(err) {
		return h.batchPage(c, statusOf(err), err)
	}
	if err != nil {
		return err
	}
	c.Flash(flash, nil)
	return c.Redirect("/admin/batches/" + c.Param("batch"))
}

// result gives what became of each row, without links.
func (h *Handlers) result(c *web.Ctx) error {
	_, lines, err := h.service.Batch(c.Context(), c.Actor(), c.Param("batch"), mostLines)
	if err != nil {
		return err
	}
	return sendTable(c, "municipalidades-resultado.csv", resultRows(c.Context(), lines, nil))
}

// links invites the counterparts and gives their links, once.
func (h *Handlers) links(c *web.Ctx) error {
	var form codeForm
	err := c.Bind(&form)
	var lines []Line
	var links map[int]string
	if err == nil {
		_, lines, links, err = h.service.Links(c.Context(), c.Actor(), c.Param("batch"), form.Code)
	}
	if isForm(err) {
		return h.batchPage(c, statusOf(err), err)
	}
	if err != nil {
		return err
	}
	return sendTable(c, "municipalidades-enlaces.csv", resultRows(c.Context(), lines, links))
}

// resultRows is the result as a table; with links when there are any.
func resultRows(ctx context.Context, lines []Line, links map[int]string) [][]string {
	head := []string{i18n.T(ctx, "national.batch.line"), i18n.T(ctx, "national.csv.code"), i18n.T(ctx, "national.column.name"), i18n.T(ctx, "national.column.status"), i18n.T(ctx, "national.column.what")}
	if links != nil {
		head = append(head, i18n.T(ctx, "national.order.counterpart"), i18n.T(ctx, "national.batch.link"))
	}
	rows := [][]string{head}
	for i := range lines {
		l := &lines[i]
		row := []string{strconv.Itoa(l.Line), l.Code, l.Name, i18n.T(ctx, lineStates[l.State].key), problemWords(ctx, l.Problems)}
		if links != nil {
			name := ""
			if l.Counterpart != nil {
				name = l.Counterpart.GivenNames + " " + l.Counterpart.Surnames
			}
			row = append(row, name, links[l.Line])
		}
		rows = append(rows, row)
	}
	return rows
}

// ownKey shows a municipality the key of its copies.
func (h *Handlers) ownKey(c *web.Ctx) error { return h.ownKeyPage(c, http.StatusOK, nil) }

func (h *Handlers) ownKeyPage(c *web.Ctx, status int, cause error) error {
	ctx := c.Context()
	r, err := h.service.OwnRecipient(ctx, c.Actor())
	if err != nil {
		return err
	}
	view := &views.OwnKey{Key: r.Key, Value: r.Key, Code: h.service.NeedsCode(ctx, c.Actor()),
		Errors: c.Errors(cause, "recipient", "national.own.field", "code", "ui.code.label")}
	if r.Key != "" {
		view.Since = i18n.Tf(ctx, "national.lock.since", map[string]any{"When": when(ctx, r.SetAt), "Name": r.ByName})
	}
	if cause != nil {
		view.Value = c.Typed("recipient")
	}
	return c.Page(status, page(c, "national.own.title"), views.OwnKeyPage(view))
}

func (h *Handlers) saveOwnKey(c *web.Ctx) error {
	var form struct {
		Recipient string `form:"recipient" validate:"max=200"`
		Code      string `form:"code" validate:"max=40"`
	}
	err := c.Bind(&form)
	if err == nil {
		err = h.service.SetRecipient(c.Context(), c.Actor(), form.Recipient, form.Code)
	}
	if isForm(err) {
		return h.ownKeyPage(c, statusOf(err), err)
	}
	if err != nil {
		return err
	}
	c.Flash("national.own.saved", nil)
	return c.Redirect("/settings/key")
}
