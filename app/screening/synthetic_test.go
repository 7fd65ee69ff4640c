package screening

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"testing"

	"gsl/app/kit/calendar"
	"gsl/app/people"
	"gsl/tenants"
	"gsl/tenants/tenantstest"
)

func synthOptions(t testing.TB) SynthOptions {
	t.Helper()
	today, err := calendar.Parse("2026-11-21")
	if err != nil {
		t.Fatal(err)
	}
	return SynthOptions{Seed: 2026, Today: today, Places: []SynthPlace{{"13201", 450}, {"05802", 400}, {"06304", 150}}}
}

// contents is a hash of all that the registry holds.
func (s *shelf) contents() string {
	s.t.Helper()
	h := sha256.New()
	for _, query := range []string{
		`SELECT * FROM household ORDER BY folio`, `SELECT * FROM member ORDER BY folio, run`, `SELECT * FROM benefit ORDER BY run, granted_on, code, amount`,
	} {
		err := s.db.View(context.Background(), func(tx *tenants.Tx) error {
			rows, err := tx.Query(query)
			if err != nil {
				return err
			}
			defer func() { _ = rows.Close() }()
			names, err := rows.Columns()
			if err != nil {
				return err
			}
			values := make([]any, len(names))
			for i := range values {
				values[i] = new(any)
			}
			for rows.Next() {
				if err := rows.Scan(values...); err != nil {
					return err
				}
				for _, v := range values {
					_, _ = fmt.Fprintf(h, "%v|", *v.(*any))
				}
			}
			return rows.Err()
		})
		if err != nil {
			s.t.Fatal(err)
		}
	}
	return hex.EncodeToString(h.Sum(nil))
}

func TestSynthesizeMakesTheSamePeopleAsItsFiles(t *testing.T) {
	opt := synthOptions(t)
	var persons, benefits bytes.Buffer
	written, err := WriteSynthetic(opt, &persons, &benefits)
	if err != nil {
		t.Fatal(err)
	}
	made, loaded := newShelf(t), newShelf(t)
	report, err := made.importer.Synthesize(context.Background(), opt)
	if err != nil {
		t.Fatal(err)
	}
	made.sound()
	if report != written || report.Households != 1000 {
		t.Errorf("made %+v, wrote %+v", report, written)
	}
	rsh := loaded.load("rsh.csv", persons.Bytes(), ImportOptions{AllOrNothing: true})
	ris := loaded.load("ris.csv", benefits.Bytes(), ImportOptions{AllOrNothing: true})
	if rsh.Rejected+ris.Rejected+rsh.Warned != 0 {
		t.Errorf("rejected %v %v, warned %v", problems(rsh.Problems), problems(ris.Problems), problems(rsh.Warnings))
	}
	if a, b := made.contents(), loaded.contents(); a != b {
		t.Errorf("the files hold other people: %s, %s", a, b)
	}
	again, err := made.importer.Synthesize(context.Background(), opt)
	if err != nil || again != report || made.contents() != loaded.contents() {
		t.Errorf("the second time made %+v %v", again, err)
	}
}

func TestSynthesizeGoesOnWhereItWasCutShort(t *testing.T) {
	opt := synthOptions(t)
	whole, cut := newShelf(t), newShelf(t)
	if _, err := whole.importer.Synthesize(context.Background(), opt); err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	stopped := opt
	stopped.Progress = func(n int64) {
		if n > 300 {
			cancel()
		}
	}
	if _, err := cut.importer.Synthesize(ctx, stopped); err == nil {
		t.Error("nothing stopped it")
	}
	if n := cut.households(); n == 0 || n == 1000 {
		t.Errorf("%d households after the stop", n)
	}
	if _, err := cut.importer.Synthesize(context.Background(), opt); err != nil {
		t.Fatal(err)
	}
	cut.sound()
	if whole.contents() != cut.contents() {
		t.Error("other people after a stop")
	}
}

