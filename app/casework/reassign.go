package casework

import (
	"context"
	"slices"

	"gsl/app/access"
	"gsl/app/kit/actor"
	"gsl/app/kit/calendar"
	"gsl/app/kit/fault"
	"gsl/templates/layout"
	"gsl/tenants"
)

// Reassign is cases of the unit that go to somebody else.
type Reassign struct {
	Cases  []string
	Was    map[string]string // case → id of the worker that the list showed; those that are missing are not compared
	Worker string            // user id of somebody who does casework in the unit
	Reason string
	Anyway bool // also to somebody who is away

	Whole bool   // all the cases of From instead of those chosen: a whole caseload
	From  string // id of a worker, NoWorker for those that wait
	Total int    // how many the list said there are
}

// The most cases that go at once: a whole page of the list, and more.
const mostAtOnce = 200

// Reassign gives cases to a worker of the unit, with a reason, and says how many
// changed hands; sent twice it has one effect. A case of another unit, or none,
// is fault.NotFound. Somebody else's change meanwhile is fault.Conflict. Who is
// away gets cases only when that is said: the field worker comes back as
// fault.Invalid, with who does the work meanwhile.
func (s *Service) Reassign(ctx context.Context, who actor.Actor, form Reassign) (int, error) {
	if err := may(who, access.AssignCase); err != nil {
		return 0, err
	}
	list := List{Ask: Ask{Board: true}}
	if err := s.staff(ctx, who, &list); err != nil {
		return 0, err
	}
	worker, reason, err := form.read(list.Staff)
	if err != nil {
		return 0, err
	}
	changed := 0
	err = who.Municipality.Update(ctx, func(tx *tenants.Tx) error {
		changed = 0
		if !form.Anyway {
			if err := s.present(tx, worker); err != nil {
				return err
			}
		}
		cases, err := form.cases(tx, who)
		if err != nil {
			return err
		}
		for i := range cases {
			c := &cases[i]
			if c.WorkerID == worker.UserID {
				continue
			}
			if err := hand(tx, who, c, to{unit: who.UnitID, id: worker.UserID, name: worker.Name}, reason); err != nil {
				return err
			}
			changed++
		}
		return nil
	})
	return changed, err
}

// read checks what the form says by itself.
func (form *Reassign) read(staff []access.Colleague) (access.Colleague, string, error) {
	var wrong []fault.Field
	at := slices.IndexFunc(staff, func(c access.Colleague) bool { return c.UserID == form.Worker })
	if at < 0 {
		wrong = append(wrong, fault.Field{Name: "worker", Key: "casework.error.worker"})
	}
	reason, err := readReason(form.Reason)
	if err != nil {
		wrong = append(wrong, err.(*fault.Error).Fields...) //nolint:errorlint,forcetypeassert // readReason makes no other
	}
	switch {
	case form.Whole && form.From == "":
		wrong = append(wrong, fault.Field{Name: "case", Key: "casework.error.whole"})
	case form.Whole:
	case len(form.Cases) == 0:
		wrong = append(wrong, fault.Field{Name: "case", Key: "casework.error.none"})
	case len(form.Cases) > mostAtOnce:
		wrong = append(wrong, fault.Field{Name: "case", Key: "casework.error.many", Args: map[string]any{"Max": mostAtOnce}})
	}
	if len(wrong) > 0 {
		return access.Colleague{}, "", fault.InvalidFields(wrong...)
	}
	return staff[at], reason, nil
}

// otherID is the value of that sentence with which the form offers the replacement.
const otherID = "OtherID"

// present refuses somebody who is away, naming who does the work meanwhile.
func (s *Service) present(tx *tenants.Tx, worker access.Colleague) error {
	away, gone, err := s.away(tx, worker.UserID, calendar.On(tx.Now))
	if err != nil || !gone {
		return err
	}
	return fault.InvalidFields(fault.Field{Name: "worker", Key: "casework.error.away",
		Args: map[string]any{"Name": worker.Name, "Other": away.ReplacementName, "To": away.To.Chilean(), otherID: away.ReplacementID}})
}

