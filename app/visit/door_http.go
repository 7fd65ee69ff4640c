package visit

import (
	"errors"
	"net/http"
	"strconv"

	"gsl/app/kit/fault"
	"gsl/app/kit/i18n"
	"gsl/app/kit/web"
	"gsl/templates/ui"
	views "gsl/templates/visit"
)

// doorForm is what the form at the door sends.
type doorForm struct {
	Result   string            `form:"result" validate:"max=40"`
	On       string            `form:"on" validate:"max=20"`
	At       string            `form:"at" validate:"max=20"`
	Present  []string          `form:"present" validate:"max=60,dive,max=200"`
	Others   string            `form:"others" validate:"max=4000"`
	Findings map[string]string `form:"finding"`
	Note     string            `form:"note"`
	Window   string            `form:"window" validate:"max=40"`
	Seen     string            `form:"seen" validate:"omitempty,max=19,numeric"`
	Do       string            `form:"do" validate:"omitempty,oneof=keep photo"`
	NoPhoto  string            `form:"photo" validate:"max=300"` // a box without a file comes as text
}

func (f *doorForm) written() *Written {
	return &Written{Result: f.Result, On: f.On, At: f.At, Present: f.Present, Others: f.Others, Findings: f.Findings, Note: f.Note}
}

func (f *doorForm) window() Page {
	seen, _ := strconv.ParseInt(f.Seen, 10, 64) // numeric by its rule; what is too long nobody has seen
	return Page{Name: f.Window, Seen: seen}
}

// door shows the form at the door; a visit that is over is shown.
func (h *Handlers) door(c *web.Ctx) error {
	v, err := h.service.Door(c.Context(), c.Actor(), c.Param("visit"))
	if err != nil {
		return err
	}
	if !v.Visit.Waits() {
		return c.Redirect("/visits/" + v.Visit.ID)
	}
	written := v.Draft.Written
	if v.Draft.Seq == 0 {
		written = Written{Result: string(Done), On: v.Today.Chilean()}
	}
	view := presentDoor(c.Context(), &v, &written, newPage(), nil)
	return doorPage(c, http.StatusOK, &v, view.Door)
}

func doorPage(c *web.Ctx, status int, v *Shown, view *views.Door) error {
	if c.Fragment() {
		return c.Partial(status, views.DoorForm(view))
	}
	return page(c, status, &v.Opened, i18n.T(c.Context(), "visit.door.title"), views.DoorPage(view))
}

// record keeps what was found at the door, or what there is of it so far.
func (h *Handlers) record(c *web.Ctx) error {
	var sent doorForm
	if err := c.Bind(&sent); err != nil {
		return err
	}
	switch sent.Do {
	case "photo":
		return h.doorPhoto(c, &sent)
	case "keep":
		return h.doorKeep(c, &sent)
	}
	v, err := h.service.Finish(c.Context(), c.Actor(), c.Param("visit"), sent.written())
	if err != nil {
		return h.doorAgain(c, &sent, err)
	}
	if file, chosen, err := c.Uploaded("photo"); err == nil && chosen { // chosen, and sent with the rest
		defer func() { _ = file.Close() }()
		if err := h.service.Photograph(c.Context(), c.Actor(), v.ID, Photo{File: file, Name: file.Name, Size: file.Size}); err != nil {
			c.Flash("visit.flash.no_photo", nil) // the record stands
			return c.Redirect("/visits/" + v.ID)
		}
	}
	c.Flash(resultFlashKeys[v.Status], nil)
	return c.Redirect("/visits/" + v.ID)
}

var resultFlashKeys = map[Status]string{Done: "visit.flash.done", NobodyHome: "visit.flash.again", AddressNotFound: "visit.flash.again", Refused: "visit.flash.again"}

// doorAgain gives the form back with what was typed and what is wrong with it.
func (h *Handlers) doorAgain(c *web.Ctx, sent *doorForm, cause error) error {
	if !isForm(cause) {
		return cause
	}
	v, err := h.service.Door(c.Context(), c.Actor(), c.Param("visit"))
	if err != nil {
		return err
	}
	var errs ui.Errors
	if fault.Is(cause, fault.Invalid) {
		errs = doorErrors(c, cause)
	}
	view := presentDoor(c.Context(), &v, sent.written(), sent.Window, errs)
	if fault.Is(cause, fault.Conflict) {
		view.Problem = sentence(c, cause)
		view.tellTheirs(c.Context(), &v, sent.Note)
	}
	return doorPage(c, statusOf(cause), &v, view.Door)
}

