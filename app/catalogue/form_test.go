package catalogue

import (
	"maps"
	"net/url"
	"slices"
	"strings"
	"testing"
)

func TestFieldsOfTheSeed(t *testing.T) {
	c := seeded(t)
	tests := []struct {
		code string
		want []string
	}{
		{"A101", []string{"direccion_nueva!", "member", "change", "new_value", "note"}},
		{"A110", []string{"integrante!", "motivo!", "change", "new_value", "note"}},
		{"A112", []string{"nuevo_jefe_o_jefa_de_hogar!", "change", "new_value", "note"}},
		{"B001", []string{"member", "reason", "address", "note"}},
		{"C001", []string{"member", "addressee", "note"}},
		{"D101", []string{"causante!", "vinculo!", "reason", "request", "note"}},
		{"D102", []string{"numero_de_cliente!", "empresa_sanitaria!", "meses_de_deuda", "member", "reason", "request", "note"}},
		{"D103", []string{"persona_con_discapacidad!", "resolucion_o_credencial!", "reason", "request", "note"}},
		{"D202", []string{"experiencia_laboral", "disponibilidad", "member", "reason", "request", "note"}},
		{"E101", []string{"quantity", "amount", "member", "supplier", "note"}},
		{"F804", []string{"quantity", "amount!", "member", "supplier", "note"}},
	}
	for _, tt := range tests {
		var got []string
		for _, f := range c.Item(tt.code).Fields {
			name := f.Name
			if f.Required {
				name += "!"
			}
			got = append(got, name)
		}
		if !slices.Equal(got, tt.want) {
			t.Errorf("%s asks %v, want %v", tt.code, got, tt.want)
		}
	}
	for _, it := range c.Items {
		for _, f := range it.Fields {
			if f.Name != slug(f.Name) || (f.Label == "") == (f.LabelKey == "") {
				t.Errorf("%s: field %+v", it.Code, f)
			}
		}
		if f := it.Field(it.MemberField()); f == nil || f.Type != MemberField {
			t.Errorf("%s: nobody can be named", it.Code)
		}
	}
	if f := c.Item("A110").Field("motivo"); f.Label != "Motivo" || len(f.Choices) != 4 || f.Choices[2] != "cambio de domicilio" {
		t.Errorf("motivo: %+v", f)
	}
	if f := c.Item("A112").MemberField(); f != "nuevo_jefe_o_jefa_de_hogar" {
		t.Errorf("A112 concerns %q", f)
	}
}

