package sqlite

import (
	"bytes"
	"database/sql"
	"database/sql/driver"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

func open(t *testing.T, pragmas ...string) *Conn {
	t.Helper()
	path := filepath.Join(t.TempDir(), "a ?&#%.db") // a path is a path, not a URI
	if err := os.WriteFile(path, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	c, err := Open(Config{Path: path, Pragmas: pragmas})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := c.Close(); err != nil {
			t.Error(err)
		}
	})
	return c
}

// echo sends a value through SQLite into dest.
func echo(c *Conn, value, dest any) error {
	s, err := c.Prepare(`SELECT ?`)
	if err != nil {
		return err
	}
	defer s.Release()
	if err := s.Bind([]any{value}); err != nil {
		return err
	}
	if more, err := s.Step(); err != nil || !more {
		return errors.Join(err, errors.New("no row"))
	}
	return s.Scan(dest)
}

type kind string

type count int16

type upper string

func (u *upper) Scan(value any) error {
	text, ok := value.(string)
	if !ok {
		return fmt.Errorf("a %T", value)
	}
	*u = upper(strings.ToUpper(text))
	return nil
}

func (u upper) Value() (driver.Value, error) { return strings.ToLower(string(u)), nil }

func TestValuesComeBack(t *testing.T) {
	c := open(t)
	long := strings.Repeat("ñandú ", 50_000)
	noon := time.Date(2026, 11, 21, 12, 0, 0, 999, time.FixedZone("", -3*3600))
	text, number := "x", int64(1<<40)
	for _, pair := range []struct{ in, out, want any }{
		{"Ñuñoa", new(string), "Ñuñoa"},
		{"", new(string), ""},
		{"a\x00b", new(string), "a\x00b"},
		{long, new(string), long},
		{int64(-1 << 63), new(int64), int64(-1 << 63)},
		{7, new(int), 7},
		{uint32(7), new(uint8), uint8(7)},
		{true, new(bool), true},
		{1.5, new(float64), 1.5},
		{2.0, new(int64), int64(2)},
		{3, new(float64), 3.0},
		{count(9), new(count), count(9)},
		{kind("A"), new(kind), kind("A")},
		{upper("ABC"), new(string), "abc"},
		{"abc", new(upper), upper("ABC")},
		{&text, new(string), "x"},
		{&number, new(int64), number},
		{5, new(string), "5"},
		{noon, new(string), "2026-11-21T15:00:00Z"},
		{noon, new(time.Time), noon.Truncate(time.Second).UTC()},
		{sql.NullString{}, new(sql.NullString), sql.NullString{}},
		{"v", new(sql.NullString), sql.NullString{String: "v", Valid: true}},
	} {
		if err := echo(c, pair.in, pair.out); err != nil {
			t.Errorf("%T into %T: %v", pair.in, pair.out, err)
			continue
		}
		if got := deref(pair.out); got != pair.want {
			t.Errorf("%T into %T: got %.60v, want %.60v", pair.in, pair.out, got, pair.want)
		}
	}
}

func deref(p any) any {
	switch v := p.(type) {
	case *string:
		return *v
	case *int64:
		return *v
	case *int:
		return *v
	case *uint8:
		return *v
	case *bool:
		return *v
	case *float64:
		return *v
	case *count:
		return *v
	case *kind:
		return *v
	case *upper:
		return *v
	case *time.Time:
		return *v
	case *sql.NullString:
		return *v
	}
	return p
}

