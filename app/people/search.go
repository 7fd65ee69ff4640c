package people

import (
	"cmp"
	"context"
	"regexp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"gsl/app/kit/actor"
	"gsl/app/kit/audit"
	"gsl/app/kit/calendar"
	"gsl/app/kit/fault"
	"gsl/app/kit/sheet"
	"gsl/tenants"
)

// The limits of a search.
const (
	maxQuery   = 100 // runes of what is typed
	maxWords   = 8   // of a name; the rest narrows nothing
	maxResults = 20  // on a page: who sees so many, types one word more
	fewFound   = 5   // with fewer, those with a name like it are shown too
)

// Match says by what a person was found.
type Match string

// The matches, the surest first.
const (
	ByNumber   Match = "number"   // the RUN or the provisional ID
	ByDocument Match = "document" // passport, ID of another country
	ByPhone    Match = "phone"
	ByBirth    Match = "birth" // born that day, with a name that sounds the same
	ByName     Match = "name"
	ByLikeName Match = "like" // a word differs by one letter
)

// Found is a person whom a search found. Until their file is opened a screen
// shows no more of them than tells one from another: name, age, commune.
type Found struct {
	File File
	By   Match
}

// Results is what a search found.
type Results struct {
	Found []Found
	More  bool // there are more people than these
	RUN   RUN  // what was typed is a RUN of which there is no file; zero: it is not
	Today calendar.Date
	// Strangers are people of the social registry who live in the municipality
	// and have no file in it yet.
	Strangers []Stranger
}

// query is what was typed, by each way in which it can be read.
type query struct {
	words       []string // of a name, "" when it holds none
	run         RUN
	provisional string
	document    string
	phones      []string
}

// parseQuery reads what was typed into a search.
func parseQuery(text string) (query, error) {
	text = tidy(text)
	if utf8.RuneCountInString(text) > maxQuery {
		return query{}, fault.InvalidField("q", "people.search.long")
	}
	q := query{words: nameWords(text), provisional: provisionalID(text), document: documentKey(text), phones: phonesOf(text)}
	if run, err := ParseRUN(text); err == nil {
		q.run = run
	}
	if len(q.words) == 0 && q.run.IsZero() && q.provisional == "" && q.document == "" && len(q.phones) == 0 {
		return query{}, fault.InvalidField("q", "people.search.short")
	}
	return q, nil
}

// nameWords gives the words of a name as they are compared; a year beside them
// is the one of birth. A single letter finds nobody in particular.
func nameWords(text string) []string {
	var words []string
	letters := 0
	for _, word := range strings.Fields(sheet.Fold(text)) {
		n := strings.IndexFunc(word, unicode.IsLetter)
		if n < 0 && !isYear(word) {
			continue
		}
		if n >= 0 {
			letters += utf8.RuneCountInString(word)
		}
		words = append(words, word)
	}
	if letters < 2 {
		return nil
	}
	return words[:min(len(words), maxWords)]
}

func isYear(word string) bool {
	return len(word) == 4 && (strings.HasPrefix(word, "19") || strings.HasPrefix(word, "20")) && allDigits(word)
}

func allDigits(s string) bool {
	return s != "" && !strings.ContainsFunc(s, func(c rune) bool { return c < '0' || c > '9' })
}

var provisionalShape = regexp.MustCompile(`^SR-\d{5}-\d{4}-\d{1,6}$`)

// provisionalID gives a provisional ID as it is kept, "" for any other text.
func provisionalID(text string) string {
	id := strings.ToUpper(strings.ReplaceAll(text, " ", ""))
	if !provisionalShape.MatchString(id) {
		return ""
	}
	return id
}

// documentKey is how the number of a document is compared: its letters and
// digits in upper case. "" for what has too few of them, or no digit at all.
func documentKey(text string) string {
	var b strings.Builder
	digits := 0
	for _, r := range sheet.Fold(text) {
		switch {
		case unicode.IsDigit(r):
			digits++
		case !unicode.IsLetter(r):
			continue
		}
		b.WriteRune(unicode.ToUpper(r))
	}
	if digits < 3 || b.Len() < 4 {
		return ""
	}
	return b.String()
}

// phonesOf gives the ways in which the number may stand in a file: as Chilean
// numbers are written, with the 9 of a mobile that was left out, and as typed.
func phonesOf(text string) []string {
	if phoneProblem(text) != "" || text == "" {
		return nil
	}
	list := []string{tidyPhone(text)}
	if digits := digitsOf(text); len(digits) == 8 {
		list = append(list, "+569"+digits)
	}
	if list[0] != text {
		list = append(list, text)
	}
	return list
}

func digitsOf(text string) string {
	return strings.Map(func(c rune) rune {
		if c < '0' || c > '9' {
			return -1
		}
		return c
	}, text)
}

// Search finds people among the files of the municipality by name in any order,
// by document, RUN, provisional ID or phone. It counts as a lookup, because it
// names people; who searched and whose names were shown is in the trail, what
// was typed is kept nowhere. fault.Invalid: too little or too much was typed.
func (s *Service) Search(ctx context.Context, who actor.Actor, text string) (Results, error) {
	if err := mayRead(who); err != nil {
		return Results{}, err
	}
	q, err := parseQuery(text)
	if err != nil {
		return Results{}, err
	}
	if err := s.Charge(ctx, who); err != nil {
		return Results{}, err
	}
	var r Results
	err = who.Municipality.View(ctx, func(tx *tenants.Tx) (err error) {
		if r, err = s.search(tx, who.Municipality.ID, &q); err != nil {
			return err
		}
		veil, err := s.Veil(tx, who)
		r.Found = veil.found(r.Found, q.words)
		return err
	})
	if err != nil {
		return Results{}, err
	}
	if err := s.meetStrangers(ctx, who, &q, &r); err != nil {
		return Results{}, err
	}
	return r, s.searched(ctx, who, &r)
}

