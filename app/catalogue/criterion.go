package catalogue

import (
	"fmt"
	"strconv"
	"strings"
)

// Scope says of whom a criterion speaks.
type Scope string

// The scopes, as they stand in the rows.
const (
	ScopePerson    Scope = "person"     // the person at the desk
	ScopeAnyMember Scope = "any_member" // some member of the household, the person included
	ScopeHousehold Scope = "household"
)

// Criterion is one requirement of an item. Its subject has to pass all the tests
// of at least one alternative; with any_member that is one and the same member.
type Criterion struct {
	Scope        Scope
	Alternatives [][]Test
	shared       int               // number among the distinct criteria of a compiled catalogue
	said         map[string]string // its sentence by language, in a compiled catalogue
}

// Test compares one attribute with one value. Attribute, operator and value are
// kept as the row has them; newTest checks them and reads the value.
type Test struct {
	Attribute string // tramo, age, has_disability, …
	Operator  string // < <= > >= = is within not_within
	Value     string // "60", "true", "own", "severa", "RIS-SAP 1095"
	kind      attribute
	number    int64 // the limit, or the days of within
	want      Tri   // what "is true" and "is false" ask for
	code      string
}

// attribute is what a test asks for, in the order of attributeNames.
type attribute uint8

const (
	tramo attribute = iota
	age
	sex
	communeOfResidence
	householdSize
	incomePerHead
	hasDependency
	dependency
	hasDisability
	isPregnant
	isStudent
	isCarer
	hasPension
	pension
	received
	registeredInRSH
	hasRUN
	householdMembers // no test of its own: who lives there is not known
	attributes
)

// value says how an attribute's value is written.
type valueKind uint8

const (
	number valueKind = iota
	boolean
	text
	own  // only the word "own"
	past // a benefit code and a number of days
)

// grammar says, for each attribute, its name, how its value is written and of
// whom it can be asked. A name that is not here does not exist.
var grammar = [attributes]struct {
	name      string
	value     valueKind
	household bool // asked of the household
	member    bool // asked of the person or of any member
}{
	tramo:              {"tramo", number, true, false},
	age:                {"age", number, false, true},
	sex:                {"sex", text, false, true},
	communeOfResidence: {"commune_of_residence", own, true, false},
	householdSize:      {"household_size", number, true, false},
	incomePerHead:      {"income_per_head", number, true, false},
	hasDependency:      {"has_dependency", boolean, false, true},
	dependency:         {"dependency", text, false, true},
	hasDisability:      {"has_disability", boolean, false, true},
	isPregnant:         {"is_pregnant", boolean, false, true},
	isStudent:          {"is_student", boolean, false, true},
	isCarer:            {"is_carer", boolean, false, true},
	hasPension:         {"has_pension", boolean, false, true},
	pension:            {"pension", text, false, true},
	received:           {"received", past, true, true},
	registeredInRSH:    {"registered_in_rsh", boolean, true, false},
	hasRUN:             {"has_run", boolean, true, false},
}

func attributeOf(name string) (attribute, bool) {
	for i := range grammar {
		if grammar[i].name == name && name != "" {
			return attribute(i), true //nolint:gosec // the table is far shorter than 256
		}
	}
	return 0, false
}

// newTest checks one row of a criterion and makes it ready to judge.
func newTest(scope Scope, name, operator, value string) (Test, error) {
	kind, ok := attributeOf(name)
	if !ok {
		return Test{}, fmt.Errorf("unknown attribute %q", name)
	}
	if err := checkScope(kind, scope); err != nil {
		return Test{}, err
	}
	t := Test{Attribute: name, Operator: operator, Value: value, kind: kind}
	return t, t.read()
}

func checkScope(kind attribute, scope Scope) error {
	rule := grammar[kind]
	switch scope {
	case ScopeHousehold:
		if !rule.household {
			return fmt.Errorf("%s is asked of \"person\" or \"any member\"", rule.name)
		}
	case ScopePerson, ScopeAnyMember:
		if !rule.member {
			return fmt.Errorf("%s is asked of the household, without \"person\" or \"any member\"", rule.name)
		}
	default:
		return fmt.Errorf("unknown scope %q", scope)
	}
	return nil
}

// read takes the value apart by what the attribute expects.
func (t *Test) read() error {
	switch grammar[t.kind].value {
	case number:
		return t.readNumber()
	case boolean:
		return t.readBoolean()
	case past:
		return t.readPast()
	case own:
		if t.Operator != "is" || t.Value != "own" {
			return fmt.Errorf("%s only knows \"is own\"", t.Attribute)
		}
		return nil
	default:
		if t.Operator != "is" || t.Value == "" {
			return fmt.Errorf("%s needs \"is\" and a word", t.Attribute)
		}
		return nil
	}
}

func (t *Test) readNumber() error {
	switch t.Operator {
	case "<", "<=", ">", ">=", "=":
	default:
		return fmt.Errorf("%s is compared with < <= > >= =, not %q", t.Attribute, t.Operator)
	}
	n, err := strconv.ParseInt(t.Value, 10, 64)
	if err != nil || n < 0 {
		return fmt.Errorf("%s needs a whole number, not %q", t.Attribute, t.Value)
	}
	if t.kind == tramo && !isTramo(n) {
		return fmt.Errorf("there is no tramo %d", n)
	}
	t.number = n
	return nil
}

// isTramo reports whether the RSH has a bracket that ends at n per cent.
func isTramo(n int64) bool { return n >= 40 && n <= 100 && n%10 == 0 }

func (t *Test) readBoolean() error {
	if t.Operator != "is" {
		return fmt.Errorf("%s needs \"is true\" or \"is false\"", t.Attribute)
	}
	switch t.Value {
	case "true":
		t.want = Yes
	case "false":
		t.want = No
	default:
		return fmt.Errorf("%s is true or false, not %q", t.Attribute, t.Value)
	}
	return nil
}

func (t *Test) readPast() error {
	if t.Operator != "within" && t.Operator != "not_within" {
		return fmt.Errorf("received needs \"within n days\"")
	}
	code, days, _ := strings.Cut(t.Value, " ")
	n, err := strconv.ParseInt(days, 10, 32)
	if code == "" || err != nil || n <= 0 {
		return fmt.Errorf("received needs a benefit code and a number of days, not %q", t.Value)
	}
	t.code, t.number = code, n
	return nil
}
