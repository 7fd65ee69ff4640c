package people

import "testing"

func TestWordsThatSoundAlike(t *testing.T) {
	for _, pair := range [][2]string{
		{"González", "gonsales"}, {"Vásquez", "Bazques"}, {"Hilda", "Ilda"}, {"Jéssica", "Yesica"}, {"Jhon", "John"}, {"Jonathan", "Yonatan"},
		{"Guillermo", "Guiyermo"}, {"Zambrano", "Sanbrano"}, {"Nataly", "Natali"}, {"Muñoz", "Munos"}, {"Sophia", "Sofía"}, {"Quispe", "Kispe"},
		{"Ximena", "Simena"}, {"Huanca", "Uanca"}, {"Cecilia", "Sesilia"}, {"Katherine", "Caterine"}, {"Ruth", "Rut"}, {"Echeverría", "Echeberria"},
		{"Louis", "Luis"}, {"Baptista", "Batista"}, {"Villa", "Biya"}, {"Geraldine", "Jeraldine"}, {"Anna", "Ana"},
	} {
		if sound(pair[0]) != sound(pair[1]) {
			t.Errorf("%s is heard as %q, %s as %q", pair[0], sound(pair[0]), pair[1], sound(pair[1]))
		}
	}
	for _, pair := range [][2]string{{"María", "Mario"}, {"Soto", "Sota"}, {"Pérez", "Pereira"}, {"Luis", "Luisa"}, {"Chávez", "Sáez"}, {"Gómez", "Jómez"}, {"Ana", "Eva"}} {
		if sound(pair[0]) == sound(pair[1]) {
			t.Errorf("%s and %s are both heard as %q", pair[0], pair[1], sound(pair[0]))
		}
	}
	for _, word := range []string{"", "ñ", "h", "ß", "李", "😀", "x́"} {
		sound(word) // nothing that is typed breaks it
	}
}

func TestNamesThatMayBeOfOnePerson(t *testing.T) {
	for _, pair := range [][2]string{
		{"Jean Baptiste Louis", "Louis Jean"}, {"Jhon Alexander Rodriguez", "John Rodríguez Mora"}, {"María de los Ángeles Soto", "Maria Angeles Soto Vera"},
		{"Ana Soto", "Soto Ana"},
	} {
		if !soundsLike(pair[0], pair[1]) || !soundsLike(pair[1], pair[0]) {
			t.Errorf("%q and %q", pair[0], pair[1])
		}
	}
	for _, pair := range [][2]string{{"Ana Soto", "Ana Vera"}, {"Ana", "Ana Soto"}, {"", ""}, {"Soto Soto", "Ana Soto"}} {
		if soundsLike(pair[0], pair[1]) {
			t.Errorf("%q and %q", pair[0], pair[1])
		}
	}
}
