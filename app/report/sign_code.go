package report

import (
	"crypto/rand"
	"strings"
)

// A verification code says which municipality to ask and then a secret of 60
// bits: "05802-7KQ4-M2XP-9T3D". Whoever has no paper cannot guess one, and
// whoever types one from a paper may write O for 0 and leave the dashes out.
const (
	codeLetters = "0123456789ABCDEFGHJKMNPQRSTVWXYZ" // Crockford's: no I, L, O, U
	secretSize  = 12
	longestCode = 60 // of what people type, spaces and dashes included
)

// newCode makes the code of a paper of the municipality.
func newCode(municipality string) string {
	var random [secretSize]byte
	_, _ = rand.Read(random[:]) // never fails
	for i, b := range random {
		random[i] = codeLetters[int(b)%len(codeLetters)] // 256 is a multiple of 32: no letter is likelier
	}
	return written(municipality, string(random[:]))
}

func written(municipality, secret string) string {
	return municipality + "-" + secret[:4] + "-" + secret[4:8] + "-" + secret[8:]
}

var sameLetter = strings.NewReplacer("O", "0", "I", "1", "L", "1", "-", "", " ", "", "–", "", "\u00a0", "")

// ParseCode reads a code as people type it and gives it as it is kept, with the
// code of its municipality; false for what cannot be one.
func ParseCode(text string) (municipality, code string, ok bool) {
	if len(text) > longestCode {
		return "", "", false
	}
	text = sameLetter.Replace(strings.ToUpper(text))
	at := len(text) - secretSize
	if at < 1 {
		return "", "", false
	}
	for i := range len(text) {
		if strings.IndexByte(codeLetters, text[i]) < 0 {
			return "", "", false
		}
	}
	return text[:at], written(text[:at], text[at:]), true
}
