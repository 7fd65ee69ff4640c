package referral

import (
	"net/http"
	"net/url"

	"gsl/app/access"
	"gsl/app/catalogue"
	"gsl/app/kit/fault"
	"gsl/app/kit/i18n"
	"gsl/app/kit/web"
	"gsl/app/people"
	"gsl/templates/layout"
	views "gsl/templates/referral"
	"gsl/templates/ui"
)

// form shows the form of a new referral; without item, what can be referred.
func (h *Handlers) form(c *web.Ctx) error {
	fileID, item, unit := c.Param("file"), c.Query("item"), c.Query("unit")
	if item == "" && unit == "" {
		return h.choose(c)
	}
	d, err := h.service.Draft(c.Context(), c.Actor(), fileID, item, unit)
	if fault.Is(err, fault.Invalid) {
		c.Flash("referral.flash.no_such_item", nil)
		return c.Redirect("/files/" + fileID + "/referrals/new")
	}
	if err != nil {
		return err
	}
	view := screenOf(c, atPage).create(&d, url.Values{})
	return newPage(c, http.StatusOK, d.Frame, view)
}

func newPage(c *web.Ctx, status int, frame *layout.FileFrame, view views.Create) error {
	if c.Fragment() {
		return c.Partial(status, swap("#referral-new", views.CreatePage(view)))
	}
	page := layout.Page{Title: i18n.T(c.Context(), "referral.new.title"), Section: people.ReferralsSection, File: frame}
	return c.Page(status, page, views.CreatePage(view))
}

// choose lists what the person can be referred for.
func (h *Handlers) choose(c *web.Ctx) error {
	o, err := h.service.Options(c.Context(), c.Actor(), c.Param("file"))
	if err != nil {
		return err
	}
	page := layout.Page{Title: i18n.T(c.Context(), "referral.new.title"), Section: people.ReferralsSection, File: o.Frame}
	return c.Page(http.StatusOK, page, views.ChoosePage(screenOf(c, atPage).choose(&o)))
}

// create makes the referral.
func (h *Handlers) create(c *web.Ctx) error {
	form, err := c.Form()
	if err != nil {
		return err
	}
	r, d, err := h.service.Send(c.Context(), c.Actor(), c.Param("file"), form)
	if err != nil {
		return h.createAgain(c, &d, form, err)
	}
	c.Flash("referral.flash.sent", map[string]any{"Folio": r.Folio(), "Unit": r.UnitName, "On": r.Due.Chilean()})
	return c.Redirect(address(r.ID))
}

// createAgain shows the form with what was typed and what is wrong with it.
func (h *Handlers) createAgain(c *web.Ctx, d *Draft, form url.Values, cause error) error {
	if !fault.Is(cause, fault.Invalid) || d.Item == nil || d.Frame == nil {
		return cause
	}
	s := screenOf(c, atPage)
	s.errs = c.Errors(cause)
	for i := range s.errs {
		s.errs[i].Label = s.newLabel(d, s.errs[i].Name)
	}
	return newPage(c, http.StatusUnprocessableEntity, d.Frame, s.create(d, form))
}

func (s *screen) newLabel(d *Draft, name string) string {
	if name == fieldReason {
		return s.t("referral.override")
	}
	if f := d.Item.Field(name); f != nil {
		return s.fieldLabel(f)
	}
	return ""
}

func (s *screen) fieldLabel(f *catalogue.Field) string { return f.Text(s.ctx) }

// create is the form: what was typed, what the item asks for, what speaks
// against it.
func (s *screen) create(d *Draft, form url.Values) views.Create {
	to := d.Prospect.Unit
	v := views.Create{FileID: d.File.ID, Title: i18n.Tf(s.ctx, "referral.new.of", map[string]any{"Name": d.Item.Name}), Action: "/files/" + d.File.ID + "/referrals",
		Item: d.Item.Code, Key: form.Get(fieldKey), To: to.Name, How: s.t(howKeys[to.Kind]), Own: to.Code != "" && to.Code == s.who.UnitID,
		Promise: i18n.Tf(s.ctx, "referral.new.promise", map[string]any{"On": d.Prospect.Due.Chilean()}), Needs: d.Prospect.Documents,
		Warnings: s.warnings(d), Errors: s.errs, Back: "/files/" + d.File.ID + "/referrals"}
	if d.Case {
		v.Unit = to.Code
	}
	if d.Prospect.Agreement != "" {
		v.Spots = i18n.Tf(s.ctx, "referral.spots_left", map[string]any{"Count": d.Prospect.Left})
	}
	if v.Key == "" {
		v.Key = newKey()
	}
	for i := range d.Item.Fields {
		v.Fields = append(v.Fields, s.question(d, &d.Item.Fields[i], form))
	}
	if d.NeedsReason() {
		v.Reason = &ui.Input{Name: fieldReason, Label: s.t("referral.override"), Hint: s.t("referral.new.reason_hint"), Required: true, MaxLength: maxReason, Rows: 2,
			Class: "wide", Value: form.Get(fieldReason), Error: s.errs.Of(fieldReason)}
	}
	return v
}

var howKeys = map[UnitKind]string{Integrated: "referral.how.inbox", Municipal: "referral.how.letter", Institution: "referral.how.letter"}

// longFields are answered in sentences.
var longFields = map[string]bool{catalogue.FieldNote: true, "reason": true, "request": true}

