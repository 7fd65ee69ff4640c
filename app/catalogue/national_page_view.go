package catalogue

import (
	"context"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"gsl/app/kit/calendar"
	"gsl/app/kit/i18n"
	views "gsl/templates/catalogue"
	"gsl/templates/ui"
)

const nationalRoot = "/admin/catalogue"

func itemPath(code string) string { return nationalRoot + "/items/" + code }

func publicationPath(id int64) string {
	return nationalRoot + "/publications/" + strconv.FormatInt(id, 10)
}

// asked is what the list was asked to show.
type asked struct {
	category string
	words    string
	retired  bool
}

func (a asked) path(category string) string {
	q := url.Values{}
	if category != "" {
		q.Set("category", category)
	}
	if a.words != "" {
		q.Set("q", a.words)
	}
	if a.retired {
		q.Set("retired", "1")
	}
	if len(q) == 0 {
		return nationalRoot
	}
	return nationalRoot + "?" + q.Encode()
}

// finds reports whether an entry is asked for, whatever its category.
func (a asked) finds(e *Entry) bool {
	if e.Now == nil && e.Next.IsZero() && e.Draft == nil && !a.retired {
		return false
	}
	c := e.Content()
	text := fold(strings.Join([]string{c.Code, c.Name, c.Description, c.Provider, c.RISCode, c.LegalBasis}, " "))
	for _, word := range filterWords(a.words) {
		if !strings.Contains(text, word) {
			return false
		}
	}
	return true
}

func presentInventory(ctx context.Context, inv *Inventory, a asked) *views.National {
	w := newNationalWords(ctx, inv.Categories)
	v := &views.National{Words: a.words, Category: a.category, Retired: a.retired}
	if inv.Drafts > 0 {
		v.Drafts = i18n.Tf(ctx, "catalogue.national.drafts", map[string]any{"Count": inv.Drafts})
	}
	counts := map[string]int{}
	for i := range inv.Entries {
		entry := &inv.Entries[i]
		if !a.finds(entry) {
			continue
		}
		c := entry.Content()
		counts[""]++
		counts[c.Category]++
		if a.category == "" || a.category == c.Category {
			w.put(v, entry)
		}
	}
	v.Tabs = append(v.Tabs, views.Tab{Label: w.t("catalogue.national.all"), Href: a.path(""), Count: counts[""], Current: a.category == ""})
	for _, c := range inv.Categories {
		v.Tabs = append(v.Tabs, views.Tab{Label: c.Code + " · " + c.ShortName, Href: a.path(c.Code), Count: counts[c.Code], Current: a.category == c.Code})
	}
	shown := counts[a.category]
	v.Summary = i18n.Tf(ctx, "catalogue.national.shown", map[string]any{"Count": shown})
	return v
}

// put adds an entry to the drawer it stands in.
func (w nationalWords) put(v *views.National, e *Entry) {
	c := e.Content()
	heading := w.place(c.Category, c.Subcategory)
	if n := len(v.Groups); n == 0 || v.Groups[n-1].Heading != heading {
		v.Groups = append(v.Groups, views.NationalGroup{ID: "drawer-" + c.Category + "-" + c.Subcategory, Heading: heading})
	}
	line := views.NationalLine{Href: itemPath(c.Code), Code: c.Code, Name: c.Name, Provider: c.Provider, Reference: w.reference(c),
		Interval: w.interval(c), Tags: w.tags(e)}
	if e.Now != nil {
		line.Since = w.t("catalogue.national.span.always")
		if !e.Now.From.IsZero() {
			line.Since = e.Now.From.Chilean()
		}
	}
	g := &v.Groups[len(v.Groups)-1]
	g.Lines = append(g.Lines, line)
}

