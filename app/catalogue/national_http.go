package catalogue

import (
	"crypto/rand"
	"encoding/base32"
	"errors"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"gsl/app/access"
	"gsl/app/kit/calendar"
	"gsl/app/kit/fault"
	"gsl/app/kit/i18n"
	"gsl/app/kit/web"
	views "gsl/templates/catalogue"
	"gsl/templates/layout"
	"gsl/templates/ui"
)

// EditorHandlers are the pages of the national catalogue.
type EditorHandlers struct{ editor *Editor }

// NewEditorHandlers makes the handlers.
func NewEditorHandlers(editor *Editor) *EditorHandlers { return &EditorHandlers{editor} }

// Mount names the routes and what stands in their paths.
func (h *EditorHandlers) Mount(r *web.Router) {
	r.Object(web.Object{Param: "code", See: access.Administer, National: true, Exists: h.editor.Exists})
	r.Object(web.Object{Param: "publication", See: access.Administer, National: true, Exists: h.editor.PublicationExists})
	r.GET(nationalRoot, access.Administer, h.list)
	r.GET(nationalRoot+"/new", access.Administer, h.begin)
	r.POST(nationalRoot+"/new", access.Administer, h.create)
	r.GET(nationalRoot+"/items/:code", access.Administer, h.item)
	r.GET(nationalRoot+"/items/:code/edit", access.Administer, h.edit)
	r.POST(nationalRoot+"/items/:code", access.Administer, h.save)
	r.POST(nationalRoot+"/items/:code/retire", access.Administer, h.retire)
	r.POST(nationalRoot+"/items/:code/discard", access.Administer, h.discard)
	r.GET(nationalRoot+"/review", access.Administer, h.review)
	r.POST(nationalRoot+"/publish", access.Administer, h.publish)
	r.GET(nationalRoot+"/publications", access.Administer, h.history)
	r.GET(nationalRoot+"/publications/:publication", access.Administer, h.publication)
	r.POST(nationalRoot+"/publications/:publication/undo", access.Administer, h.undo)
	r.GET(nationalRoot+"/export", access.Administer, h.export)
	r.GET(nationalRoot+"/import", access.Administer, h.importForm)
	r.POST(nationalRoot+"/import", access.Administer, h.importFile, web.Upload())
}

func (h *EditorHandlers) list(c *web.Ctx) error {
	inv, err := h.editor.Inventory(c.Context(), c.Actor())
	if err != nil {
		return err
	}
	a := asked{category: c.Query("category"), words: head(strings.ToValidUTF8(strings.TrimSpace(c.Query("q")), ""), maxWords), retired: c.Query("retired") == "1"}
	if !slices.ContainsFunc(inv.Categories, func(x Category) bool { return x.Code == a.category }) {
		a.category = ""
	}
	return c.Page(http.StatusOK, layout.Page{Style: layout.RoomStyle, Title: i18n.T(c.Context(), "catalogue.national.title")},
		views.NationalPage(presentInventory(c.Context(), &inv, a)))
}

func (h *EditorHandlers) item(c *web.Ctx) error {
	return h.itemPage(c, http.StatusOK, nil)
}

// itemPage shows the item; cause is what was wrong with a form of the page.
func (h *EditorHandlers) itemPage(c *web.Ctx, status int, cause error) error {
	s, err := h.editor.Item(c.Context(), c.Actor(), c.Param("code"))
	if err != nil {
		return err
	}
	day, err := calendar.Parse(c.Query("on"))
	if err != nil {
		day = calendar.Date{}
	}
	view := presentItem(c.Context(), &s, day)
	if cause != nil && view.Retire != nil {
		view.Errors, view.Problem = c.Errors(cause, itemLabels...), conflictText(c, cause)
		view.Retire.Error, view.Retire.Value = view.Errors.Of("valid_from"), c.Typed("valid_from")
	}
	return c.Page(status, layout.Page{Style: layout.RoomStyle, Title: s.Code, Print: true}, views.ItemPage(view))
}

