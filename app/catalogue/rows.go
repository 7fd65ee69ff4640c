package catalogue

import (
	"strconv"
	"strings"

	"gsl/app/kit/fault"
)

// Criteria are written in forms as rows, one test each; every row says how it
// joins the one before. Agreements and the national catalogue share the form.

// Join says how a row belongs to the row before.
type Join string

// The joins: a criterion of its own, another way to meet the same criterion, or
// one more test that the same person has to pass.
const (
	JoinAnd  Join = "and"
	JoinOr   Join = "or"
	JoinSame Join = "same"
)

// Row is one line of the form, as it was typed.
type Row struct {
	Join      string `json:"join,omitempty"`
	Scope     string `json:"scope,omitempty"` // person, any_member; the household where the condition asks it
	Condition string `json:"condition"`       // key of a Condition
	Value     string `json:"value,omitempty"`
}

// Condition is one thing that can be asked, as staff choose it from a list. What
// has a fixed value needs none.
type Condition struct {
	Key, TextKey string
	attribute    attribute
	operator     string
	fixed        string
}

// NeedsValue reports whether something has to be written beside it.
func (c *Condition) NeedsValue() bool { return c.fixed == "" }

// conditions in the order of the list. Together they say everything that the
// grammar knows: a limit that excludes its number is written with the next one.
var conditions = []Condition{
	{"tramo_max", "catalogue.condition.tramo_max", tramo, "<=", ""},
	{"tramo_min", "catalogue.condition.tramo_min", tramo, ">=", ""},
	{"registered", "catalogue.condition.registered", registeredInRSH, "is", "true"},
	{"not_registered", "catalogue.condition.not_registered", registeredInRSH, "is", "false"},
	{"own_commune", "catalogue.condition.own_commune", communeOfResidence, "is", "own"},
	{"size_min", "catalogue.condition.size_min", householdSize, ">=", ""},
	{"size_max", "catalogue.condition.size_max", householdSize, "<=", ""},
	{"income_max", "catalogue.condition.income_max", incomePerHead, "<=", ""},
	{"income_min", "catalogue.condition.income_min", incomePerHead, ">=", ""},
	{"younger", "catalogue.condition.younger", age, "<", ""},
	{"age_min", "catalogue.condition.age_min", age, ">=", ""},
	{"age_max", "catalogue.condition.age_max", age, "<=", ""},
	{"female", "catalogue.condition.female", sex, "is", "F"},
	{"male", "catalogue.condition.male", sex, "is", "M"},
	{"disability", "catalogue.condition.disability", hasDisability, "is", "true"},
	{"no_disability", "catalogue.condition.no_disability", hasDisability, "is", "false"},
	{"dependency", "catalogue.condition.dependency", hasDependency, "is", "true"},
	{"no_dependency", "catalogue.condition.no_dependency", hasDependency, "is", "false"},
	{"dependency_is", "catalogue.condition.dependency_is", dependency, "is", ""},
	{"carer", "catalogue.condition.carer", isCarer, "is", "true"},
	{"no_carer", "catalogue.condition.no_carer", isCarer, "is", "false"},
	{"pregnant", "catalogue.condition.pregnant", isPregnant, "is", "true"},
	{"not_pregnant", "catalogue.condition.not_pregnant", isPregnant, "is", "false"},
	{"student", "catalogue.condition.student", isStudent, "is", "true"},
	{"no_student", "catalogue.condition.no_student", isStudent, "is", "false"},
	{"pension", "catalogue.condition.pension", hasPension, "is", "true"},
	{"no_pension", "catalogue.condition.no_pension", hasPension, "is", "false"},
	{"pension_is", "catalogue.condition.pension_is", pension, "is", ""},
	{"received", "catalogue.condition.received", received, "within", ""},
	{"not_received", "catalogue.condition.not_received", received, "not_within", ""},
	{"run", "catalogue.condition.run", hasRUN, "is", "true"},
	{"no_run", "catalogue.condition.no_run", hasRUN, "is", "false"},
}

// Conditions lists what can be asked, in the order of the list.
func Conditions() []Condition { return conditions }

func conditionOf(key string) *Condition {
	for i := range conditions {
		if conditions[i].Key == key {
			return &conditions[i]
		}
	}
	return nil
}

// MostRows bounds the criteria of one form.
const MostRows = 20

func (r Row) blank() bool { return r.Condition == "" && r.Value == "" }

