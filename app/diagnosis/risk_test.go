package diagnosis

import (
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"gsl/app/kit/calendar"
	"gsl/app/screening"
	"gsl/tenants"
	"gsl/tenants/tenantstest"
)

// judged is a diagnosis with levels by dimension: "family critical, housing at_risk".
func judged(levels string) *Diagnosis {
	d := &Diagnosis{}
	for _, of := range append(Dimensions(), Whole) {
		d.Parts = append(d.Parts, Part{Dimension: of})
	}
	for word := range strings.SplitSeq(levels, ",") {
		of, level, _ := strings.Cut(strings.TrimSpace(word), " ")
		d.Part(Dimension(of)).Level = Level(level)
	}
	return d
}

// asMade are the rules of a municipality as it begins, read from its real file.
func asMade(t *testing.T) (rules []Rule) {
	t.Helper()
	m := tenantstest.Municipality(t, tenantstest.New(t), "05802")
	if err := m.View(t.Context(), func(tx *tenants.Tx) (err error) { rules, err = rulesOf(tx); return err }); err != nil {
		t.Fatal(err)
	}
	return rules
}

func TestTheRulesOfRisk(t *testing.T) {
	rules := asMade(t)
	for _, test := range []struct {
		levels  string
		marks   []Mark
		risk    Risk
		rule    int
		because string
	}{
		{"", nil, LowRisk, 0, ""},
		{"family adequate, income adequate, networks adequate", []Mark{Minors, Dependency, OlderAlone}, LowRisk, 0, ""},
		{"income at_risk", nil, LowRisk, 0, ""},
		{"income at_risk, housing at_risk", nil, MediumRisk, 100, "income housing"},
		{"family at_risk", []Mark{Minors}, MediumRisk, 90, "family"},
		{"family at_risk", []Mark{Pregnancy}, LowRisk, 0, ""},
		{"housing critical", nil, MediumRisk, 80, "housing"},
		{"income at_risk, housing at_risk, education at_risk, networks at_risk", nil, HighRisk, 70, "income housing education networks"},
		{"networks at_risk", []Mark{OlderAlone}, HighRisk, 60, "networks"},
		{"networks critical", []Mark{OlderAlone}, HighRisk, 60, "networks"},
		{"housing at_risk", []Mark{OlderAlone}, LowRisk, 0, ""},
		{"health critical", nil, HighRisk, 50, "health"},
		{"income critical, housing critical", nil, HighRisk, 40, "income housing"},
		{"income critical, housing critical, education critical", nil, CriticalRisk, 30, "income housing education"},
		{"care critical", []Mark{Dependency}, CriticalRisk, 20, "care"},
		{"care critical", nil, HighRisk, 50, "care"},
		{"family critical, health critical", []Mark{Minors}, CriticalRisk, 10, "family"},
	} {
		v := judge(rules, judged(test.levels), test.marks)
		position, because := 0, ""
		if v.Rule != nil {
			position = v.Rule.Position
		}
		for _, of := range v.Because {
			because = strings.TrimSpace(because + " " + string(of))
		}
		if v.Risk != test.risk || position != test.rule || because != test.because {
			t.Errorf("%q %v: %s by rule %d because of %q; want %s by %d because of %q", test.levels, test.marks, v.Risk, position, because, test.risk, test.rule, test.because)
		}
	}
}

// A worse level never makes the risk less.
func TestAWorseLevelIsNeverLessRisk(t *testing.T) {
	rules := asMade(t)
	rng := rand.New(rand.NewPCG(1, 2))
	all := append([]Level{Unassessed}, Levels()...)
	for range 3000 {
		d := judged("")
		for _, of := range Dimensions() {
			d.Part(of).Level = all[rng.IntN(len(all))]
		}
		marks := slices.DeleteFunc(Marks(), func(Mark) bool { return rng.IntN(2) == 0 })
		before := judge(rules, d, marks).Risk
		of := Dimensions()[rng.IntN(7)]
		was := d.Part(of).Level
		d.Part(of).Level = all[min(was.rank()+1, 3)]
		if after := judge(rules, d, marks).Risk; slices.Index(Risks(), after) < slices.Index(Risks(), before) {
			t.Fatalf("%s from %q to %q: risk from %s to %s", of, was, d.Part(of).Level, before, after)
		}
	}
}

// The worker's own risk counts; the rules' stays beside it.
func TestTheWorkersOwnRiskCounts(t *testing.T) {
	d := judged("income at_risk, whole critical")
	v := judge(nil, d, nil)
	if v.Risk != LowRisk || d.counts(v) != CriticalRisk {
		t.Errorf("the rules say %s, and %s counts", v.Risk, d.counts(v))
	}
	if wrong := d.complete(v); len(wrong) != 1 || wrong[0].Name != "note[whole]" {
		t.Errorf("another risk without a reason is refused by %v", wrong)
	}
	d.Part(Whole).Note = "contó de golpes"
	if wrong := d.complete(v); len(wrong) != 0 {
		t.Errorf("refused by %v", wrong)
	}
}

