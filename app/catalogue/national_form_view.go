package catalogue

import (
	"slices"
	"strconv"
	"strings"

	"github.com/a-h/templ"

	"gsl/app/kit/i18n"
	"gsl/app/kit/web"
	views "gsl/templates/catalogue"
	"gsl/templates/ui"
)

// formState is what the form shows beside the draft.
type formState struct {
	typed    bool // what was typed stands in the fields, as it was typed
	fresh    bool // of an item that there is not yet
	errs     ui.Errors
	theirs   *Edit // what somebody else saved meanwhile
	row      int   // criterion that was just added, 0 none
	field    int   // field that was just added, 0 none
	removed  bool  // a criterion was taken away: its button is gone
	removedF bool
}

// form shows a draft as it is written.
func (w nationalWords) form(c *web.Ctx, e *Edit, state formState) *views.NationalForm {
	d := &e.Form
	v := &views.NationalForm{Action: itemPath(e.Code), Cancel: itemPath(e.Code), Mark: e.Mark, New: state.fresh, Errors: state.errs,
		Heading: w.tf("catalogue.national.edit_title", "Name", d.Name), Hint: d.Code, Inputs: map[string]ui.Input{},
		RowsFull: len(d.Criteria) >= MostRows, FieldsFull: len(d.Fields) >= mostFields, FocusAdd: state.removed, FocusAddField: state.removedF}
	if state.fresh {
		v.Action, v.Cancel, v.Heading, v.Hint = nationalRoot+"/new", nationalRoot, w.t("catalogue.national.new"), w.t("catalogue.national.new_says")
	}
	for _, in := range w.inputs(d) {
		in.Error = state.errs.Of(in.Name)
		if state.typed {
			in.Value = c.Typed(in.Name)
		}
		v.Inputs[in.Name] = in
	}
	v.Places = w.places(e, state.fresh)
	for _, p := range spotsPeriods {
		v.Periods = append(v.Periods, ui.Option{Value: p, Text: w.t(periodKeys[p])})
	}
	v.Providers = e.providers()
	for i := range d.Criteria {
		v.Rows = append(v.Rows, w.row(i, d.Criteria[i], state.errs))
	}
	for i := range d.Fields {
		v.Fields = append(v.Fields, w.fieldRow(i, d.Fields[i], state.errs))
	}
	if state.row > 0 {
		focusOn(c, &v.Rows[state.row-1].Condition)
	}
	if state.field > 0 {
		focusOn(c, &v.Fields[state.field-1].Label)
	}
	w.tryOut(v, e, state)
	if state.theirs != nil {
		v.Conflict = w.conflict(state.theirs, d)
	}
	v.Notes = w.notes(e)
	return v
}

// tryOut judges the made-up households with what stands in the form.
func (w nationalWords) tryOut(v *views.NationalForm, e *Edit, state formState) {
	if state.fresh && !state.typed {
		return
	}
	criteria, wrong := ReadRows(e.Form.Criteria)
	if len(wrong) > 0 {
		v.TriesProblem = w.t("catalogue.national.try_wrong")
		return
	}
	it := &Item{Code: e.Form.Code, Category: e.Form.Category, RISCode: e.Form.RISCode, IntervalDays: e.Form.IntervalDays, Criteria: criteria}
	v.Tries = tries(w.ctx, it, e.Today)
}

// notes say what one should know of the versions before one writes.
func (w nationalWords) notes(e *Edit) []string {
	var list []string
	if _, next := standing(e.Versions, e.Today); !next.IsZero() {
		list = append(list, w.tf("catalogue.national.note_next", "From", next.Chilean()))
	}
	return list
}

// focusOn lets a control take the focus when the answer arrives: a browser
// honours autofocus in a new page only.
func focusOn(c *web.Ctx, in *ui.Input) {
	in.Autofocus = !c.Fragment()
	if c.Fragment() {
		in.Attrs = templ.Attributes{"data-focus": true}
	}
}

