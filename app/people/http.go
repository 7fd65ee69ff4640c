package people

import (
	"errors"
	"net/http"
	"strings"

	"gsl/app/access"
	"gsl/app/kit/fault"
	"gsl/app/kit/i18n"
	"gsl/app/kit/web"
	"gsl/templates/layout"
	views "gsl/templates/people"
)

// Handlers are the pages of people: the lookup and the file's own address.
type Handlers struct{ service *Service }

// NewHandlers makes the handlers.
func NewHandlers(service *Service) *Handlers { return &Handlers{service} }

// Mount names the routes.
func (h *Handlers) Mount(r *web.Router) {
	r.POST("/lookup", access.ReadFile, h.lookup, web.InCopy())
	r.GET("/search", access.ReadFile, h.searchForm)
	r.POST("/search", access.ReadFile, h.search, web.InCopy())
	r.POST("/people/open", access.ReadFile, h.lookupOffered, web.InCopy())
	r.GET("/people/new", access.Attend, h.newcomer)
	r.POST("/people/new", access.Attend, h.receive)
	r.GET("/merges", access.MergeFiles, h.waitingMerges)
	r.GET("/files/:file/merge", access.EditContact, h.merges)
	r.POST("/files/:file/merge", access.EditContact, h.propose)
	r.POST("/files/:file/merge/confirm", access.MergeFiles, h.confirmMerge)
	r.POST("/files/:file/merge/decline", access.MergeFiles, h.declineMerge)
	r.POST("/files/:file/merge/undo", access.MergeFiles, h.undoMerge)
	r.POST("/files/:file/lookup", access.ReadFile, h.lookupFound, web.InCopy(), web.Unguarded()) // leads to the glass itself
	h.mountRestricted(r)
	r.GET("/files/:file", access.ReadFile, h.file)
	r.GET("/files/:file/person", access.EditContact, h.person)
	r.POST("/files/:file/person", access.EditContact, h.writePerson)
}

// lookup takes a RUN to the person's file.
func (h *Handlers) lookup(c *web.Ctx) error {
	var form struct {
		RUN string `form:"run"`
	}
	if err := c.Bind(&form); err != nil {
		if onlyAbout(err, "run") {
			return h.lookupAgain(c, c.Typed("run"), ErrRUNShape, nil) // signs that nobody can see
		}
		return err
	}
	run, err := ParseRUN(form.RUN)
	if err != nil {
		return h.notARUN(c, form.RUN, err)
	}
	f, err := h.service.Lookup(c.Context(), c.Actor(), run)
	if err != nil {
		return err
	}
	return c.Redirect(firstPage(f))
}

// firstPage is where a lookup leads: of a file that is shut, to its glass.
func firstPage(f File) string {
	if f.Veiled {
		return "/files/" + f.ID + "/glass?arrived=1"
	}
	return "/files/" + f.ID + "/screening"
}

// notARUN looks whether what is no RUN is a name, a document or a phone: the
// answer stays a 422, with who was found by it.
func (h *Handlers) notARUN(c *web.Ctx, typed string, why error) error {
	found, err := h.service.Search(c.Context(), c.Actor(), typed)
	if err != nil || len(found.Found)+len(found.Strangers) == 0 && nameWords(typed) == nil {
		return h.lookupAgain(c, c.Typed("run"), why, nil)
	}
	return h.lookupAgain(c, c.Typed("run"), why, foundView(c, found))
}

// lookupAgain shows what is wrong with the RUN, with what was typed.
func (h *Handlers) lookupAgain(c *web.Ctx, typed string, why error, found *views.Found) error {
	ctx := c.Context()
	view := views.Lookup{Typed: strings.ToValidUTF8(typed, "\uFFFD"), Problem: i18n.T(ctx, runSentence(why)), Advice: i18n.T(ctx, runAdvice(why)), Found: found}
	page := layout.Page{Title: i18n.T(ctx, "people.lookup.title"), Narrow: true}
	return c.Page(http.StatusUnprocessableEntity, page, views.LookupAgain(view))
}

// runSentence is the key of the sentence that says why a text is no RUN.
func runSentence(why error) string {
	switch {
	case errors.Is(why, ErrRUNBlank):
		return "people.run.blank"
	case errors.Is(why, ErrRUNLong):
		return "people.run.long"
	case errors.Is(why, ErrRUNDash):
		return "people.run.dash"
	case errors.Is(why, ErrRUNCheckDigit):
		return "people.run.check_digit"
	}
	return "people.run.shape"
}

// runAdvice is the key of what to do about it.
func runAdvice(why error) string {
	switch {
	case errors.Is(why, ErrRUNBlank):
		return "people.run.blank_advice"
	case errors.Is(why, ErrRUNCheckDigit):
		return "people.run.check_digit_advice"
	}
	return "people.run.shape_advice"
}

// file leads from a file's address to its first page.
func (h *Handlers) file(c *web.Ctx) error {
	f, err := h.service.File(c.Context(), c.Actor(), c.Param("file"))
	if err != nil {
		return err
	}
	return c.Redirect("/files/" + f.ID + "/screening")
}

// onlyAbout reports whether an error names one field and nothing else.
func onlyAbout(err error, name string) bool {
	var e *fault.Error
	return errors.As(err, &e) && len(e.Fields) == 1 && e.Fields[0].Name == name
}

// isForm reports whether an error is about the form, so that the form comes
// back with what was typed.
func isForm(err error) bool { return fault.Is(err, fault.Invalid) || fault.Is(err, fault.Conflict) }
