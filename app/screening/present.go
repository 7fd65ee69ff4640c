package screening

import (
	"context"
	"slices"
	"strconv"
	"strings"
	"time"

	"gsl/app/access"
	"gsl/app/catalogue"
	"gsl/app/kit/actor"
	"gsl/app/kit/calendar"
	"gsl/app/kit/i18n"
	"gsl/app/people"
	forms "gsl/templates/people"
	views "gsl/templates/screening"
	"gsl/templates/ui"
)

// enterRegistry is the catalogue's item of the request to enter the registry.
const enterRegistry = "A501"

// presenter puts a screening into words. It lives for one answer.
type presenter struct {
	ctx context.Context
	who actor.Actor
	sc  *Screening
	all bool // every benefit, not the latest

	inCart map[string]bool // codes that the file's cart holds
}

func (p *presenter) t(key string) ui.Text { return ui.Text(i18n.T(p.ctx, key)) }

func (p *presenter) tf(key string, args map[string]any) ui.Text {
	return ui.Text(i18n.Tf(p.ctx, key, args))
}

func (p *presenter) count(key string, n int) ui.Text { return p.tf(key, map[string]any{"Count": n}) }

func (p *presenter) money(pesos int64) ui.Text { return ui.Text(i18n.Money(p.ctx, pesos)) }

// page gives everything but the right column.
func (p *presenter) page() *views.View {
	v := &views.View{FileID: p.sc.File.ID, Notice: p.notice(), Unknown: p.unknown(), Person: p.person(),
		Work: p.work(), Benefits: p.benefits()}
	if p.sc.Known() {
		v.Household = p.household()
	}
	return v
}

// moment is an instant as one speaks of it: the hour when it was today, else the day too.
func (p *presenter) moment(t time.Time) ui.Text {
	if calendar.On(t) == p.sc.Today {
		return p.tf("screening.today_at", map[string]any{"Time": i18n.Clock(p.ctx, t)})
	}
	return ui.Text(i18n.DateTime(p.ctx, t))
}

// notice says how far what is shown can be relied on; nil when the registry
// answered or there is nothing to ask it for.
func (p *presenter) notice() *views.Notice {
	if !p.sc.Down {
		if p.sc.Standing == NoRUN {
			return p.noRUN()
		}
		return nil
	}
	n := &views.Notice{Class: "callout-warning", Icon: "exclamation-triangle", Title: p.t("screening.down.title"),
		Retry: "/files/" + p.sc.File.ID + "/screening"}
	switch {
	case p.sc.Damaged:
		n.Text = p.t("screening.down.damaged")
	case p.sc.Standing == Silent:
		n.Text = p.t("screening.down.nothing")
	default:
		n.Text = p.tf("screening.down.kept", map[string]any{"When": p.moment(p.sc.SeenAt)})
	}
	return n
}

// noRUN says what a person cannot ask for while the file has no RUN.
func (p *presenter) noRUN() *views.Notice {
	n := &views.Notice{Class: "callout-warning", Icon: "person-exclamation", Title: p.t("screening.no_run.title"), Text: p.t("screening.no_run.text")}
	if p.who.Can(access.EditContact) {
		n.Merge = "/files/" + p.sc.File.ID + "/merge"
	}
	return n
}

func (p *presenter) unknown() *views.Unknown {
	if p.sc.Standing != NotRegistered {
		return nil
	}
	u := &views.Unknown{FileID: p.sc.File.ID, Enter: p.who.Can(access.ManageCart), Item: enterRegistry,
		Source: p.tf("screening.unknown.source", map[string]any{"When": p.moment(p.sc.SeenAt)})}
	if !p.sc.Earlier.IsZero() {
		u.Earlier = p.tf("screening.unknown.earlier", map[string]any{"On": i18n.Date(p.ctx, p.sc.Earlier)})
	}
	return u
}

// person is the form for a person of whom no registry says who they are.
func (p *presenter) person() *views.Person {
	if p.sc.Known() || p.sc.File.Source == people.FromRegistry || !p.who.Can(access.EditContact) {
		return nil
	}
	return &views.Person{Open: p.sc.File.Source == people.FromNobody, Form: forms.PersonForm(people.PersonForm(p.sc.File))}
}