// Charge counts a lookup; fault.TooMany when the operator is over the cap. Whoever
// says of a RUN whether it has a file asks first.
func (s *Service) Charge(ctx context.Context, who actor.Actor) error {
	if err := s.countInCopy(who); err != nil {
		return err
	}
	var v verdict
	err := who.Municipality.Update(tenants.ForReading(ctx), func(tx *tenants.Tx) (err error) {
		v, err = countLookup(tx, who)
		return err
	})
	if err != nil || v.refusal == nil {
		return err
	}
	s.alert(ctx, who, v)
	return v.refusal
}

// recordSearch says in the trail whose names were shown, not what was typed to
// find them.
func recordSearch(tx *tenants.Tx, who actor.Actor, why string, found []Found, strangers []Stranger) error {
	ids, runs := make([]string, len(found)), make([]string, len(strangers))
	for i := range found {
		ids[i] = found[i].File.ID
	}
	for i := range strangers {
		runs[i] = strangers[i].RUN.String()
	}
	detail := map[string]string{"why": why, "files": strings.Join(ids, " ")}
	if len(runs) > 0 {
		detail["registered"] = strings.Join(runs, " ")
	}
	return audit.Record(tx, who, audit.Change{Action: "people.searched", Detail: detail})
}

// search gathers who is found by each reading of what was typed, the surest
// first, until a page is full.
func (s *Service) search(tx *tenants.Tx, municipality string, q *query) (Results, error) {
	g := gathering{}
	if err := g.byNumber(tx, q); err != nil {
		return Results{}, err
	}
	if err := g.byDocument(tx, q); err != nil {
		return Results{}, err
	}
	if len(q.words) > 0 {
		v, err := s.words.current(tx, municipality)
		if err != nil {
			return Results{}, err
		}
		if err := g.byName(tx, q.words, v); err != nil {
			return Results{}, err
		}
	}
	r := Results{Found: g.found, More: len(g.found) > maxResults, Today: calendar.On(tx.Now)}
	if r.More {
		r.Found = r.Found[:maxResults]
	}
	if !q.run.IsZero() && !slices.ContainsFunc(g.found, func(f Found) bool { return f.File.RUN == q.run }) {
		r.RUN = q.run
	}
	return r, nil
}

// gathering is the people found so far, each once.
type gathering struct {
	found []Found
	known map[string]bool
}

// add takes those who are not there yet, in the order of their names.
func (g *gathering) add(files []File, by Match) {
	if g.known == nil {
		g.known = map[string]bool{}
	}
	type entry struct {
		name string // folded once: a comparison would do it again and again
		at   int
	}
	var fresh []entry
	for i := range files {
		if f := &files[i]; !g.known[f.ID] {
			g.known[f.ID] = true
			fresh = append(fresh, entry{sheet.Fold(f.Surnames + " " + f.GivenNames), i})
		}
	}
	slices.SortFunc(fresh, func(a, b entry) int { return cmp.Or(strings.Compare(a.name, b.name), a.at-b.at) })
	for _, e := range fresh {
		g.found = append(g.found, Found{files[e.at], by})
	}
}

func (g *gathering) byNumber(tx *tenants.Tx, q *query) error {
	if !q.run.IsZero() {
		files, err := ByRUNs(tx, []RUN{q.run})
		if err != nil {
			return err
		}
		if f, ok := files[q.run]; ok {
			g.add([]File{f}, ByNumber)
		}
	}
	if q.provisional == "" {
		return nil
	}
	files, err := byProvisional(tx, q.provisional)
	g.add(files, ByNumber)
	return err
}

func (g *gathering) byDocument(tx *tenants.Tx, q *query) error {
	if q.document != "" {
		files, err := withDocument(tx, q.document, maxResults+1)
		if err != nil {
			return err
		}
		g.add(files, ByDocument)
	}
	for _, phone := range q.phones {
		files, err := withPhone(tx, phone, maxResults+1)
		if err != nil {
			return err
		}
		g.add(files, ByPhone)
	}
	return nil
}

// byName looks for people who have words that begin as those typed, those first
// who have the very words; and, when hardly anybody is found, for people whose
// words differ by one letter.
func (g *gathering) byName(tx *tenants.Tx, words []string, v *Vocabulary) error {
	begun, err := namedOr(tx, v.Beginning(words), 2*maxResults)
	if err != nil {
		return err
	}
	if len(begun) == 2*maxResults { // the very words may stand further down
		same, err := named(tx, v.Exactly(words), maxResults+1)
		if err != nil {
			return err
		}
		g.add(same, ByName)
	}
	exact, begins := parted(begun, words)
	g.add(exact, ByName)
	g.add(begins, ByName)
	if len(g.found) >= fewFound {
		return nil
	}
	like, err := namedOr(tx, v.Likely(words), maxResults+1)
	g.add(like, ByLikeName)
	return err
}

// parted gives first those whose names hold the very words.
func parted(files []File, words []string) (exact, begins []File) {
	for i := range files {
		name := strings.Fields(sheet.Fold(files[i].Name()))
		if slices.ContainsFunc(words, func(w string) bool { return !isYear(w) && !slices.Contains(name, w) }) {
			begins = append(begins, files[i])
		} else {
			exact = append(exact, files[i])
		}
	}
	return exact, begins
}

// namedOr finds nobody by the expression that nothing matches.
func namedOr(tx *tenants.Tx, match string, limit int) ([]File, error) {
	if match == "" {
		return nil, nil
	}
	return named(tx, match, limit)
}
