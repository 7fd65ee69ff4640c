package catalogue

import "testing"

// What the seed says in its language, the form says in rows, and back.
func TestRowsSayEveryCriterion(t *testing.T) {
	for _, scope := range []string{National, Municipal} {
		items, err := seedItems(scope)
		if err != nil {
			t.Fatal(err)
		}
		for _, it := range items {
			back, wrong := ReadRows(RowsOf(it.Criteria))
			if len(wrong) > 0 || written(back) != written(it.Criteria) {
				t.Errorf("%s: %s came back as %s (%v)", it.Code, written(it.Criteria), written(back), wrong)
			}
		}
	}
}

func TestRowsSayOtherLimits(t *testing.T) {
	for typed, want := range map[string]string{
		"tramo < 60": "tramo <= 50", "any member age > 17": "any member age >= 18", "household_size = 4": "(household_size >= 4 and household_size <= 4)",
		"household not received E101 within 120 days": "household not received E101 within 120 days", "person dependency is severa": "person dependency is severa",
		"any member (age = 18 or is_carer is false)": "any member (age >= 18 and age <= 18 or is_carer is false)",
	} {
		list, err := parseCriteria(typed)
		if err != nil {
			t.Fatal(typed, err)
		}
		expected, err := parseCriteria(want)
		if err != nil {
			t.Fatal(want, err)
		}
		back, wrong := ReadRows(RowsOf(list))
		if len(wrong) > 0 || written(back) != written(expected) {
			t.Errorf("%s came back as %s (%v), want %s", typed, written(back), wrong, written(expected))
		}
	}
}
