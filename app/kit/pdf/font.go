package pdf

import (
	"strings"
	"sync"
	"unicode"

	"codeberg.org/go-pdf/fpdf"
	"github.com/go-fonts/liberation/liberationsansbold"
	"github.com/go-fonts/liberation/liberationsansregular"
	"golang.org/x/text/unicode/norm"
)

const family = "liberation"

type faces struct{ regular, bold []byte }

// fonts cuts Liberation Sans to what Spanish and its neighbours need, once:
// the library parses the font for every document, and the whole one costs
// three times as much.
var fonts = sync.OnceValue(func() faces {
	var cut strings.Builder
	for r := rune(0x20); r <= 0x17F; r++ {
		cut.WriteRune(r)
	}
	cut.WriteString(extra)
	return faces{
		regular: fpdf.UTF8CutFont(liberationsansregular.TTF, cut.String()),
		bold:    fpdf.UTF8CutFont(liberationsansbold.TTF, cut.String()),
	}
})

const extra = "–—‘’“”•…€"

// printable replaces what the cut font has no glyph for: by the letter without
// its mark, by a plain twin, else by "?". A name from another alphabet must
// not break a citizen's document.
func printable(s string) string {
	for _, r := range s {
		if !hasGlyph(r) {
			return replaceMissing(s)
		}
	}
	return s
}

func hasGlyph(r rune) bool {
	return r >= 0x20 && r < 0x7F || r >= 0xA0 && r <= 0x17F || r == '\n' || strings.ContainsRune(extra, r)
}

var twins = strings.NewReplacer("\r\n", "\n", "\t", " ", "\u2009", " ", "\u202f", " ", "\u2010", "-", "\u2011", "-", "\u2212", "-",
	"≤", "<=", "≥", ">=", "→", "-", "✓", "", "✗", "", "\u200b", "")

func replaceMissing(s string) string {
	var b strings.Builder
	for _, r := range norm.NFC.String(twins.Replace(s)) {
		switch {
		case hasGlyph(r):
			b.WriteRune(r)
		case unicode.IsControl(r):
		default:
			b.WriteRune(baseLetter(r))
		}
	}
	return b.String()
}

func baseLetter(r rune) rune {
	for _, base := range norm.NFKD.String(string(r)) {
		if hasGlyph(base) {
			return base
		}
	}
	return '?'
}
