package diagnosis

import (
	"errors"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/a-h/templ"

	"gsl/app/access"
	"gsl/app/kit/fault"
	"gsl/app/kit/i18n"
	"gsl/app/kit/web"
	"gsl/app/people"
	views "gsl/templates/diagnosis"
	"gsl/templates/layout"
	"gsl/templates/ui"
)

// Handlers are the pages of diagnosis, ecomap, goals and commitments.
type Handlers struct {
	service *Service
	clock   func() time.Time
}

// NewHandlers makes the handlers.
func NewHandlers(service *Service, clock func() time.Time) *Handlers {
	return &Handlers{service: service, clock: clock}
}

// Mount names the routes.
func (h *Handlers) Mount(r *web.Router) {
	r.GET("/files/:file/diagnosis", access.ReadCasework, h.section)
	r.POST("/files/:file/diagnosis", access.ManagePlan, h.send)
	r.POST("/files/:file/diagnosis/start", access.ManagePlan, h.start)
	r.POST("/files/:file/diagnosis/draft", access.ManagePlan, h.keep)
	r.POST("/files/:file/diagnosis/discard", access.ManagePlan, h.discard)
	r.GET("/diagnoses/:diagnosis", access.ReadCasework, h.one)
	h.mountEcomap(r)
	h.mountGoals(r)
}

// page is a page of the section.
func page(c *web.Ctx, v *visit, title string, aside templ.Component) layout.Page {
	return layout.Page{Title: title, Section: people.DiagnosisSection, File: v.Frame, Aside: aside, Style: layout.RoomStyle, Print: true}
}

// section shows the draft to who writes it, else the last finished diagnosis.
func (h *Handlers) section(c *web.Ctx) error {
	sec, err := h.service.Section(c.Context(), c.Actor(), c.Param("file"))
	if err != nil {
		return err
	}
	return h.showSection(c, http.StatusOK, sec, formState{})
}

func (h *Handlers) showSection(c *web.Ctx, status int, sec *Section, st formState) error {
	ctx := c.Context()
	if sec.Draft != nil && sec.Writes {
		risk := presentRisk(ctx, sec.Draft, sec.Verdict, sec.Marks, sec.Rules)
		return c.Page(status, page(c, &sec.visit, i18n.T(ctx, "diagnosis.title"), views.RiskPanel(&risk)), views.FormPage(presentForm(ctx, sec, st)))
	}
	v := &views.Page{Tabs: presentTabs(ctx, sec.File.ID, "diagnosis", len(sec.Ecomap.Ties), &sec.Goals), Evolution: presentEvolution(ctx, sec.Done)}
	if sec.Writes {
		v.Start = "/files/" + sec.File.ID + "/diagnosis/start"
	}
	if len(sec.Done) > 0 {
		var was *Diagnosis
		if len(sec.Done) > 1 {
			was = &sec.Done[1]
		}
		v.Latest = presentDone(ctx, &sec.Done[0], was, sec.Rules)
	}
	return c.Page(status, page(c, &sec.visit, i18n.T(ctx, "diagnosis.title"), views.Aside(presentAside(ctx, sec))), views.DiagnosisPage(v))
}

// one shows a diagnosis of before; a draft is shown in its section.
func (h *Handlers) one(c *web.Ctx) error {
	one, err := h.service.One(c.Context(), c.Actor(), c.Param("diagnosis"))
	if err != nil {
		return err
	}
	if one.Diagnosis.State != Done {
		return c.Redirect("/files/" + one.Diagnosis.FileID + "/diagnosis")
	}
	v := presentDone(c.Context(), &one.Diagnosis, one.Before, one.Rules)
	return c.Page(http.StatusOK, page(c, &one.visit, i18n.T(c.Context(), "diagnosis.title"), nil), views.OnePage(v))
}

// start begins a draft.
func (h *Handlers) start(c *web.Ctx) error {
	if err := h.service.Start(c.Context(), c.Actor(), c.Param("file")); err != nil {
		return err
	}
	return c.Redirect("/files/" + c.Param("file") + "/diagnosis")
}