// inputs are the fields with what the draft says.
func (w nationalWords) inputs(d *Draft) []ui.Input {
	number := func(n int) string {
		if n == 0 {
			return ""
		}
		return strconv.Itoa(n)
	}
	reference, from := "", ""
	if d.ReferenceKnown {
		reference = strconv.FormatInt(d.Reference, 10) // as it is read back, whatever the language groups by
	}
	if !d.From.IsZero() {
		from = d.From.Chilean()
	}
	return []ui.Input{
		{Name: "code", Label: w.t("catalogue.national.field.code"), Hint: w.t("catalogue.national.field.code_hint"), Value: d.Code, Required: true, MaxLength: 6},
		{Name: "place", Label: w.t("catalogue.national.field.place"), Value: d.Category + "/" + d.Subcategory, Required: true},
		{Name: "name", Label: w.t("catalogue.national.field.name"), Value: d.Name, Required: true, MaxLength: maxName},
		{Name: "description", Label: w.t("catalogue.national.field.description"), Value: d.Description, Optional: true, MaxLength: maxText},
		{Name: "provider", Label: w.t("catalogue.national.field.provider"), Hint: w.t("catalogue.national.field.provider_hint"), Value: d.Provider, MaxLength: maxName, Attrs: templ.Attributes{"list": "providers"}},
		{Name: "contact", Label: w.t("catalogue.national.field.contact"), Hint: w.t("catalogue.national.field.contact_hint"), Value: d.Contact, Optional: true, MaxLength: maxLine},
		{Name: "requirements", Label: w.t("catalogue.national.field.requirements"), Hint: w.t("catalogue.national.field.requirements_hint"), Value: strings.Join(d.Requirements, "\n"), Optional: true, Rows: 5},
		{Name: "legal_basis", Label: w.t("catalogue.national.field.legal_basis"), Value: d.LegalBasis, Optional: true, MaxLength: maxLine},
		{Name: "ris_code", Label: w.t("catalogue.national.field.ris_code"), Hint: w.t("catalogue.national.field.ris_code_hint"), Value: d.RISCode, Optional: true, MaxLength: 30},
		{Name: "unit", Label: w.t("catalogue.national.field.unit"), Hint: w.t("catalogue.national.field.unit_hint"), Value: d.Unit, Optional: true, MaxLength: maxUnit},
		{Name: "reference", Label: w.t("catalogue.national.field.reference"), Type: "money", Value: reference, Optional: true, MaxLength: 15},
		{Name: "interval_days", Label: w.t("catalogue.national.field.interval_days"), Hint: w.t("catalogue.national.field.interval_days_hint"), Type: "number", Value: number(d.IntervalDays), Optional: true, MaxLength: 6},
		{Name: "spots", Label: w.t("catalogue.national.field.spots"), Hint: w.t("catalogue.national.field.spots_hint"), Type: "number", Value: number(d.Spots), Optional: true, MaxLength: 7},
		{Name: "spots_period", Label: w.t("catalogue.national.field.spots_period"), Value: d.SpotsPeriod},
		{Name: "valid_from", Label: w.t("catalogue.national.field.valid_from"), Hint: w.t("catalogue.national.field.valid_from_hint"), Type: "date", Value: from, Optional: true, MaxLength: 10},
	}
}

var periodKeys = map[string]string{"month": "catalogue.national.period.month", "quarter": "catalogue.national.period.quarter", "year": "catalogue.national.period.year"}

// places are the drawers: of every category for a new item, else of its own.
func (w nationalWords) places(e *Edit, fresh bool) []ui.Option {
	var list []ui.Option
	if fresh {
		list = append(list, ui.Option{Value: "/", Text: w.t("catalogue.national.choose")})
	}
	for _, c := range w.categories {
		if !fresh && c.Code != e.Form.Category {
			continue
		}
		if len(c.Subcategories) == 0 {
			list = append(list, ui.Option{Value: c.Code + "/", Text: c.Code + " · " + c.Name})
		}
		for _, s := range c.Subcategories {
			list = append(list, ui.Option{Value: c.Code + "/" + s.Code, Text: c.Code + " · " + s.Name})
		}
	}
	return list
}