// ReadRows makes criteria of rows; blank rows are left out. Each thing that is
// wrong names its row's field (RowField).
func ReadRows(rows []Row) (list []Criterion, wrong []fault.Field) {
	if len(rows) > MostRows {
		return nil, []fault.Field{{Name: RowField("condition", MostRows), Key: "catalogue.rows.error.many", Args: map[string]any{"Max": MostRows}}}
	}
	for i, row := range rows {
		if row.blank() {
			continue
		}
		scope, test, err := row.read(i)
		if err != nil {
			wrong = append(wrong, *err)
			continue
		}
		join := Join(row.Join)
		if len(list) == 0 || join == "" {
			join = JoinAnd
		}
		switch last := len(list) - 1; {
		case join != JoinAnd && join != JoinOr && join != JoinSame:
			wrong = append(wrong, fault.Field{Name: RowField("join", i), Key: "web.field.choice"})
		case join == JoinAnd:
			list = append(list, Criterion{Scope: scope, Alternatives: [][]Test{{test}}})
		case list[last].Scope != scope:
			wrong = append(wrong, fault.Field{Name: RowField("scope", i), Key: "catalogue.rows.error.scope"})
		case join == JoinOr:
			list[last].Alternatives = append(list[last].Alternatives, []Test{test})
		default:
			at := len(list[last].Alternatives) - 1
			list[last].Alternatives[at] = append(list[last].Alternatives[at], test)
		}
	}
	return list, wrong
}

// read makes the test of one row.
func (r Row) read(i int) (Scope, Test, *fault.Field) {
	c := conditionOf(r.Condition)
	if c == nil {
		return "", Test{}, &fault.Field{Name: RowField("condition", i), Key: "catalogue.rows.error.condition"}
	}
	value := c.fixed
	if value == "" {
		value = c.clean(r.Value)
	}
	scope := c.scope(Scope(r.Scope))
	test, err := newTest(scope, grammar[c.attribute].name, c.operator, value)
	if err != nil {
		return "", test, &fault.Field{Name: RowField("value", i), Key: c.valueError()}
	}
	return scope, test, nil
}

// scope is whom the condition asks, of whom was chosen: what only a household
// has is the household's.
func (c *Condition) scope(chosen Scope) Scope {
	rule := grammar[c.attribute]
	switch {
	case !rule.member, rule.household && chosen == ScopeHousehold:
		return ScopeHousehold
	case chosen == ScopeAnyMember:
		return ScopeAnyMember
	}
	return ScopePerson
}

// clean takes a number as people write it ("60 %", "$ 250.000", "18 años"), and
// a code with its days ("RIS-SAP, 365 días").
func (c *Condition) clean(value string) string {
	value = strings.TrimSpace(value)
	switch grammar[c.attribute].value {
	case past:
		parts := strings.FieldsFunc(value, func(r rune) bool { return r == ' ' || r == ',' || r == '\u00a0' })
		if len(parts) < 2 {
			return value
		}
		return strings.ToUpper(parts[0]) + " " + strings.ReplaceAll(parts[1], ".", "")
	case number:
		value = strings.TrimSpace(strings.TrimPrefix(value, "$"))
		for _, unit := range []string{"%", "años", "anos", "personas"} {
			value = strings.TrimSpace(strings.TrimSuffix(value, unit))
		}
		return strings.ReplaceAll(value, ".", "")
	}
	return value
}

func (c *Condition) valueError() string {
	switch {
	case grammar[c.attribute].value == past:
		return "catalogue.rows.error.past"
	case grammar[c.attribute].value == text:
		return "catalogue.rows.error.word"
	case c.attribute == tramo:
		return "catalogue.rows.error.tramo"
	}
	return "catalogue.rows.error.number"
}

// RowField is the form's name of a row's field.
func RowField(name string, i int) string { return name + "[" + strconv.Itoa(i) + "]" }

// RowsOf is the way back: what the form shows of kept criteria. A test that no
// condition says is said by two rows, or by the limit next to it.
func RowsOf(list []Criterion) []Row {
	var rows []Row
	for _, c := range list {
		for a, tests := range c.Alternatives {
			for t, test := range tests {
				join := JoinSame
				if t == 0 {
					join = JoinOr
				}
				if a == 0 && t == 0 {
					join = JoinAnd
				}
				rows = append(rows, rowsOf(join, c.Scope, test)...)
			}
		}
	}
	return rows
}

func rowsOf(join Join, scope Scope, t Test) []Row {
	for i := range conditions {
		c := &conditions[i]
		if c.attribute != t.kind || c.operator != t.Operator || c.fixed != "" && !strings.EqualFold(c.fixed, t.Value) {
			continue
		}
		row := Row{Join: string(join), Scope: string(scope), Condition: c.Key, Value: t.Value}
		if c.fixed != "" {
			row.Value = ""
		}
		return []Row{row}
	}
	return limits(join, scope, t)
}

// limits says a number with at least and at most.
func limits(join Join, scope Scope, t Test) []Row {
	step := int64(1)
	if t.kind == tramo {
		step = 10
	}
	limit := func(join Join, operator string, n int64) []Row {
		t.Operator, t.Value = operator, strconv.FormatInt(n, 10)
		return rowsOf(join, scope, t)
	}
	switch t.Operator {
	case "<":
		return limit(join, "<=", t.number-step)
	case ">":
		return limit(join, ">=", t.number+step)
	case "=":
		return append(limit(join, ">=", t.number), limit(JoinSame, "<=", t.number)...)
	}
	return nil
}
