package catalogue

import (
	"slices"
	"testing"
)

func codes(list []Suggestion) []string {
	var all []string
	for _, s := range list {
		all = append(all, s.Item.Code)
	}
	return all
}

// Everything suggested has criteria, all met; nothing received or recent; no
// item of A, B or C; no aid twice.
func TestSuggestKeepsItsPromises(t *testing.T) {
	c := seeded(t)
	for _, f := range []*Facts{household(), largeHousehold(), stranger(), {}} {
		for _, s := range c.Suggest(f, 0) {
			j := s.Item.Judge(f)
			if !j.Eligible || j.NeedsReason || j.Twin != nil || len(s.Item.Criteria) == 0 {
				t.Errorf("%s was suggested: %+v", s.Item.Code, j)
			}
			if s.Item.Category < Referral {
				t.Errorf("%s is no aid", s.Item.Code)
			}
			if s.Item.Category == CashGrant && s.Item.Twin() != nil {
				t.Errorf("%s stands beside the same aid in kind", s.Item.Code)
			}
		}
	}
}

// Nothing whose criteria are all met is left out, but for the promises above.
func TestSuggestLeavesNothingOut(t *testing.T) {
	c, f := seeded(t), household()
	got := codes(c.Suggest(f, 0))
	for i, j := range c.Judge(f) {
		it := c.Items[i]
		if it.Category < Referral || it.Category == CashGrant || len(it.Criteria) == 0 {
			continue
		}
		if slices.Contains(got, it.Code) != j.Eligible {
			t.Errorf("%s: eligible %v, suggested %v", it.Code, j.Eligible, !j.Eligible)
		}
	}
}

func TestSuggestOrder(t *testing.T) {
	got := codes(seeded(t).Suggest(household(), 10))
	want := []string{
		"D103", "D101", "D102", // national subsidies: three criteria, then two, child or disability before tramo alone
		"D212", // dependency and tramo
		"E203", // dependency, every month
		"E803", // pregnancy, once a year
		"E205", // disability, once in two years, the second of health
		"D205", // disability, nothing to be had but the office's help
		"E101", // commune and tramo
		"E504", // students, every month
	}
	if !slices.Equal(got, want) {
		t.Errorf("suggested %v, want %v", got, want)
	}
}

// A household of which only the tramo speaks hears of everyday help first, and
// of an emergency house and of funerals last.
func TestSuggestEverydayHelpFirst(t *testing.T) {
	f := &Facts{Today: today, Registered: Yes, OwnCommune: Yes, Tramo: 40, Members: []Member{{
		Holder: "1-9", BirthDate: day("1980-01-01"), Disability: No, Pregnant: No, Carer: No, Student: No, DependencyKnown: true, PensionKnown: true}}}
	got := codes(seeded(t).Suggest(f, 0))
	want := []string{"D102", "E101", "D211", "E102", "E403"}
	if !slices.Equal(got[:5], want) {
		t.Errorf("first %v, want %v", got[:5], want)
	}
	place := func(code string) int { return slices.Index(got, code) }
	for _, everyday := range []string{"E201", "E304", "E701", "E802"} {
		for _, rare := range []string{"E302", "E601", "E603"} {
			if place(everyday) > place(rare) {
				t.Errorf("%s stands behind %s in %v", everyday, rare, got)
			}
		}
	}
}

func TestSuggestKnowsWhatWasReceived(t *testing.T) {
	f := household()
	f.Received = []Received{
		{Code: "RIS-SUF", Holder: "26444555-1", On: day("2024-10-31")},
		{Code: "RIS-SAP", Holder: "12345678-5", On: day("2023-01-01")}, // over three years ago
		{Code: "E101", Holder: "9876543-3", On: today.AddDays(-99)},
		{Code: "F205", Holder: "9876543-3", On: today.AddDays(-99)}, // in money
		{Code: "E203", Holder: "9876543-3", On: today.AddDays(-30)}, // over
	}
	got := codes(seeded(t).Suggest(f, 0))
	for code, want := range map[string]bool{"D101": false, "D102": true, "E101": false, "F101": false, "E205": false, "F205": false, "E203": true} {
		if slices.Contains(got, code) != want {
			t.Errorf("%s suggested: %v, want %v", code, !want, want)
		}
	}
}

func TestSuggestSkipsWhatIsNotAvailable(t *testing.T) {
	c := seeded(t)
	c.Item("E101").Unavailable = true
	got := c.Suggest(household(), 0)
	if slices.Contains(codes(got), "E101") || !slices.Contains(codes(got), "F101") {
		t.Errorf("suggested %v, want the food basket in money only", codes(got))
	}
}

func TestSuggestNamesTheTwin(t *testing.T) {
	for _, s := range seeded(t).Suggest(household(), 0) {
		if s.Item.Category == InKind && (s.InMoney == nil || s.InMoney.Category != CashGrant) {
			t.Errorf("%s: also in money %v", s.Item.Code, s.InMoney)
		}
	}
}

func TestFilterFindsWithoutAccents(t *testing.T) {
	c := seeded(t)
	tests := []struct {
		typed  string
		inside bool
		want   []string
	}{
		{"panales", false, []string{"E203", "F203"}},
		{"PAÑALES", false, []string{"E203", "F203"}},
		{"  insumos   pañal ", false, []string{"E203", "F203"}},
		{"mediagua", false, []string{"E302", "F302"}},
		{"d101", false, []string{"D101"}},
		{"ley 20.255", false, []string{"D103"}},
		{"suf", false, []string{"D101"}},
		{"agua", false, []string{"D102", "E401", "F401"}},
		{"iagua", false, nil},
		{"iagua", true, []string{"E302", "F302"}},
		{"nada de esto", true, nil},
	}
	for _, tt := range tests {
		var got []string
		for _, it := range c.Items {
			if it.matches(filterWords(tt.typed), tt.inside) {
				got = append(got, it.Code)
			}
		}
		if !slices.Equal(got, tt.want) {
			t.Errorf("%q finds %v, want %v", tt.typed, got, tt.want)
		}
	}
}
