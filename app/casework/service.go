package casework

import (
	"context"
	"slices"
	"strings"
	"time"

	"gsl/app/access"
	"gsl/app/kit/actor"
	"gsl/app/kit/calendar"
	"gsl/app/kit/fault"
	"gsl/app/kit/i18n"
	"gsl/app/people"
	"gsl/templates/layout"
	"gsl/templates/ui"
	"gsl/tenants"
)

// Away is that a worker is away and who does the work meanwhile.
type Away struct {
	To              calendar.Date // last day
	ReplacementID   string
	ReplacementName string
}

// Service is what one can do with cases. The hooks are filled once, before the
// first request; a nil hook leaves its part out.
type Service struct {
	people *people.Service

	// Colleagues lists who works in a unit; access fills it.
	Colleagues func(ctx context.Context, who actor.Actor, unit string) ([]access.Colleague, error)
	// Away says whether a worker is away on a day; referral fills it.
	Away func(tx *tenants.Tx, userID string, day calendar.Date) (Away, bool, error)
	// Replaced lists whom a worker replaces on a day; referral fills it.
	Replaced func(tx *tenants.Tx, userID string, day calendar.Date) ([]string, error)
	// Circles gives the plan's circle of each file, "" left out; plan fills it.
	Circles func(tx *tenants.Tx, fileIDs []string) (map[string]string, error)
	// Undone lists the work of a file that is not finished; plan fills it.
	Undone func(tx *tenants.Tx, fileID string) ([]Undone, error)
	// Abandon withdraws that work with a reason, when its case is closed.
	Abandon func(tx *tenants.Tx, who actor.Actor, fileID, reason string) error
}

// NewService makes the service.
func NewService(files *people.Service) *Service { return &Service{people: files} }

// mostTold is how many changes of who is responsible the history of a file tells.
const mostTold = 200

// History gives who was responsible for a file and since when, the newest first.
func History(tx *tenants.Tx, fileID string) ([]Entry, error) { return entries(tx, fileID, mostTold) }

func may(who actor.Actor, p actor.Permission) error {
	if who.Municipality == nil || !who.Can(p) {
		return fault.New(fault.Forbidden, "fault.forbidden")
	}
	return nil
}

// OnFrame says in the person's header who is responsible, and who does the work
// while that person is away; it is one of people's OnFrame hooks.
func (s *Service) OnFrame(tx *tenants.Tx, _ actor.Actor, f people.File, frame *layout.FileFrame) error {
	c, open, err := workerOf(tx, f.ID)
	if err != nil || !open {
		return err
	}
	text, err := s.responsible(tx, &c)
	frame.Facts = append(frame.Facts, ui.Fact{Icon: "person-check", Text: text, Href: "/files/" + f.ID + "/case"})
	return err
}

func (s *Service) responsible(tx *tenants.Tx, c *Case) (string, error) {
	ctx := tx.Context()
	if c.Status == Unassigned {
		return i18n.T(ctx, "casework.waits"), nil
	}
	away, gone, err := s.away(tx, c.WorkerID, calendar.On(tx.Now))
	if err != nil || !gone {
		return i18n.Tf(ctx, "casework.responsible", map[string]any{"Name": c.WorkerName}), err
	}
	return i18n.Tf(ctx, "casework.responsible_away", map[string]any{"Name": c.WorkerName, "Other": away.ReplacementName}), nil
}

func (s *Service) away(tx *tenants.Tx, userID string, day calendar.Date) (Away, bool, error) {
	if s.Away == nil || userID == "" {
		return Away{}, false, nil
	}
	return s.Away(tx, userID, day)
}

// Ask is which cases a list shows.
type Ask struct {
	Board  bool   // those of the unit; else those of the actor and of whom the actor replaces
	Worker string // of the board: one worker's, NoWorker for those that wait; "" all
	After  string // where the page before ended
}

// NoWorker asks for the cases that wait for somebody.
const NoWorker = "none"

// How many cases one page shows.
const pageOf = 50

