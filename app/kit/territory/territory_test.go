package territory

import (
	"slices"
	"testing"
)

func TestEveryCommuneHasAMunicipality(t *testing.T) {
	if n := len(Communes()); n != 346 {
		t.Errorf("%d communes, want 346", n)
	}
	list := Municipalities()
	if len(list) != 345 {
		t.Errorf("%d municipalities, want 345", len(list))
	}
	run := map[string]int{}
	for _, m := range list {
		for _, c := range m.Communes {
			run[c]++
		}
		if own, ok := MunicipalityOf(m.Code); !ok || own.Code != m.Code || len(own.Communes) != len(m.Communes) {
			t.Errorf("MunicipalityOf(%s) = %+v, want %+v", m.Code, own, m)
		}
	}
	for _, c := range Communes() {
		if run[c.Code] != 1 {
			t.Errorf("%s %s is run by %d municipalities", c.Code, c.Name, run[c.Code])
		}
		if len(c.Code) != 5 || c.Name == "" || c.Province == "" || c.Region == "" {
			t.Errorf("incomplete commune %+v", c)
		}
	}
}

func TestAntarticaIsRunByCaboDeHornos(t *testing.T) {
	m, ok := MunicipalityOf("12202")
	if !ok || m.Code != "12201" || m.Name != "Cabo de Hornos" || len(m.Communes) != 2 {
		t.Errorf("got %+v", m)
	}
}

func TestByNameForgivesAccentsAndKnowsAliases(t *testing.T) {
	for name, code := range map[string]string{
		"Limache": "05802", "ÑUÑOA": "13120", "nunoa": "13120", "Paihuano": "04105", "llay-llay": "05703", "LLAY LLAY": "05703",
		"Trehuaco": "16207", "Til Til": "13303", "la calera": "05502", "Aisén": "11201", "aysen": "11201", "O'Higgins": "11302", "ohiggins": "11302",
	} {
		if c, ok := ByName(name); !ok || c.Code != code {
			t.Errorf("ByName(%q) = %s %v, want %s", name, c.Code, ok, code)
		}
	}
	for _, name := range []string{"", "Atlántida", "99999"} {
		if c, ok := ByName(name); ok {
			t.Errorf("ByName(%q) found %s", name, c.Code)
		}
	}
}

func TestSearchPutsBeginningsFirst(t *testing.T) {
	var names []string
	for _, c := range Search("ALTO ") {
		names = append(names, c.Name)
	}
	if want := []string{"Alto Hospicio", "Alto del Carmen", "Alto Biobío", "Puente Alto"}; !slices.Equal(names, want) {
		t.Errorf("got %v, want %v", names, want)
	}
	if got := Search("  "); got != nil {
		t.Errorf("blank finds %v", got)
	}
}
