package catalogue

import (
	"strings"
	"testing"
)

func TestParseCriteria(t *testing.T) {
	tests := []struct{ in, want string }{
		{"", ""},
		{"tramo <= 60", "household tramo <= 60"},
		{"tramo<=60", "household tramo <= 60"},
		{"household tramo <= 60", "household tramo <= 60"},
		{"person age >= 65", "person age >= 65"},
		{"any member age < 18", "any_member age < 18"},
		{"commune_of_residence is own; tramo <= 60", "household commune_of_residence is own; household tramo <= 60"},
		{"registered_in_rsh is false", "household registered_in_rsh is false"},
		{"tramo <= 60; any member (age < 18 or has_disability is true)",
			"household tramo <= 60; any_member age < 18 or has_disability is true"},
		{"any member (age < 18 and is_student is true or is_carer is true)",
			"any_member age < 18 and is_student is true or is_carer is true"},
		{"household_size >= 5; income_per_head < 120000", "household household_size >= 5; household income_per_head < 120000"},
		{"not received RIS-SAP within 1095 days", "household received not_within RIS-SAP 1095"},
		{"person received E101 within 30 days", "person received within E101 30"},
		{"person sex is F; any member dependency is severa; person pension is PGU; any member has_pension is false",
			"person sex is F; any_member dependency is severa; person pension is PGU; any_member has_pension is false"},
	}
	for _, tt := range tests {
		got, err := parseCriteria(tt.in)
		if err != nil {
			t.Errorf("%q: %v", tt.in, err)
			continue
		}
		if text := written(got); text != tt.want {
			t.Errorf("%q read as %q, want %q", tt.in, text, tt.want)
		}
	}
}

func written(list []Criterion) string {
	var parts []string
	for i := range list {
		parts = append(parts, list[i].String())
	}
	return strings.Join(parts, "; ")
}

func TestParseCriteriaRefuses(t *testing.T) {
	tests := []struct{ in, says string }{
		{"tramo <= sixty", "whole number"},
		{"tramo <= 55", "no tramo 55"},
		{"tramo is 60", "compared with"},
		{"tramo <= -40", "whole number"},
		{"tramo <= 60 or 70", "unexpected \"or\""},
		{"wealth <= 60", "unknown attribute \"wealth\""},
		{"householdMembers = 1", "unknown attribute"},
		{"person tramo <= 60", "asked of the household"},
		{"age < 18", "\"person\" or \"any member\""},
		{"any age < 18", "\"any\" needs \"member\""},
		{"any member (age < 18", "missing )"},
		{"any member (age < 18 or)", "unknown attribute \")\""},
		{"any member", "missing"},
		{"is_student is true", "\"person\" or \"any member\""},
		{"any member is_student is yes", "true or false"},
		{"any member is_student < true", "is true"},
		{"commune_of_residence is 05802", "is own"},
		{"person sex = F", "needs \"is\""},
		{"received E101 within days", "days"},
		{"received E101 within 0 days", "number of days"},
		{"not tramo <= 60", "within n days"},
		{"tramo <= 60;", "a test is missing"},
	}
	for _, tt := range tests {
		_, err := parseCriteria(tt.in)
		if err == nil || !strings.Contains(err.Error(), tt.says) {
			t.Errorf("%q: got error %v, want one that says %q", tt.in, err, tt.says)
		}
	}
}

func TestSeedNamesItemAndColumn(t *testing.T) {
	good := map[string]string{"code": "X1", "category": "E", "name": "x", "scope": "municipal"}
	tests := []struct{ column, value, says string }{
		{"criteria", "wealth <= 3", "criteria: "},
		{"form", "motivo:essay", "form: "},
		{"form", "monto:number;monto:text", "form: "},
		{"form", "item:text", "form: "},
		{"form", "note:text", "form: "},
		{"form", "una:choice(solo)", "form: "},
		{"form", "sin tipo", "form: "},
		{"scope", "galactic", "scope: "},
		{"category", "Z", "category: "},
		{"reference_clp", "1.000", "reference_clp: "},
		{"interval_days", "-1", "interval_days: "},
	}
	for _, tt := range tests {
		row := map[string]string{}
		for k, v := range good {
			row[k] = v
		}
		row[tt.column] = tt.value
		if _, err := seedItem(row); err == nil || !strings.HasPrefix(err.Error(), tt.says) {
			t.Errorf("%s=%q: got %v, want an error of the column", tt.column, tt.value, err)
		}
	}
	if _, err := seedItem(good); err != nil {
		t.Errorf("good row: %v", err)
	}
}
