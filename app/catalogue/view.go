package catalogue

import (
	"net/url"
	"slices"
	"strings"

	"gsl/app/kit/i18n"
	"gsl/templates/ui"

	views "gsl/templates/catalogue"
)

// What fits on one answer: a filter of one letter finds nearly everything.
const (
	mostFound     = 40
	mostSuggested = 12
)

// shelf is one answer in the making: the catalogue judged for a household, and
// what was asked to see of it.
type shelf struct {
	*words
	catalogue   *Catalogue
	facts       *Facts
	judged      []Judgement
	suggestions []Suggestion
	fileID      string
	canAdd      bool
	canRefer    bool // at a desk without a cart: to the unit itself
	inCart      map[string]bool
	query       Query
	typed       []string // the filter, folded
	inside      bool     // no word begins like that: look inside the words
	category    *Category
	drawer      *Subcategory
}

// path is the address of the pop-up with other choices.
func (s *shelf) path(category, drawer string) string {
	q := url.Values{}
	if category != "" {
		q.Set("category", category)
	}
	if drawer != "" {
		q.Set("subcategory", drawer)
	}
	if s.query.Words != "" {
		q.Set("q", s.query.Words)
	}
	path := "/files/" + s.fileID + "/catalogue"
	if len(q) > 0 {
		path += "?" + q.Encode()
	}
	return path
}

// view decides everything the pop-up shows.
func (s *shelf) view() *views.View {
	s.inside = !slices.ContainsFunc(s.catalogue.Items, func(it *Item) bool { return it.matches(s.typed, false) })
	if s.category == nil && len(s.typed) == 0 && len(s.suggestions) == 0 {
		s.begin()
	}
	v := &views.View{
		Path: "/files/" + s.fileID + "/catalogue", CanAdd: s.canAdd, CanRefer: s.canRefer, Words: s.query.Words,
		Title: s.t("catalogue.page_title"), Back: "/files/" + s.fileID + "/screening", BackText: s.t("catalogue.back"),
	}
	if s.canAdd {
		v.Title, v.Back, v.BackText = s.t("catalogue.add_title"), "/files/"+s.fileID+"/cart", s.t("catalogue.back_to_cart")
	}
	if s.category != nil {
		v.Category = s.category.Code
	}
	if s.drawer != nil {
		v.Subcategory = s.drawer.Code
	}
	s.tabs(v)
	s.list(v)
	return v
}

// begin chooses where to browse when there is nothing to suggest: the drawer of
// the first item whose criteria are met (who is not in the RSH can enter it),
// else the first category.
func (s *shelf) begin() {
	s.category = &s.catalogue.Categories[0]
	for i, it := range s.catalogue.Items {
		if len(it.Criteria) == 0 || !s.judged[i].Eligible {
			continue
		}
		s.category, s.drawer, _ = s.catalogue.check(Query{Category: it.Category, Subcategory: it.SubcategoryCode})
		return
	}
}

// tabs counts what the filter leaves in each category and drawer.
func (s *shelf) tabs(v *views.View) {
	counts := map[[2]string]int{}
	for _, it := range s.catalogue.Items {
		if it.matches(s.typed, s.inside) {
			counts[[2]string{it.Category}]++
			if it.SubcategoryCode != "" {
				counts[[2]string{it.Category, it.SubcategoryCode}]++
			}
		}
	}
	for _, c := range s.catalogue.Categories {
		tab := views.Tab{ID: "catalogue-tab-" + c.Code, Letter: c.Code, Label: c.ShortName, Title: c.Name,
			Href: s.path(c.Code, ""), Count: counts[[2]string{c.Code}], Current: c.Code == v.Category}
		v.Tabs = append(v.Tabs, tab)
		if len(s.typed) > 0 && tab.Count > 0 && v.Category != "" && !tab.Current {
			tab.ID = "catalogue-elsewhere-" + c.Code
			v.Elsewhere = append(v.Elsewhere, tab)
		}
	}
	if len(s.suggestions) > 0 {
		v.Suggested = views.Tab{ID: "catalogue-suggested", Label: s.t("catalogue.suggested"), Title: s.t("catalogue.suggested_title"),
			Href: v.Path, Count: min(len(s.suggestions), mostSuggested), Current: s.category == nil && len(s.typed) == 0}
	}
	if s.category != nil {
		s.drawers(v, counts)
	}
}

func (s *shelf) drawers(v *views.View, counts map[[2]string]int) {
	code := s.category.Code
	if len(s.category.Subcategories) == 0 {
		return
	}
	v.Drawers = append(v.Drawers, views.Tab{ID: "catalogue-drawer-all", Label: s.t("catalogue.all_subcategories"),
		Href: s.path(code, ""), Current: s.drawer == nil})
	for _, sub := range s.category.Subcategories {
		v.Drawers = append(v.Drawers, views.Tab{ID: "catalogue-drawer-" + sub.Code, Label: sub.Name,
			Href: s.path(code, sub.Code), Count: counts[[2]string{code, sub.Code}], Current: v.Subcategory == sub.Code})
	}
}