func TestWhatKeepsADiagnosisFromBeingFinished(t *testing.T) {
	for _, test := range []struct{ levels, note, want string }{
		{"", "", "level[family]"},
		{"housing adequate", "", ""},
		{"housing critical", "", "note[housing]"},
		{"housing critical", "se llueve", ""},
	} {
		d := judged(test.levels)
		d.Part(Housing).Note = test.note
		var names []string
		for _, w := range d.complete(judge(nil, d, nil)) {
			names = append(names, w.Name)
		}
		if got := strings.Join(names, " "); got != test.want {
			t.Errorf("%q with %q: %q, want %q", test.levels, test.note, got, test.want)
		}
	}
}

func TestHowLevelsChange(t *testing.T) {
	for _, test := range []struct {
		was, now Level
		want     Change
	}{
		{Critical, AtRisk, Better}, {Critical, Adequate, Better}, {AtRisk, AtRisk, Same}, {Adequate, Critical, Worse},
		{Unassessed, Critical, Unknown}, {Critical, Unassessed, Unknown}, {Unassessed, Unassessed, Unknown},
	} {
		if got := ChangeOf(test.was, test.now); got != test.want {
			t.Errorf("%q → %q is %d, want %d", test.was, test.now, got, test.want)
		}
	}
}

func date(t *testing.T, text string) calendar.Date {
	t.Helper()
	d, err := calendar.Parse(text)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

// household is what the registries have of three people, one of them a child.
func household(t *testing.T) *screening.Screening {
	t.Helper()
	return &screening.Screening{Standing: screening.Fresh, Today: date(t, "2026-11-22"), Household: screening.Household{
		Tramo: 40, Income: 412_300, DwellingType: "Casa", Tenure: "Allegados", Water: "Red pública", Rooms: 1,
		Members: []screening.Member{
			{GivenNames: "María Eugenia", Relationship: "jefe/a de hogar", BirthDate: date(t, "1972-03-01"), Occupation: "Vendedora", HealthInsurance: "FONASA B", Education: "Media completa", Carer: true},
			{GivenNames: "Matías", Relationship: "nieto/a", BirthDate: date(t, "2019-05-01"), HealthInsurance: "FONASA A", Education: "Básica incompleta", Disability: true},
			{GivenNames: "Luis", Relationship: "cónyuge", BirthDate: date(t, "1950-05-01"), Dependency: "severa", Pension: "PGU"},
		}},
		Received: []screening.Received{{Name: "Canasta de alimentos", On: date(t, "2026-08-14")}, {Name: "Canasta de alimentos", On: date(t, "2026-06-14")}, {Name: "Bono antiguo", On: date(t, "2020-01-01")}}}
}

func TestWhatIsKnownBeforeAskingAnything(t *testing.T) {
	sc := household(t)
	for of, want := range map[Dimension]string{
		Family:    "Hogar de 3 personas: María (jefe/a de hogar, 54), Matías (nieto/a, 7), Luis (cónyuge, 76).",
		Income:    "Ingreso del hogar $ 412.300 al mes, $ 137.433 por persona. Tramo CSE 40 %. Trabajo: María (vendedora). Pensiones: Luis (PGU). Recibió en los últimos doce meses: Canasta de alimentos.",
		Housing:   "Vivienda: casa, allegados. 3 personas en 1 dormitorio. Hacinamiento: 3,0 personas por dormitorio. Agua: red pública.",
		Health:    "Previsión: María (FONASA B), Matías (FONASA A). Con discapacidad: Matías.",
		Education: "Escolaridad: María (media completa), Matías (básica incompleta). En edad escolar sin estudiar, según el registro: Matías (7).",
		Care:      "Con dependencia: Luis (severa). Cuida: María.",
	} {
		if got := strings.ReplaceAll(known(sc)[of], "\u00a0", " "); got != want {
			t.Errorf("%s:\n%q, want\n%q", of, got, want)
		}
	}
	if got := marksOf(sc); !slices.Equal(got, []Mark{Minors, Dependency, Disability, Crowding}) {
		t.Errorf("the rules know %v", got)
	}
	alone := &screening.Screening{Standing: screening.Kept, Today: sc.Today, Household: screening.Household{Members: sc.Household.Members[2:]}}
	if got := marksOf(alone); !slices.Contains(got, OlderAlone) || slices.Contains(got, Crowding) {
		t.Errorf("of somebody of 76 who lives alone in we do not know how many rooms: %v", got)
	}
	for _, nothing := range []*screening.Screening{nil, {Standing: screening.NotRegistered}, {Standing: screening.NoRUN}, {Standing: screening.Silent, Down: true}} {
		if len(marksOf(nothing)) != 0 || known(nothing)[Family] != "" {
			t.Errorf("of nobody known: %v, %v", marksOf(nothing), known(nothing))
		}
	}
}
