package catalogue

import (
	"fmt"
	"slices"
	"testing"
)

// Every criterion of the seed catalogue, for a family, for a person of whom
// nothing is known, and for a household that has the opposite of everything.
func TestEveryCriterionOfTheSeed(t *testing.T) {
	opposite := &Facts{Today: today, Registered: Yes, OwnCommune: No, Tramo: 100, Members: []Member{{
		Holder: "1-9", BirthDate: day("1990-01-01"), Disability: No, Pregnant: No, Carer: No, Student: No,
		DependencyKnown: true, PensionKnown: true,
	}}}
	want := map[string][3]Tri{ // family, unknown, opposite
		"household registered_in_rsh is true":           {Yes, Unknown, Yes},
		"household registered_in_rsh is false":          {No, Unknown, No},
		"household tramo <= 40":                         {Yes, Unknown, No},
		"household tramo <= 60":                         {Yes, Unknown, No},
		"household tramo <= 70":                         {Yes, Unknown, No},
		"household commune_of_residence is own":         {Yes, Unknown, No},
		"any_member age < 18 or has_disability is true": {Yes, Unknown, No},
		"any_member age < 18":                           {Yes, Unknown, No},
		"any_member age < 9":                            {Yes, Unknown, No},
		"any_member has_disability is true":             {Yes, Unknown, No},
		"any_member has_dependency is true":             {Yes, Unknown, No},
		"any_member is_student is true":                 {Yes, Unknown, No},
		"any_member is_pregnant is true":                {Yes, Unknown, No},
		"person age >= 65":                              {No, Yes, No},
		"person age >= 60":                              {No, Yes, No},
	}
	households := []*Facts{household(), stranger(), opposite}
	seen := map[string]bool{}
	for _, it := range seeded(t).Items {
		for i := range it.Criteria {
			c := &it.Criteria[i]
			text := c.String()
			expected, ok := want[text]
			if !ok {
				t.Fatalf("%s: the table has no line for %q", it.Code, text)
			}
			seen[text] = true
			for k, f := range households {
				if r, _ := c.judge(f, nil); r.Outcome != expected[k] {
					t.Errorf("%s, household %d: %q is %v, want %v", it.Code, k, text, r.Outcome, expected[k])
				}
			}
		}
	}
	for text := range want {
		if !seen[text] {
			t.Errorf("no item has %q", text)
		}
	}
}

func TestThreeValues(t *testing.T) {
	unknownHusband := household()
	unknownHusband.Members[1].Disability = Unknown
	noChild := household()
	noChild.Members = noChild.Members[:3]
	noChild.Members[1].Disability = Unknown
	alone := household()
	alone.Members, alone.Registered = alone.Members[:1], No
	nobodyTold := household()
	nobodyTold.Members, nobodyTold.Registered = nobodyTold.Members[:1], Unknown

	tests := []struct {
		name     string
		criteria string
		f        *Facts
		want     Tri
		who      []int
		missing  Missing
	}{
		{"any: one who meets it is enough", "any member has_disability is true", household(), Yes, []int{1}, 0},
		{"any: nobody", "any member is_carer is false", &Facts{Registered: Yes, Members: []Member{{Carer: Yes}}}, No, nil, 0},
		{"any: all who meet it are named", "any member is_student is true", household(), Yes, []int{2, 3}, 0},
		{"any: a doubt does not hide one who meets it", "any member (age < 18 or has_disability is true)", unknownHusband, Yes, []int{3}, 0},
		{"any: a doubt about one member", "any member (age < 18 or has_disability is true)", noChild, Unknown, []int{1}, missing(hasDisability)},
		{"any: in no registry, who lives there is not known", "any member age < 18", alone, Unknown, nil, missing(householdMembers)},
		{"any: registry silent", "any member age < 18", nobodyTold, Unknown, nil, missing(householdMembers)},
		{"any: met by the person, whoever else lives there", "any member is_carer is true", alone, Yes, []int{0}, 0},
		{"same member: a child who studies", "any member (age < 18 and is_student is true)", household(), Yes, []int{3}, 0},
		{"same member: child and pregnant are two people", "any member (age < 18 and is_pregnant is true)", household(), No, nil, 0},
		{"two criteria: child and pregnant may be two people", "any member age < 18; any member is_pregnant is true", household(), Yes, nil, 0},
		{"and: a no settles what is unknown", "any member (age < 9 and has_disability is true)", noChild, No, nil, 0},
		{"and binds tighter than or", "any member (is_pregnant is true and sex is M or age < 9)", household(), Yes, []int{3}, 0},
		{"person only", "person has_disability is true", household(), No, nil, 0},
		{"person: false of a no is met", "person has_disability is false", household(), Yes, nil, 0},
		{"false of an unknown is unknown", "person has_disability is false", stranger(), Unknown, nil, missing(hasDisability)},
		{"age on the birthday", "person age >= 54", &Facts{Today: day("2026-03-02"), Members: []Member{{BirthDate: day("1972-03-02")}}}, Yes, nil, 0},
		{"age on the day before", "person age >= 54", &Facts{Today: day("2026-03-01"), Members: []Member{{BirthDate: day("1972-03-02")}}}, No, nil, 0},
		{"age not known", "person age >= 54", &Facts{Today: today, Members: []Member{{}}}, Unknown, nil, missing(age)},
		{"tramo at the limit", "tramo <= 40", household(), Yes, nil, 0},
		{"tramo not known", "tramo <= 40", stranger(), Unknown, nil, missing(tramo)},
		{"size", "household_size = 4", household(), Yes, nil, 0},
		{"size not known", "household_size >= 1", alone, Unknown, nil, missing(householdSize)},
		{"income per head", "income_per_head <= 103075", household(), Yes, nil, 0},
		{"income per head over", "income_per_head < 103075", household(), No, nil, 0},
		{"income not known", "income_per_head > 1", stranger(), Unknown, nil, missing(incomePerHead)},
		{"dependency by word", "any member dependency is Moderada", household(), Yes, []int{1}, 0},
		{"dependency by another word", "any member dependency is severa", household(), No, nil, 0},
		{"pension by word", "person pension is PGU", household(), No, nil, 0},
		{"pension of any", "any member has_pension is true", household(), Yes, []int{1}, 0},
		{"sex not known", "person sex is F", stranger(), Unknown, nil, missing(sex)},
		{"commune not known", "commune_of_residence is own", stranger(), Unknown, nil, missing(communeOfResidence)},
		{"unknown or yes", "any member (has_disability is true or age >= 60)", stranger(), Yes, []int{0}, 0},
	}
	for _, tt := range tests {
		it := single(t, tt.criteria)
		j := it.Judge(tt.f)
		got := Yes
		for _, r := range j.Results {
			got = got.and(r.Outcome)
		}
		if got != tt.want || j.Eligible != (tt.want == Yes) {
			t.Errorf("%s: %q is %v (eligible %v), want %v", tt.name, tt.criteria, got, j.Eligible, tt.want)
			continue
		}
		if len(it.Criteria) > 1 {
			continue
		}
		r := j.Results[0]
		if !slices.Equal(r.Members, tt.who) && len(r.Members)+len(tt.who) > 0 {
			t.Errorf("%s: names %v, want %v", tt.name, r.Members, tt.who)
		}
		if r.Missing != tt.missing {
			t.Errorf("%s: missing %v, want %v", tt.name, r.Missing, tt.missing)
		}
		if j.NeedsReason != (tt.want == No) {
			t.Errorf("%s: needs a reason %v: only what is not met does", tt.name, j.NeedsReason)
		}
	}
}

