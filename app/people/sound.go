package people

import (
	"strings"

	"gsl/app/kit/sheet"
)

// Sound is how a word of a name sounds in the Spanish of Chile, so that two
// people at two desks who write down what they hear write the same thing. Words
// that sound alike have the same key; words that do not rarely share one, and
// then only a birth date in common makes anybody look.
//
//	accents, ñ                  as plain letters           Muñoz      munos
//	h                           silent; ch stays           Hilda      ilda
//	v, w (not before a vowel u) b                          Vásquez    baskes
//	z, c before e and i, x      s; double letters once     Gonzáles   gonsales
//	c, q, ck, k                 k; qu loses its u          Quispe     kispe
//	g before e and i, j, ll, y  one sound, j: Jéssica, Yésica, Gesica are heard alike
//	gü, gu before e and i       g                          Guillermo  gijermo
//	ph, th, sh, pt, ou          f, t, ch, t, u             Baptiste   batiste
//	n before b, p, v; m there   m                          Zanbrano   sambrano
//	y at the end, or alone      i                          Nataly     natali
//	s or z at the end           falls away, as in speech   Gonzales   gonsale
func sound(word string) string {
	in := replaceSounds.Replace(strings.ReplaceAll(sheet.Fold(word), " ", ""))
	var b strings.Builder
	for i := 0; i < len(in); i++ {
		c := letterSound(in, i)
		if c != 0 && (b.Len() == 0 || b.String()[b.Len()-1] != c) {
			b.WriteByte(c)
		}
	}
	key := b.String()
	if len(key) > 3 {
		key = strings.TrimSuffix(key, "s")
	}
	return key
}

// replaceSounds writes two letters that are one sound as one letter; X is ch.
var replaceSounds = strings.NewReplacer("ch", "X", "sh", "X", "ph", "f", "th", "t", "jh", "j", "ll", "y", "ou", "u", "pt", "t", "ck", "k", "qu", "k", "gue", "Ge", "gui", "Gi", "tz", "s")

// letterSound gives the sound of the letter at i, 0 for none.
func letterSound(in string, i int) byte {
	c, next := in[i], byte(0)
	if i+1 < len(in) {
		next = in[i+1]
	}
	front := next == 'e' || next == 'i'
	switch c {
	case 'h':
		return 0
	case 'v', 'w':
		return 'b'
	case 'z', 'x':
		return 's'
	case 'c', 'q':
		if c == 'c' && front {
			return 's'
		}
		return 'k'
	case 'G':
		return 'g'
	case 'g':
		if front {
			return 'j'
		}
	case 'y':
		if next == 0 {
			return 'i'
		}
		return 'j'
	case 'n', 'm':
		if next == 'b' || next == 'p' || next == 'v' {
			return 'm'
		}
	case 'X':
		return 'x'
	}
	return c
}

// soundsLike reports whether two full names may be said of one person: of the
// words of the shorter one all but one are heard in the longer one, and at least
// two. The order does not count, nor a second name that only one desk wrote.
func soundsLike(a, b string) bool {
	short, long := sounds(a), sounds(b)
	if len(short) > len(long) {
		short, long = long, short
	}
	heard := 0
	for _, key := range short {
		if at := indexOf(long, key); at >= 0 {
			heard++
			long[at] = "" // heard once
		}
	}
	return heard >= 2 && heard >= len(short)-1
}

func indexOf(list []string, key string) int {
	for i, other := range list {
		if other == key {
			return i
		}
	}
	return -1
}

// particles are the words of a name that one desk writes and another leaves out.
var particles = map[string]bool{"de": true, "del": true, "la": true, "las": true, "los": true, "y": true, "da": true, "dos": true, "van": true, "von": true}

func sounds(name string) []string {
	var list []string
	for _, word := range strings.Fields(sheet.Fold(name)) {
		if !particles[word] {
			list = append(list, sound(word))
		}
	}
	return list
}
