package trail

import (
	"net/http"
	"net/url"
	"strconv"

	"gsl/app/access"
	"gsl/app/kit/calendar"
	"gsl/app/kit/fault"
	"gsl/app/kit/i18n"
	"gsl/app/kit/pdf"
	"gsl/app/kit/web"
	"gsl/app/people"
	"gsl/templates/layout"
	views "gsl/templates/trail"
)

// Handlers show who has looked, and the register of requests about data.
type Handlers struct {
	service *Service
	press   *pdf.Press
}

// NewHandlers makes the handlers.
func NewHandlers(service *Service, press *pdf.Press) *Handlers { return &Handlers{service, press} }

// Mount names the routes.
func (h *Handlers) Mount(r *web.Router) {
	r.GET("/files/:file/trail", access.ReadTrail, h.trail)
	r.GET("/files/:file/trail.pdf", access.ReadTrail, h.paper)
	h.mountRequests(r)
}

// trail shows who has looked at a file, narrowed by what stands in the address:
// opaque ids and days, never a name.
func (h *Handlers) trail(c *web.Ctx) error {
	ctx, file := c.Context(), c.Param("file")
	ask, wrong := askedOf(c.Query)
	shown, err := h.service.Looked(ctx, c.Actor(), file, ask)
	if err != nil {
		return err
	}
	view := presentTrail(ctx, &shown, c.Query("from"), c.Query("to"))
	view.Filter.Errors = c.Errors(wrong, "from", "trail.filter.from", "to", "trail.filter.to")
	if c.Query("proof") != "" {
		proof, err := h.service.Prove(ctx, c.Actor())
		if err != nil {
			return err
		}
		view.Proof = presentProof(ctx, proof)
	}
	status := http.StatusOK
	if wrong != nil {
		status = http.StatusUnprocessableEntity
	}
	page := layout.Page{Title: i18n.T(ctx, "trail.title"), Section: people.TrailSection, File: shown.Frame, Style: layout.RoomStyle, Print: true}
	return c.Page(status, page, views.TrailPage(view))
}

// paper answers with who has looked as a document for the person.
func (h *Handlers) paper(c *web.Ctx) error {
	ctx := i18n.With(c.Context(), i18n.Spanish) // municipal documents are in Spanish
	ask, wrong := askedOf(c.Query)
	if wrong != nil {
		return wrong
	}
	ask.Odd = false // the marks are about workers, not about the person
	shown, err := h.service.ForPaper(ctx, c.Actor(), c.Param("file"), ask)
	if err != nil {
		return err
	}
	proof, err := h.service.Prove(ctx, c.Actor())
	if err != nil {
		return err
	}
	body, err := printTrail(ctx, h.press, c.Actor(), &shown, proof)
	if err != nil {
		return err
	}
	return c.Download("application/pdf", "consultas-"+shown.Today.String()+".pdf", body)
}

// askedOf reads the address; a day that is none is named and not looked for.
func askedOf(get func(string) string) (Asked, error) {
	ask := Asked{UserID: get("by"), Odd: get("only") == "odd"}
	ask.Before, _ = strconv.ParseInt(get("before"), 10, 64)
	var wrong []fault.Field
	for _, field := range []struct {
		name string
		into *calendar.Date
	}{{"from", &ask.From}, {"to", &ask.To}} {
		text := get(field.name)
		if text == "" {
			continue
		}
		day, err := calendar.Parse(text)
		if err != nil {
			wrong = append(wrong, fault.Field{Name: field.name, Key: "web.field.date"})
			continue
		}
		*field.into = day
	}
	if len(wrong) > 0 {
		return ask, fault.InvalidFields(wrong...)
	}
	return ask, nil
}

// address is where a question is answered: of the page, or of the paper.
func (a Asked) address(path string, before int64, more ...string) string {
	values := url.Values{}
	set := func(name, value string) {
		if value != "" {
			values.Set(name, value)
		}
	}
	set("by", a.UserID)
	if !a.From.IsZero() {
		set("from", a.From.Chilean())
	}
	if !a.To.IsZero() {
		set("to", a.To.Chilean())
	}
	if a.Odd {
		set("only", "odd")
	}
	if before > 0 {
		set("before", strconv.FormatInt(before, 10))
	}
	for i := 0; i+1 < len(more); i += 2 {
		set(more[i], more[i+1])
	}
	if len(values) == 0 {
		return path
	}
	return path + "?" + values.Encode()
}
