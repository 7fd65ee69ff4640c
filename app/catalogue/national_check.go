package catalogue

import (
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"

	"gsl/app/kit/fault"
)

// The longest texts of an item, in characters, and its largest numbers.
const (
	maxName     = 160
	maxLine     = 300
	maxUnit     = 40
	maxInterval = 36_500
	maxSpots    = 100_000
	mostPapers  = 20
	mostFields  = 12
	mostChoices = 20
	maxLabel    = 80
)

// vocabulary is what an item may speak of.
type vocabulary struct {
	categories []Category
	codes      map[string]bool // of items and of national benefits
	providers  []string        // that items have, to choose from
}

// degrees are the words of the RSH for dependency.
var degrees = []string{"leve", "moderada", "severa"}

var (
	itemCodePattern = regexp.MustCompile(`^[A-F][0-9]{3,5}$`)
	risPattern      = regexp.MustCompile(`^[A-Z0-9][A-Z0-9-]{1,29}$`)
)

var spotsPeriods = []string{"month", "quarter", "year"}

func tooLong(name, text string, most int) []fault.Field {
	if utf8.RuneCountInString(text) <= most {
		return nil
	}
	return []fault.Field{{Name: name, Key: "catalogue.national.error.long", Args: map[string]any{"Max": most}}}
}

func outside(name string, n, most int64) []fault.Field {
	if n >= 0 && n <= most {
		return nil
	}
	return []fault.Field{{Name: name, Key: "catalogue.national.error.between", Args: map[string]any{"Max": most}}}
}

// check looks at everything but criteria and fields.
func (c *Content) check(known *vocabulary) []fault.Field {
	var wrong []fault.Field
	refuse := func(name, key string) { wrong = append(wrong, fault.Field{Name: name, Key: key}) }
	if !itemCodePattern.MatchString(c.Code) || c.Code[:1] != c.Category {
		refuse("code", "catalogue.national.error.code")
	}
	if !known.hasPlace(c.Category, c.Subcategory) {
		refuse("place", "catalogue.national.error.place")
	}
	if c.Name == "" {
		refuse("name", "catalogue.error.required")
	}
	if c.Provider == "" && (c.Category == Referral || c.Category == RSHChange) {
		refuse("provider", "catalogue.national.error.provider")
	}
	if c.RISCode != "" && !risPattern.MatchString(c.RISCode) {
		refuse("ris_code", "catalogue.national.error.ris")
	}
	if !slices.Contains(spotsPeriods, c.SpotsPeriod) {
		refuse("spots_period", "web.field.choice")
	}
	return slices.Concat(wrong, tooLong("name", c.Name, maxName), tooLong("description", c.Description, maxText),
		tooLong("provider", c.Provider, maxName), tooLong("unit", c.Unit, maxUnit), tooLong("legal_basis", c.LegalBasis, maxLine),
		tooLong("contact", c.Contact, maxLine), outside("reference", c.Reference, maxAmount),
		outside("interval_days", int64(c.IntervalDays), maxInterval), outside("spots", int64(c.Spots), maxSpots), c.checkPapers())
}

func (c *Content) checkPapers() []fault.Field {
	if len(c.Requirements) > mostPapers {
		return []fault.Field{{Name: "requirements", Key: "catalogue.national.error.papers", Args: map[string]any{"Max": mostPapers}}}
	}
	for _, paper := range c.Requirements {
		if bad := tooLong("requirements", paper, maxName); bad != nil {
			return bad
		}
	}
	return nil
}

// hasPlace reports whether a category has a drawer; one without drawers takes none.
func (v *vocabulary) hasPlace(category, drawer string) bool {
	at := slices.IndexFunc(v.categories, func(c Category) bool { return c.Code == category })
	if at < 0 {
		return false
	}
	drawers := v.categories[at].Subcategories
	if len(drawers) == 0 {
		return drawer == ""
	}
	return slices.ContainsFunc(drawers, func(s Subcategory) bool { return s.Code == drawer })
}

// readFields makes the item's own fields of their rows; blank rows are left out.
func (c *Content) readFields() (list []Field, wrong []fault.Field) {
	if len(c.Fields) > mostFields {
		return nil, []fault.Field{{Name: RowField("label", mostFields), Key: "catalogue.national.error.fields", Args: map[string]any{"Max": mostFields}}}
	}
	taken := map[string]bool{}
	for _, f := range standardFields[c.Category] {
		taken[f.Name] = true
	}
	for i, row := range c.Fields {
		if row.blank() {
			continue
		}
		f, bad := row.read(i)
		if bad == nil && (taken[f.Name] || reserved[f.Name]) {
			bad = &fault.Field{Name: RowField("label", i), Key: "catalogue.national.error.label_taken"}
		}
		if bad != nil {
			wrong = append(wrong, *bad)
			continue
		}
		taken[f.Name] = true
		list = append(list, f)
	}
	return list, wrong
}