func TestReceivedCriterion(t *testing.T) {
	const spouse, person = "9876543-3", "12345678-5"
	tests := []struct {
		criteria string
		received []Received
		want     Tri
	}{
		{"received E101 within 30 days", nil, No},
		{"received E101 within 30 days", []Received{{Code: "E101", Holder: spouse, On: today.AddDays(-29)}}, Yes},
		{"received E101 within 30 days", []Received{{Code: "E101", Holder: spouse, On: today.AddDays(-30)}}, No},
		{"person received E101 within 30 days", []Received{{Code: "E101", Holder: spouse, On: today}}, No},
		{"person received E101 within 30 days", []Received{{Code: "E101", Holder: person, On: today}}, Yes},
		{"not received E101 within 30 days", []Received{{Code: "E101", Holder: person, On: today}}, No},
		{"not received E101 within 30 days", []Received{{Code: "E102", Holder: person, On: today}}, Yes},
	}
	for _, tt := range tests {
		f := household()
		f.Received = tt.received
		if r := single(t, tt.criteria).Judge(f).Results[0]; r.Outcome != tt.want {
			t.Errorf("%q with %v is %v, want %v", tt.criteria, tt.received, r.Outcome, tt.want)
		}
		f.Registered, f.Received = Unknown, nil
		if r := single(t, tt.criteria).Judge(f).Results[0]; r.Outcome != Unknown {
			t.Errorf("%q while the registries are silent is %v, want unknown", tt.criteria, r.Outcome)
		}
	}
}

