package sheet

import "testing"

func TestInteger(t *testing.T) {
	for in, want := range map[string]int64{
		"0": 0, "30000": 30000, "$ 30.000": 30000, "$30.000": 30000, "1.234.567": 1234567, "35,000": 35000, "30000.00": 30000,
		"30.000,00": 30000, "007": 7, "30000.0": 30000, "1.500": 1500, "$\u00a03.500.000": 3500000,
	} {
		if got, ok := Integer([]byte(in)); !ok || got != want {
			t.Errorf("Integer(%q) = %d %v, want %d", in, got, ok, want)
		}
	}
	for _, in := range []string{"", "mucho", "-5", "1.5", "1,25", "1.23.456", "12.34.567", "1234.567", "1.234,567", "$", "１２", "1e5", "9999999999999999", "3 000", ".5", "1.", "..", ",,,"} {
		if got, ok := Integer([]byte(in)); ok {
			t.Errorf("Integer(%q) = %d, want a refusal", in, got)
		}
	}
}

func TestDate(t *testing.T) {
	for in, want := range map[string]string{
		"2026-11-21": "2026-11-21", "21-11-2026": "2026-11-21", "21/11/2026": "2026-11-21", "1-3-2026": "2026-03-01",
		"2026-11-21 00:00:00": "2026-11-21", "2026-11-21T10:00:00Z": "2026-11-21", "46347": "2026-11-21", "2024-02-29": "2024-02-29",
	} {
		if got, ok := Date([]byte(in)); !ok || got.String() != want {
			t.Errorf("Date(%q) = %s %v, want %s", in, got, ok, want)
		}
	}
	for _, in := range []string{"", "1985-02-31", "31-02-1985", "2023-02-29", "21-11-26", "ayer", "9999", "100000", "0000-01-01", "2026-13-01"} {
		if got, ok := Date([]byte(in)); ok {
			t.Errorf("Date(%q) = %s, want a refusal", in, got)
		}
	}
}

func TestFlag(t *testing.T) {
	for in, want := range map[string]bool{"1": true, "0": false, "": false, "Sí": true, "SI": true, "no": false, "VERDADERO": true, "FALSE": false, "x": true} {
		if got, ok := Flag([]byte(in)); !ok || got != want {
			t.Errorf("Flag(%q) = %v %v, want %v", in, got, ok, want)
		}
	}
	for _, in := range []string{"2", "quizás", "-", "sí no", "01"} {
		if _, ok := Flag([]byte(in)); ok {
			t.Errorf("Flag(%q) was accepted", in)
		}
	}
}

func TestFold(t *testing.T) {
	for in, want := range map[string]string{
		"Fecha  Entrega": "fecha entrega", "fecha_entrega": "fecha entrega", "OBSERVACIÓN": "observacion", "Pañales e insumos": "panales e insumos",
		"SERV. FUNERARIO": "serv funerario", "  ": "", "Nº": "no", "is_head": "is head",
	} {
		if got := Fold(in); got != want {
			t.Errorf("Fold(%q) = %q, want %q", in, got, want)
		}
	}
}
