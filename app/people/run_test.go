package people_test

import (
	"encoding/csv"
	"errors"
	"os"
	"strings"
	"testing"
	"testing/quick"

	"gsl/app/people"
)

func TestEveryVectorIsReadAsItShould(t *testing.T) {
	f, err := os.Open("testdata/run-vectors.csv")
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	rows, err := csv.NewReader(f).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	for _, row := range rows[1:] {
		run, err := people.ParseRUN(row[0])
		if valid := row[1] == "true"; valid != (err == nil) {
			t.Errorf("%q: valid is %v, got error %v", row[0], valid, err)
		}
		if run.String() != row[2] {
			t.Errorf("%q: canonical form %q, want %q", row[0], run, row[2])
		}
	}
	if len(rows) < 200 {
		t.Errorf("only %d vectors were read", len(rows))
	}
}

func TestWhyATextIsNoRUN(t *testing.T) {
	for text, want := range map[string]error{
		"":                             people.ErrRUNBlank,
		" . - ":                        people.ErrRUNBlank,
		"12345678-":                    people.ErrRUNDash,
		"1-2345678-5":                  people.ErrRUNShape,
		"1234567-85":                   people.ErrRUNDash,
		"-123456785":                   people.ErrRUNDash,
		"12345678-.5.":                 nil,
		"12345678 - 5":                 nil,
		"123456785":                    nil,
		"12345678-9":                   people.ErrRUNCheckDigit,
		"1K-9":                         people.ErrRUNShape,
		"K":                            people.ErrRUNShape,
		"0-0":                          people.ErrRUNShape,
		"abc":                          people.ErrRUNShape,
		"12.345.678–5":                 people.ErrRUNShape, // an en dash
		"１２３４５６７８-5":                   people.ErrRUNShape, // full-width digits
		"12345678-5\x00":               people.ErrRUNShape,
		"1234567890-1":                 people.ErrRUNLong,
		strings.Repeat("1", 300):       people.ErrRUNLong,
		strings.Repeat("0", 30) + "19": nil,
	} {
		if _, err := people.ParseRUN(text); !errors.Is(err, want) {
			t.Errorf("%q: %v, want %v", text, err, want)
		}
	}
}

// Whatever way a RUN is written, it reads back as itself, and no other check
// digit is accepted for its body.
func TestARUNReadsBackFromEveryWayOfWritingIt(t *testing.T) {
	property := func(n uint32) bool {
		run := people.RUNOf(n%999_999_999 + 1)
		canonical := run.String()
		for _, text := range []string{
			canonical, run.Format(), strings.ToLower(canonical), "  " + run.Format() + " ",
			strings.ReplaceAll(canonical, "-", ""), strings.ReplaceAll(run.Format(), ".", " "), "00" + canonical,
		} {
			if back, err := people.ParseRUN(text); err != nil || back != run {
				return false
			}
		}
		accepted := 0
		for _, digit := range "0123456789K" {
			if _, err := people.ParseRUN(canonical[:len(canonical)-1] + string(digit)); err == nil {
				accepted++
			}
		}
		return accepted == 1
	}
	if err := quick.Check(property, nil); err != nil {
		t.Error(err)
	}
}

func TestARUNInAFileIsItsBody(t *testing.T) {
	var run people.RUN
	for _, bad := range []any{int64(-1), int64(1_000_000_000), "12345678-5", 1.5} {
		if err := run.Scan(bad); err == nil {
			t.Errorf("%v was read as a RUN", bad)
		}
	}
	if err := run.Scan(int64(12345678)); err != nil || run.String() != "12345678-5" {
		t.Errorf("12345678 read as %v (%v)", run, err)
	}
	if value, _ := (people.RUN{}).Value(); value != nil {
		t.Errorf("no RUN is written as %v, want NULL", value)
	}
}

func FuzzParseRUN(f *testing.F) {
	for _, seed := range []string{"12.345.678-5", "1009-K", "", "-", "k", "１-9", "00000000-0"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		run, err := people.ParseRUN(text)
		if err != nil {
			if !run.IsZero() {
				t.Errorf("%q: an error and a RUN", text)
			}
			return
		}
		if back, err := people.ParseRUN(run.Format()); err != nil || back != run {
			t.Errorf("%q: %v does not read back", text, run)
		}
	})
}