// conflictText is the sentence of a conflict, "" for another error.
func conflictText(c *web.Ctx, err error) string {
	var e *fault.Error
	if errors.As(err, &e) && e.Kind == fault.Conflict {
		return i18n.Tf(c.Context(), e.Key, e.Args)
	}
	return ""
}

func (h *EditorHandlers) begin(c *web.Ctx) error {
	e, err := h.editor.Blank(c.Context(), c.Actor())
	if err != nil {
		return err
	}
	return h.form(c, http.StatusOK, &e, formState{fresh: true})
}

// edit opens the draft, from the version of the day that the address names.
func (h *EditorHandlers) edit(c *web.Ctx) error {
	day, err := calendar.Parse(c.Query("from"))
	if err != nil || !h.editor.Today().Before(day) {
		day = calendar.Date{}
	}
	e, err := h.editor.Edit(c.Context(), c.Actor(), c.Param("code"), day)
	if err != nil {
		return err
	}
	return h.form(c, http.StatusOK, &e, formState{})
}

func (h *EditorHandlers) form(c *web.Ctx, status int, e *Edit, state formState) error {
	view := newNationalWords(c.Context(), e.Categories).form(c, e, state)
	if c.Fragment() {
		return c.Partial(status, views.ItemForm(view))
	}
	title := e.Code
	if state.fresh {
		title = i18n.T(c.Context(), "catalogue.national.new")
	}
	return c.Page(status, layout.Page{Style: layout.RoomStyle, Title: title}, views.ItemForm(view))
}

func (h *EditorHandlers) create(c *web.Ctx) error {
	e, err := h.editor.Blank(c.Context(), c.Actor())
	if err != nil {
		return err
	}
	return h.write(c, &e, true)
}

func (h *EditorHandlers) save(c *web.Ctx) error {
	e, err := h.editor.Edit(c.Context(), c.Actor(), c.Param("code"), calendar.Date{})
	if err != nil {
		return err
	}
	return h.write(c, &e, false)
}

// write keeps what was typed, adds or removes a row, or tries it out.
func (h *EditorHandlers) write(c *web.Ctx, e *Edit, fresh bool) error {
	var sent sentItem
	wrong := c.Bind(&sent)
	if wrong != nil && !fault.Is(wrong, fault.Invalid) {
		return wrong
	}
	d := sent.draft(e.Code)
	e.Form, e.Mark = d, sent.Mark
	state := formState{typed: true, fresh: fresh}
	if sent.rows(&e.Form, &state) {
		return h.form(c, http.StatusOK, e, state)
	}
	if wrong != nil {
		state.errs = itemErrors(c, wrong)
		return h.form(c, http.StatusUnprocessableEntity, e, state)
	}
	return h.keep(c, e, sent.Do, state)
}

func (h *EditorHandlers) keep(c *web.Ctx, e *Edit, do string, state formState) error {
	now, err := h.editor.Save(c.Context(), c.Actor(), e.Form, e.Mark)
	switch {
	case fault.Is(err, fault.Invalid):
		state.errs = itemErrors(c, err)
		return h.form(c, http.StatusUnprocessableEntity, e, state)
	case fault.Is(err, fault.Conflict):
		e.Mark, state.theirs = now.Mark, &now // saving again keeps the own text
		return h.form(c, http.StatusConflict, e, state)
	case err != nil:
		return err
	}
	c.Flash("catalogue.national.flash.saved", map[string]any{"Code": now.Form.Code})
	if do == "review" {
		return c.Redirect(nationalRoot + "/review")
	}
	return c.Redirect(itemPath(now.Form.Code) + "/edit")
}

func (h *EditorHandlers) retire(c *web.Ctx) error {
	var sent struct {
		Mark string        `form:"mark" validate:"max=40"`
		From calendar.Date `form:"valid_from"`
	}
	err := c.Bind(&sent)
	if err == nil {
		err = h.editor.Retire(c.Context(), c.Actor(), c.Param("code"), sent.From, sent.Mark)
	}
	switch {
	case fault.Is(err, fault.Invalid):
		return h.itemPage(c, http.StatusUnprocessableEntity, err)
	case fault.Is(err, fault.Conflict):
		return h.itemPage(c, http.StatusConflict, err)
	case err != nil:
		return err
	}
	c.Flash("catalogue.national.flash.saved", map[string]any{"Code": c.Param("code")})
	return c.Redirect(nationalRoot + "/review")
}