// presentItem shows an item as of a day; zero: today, else the newest.
func presentItem(ctx context.Context, s *Sheet, day calendar.Date) *views.NationalItem {
	w := newNationalWords(ctx, s.Categories)
	shown := s.shown(day)
	entry := Entry{Draft: s.Draft}
	entry.Now, entry.Next = standing(s.Versions, s.Today)
	if n := len(s.Versions); n > 0 {
		entry.Last = &s.Versions[n-1]
	}
	c := entry.Content()
	v := &views.NationalItem{Code: s.Code, Name: c.Name, Place: w.place(c.Category, c.Subcategory), Tags: w.tags(&entry), Edit: itemPath(s.Code) + "/edit", Mark: s.mark(),
		On: ui.Input{Name: "on", Type: "date", Label: w.t("catalogue.national.on_day"), Value: day.Chilean(), MaxLength: 10}}
	if day.IsZero() {
		v.On.Value = ""
	}
	if shown != nil {
		c = &shown.Content
		v.Shown = w.span(shown.From, shown.To)
	} else if s.Draft != nil {
		v.Shown = w.t("catalogue.national.not_published")
	}
	v.Facets = spoken(w.facets(c))
	if it, wrong := c.item(s.known); len(wrong) == 0 {
		v.Tries = tries(ctx, it, s.Today)
	}
	w.versionsOf(v, s, shown)
	if s.Draft != nil {
		v.Draft = &views.NationalDraft{Text: w.draftText(s.Draft), Edit: itemPath(s.Code) + "/edit", Discard: itemPath(s.Code) + "/discard"}
	}
	if entry.Now != nil || !entry.Next.IsZero() {
		v.Retire = &ui.Input{Name: "valid_from", Type: "date", Label: w.t("catalogue.national.field.retire_from"), Hint: w.t("catalogue.national.field.valid_from_hint"), MaxLength: 10}
	}
	for _, p := range s.Publications {
		v.Publications = append(v.Publications, w.publication(p))
	}
	return v
}

// shown is the version of a day; without a day today's, else the newest.
func (s *Sheet) shown(day calendar.Date) *Version {
	if day.IsZero() {
		if now := s.Now(); now != nil {
			return now
		}
		if n := len(s.Versions); n > 0 {
			return &s.Versions[n-1]
		}
		return nil
	}
	v, _ := standing(s.Versions, day)
	return v
}

func (w nationalWords) draftText(d *Draft) string {
	key := "catalogue.national.draft_of"
	if d.Retires {
		key = "catalogue.national.draft_retires"
	}
	return i18n.Tf(w.ctx, key, map[string]any{"Who": d.ChangedByName, "At": w.moment(d.ChangedAt)})
}

// versionsOf lists the versions, the newest first.
func (w nationalWords) versionsOf(v *views.NationalItem, s *Sheet, shown *Version) {
	for i := len(s.Versions) - 1; i >= 0; i-- {
		version := &s.Versions[i]
		line := views.NationalVersion{Span: w.span(version.From, version.To), Current: shown == version, Href: itemPath(s.Code) + "?on=" + firstDay(version).String()}
		switch {
		case version.covers(s.Today):
			line.Tag = ui.Tag{Text: w.t("catalogue.national.state.valid"), Kind: ui.Success, Icon: "check-circle"}
		case s.Today.Before(version.From):
			line.Tag = ui.Tag{Text: w.t("catalogue.national.state.coming"), Kind: ui.Info, Icon: "calendar-event"}
		}
		if i > 0 {
			line.Deltas = w.deltas(&s.Versions[i-1].Content, &version.Content)
		}
		v.Versions = append(v.Versions, line)
	}
}

// firstDay is a day on which the version is seen: of one since ever, its last.
func firstDay(v *Version) calendar.Date {
	if v.From.IsZero() && !v.To.IsZero() {
		return v.To
	}
	return v.From
}

