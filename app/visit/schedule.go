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
	"gsl/templates/layout"
	"gsl/tenants"
)

// Opened is a file opened for a page about its visits.
type Opened struct {
	File  people.File
	Frame *layout.FileFrame
	Today calendar.Date
	Staff []access.Colleague // who may go: of the actor's unit
	why   string
}

// open reads the file in the transaction that also reads what is shown of it.
func (s *Service) open(tx *tenants.Tx, who actor.Actor, fileID string) (o Opened, err error) {
	if o.File, err = people.Open(tx, fileID); err != nil {
		return o, err
	}
	if o.Frame, err = s.people.Frame(tx, who, o.File, people.VisitsSection); err != nil {
		return o, err
	}
	o.Today, o.why = calendar.On(tx.Now), o.Frame.Why
	return o, nil
}

// seen leaves the trail of the view; nothing is answered before it returns.
func (o *Opened) seen(ctx context.Context, who actor.Actor, what string) error {
	return audit.Looked(ctx, who, audit.View{File: o.File.ID, What: what, Why: o.why})
}

// Listed is the visits of a file.
type Listed struct {
	Opened
	Visits []Visit // the newest first
	Items  []Item  // of plans, that ask for a visit and wait for none
}

// Visits lists the visits of a file; the view is in the trail.
func (s *Service) Visits(ctx context.Context, who actor.Actor, fileID string) (l Listed, err error) {
	if err = may(who, access.ReadCasework); err != nil {
		return l, err
	}
	err = who.Municipality.View(ctx, func(tx *tenants.Tx) (err error) { //nolint:contextcheck // the transaction carries it
		if l.Opened, err = s.open(tx, who, fileID); err != nil {
			return err
		}
		if l.Visits, err = OfFile(tx, fileID); err != nil {
			return err
		}
		l.Items, err = s.unmet(tx, fileID, l.Visits)
		return err
	})
	if err != nil {
		return l, err
	}
	return l, l.seen(ctx, who, "visits")
}

// unmet are the plan items that ask for a visit and wait for none.
func (s *Service) unmet(tx *tenants.Tx, fileID string, known []Visit) ([]Item, error) {
	if s.Items == nil {
		return nil, nil
	}
	all, err := s.Items(tx, fileID)
	return slices.DeleteFunc(all, func(it Item) bool {
		return slices.ContainsFunc(known, func(v Visit) bool { return v.ItemID == it.ItemID && v.Waits() })
	}), err
}

// Draft is what the form of a visit starts from.
type Draft struct {
	Opened
	Item     *Item // that it fulfils, nil for a visit by itself
	Previous *Visit
	Visit    *Visit // that is changed, nil for a new one
	Form     Form
}

// staff lists who of the actor's unit may go.
func (s *Service) staff(ctx context.Context, who actor.Actor) ([]access.Colleague, error) {
	self := access.Colleague{UserID: who.UserID, Name: who.Name, Role: who.Role, UnitID: who.UnitID, UnitName: who.UnitName}
	if s.Colleagues == nil || who.UnitID == "" {
		return []access.Colleague{self}, nil
	}
	all, err := s.Colleagues(ctx, who, who.UnitID)
	list := []access.Colleague{}
	for _, c := range all {
		if c.Can(access.ManagePlan) && !slices.ContainsFunc(list, func(k access.Colleague) bool { return k.UserID == c.UserID }) {
			list = append(list, c)
		}
	}
	if !slices.ContainsFunc(list, func(k access.Colleague) bool { return k.UserID == who.UserID }) {
		list = append(list, self)
	}
	return list, err
}

// Begin gives what the form of a new visit starts from: for a plan item, or for
// another try after one that found nobody, what was agreed then. fault.NotFound:
// no such open item, no such visit of the file. The view is in the trail.
func (s *Service) Begin(ctx context.Context, who actor.Actor, fileID, itemID, previousID string) (d Draft, err error) {
	if err = may(who, access.ManagePlan); err != nil {
		return d, err
	}
	staff, err := s.staff(ctx, who)
	if err != nil {
		return d, err
	}
	err = who.Municipality.View(ctx, func(tx *tenants.Tx) (err error) { //nolint:contextcheck // the transaction carries it
		if d.Opened, err = s.open(tx, who, fileID); err != nil {
			return err
		}
		d.Staff = staff
		return s.prepare(tx, &d, itemID, previousID)
	})
	if err != nil {
		return d, err
	}
	if d.Form.Worker == "" {
		d.Form.Worker = who.UserID
	}
	return d, d.seen(ctx, who, "visit.new")
}

