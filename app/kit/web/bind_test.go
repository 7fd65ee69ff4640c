package web

import (
	"errors"
	"maps"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"testing"

	"gsl/app/kit/calendar"
	"gsl/app/kit/fault"
	"gsl/app/kit/i18n"
)

type everything struct {
	Name   string            `form:"name" validate:"required,max=5"`
	Kind   string            `form:"kind" validate:"omitempty,oneof=a b"`
	Born   calendar.Date     `form:"born"`
	Due    calendar.Date     `form:"due" validate:"required"`
	Amount int64             `form:"amount" validate:"gte=0,lte=1000000"`
	Agreed bool              `form:"agreed"`
	Secret string            `form:"password,raw"`
	Tags   []string          `form:"tag" validate:"max=3,dive,max=4"`
	Status map[string]string `form:"status" validate:"dive,oneof=pending confirmed"`
	Other  string            // not of the form
}

func form(pairs ...string) url.Values {
	f := url.Values{"name": {"ok"}, "due": {"21-11-2026"}}
	for i := 0; i < len(pairs); i += 2 {
		f.Add(pairs[i], pairs[i+1])
	}
	return f
}

func TestBindReads(t *testing.T) {
	var got everything
	err := bind(form("born", "2026-02-28", "amount", "$ 45.000", "agreed", "1", "password", " a ", "tag", " x ", "tag", "y",
		"status[01J]", "pending", "status[01K]", "confirmed", "_token", "t", "_other", "t"), &got)
	if err != nil {
		t.Fatal(err)
	}
	if got.Born.Chilean() != "28-02-2026" || got.Amount != 45000 || !got.Agreed || got.Secret != " a " ||
		!slices.Equal(got.Tags, []string{"x", "y"}) || len(got.Status) != 2 || got.Status["01K"] != "confirmed" {
		t.Errorf("%+v", got)
	}
	f := form()
	f.Set("name", "  a\r\nb  ")
	if err := bind(f, &got); err != nil || got.Name != "a\nb" {
		t.Errorf("%v %q", err, got.Name)
	}
}

// What comes along with pasted text, unseen, neither stops a form nor turns a text
// around nor stands for one.
func TestPastedTextIsTakenAsItIsSeen(t *testing.T) {
	for typed, want := range map[string]string{
		"a\vb": "a\nb", "pi\x1fso": "piso", "pi\x02so": "piso", "a\x1eb": "a-b", "a\fb": "a\nb", "a\u0085b": "a\nb", "a\u2028b": "a\nb", "\ufeffñu\u200b": "ñu", "\u202a+56\u202c": "+56", "a\u202ecba": "acba",
		"\u2067ab\u2069": "ab", "👩\u200d👧": "👩\u200d👧", "e\u0301": "e\u0301",
	} {
		var got everything
		f := form()
		f.Set("name", typed)
		if err := bind(f, &got); err != nil || got.Name != want {
			t.Errorf("%q: %v %q", typed, err, got.Name)
		}
	}
	for _, typed := range []string{"\u200b", " \u3164 ", "\u2800\n", "\ufeff", "\u202e", "\u00ad", "\u200d\u2060"} {
		var got everything
		f := form()
		f.Set("name", typed)
		if err := bind(f, &got); !fault.Is(err, fault.Invalid) {
			t.Errorf("%q stands for a name: %q", typed, got.Name)
		}
	}
	var got everything
	if err := bind(form("password", "a\u202e \u200b"), &got); err != nil || got.Secret != "a\u202e \u200b" {
		t.Errorf("%v: a secret became %q", err, got.Secret)
	}
}

func TestBindRefuses(t *testing.T) {
	for _, c := range []struct {
		what  string
		form  url.Values
		field string
		key   string
	}{
		{"unknown", form("zzz", "1"), "zzz", "web.field.unknown"},
		{"unknown table", form("other[01J]", "1"), "other[01J]", "web.field.unknown"},
		{"struct field without a tag", form("Other", "1"), "Other", "web.field.unknown"},
		{"missing", url.Values{"due": {"21-11-2026"}}, "name", "web.field.required"},
		{"blank", url.Values{"name": {"   "}, "due": {"21-11-2026"}}, "name", "web.field.required"},
		{"too long", url.Values{"name": {"ñandúes"}, "due": {"21-11-2026"}}, "name", "web.field.max"},
		{"twice", form("name", "b"), "name", "web.field.repeated"},
		{"enum", form("kind", "c"), "kind", "web.field.choice"},
		{"no such day", form("born", "31-02-2026"), "born", "web.field.date"},
		{"not a date", form("born", "ayer"), "born", "web.field.date"},
		{"missing date", url.Values{"name": {"ok"}}, "due", "web.field.required"},
		{"cents", form("amount", "1.5"), "amount", "web.field.number"},
		{"letters", form("amount", "12a"), "amount", "web.field.number"},
		{"full-width digits", form("amount", "１２"), "amount", "web.field.number"},
		{"overflow", form("amount", "99999999999999999999"), "amount", "web.field.number"},
		{"negative", form("amount", "-1"), "amount", "web.field.at_least"},
		{"too much", form("amount", "1000001"), "amount", "web.field.at_most"},
		{"half a box", form("agreed", "yes"), "agreed", "web.field.choice"},
		{"NUL", form("kind", "a\x00"), "kind", "web.field.characters"},
		{"broken UTF-8", form("kind", "\xff"), "kind", "web.field.characters"},
		{"control", form("kind", "a\x1b[31m"), "kind", "web.field.characters"},
		{"too many", form("tag", "1", "tag", "2", "tag", "3", "tag", "4"), "tag", "web.field.too_many"},
		{"one of many", form("tag", "ok", "tag", "too long"), "tag[1]", "web.field.max"},
		{"in a table", form("status[01J]", "lost"), "status[01J]", "web.field.choice"},
		{"table twice", form("status[01J]", "pending", "status[01J]", "confirmed"), "status[01J]", "web.field.repeated"},
	} {
		var dst everything
		before := maps.Clone(c.form)
		err := bind(c.form, &dst)
		var f *fault.Error
		if !errors.As(err, &f) || f.Kind != fault.Invalid {
			t.Errorf("%s: %v", c.what, err)
			continue
		}
		if !slices.ContainsFunc(f.Fields, func(got fault.Field) bool { return got.Name == c.field && got.Key == c.key }) {
			t.Errorf("%s: %+v", c.what, f.Fields)
		}
		if !maps.EqualFunc(before, c.form, slices.Equal) {
			t.Errorf("%s: the form was changed", c.what)
		}
	}
}

