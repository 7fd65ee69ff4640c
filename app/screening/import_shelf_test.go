package screening

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"strings"
	"testing"

	"gsl/app/kit/sheet"
	"gsl/app/people"
	"gsl/tenants"
	"gsl/tenants/tenantstest"
)

// shelf is a registry under test.
type shelf struct {
	t        *testing.T
	db       *tenants.DB
	importer *Importer
}

func newShelf(t *testing.T) *shelf {
	t.Helper()
	db := tenantstest.New(t).Registry()
	importer := NewImporter(db)
	importer.chunk = 100 // so that small files, too, are many transactions
	return &shelf{t, db, importer}
}

func (s *shelf) try(name string, content []byte, opt ImportOptions) (ImportReport, error) {
	s.t.Helper()
	return s.importer.Import(context.Background(), sheet.NewFile(name, bytes.NewReader(content), int64(len(content))), opt)
}

func (s *shelf) load(name string, content []byte, opt ImportOptions) ImportReport {
	s.t.Helper()
	report, err := s.try(name, content, opt)
	if err != nil {
		s.t.Fatalf("%s: %v", name, err)
	}
	s.sound()
	return report
}

func (s *shelf) loadFile(name string) ImportReport {
	s.t.Helper()
	content, err := os.ReadFile("testdata/" + name)
	if err != nil {
		s.t.Fatal(err)
	}
	return s.load(name, content, ImportOptions{})
}

func (s *shelf) count(query string) int {
	s.t.Helper()
	var n int
	err := s.db.View(context.Background(), func(tx *tenants.Tx) error { return tx.QueryRow(query).Scan(&n) })
	if err != nil {
		s.t.Fatal(err)
	}
	return n
}

func (s *shelf) people() int     { return s.count(`SELECT count(*) FROM member`) }
func (s *shelf) households() int { return s.count(`SELECT count(*) FROM household`) }

// sound checks what must hold after every import, whatever the file.
func (s *shelf) sound() {
	s.t.Helper()
	for what, query := range map[string]string{
		"people in two households": `SELECT count(*) - count(DISTINCT run) FROM member`,
		"people without household": `SELECT count(*) FROM member WHERE folio NOT IN (SELECT folio FROM household)`,
		"empty households":         `SELECT count(*) FROM household WHERE folio NOT IN (SELECT folio FROM member)`,
		"missing index":            `SELECT 1 - count(*) FROM sqlite_schema WHERE name = 'member_run'`,
		"suspects left":            `SELECT count(*) FROM import_suspect`,
	} {
		if n := s.count(query); n != 0 {
			s.t.Errorf("%d %s", n, what)
		}
	}
}

func (s *shelf) household(run string) (Household, error) {
	s.t.Helper()
	parsed, err := people.ParseRUN(run)
	if err != nil {
		s.t.Fatal(err)
	}
	return NewEmbedded(s.db).Household(context.Background(), parsed)
}

// names of the household of a person, in order of RUN; the error's text without one.
func (s *shelf) names(run string) string {
	s.t.Helper()
	h, err := s.household(run)
	if err != nil {
		return err.Error()
	}
	list := []string{h.Folio + ":"}
	for _, m := range h.Members {
		list = append(list, m.GivenNames)
	}
	return strings.Join(list, " ")
}

func problems(list []sheet.Problem) []string {
	var out []string
	for _, p := range list {
		out = append(out, fmt.Sprintf("%d %s %q %s", p.Line, p.Column, p.Value, p.Key))
	}
	return out
}

// small begins the small files of tests: header, then rows of folio, run, name, head and date.
const small = "folio;run;nombres;apellidos;nacimiento;jefe de hogar;tramo;comuna;ingreso;fecha de corte\n"

func row(folio, run, name, head, date string) string {
	return fmt.Sprintf("%s;%s;%s;Pérez;1980-01-01;%s;40;05802;1000;%s\n", folio, run, name, head, date)
}

func (s *shelf) rows(rows ...string) ImportReport {
	s.t.Helper()
	return s.load("rsh.csv", []byte(small+strings.Join(rows, "")), ImportOptions{})
}
