package report

import (
	"context"
	"crypto/rand"
	"strconv"
	"strings"

	"gsl/app/kit/i18n"
	"gsl/app/people"
	views "gsl/templates/report"
	"gsl/templates/ui"
)

// editing is a draft with what its page needs.
type editing struct {
	Shown
	purposes []purpose
	others   []Other
	focus    press
	clashes  map[Part]*Content // what the others wrote, where the actor's words are kept aside
}

// over writes what was sent over the content, to be shown again, and what is kept
// aside of the actor's where somebody else wrote.
func (e *editing) over(sent []Sent) error {
	e.clashes = map[Part]*Content{}
	for _, one := range sent {
		one.Edit(&e.Content)
	}
	for i := range e.Asides {
		a := &e.Asides[i]
		body, err := e.Content.encode(a.Part)
		if err != nil {
			return err
		}
		if body == a.body {
			continue // both wrote the same
		}
		var theirs Content
		if err := theirs.read(a.Part, body); err != nil {
			return err
		}
		e.clashes[a.Part] = &theirs
		e.Content.clear(a.Part)
		if err := e.Content.read(a.Part, a.body); err != nil {
			return err
		}
	}
	return nil
}

// clear empties a part before another version of it is read over it.
func (c *Content) clear(p Part) {
	switch v := c.at(p).(type) {
	case *Purpose:
		*v = Purpose{}
	case *Household:
		*v = Household{}
	case *Socioeconomic:
		*v = Socioeconomic{}
	case *Housing:
		*v = Housing{}
	case *Section:
		*v = Section{}
	case *Networks:
		*v = Networks{}
	case *Opinion:
		*v = Opinion{}
	case *Requests:
		*v = Requests{}
	}
}

var titleKeys = map[Part]string{
	PurposePart:       "report.part.purpose",
	HouseholdPart:     "report.part.household",
	SocioeconomicPart: "report.part.socioeconomic",
	HousingPart:       "report.part.housing",
	HealthPart:        "report.part.health",
	EducationPart:     "report.part.education",
	NetworksPart:      "report.part.networks",
	OpinionPart:       "report.part.opinion",
	RequestsPart:      "report.part.requests",
}

var partIcons = map[Part]string{
	PurposePart: "signpost-2", HouseholdPart: "people", SocioeconomicPart: "cash-coin", HousingPart: "house", HealthPart: "heart-pulse",
	EducationPart: "book-half", NetworksPart: "diagram-3", OpinionPart: "chat-left-text", RequestsPart: "list-check",
}

// present puts the page into words.
func (e *editing) present(ctx context.Context) *views.Editor {
	r, c := &e.Report, &e.Content
	address := "/reports/" + r.ID
	v := &views.Editor{ID: r.ID, Action: address + "/edit", Discard: address + "/discard", Page: rand.Text(), Title: or(r.Purpose, i18n.T(ctx, "report.untitled")),
		Late: !r.DueOn.IsZero() && r.DueOn.Before(e.Today), Others: presentOthers(ctx, e.others), Saved: e.lastSaved(ctx), Person: presentPerson(ctx, &c.Person), Returned: r.Approval.Comment}
	v.Read = &views.Link{Text: i18n.T(ctx, "report.review"), Href: address + "/sign"}
	v.Papers = views.Link{Text: i18n.T(ctx, "report.papers.hand_in"), Href: papersHref(r)}
	if e.Previous != nil {
		v.Previous = &views.Link{Text: replaces(ctx, e.Previous, e.Instead), Href: sheetHref(e.Previous.ID)}
	}
	if r.PlanID != "" {
		v.Plan = &views.Link{Text: i18n.T(ctx, "report.of_plan"), Href: "/plans/" + r.PlanID}
	}
	if !r.DueOn.IsZero() {
		v.Due = i18n.Tf(ctx, "report.due_on", map[string]any{"On": i18n.Date(ctx, r.DueOn)})
	}
	for _, p := range Parts() {
		v.Outline = append(v.Outline, presentOutline(ctx, p, c))
	}
	e.fill(ctx, v)
	return v
}

// lastSaved says who wrote last and when.
func (e *editing) lastSaved(ctx context.Context) string {
	var last Written
	for _, w := range e.Written {
		if w.Version > 1 && w.At.After(last.At) {
			last = w
		}
	}
	if last.At.IsZero() {
		return ""
	}
	return i18n.Tf(ctx, "report.saved_by", map[string]any{"At": i18n.DateTime(ctx, last.At), "Name": last.Name})
}