func (p *presenter) household() *views.Household {
	h := &p.sc.Household
	v := &views.Household{Old: p.sc.Standing == Kept, Facts: p.householdFacts(h),
		Caption: p.count("screening.household.caption", len(h.Members)), Members: make([]views.Member, len(h.Members))}
	key := "screening.household.source"
	if v.Old {
		key = "screening.household.source_old"
	}
	v.Source = p.tf(key, map[string]any{"When": p.moment(p.sc.SeenAt), "On": i18n.Date(p.ctx, h.DataDate)})
	if h.Folio != "" {
		v.Source += " · " + p.tf("screening.household.folio", map[string]any{"Folio": h.Folio})
	}
	me := p.sc.Person()
	for i := range h.Members {
		v.Members[i] = p.member(&h.Members[i], i == me)
	}
	return v
}

// householdFacts fit one row, so that the members begin high on the screen: each
// is the value one looks for, and beside it what explains it.
func (p *presenter) householdFacts(h *Household) []views.Pair {
	return []views.Pair{
		{Name: p.t("screening.fact.members"), Text: ui.Text(strconv.Itoa(len(h.Members)))},
		{Name: p.t("screening.fact.income"), Text: p.money(h.Income),
			Note: p.tf("screening.fact.per_head", map[string]any{"Amount": i18n.Money(p.ctx, h.perHead())})},
		{Name: p.t("screening.fact.dwelling"), Text: p.orUnsaid(h.DwellingType), Note: p.dwelling(h)},
		{Name: p.t("screening.fact.water"), Text: p.orUnsaid(h.Water)},
	}
}

// dwelling is how the household holds its home and how large it is.
func (p *presenter) dwelling(h *Household) ui.Text {
	rooms := p.t("screening.fact.rooms_unsaid")
	if h.Rooms > 0 {
		rooms = p.count("screening.fact.rooms", h.Rooms)
	}
	if h.Tenure == "" {
		return p.t("screening.fact.tenure_unsaid") + " · " + rooms
	}
	return ui.Text(h.Tenure) + " · " + rooms
}

func (p *presenter) orUnsaid(s string) ui.Text {
	if s == "" {
		return p.t("screening.unsaid")
	}
	return ui.Text(s)
}

func (p *presenter) member(m *Member, me bool) views.Member {
	if m.veiled() {
		return views.Member{Name: ui.Text(m.GivenNames), Relationship: p.relationship(m), Age: "—", Income: "—"}
	}
	return views.Member{Name: p.nameOr(m.Name()), Me: me, Tags: p.tags(m), Relationship: p.relationship(m),
		Age: p.age(m.BirthDate), Education: ui.Text(m.Education), Student: m.Student, Health: ui.Text(m.HealthInsurance),
		Pension: ui.Text(m.Pension), Occupation: ui.Text(m.Occupation), Income: p.income(m)}
}

// relationship is to the head, in the registry's words; who is the head is said
// even where those words do not.
func (p *presenter) relationship(m *Member) ui.Text {
	if !m.Head || strings.HasPrefix(m.Relationship, "jef") {
		return ui.Text(m.Relationship)
	}
	if m.Relationship == "" {
		return p.t("screening.member.head")
	}
	return p.t("screening.member.head") + " · " + ui.Text(m.Relationship)
}

func (p *presenter) nameOr(name string) ui.Text {
	if name == "" {
		return p.t("screening.unnamed")
	}
	return ui.Text(name)
}

// age is in years; of a baby in months, because months decide.
func (p *presenter) age(born calendar.Date) ui.Text {
	if born.IsZero() || p.sc.Today.Before(born) {
		return "—"
	}
	if years := born.AgeOn(p.sc.Today); years > 0 {
		return ui.Text(strconv.Itoa(years))
	}
	return p.count("screening.months", months(born, p.sc.Today))
}

// months counts completed months between two dates less than a year apart.
func months(from, to calendar.Date) int {
	n := (to.Year()-from.Year())*12 + to.Month() - from.Month()
	if to.Day() < from.Day() {
		n--
	}
	return n
}