// Row is a case on a list.
type Row struct {
	Listed
	Circle string // of the plan: "", "open", "closed"
	Away   *Away  // the worker is away today
	Mine   bool   // the actor is responsible; else, on the own list, replaces who is
}

// List is a page of cases.
type List struct {
	Ask
	Today  calendar.Date
	Rows   []Row
	Next   string // where the next page begins, "" for none
	Total  int
	Loads  []Load             // of the board: how many each worker has
	Staff  []access.Colleague // of the board: to whom a case can go
	Absent map[string]Away    // those of the staff who are away today
	Unit   string             // name of the unit
}

// Cases lists cases, those that nobody moved for longest first. The board is
// the head's. It shows names, as the workbench does.
func (s *Service) Cases(ctx context.Context, who actor.Actor, ask Ask) (List, error) {
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
		if err := s.fill(tx, who, &list); err != nil {
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
func (s *Service) fill(tx *tenants.Tx, who actor.Actor, list *List) error {
	rows, err := s.page(tx, who, list)
	if err != nil {
		return err
	}
	veil, err := s.people.Veil(tx, who)
	if err != nil {
		return err
	}
	if len(rows) > pageOf {
		rows = rows[:pageOf]
		last := &rows[pageOf-1]
		list.Next = stamp(last.MovedAt) + "~" + last.ID
	}
	for _, r := range rows {
		r.File = veil.File(r.File)
		list.Rows = append(list.Rows, Row{Listed: r, Mine: r.WorkerID == who.UserID})
	}
	return nil
}

// page reads one row more than a page has, and counts the whole list.
func (s *Service) page(tx *tenants.Tx, who actor.Actor, list *List) ([]Listed, error) {
	moved, id := place(list.After)
	if !list.Board {
		workers, err := s.mine(tx, who)
		if err != nil {
			return nil, err
		}
		if list.Total, err = countOf(tx, workers); err != nil {
			return nil, err
		}
		return casesOf(tx, workers, moved, id, pageOf+1)
	}
	if err := list.count(tx, who.UnitID); err != nil {
		return nil, err
	}
	switch list.Worker {
	case "":
		return casesOfUnit(tx, who.UnitID, moved, id, pageOf+1)
	case NoWorker:
		return casesOfUnitAt(tx, who.UnitID, "", moved, id, pageOf+1)
	}
	return casesOfUnitAt(tx, who.UnitID, list.Worker, moved, id, pageOf+1)
}

// count says how many cases each worker of the unit has, and how many there are.
func (list *List) count(tx *tenants.Tx, unit string) (err error) {
	if list.Loads, err = loads(tx, unit); err != nil {
		return err
	}
	for _, l := range list.Loads {
		asked := list.Worker == "" || list.Worker == l.WorkerID || list.Worker == NoWorker && l.WorkerID == ""
		if asked {
			list.Total += l.Cases
		}
	}
	return nil
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

// place is where a page ended: the instant of the last movement and the case.
// What is no such place is the beginning.
func place(after string) (moved, id string) {
	moved, id, ok := strings.Cut(after, "~")
	if _, err := time.Parse(time.RFC3339, moved); err != nil || !ok {
		return "", ""
	}
	return moved, id
}

// decorate adds what other rooms know: the plan's circle, who is away.
func (s *Service) decorate(tx *tenants.Tx, list *List) error {
	list.Absent = map[string]Away{}
	ids := map[string]bool{}
	for _, c := range list.Staff {
		ids[c.UserID] = true
	}
	files := make([]string, 0, len(list.Rows))
	for i := range list.Rows {
		files = append(files, list.Rows[i].FileID)
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
	circles := map[string]string{}
	if s.Circles != nil && len(files) > 0 {
		var err error
		if circles, err = s.Circles(tx, files); err != nil {
			return err
		}
	}
	for i := range list.Rows {
		r := &list.Rows[i]
		r.Circle = circles[r.FileID]
		if away, gone := list.Absent[r.WorkerID]; gone {
			r.Away = &away
		}
	}
	return nil
}