func (e *Edit) providers() []string { return slices.Clone(e.known.providers) }

func (w nationalWords) row(i int, row Row, errs ui.Errors) views.CriterionRow {
	input := func(name, label, value string) ui.Input {
		field := RowField(name, i)
		return ui.Input{Name: field, Label: label, Value: value, Error: errs.Of(field)}
	}
	v := views.CriterionRow{Index: strconv.Itoa(i), Number: strconv.Itoa(i + 1), First: i == 0,
		Join: input("join", w.t("catalogue.national.criterion.join"), row.Join),
		Joins: []ui.Option{{Value: string(JoinAnd), Text: w.t("catalogue.national.join.and")}, {Value: string(JoinOr), Text: w.t("catalogue.national.join.or")},
			{Value: string(JoinSame), Text: w.t("catalogue.national.join.same")}},
		Scope: input("scope", w.t("catalogue.national.criterion.scope"), row.Scope),
		Scopes: []ui.Option{{Value: string(ScopePerson), Text: w.t("catalogue.national.scope.person")}, {Value: string(ScopeAnyMember), Text: w.t("catalogue.national.scope.any_member")},
			{Value: string(ScopeHousehold), Text: w.t("catalogue.national.scope.household")}},
		Condition: input("condition", w.t("catalogue.national.criterion.condition"), row.Condition),
		Condlist:  []ui.Option{{Text: w.t("catalogue.national.choose")}},
		Value:     input("value", w.t("catalogue.national.criterion.value"), row.Value),
	}
	for i := range conditions {
		v.Condlist = append(v.Condlist, ui.Option{Value: conditions[i].Key, Text: w.t(conditions[i].TextKey)})
	}
	v.Value.Placeholder = w.t("catalogue.national.criterion.value_example")
	return v
}

var fieldTypes = []string{TextField, NumberField, DateField, MemberField, FileField, ChoiceField}

func (w nationalWords) fieldRow(i int, row FieldRow, errs ui.Errors) views.FieldRow {
	input := func(name, label, value string) ui.Input {
		field := RowField(name, i)
		return ui.Input{Name: field, Label: label, Value: value, Error: errs.Of(field)}
	}
	v := views.FieldRow{Index: strconv.Itoa(i), Number: strconv.Itoa(i + 1), RequiredOn: row.Required,
		Label: input("label", w.t("catalogue.national.asked.label"), row.Label), Choices: input("choices", w.t("catalogue.national.asked.choices"), row.Choices),
		Type: input("type", w.t("catalogue.national.asked.type"), row.Type), Required: input("required", w.t("catalogue.national.asked.required"), "")}
	v.Choices.Placeholder = w.t("catalogue.national.asked.choices_example")
	for _, kind := range fieldTypes {
		v.Types = append(v.Types, ui.Option{Value: kind, Text: w.t(typeKeys[kind])})
	}
	return v
}

// conflict puts what somebody else saved beside what was typed.
func (w nationalWords) conflict(now *Edit, mine *Draft) *views.NationalConflict {
	theirs := &now.Sheet
	saved := theirs.base(mine.From)
	v := &views.NationalConflict{Fresh: itemPath(now.Code) + "/edit", Text: w.t("catalogue.national.conflict_published"), Deltas: w.deltas(&saved.Content, &mine.Content)}
	if d := theirs.Draft; d != nil {
		v.Text = i18n.Tf(w.ctx, "catalogue.national.conflict_draft", map[string]any{"Who": d.ChangedByName, "At": w.moment(d.ChangedAt)})
	}
	if saved.From != mine.From {
		v.Deltas = append(v.Deltas, views.Delta{Label: w.t("catalogue.national.field.valid_from"),
			Before: []views.DeltaLine{{Text: w.day(saved.From.Chilean(), saved.From.IsZero()), Mark: true}}, After: []views.DeltaLine{{Text: w.day(mine.From.Chilean(), mine.From.IsZero()), Mark: true}}})
	}
	return v
}

func (w nationalWords) day(text string, none bool) string {
	if none {
		return w.t("catalogue.national.when_published")
	}
	return text
}
