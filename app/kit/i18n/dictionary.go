package i18n

import (
	"context"
	"embed"
	"encoding/json"
	"fmt"
	"io/fs"
	"regexp"
	"sync"

	goi18n "github.com/nicksnyder/go-i18n/v2/i18n"
	"golang.org/x/text/language"
)

//go:embed locales
var locales embed.FS

// dictionary is every text of one language, ready to be shown.
type dictionary struct {
	lang      string
	tag       language.Tag
	separator string            // between thousands
	plain     map[string]string // key → text, the "other" form where there are plurals
	forms     map[string]forms  // keys with places or plurals
}

// forms are the plural forms of a text, cut at its places.
type forms struct{ one, other []segment }

// segment is a piece of text and the name of the value that follows it.
type segment struct{ text, name string }

// The dictionaries are read once, when the first text is asked for; what is
// embedded was parsed by a test, so failing here is a broken build.
var dictionaries = sync.OnceValue(func() map[string]*dictionary {
	all := make(map[string]*dictionary, len(Languages()))
	for _, lang := range Languages() {
		d, err := load(locales, lang)
		if err != nil {
			panic("i18n: " + err.Error())
		}
		all[lang] = d
	}
	return all
})

var matcher = sync.OnceValue(func() language.Matcher {
	tags := make([]language.Tag, 0, len(Languages()))
	for _, lang := range Languages() {
		tags = append(tags, language.MustParse(lang))
	}
	return language.NewMatcher(tags)
})

func dictionaryOf(lang string) *dictionary {
	if d := dictionaries()[lang]; d != nil {
		return d
	}
	return dictionaries()[Spanish]
}

func from(ctx context.Context) *dictionary {
	if d, ok := ctx.Value(contextKey{}).(*dictionary); ok {
		return d
	}
	return dictionaryOf(Spanish)
}

func load(files fs.FS, lang string) (*dictionary, error) {
	d := &dictionary{lang: lang, tag: language.MustParse(lang), separator: ".",
		plain: map[string]string{}, forms: map[string]forms{}}
	if lang == English {
		d.separator = ","
	}
	names, err := fs.Glob(files, "locales/"+lang+"/*.json")
	if err != nil {
		return nil, err
	}
	for _, name := range names {
		if err := d.read(files, name); err != nil {
			return nil, fmt.Errorf("%s: %w", name, err)
		}
	}
	return d, nil
}

// read lets go-i18n parse one file. Its own Localizer is not used: it runs a
// text/template for each call, and a page asks for a hundred texts.
func (d *dictionary) read(files fs.FS, name string) error {
	content, err := fs.ReadFile(files, name)
	if err != nil {
		return err
	}
	parsed, err := goi18n.ParseMessageFileBytes(content, d.lang+".json",
		map[string]goi18n.UnmarshalFunc{"json": json.Unmarshal})
	if err != nil {
		return err
	}
	for _, m := range parsed.Messages {
		if _, twice := d.plain[m.ID]; twice {
			return fmt.Errorf("key %q stands in two files", m.ID)
		}
		d.plain[m.ID] = m.Other
		if m.One != "" || place.MatchString(m.Other) {
			d.forms[m.ID] = forms{one: cut(m.One), other: cut(m.Other)}
		}
	}
	return nil
}

var place = regexp.MustCompile(`\{\{ *\.([A-Za-z]+) *\}\}`)

func cut(text string) []segment {
	if text == "" {
		return nil
	}
	var list []segment
	at := 0
	for _, m := range place.FindAllStringSubmatchIndex(text, -1) {
		list = append(list, segment{text: text[at:m[0]], name: text[m[2]:m[3]]})
		at = m[1]
	}
	if at < len(text) {
		list = append(list, segment{text: text[at:]})
	}
	return list
}
