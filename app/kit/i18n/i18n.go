// Package i18n gives the screen its words. Texts live in locales/<language>/
// <capability>.json as flat keys; a component asks for one with T (a map
// look-up) or Tf (with values and plural). The language travels in the context.
package i18n

import (
	"context"
	"fmt"
	"strconv"
	"sync"
	"sync/atomic"

	"golang.org/x/text/feature/plural"
	"golang.org/x/text/language"
)

// The languages of the screen. The first is the default.
const (
	Spanish = "es-CL"
	English = "en"
)

// Languages lists the languages in the order of the menu.
func Languages() []string { return []string{Spanish, English} }

// Known reports whether the screen speaks the language.
func Known(lang string) bool { return lang == Spanish || lang == English }

type contextKey struct{}

// With returns a context whose texts are in the language; an unknown language
// is the default one.
func With(ctx context.Context, lang string) context.Context {
	return context.WithValue(ctx, contextKey{}, dictionaryOf(lang))
}

// Lang is the language of the context: a BCP 47 tag, as <html lang> wants it.
func Lang(ctx context.Context) string { return from(ctx).lang }

// T gives the text of a key. A key without text comes back as it is, so that
// the gap is seen on the screen; a test finds it before that.
func T(ctx context.Context, key string) string {
	if text, ok := from(ctx).plain[key]; ok {
		return text
	}
	return key
}

// Has reports whether the key has a text in the context's language.
func Has(ctx context.Context, key string) bool {
	_, ok := from(ctx).plain[key]
	return ok
}

// Tf gives the text of a key with its {{.Name}} places filled from args. When
// the text has plural forms, args["Count"] (an integer) chooses among them.
// Count is written with thousands separators, every other value as it is.
func Tf(ctx context.Context, key string, args map[string]any) string {
	words := from(ctx)
	forms, ok := words.forms[key]
	if !ok {
		return T(ctx, key)
	}
	count, counted := asInt(args["Count"])
	text := forms.other
	if counted && forms.one != nil && words.isOne(count) {
		text = forms.one
	}
	return words.fill(text, args)
}

func (d *dictionary) isOne(count int64) bool {
	if count < 0 {
		count = -count
	}
	return plural.Cardinal.MatchPlural(d.tag, int(count%1_000_000), 0, 0, 0, 0) == plural.One && count < 1_000_000
}

func (d *dictionary) fill(text []segment, args map[string]any) string {
	var room [160]byte // on the stack: a page says a few dozen such texts
	out := room[:0]
	for _, s := range text {
		out = append(out, s.text...)
		if s.name == "" {
			continue
		}
		if n, ok := asInt(args[s.name]); ok && s.name == "Count" {
			out = d.appendGroup(out, n)
			continue
		}
		out = append(out, asText(args[s.name])...)
	}
	return string(out)
}

func asInt(value any) (int64, bool) {
	switch v := value.(type) {
	case int:
		return int64(v), true
	case int64:
		return v, true
	}
	return 0, false
}

func asText(value any) string {
	switch v := value.(type) {
	case nil:
		return ""
	case string:
		return v
	case int:
		return strconv.Itoa(v)
	case int64:
		return strconv.FormatInt(v, 10)
	}
	return fmt.Sprint(value)
}

// Match chooses the language for an Accept-Language header.
func Match(header string) string {
	if header == "" {
		return Spanish
	}
	if known, ok := matched.Load(header); ok {
		return known.(string) //nolint:forcetypeassert // only strings are stored
	}
	lang := match(header)
	if len(header) < 100 && matches.Add(1) <= mostMatches {
		matched.Store(header, lang)
	}
	return lang
}

// Browsers send few different headers; matching one costs more than the rest of
// the request's way in. Whoever invents headers fills the table once.
var (
	matched sync.Map // header → language
	matches atomic.Int64
)

const mostMatches = 256

func match(header string) string {
	tags, _, err := language.ParseAcceptLanguage(header)
	if err != nil {
		return Spanish
	}
	_, index, confidence := matcher().Match(tags...)
	if confidence == language.No {
		return Spanish
	}
	return Languages()[index]
}