func presentReview(ctx context.Context, r *Review, picks []string) *views.NationalReview {
	var categories []Category
	if r.known != nil {
		categories = r.known.categories
	}
	w := newNationalWords(ctx, categories)
	v := &views.NationalReview{Reason: ui.Input{Name: "reason", Label: w.t("catalogue.national.field.reason"), Hint: w.t("catalogue.national.field.reason_hint"), Required: true, MaxLength: maxReason, Rows: 2}}
	for i := range r.Steps {
		card := w.card(&r.Steps[i], r)
		card.Checked = !card.Blocked && (picks == nil || slices.Contains(picks, card.Pick))
		v.Ready = v.Ready || !card.Blocked
		v.Cards = append(v.Cards, card)
	}
	return v
}

func (w nationalWords) card(s *Reviewed, r *Review) views.ReviewCard {
	d := s.Draft
	card := views.ReviewCard{Pick: s.Pick(), Code: d.Code, Name: d.Name, Edit: itemPath(d.Code) + "/edit", Discard: itemPath(d.Code) + "/discard",
		By: i18n.Tf(w.ctx, "catalogue.national.by", map[string]any{"Who": d.ChangedByName, "At": w.moment(d.ChangedAt)}), Tag: w.actionTag(s.Action), From: w.begins(s.From)}
	if s.From == r.Today {
		card.From = w.t("catalogue.national.since_today")
	}
	for _, bad := range s.Wrong {
		card.Wrong = append(card.Wrong, i18n.Tf(w.ctx, bad.Key, bad.Args))
	}
	card.Blocked = len(s.Wrong) > 0 || s.Same
	card.Warnings = w.cautions(s)
	if s.Action == Adds {
		card.Facets = spoken(w.facets(s.After))
	} else {
		card.Deltas = w.deltas(s.Before, s.After)
	}
	card.Effects = w.effects(s, r)
	return card
}

// cautions say what one should know before it is published.
func (w nationalWords) cautions(s *Reviewed) []string {
	var list []string
	switch {
	case s.Same && s.Action == Retires:
		list = append(list, w.t("catalogue.national.caution.retired"))
	case s.Same:
		list = append(list, w.t("catalogue.national.caution.same"))
	case s.Today:
		list = append(list, w.t("catalogue.national.caution.today"))
	case s.Replaces:
		list = append(list, w.t("catalogue.national.caution.replaces"))
	}
	if !s.Next.IsZero() {
		list = append(list, i18n.Tf(w.ctx, "catalogue.national.caution.next", map[string]any{"From": s.Next.Chilean(), "Last": s.Next.AddDays(-1).Chilean()}))
	}
	if s.Action == Retires && len(s.remove) > 0 {
		list = append(list, i18n.Tf(w.ctx, "catalogue.national.caution.removes", map[string]any{"Count": len(s.remove)}))
	}
	if s.NewProvider {
		list = append(list, w.tf("catalogue.national.caution.provider", "Provider", s.After.Provider))
	}
	return list
}

// effects are the made-up households to whom the item says something else.
func (w nationalWords) effects(s *Reviewed, r *Review) []views.Effect {
	before, after := w.verdicts(s.Before, r), w.verdicts(s.After, r)
	var list []views.Effect
	for i, e := range examples {
		if before[i] != after[i] {
			list = append(list, views.Effect{Who: w.t(e.key), Before: before[i], After: after[i]})
		}
	}
	return list
}

// verdicts says for each example what an item that says this answers.
func (w nationalWords) verdicts(c *Content, r *Review) []views.State {
	list := make([]views.State, len(examples))
	if c == nil {
		return list
	}
	it, wrong := c.item(r.known)
	if len(wrong) > 0 {
		return list
	}
	for i, e := range examples {
		j := it.Judge(e.facts(r.Today))
		list[i] = verdictOf(&j)
	}
	return list
}

func presentPublication(ctx context.Context, p *Publication, categories []Category) *views.PublicationPage {
	w := newNationalWords(ctx, categories)
	v := &views.PublicationPage{Title: w.number(p.ID), At: w.moment(p.At), By: p.By, Reason: p.Reason, Undo: publicationPath(p.ID) + "/undo"}
	for i := range p.Items {
		v.Items = append(v.Items, w.published(&p.Items[i], true))
	}
	return v
}
