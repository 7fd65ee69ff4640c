package attention

import (
	"slices"
	"testing"
	"time"

	"gsl/app/access"
	"gsl/app/kit/actor"
	"gsl/app/kit/audit"
	"gsl/app/people"
	"gsl/tenants"
)

func TestTellersTellOnlyWhoMayRead(t *testing.T) {
	worker := actor.Actor{Permissions: access.PermissionsOf(access.CaseManager, access.SocialUnit)}
	front := actor.Actor{Permissions: access.PermissionsOf(access.FrontDesk, "")}
	s := &Service{Tellers: []Teller{{Kind: VisitKind, Need: access.ReadCasework, Trail: "visit.", Made: []string{"visit.schedule"},
		Tell: func(*tenants.Tx, actor.Actor, string) ([]Line, error) {
			return []Line{{ID: "v1", At: time.Unix(1, 0), By: "Camila", What: "Visita"}}, nil
		},
		Hides: func(_ *tenants.Tx, _ actor.Actor, c *audit.Entry) (bool, error) { return c.Object == "secret", nil },
	}}}
	past := &Past{File: people.File{ID: "f"}}
	for _, who := range []struct {
		name            string
		actor           actor.Actor
		lines           int
		kind, made      bool
		visible, secret bool
	}{
		{"worker", worker, 1, true, true, true, false},
		{"front desk", front, 0, false, false, false, false},
	} {
		lines, err := s.tell(nil, who.actor, past)
		if err != nil || len(lines) != who.lines {
			t.Errorf("%s: %d lines, %v", who.name, len(lines), err)
		}
		kind := false
		for _, k := range s.kinds(who.actor, false) {
			kind = kind || k == VisitKind
		}
		if kind != who.kind || s.madeByTold(who.actor)("visit.schedule") != who.made {
			t.Errorf("%s: kind %v, made %v", who.name, kind, s.madeByTold(who.actor)("visit.schedule"))
		}
		changes := []audit.Entry{{Action: "visit.note", Object: "x"}, {Action: "visit.note", Object: "secret"}, {Action: "cart.add"}}
		if err := s.conceal(nil, who.actor, changes); err != nil {
			t.Fatal(err)
		}
		if (changes[0].Action != "") != who.visible || (changes[1].Action != "") != who.secret || changes[2].Action != "cart.add" {
			t.Errorf("%s reads %+v", who.name, changes)
		}
	}
}

func TestVeiledChangesOfOneDayAreOneLine(t *testing.T) {
	noon := time.Date(2026, 11, 20, 15, 0, 0, 0, time.UTC)
	change := func(minutes int, user, action string) audit.Entry {
		return audit.Entry{Seq: int64(-minutes), At: noon.Add(-time.Duration(minutes) * time.Minute), UserID: user, Action: action}
	}
	m := &merger{made: func(string) bool { return false }, changes: []audit.Entry{change(0, "a", ""), change(1, "a", ""), change(2, "b", ""),
		change(3, "b", "cart.add"), change(4, "b", "cart.add"), change(5, "b", ""), change(5+24*60, "b", "")}}
	events, _ := m.merge(cursor{})
	var times []int
	for _, e := range events {
		times = append(times, e.Times)
	}
	if want := []int{2, 1, 1, 1, 1, 1}; !slices.Equal(times, want) {
		t.Errorf("lines of %v changes, want %v", times, want)
	}
}