// list fills the cards: what was suggested, one category by drawers, or what
// the filter found by categories.
func (s *shelf) list(v *views.View) {
	if s.category == nil && len(s.typed) == 0 {
		s.suggest(v)
		return
	}
	found := 0
	for i, it := range s.catalogue.Items {
		if !s.shows(it) {
			continue
		}
		if found++; s.category != nil || found <= mostFound {
			s.put(v, it, s.card(it, &s.judged[i]))
		}
	}
	v.Summary = i18n.Tf(s.ctx, "catalogue.found", map[string]any{"Count": found})
	switch {
	case s.category == nil && found > mostFound:
		v.Summary = i18n.Tf(s.ctx, "catalogue.found_many", map[string]any{"Count": found, "Shown": mostFound})
	case found == 0:
		v.Empty, v.EmptyHint = s.tf("catalogue.nothing", "Words", s.query.Words), s.t("catalogue.nothing_hint")
	}
}

func (s *shelf) shows(it *Item) bool {
	if s.category != nil && it.Category != s.category.Code || s.drawer != nil && it.SubcategoryCode != s.drawer.Code {
		return false
	}
	return it.matches(s.typed, s.inside)
}

func (s *shelf) suggest(v *views.View) {
	shown := s.suggestions[:min(len(s.suggestions), mostSuggested)]
	v.Summary = i18n.Tf(s.ctx, "catalogue.found", map[string]any{"Count": len(shown)})
	g := views.Group{ID: "catalogue-group-suggested", Heading: s.t("catalogue.suggested_title")}
	for i := range shown {
		card := s.card(shown[i].Item, &shown[i].Judgement)
		if shown[i].InMoney != nil {
			card.AlsoMoney = s.t("catalogue.also_in_money")
		}
		g.Cards = append(g.Cards, card)
	}
	v.Groups = append(v.Groups, g)
}

// put adds a card to the group it belongs to; items come in their order.
func (s *shelf) put(v *views.View, it *Item, card views.Card) {
	id, heading := it.Category, s.heading(it.Category)
	if s.category != nil {
		id, heading = it.Category+"-"+it.SubcategoryCode, it.Subcategory
		if heading == "" {
			heading = s.category.Name
		}
	}
	id = "catalogue-group-" + id
	if n := len(v.Groups); n == 0 || v.Groups[n-1].ID != id {
		v.Groups = append(v.Groups, views.Group{ID: id, Heading: heading})
	}
	g := &v.Groups[len(v.Groups)-1]
	g.Cards = append(g.Cards, card)
}

func (s *shelf) heading(code string) string {
	for _, c := range s.catalogue.Categories {
		if c.Code == code {
			return c.Code + " · " + c.Name
		}
	}
	return code
}

func (s *shelf) card(it *Item, j *Judgement) views.Card {
	card := views.Card{
		Code: it.Code, Name: it.Name, Worth: s.worth(it),
		Scope:   ui.Tag{Text: s.t("catalogue.scope.national"), Kind: ui.National},
		Reasons: s.reasons(s.facts, j), Warnings: s.warnings(s.facts, it, j), Notes: s.notes(it),
	}
	if s.category == nil {
		card.Letter = it.Category
	}
	if it.Scope == Municipal {
		card.Scope = ui.Tag{Text: s.t("catalogue.scope.municipal"), Kind: ui.Municipal}
	}
	if s.canAdd {
		card.Add = s.add(s.fileID, it, s.facts, j, it.Code, briefly)
		card.Add.Added = s.inCart[it.Code]
	}
	if s.canRefer && (it.Category == RSHChange || it.Category == Referral) {
		card.Refer = "/files/" + s.fileID + "/referrals/new?item=" + url.QueryEscape(it.Code)
	}
	return card
}

func (w *words) worth(it *Item) string {
	if !it.ReferenceKnown {
		return ""
	}
	if it.Kind() == "" {
		return w.tf("catalogue.reference", "Amount", i18n.Money(w.ctx, it.Reference))
	}
	return i18n.Tf(w.ctx, "catalogue.worth", map[string]any{"Amount": i18n.Money(w.ctx, it.Reference), "Unit": it.Unit})
}

// notes are the pieces of a card's last line, those that there are.
func (s *shelf) notes(it *Item) []views.Note {
	var list []views.Note
	put := func(label, text string) {
		if text != "" {
			list = append(list, views.Note{Label: label, Text: text})
		}
	}
	if it.Provider != it.Name {
		put("", it.Provider)
	}
	put("", s.interval(it.IntervalDays))
	if it.Spots > 0 {
		put("", i18n.Tf(s.ctx, spotKeys[it.SpotsPeriod], map[string]any{"Count": it.Spots}))
	}
	put("", it.Description)
	put(s.t("catalogue.documents"), strings.Join(it.Requirements, ", "))
	put(s.t("catalogue.contact"), it.Contact)
	put("", it.LegalBasis)
	return list
}

// interval is how often the same aid may come: in years where it is years.
func (w *words) interval(days int) string {
	switch {
	case days == 0:
		return ""
	case days%365 == 0:
		return i18n.Tf(w.ctx, "catalogue.every_year", map[string]any{"Count": days / 365})
	}
	return i18n.Tf(w.ctx, "catalogue.every", map[string]any{"Count": days})
}

var spotKeys = map[string]string{
	"month":   "catalogue.spots.month",
	"quarter": "catalogue.spots.quarter",
	"year":    "catalogue.spots.year",
}
