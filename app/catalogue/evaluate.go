package catalogue

import "strings"

// Missing is the set of attributes whose value would settle an unknown result.
type Missing uint32

func missing(a attribute) Missing { return 1 << a }

// has reports whether the attribute is in the set.
func (s Missing) has(a attribute) bool { return s&missing(a) != 0 }

// Result is what became of one criterion, with what a person needs to believe it.
type Result struct {
	Criterion *Criterion
	Outcome   Tri // Yes met, No not met, Unknown
	// Members are indexes into Facts.Members, only for any_member: who meets
	// the criterion, or whose data is missing when it is unknown.
	Members []int
	Missing Missing // what would settle it, when unknown
}

// judge answers the criterion and appends to who the members it names.
func (c *Criterion) judge(f *Facts, who []int) (Result, []int) {
	r := Result{Criterion: c, Outcome: No}
	switch c.Scope {
	case ScopeAnyMember:
		return c.anyMember(f, who)
	case ScopePerson:
		r.Outcome, r.Missing = c.of(f, f.person())
	default:
		r.Outcome, r.Missing = c.of(f, nil)
	}
	return r, who
}

// anyMember looks for one member who meets the criterion alone. When nobody
// does, those whose data is missing leave it unknown; so does a household of
// which the registry has not told who lives in it.
func (c *Criterion) anyMember(f *Facts, who []int) (Result, []int) {
	r := Result{Criterion: c, Outcome: No}
	start := len(who)
	for i := range f.Members {
		outcome, lacks := c.of(f, &f.Members[i])
		switch {
		case outcome == Yes && r.Outcome != Yes: // the first one: the doubtful ones no longer matter
			r.Outcome, r.Missing, who = Yes, 0, append(who[:start], i)
		case outcome == Yes:
			who = append(who, i)
		case outcome == Unknown && r.Outcome != Yes:
			r.Outcome = Unknown
			r.Missing |= lacks
			who = append(who, i)
		}
	}
	if r.Outcome == No && f.Registered != Yes {
		r.Outcome, r.Missing = Unknown, missing(householdMembers)
	}
	r.Members = who[start:len(who):len(who)]
	return r, who
}

// of asks one subject: a member, or nil for the household.
func (c *Criterion) of(f *Facts, m *Member) (Tri, Missing) {
	outcome, lacks := No, Missing(0)
	for _, tests := range c.Alternatives {
		one, oneLacks := allOf(tests, f, m)
		outcome = outcome.or(one)
		lacks |= oneLacks
	}
	if outcome != Unknown {
		lacks = 0
	}
	return outcome, lacks
}

// allOf asks the tests of one alternative; what is missing only counts while no
// other test says no.
func allOf(tests []Test, f *Facts, m *Member) (Tri, Missing) {
	outcome, lacks := Yes, Missing(0)
	for i := range tests {
		t := &tests[i]
		answer := t.of(f, m)
		if answer == Unknown {
			lacks |= missing(t.kind)
		}
		outcome = outcome.and(answer)
	}
	if outcome != Unknown {
		lacks = 0
	}
	return outcome, lacks
}

// of answers one test.
func (t *Test) of(f *Facts, m *Member) Tri {
	switch grammar[t.kind].value {
	case number:
		n, known := t.value(f, m)
		if !known {
			return Unknown
		}
		return TriOf(t.holds(n))
	case boolean:
		answer := t.answer(f, m)
		if t.want == No {
			return answer.not()
		}
		return answer
	case past:
		return t.received(f, m)
	case own:
		return f.OwnCommune
	default:
		return t.word(m)
	}
}

// value gives the number a test compares, and whether it is known.
func (t *Test) value(f *Facts, m *Member) (int64, bool) {
	switch t.kind {
	case tramo:
		return int64(f.Tramo), f.Tramo > 0
	case age:
		return int64(m.BirthDate.AgeOn(f.Today)), !m.BirthDate.IsZero()
	case householdSize:
		return int64(len(f.Members)), f.Registered == Yes
	case incomePerHead:
		if !f.IncomeKnown || f.Registered != Yes || len(f.Members) == 0 {
			return 0, false
		}
		return f.Income / int64(len(f.Members)), true
	}
	return 0, false
}

func (t *Test) holds(n int64) bool {
	switch t.Operator {
	case "<":
		return n < t.number
	case "<=":
		return n <= t.number
	case ">":
		return n > t.number
	case ">=":
		return n >= t.number
	default:
		return n == t.number
	}
}

// answer gives the yes or no that a test asks about.
func (t *Test) answer(f *Facts, m *Member) Tri {
	switch t.kind {
	case registeredInRSH:
		return f.Registered
	case hasRUN:
		return TriOf(!f.NoRUN)
	case hasDisability:
		return m.Disability
	case isPregnant:
		return m.Pregnant
	case isStudent:
		return m.Student
	case isCarer:
		return m.Carer
	case hasDependency:
		return present(m.Dependency, m.DependencyKnown)
	case hasPension:
		return present(m.Pension, m.PensionKnown)
	}
	return Unknown
}

// present says whether a registry's word is there; a blank one only says no
// when the registry was heard.
func present(word string, known bool) Tri {
	if word != "" {
		return Yes
	}
	if known {
		return No
	}
	return Unknown
}

// word compares what a registry wrote with the value, without case.
func (t *Test) word(m *Member) Tri {
	word, known := m.Sex, m.Sex != ""
	switch t.kind {
	case dependency:
		word, known = m.Dependency, m.DependencyKnown || m.Dependency != ""
	case pension:
		word, known = m.Pension, m.PensionKnown || m.Pension != ""
	}
	if !known {
		return Unknown
	}
	return TriOf(strings.EqualFold(word, t.Value))
}

// received looks for a benefit among those of the member, or of anyone when m
// is nil. Not finding it settles nothing while the registries did not answer.
func (t *Test) received(f *Facts, m *Member) Tri {
	found := No
	if f.Registered == Unknown {
		found = Unknown
	}
	for i := range f.Received {
		r := &f.Received[i]
		if r.Code == t.code && (m == nil || r.Holder == m.Holder) && f.within(r, int(t.number)) {
			found = Yes
			break
		}
	}
	if t.Operator == "not_within" {
		return found.not()
	}
	return found
}
