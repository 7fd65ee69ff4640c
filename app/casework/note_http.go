package casework

import (
	"net/http"
	"strconv"

	"gsl/app/access"
	"gsl/app/kit/fault"
	"gsl/app/kit/i18n"
	"gsl/app/kit/web"
	"gsl/app/people"
	views "gsl/templates/casework"
	"gsl/templates/layout"
)

// mountNotes names the routes of the log.
func (h *Handlers) mountNotes(r *web.Router) {
	r.GET("/files/:file/notes", access.ReadCasework, h.notes)
	r.POST("/files/:file/notes", access.ManagePlan, h.addNote)
	r.POST("/files/:file/notes/draft", access.ManagePlan, h.keepNote)
	r.POST("/files/:file/notes/discard", access.ManagePlan, h.dropDraft)
	r.POST("/notes/:note/add", access.ManagePlan, h.amend)
}

// notes shows the log of a file.
func (h *Handlers) notes(c *web.Ctx) error {
	return h.log(c, http.StatusOK, c.Param("file"), logForms{})
}

// logForms are the forms that come back to the log's page.
type logForms struct {
	note   *NoteForm
	amends string // the note to which something is added
	text   string
	cause  error
	rows   int // lines for agreements, 0 for those that are filled and some more
}

func (h *Handlers) log(c *web.Ctx, status int, file string, forms logForms) error {
	ctx := c.Context()
	log, err := h.service.Log(ctx, c.Actor(), file, NoteKind(c.Query("kind")), c.Query("before"))
	if err != nil {
		return err
	}
	view := presentLog(c, &log, forms)
	if c.Fragment() && forms.note != nil && view.Form != nil {
		return c.Partial(status, views.NoteForm(view.Form))
	}
	page := layout.Page{Style: layout.RoomStyle, Title: i18n.T(ctx, "note.title"), Section: people.NotesSection, File: log.Frame, Print: true}
	return c.Page(status, page, views.NotesPage(view))
}

// sentNote is what the form of a note sends.
type sentNote struct {
	Key          string            `form:"key" validate:"max=40"`
	Kind         string            `form:"kind" validate:"max=20"`
	On           string            `form:"on" validate:"max=20"`
	Text         string            `form:"text"`
	Confidential bool              `form:"confidential"`
	Participants string            `form:"participants"`
	Agreement    map[string]string `form:"agreement"`
	Responsible  map[string]string `form:"responsible"`
	Due          map[string]string `form:"due"`
	Then         string            `form:"then" validate:"omitempty,oneof=row"`
}

func (f *sentNote) form() NoteForm {
	n := NoteForm{Key: f.Key, Kind: f.Kind, On: f.On, Text: f.Text, Confidential: f.Confidential, Participants: f.Participants}
	for i := range maxAgreed + 1 { // one more than may be, so that too many are noticed
		at := strconv.Itoa(i)
		a := Agreed{What: f.Agreement[at], Responsible: f.Responsible[at], Due: f.Due[at]}
		if !a.blank() {
			n.Agreements = append(n.Agreements, a)
		}
	}
	return n
}

// addNote writes a note, or gives the form back with a line more.
func (h *Handlers) addNote(c *web.Ctx) error {
	var sent sentNote
	if err := c.Bind(&sent); err != nil {
		return err
	}
	form, file := sent.form(), c.Param("file")
	if sent.Then == "row" && form.fits() {
		return h.log(c, http.StatusOK, file, logForms{note: &form, rows: len(sent.Agreement) + 1})
	}
	n, err := h.service.AddNote(c.Context(), c.Actor(), file, form)
	if isForm(err) {
		return h.log(c, statusOf(err), file, logForms{note: &form, cause: err})
	}
	if err != nil {
		return err
	}
	c.Flash("note.flash.added", nil)
	return c.Redirect("/files/" + file + "/notes#note-" + n.ID)
}

// amend adds to a note what was wrong or missing.
func (h *Handlers) amend(c *web.Ctx) error {
	var sent struct {
		Key  string `form:"key" validate:"max=40"`
		Text string `form:"text"`
	}
	if err := c.Bind(&sent); err != nil {
		return err
	}
	id := c.Param("note")
	n, err := h.service.Amend(c.Context(), c.Actor(), id, sent.Key, sent.Text)
	if isForm(err) {
		of, missing := h.service.Note(c.Context(), c.Actor(), id)
		if missing != nil {
			return missing
		}
		return h.log(c, statusOf(err), of.FileID, logForms{amends: of.ID, text: sent.Text, cause: err})
	}
	if err != nil {
		return err
	}
	c.Flash("note.flash.amended", nil)
	return c.Redirect("/files/" + n.FileID + "/notes#note-" + n.Amends)
}

// keepNote keeps what is being typed.
func (h *Handlers) keepNote(c *web.Ctx) error {
	var sent sentNote
	if err := c.Bind(&sent); err != nil {
		return err
	}
	at, kept, err := h.service.KeepNote(c.Context(), c.Actor(), c.Param("file"), sent.form())
	if c.Fragment() && fault.Is(err, fault.Conflict) {
		return c.Partial(http.StatusConflict, views.Saved(i18n.T(c.Context(), "note.error.twice")))
	}
	if err != nil {
		return err
	}
	switch {
	case !kept && !c.Fragment():
		return fault.InvalidField("text", "note.draft.not_kept")
	case !c.Fragment():
		return c.Redirect("/files/" + c.Param("file") + "/notes")
	case !kept:
		return c.Partial(http.StatusUnprocessableEntity, views.Saved(i18n.T(c.Context(), "note.draft.not_kept")))
	}
	return c.Partial(http.StatusOK, views.Saved(i18n.Tf(c.Context(), "note.draft.kept", map[string]any{"At": i18n.Clock(c.Context(), at)})))
}

// dropDraft throws away what was being typed.
func (h *Handlers) dropDraft(c *web.Ctx) error {
	var sent struct {
		Key string `form:"key" validate:"max=40"`
	}
	if err := c.Bind(&sent); err != nil {
		return err
	}
	if !isID(sent.Key) {
		return fault.InvalidField("key", "note.error.key")
	}
	if err := h.service.DropDraft(c.Context(), c.Actor(), c.Param("file"), sent.Key); err != nil {
		return err
	}
	c.Flash("note.flash.dropped", nil)
	return c.Redirect("/files/" + c.Param("file") + "/notes")
}