func TestNullsAndBlobs(t *testing.T) {
	c := open(t)
	var text *string
	if err := echo(c, nil, &text); err != nil || text != nil {
		t.Errorf("NULL into **string: %v %v", text, err)
	}
	if err := echo(c, "x", &text); err != nil || text == nil || *text != "x" {
		t.Errorf("text into **string: %v %v", text, err)
	}
	var scanned *upper
	if err := echo(c, "x", &scanned); err != nil || scanned == nil || *scanned != "X" {
		t.Errorf("text into **upper: %v %v", scanned, err)
	}
	var whatever any
	for _, null := range []any{nil, (*string)(nil), (*int64)(nil)} {
		whatever = 1
		if err := echo(c, null, &whatever); err != nil || whatever != nil {
			t.Errorf("%T into *any: %v %v", null, whatever, err)
		}
	}
	for _, blob := range [][]byte{nil, {}, {0, 1, 255}, bytes.Repeat([]byte{7}, 1<<20)} {
		got := []byte{9}
		if err := echo(c, blob, &got); err != nil || !bytes.Equal(got, blob) || (got == nil) != (blob == nil) {
			t.Errorf("blob of %d: %d bytes %v", len(blob), len(got), err)
		}
	}
	if s := c.stmts[`SELECT ?`]; s.size > spill {
		t.Errorf("the statement keeps %d bytes of its last value", s.size)
	}
}

func TestWhatDoesNotFitIsRefused(t *testing.T) {
	c := open(t)
	for _, pair := range []struct{ in, out any }{
		{nil, new(string)}, {nil, new(int)}, {nil, new(bool)}, {nil, new(kind)},
		{"x", new(int)}, {"2026", new(time.Time)}, {1.5, new(int)}, {300, new(uint8)}, {-1, new(uint8)}, {2, new(chan int)},
		{nil, new(upper)}, {"x", "no pointer"}, {"x", (*kind)(nil)},
		{make(chan int), new(string)}, {struct{}{}, new(string)},
	} {
		err := echo(c, pair.in, pair.out)
		if err == nil {
			t.Errorf("%v into %T was accepted", pair.in, pair.out)
		} else if s := fmt.Sprint(pair.in); s == "2026" && strings.Contains(err.Error(), s) {
			t.Errorf("the error shows the value: %v", err)
		}
	}
}

func TestSQLThatIsRefused(t *testing.T) {
	c := open(t)
	for _, sql := range []string{``, ` -- nothing`, `SELECT 1; SELECT 2`, `SELECT "no column"`, `nonsense`,
		`PRAGMA writable_schema = 1; SELECT 1`, `INSERT INTO sqlite_schema VALUES (1,2,3,4,5)`} {
		if err := c.Exec(sql); err == nil {
			t.Errorf("%q was accepted", sql)
		}
	}
	if err := c.Exec(`SELECT 1; -- the end`); err == nil {
		t.Error("text after the statement was accepted")
	}
	if err := c.Exec("SELECT 1 ;\n "); err == nil {
		t.Log("space after the statement is fine")
	}
}

func TestMissingFileIsNotMade(t *testing.T) {
	path := filepath.Join(t.TempDir(), "x.db")
	_, err := Open(Config{Path: path})
	var e *Error
	if !errors.As(err, &e) || e.Primary() != CantOpen {
		t.Errorf("error %v", err)
	}
	if _, err := os.Stat(path); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("it was made: %v", err)
	}
}

// A program that builds SQL does not fill the memory with statements.
func TestStatementsAreBounded(t *testing.T) {
	c := open(t)
	busy, err := c.Prepare(`SELECT 'busy'`)
	if err != nil {
		t.Fatal(err)
	}
	for i := range 3 * keep {
		if err := c.Exec(fmt.Sprintf(`SELECT %d`, i)); err != nil {
			t.Fatal(err)
		}
	}
	if n := len(c.stmts); n > keep {
		t.Errorf("%d statements are kept", n)
	}
	var text string
	if more, err := busy.Step(); err != nil || !more || busy.Scan(&text) != nil || text != "busy" {
		t.Errorf("a statement in use was thrown away: %v", err)
	}
	busy.Release()
}

func TestInterruptAfterCloseIsHarmless(t *testing.T) {
	c := open(t)
	c.Interrupt()
	if err := c.Exec(`SELECT 1`); err != nil {
		t.Errorf("an interrupt of nothing: %v", err)
	}
	if err := c.Close(); err != nil {
		t.Fatal(err)
	}
	c.Interrupt()
	if err := c.Close(); err != nil {
		t.Errorf("closed twice: %v", err)
	}
}