// question is one field of the item, as its type is asked for.
func (s *screen) question(d *Draft, f *catalogue.Field, form url.Values) views.Field {
	in := ui.Input{Name: f.Name, Label: s.fieldLabel(f), Required: f.Required, Optional: !f.Required, Value: form.Get(f.Name), Error: s.errs.Of(f.Name), MaxLength: maxNote}
	q := views.Field{Input: in}
	switch f.Type {
	case catalogue.NumberField:
		q.Input.Type, q.Input.MaxLength = "number", 15
	case catalogue.DateField:
		q.Input.Type, q.Input.MaxLength = "date", 10
	case catalogue.MemberField:
		q.Options = s.members(d.Facts, f.Required)
	case catalogue.ChoiceField:
		q.Options = append(q.Options, ui.Option{Text: s.t("referral.choose_one")})
		for _, choice := range f.Choices {
			q.Options = append(q.Options, ui.Option{Value: choice, Text: choice})
		}
	case catalogue.FileField:
		q.Input.Hint = s.t("referral.new.paper_hint")
	default:
		if longFields[f.Name] {
			q.Long, q.Input.Class, q.Input.Rows = true, "wide", 2
		}
	}
	return q
}

func (s *screen) members(facts *catalogue.Facts, required bool) []ui.Option {
	first := s.t("referral.new.nobody")
	if required {
		first = s.t("referral.choose_one")
	}
	list := []ui.Option{{Text: first}}
	for i := range facts.Members {
		if facts.Members[i].Holder == "" {
			continue // of somebody whose file is shut nothing is asked for from here
		}
		list = append(list, ui.Option{Value: facts.Members[i].Holder, Text: or(facts.Members[i].Name, s.t("people.unnamed"))})
	}
	return list
}

// warnings are the sentences that a written reason answers to.
func (s *screen) warnings(d *Draft) []string {
	var list []string
	switch r := d.Running; {
	case r == nil:
	case !r.Sees(s.who): // that there is one keeps from sending it twice; which one is not the desk's to know
		list = append(list, s.t("referral.error.running"))
	default:
		list = append(list, i18n.Tf(s.ctx, "referral.warning.running", map[string]any{"Folio": r.Folio(), "State": StateText(s.ctx, r.State), "On": dayText(r.CreatedAt)}))
	}
	for i := range d.Judged.Results {
		if result := &d.Judged.Results[i]; result.Outcome == catalogue.No {
			list = append(list, i18n.Tf(s.ctx, "referral.warning.not_met", map[string]any{"What": result.Criterion.Sentence(s.ctx)}))
		}
	}
	for _, got := range []*catalogue.Received{d.Judged.Recent, d.Judged.Received} {
		if got != nil {
			list = append(list, i18n.Tf(s.ctx, "referral.warning.received", map[string]any{"What": got.Name, "On": got.On.Chilean()}))
		}
	}
	if d.Item.Unavailable {
		list = append(list, s.t("referral.warning.unavailable"))
	}
	for i := range d.Prospect.Concerns {
		c := &d.Prospect.Concerns[i]
		list = append(list, i18n.Tf(s.ctx, concernKeys[c.Kind], c.args()))
	}
	return list
}

// choose is the list of what can be referred: to the own unit first, then by
// drawer of the catalogue.
func (s *screen) choose(o *Options) views.Choose {
	base := "/files/" + o.File.ID + "/referrals/new"
	v := views.Choose{FileID: o.File.ID}
	if s.who.Can(access.ManageCart) {
		v.Cart = "/files/" + o.File.ID + "/catalogue?category=D"
	}
	own := views.ChoiceGroup{Title: i18n.Tf(s.ctx, "referral.choose.own", map[string]any{"Unit": s.who.UnitName})}
	var cases views.ChoiceGroup
	for _, u := range o.Cases {
		choice := views.Choice{Name: s.t("referral.casework"), Href: base + "?unit=" + url.QueryEscape(u.Code), Where: u.Name}
		if u.Code == s.who.UnitID {
			choice.Where = ""
			own.Choices = append(own.Choices, choice)
		} else {
			cases.Choices = append(cases.Choices, choice)
		}
	}
	if len(cases.Choices) > 0 {
		cases.Title = s.t("referral.choose.cases")
		v.Groups = append(v.Groups, cases)
	}
	for _, it := range o.Items {
		u := o.Units[aliasOf(it.Provider)]
		choice := views.Choice{Name: it.Name, Href: base + "?item=" + url.QueryEscape(it.Code), Where: or(u.Name, it.Provider)}
		if it.Unavailable || u.Code != "" && !u.Active {
			choice.Note = s.t("referral.warning.unavailable")
		}
		if u.Code != "" && u.Code == s.who.UnitID {
			choice.Where = it.Subcategory
			own.Choices = append(own.Choices, choice)
			continue
		}
		v.Groups = addChoice(v.Groups, s.drawer(it), choice)
	}
	if len(own.Choices) > 0 {
		v.Own = &own
	}
	return v
}

// drawer is the heading of an item's drawer: those of the registry say whose they are.
func (s *screen) drawer(it *catalogue.Item) string {
	if it.Category == "A" {
		return i18n.Tf(s.ctx, "referral.choose.registry", map[string]any{"Name": it.Subcategory})
	}
	return or(it.Subcategory, it.Provider)
}

func addChoice(groups []views.ChoiceGroup, title string, choice views.Choice) []views.ChoiceGroup {
	for i := range groups {
		if groups[i].Title == title {
			groups[i].Choices = append(groups[i].Choices, choice)
			return groups
		}
	}
	return append(groups, views.ChoiceGroup{Title: title, Choices: []views.Choice{choice}})
}