// doorErrors puts what is wrong into words; a question says its own name.
func doorErrors(c *web.Ctx, cause error) ui.Errors {
	errs := c.Errors(cause, "result", "visit.door.result", "on", "visit.door.on", "at", "visit.door.at", "others", "visit.door.others", "note", "visit.note", "photo", "visit.photo.add")
	for i := range errs {
		for g := range Checklist {
			for q := range Checklist[g].Questions {
				if ask := &Checklist[g].Questions[q]; errs[i].Name == findingField(ask.Code) {
					errs[i].Label = i18n.T(c.Context(), ask.Key)
				}
			}
		}
	}
	return errs
}

// doorKeep keeps what there is so far and goes back to the visit.
func (h *Handlers) doorKeep(c *web.Ctx, sent *doorForm) error {
	if _, err := h.service.Keep(c.Context(), c.Actor(), c.Param("visit"), sent.written(), sent.window()); err != nil {
		return h.doorAgain(c, sent, err)
	}
	c.Flash("visit.flash.kept", nil)
	return c.Redirect("/visits/" + c.Param("visit"))
}

// doorPhoto keeps a photo with what was typed so far, and goes on.
func (h *Handlers) doorPhoto(c *web.Ctx, sent *doorForm) error {
	_, err := h.service.Keep(c.Context(), c.Actor(), c.Param("visit"), sent.written(), sent.window())
	if err == nil {
		err = h.photograph(c)
	}
	if !c.Fragment() && err == nil {
		c.Flash("visit.flash.photo", nil)
		return c.Redirect("/visits/" + c.Param("visit") + "/record")
	}
	if !c.Fragment() || err != nil && !isForm(err) {
		return h.doorAgain(c, sent, err)
	}
	v, again := h.service.Door(c.Context(), c.Actor(), c.Param("visit"))
	if again != nil {
		return again
	}
	var errs ui.Errors
	status := http.StatusOK
	if err != nil {
		errs, status = doorErrors(c, err), statusOf(err)
	} else {
		c.Flash("visit.flash.photo", nil)
	}
	return c.Partial(status, photosPart(c, &v, errs))
}

// photograph takes the photo that a form brought.
func (h *Handlers) photograph(c *web.Ctx) error {
	file, chosen, err := c.Uploaded("photo")
	if err != nil {
		return err
	}
	if !chosen {
		return fault.InvalidField("photo", "visit.error.no_photo")
	}
	defer func() { _ = file.Close() }() // read to its end, or not wanted
	return h.service.Photograph(c.Context(), c.Actor(), c.Param("visit"), Photo{File: file, Name: file.Name, Size: file.Size})
}

// photo adds a photo to a visit that is over.
func (h *Handlers) photo(c *web.Ctx) error {
	var sent struct {
		NoPhoto string `form:"photo" validate:"max=300"`
	}
	if err := c.Bind(&sent); err != nil {
		return err
	}
	if err := h.photograph(c); isForm(err) {
		return h.showWith(c, statusOf(err), err)
	} else if err != nil {
		return err
	}
	c.Flash("visit.flash.photo", nil)
	return c.Redirect("/visits/" + c.Param("visit"))
}

// draft keeps what is being typed.
func (h *Handlers) draft(c *web.Ctx) error {
	var sent doorForm
	if err := c.Bind(&sent); err != nil {
		return err
	}
	k, err := h.service.Keep(c.Context(), c.Actor(), c.Param("visit"), sent.written(), sent.window())
	var told *fault.Error
	if c.Fragment() && fault.Is(err, fault.Conflict) && errors.As(err, &told) {
		return c.Partial(http.StatusConflict, views.Saved(sentence(c, err)))
	}
	if err != nil {
		return err
	}
	if !c.Fragment() {
		return c.Redirect("/visits/" + c.Param("visit") + "/record")
	}
	return c.Partial(http.StatusOK, views.Saved(i18n.Tf(c.Context(), "visit.draft.kept", map[string]any{"At": i18n.Clock(c.Context(), k.At)})))
}
