package catalogue

import (
	"context"
	"strings"

	"gsl/app/kit/i18n"
	views "gsl/templates/catalogue"
)

// words puts judgements into the language of a context. It lives for one answer.
type words struct{ ctx context.Context }

func newWords(ctx context.Context) *words { return &words{ctx: ctx} }

// Explain says of each criterion whether it is met, in words a citizen would
// understand, naming the members; and what would settle what is unknown.
func Explain(ctx context.Context, f *Facts, j *Judgement) []views.Reason {
	return newWords(ctx).reasons(f, j)
}

// Sentence says what a criterion asks for: "tramo hasta 60 %", "integrante menor
// de 18 años o con discapacidad".
func (c *Criterion) Sentence(ctx context.Context) string { return newWords(ctx).criterion(c) }

func (w *words) reasons(f *Facts, j *Judgement) []views.Reason {
	list := make([]views.Reason, len(j.Results))
	for i := range j.Results {
		r := &j.Results[i]
		list[i] = views.Reason{State: states[r.Outcome], Text: w.criterion(r.Criterion), Names: w.names(f, r.Members)}
		if r.Outcome == Unknown {
			list[i].Settle = w.settle(f, r.Missing)
		}
	}
	return list
}

var states = [...]views.State{Yes: views.Met, No: views.NotMet, Unknown: views.Doubt}

// sentences says a criterion in every language. A compiled catalogue has them
// ready: a page shows dozens.
func sentences(c *Criterion) map[string]string {
	said := make(map[string]string, len(i18n.Languages()))
	for _, lang := range i18n.Languages() {
		said[lang] = newWords(i18n.With(context.Background(), lang)).sentence(c)
	}
	return said
}

func (w *words) criterion(c *Criterion) string {
	if text, ok := c.said[i18n.Lang(w.ctx)]; ok {
		return text
	}
	return w.sentence(c)
}

// sentence joins the subject and its alternatives.
func (w *words) sentence(c *Criterion) string {
	alternatives := make([]string, len(c.Alternatives))
	for i, tests := range c.Alternatives {
		parts := make([]string, len(tests))
		for k := range tests {
			parts[k] = w.test(&tests[k])
		}
		alternatives[i] = strings.Join(parts, " "+w.t("catalogue.and")+" ")
	}
	text := strings.Join(alternatives, " "+w.t("catalogue.or")+" ")
	switch c.Scope {
	case ScopePerson:
		text = w.tf("catalogue.subject.person", "What", text)
	case ScopeAnyMember:
		text = w.tf("catalogue.subject.member", "What", text)
	}
	return text
}

// testKeys are the sentences of the tests that are yes or no.
var testKeys = [attributes][2]string{ // is true, is false
	hasDependency:   {"catalogue.test.dependency", "catalogue.test.no_dependency"},
	hasDisability:   {"catalogue.test.disability", "catalogue.test.no_disability"},
	isPregnant:      {"catalogue.test.pregnant", "catalogue.test.not_pregnant"},
	isStudent:       {"catalogue.test.student", "catalogue.test.no_student"},
	isCarer:         {"catalogue.test.carer", "catalogue.test.no_carer"},
	hasPension:      {"catalogue.test.pension", "catalogue.test.no_pension"},
	registeredInRSH: {"catalogue.test.registered", "catalogue.test.not_registered"},
	hasRUN:          {"catalogue.test.run", "catalogue.test.no_run"},
}

func (w *words) test(t *Test) string {
	switch grammar[t.kind].value {
	case boolean:
		if t.want == Yes {
			return w.t(testKeys[t.kind][0])
		}
		return w.t(testKeys[t.kind][1])
	case number:
		return w.number(t)
	case own:
		return w.t("catalogue.test.own_commune")
	case past:
		key := "catalogue.test.received"
		if t.Operator == "not_within" {
			key = "catalogue.test.not_received"
		}
		return i18n.Tf(w.ctx, key, map[string]any{"Item": t.code, "Count": t.number})
	default:
		return w.text(t)
	}
}

func (w *words) text(t *Test) string {
	switch t.kind {
	case dependency:
		return w.tf("catalogue.test.dependency_is", "Value", t.Value)
	case pension:
		return w.tf("catalogue.test.pension_is", "Value", t.Value)
	}
	if strings.EqualFold(t.Value, "F") {
		return w.t("catalogue.test.female")
	}
	return w.t("catalogue.test.male")
}

var numberKeys = [attributes]string{
	tramo:         "catalogue.test.tramo",
	age:           "catalogue.test.age",
	householdSize: "catalogue.test.household_size",
	incomePerHead: "catalogue.test.income_per_head",
}

var rangeKeys = map[string]string{
	"<":  "catalogue.range.less",
	"<=": "catalogue.range.at_most",
	">":  "catalogue.range.more",
	">=": "catalogue.range.at_least",
	"=":  "catalogue.range.exactly",
}

