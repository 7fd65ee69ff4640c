package tenants

import (
	"errors"
	"testing"
)

// What was done is counted, and what was refused.
func TestFiguresCount(t *testing.T) {
	r := newRig(t, Options{})
	m := r.town("05802")
	before := figuresOf(r, "municipal")
	for _, key := range []string{"a", "b", "c"} {
		if err := set(m, key, "x"); err != nil {
			t.Fatal(err)
		}
	}
	if err := m.View(background, func(*Tx) error { return errors.New("no") }); err == nil {
		t.Fatal("the error of a View was lost")
	}
	after := figuresOf(r, "municipal")
	if after.Updates-before.Updates != 3 || after.Commits-before.Commits != 3 || after.Views-before.Views != 1 {
		t.Errorf("%+v, before %+v", after, before)
	}
	if after.Open != 1 || after.WAL == 0 || after.LargestWAL != after.WAL || after.Waiting != 0 {
		t.Errorf("%+v", after)
	}
}

func figuresOf(r *rig, kind string) Figures {
	for _, f := range r.Figures() {
		if f.Kind == kind {
			return f
		}
	}
	return Figures{}
}
