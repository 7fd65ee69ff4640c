package catalogue

import (
	"context"
	"slices"
	"strings"
	"time"

	"gsl/app/kit/calendar"
	"gsl/app/kit/i18n"
	views "gsl/templates/catalogue"
	"gsl/templates/ui"
)

// nationalWords puts versions and their changes into the words of a reader.
type nationalWords struct {
	*words
	categories []Category
}

func newNationalWords(ctx context.Context, categories []Category) nationalWords {
	return nationalWords{newWords(ctx), categories}
}

// place is "D · Derivación externa".
func (w nationalWords) place(category, drawer string) string {
	for _, c := range w.categories {
		if c.Code != category {
			continue
		}
		for _, s := range c.Subcategories {
			if s.Code == drawer {
				return c.Code + " · " + s.Name
			}
		}
		return c.Code + " · " + c.Name
	}
	return category
}

// facets are all that a content says, in the order of the form; what it does not
// say has no lines.
func (w nationalWords) facets(c *Content) []views.Facet {
	one := func(text string) []string {
		if text == "" {
			return nil
		}
		return []string{text}
	}
	return []views.Facet{
		{Label: w.t("catalogue.national.field.name"), Lines: one(c.Name)},
		{Label: w.t("catalogue.national.field.place"), Lines: one(w.place(c.Category, c.Subcategory))},
		{Label: w.t("catalogue.national.field.description"), Lines: one(c.Description)},
		{Label: w.t("catalogue.national.field.provider"), Lines: one(c.Provider)},
		{Label: w.t("catalogue.national.field.contact"), Lines: one(c.Contact)},
		{Label: w.t("catalogue.national.field.requirements"), Lines: c.Requirements},
		{Label: w.t("catalogue.national.field.legal_basis"), Lines: one(c.LegalBasis)},
		{Label: w.t("catalogue.national.field.ris_code"), Lines: one(c.RISCode)},
		{Label: w.t("catalogue.national.field.unit"), Lines: one(c.Unit)},
		{Label: w.t("catalogue.national.field.reference"), Lines: one(w.reference(c))},
		{Label: w.t("catalogue.national.field.interval_days"), Lines: one(w.interval(c))},
		{Label: w.t("catalogue.national.field.spots"), Lines: one(w.spots(c))},
		{Label: w.t("catalogue.national.part.criteria"), Lines: w.criteria(c)},
		{Label: w.t("catalogue.national.part.fields"), Lines: w.fields(c)},
	}
}

// spoken leaves out what a version does not speak of.
func spoken(list []views.Facet) []views.Facet {
	return slices.DeleteFunc(list, func(f views.Facet) bool { return len(f.Lines) == 0 })
}

func (w nationalWords) reference(c *Content) string {
	if !c.ReferenceKnown {
		return ""
	}
	return i18n.Money(w.ctx, c.Reference)
}

func (w nationalWords) interval(c *Content) string {
	if c.IntervalDays == 0 {
		return ""
	}
	return i18n.Tf(w.ctx, "catalogue.national.days", map[string]any{"Count": c.IntervalDays})
}

var nationalSpotKeys = map[string]string{"month": "catalogue.national.spots.month", "quarter": "catalogue.national.spots.quarter", "year": "catalogue.national.spots.year"}

func (w nationalWords) spots(c *Content) string {
	if c.Spots == 0 {
		return ""
	}
	return i18n.Tf(w.ctx, nationalSpotKeys[c.SpotsPeriod], map[string]any{"Count": c.Spots})
}

func (w nationalWords) criteria(c *Content) []string {
	list, _ := ReadRows(c.Criteria)
	lines := make([]string, len(list))
	for i := range list {
		lines[i] = capital(list[i].Sentence(w.ctx))
	}
	return lines
}

var typeKeys = map[string]string{TextField: "catalogue.national.type.text", NumberField: "catalogue.national.type.number", DateField: "catalogue.national.type.date",
	MemberField: "catalogue.national.type.member", FileField: "catalogue.national.type.file", ChoiceField: "catalogue.national.type.choice"}

func (w nationalWords) fields(c *Content) []string {
	var lines []string
	for _, f := range c.Fields {
		if f.blank() {
			continue
		}
		line := f.Label + " (" + w.t(typeKeys[f.Type])
		if f.Type == ChoiceField {
			line += ": " + strings.Join(splitList(f.Choices, "|"), ", ")
		}
		if f.Required {
			line += ", " + w.t("catalogue.national.required")
		}
		lines = append(lines, line+")")
	}
	return lines
}