// number says a limit: "tramo hasta 60 %". Under an age has a word of its own.
func (w *words) number(t *Test) string {
	amount := i18n.Number(w.ctx, t.number)
	switch t.kind {
	case tramo:
		amount += "\u00a0%"
	case incomePerHead:
		amount = i18n.Money(w.ctx, t.number)
	case age:
		if t.Operator == "<" {
			return w.tf("catalogue.test.younger", "Years", amount)
		}
		amount = w.tf("catalogue.years", "Years", amount)
	case householdSize:
		amount = i18n.Tf(w.ctx, "catalogue.people", map[string]any{"Count": t.number})
	}
	return w.tf(numberKeys[t.kind], "Range", w.tf(rangeKeys[t.Operator], "Value", amount))
}

// settleKeys say what would settle an attribute that is unknown.
var settleKeys = [attributes]string{
	tramo:              "catalogue.settle.tramo",
	age:                "catalogue.settle.age",
	sex:                "catalogue.settle.sex",
	communeOfResidence: "catalogue.settle.commune",
	householdSize:      "catalogue.settle.household",
	incomePerHead:      "catalogue.settle.income",
	hasDependency:      "catalogue.settle.dependency",
	dependency:         "catalogue.settle.dependency",
	hasDisability:      "catalogue.settle.disability",
	isPregnant:         "catalogue.settle.pregnancy",
	isStudent:          "catalogue.settle.student",
	isCarer:            "catalogue.settle.carer",
	hasPension:         "catalogue.settle.pension",
	pension:            "catalogue.settle.pension",
	received:           "catalogue.settle.received",
	registeredInRSH:    "catalogue.settle.registered",
	hasRUN:             "catalogue.settle.run",
	householdMembers:   "catalogue.settle.household",
}

// onlyRSH are the attributes that nothing but the RSH can tell.
const onlyRSH = 1<<tramo | 1<<householdSize | 1<<incomePerHead | 1<<householdMembers

// settle names what would settle a doubt, once each. Who is not in the RSH has
// to enter it first.
func (w *words) settle(f *Facts, lacks Missing) string {
	var parts []string
	said := map[string]bool{}
	for a := range attributes {
		if !lacks.has(a) {
			continue
		}
		key := settleKeys[a]
		if f.Registered == No && onlyRSH&missing(a) != 0 {
			key = "catalogue.settle.enter_rsh"
		}
		if !said[key] {
			said[key] = true
			parts = append(parts, w.t(key))
		}
	}
	return strings.Join(parts, " "+w.t("catalogue.or")+" ")
}

// most names are written out before "and n more".
const most = 2

func (w *words) names(f *Facts, members []int) string {
	var parts []string
	for i, at := range members {
		if i == most && len(members) > most+1 {
			rest := i18n.Tf(w.ctx, "catalogue.more_members", map[string]any{"Count": len(members) - most})
			return strings.Join(parts, ", ") + " " + rest
		}
		parts = append(parts, w.name(f.Members[at].Name))
	}
	return strings.Join(parts, ", ")
}

// name is a member's name; a registry may lack it.
func (w *words) name(name string) string {
	if name == "" {
		return w.t("catalogue.unnamed")
	}
	return name
}

// warnings say what speaks against an item beyond its criteria.
func (w *words) warnings(f *Facts, it *Item, j *Judgement) []string {
	var list []string
	if r := j.Received; r != nil {
		list = append(list, i18n.Tf(w.ctx, "catalogue.warning.received", w.past(f, r)))
	}
	if r := j.Recent; r != nil {
		args := w.past(f, r)
		args["Interval"] = i18n.Number(w.ctx, int64(it.IntervalDays))
		key := "catalogue.warning.recent"
		if r.On == f.Today {
			key = "catalogue.warning.today"
		}
		list = append(list, i18n.Tf(w.ctx, key, args))
	}
	if r := j.Twin; r != nil {
		key := "catalogue.warning.twin"
		if r.On == f.Today {
			key = "catalogue.warning.twin_today"
		}
		list = append(list, i18n.Tf(w.ctx, key, w.past(f, r)))
	}
	if it.Unavailable {
		list = append(list, w.t("catalogue.warning.unavailable"))
	}
	return list
}

// past gives the values of a sentence about a benefit that was received.
func (w *words) past(f *Facts, r *Received) map[string]any {
	return map[string]any{
		"Who": w.name(f.nameOf(r.Holder)), "Name": r.Name,
		"On": i18n.Date(w.ctx, r.On), "Count": max(0, f.daysAgo(r)),
	}
}

func (w *words) t(key string) string { return i18n.T(w.ctx, key) }

func (w *words) tf(key, name string, value any) string {
	return i18n.Tf(w.ctx, key, map[string]any{name: value})
}
