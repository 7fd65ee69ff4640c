package web

import (
	"net/url"
	"reflect"
	"slices"
	"sort"
	"strconv"
	"strings"
	"sync"
	"unicode"
	"unicode/utf8"

	"gsl/app/kit/calendar"
	"gsl/app/kit/fault"
)

// Bind reads the form into the struct dst points to, strictly: a field that the
// struct does not name, a value that is not what the field is, or one that
// breaks a rule gives a fault.Invalid that names every such field.
//
//	Name   string            `form:"name" validate:"required,max=120"`
//	Born   calendar.Date     `form:"birth_date"`          // dd-mm-aaaa
//	Amount int64             `form:"amount"`              // "45.000" and "$ 45.000" too
//	Agreed bool              `form:"agreed"`              // a box: "1" or nothing
//	Tags   []string          `form:"tag"`                 // repeated
//	Status map[string]string `form:"status"`              // "status[<item>]"
//	Secret string            `form:"password,raw"`        // spaces kept
//	Rest   map[string]string `form:"*"`                   // whatever no other field takes
//
// Text loses what cannot be seen around it. Fields whose name begins with "_" are the
// frame's own and always allowed. What was typed stays in Form and Typed.
func (c *Ctx) Bind(dst any) error {
	form, err := c.Form()
	if err != nil {
		return err
	}
	return bind(form, dst)
}

func bind(form url.Values, dst any) error {
	target := reflect.ValueOf(dst).Elem()
	plan := planOf(target.Type())
	b := binding{form: form, target: target, taken: map[string]bool{}}
	for _, f := range plan.fields {
		b.fill(f)
	}
	b.unknown(plan)
	b.addBroken(brokenRules(dst, plan))
	if len(b.wrong) == 0 {
		return nil
	}
	return fault.InvalidFields(b.wrong...)
}

// plan is how the forms of one struct are read.
type plan struct {
	fields []field
	rest   int // index of the field that takes what is left, -1 for none
	names  map[string]string
}

type field struct {
	index int
	name  string
	raw   bool
	kind  reflect.Type
}

var plans sync.Map // reflect.Type → plan

var (
	textType  = reflect.TypeFor[string]()
	intType   = reflect.TypeFor[int64]()
	boolType  = reflect.TypeFor[bool]()
	dateType  = reflect.TypeFor[calendar.Date]()
	listType  = reflect.TypeFor[[]string]()
	tableType = reflect.TypeFor[map[string]string]()
)

// planOf panics for a struct that cannot be bound: the first test finds it.
func planOf(t reflect.Type) plan {
	if known, ok := plans.Load(t); ok {
		return known.(plan) //nolint:forcetypeassert // only plans are stored
	}
	p := plan{rest: -1, names: map[string]string{}}
	for i := range t.NumField() {
		sf := t.Field(i)
		name, option, _ := strings.Cut(sf.Tag.Get("form"), ",")
		if name == "" {
			continue
		}
		p.names[sf.Name] = name
		if name == "*" {
			p.rest = i
			continue
		}
		switch sf.Type {
		case textType, intType, boolType, dateType, listType, tableType:
		default:
			panic("web: Bind cannot fill a " + sf.Type.String() + " (" + name + ")")
		}
		p.fields = append(p.fields, field{index: i, name: name, raw: option == "raw", kind: sf.Type})
	}
	plans.Store(t, p)
	return p
}

// binding is one form on its way into one struct.
type binding struct {
	form   url.Values
	target reflect.Value
	taken  map[string]bool
	wrong  []fault.Field
}

func (b *binding) refuse(name, key string) {
	b.wrong = append(b.wrong, fault.Field{Name: name, Key: key})
}

// addBroken adds the rules that are broken by fields which could be read.
func (b *binding) addBroken(list []fault.Field) {
	read := len(b.wrong)
	for _, f := range list {
		if !slices.ContainsFunc(b.wrong[:read], func(w fault.Field) bool { return w.Name == f.Name }) {
			b.wrong = append(b.wrong, f)
		}
	}
}

func (b *binding) fill(f field) {
	into := b.target.Field(f.index)
	switch f.kind {
	case tableType:
		into.Set(reflect.ValueOf(b.table(f.name)))
		return
	case listType:
		into.Set(reflect.ValueOf(b.list(f)))
		return
	}
	values := b.form[f.name]
	b.taken[f.name] = true
	if len(values) == 0 {
		return
	}
	if len(values) > 1 {
		b.refuse(f.name, "web.field.repeated")
		return
	}
	text, ok := clean(values[0], f.raw)
	if !ok {
		b.refuse(f.name, "web.field.characters")
		return
	}
	b.set(f, into, text)
}

