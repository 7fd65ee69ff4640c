package report

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"gsl/app/kit/territory"
)

// clean gives a text as it is kept: without what cannot be seen or printed, and
// with the line ends of files. What a person wrote stays as it is.
func clean(typed string) string {
	text := strings.ReplaceAll(strings.ToValidUTF8(typed, ""), "\r\n", "\n")
	return strings.TrimSpace(strings.Map(func(r rune) rune {
		if unicode.IsControl(r) && r != '\n' && r != '\t' || unicode.Is(unicode.Bidi_Control, r) {
			return -1
		}
		return r
	}, text))
}

// line is clean for an answer of one line.
func line(typed string) string { return strings.Join(strings.Fields(clean(typed)), " ") }

// clip cuts what we write ourselves to the longest that is kept.
func clip(text string, most int) string {
	if utf8.RuneCountInString(text) <= most {
		return text
	}
	return string([]rune(text)[:most])
}

func communeName(code string) string {
	c, _ := territory.ByCode(code)
	return c.Name
}