// fill puts each part into words.
func (e *editing) fill(ctx context.Context, v *views.Editor) {
	c := &e.Content
	v.Purpose = views.Purpose{Part: e.part(ctx, PurposePart), Purposes: e.options(ctx), Addressee: c.Purpose.Addressee, Detail: c.Purpose.Detail, Due: c.Purpose.Due}
	v.Household = e.household(ctx)
	v.Socioeconomic = e.incomes(ctx)
	v.Housing = views.Housing{Part: e.part(ctx, HousingPart), Text: c.Housing.Text, Type: c.Housing.Type, Tenure: c.Housing.Tenure, Rooms: c.Housing.Rooms, Water: c.Housing.Water}
	v.Health = views.Texts{Part: e.part(ctx, HealthPart), Name: "health_text", Label: i18n.T(ctx, "report.health.text"), Hint: i18n.T(ctx, "report.health.hint"), Text: c.Health.Text, Rows: 4}
	v.Education = views.Texts{Part: e.part(ctx, EducationPart), Name: "education_text", Label: i18n.T(ctx, "report.education.text"), Hint: i18n.T(ctx, "report.education.hint"), Text: c.Education.Text, Rows: 4}
	v.Networks = views.Networks{Texts: views.Texts{Part: e.part(ctx, NetworksPart), Name: "networks_text", Label: i18n.T(ctx, "report.networks.text"), Hint: i18n.T(ctx, "report.networks.hint"), Text: c.Networks.Text, Rows: 4}, Ecomap: c.Networks.Ecomap}
	v.Opinion = views.Texts{Part: e.part(ctx, OpinionPart), Name: "opinion_text", Label: i18n.T(ctx, "report.opinion.text"), Hint: i18n.T(ctx, "report.opinion.hint"), Text: c.Opinion.Text, Rows: 10}
	v.Requests = e.requests(ctx)
}

// part gives what all parts have.
func (e *editing) part(ctx context.Context, p Part) views.Part {
	seen, base := e.Written[p].Version, ""
	if body, err := e.Content.encode(p); err == nil {
		base = mark(body)
	}
	v := views.Part{Key: string(p), Title: i18n.T(ctx, titleKeys[p]), Icon: partIcons[p], Keep: "/reports/" + e.Report.ID + "/parts/" + string(p), Base: base}
	if section := e.Content.section(p); section != nil {
		v.Box = &views.Box{Name: string(p), Checked: section.Chosen}
	}
	if theirs := e.clashes[p]; theirs != nil {
		v.Clash = e.clash(ctx, p, theirs)
		seen, v.Base = 0, "" // older than all: only a choice overwrites what the other wrote
	}
	v.Seen = strconv.FormatInt(seen, 10)
	if e.focus.part == p {
		v.Focus = focusOf(&e.Content, e.focus)
	}
	return v
}

// clash shows what somebody else wrote.
func (e *editing) clash(ctx context.Context, p Part, theirs *Content) *views.Clash {
	w := e.Written[p]
	v := &views.Clash{Key: string(p), Theirs: theirs.lines(ctx, p), Against: strconv.FormatInt(w.Version, 10), Keep: "/reports/" + e.Report.ID + "/parts/" + string(p),
		Both: p != HousingPart, Title: i18n.Tf(ctx, "report.clash.title", map[string]any{"Name": w.Name, "At": i18n.DateTime(ctx, w.At)})}
	if len(v.Theirs) == 0 {
		v.Theirs = []string{i18n.T(ctx, "report.clash.nothing")}
	}
	return v
}

// focusOf is where the writing goes on after a button: in a new row, else at the
// heading of the part.
func focusOf(c *Content, b press) string {
	if b.verb != string(AddRow) {
		return "part-" + string(b.part) + "-title"
	}
	name := map[Part]string{HouseholdPart: "member_name", SocioeconomicPart: "income_who", RequestsPart: "request_text"}[b.part]
	var id string
	switch b.part {
	case HouseholdPart:
		id = lastID(c.Household.Members)
	case SocioeconomicPart:
		id = lastID(c.Socioeconomic.Incomes)
	case RequestsPart:
		id = lastID(c.Requests.List)
	case PurposePart, HousingPart, HealthPart, EducationPart, NetworksPart, OpinionPart:
	}
	return ui.FieldID(name + "[" + id + "]")
}

func lastID[T tableRow](list []T) string {
	if len(list) == 0 {
		return ""
	}
	return idOf(list[len(list)-1])
}

// options are the purposes; one that the catalogue has not any more stays.
func (e *editing) options(ctx context.Context) []ui.Option {
	chosen := e.Content.Purpose
	list := purposeOptions(ctx, e.purposes, chosen.Code)
	if _, known := namesOf(e.purposes)[chosen.Code]; chosen.Code != "" && !known {
		list = append(list, ui.Option{Value: chosen.Code, Text: chosen.Name, Selected: true})
	}
	return list
}

func purposeOptions(ctx context.Context, purposes []purpose, chosen string) []ui.Option {
	list := []ui.Option{{Text: i18n.T(ctx, "report.purpose_choose")}}
	for _, p := range purposes {
		list = append(list, ui.Option{Value: p.code, Text: p.name, Selected: p.code == chosen})
	}
	return list
}