func (h *EditorHandlers) discard(c *web.Ctx) error {
	if err := c.Bind(&struct{}{}); err != nil {
		return err
	}
	code := c.Param("code")
	if err := h.editor.Discard(c.Context(), c.Actor(), code); err != nil {
		return err
	}
	c.Flash("catalogue.national.flash.discarded", map[string]any{"Code": code})
	if err := h.editor.Exists(c.Context(), c.Actor(), code); fault.Is(err, fault.NotFound) {
		return c.Redirect(nationalRoot) // it was a new item: there is no page of it
	}
	return c.Redirect(itemPath(code))
}

func (h *EditorHandlers) review(c *web.Ctx) error {
	return h.reviewPage(c, http.StatusOK, PublishForm{Key: newFormKey()}, nil)
}

// reviewPage shows the drafts again with what was wrong, if anything.
func (h *EditorHandlers) reviewPage(c *web.Ctx, status int, form PublishForm, cause error) error {
	r, err := h.editor.Review(c.Context(), c.Actor())
	if err != nil {
		return err
	}
	view := presentReview(c.Context(), &r, form.Picks)
	view.Key, view.Code = form.Key, h.editor.NeedsCode(c.Context(), c.Actor())
	view.Errors, view.Problem = c.Errors(cause, itemLabels...), conflictText(c, cause)
	view.Reason.Value, view.Reason.Error = form.Reason, view.Errors.Of("reason")
	return c.Page(status, layout.Page{Style: layout.RoomStyle, Title: i18n.T(c.Context(), "catalogue.national.review")}, views.ReviewPage(view))
}

func (h *EditorHandlers) publish(c *web.Ctx) error {
	var sent struct {
		Key    string   `form:"key" validate:"required,max=40"`
		Picks  []string `form:"pick" validate:"max=500,dive,max=40"`
		Reason string   `form:"reason" validate:"max=600"`
		Code   string   `form:"code" validate:"max=20"`
	}
	err := c.Bind(&sent)
	form := PublishForm(sent)
	if err == nil {
		var done Publication
		if done, err = h.editor.Publish(c.Context(), c.Actor(), form); err == nil {
			c.Flash("catalogue.national.flash.published", nil)
			return c.Redirect(publicationPath(done.ID))
		}
	}
	if form.Picks == nil {
		form.Picks = []string{}
	}
	switch {
	case fault.Is(err, fault.Invalid):
		return h.reviewPage(c, http.StatusUnprocessableEntity, form, err)
	case fault.Is(err, fault.Conflict):
		form.Picks = nil // what is shown now was not chosen from
		return h.reviewPage(c, http.StatusConflict, form, err)
	}
	return err
}

func (h *EditorHandlers) history(c *web.Ctx) error {
	list, err := h.editor.History(c.Context(), c.Actor())
	if err != nil {
		return err
	}
	w := newNationalWords(c.Context(), nil)
	var lines []views.PublicationLine
	for _, p := range list {
		lines = append(lines, w.publication(p))
	}
	return c.Page(http.StatusOK, layout.Page{Style: layout.RoomStyle, Title: i18n.T(c.Context(), "catalogue.national.history"), Print: true}, views.HistoryPage(lines))
}

func (h *EditorHandlers) publication(c *web.Ctx) error {
	return h.publicationPage(c, http.StatusOK, nil)
}

func (h *EditorHandlers) publicationPage(c *web.Ctx, status int, cause error) error {
	p, err := h.editor.Publication(c.Context(), c.Actor(), c.Param("publication"))
	if err != nil {
		return err
	}
	categories, err := seedCategories()
	if err != nil {
		return err
	}
	view := presentPublication(c.Context(), p, categories)
	view.Problem = conflictText(c, cause)
	return c.Page(status, layout.Page{Style: layout.RoomStyle, Title: view.Title, Print: true}, views.OnePublication(view))
}

