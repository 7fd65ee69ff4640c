package document

import (
	"context"
	"errors"
	"io"
	"net/http"
	"net/url"

	"gsl/app/access"
	"gsl/app/kit/calendar"
	"gsl/app/kit/fault"
	"gsl/app/kit/i18n"
	"gsl/app/kit/web"
	"gsl/templates/layout"
	"gsl/templates/ui"

	views "gsl/templates/document"
)

// Handlers show the papers of a file, take them in and send them.
type Handlers struct{ service *Service }

// NewHandlers makes the handlers.
func NewHandlers(service *Service) *Handlers { return &Handlers{service} }

// Mount names the routes.
func (h *Handlers) Mount(r *web.Router) {
	r.GET("/files/:file/documents", access.ReadFile, h.shelf)
	r.POST("/files/:file/documents", access.Attend, h.take, web.Upload())
	r.GET("/documents", access.Attend, h.due)
	r.GET("/documents/:document", access.ReadFile, h.open)
	r.GET("/documents/:document/likeness", access.ReadFile, h.likeness)
	r.POST("/documents/:document", access.Attend, h.change)
	r.POST("/documents/:document/remove", access.Attend, h.remove)
	r.POST("/documents/:document/restore", access.Attend, h.restore)
}

// open sends a document: a picture and a PDF to be looked at, anything else to be
// kept.
func (h *Handlers) open(c *web.Ctx) error {
	d, err := h.service.Open(c.Context(), c.Actor(), c.Param("document"))
	if err != nil {
		return err
	}
	m := c.Actor().Municipality
	return c.Stream(web.Stream{Type: d.Type, Name: d.Filename(), Inline: d.Shown() && c.Query("keep") == "", Size: d.Size},
		func(ctx context.Context, out io.Writer) error { return Send(ctx, m, &d, out) })
}

// likeness sends the small likeness of a picture.
func (h *Handlers) likeness(c *web.Ctx) error {
	body, err := h.service.Likeness(c.Context(), c.Actor(), c.Param("document"))
	if err != nil {
		return err
	}
	return c.Stream(web.Stream{Type: JPEG, Name: "miniatura.jpg", Inline: true, Size: int64(len(body))},
		func(_ context.Context, out io.Writer) error {
			_, err := out.Write(body)
			return err
		})
}

// asked reads which documents an address or a form asks for.
func asked(kind, of, before string) Ask {
	ask := Ask{Kind: Kind(kind), Of: ParseOwner(of), Before: before}
	if !ask.Kind.known() {
		ask.Kind = ""
	}
	return ask
}

// path is the address of a shelf.
func (a Ask) path(fileID string) string {
	query := url.Values{}
	for name, value := range map[string]string{"kind": string(a.Kind), "of": a.Of.String(), "before": a.Before} {
		if value != "" {
			query.Set(name, value)
		}
	}
	path := "/files/" + fileID + "/documents"
	if len(query) > 0 {
		path += "?" + query.Encode()
	}
	return path
}

func (h *Handlers) shelf(c *web.Ctx) error {
	return h.shelfPage(c, http.StatusOK, c.Param("file"), asked(c.Query("kind"), c.Query("of"), c.Query("before")), &typed{})
}

// shelfPage shows the documents, with what was typed in a form that comes back.
func (h *Handlers) shelfPage(c *web.Ctx, status int, fileID string, ask Ask, again *typed) error {
	shelf, err := h.service.Shelf(c.Context(), c.Actor(), fileID, ask)
	if err != nil {
		return err
	}
	page := layout.Page{Title: i18n.T(c.Context(), "document.title"), Section: Section, File: shelf.Frame, Style: layout.RoomStyle, Print: true}
	return c.Page(status, page, views.ShelfPage(presentShelf(c.Context(), &shelf, again)))
}

// typed is a form that comes back: whose it is, what was typed, what is wrong.
type typed struct {
	document        string // "" the form that hands papers in
	kind, expiresOn string
	reason          string
	removing        bool
	errs            ui.Errors
}

// handForm is the form that hands papers in.
type handForm struct {
	Of        string        `form:"of" validate:"max=60"`
	At        string        `form:"at" validate:"max=10"`
	Kind      string        `form:"kind"`
	ExpiresOn calendar.Date `form:"expires_on"`
	NoFile    string        `form:"file"` // a box without a file comes as text
}

// take keeps papers. What is wrong comes back with what was typed; the files that
// could be kept are there already.
func (h *Handlers) take(c *web.Ctx) error {
	var form handForm
	kept, refused, err := h.takeFiles(c, &form)
	if err != nil && !fault.Is(err, fault.Invalid) {
		return err
	}
	if len(kept) > 0 {
		c.Flash("document.flash.kept", map[string]any{"Count": len(kept)})
	}
	ask := Ask{Of: ParseOwner(c.Typed("of"))}
	if err == nil && len(refused) == 0 {
		return h.taken(c, ask, form.At)
	}
	errs := c.Errors(err, "file", "document.file", "kind", "document.kind", "expires_on", "document.expires")
	for _, r := range refused {
		errs = append(errs, ui.FieldError{Name: "file", Label: r.Name, Text: i18n.Tf(c.Context(), r.Field.Key, r.Field.Args)})
	}
	again := &typed{kind: c.Typed("kind"), expiresOn: c.Typed("expires_on"), errs: errs}
	if c.Fragment() {
		return h.panelAgain(c, http.StatusUnprocessableEntity, ask.Of, again)
	}
	return h.shelfPage(c, http.StatusUnprocessableEntity, c.Param("file"), ask, again)
}

func (h *Handlers) takeFiles(c *web.Ctx, form *handForm) (kept []Document, refused []Refusal, err error) {
	bound := c.Bind(form)
	files, err := c.UploadedAll("file")
	defer func() {
		for i := range files {
			_ = files[i].Close() // read to its end, or not wanted
		}
	}()
	if err := errors.Join(bound, err); err != nil {
		return nil, nil, err
	}
	incoming := make([]Incoming, len(files))
	for i, f := range files {
		incoming[i] = Incoming{File: f, Name: f.Name, Size: f.Size}
	}
	return h.service.Take(c.Context(), c.Actor(), Handed{FileID: c.Param("file"), Owner: ParseOwner(form.Of), Kind: Kind(form.Kind), ExpiresOn: form.ExpiresOn}, incoming)
}

// taken leads back to where the papers were handed in.
func (h *Handlers) taken(c *web.Ctx, ask Ask, at string) error {
	if c.Fragment() {
		return h.panelAgain(c, http.StatusOK, ask.Of, &typed{})
	}
	if at == atPanel {
		if told, err := h.service.Told(c.Context(), c.Actor(), ask.Of); err == nil && told.Href != "" {
			return c.Redirect(told.Href)
		}
	}
	return c.Redirect(ask.path(c.Param("file")))
}

// panelAgain answers with the panel of an owner as it is now.
func (h *Handlers) panelAgain(c *web.Ctx, status int, owner Owner, again *typed) error {
	panel, err := h.service.PanelAgain(c.Context(), c.Actor(), c.Param("file"), owner, again)
	if err != nil {
		return err
	}
	return c.Partial(status, views.PapersPanel(panel))
}

// due lists the papers that expire.
func (h *Handlers) due(c *web.Ctx) error {
	list, err := h.service.DueList(c.Context(), c.Actor())
	if err != nil {
		return err
	}
	page := layout.Page{Title: i18n.T(c.Context(), "document.due.title"), Style: layout.RoomStyle, Print: true}
	return c.Page(http.StatusOK, page, views.DuePage(presentDue(c.Context(), list)))
}