func (b *binding) set(f field, into reflect.Value, text string) {
	switch {
	case f.kind == textType:
		into.SetString(text)
	case text == "":
	case f.kind == intType:
		n, ok := parseWhole(text)
		if !ok {
			b.refuse(f.name, "web.field.number")
		}
		into.SetInt(n)
	case f.kind == boolType:
		if text != "1" && text != "0" {
			b.refuse(f.name, "web.field.choice")
		}
		into.SetBool(text == "1")
	case f.kind == dateType:
		d, err := calendar.Parse(text)
		if err != nil {
			b.refuse(f.name, "web.field.date")
		}
		into.Set(reflect.ValueOf(d))
	}
}

func (b *binding) list(f field) []string {
	b.taken[f.name] = true
	var list []string
	for _, value := range b.form[f.name] {
		text, ok := clean(value, f.raw)
		if !ok {
			b.refuse(f.name, "web.field.characters")
		}
		list = append(list, text)
	}
	return list
}

// table gathers "name[key]" fields by their keys.
func (b *binding) table(name string) map[string]string {
	table := map[string]string{}
	for full, values := range b.form {
		key, ok := strings.CutPrefix(full, name+"[")
		if !ok || !strings.HasSuffix(key, "]") {
			continue
		}
		b.taken[full] = true
		text, fine := clean(values[0], false)
		switch {
		case len(values) > 1:
			b.refuse(full, "web.field.repeated")
		case !fine:
			b.refuse(full, "web.field.characters")
		default:
			table[strings.TrimSuffix(key, "]")] = text
		}
	}
	return table
}

// unknown gives what nobody took to the rest field, or refuses it.
func (b *binding) unknown(p plan) {
	rest := map[string]string{}
	for name, values := range b.form {
		if b.taken[name] || strings.HasPrefix(name, "_") {
			continue
		}
		text, fine := clean(values[0], false)
		switch {
		case p.rest < 0:
			b.refuse(name, "web.field.unknown")
		case len(values) > 1:
			b.refuse(name, "web.field.repeated")
		case !fine:
			b.refuse(name, "web.field.characters")
		default:
			rest[name] = text
		}
	}
	if p.rest >= 0 {
		b.target.Field(p.rest).Set(reflect.ValueOf(rest))
	}
	sort.SliceStable(b.wrong, func(i, j int) bool { return b.wrong[i].Name < b.wrong[j].Name })
}

// clean gives text as it is kept: line ends of one kind, nothing unseen at its
// ends. Control characters and broken UTF-8 are refused rather than changed, but for
// those that come along when text is pasted and that nobody could find to take out.
func clean(text string, raw bool) (string, bool) {
	if !utf8.ValidString(text) {
		return "", false
	}
	text = strings.ReplaceAll(text, "\r\n", "\n")
	if !raw {
		text = strings.Map(pasted, text)
	}
	for _, r := range text {
		if unicode.IsControl(r) && r != '\n' && r != '\t' {
			return "", false
		}
	}
	if raw {
		return text, true
	}
	return strings.TrimFunc(text, unseen), true
}

// pasted gives the line ends and hyphens of word processors and of printed papers
// as ours, without those that only say where a word may be broken, and drops the
// marks that turn text around: with them, a paper would show another thing than it
// says.
func pasted(r rune) rune {
	switch {
	case r == '\v', r == '\f', r == '\u0085', r == '\u2028', r == '\u2029':
		return '\n'
	case r == '\x1e':
		return '-'
	case r == '\x1f', r == '\x02', r >= '\u202a' && r <= '\u202e', r >= '\u2066' && r <= '\u2069':
		return -1
	}
	return r
}

// unseen reports what leaves no mark on a page: of it alone, no reason is made.
func unseen(r rune) bool {
	switch r {
	case '\u034f', '\u115f', '\u1160', '\u2800', '\u3164', '\uffa0': // fillers, which count as letters
		return true
	}
	return unicode.IsSpace(r) || unicode.Is(unicode.Cf, r)
}

// parseWhole reads a whole number as people write it: "45000", "45.000",
// "$ 45.000". A point that does not separate thousands is a mistake, not a cent.
func parseWhole(text string) (int64, bool) {
	text = strings.TrimSpace(strings.TrimPrefix(text, "$"))
	groups := strings.Split(text, ".")
	for i, g := range groups {
		if i > 0 && len(g) != 3 || i == 0 && len(groups) > 1 && (g == "" || len(g) > 3) {
			return 0, false
		}
	}
	digits := strings.Join(groups, "")
	for i := range len(digits) {
		if (digits[i] < '0' || digits[i] > '9') && (i > 0 || digits[i] != '-') {
			return 0, false
		}
	}
	n, err := strconv.ParseInt(digits, 10, 64)
	return n, err == nil
}