func (h *EditorHandlers) undo(c *web.Ctx) error {
	if err := c.Bind(&struct{}{}); err != nil {
		return err
	}
	err := h.editor.Undo(c.Context(), c.Actor(), c.Param("publication"))
	if fault.Is(err, fault.Conflict) {
		return h.publicationPage(c, http.StatusConflict, err)
	}
	if err != nil {
		return err
	}
	c.Flash("catalogue.national.flash.undo", nil)
	return c.Redirect(nationalRoot + "/review")
}

// newFormKey is what makes one form, sent twice, publish once.
func newFormKey() string {
	var draw [15]byte
	_, _ = rand.Read(draw[:]) // never fails: see crypto/rand
	return base32.StdEncoding.EncodeToString(draw[:])
}

// itemErrors words what is wrong with an item, each with the label of its field; a
// field of a row has the row's.
func itemErrors(c *web.Ctx, err error) ui.Errors {
	list := c.Errors(err, itemLabels...)
	for i, e := range list {
		name, index, inRow := strings.Cut(strings.TrimSuffix(e.Name, "]"), "[")
		n, err := strconv.Atoi(index)
		if !inRow || err != nil {
			continue
		}
		key := "catalogue.national.criterion_number"
		if name == "label" || name == "type" || name == "choices" {
			key = "catalogue.national.field_number"
		}
		list[i].Label = i18n.Tf(c.Context(), key, map[string]any{"Number": n + 1})
	}
	return list
}

// itemLabels name the fields in a summary of errors.
var itemLabels = []string{
	"code", "catalogue.national.field.code", "place", "catalogue.national.field.place", "name", "catalogue.national.field.name",
	"description", "catalogue.national.field.description", "provider", "catalogue.national.field.provider", "contact", "catalogue.national.field.contact",
	"requirements", "catalogue.national.field.requirements", "legal_basis", "catalogue.national.field.legal_basis", "ris_code", "catalogue.national.field.ris_code",
	"unit", "catalogue.national.field.unit", "reference", "catalogue.national.field.reference", "interval_days", "catalogue.national.field.interval_days",
	"spots", "catalogue.national.field.spots", "spots_period", "catalogue.national.field.spots_period", "valid_from", "catalogue.national.field.valid_from",
	"reason", "catalogue.national.field.reason",
}

// sentItem is what the form of an item sends.
type sentItem struct {
	Mark         string            `form:"mark" validate:"max=40"`
	Do           string            `form:"do" validate:"max=20"`
	Code         string            `form:"code" validate:"max=6"`
	Place        string            `form:"place" validate:"max=80"`
	Name         string            `form:"name"`
	Description  string            `form:"description"`
	Provider     string            `form:"provider"`
	Contact      string            `form:"contact"`
	Requirements string            `form:"requirements" validate:"max=4000"`
	LegalBasis   string            `form:"legal_basis"`
	RISCode      string            `form:"ris_code"`
	Unit         string            `form:"unit"`
	Reference    string            `form:"reference" validate:"max=20"`
	Interval     int64             `form:"interval_days"`
	Spots        int64             `form:"spots"`
	Period       string            `form:"spots_period"`
	From         calendar.Date     `form:"valid_from"`
	Join         map[string]string `form:"join" validate:"max=40,dive,max=20"`
	Scope        map[string]string `form:"scope" validate:"max=40,dive,max=20"`
	Condition    map[string]string `form:"condition" validate:"max=40,dive,max=40"`
	Value        map[string]string `form:"value" validate:"max=40,dive,max=60"`
	Label        map[string]string `form:"label" validate:"max=40"`
	Type         map[string]string `form:"type" validate:"max=40,dive,max=20"`
	Choices      map[string]string `form:"choices" validate:"max=40,dive,max=1000"`
	Required     map[string]string `form:"required" validate:"max=40,dive,max=1"`
}