// prepare finds what a new visit is for, and fills the form with what is known.
func (s *Service) prepare(tx *tenants.Tx, d *Draft, itemID, previousID string) (err error) {
	d.Form.Address = d.File.Address
	if previousID != "" {
		if d.Previous, err = s.repeatable(tx, d.File.ID, previousID); err != nil {
			return err
		}
		itemID = d.Previous.ItemID
		a := d.Previous.Appointment
		d.Form = Form{Worker: a.WorkerID, Address: a.Address, Purpose: a.Purpose, Companion: a.Companion}
	}
	if itemID == "" {
		return nil
	}
	d.Item, err = s.item(tx, d.File.ID, itemID)
	if fault.Is(err, fault.NotFound) && d.Previous != nil {
		return nil // its item is over: the visit may be repeated by itself
	}
	if err == nil && d.Previous == nil {
		d.Form.Address, d.Form.Purpose = d.Item.Address, d.Item.Purpose
	}
	return err
}

// repeatable gives a visit of the file that left something to be done.
func (s *Service) repeatable(tx *tenants.Tx, fileID, id string) (*Visit, error) {
	v, err := ByID(tx, id)
	if err == nil && (v.FileID != fileID || v.Waits()) {
		err = fault.New(fault.NotFound, "fault.not_found")
	}
	return &v, err
}

// item gives an open plan item of the file that asks for a visit.
func (s *Service) item(tx *tenants.Tx, fileID, itemID string) (*Item, error) {
	if s.Items == nil {
		return nil, fault.New(fault.NotFound, "fault.not_found")
	}
	all, err := s.Items(tx, fileID)
	if err != nil {
		return nil, err
	}
	for i := range all {
		if all[i].ItemID == itemID {
			return &all[i], nil
		}
	}
	return nil, fault.New(fault.NotFound, "fault.not_found")
}

// New is a visit to be made.
type New struct {
	Form
	Key      string // of the form: sent twice it makes one visit
	Item     string // plan item, "" for a visit by itself
	Previous string // visit that is repeated, "" for none
}

// Schedule makes a visit with its day. It happens once for a key. fault.Invalid
// names what is missing; fault.Conflict: the item waits for a visit already, or
// is finished.
func (s *Service) Schedule(ctx context.Context, who actor.Actor, fileID string, n New) (v Visit, err error) {
	if err = may(who, access.ManagePlan); err != nil {
		return v, err
	}
	staff, err := s.staff(ctx, who)
	if err != nil {
		return v, err
	}
	err = who.Municipality.Update(ctx, func(tx *tenants.Tx) (err error) {
		if _, err = people.Open(tx, fileID); err != nil {
			return err
		}
		var known bool
		if v, known, err = byKey(tx, formKey(fileID, n.Key)); err != nil {
			return err
		}
		if known {
			return n.again(&v)
		}
		v = Visit{FileID: fileID}
		if v.Appointment, err = n.settle(staff, who, calendar.On(tx.Now), n.Key); err != nil {
			return err
		}
		if err = s.tie(tx, &v, &n); err != nil {
			return err
		}
		return s.decide(tx, who, &v, formKey(fileID, n.Key))
	})
	return v, err
}

// again is nil for the form that made the visit, and fault.Twice with other words.
func (n *New) again(v *Visit) error {
	if v.Purpose != n.Purpose || v.Address != n.Address || v.Companion != n.Companion {
		return fault.Twice()
	}
	return nil
}

func formKey(fileID, key string) string { return fileID + " " + key }

// settle checks the form and who goes.
func (f *Form) settle(staff []access.Colleague, who actor.Actor, today calendar.Date, key string) (Appointment, error) {
	a, wrong := f.read(today)
	if key == "" || len(key) > 60 {
		wrong = append(wrong, fault.Field{Name: "key", Key: "visit.error.key"})
	}
	a.Unit, a.WorkerID = who.UnitID, f.Worker
	at := slices.IndexFunc(staff, func(c access.Colleague) bool { return c.UserID == f.Worker })
	if at < 0 {
		wrong = append(wrong, fault.Field{Name: "worker", Key: "visit.error.worker"})
	} else {
		a.WorkerName = staff[at].Name
	}
	if len(wrong) > 0 {
		return a, fault.InvalidFields(wrong...)
	}
	return a, nil
}