// Everything that is wrong is said at once.
func TestBindNamesEachField(t *testing.T) {
	var dst everything
	err := bind(url.Values{"born": {"x"}, "amount": {"y"}, "kind": {"z"}, "extra": {"1"}}, &dst)
	var f *fault.Error
	if !errors.As(err, &f) {
		t.Fatal(err)
	}
	var names []string
	for _, field := range f.Fields {
		names = append(names, field.Name)
		if !i18n.Has(t.Context(), field.Key) {
			t.Errorf("%s has no sentence", field.Key)
		}
	}
	slices.Sort(names)
	if got := strings.Join(names, " "); got != "amount born due extra kind name" {
		t.Errorf("named: %s", got)
	}
}

func TestBindTakesTheRest(t *testing.T) {
	var dst struct {
		Item string            `form:"item" validate:"required"`
		Rest map[string]string `form:"*"`
	}
	if err := bind(url.Values{"item": {"E1"}, "supplier": {" Don Pepe "}, "_token": {"t"}}, &dst); err != nil || len(dst.Rest) != 1 || dst.Rest["supplier"] != "Don Pepe" {
		t.Errorf("%v %+v", err, dst)
	}
	if err := bind(url.Values{"item": {"E1"}, "supplier": {"a", "b"}}, &dst); !fault.Is(err, fault.Invalid) {
		t.Errorf("repeated: %v", err)
	}
}

func TestBindNeedsAKnownType(t *testing.T) {
	defer func() {
		if recover() == nil {
			t.Error("a field that cannot be filled must not pass in silence")
		}
	}()
	var dst struct {
		F float64 `form:"f"`
	}
	_ = bind(url.Values{}, &dst)
}

func TestWholeNumbers(t *testing.T) {
	for text, want := range map[string]int64{"0": 0, "45000": 45000, "45.000": 45000, "1.234.567": 1234567, "$45.000": 45000, "$ 1": 1, "-5": -5, "007": 7} {
		if got, ok := parseWhole(text); !ok || got != want {
			t.Errorf("%q: %d %v", text, got, ok)
		}
	}
	for _, text := range []string{"", "$", ".", "1.", ".000", "1.00", "1.0000", "1234.567", "1,5", "1e3", "0x1", "+1", "1 000", "--1", "１"} {
		if got, ok := parseWhole(text); ok {
			t.Errorf("%q was read as %d", text, got)
		}
	}
}

// Whatever comes, Bind answers with a fault or with values that obey the rules,
// and the form still holds every letter that was typed.
func FuzzBind(f *testing.F) {
	for _, seed := range []string{"", "ok", "31-02-2026", "$ 1.000", "\x00", "status[", "]", "status[]", strings.Repeat("a", 500), "ñ", "\u202e", "{{", "=cmd|"} {
		f.Add("name", seed, seed)
		f.Add(seed, "ok", seed)
	}
	f.Fuzz(func(t *testing.T, name, value, second string) {
		sent := url.Values{"name": {value}, "due": {second}, "amount": {second}}
		sent.Add(name, second)
		before := url.Values{}
		for k, v := range sent {
			before[k] = slices.Clone(v)
		}
		var dst everything
		err := bind(sent, &dst)
		if !maps.EqualFunc(before, sent, slices.Equal) {
			t.Fatal("something typed was lost")
		}
		if err != nil {
			if !fault.Is(err, fault.Invalid) {
				t.Fatal(err)
			}
			return
		}
		if dst.Name == "" || len([]rune(dst.Name)) > 5 || dst.Due.IsZero() || dst.Amount < 0 || dst.Amount > 1_000_000 {
			t.Fatalf("accepted %+v from %v", dst, sent)
		}
	})
}

func BenchmarkBind(b *testing.B) {
	f := form("born", "2026-02-28", "amount", "$ 45.000", "agreed", "1", "status[01J]", "pending", "_token", "t")
	for b.Loop() {
		var dst everything
		if err := bind(f, &dst); err != nil {
			b.Fatal(err)
		}
	}
}

func TestKeysOfRulesHaveSentences(t *testing.T) {
	for rule, key := range ruleKeys {
		if !i18n.Has(t.Context(), key) {
			t.Errorf("%s: %s has no sentence", rule, key)
		}
	}
	for status := range titleKeys {
		if !i18n.Has(t.Context(), titleKeys[status]) || !i18n.Has(t.Context(), todoKeys[status]) {
			t.Errorf("status %s says nothing", strconv.Itoa(status))
		}
	}
}