// draft is what was typed; code is the item's, "" for a new one.
func (sent *sentItem) draft(code string) Draft {
	if code == "" {
		code = strings.ToUpper(sent.Code)
	}
	category, drawer, _ := strings.Cut(sent.Place, "/")
	d := Draft{From: sent.From, Content: Content{Code: code, Category: category, Subcategory: drawer, Name: oneLine(sent.Name), Description: undirected(sent.Description),
		Provider: oneLine(sent.Provider), Contact: oneLine(sent.Contact), LegalBasis: oneLine(sent.LegalBasis), RISCode: strings.ToUpper(oneLine(sent.RISCode)),
		Unit: oneLine(sent.Unit), IntervalDays: whole(sent.Interval), Spots: whole(sent.Spots), SpotsPeriod: sent.Period}}
	for line := range strings.Lines(sent.Requirements) {
		if line = oneLine(line); line != "" && !slices.Contains(d.Requirements, line) {
			d.Requirements = append(d.Requirements, line)
		}
	}
	d.setReference(sent.Reference)
	for _, key := range numbered(sent.Condition, MostRows+1) {
		d.Criteria = append(d.Criteria, Row{Join: sent.Join[key], Scope: sent.Scope[key], Condition: sent.Condition[key], Value: undirected(sent.Value[key])})
	}
	for _, key := range numbered(sent.Label, mostFields+1) {
		d.Fields = append(d.Fields, FieldRow{Label: oneLine(sent.Label[key]), Type: sent.Type[key], Choices: oneLine(sent.Choices[key]), Required: sent.Required[key] == "1"})
	}
	return d
}

// setReference reads an amount; one that cannot be read is refused as out of bounds.
func (c *Content) setReference(typed string) {
	amount := amountField
	text, bad := amount.parse([]string{typed}, nil)
	switch {
	case bad != nil:
		c.Reference, c.ReferenceKnown = -1, true
	case text != "":
		c.Reference, _ = strconv.ParseInt(text, 10, 64)
		c.ReferenceKnown = true
	}
}

// rows adds a blank row or takes one away, or only tries out; false: to be kept.
func (sent *sentItem) rows(d *Draft, state *formState) bool {
	removed := func(prefix string, n int) int {
		text, ok := strings.CutPrefix(sent.Do, prefix)
		at, err := strconv.Atoi(text)
		if !ok || err != nil || at < 0 || at >= n {
			return -1
		}
		return at
	}
	switch {
	case sent.Do == "try":
	case sent.Do == "add":
		d.Criteria = append(d.Criteria, Row{})
		state.row = len(d.Criteria)
	case sent.Do == "add-field":
		d.Fields = append(d.Fields, FieldRow{Type: TextField})
		state.field = len(d.Fields)
	case strings.HasPrefix(sent.Do, "remove-field-"):
		if at := removed("remove-field-", len(d.Fields)); at >= 0 {
			d.Fields = slices.Delete(d.Fields, at, at+1)
		}
		state.removedF = true
	case strings.HasPrefix(sent.Do, "remove-"):
		if at := removed("remove-", len(d.Criteria)); at >= 0 {
			d.Criteria = slices.Delete(d.Criteria, at, at+1)
		}
		state.removed = true
	default:
		return false
	}
	return true
}

// numbered are the keys of a table of rows in their order, no more than most.
func numbered(table map[string]string, most int) []string {
	var numbers []int
	for key := range table {
		if n, err := strconv.Atoi(key); err == nil && n >= 0 {
			numbers = append(numbers, n)
		}
	}
	slices.Sort(numbers)
	keys := make([]string, min(len(numbers), most))
	for i := range keys {
		keys[i] = strconv.Itoa(numbers[i])
	}
	return keys
}

// whole keeps a number that fits nothing from becoming one that does.
func whole(n int64) int {
	if n < 0 || n > 1<<30 {
		return -1
	}
	return int(n)
}

// undirected takes out what turns the direction of writing.
func undirected(text string) string { text, _ = readable(text); return text }

// oneLine is a text without line ends and double blanks.
func oneLine(text string) string { return strings.Join(strings.Fields(undirected(text)), " ") }