func (e *editing) household(ctx context.Context) views.Household {
	h := &e.Content.Household
	v := views.Household{Part: e.part(ctx, HouseholdPart), Full: len(h.Members)+len(h.Removed) >= maxRows}
	if h.DataDate != "" {
		v.Meta = i18n.Tf(ctx, "report.household.from", map[string]any{"On": h.DataDate})
	}
	for i := range h.Members {
		m := &h.Members[i]
		row := views.Member{ID: m.ID, N: strconv.Itoa(i + 1), Name: m.Name, RUN: m.RUN, Born: m.Born, Relationship: m.Relationship, Education: m.Education, Occupation: m.Occupation, Health: m.Health}
		if age := m.Age(e.Today); age >= 0 {
			row.Age = strconv.Itoa(age)
		}
		v.Rows = append(v.Rows, row)
	}
	for _, m := range h.Removed {
		if !m.Blank() {
			v.Removed = append(v.Removed, views.Removed{ID: m.ID, Text: or(m.Name, or(m.RUN, m.Relationship))})
		}
	}
	return v
}

func (e *editing) incomes(ctx context.Context) views.Socioeconomic {
	s := &e.Content.Socioeconomic
	v := views.Socioeconomic{Part: e.part(ctx, SocioeconomicPart), Text: s.Text, Sums: presentSums(ctx, &e.Content), Full: len(s.Incomes)+len(s.Removed) >= maxRows}
	for i := range s.Incomes {
		in := &s.Incomes[i]
		v.Rows = append(v.Rows, views.Income{ID: in.ID, N: strconv.Itoa(i + 1), Who: in.Who, Source: in.Source, Amount: in.Amount})
	}
	for _, in := range s.Removed {
		if !in.Blank() {
			v.Removed = append(v.Removed, views.Removed{ID: in.ID, Text: strings.Join(filled(in.Who, in.Source, in.Amount), " · ")})
		}
	}
	return v
}

func (e *editing) requests(ctx context.Context) views.Requests {
	r := &e.Content.Requests
	v := views.Requests{Part: e.part(ctx, RequestsPart), Full: len(r.List)+len(r.Removed) >= maxRows}
	for i, one := range r.List {
		v.Rows = append(v.Rows, views.Request{ID: one.ID, N: strconv.Itoa(i + 1), Text: one.Text})
	}
	for _, one := range r.Removed {
		if one.Text != "" {
			v.Removed = append(v.Removed, views.Removed{ID: one.ID, Text: clip(one.Text, 80)})
		}
	}
	return v
}

// presentSums says total and per head, and for how many.
func presentSums(ctx context.Context, c *Content) views.Totals {
	v := views.Totals{Total: i18n.Money(ctx, c.Socioeconomic.Total()), PerHead: "—"}
	if n := c.Household.Heads(); n > 0 {
		v.PerHead = i18n.Money(ctx, c.PerHead())
		v.Note = i18n.Tf(ctx, "report.per_head_of", map[string]any{"Count": n})
	}
	return v
}

func presentOthers(ctx context.Context, others []Other) (list []string) {
	for _, o := range others {
		list = append(list, i18n.Tf(ctx, "report.other", map[string]any{"Name": o.Name, "At": i18n.Clock(ctx, o.At)}))
	}
	return list
}

// presentOutline says whether something is missing in a part.
func presentOutline(ctx context.Context, p Part, c *Content) views.Outlined {
	v := views.Outlined{Key: string(p), Title: i18n.T(ctx, titleKeys[p]), State: "done", Icon: "check-circle", Word: i18n.T(ctx, "report.outline.done")}
	section := c.section(p)
	switch {
	case section != nil && !section.Chosen:
		v.State, v.Icon, v.Word = "off", "dash-circle", i18n.T(ctx, "report.outline.off")
	case c.lacks(p):
		v.State, v.Icon, v.Word = "missing", "exclamation-circle", i18n.T(ctx, "report.outline.missing")
	}
	return v
}

func presentPerson(ctx context.Context, id *Identification) []views.Fact {
	list := []views.Fact{{Label: i18n.T(ctx, "report.person.name"), Value: id.Name}, {Label: i18n.T(ctx, "report.person.number"), Value: id.Number}}
	add := func(key, value string) {
		if value != "" {
			list = append(list, views.Fact{Label: i18n.T(ctx, key), Value: value})
		}
	}
	born := id.Born
	if age := people.AgeText(ctx, id.Age); born != "" && age != "" {
		born += " (" + age + ")"
	}
	add("report.person.born", born)
	add("report.person.nationality", id.Nationality)
	add("report.person.address", strings.Join(filled(id.Address, id.Commune), ", "))
	add("report.person.phone", id.Phone)
	if id.Tramo > 0 {
		add("report.person.tramo", i18n.Tf(ctx, "report.person.tramo_of", map[string]any{"Tramo": id.Tramo}))
	}
	return list
}

// filled gives the texts that are not blank.
func filled(texts ...string) (list []string) {
	for _, text := range texts {
		if text != "" {
			list = append(list, text)
		}
	}
	return list
}
