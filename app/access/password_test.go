package access

import (
	"strings"
	"testing"
)

func TestPasswordFlaw(t *testing.T) {
	for _, c := range []struct{ password, want string }{
		{"", "access.password.short"},
		{"corta-19876", "access.password.short"},
		{"ñandúñandú1", "access.password.short"},    // eleven characters, more bytes
		{"demo-gsl-2026", "access.password.common"}, // the demo's, see demo.go
		{"tres zorros comen pan", ""},
		{"小さな犬が庭で静かに眠る", ""}, // twelve characters of any script
		{"solo letras minusculas", ""},
		{strings.Repeat("larga frase ", 80), ""},
		{strings.Repeat("x1 y2 z3 ", 112), "access.password.long"},
		{"contraseña2026", "access.password.common"},
		{"Contraseña2026!", "access.password.common"},
		{"123456789012", "access.password.common"},
		{"Municipalidad2026", "access.password.common"},
		{"qwertyqwerty12", "access.password.common"},
		{"aaaaaaaaaaaaaa", "access.password.common"},
		{"ababababababab", "access.password.common"},
		{"contrasen\u0303a2026", "access.password.common"}, // the same letters, typed as two marks
		{"mi-12345678-clave", "access.password.common"},    // the own RUN
		{"mi.12.345.678.es", "access.password.common"},
		{"camilarojas26", "access.password.common"}, // little more than the own name
		{"camila y sus tres zorros", ""},
	} {
		if got := passwordFlaw(c.password, 12345678, "Camila Rojas"); got != c.want {
			t.Errorf("passwordFlaw(%q) = %q, want %q", c.password, got, c.want)
		}
	}
}

func TestHashCarriesItsCost(t *testing.T) {
	small := cost{memory: 64, passes: 1, threads: 1}
	text := small.encode("tres zorros comen pan")
	if !strings.HasPrefix(text, "$argon2id$v=19$m=64,t=1,p=1$") {
		t.Errorf("hash is %q", text)
	}
	if again := small.encode("tres zorros comen pan"); again == text {
		t.Error("two hashes of one password are the same: no salt")
	}
	h, err := parseHash(text)
	if err != nil {
		t.Fatal(err)
	}
	if !h.matches("tres zorros comen pan") || h.matches("tres zorros comen pa") || h.matches("") {
		t.Error("the hash fits the wrong passwords")
	}
	if currentCost != (cost{memory: 19 * 1024, passes: 2, threads: 1}) {
		t.Errorf("cost is %+v", currentCost)
	}
}

func TestPasswordTypedAsTwoMarks(t *testing.T) {
	small := cost{memory: 64, passes: 1, threads: 1}
	h, err := parseHash(small.encode("el ñandú corre"))
	if err != nil {
		t.Fatal(err)
	}
	if !h.matches("el n\u0303andu\u0301 corre") {
		t.Error("another machine's accents do not fit")
	}
}

func TestDamagedHashIsRefused(t *testing.T) {
	good := cost{memory: 64, passes: 1, threads: 1}.encode("x")
	for _, text := range []string{
		"", "plain", "$2b$10$abc", strings.Replace(good, "argon2id", "argon2i", 1),
		strings.Replace(good, "v=19", "v=16", 1), strings.Replace(good, "m=64", "m=99999999", 1),
		strings.Replace(good, "t=1", "t=4000000", 1), strings.Replace(good, "m=64,t=1,p=1", "m=0,t=0,p=0", 1),
		good[:len(good)-4], good + "$", good + "!",
	} {
		if _, err := parseHash(text); err == nil {
			t.Errorf("parseHash(%q) took it", text)
		}
	}
}

func TestNobodyFitsNoPassword(t *testing.T) {
	none := nobody(cost{memory: 64, passes: 1, threads: 1})
	for _, p := range []string{"", "x", strings.Repeat("\x00", keySize)} {
		if none.matches(p) {
			t.Errorf("nobody's password is %q", p)
		}
	}
}