// cases reads the cases, all of which the unit must have, as the list showed them.
func (form *Reassign) cases(tx *tenants.Tx, who actor.Actor) ([]Case, error) {
	if form.Whole {
		return form.caseload(tx, who)
	}
	ids := slices.Compact(slices.Sorted(slices.Values(form.Cases)))
	list, err := openOfUnit(tx, who.UnitID, ids)
	if err != nil {
		return nil, err
	}
	if len(list) != len(ids) {
		return nil, fault.New(fault.NotFound, "fault.not_found")
	}
	for i := range list {
		was, compared := form.Was[list[i].ID]
		if compared && was != list[i].WorkerID && form.Worker != list[i].WorkerID {
			return nil, fault.New(fault.Conflict, "casework.error.changed")
		}
	}
	return list, nil
}

// caseload reads all the cases of a worker, as many as the list said.
func (form *Reassign) caseload(tx *tenants.Tx, who actor.Actor) ([]Case, error) {
	from := form.From
	if from == NoWorker {
		from = ""
	}
	list, err := caseload(tx, who.UnitID, from)
	if err == nil && len(list) != form.Total && len(list) > 0 { // none are left when it is sent twice
		return nil, fault.New(fault.Conflict, "casework.error.changed")
	}
	return list, err
}

// Shown is the case of a file with its past.
type Shown struct {
	Frame   *layout.FileFrame
	Case    Case // zero when there is no open one
	Open    bool
	Away    *Away
	Entries []Entry
	Staff   []access.Colleague // to whom the actor may give it
	Absent  map[string]Away
	Today   calendar.Date
	Past    []Past   // closed cases; their summaries only for who reads casework
	Undone  []Undone // what is not finished, for who may close the case
	Closes  bool     // the actor may close it
	Opens   bool     // there is none, and the actor may open one

	ReadsLog bool
}

// entriesShown is how many changes of who is responsible a page shows.
const entriesShown = 50

// Case shows who is responsible for a file, and who was; the view is in the trail.
func (s *Service) Case(ctx context.Context, who actor.Actor, fileID string) (Shown, error) {
	var shown Shown
	_, frame, err := s.people.Visit(ctx, who, fileID, "", "case")
	if err != nil {
		return shown, err
	}
	shown.Frame = frame
	err = who.Municipality.View(ctx, func(tx *tenants.Tx) (err error) {
		shown.Today = calendar.On(tx.Now)
		if shown.Case, shown.Open, err = openCase(tx, fileID); err != nil {
			return err
		}
		if shown.Entries, err = entries(tx, fileID, entriesShown); err != nil {
			return err
		}
		return s.ends(tx, who, fileID, &shown)
	})
	if err != nil {
		return shown, err
	}
	return shown, s.forHead(ctx, who, &shown)
}

// ends adds how earlier cases ended, and what the actor may do about this one.
func (s *Service) ends(tx *tenants.Tx, who actor.Actor, fileID string, shown *Shown) (err error) {
	if shown.Past, err = closedCases(tx, fileID); err != nil {
		return err
	}
	shown.ReadsLog = who.Can(access.ReadCasework)
	for i := range shown.Past {
		if !shown.ReadsLog {
			shown.Past[i].Summary = ""
		}
	}
	switch {
	case !who.Can(access.ManagePlan):
		return nil
	case !shown.Open:
		shown.Opens = true
		return nil
	}
	if shown.Closes, err = s.works(tx, who, &shown.Case); err != nil || !shown.Closes {
		return err
	}
	shown.Undone, err = s.undone(tx, fileID)
	return err
}

// forHead adds to whom the head may give the case: the unit's own one.
func (s *Service) forHead(ctx context.Context, who actor.Actor, shown *Shown) error {
	list := List{Ask: Ask{Board: true}}
	ours := shown.Opens || shown.Open && shown.Case.Unit == who.UnitID
	if ours && who.Can(access.AssignCase) && who.Can(access.ManagePlan) {
		if err := s.staff(ctx, who, &list); err != nil {
			return err
		}
	}
	list.Rows = []Row{{Listed: Listed{Case: shown.Case}}}
	err := who.Municipality.View(ctx, func(tx *tenants.Tx) error {
		list.Today = calendar.On(tx.Now)
		return s.decorate(tx, &list)
	})
	shown.Staff, shown.Absent, shown.Away = list.Staff, list.Absent, list.Rows[0].Away
	return err
}