// tie binds a new visit to the plan item and the visit that it follows.
func (s *Service) tie(tx *tenants.Tx, v *Visit, n *New) error {
	itemID := n.Item
	if n.Previous != "" {
		before, err := s.repeatable(tx, v.FileID, n.Previous)
		if err != nil {
			return err
		}
		v.PreviousID = before.ID
	}
	if itemID == "" {
		return nil
	}
	it, err := s.item(tx, v.FileID, itemID)
	if fault.Is(err, fault.NotFound) {
		return fault.New(fault.Conflict, "visit.error.item_over")
	}
	if err != nil {
		return err
	}
	if _, waits, err := waitingFor(tx, itemID); err != nil || waits {
		if err == nil {
			err = fault.New(fault.Conflict, "visit.error.already")
		}
		return err
	}
	v.PlanID, v.ItemID = it.PlanID, it.ItemID
	return nil
}

// Edit gives what the form of a visit that waits starts from; the view is in the
// trail. fault.Conflict: it is over.
func (s *Service) Edit(ctx context.Context, who actor.Actor, id string) (d Draft, err error) {
	if err = may(who, access.ManagePlan); err != nil {
		return d, err
	}
	staff, err := s.staff(ctx, who)
	if err != nil {
		return d, err
	}
	err = who.Municipality.View(ctx, func(tx *tenants.Tx) (err error) { //nolint:contextcheck // the transaction carries it
		v, err := ByID(tx, id)
		if err != nil {
			return err
		}
		if d.Opened, err = s.open(tx, who, v.FileID); err != nil {
			return err
		}
		d.Visit, d.Staff = &v, staff
		d.Form = Form{Worker: v.WorkerID, Day: v.Day, Clock: v.Clock, Address: v.Address, Purpose: v.Purpose, Companion: v.Companion}
		return nil
	})
	if err != nil {
		return d, err
	}
	if !slices.ContainsFunc(staff, func(c access.Colleague) bool { return c.UserID == d.Visit.WorkerID }) { // of another unit, or who left
		d.Staff = append(d.Staff, access.Colleague{UserID: d.Visit.WorkerID, Name: d.Visit.WorkerName})
	}
	return d, d.seen(ctx, who, "visit.edit")
}

// Move gives a visit that waits another day, address, purpose or worker. The
// same again changes nothing. fault.Conflict: it is over, or somebody changed it
// since version, which 0 does not ask for.
func (s *Service) Move(ctx context.Context, who actor.Actor, id string, f Form, version int64) (v Visit, err error) {
	if err = may(who, access.ManagePlan); err != nil {
		return v, err
	}
	staff, err := s.staff(ctx, who)
	if err != nil {
		return v, err
	}
	err = who.Municipality.Update(ctx, func(tx *tenants.Tx) (err error) {
		if v, err = ByID(tx, id); err != nil {
			return err
		}
		next, err := f.settle(append(slices.Clone(staff), access.Colleague{UserID: v.WorkerID, Name: v.WorkerName}), who, calendar.On(tx.Now), id)
		if err != nil {
			return err
		}
		if f.Worker == v.WorkerID {
			next.Unit = v.Unit
		}
		return s.move(tx, who, &v, next, version)
	})
	return v, err
}

func (s *Service) move(tx *tenants.Tx, who actor.Actor, v *Visit, next Appointment, version int64) error {
	switch {
	case next == v.Appointment:
		return nil
	case !v.Waits():
		return fault.New(fault.Conflict, "visit.error.over")
	case version != 0 && version != v.Version:
		return fault.New(fault.Conflict, "visit.error.changed")
	}
	v.Appointment = next
	v.Version++
	if err := updateAppointment(tx, v); err != nil {
		return err
	}
	return s.told(tx, who, v, "visit.move", Scheduled, "")
}

// Cancel cancels a visit that waits, with a reason; cancelled twice is cancelled
// once. fault.Conflict: it was recorded.
func (s *Service) Cancel(ctx context.Context, who actor.Actor, id, reason string) (v Visit, err error) {
	if err = may(who, access.ManagePlan); err != nil {
		return v, err
	}
	if err = readReason(reason); err != nil {
		return v, err
	}
	err = who.Municipality.Update(ctx, func(tx *tenants.Tx) (err error) {
		if v, err = ByID(tx, id); err != nil || v.Status == Cancelled {
			return err
		}
		if !v.Waits() {
			return fault.New(fault.Conflict, "visit.error.over")
		}
		return s.cancel(tx, who, &v, reason)
	})
	return v, err
}