func TestReceivedAndRecent(t *testing.T) {
	const spouse, person = "9876543-3", "12345678-5"
	got := func(code, holder string, ago int) Received {
		return Received{Code: code, Holder: holder, On: today.AddDays(-ago), Name: code}
	}
	tests := []struct {
		name     string
		item     string
		received []Received
		recent   string // "code holder", "" none
		twin     string
		inPay    string
		reason   bool
	}{
		{"nothing received", "E101", nil, "", "", "", false},
		{"interval: one day before its end", "E101", []Received{got("E101", spouse, 119)}, "E101 " + spouse, "", "", true},
		{"interval: over", "E101", []Received{got("E101", spouse, 120)}, "", "", "", false},
		{"interval: the newest counts", "E101", []Received{got("E101", spouse, 300), got("E101", person, 10), got("E101", spouse, 90)}, "E101 " + person, "", "", true},
		{"interval: another item", "E101", []Received{got("E102", person, 1)}, "", "", "", false},
		{"interval of zero is none", "E601", []Received{got("E601", person, 1)}, "", "", "", false},
		{"no interval", "E804", []Received{got("E804", person, 1)}, "", "", "", false},
		{"the same aid in money: a warning, no reason asked", "E101", []Received{got("F101", person, 5)}, "", "F101 " + person, "", false},
		{"the same aid in kind, long ago", "F101", []Received{got("E101", person, 121)}, "", "", "", false},
		{"national, no interval: any date is in payment", "D101", []Received{got("RIS-SUF", spouse, 2000)}, "", "", "RIS-SUF " + spouse, true},
		{"national with interval: within", "D102", []Received{got("RIS-SAP", spouse, 1094)}, "", "", "RIS-SAP " + spouse, true},
		{"national with interval: over", "D102", []Received{got("RIS-SAP", spouse, 1095)}, "", "", "", false},
		{"national, criteria of the person: another's is not theirs", "D104", []Received{got("RIS-PGU", spouse, 3)}, "", "", "", true}, // 54 years: not met
		{"national, criteria of the person: their own", "D104", []Received{got("RIS-PGU", spouse, 3), got("RIS-PGU", person, 40)}, "", "", "RIS-PGU " + person, true},
		{"a national benefit without an item", "D101", []Received{got("RIS-ELE", person, 3)}, "", "", "", false},
	}
	c := seeded(t)
	for _, tt := range tests {
		f := household()
		f.Received = tt.received
		it := c.Item(tt.item)
		j := it.Judge(f)
		if r, tw, p := said(j.Recent), said(j.Twin), said(j.Received); r != tt.recent || tw != tt.twin || p != tt.inPay {
			t.Errorf("%s: recent %q, twin %q, received %q; want %q, %q, %q", tt.name, r, tw, p, tt.recent, tt.twin, tt.inPay)
		}
		if j.NeedsReason != tt.reason {
			t.Errorf("%s: needs a reason: %v, want %v", tt.name, j.NeedsReason, tt.reason)
		}
	}
}

func said(r *Received) string {
	if r == nil {
		return ""
	}
	return r.Code + " " + r.Holder
}

func TestUnavailableNeedsReason(t *testing.T) {
	it := single(t, "tramo <= 60")
	it.Unavailable = true
	if j := it.Judge(household()); !j.Eligible || !j.NeedsReason {
		t.Errorf("an item that is not available: %+v, want eligible and a reason", j)
	}
}

// Judging one by one and all at once must say the same.
func TestJudgeAllAgrees(t *testing.T) {
	c := seeded(t)
	f := household()
	f.Received = []Received{{Code: "E101", Holder: "9876543-3", On: today.AddDays(-99)}, {Code: "RIS-SUF", Holder: "26444555-1", On: day("2026-10-31")}}
	for _, facts := range []*Facts{f, stranger(), {}} {
		all := c.Judge(facts)
		for i, it := range c.Items {
			if one := it.Judge(facts); !same(one, all[i]) {
				t.Errorf("%s: alone %+v, together %+v", it.Code, one, all[i])
			}
		}
	}
}

func same(a, b Judgement) bool {
	equal := len(a.Results) == len(b.Results) && a.Eligible == b.Eligible && a.NeedsReason == b.NeedsReason &&
		a.Recent == b.Recent && a.Received == b.Received && a.Twin == b.Twin
	for i := 0; equal && i < len(a.Results); i++ {
		x, y := a.Results[i], b.Results[i]
		equal = x.Outcome == y.Outcome && x.Missing == y.Missing && slices.Equal(x.Members, y.Members) &&
			x.Criterion.String() == y.Criterion.String()
	}
	return equal
}

// largeHousehold is fifteen people with a year of aid.
func largeHousehold() *Facts {
	f := household()
	for i := range 11 {
		m := f.Members[i%4]
		m.Holder = fmt.Sprintf("%d-0", 30000000+i)
		m.BirthDate = day("1980-01-01").AddDays(i * 900)
		m.Student, m.Disability, m.Dependency, m.Pregnant = TriOf(i%3 == 0), TriOf(i%5 == 0), "", No
		f.Members = append(f.Members, m)
	}
	for i := range 60 {
		f.Received = append(f.Received, Received{Code: fmt.Sprintf("E%d0%d", i%7+1, i%4+1), Holder: f.Members[i%15].Holder, On: today.AddDays(-i * 11)})
	}
	return f
}

func TestJudgingStaysCheap(t *testing.T) {
	c, f := seeded(t), largeHousehold()
	if allocations := testing.AllocsPerRun(20, func() { c.Judge(f) }); allocations > 12 {
		t.Errorf("judging %d items made %.0f allocations, want at most 12", len(c.Items), allocations)
	}
}

func BenchmarkJudge(b *testing.B) {
	c, f := seeded(b), largeHousehold()
	b.ReportMetric(float64(len(c.Items)), "items")
	b.ReportAllocs()
	for b.Loop() {
		c.Judge(f)
	}
}

func BenchmarkSuggest(b *testing.B) {
	c, f := seeded(b), largeHousehold()
	b.ReportAllocs()
	for b.Loop() {
		c.Suggest(f, 8)
	}
}
