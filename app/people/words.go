package people

import (
	"slices"
	"strings"
	"sync"
	"unicode/utf8"

	"gsl/app/kit/sheet"
	"gsl/tenants"
)

// words remembers which words there are in the names of a municipality's
// people: it completes one that is begun and mends one that is mistyped. It is
// read once and then only asked what is new.
type words struct {
	mu sync.Mutex
	of map[string]*Vocabulary // by id of the municipality
}

const (
	wordsOfMany = 16  // municipalities at a time: a large one has some 40,000 words, two megabytes
	shortest    = 4   // letters of a word that is worth mending
	mostWords   = 100 // that may stand for one
	indexed     = 4   // letters of the longest beginning that the file has an index of
)

// Vocabulary is the words that stand in the names of a municipality's people. It
// makes of words that somebody typed the expressions of FTS5 that find people by
// them. It is never changed: what is new makes another one.
type Vocabulary struct {
	prefix string   // what stands before each word in the index, "" for nothing
	words  []string // sorted, with the prefix
	newest int64    // number of the newest name that is in it
}

// NewVocabulary makes the vocabulary of an index whose words begin with the
// prefix; the words are sorted and have it. newest is the caller's own mark of
// how new they are.
func NewVocabulary(prefix string, words []string, newest int64) *Vocabulary {
	return &Vocabulary{prefix, words, newest}
}

// Newest is the mark that the vocabulary was made with.
func (v *Vocabulary) Newest() int64 { return v.newest }

// current gives the vocabulary as of the transaction.
func (w *words) current(tx *tenants.Tx, municipality string) (*Vocabulary, error) {
	w.mu.Lock()
	known := w.of[municipality]
	w.mu.Unlock()
	v, err := known.renewed(tx)
	if err != nil || v == known {
		return v, err
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.of == nil || len(w.of) >= wordsOfMany {
		w.of = map[string]*Vocabulary{}
	}
	w.of[municipality] = v
	return v, nil
}

// renewed gives the vocabulary with the names that came since; itself when none did.
func (v *Vocabulary) renewed(tx *tenants.Tx) (*Vocabulary, error) {
	if v == nil {
		list, newest, err := readWords(tx)
		return NewVocabulary("", list, newest), err
	}
	newest, err := newestName(tx)
	if err != nil || newest == v.newest {
		return v, err
	}
	if newest < v.newest {
		return (*Vocabulary)(nil).renewed(tx) // the file was restored to an earlier day
	}
	names, err := namesSince(tx, v.newest)
	if err != nil {
		return nil, err
	}
	return NewVocabulary("", v.with(names), newest), nil
}

// with gives the words together with those of more names.
func (v *Vocabulary) with(names []string) []string {
	var fresh []string
	for _, name := range names {
		for _, word := range strings.Fields(sheet.Fold(name)) {
			if _, known := slices.BinarySearch(v.words, word); !known {
				fresh = append(fresh, word)
			}
		}
	}
	if len(fresh) == 0 {
		return v.words
	}
	all := append(slices.Clone(v.words), fresh...)
	slices.Sort(all)
	return slices.Compact(all)
}

// Exactly asks for people who have each of the words.
func (v *Vocabulary) Exactly(typed []string) string {
	return `"` + v.prefix + strings.Join(typed, `" AND "`+v.prefix) + `"`
}

// Beginning asks for people who have, for each of the words, one that begins so.
// "" when no name has.
func (v *Vocabulary) Beginning(typed []string) string {
	parts := make([]string, len(typed))
	for i, word := range typed {
		if parts[i] = v.begun(word); parts[i] == "" {
			return ""
		}
	}
	return strings.Join(parts, " AND ")
}

// begun asks for a word by its beginning. A short one is in the file's index; of
// a longer one the words are named, which spares the file to gather them.
func (v *Vocabulary) begun(word string) string {
	start := v.prefix + word
	from, _ := slices.BinarySearch(v.words, start)
	to := from
	for to < len(v.words) && strings.HasPrefix(v.words[to], start) {
		to++
	}
	switch {
	case from == to:
		return ""
	case utf8.RuneCountInString(word) <= indexed, to-from > mostWords:
		return `"` + start + `"*`
	}
	return anyOf(v.words[from:to])
}

func anyOf(words []string) string { return `("` + strings.Join(words, `" OR "`) + `")` }

// Likely asks for people whose words are those or differ by one letter. "" when
// no word has another that is like it, or one has neither.
func (v *Vocabulary) Likely(typed []string) string {
	parts := make([]string, len(typed))
	mended := false
	for i, word := range typed {
		parts[i] = v.begun(word)
		if len(word) < shortest || allDigits(word) {
			continue
		}
		if like := v.like(v.prefix + word); len(like) > 0 {
			mended = true
			if parts[i] != "" {
				parts[i] += " OR "
			}
			parts[i] = "(" + parts[i] + anyOf(like) + ")"
		}
	}
	if !mended || slices.Contains(parts, "") {
		return ""
	}
	return strings.Join(parts, " AND ")
}

// like gives the words that differ from this one by one letter: another one,
// one more, one less, or two neighbours in the wrong order.
func (v *Vocabulary) like(word string) []string {
	var list []string
	for _, other := range v.words {
		if d := len(other) - len(word); d >= -1 && d <= 1 && oneOff(word, other) {
			if list = append(list, other); len(list) == mostWords {
				break
			}
		}
	}
	return list
}

// oneOff reports whether one slip makes one word of the other. Both are folded,
// so their letters are bytes but for alphabets of other countries.
func oneOff(a, b string) bool {
	if len(a) > len(b) {
		a, b = b, a
	}
	i := 0
	for i < len(a) && a[i] == b[i] {
		i++
	}
	switch len(b) - len(a) {
	case 0:
		if i == len(a) {
			return false // the same word
		}
		return a[i+1:] == b[i+1:] || i+1 < len(a) && a[i] == b[i+1] && a[i+1] == b[i] && a[i+2:] == b[i+2:]
	case 1:
		return a[i:] == b[i+1:]
	}
	return false
}
