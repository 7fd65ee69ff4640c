package visit

import (
	"context"
	"slices"

	"gsl/app/access"
	"gsl/app/kit/actor"
	"gsl/app/kit/audit"
	"gsl/app/kit/calendar"
	"gsl/app/kit/fault"
	"gsl/app/people"
	"gsl/tenants"
)

// Want is which sheet one looks at.
type Want struct {
	Day    calendar.Date // zero: today
	Worker string        // one of the unit, Everybody, or "" for the actor and whom the actor replaces
	Hours  bool          // in the order of the hours instead of the streets
}

// Everybody asks for the sheet of the whole unit.
const Everybody = "all"

// Sheet is the visits of a day, to be taken along.
type Sheet struct {
	Want
	Today   calendar.Date
	Who     string // whose it is
	Stops   []Stop
	Waiting int                // how many wait from before, or for a day
	Staff   []access.Colleague // for the head
}

// Stop is a visit with whom it goes to.
type Stop struct {
	Visit
	File people.File
	Mine bool
}

// Sheet gives the visits of a day that were not cancelled. It names people and
// says where they live, so each leaves its view in the trail. The head sees the
// sheets of the unit; fault.NotFound is a worker of none.
func (s *Service) Sheet(ctx context.Context, who actor.Actor, want Want) (sheet Sheet, err error) {
	sheet = Sheet{Want: want, Who: who.Name}
	if err = may(who, access.ManagePlan); err != nil {
		return sheet, err
	}
	if err = s.sheetStaff(ctx, who, &sheet); err != nil {
		return sheet, err
	}
	err = who.Municipality.View(ctx, func(tx *tenants.Tx) error { return s.fillSheet(tx, who, &sheet) }) //nolint:contextcheck // the transaction carries it
	if err != nil {
		return sheet, err
	}
	var shown []string
	for i := range sheet.Stops {
		id := sheet.Stops[i].FileID
		if slices.Contains(shown, id) {
			continue
		}
		shown = append(shown, id)
		if err := audit.Looked(ctx, who, audit.View{File: id, What: "visit.sheet"}); err != nil {
			return Sheet{}, err
		}
	}
	return sheet, nil
}

// sheetStaff lists, for the head, who of the unit goes.
func (s *Service) sheetStaff(ctx context.Context, who actor.Actor, sheet *Sheet) (err error) {
	if !who.Can(access.AssignCase) {
		if sheet.Worker != "" && sheet.Worker != who.UserID {
			return fault.New(fault.NotFound, "fault.not_found")
		}
		return nil
	}
	if sheet.Staff, err = s.staff(ctx, who); err != nil || sheet.Worker == "" || sheet.Worker == Everybody {
		if sheet.Worker == Everybody {
			sheet.Who = who.UnitName
		}
		return err
	}
	at := slices.IndexFunc(sheet.Staff, func(c access.Colleague) bool { return c.UserID == sheet.Worker })
	if at < 0 {
		return fault.New(fault.NotFound, "fault.not_found")
	}
	sheet.Who = sheet.Staff[at].Name
	return nil
}

func (s *Service) fillSheet(tx *tenants.Tx, who actor.Actor, sheet *Sheet) error {
	sheet.Today = calendar.On(tx.Now)
	if sheet.Day.IsZero() {
		sheet.Day = sheet.Today
	}
	span, err := s.span(tx, who, sheet)
	if err != nil {
		return err
	}
	list, err := Between(tx, span)
	if err != nil {
		return err
	}
	list = slices.DeleteFunc(list, func(v Visit) bool { return v.Status == Cancelled })
	if sheet.Hours {
		slices.SortStableFunc(list, byHour)
	} else {
		byStreet(list)
	}
	veil, err := s.people.Veil(tx, who)
	if err != nil {
		return err
	}
	for i := range list {
		f, err := people.Open(tx, list[i].FileID)
		if err != nil {
			return err
		}
		stop := Stop{Visit: list[i], File: veil.File(f), Mine: list[i].WorkerID == who.UserID}
		if stop.File.Veiled { // a colleague's visit: not even where it goes
			stop.Address, stop.Purpose, stop.Companion = "", people.VeiledAdvice(tx.Context()), ""
		}
		sheet.Stops = append(sheet.Stops, stop)
	}
	span.From = sheet.Today
	waiting, err := Waiting(tx, span)
	sheet.Waiting = len(waiting)
	return err
}

// span says whose visits the sheet lists.
func (s *Service) span(tx *tenants.Tx, who actor.Actor, sheet *Sheet) (span Span, err error) {
	span = Span{From: sheet.Day, To: sheet.Day, Workers: []string{who.UserID}}
	switch {
	case sheet.Worker == Everybody:
		span.Unit = who.UnitID
	case sheet.Worker != "":
		span.Workers = []string{sheet.Worker}
	case s.Replaced != nil:
		var others []string
		others, err = s.Replaced(tx, who.UserID, sheet.Today)
		span.Workers = append(span.Workers, others...)
	}
	return span, err
}
