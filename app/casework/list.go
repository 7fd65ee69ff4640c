package casework

import (
	"context"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"gsl/app/access"
	"gsl/app/kit/actor"
	"gsl/app/kit/calendar"
	"gsl/tenants"
)

// Ask is which cases a list shows.
type Ask struct {
	Board  bool   // those of the unit; else those of the actor and of whom the actor replaces
	Worker string // of the board: one worker's, NoWorker for those that wait; "" all
	Age    int    // bucket 1 to Ages, 0 for all; those of a bucket stand by age
	Still  bool   // without movement for lateAfter days only
	List   string // a working list: its cases, or its condition
	After  string // where the page before ended
}

// NoWorker asks for the cases that wait for somebody.
const NoWorker = "none"

// How many cases one page shows.
const pageOf = 50

// narrowed reports whether the list is narrowed by age or standstill.
func (a Ask) narrowed() bool { return a.Age != 0 || a.Still }

// condition is the part of an Ask that a working list keeps.
func (a Ask) condition() string {
	query := url.Values{}
	if a.Worker != "" {
		query.Set("worker", a.Worker)
	}
	if a.Age != 0 {
		query.Set("age", strconv.Itoa(a.Age))
	}
	if a.Still {
		query.Set("still", "1")
	}
	return query.Encode()
}

// narrow reads a condition into an Ask; what is none of its parts is left out.
func (a *Ask) narrow(query url.Values) {
	if age, err := strconv.Atoi(query.Get("age")); err == nil && age >= 1 && age <= Ages {
		a.Age = age
	}
	a.Still = query.Get("still") != ""
	if a.Board {
		a.Worker = query.Get("worker")
	}
}

// Row is a case on a list.
type Row struct {
	Listed
	Standing          // of the plans
	Last     Attended // the latest attention
	Away     *Away    // the worker is away today
	Mine     bool     // the actor is responsible; else, on the own list, replaces who is
}

// Standing is how the plans of a file stand.
type Standing struct {
	Circle  string // "", "open", "closed"
	Pending int    // items of open plans that are not finished
}

// Attended is an attention of a person: when, and what about.
type Attended struct {
	On    calendar.Date // zero for none
	About string
}

// List is a page of cases.
type List struct {
	Ask
	Today  calendar.Date
	Rows   []Row
	Next   string // where the next page begins, "" for none
	Total  int
	Loads  []Load             // of the board: how many each worker has; else those of the list
	Staff  []access.Colleague // of the board: to whom a case can go
	Absent map[string]Away    // those of the staff who are away today
	Unit   string             // name of the unit
	Lists  []WorkingList      // that the actor may open
	Opened *WorkingList       // the one that is shown
}

// Cases lists cases, those that nobody moved for longest first. The board is
// the head's. It shows names, as the workbench does.
func (s *Service) Cases(ctx context.Context, who actor.Actor, ask Ask) (List, error) {
	return s.cases(ctx, who, ask, pageOf)
}

func (s *Service) cases(ctx context.Context, who actor.Actor, ask Ask, most int) (List, error) {
	list := List{Ask: ask, Unit: who.UnitName}
	need := access.ManagePlan
	if ask.Board {
		need = access.AssignCase
	}
	if err := may(who, need); err != nil {
		return list, err
	}
	if err := s.staff(ctx, who, &list); err != nil {
		return list, err
	}
	err := who.Municipality.View(ctx, func(tx *tenants.Tx) error { //nolint:contextcheck // the transaction carries it
		list.Today = calendar.On(tx.Now)
		if err := s.openList(tx, who, &list); err != nil {
			return err
		}
		if err := s.fill(tx, who, &list, most); err != nil {
			return err
		}
		return s.decorate(tx, &list)
	})
	return list, err
}

// staff lists, for the board, who of the unit does casework.
func (s *Service) staff(ctx context.Context, who actor.Actor, list *List) error {
	if !list.Board || s.Colleagues == nil {
		return nil
	}
	people, err := s.Colleagues(ctx, who, who.UnitID)
	for _, c := range people {
		known := slices.ContainsFunc(list.Staff, func(k access.Colleague) bool { return k.UserID == c.UserID })
		if c.Can(access.ManagePlan) && !known {
			list.Staff = append(list.Staff, c)
		}
	}
	return err
}

// fill reads the page and the counts.
func (s *Service) fill(tx *tenants.Tx, who actor.Actor, list *List, most int) error {
	o := list.order()
	rows, err := s.page(tx, who, list, o, most+1)
	if err != nil {
		return err
	}
	if len(rows) > most {
		rows = rows[:most]
		last := &rows[most-1]
		list.Next = stamp(last.MovedAt) + "~" + last.ID
		if o.age {
			list.Next = stamp(last.OpenedAt) + "~" + last.ID
		}
	}
	for _, r := range rows {
		list.Rows = append(list.Rows, Row{Listed: r, Mine: r.WorkerID == who.UserID})
	}
	return nil
}