func (r FieldRow) read(i int) (Field, *fault.Field) {
	choices := splitList(r.Choices, "|")
	switch {
	case slug(r.Label) == "":
		return Field{}, &fault.Field{Name: RowField("label", i), Key: "catalogue.error.required"}
	case utf8.RuneCountInString(r.Label) > maxLabel:
		return Field{}, &fault.Field{Name: RowField("label", i), Key: "catalogue.national.error.long", Args: map[string]any{"Max": maxLabel}}
	case r.Type == ChoiceField && (len(choices) < 2 || len(choices) > mostChoices):
		return Field{}, &fault.Field{Name: RowField("choices", i), Key: "catalogue.national.error.choices"}
	case r.Type != ChoiceField && len(choices) > 0:
		return Field{}, &fault.Field{Name: RowField("choices", i), Key: "catalogue.national.error.no_choices"}
	}
	f, err := newField(r.Label, r.Type, r.Required, choices)
	if err != nil {
		return f, &fault.Field{Name: RowField("type", i), Key: "web.field.choice"}
	}
	return f, nil
}

// sense refuses criteria that can be read and yet say nothing: limits that no
// person has, benefits that nobody knows, and what nobody can meet.
func (c *Content) sense(known *vocabulary) (wrong []fault.Field) {
	var all, one []sensed // what one household, and one alternative, has to be at once
	for i, row := range c.Criteria {
		if row.blank() {
			continue
		}
		scope, t, _ := row.read(i)
		if bad := t.strange(known); bad != nil {
			bad.Name = RowField("value", i)
			wrong = append(wrong, *bad)
			continue
		}
		alone := !c.alternative(i)
		if row.Join != string(JoinSame) || len(one) == 0 {
			one = nil
		}
		now := sensed{scope, t}
		if !now.bearable(one) || alone && scope != ScopeAnyMember && !now.bearable(all) {
			wrong = append(wrong, fault.Field{Name: RowField("value", i), Key: "catalogue.national.error.impossible"})
		}
		one = append(one, now)
		if alone && scope != ScopeAnyMember {
			all = append(all, now)
		}
	}
	return wrong
}

// alternative reports whether a row is one of several ways to meet its criterion.
func (c *Content) alternative(i int) bool {
	for k := i; k >= 0; k-- {
		if c.Criteria[k].Join == string(JoinOr) {
			return true
		}
		if c.Criteria[k].Join == string(JoinAnd) || c.Criteria[k].Join == "" {
			break
		}
	}
	for k := i + 1; k < len(c.Criteria); k++ {
		if c.Criteria[k].Join == string(JoinOr) {
			return true
		}
		if c.Criteria[k].Join == string(JoinAnd) || c.Criteria[k].Join == "" {
			break
		}
	}
	return false
}

// sensed is a test with whom it asks.
type sensed struct {
	scope Scope
	test  Test
}

// bearable reports whether somebody can pass the test together with the others.
func (s sensed) bearable(others []sensed) bool {
	low, high := s.test.span()
	for _, o := range others {
		if o.scope != s.scope || o.test.kind != s.test.kind {
			continue
		}
		switch grammar[s.test.kind].value {
		case number:
			l, h := o.test.span()
			low, high = max(low, l), min(high, h)
		case boolean:
			if o.test.want != s.test.want {
				return false
			}
		case text:
			if !strings.EqualFold(o.test.Value, s.test.Value) {
				return false
			}
		}
	}
	return grammar[s.test.kind].value != number || low <= high
}

// span is the numbers that a test lets through.
func (t *Test) span() (low, high int64) {
	low, high = 0, 1<<62
	switch t.Operator {
	case "<":
		high = t.number - 1
	case "<=":
		high = t.number
	case ">":
		low = t.number + 1
	case ">=":
		low = t.number
	case "=":
		low, high = t.number, t.number
	}
	return low, high
}

// bounds are the smallest and the largest number that a household or a person has.
var bounds = map[attribute][2]int64{tramo: {40, 100}, age: {0, 120}, householdSize: {1, 30}, incomePerHead: {0, maxAmount}}

// strange says what about a test nobody can mean.
func (t *Test) strange(known *vocabulary) *fault.Field {
	low, high := t.span()
	edge, limited := bounds[t.kind]
	switch {
	case limited && t.number > edge[1], t.kind == received && t.number > maxInterval:
		return &fault.Field{Key: "catalogue.national.error.limit", Args: map[string]any{"Max": t.most()}}
	case limited && high < edge[0]:
		return &fault.Field{Key: "catalogue.national.error.impossible"}
	case limited && low <= edge[0] && high >= edge[1]:
		return &fault.Field{Key: "catalogue.national.error.everybody"}
	case t.kind == received && !known.codes[t.code]:
		return &fault.Field{Key: "catalogue.national.error.unknown_code", Args: map[string]any{"Code": t.code}}
	case t.kind == dependency && !slices.Contains(degrees, strings.ToLower(t.Value)):
		return &fault.Field{Key: "catalogue.national.error.degree", Args: map[string]any{"List": strings.Join(degrees, ", ")}}
	}
	return nil
}

func (t *Test) most() int64 {
	if edge, limited := bounds[t.kind]; limited {
		return edge[1]
	}
	return maxInterval
}