// Seeds, places and the day are what decides; so many people, so many benefits.
func TestSyntheticPeopleAreBelievable(t *testing.T) {
	s := newShelf(t)
	opt := synthOptions(t)
	report, err := s.importer.Synthesize(context.Background(), opt)
	if err != nil {
		t.Fatal(err)
	}
	if report.People < 2850 || report.People > 3150 {
		t.Errorf("%d people in 1,000 households, want about three in each", report.People)
	}
	for what, c := range map[string]struct {
		query     string
		low, high int
	}{
		"tramo 40":                   {`SELECT count(*) FROM household WHERE tramo = 40`, 450, 550},
		"students":                   {`SELECT count(*) FROM member WHERE student`, 450, 1100},
		"disabled":                   {`SELECT count(*) FROM member WHERE disability`, 125, 300},
		"carers":                     {`SELECT count(*) FROM member WHERE carer`, 30, 200},
		"pregnant":                   {`SELECT count(*) FROM member WHERE pregnant`, 5, 40},
		"pensions":                   {`SELECT count(*) FROM member WHERE pension <> ''`, 150, 750},
		"pregnant men":               {`SELECT count(*) FROM member WHERE pregnant AND sex = 'M'`, 0, 0},
		"minors who are heads":       {`SELECT count(*) FROM member WHERE head AND birth_date > '2008-11-21'`, 0, 0},
		"born in the future":         {`SELECT count(*) FROM member WHERE birth_date > '2026-11-21'`, 0, 0},
		"children without schooling": {`SELECT count(*) FROM member WHERE student AND birth_date > '2021-11-21'`, 0, 0},
		"communes":                   {`SELECT count(DISTINCT commune_code) FROM household`, 3, 3},
		"benefits a person":          {`SELECT count(*) FROM benefit`, 600, 2500},
	} {
		if n := s.count(c.query); n < c.low || n > c.high {
			t.Errorf("%d %s, want %d to %d", n, what, c.low, c.high)
		}
	}
	if n := s.count(`SELECT count(*) FROM member WHERE run BETWEEN 13100000 AND 13299999`); n != 0 {
		t.Errorf("%d people have a RUN of the demo's staff", n)
	}
	heads, err := NewEmbedded(s.db).Heads(context.Background(), "06304", 5)
	if err != nil || len(heads) != 5 {
		t.Fatalf("heads %v %v", heads, err)
	}
	h, err := s.household(heads[0].String())
	if err != nil || h.CommuneCode != "06304" || h.Folio != "063045000001" {
		t.Errorf("first head lives in %s of %s, %v", h.Folio, h.CommuneCode, err)
	}
}

func TestEveryCommuneHasItsOwnRUNs(t *testing.T) {
	const parts = 345
	seen := map[people.RUN]bool{}
	for part := range parts {
		maker := runMaker{part: part, parts: parts}
		for year := 1930; year < 2026; year += 7 {
			for range 20 {
				run := maker.next(year)
				if seen[run] || run.IsZero() {
					t.Fatalf("part %d: %s twice", part, run)
				}
				seen[run] = true
			}
		}
	}
	// A year that is full borrows from others, and still gives nobody's RUN away.
	crowded, given := runMaker{part: 0, parts: parts}, map[people.RUN]bool{}
	for range 5000 {
		run := crowded.next(1985)
		if given[run] {
			t.Fatalf("%s twice", run)
		}
		given[run] = true
	}
}

func TestSynthesizeRefusesPlacesThatAreNone(t *testing.T) {
	s := newShelf(t)
	for _, places := range [][]SynthPlace{{{"99999", 1}}, {{"05802", 1}, {"05802", 2}}} {
		if _, err := s.importer.Synthesize(context.Background(), SynthOptions{Places: places}); err == nil {
			t.Errorf("%v was made", places)
		}
	}
}

func BenchmarkSynthesize(b *testing.B) {
	opt := synthOptions(b)
	opt.Places = []SynthPlace{{"13201", 20_000}}
	for b.Loop() {
		if _, err := NewImporter(tenantstest.New(b).Registry()).Synthesize(context.Background(), opt); err != nil {
			b.Fatal(err)
		}
	}
}