// order is how the list is sorted, and where its page begins.
func (a Ask) order() order {
	at, id := place(a.After)
	return order{age: a.Age != 0, at: at, id: id}
}

// page reads the rows of a page, and counts the whole list.
func (s *Service) page(tx *tenants.Tx, who actor.Actor, list *List, o order, limit int) (rows []Listed, err error) {
	w := list.window(list.Today)
	if list.chosen() {
		if list.Total, err = countList(tx, list.List, who.UnitID); err != nil {
			return nil, err
		}
		if rows, err = casesOfList(tx, list.List, who.UnitID, w, o, limit); err != nil {
			return nil, err
		}
		return rows, s.veil(tx, who, rows)
	}
	if !list.Board {
		workers, err := s.mine(tx, who)
		if err != nil {
			return nil, err
		}
		if list.Loads, err = loadsOfWorkers(tx, workers, cutsOf(list.Today)); err != nil {
			return nil, err
		}
		list.count()
		return casesOf(tx, workers, w, o, limit)
	}
	if list.Loads, err = s.loads(tx, who.UnitID, list.Today); err != nil {
		return nil, err
	}
	list.count()
	switch list.Worker {
	case "":
		return casesOfUnit(tx, who.UnitID, w, o, limit)
	case NoWorker:
		return casesOfUnitAt(tx, who.UnitID, "", w, o, limit)
	}
	return casesOfUnitAt(tx, who.UnitID, list.Worker, w, o, limit)
}

// chosen reports whether the list shows cases that somebody chose.
func (list *List) chosen() bool { return list.Opened != nil && list.Opened.Condition == "" }

// count says how many cases the whole list has.
func (list *List) count() {
	for i := range list.Loads {
		l := &list.Loads[i]
		if list.Worker == "" || list.Worker == l.WorkerID || list.Worker == NoWorker && l.WorkerID == "" {
			list.Total += l.Count(list.Age, list.Still)
		}
	}
}

// veil takes the names off those whose file is shut for the actor.
func (s *Service) veil(tx *tenants.Tx, who actor.Actor, rows []Listed) error {
	veil, err := s.people.Veil(tx, who)
	for i := range rows {
		rows[i].File = veil.File(rows[i].File)
	}
	return err
}

// mine are the actor and whom the actor replaces today.
func (s *Service) mine(tx *tenants.Tx, who actor.Actor) ([]string, error) {
	workers := []string{who.UserID}
	if s.Replaced == nil {
		return workers, nil
	}
	others, err := s.Replaced(tx, who.UserID, calendar.On(tx.Now))
	return append(workers, others...), err
}

// place is where a page ended: an instant and the case. What is no such place is
// the beginning.
func place(after string) (at, id string) {
	at, id, ok := strings.Cut(after, "~")
	if _, err := time.Parse(time.RFC3339, at); err != nil || !ok {
		return "", ""
	}
	return at, id
}

// decorate adds what other rooms know: plans, attentions, who is away.
func (s *Service) decorate(tx *tenants.Tx, list *List) error {
	if err := s.absences(tx, list); err != nil {
		return err
	}
	files := make([]string, 0, len(list.Rows))
	for i := range list.Rows {
		files = append(files, list.Rows[i].FileID)
	}
	standing, last := map[string]Standing{}, map[string]Attended{}
	var err error
	if s.Standing != nil && len(files) > 0 {
		if standing, err = s.Standing(tx, files); err != nil {
			return err
		}
	}
	if s.Attended != nil && len(files) > 0 {
		if last, err = s.Attended(tx, files); err != nil {
			return err
		}
	}
	for i := range list.Rows {
		r := &list.Rows[i]
		if !r.File.Veiled { // who is not named is not told by the plan or the attention either
			r.Standing, r.Last = standing[r.FileID], last[r.FileID]
		}
		if away, gone := list.Absent[r.WorkerID]; gone {
			r.Away = &away
		}
	}
	return nil
}

// absences says who of the staff and of the responsible workers is away today.
func (s *Service) absences(tx *tenants.Tx, list *List) error {
	list.Absent = map[string]Away{}
	ids := map[string]bool{}
	for _, c := range list.Staff {
		ids[c.UserID] = true
	}
	for i := range list.Rows {
		ids[list.Rows[i].WorkerID] = true
	}
	for id := range ids {
		away, gone, err := s.away(tx, id, list.Today)
		if err != nil {
			return err
		}
		if gone {
			list.Absent[id] = away
		}
	}
	return nil
}

// mostExported is how many cases one export has: more than a unit works on.
const mostExported = 20_000

// Export gives the whole list that a page shows the beginning of. That it was
// taken along is in the trail of views before it answers.
func (s *Service) Export(ctx context.Context, who actor.Actor, ask Ask) (List, error) {
	ask.After = ""
	list, err := s.cases(ctx, who, ask, mostExported)
	if err != nil {
		return list, err
	}
	return list, tookAlong(ctx, who, list.Rows)
}