// adult is the age from which having no income says something.
const adult = 18

func (p *presenter) income(m *Member) ui.Text {
	if m.Income == 0 && !m.BirthDate.IsZero() && m.BirthDate.AgeOn(p.sc.Today) < adult {
		return "—"
	}
	return p.money(m.Income)
}

// tags are what must be seen at once of a member.
func (p *presenter) tags(m *Member) []views.Tag {
	if !m.Carer && !m.Pregnant && !m.Disability && m.Dependency == "" {
		return nil
	}
	var list []views.Tag
	if m.Dependency != "" {
		list = append(list, views.Tag{Text: ui.Text(dependencyText(p.ctx, m.Dependency)), Warns: true})
	}
	if m.Disability {
		list = append(list, views.Tag{Text: p.t("screening.tag.disability"), Warns: true})
	}
	if m.Pregnant {
		list = append(list, views.Tag{Text: p.t("screening.tag.pregnant"), Warns: true})
	}
	if m.Carer {
		list = append(list, views.Tag{Text: p.t("screening.tag.carer")})
	}
	return list
}

func (p *presenter) work() []views.Work {
	if len(p.sc.Work) == 0 {
		return nil
	}
	list := make([]views.Work, len(p.sc.Work))
	for i := range p.sc.Work {
		list[i] = p.workLine(&p.sc.Work[i])
	}
	return list
}

func (p *presenter) workLine(w *Work) views.Work {
	v := views.Work{Name: p.nameOr(w.Name), Relation: p.relation(w.Holder), Href: w.Href}
	since := i18n.Date(p.ctx, calendar.On(w.Since))
	if w.Kind == CartWork {
		v.Icon, v.What = "cart3", p.count("screening.work.cart", w.Items)
	} else {
		v.Icon, v.What = "list-check", p.tf("screening.work.plan", map[string]any{"Number": w.Number})
		if w.Pending > 0 {
			v.Pending = p.count("screening.work.pending", w.Pending)
		}
		if w.Confirmed > 0 {
			v.Confirmed = p.count("screening.work.confirmed", w.Confirmed)
		}
	}
	v.Since = p.tf("screening.work.since", map[string]any{"On": since, "By": w.By})
	return v
}

func (p *presenter) relation(holder string) ui.Text {
	if m := p.sc.memberOf(holder); m != nil {
		return ui.Text(m.Relationship)
	}
	return ""
}

// aside gives the right column: the cart, and what the household could have.
func (p *presenter) aside(f *catalogue.Facts, list []catalogue.Suggestion) *views.Aside {
	v := &views.Aside{Cart: p.sc.Cart, Catalogue: "/files/" + p.sc.File.ID + "/catalogue", Suggestions: make([]views.Suggestion, len(list))}
	named := p.byGivenNames(f)
	for i := range list {
		v.Suggestions[i] = p.suggestion(named, &list[i], v.Catalogue)
	}
	return v
}

// byGivenNames are the facts with the members called as at home: the column is
// narrow, and the surnames stand in the household beside it.
func (p *presenter) byGivenNames(f *catalogue.Facts) *catalogue.Facts {
	members := p.sc.Household.Members
	if len(members) != len(f.Members) {
		return f
	}
	short := *f
	short.Members = slices.Clone(f.Members)
	for i := range members {
		if name := members[i].GivenNames; name != "" {
			short.Members[i].Name = name
		}
	}
	return &short
}

// suggestion says why the household could have the item: each criterion, and
// who of the household meets it.
func (p *presenter) suggestion(f *catalogue.Facts, s *catalogue.Suggestion, href string) views.Suggestion {
	v := views.Suggestion{Letter: ui.Text(s.Item.Category), Name: ui.Text(s.Item.Name), Href: href}
	for _, r := range catalogue.Explain(p.ctx, f, &s.Judgement) {
		text := r.Text
		if r.Names != "" {
			text += " (" + r.Names + ")"
		}
		v.Reasons = append(v.Reasons, ui.Text(text))
	}
	return v
}
