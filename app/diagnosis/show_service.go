package diagnosis

import (
	"context"

	"gsl/app/access"
	"gsl/app/kit/actor"
	"gsl/app/screening"
	"gsl/tenants"
)

// Section is what the section of a file shows.
type Section struct {
	visit
	Draft   *Diagnosis  // being written, nil for none
	Done    []Diagnosis // finished, the newest first
	Rules   []Rule
	Ecomap  Ecomap
	Goals   Goals
	Writes  bool
	Known   map[Dimension]string // what the registries say today; of a draft only
	Marks   []Mark               // what the rules know of the household; of a draft only
	Verdict Verdict              // of the draft, as it is kept
}

// Section gives the diagnoses of a file and leaves the trail of the view.
func (s *Service) Section(ctx context.Context, who actor.Actor, fileID string) (*Section, error) {
	sec := &Section{Writes: who.Can(access.ManagePlan)}
	var err error
	sec.visit, err = s.view(ctx, who, fileID, "diagnosis", func(tx *tenants.Tx) error { return s.read(tx, who, fileID, sec) }) //nolint:contextcheck // the transaction carries it
	if err != nil || sec.Draft == nil || !sec.Writes {
		return sec, err
	}
	sc, err := s.screened(ctx, who, fileID)
	if err != nil {
		return nil, err
	}
	sec.know(sc)
	return sec, nil
}

// know compares the draft with what the registries say today.
func (sec *Section) know(sc *screening.Screening) {
	sec.Known, sec.Marks = known(sc), marksOf(sc)
	sec.Verdict = judge(sec.Rules, sec.Draft, sec.Marks)
}

func (s *Service) read(tx *tenants.Tx, who actor.Actor, fileID string, sec *Section) error {
	draft, there, err := draftOf(tx, fileID)
	if err != nil {
		return err
	}
	if there {
		sec.Draft = &draft
	}
	if sec.Done, err = doneOf(tx, fileID, mostShown); err != nil {
		return err
	}
	if sec.Rules, err = rulesOf(tx); err != nil {
		return err
	}
	if sec.Ecomap, err = EcomapOf(tx, fileID); err != nil {
		return err
	}
	sec.Goals, err = s.goalsOf(tx, who, fileID)
	return err
}

// mostShown is how many diagnoses stand beside each other.
const mostShown = 6

// One is a finished diagnosis with the one before it.
type One struct {
	visit
	Diagnosis Diagnosis
	Before    *Diagnosis // nil for the first
	Rules     []Rule
}

// One gives a finished diagnosis and leaves the trail of the view.
func (s *Service) One(ctx context.Context, who actor.Actor, id string) (*One, error) {
	one := &One{}
	err := who.Municipality.View(ctx, func(tx *tenants.Tx) (err error) { //nolint:contextcheck // the transaction carries it
		one.Diagnosis, err = load(tx, id)
		return err
	})
	if err != nil {
		return nil, err
	}
	one.visit, err = s.view(ctx, who, one.Diagnosis.FileID, "diagnosis.one", func(tx *tenants.Tx) (err error) {
		if one.Rules, err = rulesOf(tx); err != nil {
			return err
		}
		one.Before, err = before(tx, &one.Diagnosis)
		return err
	})
	return one, err
}

// before gives the diagnosis before one, nil for the first.
func before(tx *tenants.Tx, d *Diagnosis) (*Diagnosis, error) {
	list, err := doneOf(tx, d.FileID, mostKept)
	for i := range list {
		if list[i].DoneAt.Before(d.DoneAt) {
			return &list[i], err
		}
	}
	return nil, err
}
