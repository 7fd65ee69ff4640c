package agenda

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

// Service gives the week of a worker and keeps follow-ups. The hooks are filled
// once, before the first request; a nil hook leaves its part out.
type Service struct {
	people *people.Service

	// Sources are what other rooms know of a week.
	Sources []Source
	// Replaced lists whom a worker replaces on a day; referral fills it.
	Replaced func(tx *tenants.Tx, userID string, day calendar.Date) ([]string, error)
	// Colleagues lists who works in a unit; access fills it.
	Colleagues func(ctx context.Context, who actor.Actor, unit string) ([]access.Colleague, error)
}

// NewService makes the service.
func NewService(files *people.Service) *Service { return &Service{people: files} }

func may(who actor.Actor, p actor.Permission) error {
	if who.Municipality == nil || !who.Can(p) {
		return fault.New(fault.Forbidden, "fault.forbidden")
	}
	return nil
}

// Want is which week one looks at: the one with the day, of the actor, of the
// unit, or of one worker of the unit.
type Want struct {
	Day    calendar.Date // zero: today
	Unit   bool
	Worker string
}

// Week is seven days with what is to be done on each.
type Week struct {
	Want
	Today, From, To calendar.Date
	Entries         []Entry // with a day of the week, in the order of the day
	Late            []Entry // not done, of days that are over; those without a day last
	Staff           []access.Colleague
	UnitName        string
}

// Week gives a week. It shows names, as the workbench does: each person's file
// leaves its trail when it is opened.
func (s *Service) Week(ctx context.Context, who actor.Actor, want Want) (w Week, err error) {
	w = Week{Want: want, UnitName: who.UnitName}
	if err = may(who, access.Attend); err != nil {
		return w, err
	}
	if want.Unit || want.Worker != "" {
		if err = s.staff(ctx, who, &w); err != nil {
			return w, err
		}
	}
	err = who.Municipality.View(ctx, func(tx *tenants.Tx) error { return s.fill(tx, who, &w) }) //nolint:contextcheck // the transaction carries it
	return w, err
}

// staff lists who of the unit has an agenda; it is the head's.
func (s *Service) staff(ctx context.Context, who actor.Actor, w *Week) error {
	if err := may(who, access.AssignCase); err != nil {
		return err
	}
	if s.Colleagues != nil && who.UnitID != "" {
		all, err := s.Colleagues(ctx, who, who.UnitID)
		if err != nil {
			return err
		}
		for _, c := range all {
			if c.Can(access.Attend) && !slices.ContainsFunc(w.Staff, func(k access.Colleague) bool { return k.UserID == c.UserID }) {
				w.Staff = append(w.Staff, c)
			}
		}
	}
	if w.Worker != "" && !slices.ContainsFunc(w.Staff, func(c access.Colleague) bool { return c.UserID == w.Worker }) {
		return fault.New(fault.NotFound, "fault.not_found")
	}
	return nil
}

// fill reads the week in one transaction.
func (s *Service) fill(tx *tenants.Tx, who actor.Actor, w *Week) error {
	w.Today = calendar.On(tx.Now)
	w.settle()
	ask, err := s.ask(tx, who, w)
	if err != nil {
		return err
	}
	all, err := gather(tx, who, ask, s.Sources)
	if err != nil {
		return err
	}
	if err = s.name(tx, who, all); err != nil {
		return err
	}
	for _, e := range all {
		switch inside := !e.Day.IsZero() && !e.Day.Before(w.From) && !w.To.Before(e.Day); {
		case inside:
			w.Entries = append(w.Entries, e)
		case !e.Done:
			w.Late = append(w.Late, e)
		}
	}
	sortEntries(w.Entries)
	sortEntries(w.Late)
	w.Late = undatedLast(w.Late)
	return nil
}