// discard throws a draft away.
func (h *Handlers) discard(c *web.Ctx) error {
	var form struct {
		Draft string `form:"draft" validate:"required,max=40"`
	}
	if err := c.Bind(&form); err != nil {
		return err
	}
	if err := h.service.Discard(c.Context(), c.Actor(), c.Param("file"), form.Draft); err != nil {
		return err
	}
	c.Flash("diagnosis.flash.discarded", nil)
	return c.Redirect("/files/" + c.Param("file") + "/diagnosis")
}

// sentForm is what the form of a draft sends.
type sentForm struct {
	Draft     string            `form:"draft" validate:"required,max=40"`
	Page      string            `form:"page" validate:"max=40"`
	Marks     string            `form:"marks" validate:"max=100"`
	Seen      map[string]string `form:"seen" validate:"dive,max=40"`
	Level     map[string]string `form:"level" validate:"dive,max=20"`
	Situation map[string]string `form:"situation"`
	Note      map[string]string `form:"note"`
	Then      string            `form:"then" validate:"omitempty,oneof=keep complete"`
	Carry     string            `form:"carry" validate:"max=20"`
}

// read gathers what was sent by dimension. What is not sent stays as it was.
func (f *sentForm) read() (Typed, error) {
	t := Typed{DraftID: f.Draft, From: Page{Name: f.Page, Seen: map[Dimension]string{}}, Texts: map[Dimension]Text{}}
	var wrong []fault.Field
	for name, table := range map[string]map[string]string{"seen": f.Seen, "level": f.Level, "situation": f.Situation, "note": f.Note} {
		for key := range table {
			if !isDimension(key) {
				wrong = append(wrong, fault.Field{Name: name + "[" + key + "]", Key: "web.field.unknown"})
			}
		}
	}
	if f.Carry != "" && (!isDimension(f.Carry) || f.Carry == string(Whole)) {
		wrong = append(wrong, fault.Field{Name: "carry", Key: "web.field.choice"})
	}
	if len(wrong) > 0 {
		return t, fault.InvalidFields(wrong...)
	}
	for key, text := range f.Situation {
		t.Texts[Dimension(key)] = Text{Level: Level(f.Level[key]), Situation: text, Note: f.Note[key]}
		t.From.Seen[Dimension(key)] = f.Seen[key]
	}
	return t, nil
}

func isDimension(name string) bool {
	return name == string(Whole) || slices.Contains(Dimensions(), Dimension(name))
}

// marksSent is what the page knew of the household: for the risk that is shown
// while one types. When the diagnosis is finished the registries are asked.
func (f *sentForm) marksSent() (marks []Mark) {
	for _, m := range Marks() {
		if slices.Contains(strings.Split(f.Marks, ","), string(m)) {
			marks = append(marks, m)
		}
	}
	return marks
}

func bindForm(c *web.Ctx) (f sentForm, t Typed, err error) {
	if err = c.Bind(&f); err != nil {
		return f, t, err
	}
	t, err = f.read()
	return f, t, err
}

// keep keeps a draft while it is typed, and says which risk follows.
func (h *Handlers) keep(c *web.Ctx) error {
	form, typed, err := bindForm(c)
	if err != nil {
		return err
	}
	kept, err := h.service.Keep(c.Context(), c.Actor(), c.Param("file"), typed)
	if !c.Fragment() {
		return h.answer(c, &typed, &kept, err, "")
	}
	ctx := c.Context()
	switch {
	case fault.Is(err, fault.Conflict):
		return c.Partial(http.StatusConflict, views.Saved(sentence(c, err)))
	case fault.Is(err, fault.Invalid):
		return c.Partial(http.StatusUnprocessableEntity, views.Saved(i18n.T(ctx, "diagnosis.not_kept")))
	case err != nil:
		return err
	}
	marks := form.marksSent()
	risk := presentRisk(ctx, &kept.Draft, judge(kept.Rules, &kept.Draft, marks), marks, kept.Rules)
	return c.Partial(http.StatusOK, views.KeptParts(i18n.Tf(ctx, "diagnosis.kept", map[string]any{"At": i18n.Clock(ctx, h.clock())}), &risk))
}

