package plan

import (
	"time"

	"gsl/app/access"
	"gsl/app/kit/actor"
	"gsl/app/people"
	"gsl/app/screening"
	"gsl/templates/layout"
	"gsl/tenants"
)

// ShowWork puts the cart's count and the plan's circle, as WorkOfFile gives them,
// into the left menu of a file. The circle is green while any plan is open, blue
// when all are closed.
func ShowWork(frame *layout.FileFrame, lines, open, closed int) {
	for i := range frame.Sections {
		switch section := &frame.Sections[i]; section.Key {
		case people.CartSection:
			section.Count = lines
		case people.PlanSection:
			section.Circle = circle(open, closed)
		}
	}
}

func circle(open, closed int) string {
	switch {
	case open > 0:
		return "open"
	case closed > 0:
		return "closed"
	}
	return ""
}

// OfFile gives the plans of a file with their items, the newest first; the
// history of the file tells them.
func OfFile(tx *tenants.Tx, fileID string) ([]Plan, error) { return plansOf(tx, fileID) }

// HouseholdWork lists what is under way for the people in this municipality:
// open plans and carts with something in them. holders are the keys under which
// people's benefits are kept; those without a file have no work.
func (s *Service) HouseholdWork(tx *tenants.Tx, who actor.Actor, holders []string) ([]screening.Work, error) {
	var runs []people.RUN
	for _, holder := range holders {
		if run, err := people.ParseRUN(holder); err == nil { // a person without RUN is in nobody's household
			runs = append(runs, run)
		}
	}
	if len(runs) == 0 {
		return nil, nil
	}
	files, err := people.ByRUNs(tx, runs)
	if err != nil || len(files) == 0 {
		return nil, err
	}
	veil, err := s.people.VeilOver(tx, who, runs)
	if err != nil {
		return nil, err
	}
	ids := make([]string, 0, len(files))
	byID := make(map[string]people.File, len(files))
	for _, f := range files {
		if veil.Hides(f.ID) {
			continue // not even that something is under way
		}
		ids = append(ids, f.ID)
		byID[f.ID] = f
	}
	if len(ids) == 0 {
		return nil, nil
	}
	list, err := workOf(tx, ids)
	if err != nil {
		return nil, err
	}
	for i := range list {
		work := &list[i]
		f := byID[work.FileID]
		work.Holder, work.Name = f.Holder(), f.Name()
		work.Href = hrefOf(who, work)
	}
	return list, nil
}

// hrefOf is where the work can be followed, "" for a cart that the role does not have.
func hrefOf(who actor.Actor, w *screening.Work) string {
	switch {
	case w.Kind == screening.PlanWork && who.Can(access.ReadFile):
		return "/files/" + w.FileID + "/plan"
	case w.Kind == screening.CartWork && who.Can(access.ManageCart):
		return "/files/" + w.FileID + "/cart"
	}
	return ""
}

// OpenPlan is one line of the workbench: a plan that waits for its worker.
type OpenPlan struct {
	PlanID, FileID string
	Folio          string
	Name           string // of the person, as agreed
	Pending        int
	Confirmed      int
	CreatedAt      time.Time
	ChangedAt      time.Time // the longest without movement comes first
}

// MyOpenPlans lists the open plans that the actor made, the longest without
// movement first. It shows names: the workbench leaves the trail.
func (s *Service) MyOpenPlans(tx *tenants.Tx, who actor.Actor, limit int) ([]OpenPlan, error) {
	return openPlansOf(tx, who.UserID, limit)
}
