package sheet

import (
	"slices"
	"testing"

	"gsl/app/kit/fault"
)

var people = []Column{
	{Name: "run", Aliases: []string{"rut", "rol único"}, Required: true},
	{Name: "birth_date", Aliases: []string{"fecha de nacimiento", "nacimiento"}, Required: true},
	{Name: "email", Aliases: []string{"correo"}},
}

func match(t *testing.T, header string, rename map[string]string) (Match, error) {
	t.Helper()
	rows, err := fileOf("personas.csv", header+"\n").Rows()
	if err != nil {
		t.Fatal(err)
	}
	return rows.Match(people, rename)
}

func TestMatchForgivesCaseAccentsAndPunctuation(t *testing.T) {
	for _, header := range []string{"RUT;Fecha de Nacimiento", "Rol Unico;NACIMIENTO", "run;birth date", "Run;BIRTH_DATE;"} {
		m, err := match(t, header, nil)
		if err != nil || !slices.Equal(m.At, []int{0, 1, -1}) {
			t.Errorf("%s: %v %v", header, m.At, err)
		}
	}
}

func TestMatchNamesWhatIsMissingAndWhatIsIgnored(t *testing.T) {
	_, err := match(t, "nombre;correo;RUT", nil)
	if e, ok := err.(*fault.Error); !ok || e.Key != "sheet.missing_columns" || e.Args["Missing"] != "birth_date" || e.Args["Found"] != "nombre, correo, RUT" {
		t.Errorf("got %+v", err)
	}
	m, err := match(t, "run;nacimiento;color;correo", nil)
	if err != nil || !slices.Equal(m.Ignored, []string{"color"}) || m.Titles[2] != "correo" {
		t.Errorf("got %+v %v", m, err)
	}
	if _, err := match(t, "run;rut;nacimiento", nil); fault.KindOf(err) != fault.Invalid {
		t.Errorf("a column twice: %v", err)
	}
}

func TestMatchTakesTheNamesThatPeopleGive(t *testing.T) {
	m, err := match(t, "cédula;nac", map[string]string{"cédula": "run", "nac": "birth_date"})
	if err != nil || !slices.Equal(m.At, []int{0, 1, -1}) {
		t.Errorf("got %+v %v", m, err)
	}
}
