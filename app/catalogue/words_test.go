package catalogue

import (
	"context"
	"net/url"
	"strings"
	"testing"

	"gsl/app/kit/fault"
	"gsl/app/kit/i18n"
	views "gsl/templates/catalogue"
)

// Every criterion of the seed and every attribute of the language, as people read it.
func TestCriteriaInWords(t *testing.T) {
	tests := []struct{ criteria, spanish, english string }{
		{"tramo <= 60", "tramo hasta 60 %", "bracket (tramo) up to 60 %"},
		{"commune_of_residence is own", "reside en la comuna", "lives in the commune"},
		{"registered_in_rsh is true", "hogar registrado en el RSH", "household registered in the RSH"},
		{"registered_in_rsh is false", "hogar sin registro en el RSH", "household not registered in the RSH"},
		{"any member age < 18", "integrante menor de 18 años", "household member under 18 years"},
		{"any member (age < 18 or has_disability is true)", "integrante menor de 18 años o con discapacidad", "household member under 18 years or with a disability"},
		{"any member (age < 18 and is_student is true)", "integrante menor de 18 años y estudiante", "household member under 18 years and who studies"},
		{"person age >= 65", "persona de 65 años o más", "person of 65 years or more"},
		{"any member age <= 3", "integrante hasta 3 años", "household member up to 3 years"},
		{"person age > 17", "persona de más de 17 años", "person of more than 17 years"},
		{"person age = 18", "persona de 18 años", "person of 18 years"},
		{"any member has_dependency is true", "integrante con dependencia", "household member with a dependency"},
		{"any member dependency is severa", "integrante con dependencia severa", "household member with severa dependency"},
		{"any member is_pregnant is true", "integrante embarazada", "household member who is pregnant"},
		{"any member is_student is true", "integrante estudiante", "household member who studies"},
		{"any member is_carer is true", "integrante que cuida a otra persona", "household member who cares for somebody"},
		{"person has_pension is false", "persona sin pensión", "person without a pension"},
		{"person pension is PGU", "persona con pensión PGU", "person with pension PGU"},
		{"person sex is F", "persona de sexo femenino", "person of female sex"},
		{"household_size >= 5", "hogar de 5 personas o más", "household of 5 people or more"},
		{"household_size = 1", "hogar de 1 persona", "household of 1 person"},
		{"income_per_head < 120000", "ingreso por persona menor de $ 120.000", "income per head under $ 120,000"},
		{"received E101 within 30 days", "que recibió E101 en los últimos 30 días", "who received E101 in the last 30 days"},
		{"not received E101 within 30 days", "sin recibir E101 en los últimos 30 días", "without E101 in the last 30 days"},
	}
	es, en := i18n.With(context.Background(), i18n.Spanish), i18n.With(context.Background(), i18n.English)
	for _, tt := range tests {
		c := &single(t, tt.criteria).Criteria[0]
		if got := plain(c.Sentence(es)); got != tt.spanish {
			t.Errorf("%q reads %q, want %q", tt.criteria, got, tt.spanish)
		}
		if got := plain(c.Sentence(en)); got != tt.english {
			t.Errorf("%q reads %q, want %q", tt.criteria, got, tt.english)
		}
	}
}

func plain(s string) string { return strings.ReplaceAll(s, "\u00a0", " ") }

// Every attribute that can be unknown says what would settle it.
func TestEveryDoubtCanBeSettled(t *testing.T) {
	w := newWords(i18n.With(context.Background(), i18n.Spanish))
	for a := range attributes {
		for _, registered := range []Tri{Unknown, No, Yes} {
			text := w.settle(&Facts{Registered: registered}, missing(a))
			if text == "" || strings.HasPrefix(text, "catalogue.") {
				t.Errorf("attribute %d, registered %v: %q", a, registered, text)
			}
		}
	}
	got := w.settle(&Facts{Registered: Yes}, missing(hasDisability)|missing(hasDependency)|missing(dependency))
	if got != "certificado de dependencia o credencial o certificado de discapacidad" {
		t.Errorf("several doubts: %q", got)
	}
}

func TestNamesOfManyMembers(t *testing.T) {
	w := newWords(i18n.With(context.Background(), i18n.Spanish))
	f := &Facts{Members: []Member{{Name: "Ana"}, {Name: "Beto"}, {}, {Name: "Dora"}}}
	for want, members := range map[string][]int{
		"": nil, "Ana": {0}, "Ana, Beto": {0, 1}, "Ana, Beto, integrante sin nombre": {0, 1, 2}, "Ana, Beto y 2 más": {0, 1, 2, 3},
	} {
		if got := w.names(f, members); got != want {
			t.Errorf("%v: %q, want %q", members, got, want)
		}
	}
}

func TestExplain(t *testing.T) {
	f := household()
	f.Members[2].Disability, f.Members[1].Disability = Unknown, No
	it := single(t, "tramo <= 40; person age >= 65; any member has_disability is true; any member age < 18")
	j := it.Judge(f)
	got := Explain(i18n.With(context.Background(), i18n.Spanish), f, &j)
	want := []views.Reason{
		{State: views.Met, Text: "tramo hasta 40 %"},
		{State: views.NotMet, Text: "persona de 65 años o más"},
		{State: views.Doubt, Text: "integrante con discapacidad", Names: "Camila Soto González", Settle: "credencial o certificado de discapacidad"},
		{State: views.Met, Text: "integrante menor de 18 años", Names: "Matías Soto González"},
	}
	for i := range want {
		got[i].Text = plain(got[i].Text)
		if got[i] != want[i] {
			t.Errorf("%+v, want %+v", got[i], want[i])
		}
	}
}

// The form that comes back holds what was typed and names what is wrong.
func TestAddFormComesBack(t *testing.T) {
	it, f := seeded(t).Item("D101"), household()
	f.Received = []Received{{Code: "RIS-SUF", Holder: "26444555-1", On: today, Name: "SUF"}}
	form := url.Values{"causante": {"9876543-3"}, "vinculo": {"vecino"}, "note": {"vino <sola>"}}
	_, wrong := ParseFields(it, form, f.Members)
	wrong = append(wrong, fault.Field{Name: ReasonField, Key: "catalogue.error.required"})
	var b strings.Builder
	if err := AddForm(context.Background(), "F1", it, f, form, wrong).Render(context.Background(), &b); err != nil {
		t.Fatal(err)
	}
	contains(t, b.String(), `id="add-D101"`, " open", `href="#f-D101-vinculo"`, `href="#f-D101-override_reason"`, "Vínculo",
		`<option value="9876543-3" selected>`, "vino &lt;sola&gt;", `aria-invalid="true"`, `action="/files/F1/cart/items"`)
}

// What was just added says so, is closed, and shares no id with the form that was sent.
func TestAddedStartsAnew(t *testing.T) {
	it, f := seeded(t).Item("D101"), household()
	var b strings.Builder
	if err := Added(context.Background(), "F1", it, f).Render(context.Background(), &b); err != nil {
		t.Fatal(err)
	}
	contains(t, b.String(), `id="add-D101"`, "en el carro", "data-focus", `id="f-D101-again-causante"`)
	for _, old := range []string{`id="f-D101-causante"`, "<details id=\"add-D101-again-questions\" open"} {
		if strings.Contains(b.String(), old) {
			t.Errorf("has %s", old)
		}
	}
}