// settle finds the week's days. Without a day it is that of the next day of work:
// on a Sunday one looks ahead.
func (w *Week) settle() {
	if w.Day.IsZero() || lastDay(w.Today).Before(w.Day) {
		w.Day = calendar.AddWorkingDays(w.Today, 0)
	}
	w.From, w.To = weekOf(w.Day)
}

// ask says whose entries are asked for.
func (s *Service) ask(tx *tenants.Tx, who actor.Actor, w *Week) (ask Ask, err error) {
	ask = Ask{From: w.From, To: w.To}
	switch {
	case w.Worker != "":
		ask.Workers = []string{w.Worker}
	case w.Unit && who.UnitID != "":
		ask.Unit = who.UnitID
	default:
		ask.Workers, err = s.mine(tx, who)
	}
	return ask, err
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

// gather asks the follow-ups and every source.
func gather(tx *tenants.Tx, who actor.Actor, ask Ask, sources []Source) ([]Entry, error) {
	list, err := ownEntries(tx, &ask)
	if err != nil {
		return nil, err
	}
	for _, source := range sources {
		more, err := source(tx, who, ask)
		if err != nil {
			return nil, err
		}
		list = append(list, more...)
	}
	return list, nil
}

// ownEntries are the follow-ups.
func ownEntries(tx *tenants.Tx, ask *Ask) ([]Entry, error) {
	all, err := followUps(tx, ask)
	list := make([]Entry, 0, len(all))
	for i := range all {
		f := &all[i]
		e := Entry{Kind: FollowUpKind, ID: f.ID, Day: f.Day, Clock: f.Clock, FileID: f.FileID, Text: f.Text, Done: f.Status == Done,
			WorkerID: f.WorkerID, WorkerName: f.WorkerName, Version: f.Version}
		if f.FileID != "" {
			e.Href = "/files/" + f.FileID + "/screening"
		}
		list = append(list, e)
	}
	return list, err
}

// name says whom the entries are about; of somebody whose file is shut for the
// actor no more than that something is due.
func (s *Service) name(tx *tenants.Tx, who actor.Actor, list []Entry) error {
	var ids []string
	for i := range list {
		if id := list[i].FileID; id != "" && !slices.Contains(ids, id) {
			ids = append(ids, id)
		}
	}
	if len(ids) == 0 {
		return nil
	}
	files, err := filesOf(tx, ids)
	if err != nil {
		return err
	}
	veil, err := s.people.Veil(tx, who)
	for i := range list {
		e := &list[i]
		if e.File = veil.File(files[e.FileID]); e.File.Veiled {
			e.Text, e.Place = people.VeiledAdvice(tx.Context()), ""
		}
	}
	return err
}

// Write writes a follow-up down, of a file or of nobody in particular. It happens
// once for a key; with other words it is fault.Twice. fault.Invalid names what is
// missing.
func (s *Service) Write(ctx context.Context, who actor.Actor, fileID string, form Form, key string) (f FollowUp, err error) {
	if err = may(who, access.Attend); err != nil {
		return f, err
	}
	if key == "" || len(key) > 60 {
		return f, fault.InvalidField("key", "agenda.error.key")
	}
	err = who.Municipality.Update(ctx, func(tx *tenants.Tx) (err error) {
		if fileID != "" {
			if _, err = people.Open(tx, fileID); err != nil {
				return err
			}
		}
		var known bool
		if f, known, err = byKey(tx, who.UserID+" "+key); err != nil {
			return err
		}
		next, wrong := form.read(calendar.On(tx.Now))
		switch {
		case known && (f.FileID != fileID || f.Day != next.Day || f.Clock != next.Clock || f.Text != next.Text):
			return fault.Twice()
		case known:
			return nil
		case len(wrong) > 0:
			return fault.InvalidFields(wrong...)
		}
		f = next
		f.ID, f.Version, f.FileID, f.WorkerID, f.WorkerName, f.Unit = tx.NewID(), 1, fileID, who.UserID, who.Name, who.UnitID
		if err = insertFollowUp(tx, &f, who.UserID+" "+key); err != nil {
			return err
		}
		return record(tx, who, "followup.add", &f)
	})
	return f, err
}

func record(tx *tenants.Tx, who actor.Actor, action string, f *FollowUp) error {
	return audit.Record(tx, who, audit.Change{Action: action, Object: f.ID, File: f.FileID, Detail: map[string]string{"day": f.Day.String(), "to": string(f.Status)}})
}

// own gives a follow-up that the actor may change: the own ones, those of whom
// the actor replaces, and the head's unit's. Anybody else's is fault.NotFound.
func (s *Service) own(tx *tenants.Tx, who actor.Actor, id string) (f FollowUp, err error) {
	if f, err = byID(tx, id); err != nil {
		return f, err
	}
	mine, err := s.mine(tx, who)
	if err != nil || slices.Contains(mine, f.WorkerID) || who.Can(access.AssignCase) && f.Unit == who.UnitID {
		return f, err
	}
	return FollowUp{}, fault.New(fault.NotFound, "fault.not_found")
}

// Exists answers fault.NotFound when there is no such follow-up, or it is nobody's
// whom the actor works for.
func (s *Service) Exists(ctx context.Context, who actor.Actor, id string) error {
	return who.Municipality.View(ctx, func(tx *tenants.Tx) error {
		_, err := s.own(tx, who, id)
		return err
	})
}

// End says that a follow-up was done, is not needed, or is open again after all.
// The same again changes nothing.
func (s *Service) End(ctx context.Context, who actor.Actor, id string, to Status) (f FollowUp, err error) {
	if err = may(who, access.Attend); err != nil {
		return f, err
	}
	if to != Open && to != Done && to != Dropped {
		return f, fault.InvalidField("status", "web.field.choice")
	}
	err = who.Municipality.Update(ctx, func(tx *tenants.Tx) (err error) {
		if f, err = s.own(tx, who, id); err != nil || f.Status == to {
			return err
		}
		f.Status = to
		f.Version++
		if err = updateFollowUp(tx, &f); err != nil {
			return err
		}
		return record(tx, who, "followup.end", &f)
	})
	return f, err
}

// Change writes a follow-up anew: another day, other words. fault.Conflict: it is
// over, or somebody changed it since version.
func (s *Service) Change(ctx context.Context, who actor.Actor, id string, form Form, version int64) (f FollowUp, err error) {
	if err = may(who, access.Attend); err != nil {
		return f, err
	}
	err = who.Municipality.Update(ctx, func(tx *tenants.Tx) (err error) {
		if f, err = s.own(tx, who, id); err != nil {
			return err
		}
		next, wrong := form.read(calendar.On(tx.Now))
		switch {
		case len(wrong) > 0:
			return fault.InvalidFields(wrong...)
		case next.Day == f.Day && next.Clock == f.Clock && next.Text == f.Text:
			return nil
		case f.Status != Open, version != f.Version:
			return fault.New(fault.Conflict, "agenda.error.changed")
		}
		f.Day, f.Clock, f.Text = next.Day, next.Clock, next.Text
		f.Version++
		if err = updateFollowUp(tx, &f); err != nil {
			return err
		}
		return record(tx, who, "followup.change", &f)
	})
	return f, err
}

// FollowUp gives a follow-up for its form, and whom it is about.
func (s *Service) FollowUp(ctx context.Context, who actor.Actor, id string) (f FollowUp, about people.File, err error) {
	if err = may(who, access.Attend); err != nil {
		return f, about, err
	}
	err = who.Municipality.View(ctx, func(tx *tenants.Tx) (err error) {
		if f, err = s.own(tx, who, id); err != nil || f.FileID == "" {
			return err
		}
		files, err := filesOf(tx, []string{f.FileID})
		if err != nil {
			return err
		}
		veil, err := s.people.Veil(tx, who)
		about = veil.File(files[f.FileID])
		return err
	})
	return f, about, err
}
