package referral

import (
	"strconv"
	"strings"

	"gsl/app/catalogue"
	"gsl/app/kit/fault"
)

// The criteria of a protocol are the catalogue's: each has tests in
// alternatives. On the screen they are rows, one test each, and every row says
// how it joins the one before.

// Join says how a row belongs to the row before.
type Join string

// The joins: a criterion of its own, another way to meet the same criterion, or
// one more test that the same person has to pass.
const (
	JoinAnd  Join = "and"
	JoinOr   Join = "or"
	JoinSame Join = "same"
)

// CriterionRow is one line of the form, as it was typed.
type CriterionRow struct {
	Join      string
	Scope     string // person, any_member; the household where the condition asks it
	Condition string // key of conditions
	Value     string
}

// condition is one thing that can be asked, as staff choose it from a list. fixed
// conditions need no value.
type condition struct {
	Key       string
	attribute string
	operator  string
	fixed     string
	household bool
	past      bool // the value is a benefit code and a number of days
}

// conditions in the order of the list; the catalogue's grammar knows more, but
// these are what agreements ask for.
var conditions = []condition{
	{Key: "tramo_max", attribute: "tramo", operator: "<=", household: true},
	{Key: "tramo_min", attribute: "tramo", operator: ">=", household: true},
	{Key: "registered", attribute: "registered_in_rsh", operator: "is", fixed: "true", household: true},
	{Key: "not_registered", attribute: "registered_in_rsh", operator: "is", fixed: "false", household: true},
	{Key: "own_commune", attribute: "commune_of_residence", operator: "is", fixed: "own", household: true},
	{Key: "size_min", attribute: "household_size", operator: ">=", household: true},
	{Key: "size_max", attribute: "household_size", operator: "<=", household: true},
	{Key: "income_max", attribute: "income_per_head", operator: "<=", household: true},
	{Key: "younger", attribute: "age", operator: "<"},
	{Key: "age_min", attribute: "age", operator: ">="},
	{Key: "age_max", attribute: "age", operator: "<="},
	{Key: "female", attribute: "sex", operator: "is", fixed: "F"},
	{Key: "male", attribute: "sex", operator: "is", fixed: "M"},
	{Key: "disability", attribute: "has_disability", operator: "is", fixed: "true"},
	{Key: "dependency", attribute: "has_dependency", operator: "is", fixed: "true"},
	{Key: "carer", attribute: "is_carer", operator: "is", fixed: "true"},
	{Key: "pregnant", attribute: "is_pregnant", operator: "is", fixed: "true"},
	{Key: "student", attribute: "is_student", operator: "is", fixed: "true"},
	{Key: "pension", attribute: "has_pension", operator: "is", fixed: "true"},
	{Key: "no_pension", attribute: "has_pension", operator: "is", fixed: "false"},
	{Key: "received", attribute: "received", operator: "within", past: true},
	{Key: "not_received", attribute: "received", operator: "not_within", past: true},
}

func conditionOf(key string) *condition {
	for i := range conditions {
		if conditions[i].Key == key {
			return &conditions[i]
		}
	}
	return nil
}

// mostRows bounds the criteria of a protocol.
const mostRows = 20

func (r CriterionRow) blank() bool { return r.Condition == "" && r.Value == "" }

// readCriteria makes criteria of rows; blank rows are left out. Each thing that
// is wrong names its row's field.
func readCriteria(rows []CriterionRow) (list []catalogue.Criterion, wrong []fault.Field) {
	if len(rows) > mostRows {
		return nil, []fault.Field{{Name: rowField("condition", mostRows), Key: "protocol.error.rows", Args: map[string]any{"Max": mostRows}}}
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
			wrong = append(wrong, fault.Field{Name: rowField("join", i), Key: "web.field.choice"})
		case join == JoinAnd:
			list = append(list, catalogue.Criterion{Scope: scope, Alternatives: [][]catalogue.Test{{test}}})
		case list[last].Scope != scope:
			wrong = append(wrong, fault.Field{Name: rowField("scope", i), Key: "protocol.error.scope"})
		case join == JoinOr:
			list[last].Alternatives = append(list[last].Alternatives, []catalogue.Test{test})
		default:
			at := len(list[last].Alternatives) - 1
			list[last].Alternatives[at] = append(list[last].Alternatives[at], test)
		}
	}
	return list, wrong
}

// read makes the test of one row.
func (r CriterionRow) read(i int) (catalogue.Scope, catalogue.Test, *fault.Field) {
	c := conditionOf(r.Condition)
	if c == nil {
		return "", catalogue.Test{}, &fault.Field{Name: rowField("condition", i), Key: "protocol.error.condition"}
	}
	scope := catalogue.Scope(r.Scope)
	switch {
	case c.household:
		scope = catalogue.ScopeHousehold
	case scope != catalogue.ScopeAnyMember:
		scope = catalogue.ScopePerson
	}
	value := c.fixed
	if value == "" {
		value = c.clean(r.Value)
	}
	test, err := catalogue.NewTest(scope, c.attribute, c.operator, value)
	if err != nil {
		return "", test, &fault.Field{Name: rowField("value", i), Key: c.valueError()}
	}
	return scope, test, nil
}

// clean takes a number as people write it ("60 %", "$ 250.000", "18 años"), and
// a code with its days ("RIS-SAP, 365 días").
func (c *condition) clean(value string) string {
	if c.past {
		parts := strings.FieldsFunc(value, func(r rune) bool { return r == ' ' || r == ',' || r == '\u00a0' })
		if len(parts) < 2 {
			return value
		}
		return strings.ToUpper(parts[0]) + " " + parts[1]
	}
	value = strings.TrimSpace(strings.TrimPrefix(strings.TrimSpace(value), "$"))
	for _, unit := range []string{"%", "años", "anos", "personas"} {
		value = strings.TrimSpace(strings.TrimSuffix(value, unit))
	}
	return strings.ReplaceAll(value, ".", "")
}

func (c *condition) valueError() string {
	switch {
	case c.past:
		return "protocol.error.value_past"
	case c.attribute == "tramo":
		return "protocol.error.value_tramo"
	}
	return "protocol.error.value_number"
}

// rowField is the form's name of a row's field.
func rowField(name string, i int) string { return name + "[" + strconv.Itoa(i) + "]" }

// criterionRows is the way back: what the form shows of kept criteria.
func criterionRows(list []catalogue.Criterion) []CriterionRow {
	var rows []CriterionRow
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
				rows = append(rows, rowOf(join, c.Scope, test))
			}
		}
	}
	return rows
}

func rowOf(join Join, scope catalogue.Scope, test catalogue.Test) CriterionRow {
	row := CriterionRow{Join: string(join), Scope: string(scope), Value: test.Value}
	if scope == catalogue.ScopeHousehold {
		row.Scope = string(catalogue.ScopePerson)
	}
	for _, c := range conditions {
		if c.attribute == test.Attribute && c.operator == test.Operator && (c.fixed == "" || strings.EqualFold(c.fixed, test.Value)) {
			row.Condition = c.Key
			if c.fixed != "" {
				row.Value = ""
			}
			break
		}
	}
	return row
}
