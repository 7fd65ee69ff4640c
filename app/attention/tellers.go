package attention

import (
	"slices"
	"strings"
	"time"

	"gsl/app/kit/actor"
	"gsl/app/kit/audit"
	"gsl/tenants"
)

// Line is a line of a file's history as another room tells it, in the language
// of the transaction's context.
type Line struct {
	ID     string // unique among its kind
	At     time.Time
	Day    bool   // only the day is known: the line stands without an hour
	By     string // name of who did it
	What   string // "Visita domiciliaria · realizada"
	Detail []string
	Href   string // of the thing, "" for none
}

// Teller is a room that tells lines of its own. The composition root fills
// Service.Tellers with one for each kind.
type Teller struct {
	Kind Kind             // NoteKind, DiagnosisKind, VisitKind or ReportKind
	Need actor.Permission // who has it not is told nothing
	// Trail is how the room's changes begin in the trail ("visit."). Who may not
	// read the room learns that something changed and by whom, not what.
	Trail string
	// Made are the changes that made a line, left out beside the line itself.
	Made []string
	// Tell gives all lines of a file that the actor may read, in any order: a
	// person has tens.
	Tell func(tx *tenants.Tx, who actor.Actor, fileID string) ([]Line, error)
	// Hides reports that a change is kept from the actor although the room is
	// not; nil hides none.
	Hides func(tx *tenants.Tx, who actor.Actor, change *audit.Entry) (bool, error)
}

// kinds lists the kinds of the filter: those of the house, and those of the
// rooms that tell the actor something. Views are shown to heads of unit.
func (s *Service) kinds(who actor.Actor, views bool) []Kind {
	list := slices.Clone(kindsOfHouse)
	at := slices.Index(list, CaseKind) + 1
	for i := range s.Tellers {
		if t := &s.Tellers[i]; who.Can(t.Need) && !slices.Contains(list, t.Kind) {
			list, at = slices.Insert(list, at, t.Kind), at+1
		}
	}
	if views {
		list = append(list, ViewKind)
	}
	return list
}

// tell asks the other rooms for their lines.
func (s *Service) tell(tx *tenants.Tx, who actor.Actor, past *Past) ([]Told, error) {
	var list []Told
	for i := range s.Tellers {
		t := &s.Tellers[i]
		if !past.shows(t.Kind) || !who.Can(t.Need) || t.Tell == nil {
			continue
		}
		lines, err := t.Tell(tx, who, past.File.ID)
		if err != nil {
			return nil, err
		}
		for j := range lines {
			list = append(list, Told{ID: lines[j].ID, At: lines[j].At, By: lines[j].By, Kind: t.Kind, Line: &lines[j]})
		}
	}
	return list, nil
}

// madeByTold reports whether a change is what made a line that the actor is told.
func (s *Service) madeByTold(who actor.Actor) func(action string) bool {
	list := slices.Clone(toldMade)
	for i := range s.Tellers {
		if who.Can(s.Tellers[i].Need) {
			list = append(list, s.Tellers[i].Made...)
		}
	}
	return func(action string) bool { return slices.Contains(list, action) }
}

// hides reports that the actor may not read what a change of another room was.
func (s *Service) hides(tx *tenants.Tx, who actor.Actor, change *audit.Entry) (bool, error) {
	for i := range s.Tellers {
		t := &s.Tellers[i]
		switch {
		case t.Trail == "" || !strings.HasPrefix(change.Action, t.Trail):
		case !who.Can(t.Need):
			return true, nil
		case t.Hides != nil:
			return t.Hides(tx, who, change)
		}
	}
	return false, nil
}