// deltas says what differs; nil stands for nothing at all.
func (w nationalWords) deltas(before, after *Content) []views.Delta {
	a, b := w.facets(orBlank(before)), w.facets(orBlank(after))
	if before == nil {
		clear(a)
	}
	if after == nil {
		clear(b)
	}
	var list []views.Delta
	for i := range a {
		if slices.Equal(a[i].Lines, b[i].Lines) {
			continue
		}
		label := a[i].Label
		if label == "" {
			label = b[i].Label
		}
		list = append(list, views.Delta{Label: label, Before: marked(a[i].Lines, b[i].Lines), After: marked(b[i].Lines, a[i].Lines)})
	}
	return list
}

func orBlank(c *Content) *Content {
	if c == nil {
		return &Content{SpotsPeriod: spotsPeriods[0]}
	}
	return c
}

// marked marks the lines that the other side does not have.
func marked(lines, other []string) []views.DeltaLine {
	list := make([]views.DeltaLine, len(lines))
	for i, line := range lines {
		list[i] = views.DeltaLine{Text: line, Mark: !slices.Contains(other, line)}
	}
	return list
}

// span is "desde el 01-12-2026", "del … al …".
func (w nationalWords) span(from, to calendar.Date) string {
	args := map[string]any{"From": from.Chilean(), "To": to.Chilean()}
	switch {
	case from.IsZero() && to.IsZero():
		return w.t("catalogue.national.span.always")
	case from.IsZero():
		return i18n.Tf(w.ctx, "catalogue.national.span.until", args)
	case to.IsZero():
		return i18n.Tf(w.ctx, "catalogue.national.span.from", args)
	}
	return i18n.Tf(w.ctx, "catalogue.national.span.between", args)
}

// moment reads a kept time.
func (w nationalWords) moment(text string) string {
	at, err := time.Parse(timeFormat, text)
	if err != nil {
		return text
	}
	return i18n.DateTime(w.ctx, at)
}

func (w nationalWords) actionTag(a Action) ui.Tag {
	switch a {
	case Adds:
		return ui.Tag{Text: w.t("catalogue.national.action.add"), Kind: ui.Success, Icon: "plus-circle"}
	case Retires:
		return ui.Tag{Text: w.t("catalogue.national.action.retire"), Kind: ui.Danger, Icon: "archive"}
	}
	return ui.Tag{Text: w.t("catalogue.national.action.change"), Kind: ui.Info, Icon: "pencil"}
}

// tags say how an entry stands.
func (w nationalWords) tags(e *Entry) []ui.Tag {
	var list []ui.Tag
	switch {
	case e.Now != nil && e.Now.To.IsZero():
		list = append(list, ui.Tag{Text: w.t("catalogue.national.state.valid"), Kind: ui.Success, Icon: "check-circle"})
	case e.Now != nil && e.Next.IsZero():
		list = append(list, ui.Tag{Text: w.tf("catalogue.national.state.until", "To", e.Now.To.Chilean()), Kind: ui.Warning, Icon: "archive"})
	case e.Now != nil:
		list = append(list, ui.Tag{Text: w.t("catalogue.national.state.valid"), Kind: ui.Success, Icon: "check-circle"},
			ui.Tag{Text: w.tf("catalogue.national.state.changes", "From", e.Next.Chilean()), Kind: ui.Info, Icon: "calendar-event"})
	case !e.Next.IsZero():
		list = append(list, ui.Tag{Text: w.tf("catalogue.national.state.begins", "From", e.Next.Chilean()), Kind: ui.Info, Icon: "calendar-event"})
	case e.Last != nil:
		list = append(list, ui.Tag{Text: w.t("catalogue.national.state.retired"), Icon: "archive"})
	default:
		list = append(list, ui.Tag{Text: w.t("catalogue.national.state.new"), Kind: ui.Info, Icon: "plus-circle"})
	}
	if e.Draft != nil {
		list = append(list, ui.Tag{Text: w.t("catalogue.national.state.draft"), Kind: ui.Warning, Icon: "pencil-square"})
	}
	return list
}

// published is a line of a publication, with what changed when it is shown whole.
func (w nationalWords) published(p *Published, whole bool) views.PublishedLine {
	line := views.PublishedLine{Href: itemPath(p.Code), Text: p.Code + " · " + p.Name(), Tag: w.actionTag(p.Action), From: w.begins(p.From)}
	if whole {
		line.Deltas = w.deltas(p.Before, p.After)
	}
	return line
}

func (w nationalWords) begins(from calendar.Date) string {
	return w.tf("catalogue.national.since", "From", from.Chilean())
}

func (w nationalWords) publication(p *Publication) views.PublicationLine {
	line := views.PublicationLine{Href: publicationPath(p.ID), Number: w.number(p.ID), At: w.moment(p.At), By: p.By, Reason: p.Reason}
	for i := range p.Items {
		line.Items = append(line.Items, w.published(&p.Items[i], false))
	}
	return line
}

func (w nationalWords) number(id int64) string {
	return w.tf("catalogue.national.publication", "Number", i18n.Number(w.ctx, id))
}
