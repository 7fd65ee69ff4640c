package tenants

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"testing"
	"time"
)

// The second line keeps five weeks, one copy a day, each whole; a day that is
// asked for gives the newest copy that is not later.
func TestTheSecondLineKeepsFiveWeeks(t *testing.T) {
	r := newRig(t, Options{})
	m := r.town("05802")
	first := time.Date(2026, time.October, 1, 0, 0, 0, 0, time.UTC)
	for i := range 40 {
		if err := set(m, fmt.Sprintf("t%02d", i), "1"); err != nil {
			t.Fatal(err)
		}
		day := first.AddDate(0, 0, i).Format(dayLayout)
		if _, err := r.keepCopy(background, m.main, day); err != nil {
			t.Fatal(err)
		}
		if _, err := r.keepCopy(background, m.main, day); err != nil { // again: it is there
			t.Fatal(err)
		}
	}
	days, err := r.CopyDays(m)
	if err != nil || len(days) != secondLineDays+1 || days[0] != "2026-10-05" || !slices.IsSorted(days) {
		t.Errorf("%d days from %v (%v)", len(days), days, err)
	}
	for want, at := range map[string]string{"2026-10-20": "2026-10-20", "2026-11-09": "2027-01-01", "": "2026-10-04"} {
		path := filepath.Join(t.TempDir(), "x.db")
		used, err := r.unpackCopy(background, m.main, at, path)
		if used != want || (err == nil) != (want != "") {
			t.Errorf("of %s: %q %v", at, used, err)
		}
	}
	entries, err := os.ReadDir(r.secondLineOf(m.main))
	if err != nil || len(entries) != len(days) {
		t.Errorf("%d files in the folder (%v)", len(entries), err)
	}
}

// A copy of a file in which people write is as of one moment, and one that is
// cut short is no copy.
func TestACopyIsOfOneMoment(t *testing.T) {
	r := newRig(t, Options{})
	m := r.town("05802")
	ctx, cancel := context.WithCancel(background)
	cancel()
	if _, err := r.keepCopy(ctx, m.main, "2026-11-21"); !errors.Is(err, context.Canceled) {
		t.Errorf("cut short: %v", err)
	}
	if days, _ := r.CopyDays(m); len(days) != 0 {
		t.Errorf("cut short, and kept: %v", days)
	}
	for _, d := range []*DB{r.National(), r.Registry(), m.access} {
		if _, err := r.keepCopy(background, d, "2026-11-21"); err != nil {
			t.Errorf("%s: %v", d.name, err)
		}
	}
	// The damage that a copy would carry on is named instead.
	r.shut(m.main)
	r.raw(r.path(m.main), `PRAGMA writable_schema=1`, `UPDATE sqlite_master SET rootpage = 3 WHERE name = 'setting'`)
	if _, err := r.keepCopy(background, m.main, "2026-11-22"); err == nil {
		t.Error("a damaged file was copied as if it were whole")
	}
	if days, _ := r.CopyDays(m); len(days) != 0 {
		t.Errorf("kept: %v", days)
	}
}