func TestParseFields(t *testing.T) {
	c, members := seeded(t), household().Members
	long := strings.Repeat("ñ", 2000)
	tests := []struct {
		name  string
		item  string
		form  url.Values
		want  map[string]string
		wrong map[string]string // field: key
	}{
		{"aid: one unit at the reference amount", "E101", url.Values{"item": {"E101"}},
			map[string]string{"quantity": "1", "amount": "35000"}, nil},
		{"aid: amount follows the quantity", "E101", url.Values{"quantity": {"3"}},
			map[string]string{"quantity": "3", "amount": "105000"}, nil},
		{"aid: amount as typed", "E101", url.Values{"quantity": {"3"}, "amount": {"$ 1.035.000"}},
			map[string]string{"quantity": "3", "amount": "1035000"}, nil},
		{"aid: zero pesos is an amount", "E101", url.Values{"amount": {"0"}},
			map[string]string{"quantity": "1", "amount": "0"}, nil},
		{"aid without reference: no amount is made up", "E804", url.Values{}, nil, map[string]string{"amount": "catalogue.error.required"}},
		{"aid: too many", "E101", url.Values{"quantity": {"1000"}}, nil, map[string]string{"quantity": "catalogue.error.too_high"}},
		{"aid: none", "E101", url.Values{"quantity": {"0"}}, nil, map[string]string{"quantity": "catalogue.error.too_low"}},
		{"aid: minus one", "E101", url.Values{"quantity": {"-1"}}, nil, map[string]string{"quantity": "catalogue.error.number"}},
		{"aid: half a unit", "E101", url.Values{"quantity": {"0.5"}}, nil, map[string]string{"quantity": "catalogue.error.number"}},
		{"aid: 3.5 is not 35", "E101", url.Values{"quantity": {"3.5"}}, nil, map[string]string{"quantity": "catalogue.error.number"}},
		{"aid: 1.035.00 is no amount", "E101", url.Values{"amount": {"1.035.00"}}, nil, map[string]string{"amount": "catalogue.error.number"}},
		{"aid: words", "E101", url.Values{"amount": {"harto"}}, nil, map[string]string{"amount": "catalogue.error.number"}},
		{"aid: full-width digits", "E101", url.Values{"quantity": {"１"}}, nil, map[string]string{"quantity": "catalogue.error.number"}},
		{"aid: more than an int64", "E101", url.Values{"amount": {"99999999999999999999"}}, nil, map[string]string{"amount": "catalogue.error.too_high"}},
		{"aid: product over the limit", "E302", url.Values{"quantity": {"999"}}, nil, map[string]string{"amount": "catalogue.error.too_high"}},
		{"required blank", "A101", url.Values{"direccion_nueva": {"   "}}, nil, map[string]string{"direccion_nueva": "catalogue.error.required"}},
		{"required given", "A101", url.Values{"direccion_nueva": {" Av. Palmira 210 "}},
			map[string]string{"direccion_nueva": "Av. Palmira 210"}, nil},
		{"member of the household", "D101", url.Values{"causante": {"26444555-1"}, "vinculo": {"nieto/a"}},
			map[string]string{"causante": "26444555-1", "vinculo": "nieto/a"}, nil},
		{"member of another household", "D101", url.Values{"causante": {"11111111-1"}, "vinculo": {"nieto/a"}}, nil,
			map[string]string{"causante": "catalogue.error.member"}},
		{"answer that is not offered", "D101", url.Values{"causante": {"26444555-1"}, "vinculo": {"vecino"}}, nil,
			map[string]string{"vinculo": "catalogue.error.choice"}},
		{"date as it is typed", "A107", url.Values{"nombre_del_recien_nacido": {"Ana"}, "fecha_de_nacimiento": {"03-02-2026"}},
			map[string]string{"nombre_del_recien_nacido": "Ana", "fecha_de_nacimiento": "2026-02-03"}, nil},
		{"31 February", "A107", url.Values{"nombre_del_recien_nacido": {"Ana"}, "fecha_de_nacimiento": {"31-02-2026"}}, nil,
			map[string]string{"fecha_de_nacimiento": "catalogue.error.date"}},
		{"long text", "B001", url.Values{"note": {long}}, map[string]string{"note": long}, nil},
		{"too long", "B001", url.Values{"note": {long + "a"}}, nil, map[string]string{"note": "catalogue.error.text"}},
		{"line ends", "B001", url.Values{"note": {"a\r\nb"}}, map[string]string{"note": "a\nb"}, nil},
		{"a NUL", "B001", url.Values{"note": {"a\x00b"}}, nil, map[string]string{"note": "web.field.characters"}},
		{"no UTF-8", "B001", url.Values{"note": {"a\xffb"}}, nil, map[string]string{"note": "web.field.characters"}},
		{"writing turned around", "B001", url.Values{"note": {"pagar \u202e000.1\u202c"}}, map[string]string{"note": "pagar 000.1"}, nil},
		{"the same field twice", "B001", url.Values{"note": {"a", "b"}}, nil, map[string]string{"note": "catalogue.error.repeated"}},
		{"a paper is described", "D103", url.Values{"persona_con_discapacidad": {"9876543-3"}, "resolucion_o_credencial": {"Credencial 1234"}},
			map[string]string{"persona_con_discapacidad": "9876543-3", "resolucion_o_credencial": "Credencial 1234"}, nil},
		{"several wrong", "D102", url.Values{"meses_de_deuda": {"x"}}, nil, map[string]string{
			"numero_de_cliente": "catalogue.error.required", "empresa_sanitaria": "catalogue.error.required", "meses_de_deuda": "catalogue.error.number"}},
	}
	for _, tt := range tests {
		got, faults := ParseFields(c.Item(tt.item), tt.form, members)
		wrong := map[string]string{}
		for _, f := range faults {
			wrong[f.Name] = f.Key
		}
		if tt.wrong != nil || len(wrong) > 0 {
			if !maps.Equal(wrong, tt.wrong) {
				t.Errorf("%s: wrong %v, want %v", tt.name, wrong, tt.wrong)
			}
			continue
		}
		if !maps.Equal(got, tt.want) {
			t.Errorf("%s: %v, want %v", tt.name, got, tt.want)
		}
	}
}