// send keeps a draft, takes a dimension over from the diagnosis before, or finishes it.
func (h *Handlers) send(c *web.Ctx) error {
	form, typed, err := bindForm(c)
	if err != nil {
		return err
	}
	ctx, who, file := c.Context(), c.Actor(), c.Param("file")
	var kept Kept
	switch {
	case form.Carry != "":
		kept, err = h.service.Carry(ctx, who, file, typed, Dimension(form.Carry))
		return h.answer(c, &typed, &kept, err, "#part-"+form.Carry)
	case form.Then == "complete":
		if kept, err = h.service.Complete(ctx, who, file, typed); err == nil {
			c.Flash("diagnosis.flash.done", nil)
		}
	default:
		if kept, err = h.service.Keep(ctx, who, file, typed); err == nil {
			c.Flash("diagnosis.flash.kept", nil)
		}
	}
	return h.answer(c, &typed, &kept, err, "")
}

// answer leads back to the section, or gives the form back with what was typed,
// what is wrong, and what another page wrote.
func (h *Handlers) answer(c *web.Ctx, typed *Typed, kept *Kept, cause error, place string) error {
	status := http.StatusUnprocessableEntity
	switch {
	case cause == nil:
		return c.Redirect("/files/" + c.Param("file") + "/diagnosis" + place)
	case fault.Is(cause, fault.Conflict):
		status = http.StatusConflict
	case !fault.Is(cause, fault.Invalid):
		return cause
	}
	sec, err := h.service.Section(c.Context(), c.Actor(), c.Param("file"))
	if err != nil {
		return err
	}
	st := formState{typed: typed, clashes: kept.Clashes}
	if status == http.StatusConflict {
		st.problem = sentence(c, cause)
	} else {
		st.errs = h.fieldErrors(c, cause)
	}
	switch {
	case sec.Draft == nil:
		return h.gone(c, sec, kept, typed, st)
	case sec.Draft.ID != typed.DraftID: // another was begun since: the words go there, if they are sent again
		typed.DraftID = sec.Draft.ID
	}
	return h.showSection(c, status, sec, st)
}

// gone shows what was typed into a draft that was finished or discarded meanwhile.
func (h *Handlers) gone(c *web.Ctx, sec *Section, kept *Kept, typed *Typed, st formState) error {
	lost := kept.Draft
	if len(lost.Parts) == 0 {
		lost = blank(sec, typed)
	}
	sec.Draft, sec.Writes = &lost, true
	st.see = "/files/" + sec.File.ID + "/diagnosis"
	sec.Verdict = judge(sec.Rules, &lost, nil)
	return h.showSection(c, http.StatusConflict, sec, st)
}

// blank is a draft with nothing in it, for words whose own is no longer there.
func blank(sec *Section, typed *Typed) Diagnosis {
	d := Diagnosis{ID: typed.DraftID, FileID: sec.File.ID, State: Draft, StartedAt: sec.at}
	for _, of := range append(Dimensions(), Whole) {
		d.Parts = append(d.Parts, Part{Dimension: of, ChangedAt: sec.at})
	}
	return d
}

// sentence is the error's own text.
func sentence(c *web.Ctx, why error) string {
	var e *fault.Error
	if errors.As(why, &e) {
		return i18n.Tf(c.Context(), e.Key, e.Args)
	}
	return ""
}

var fieldKeys = map[string]string{"level": "diagnosis.level", "situation": "diagnosis.situation", "note": "diagnosis.note"}

// fieldErrors words what is wrong, each with its dimension.
func (h *Handlers) fieldErrors(c *web.Ctx, cause error) ui.Errors {
	ctx := c.Context()
	list := c.Errors(cause)
	for i := range list {
		name, key, _ := strings.Cut(strings.TrimSuffix(list[i].Name, "]"), "[")
		of := Dimension(key)
		list[i].Label = i18n.T(ctx, "diagnosis.whole")
		if of != Whole {
			list[i].Label = dimensionText(ctx, of) + " · " + i18n.T(ctx, fieldKeys[name])
		}
	}
	return list
}
