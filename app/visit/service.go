package visit

import (
	"context"
	"slices"

	"gsl/app/access"
	"gsl/app/document"
	"gsl/app/kit/actor"
	"gsl/app/kit/audit"
	"gsl/app/kit/calendar"
	"gsl/app/kit/fault"
	"gsl/app/people"
	"gsl/templates/layout"
	"gsl/tenants"
)

// Service is what one can do with visits. The hooks are filled once, before the
// first request; a nil hook leaves its part out.
type Service struct {
	people    *people.Service
	documents *document.Service

	// OnChange hears of each visit that was given a day, recorded or cancelled, in
	// the transaction that does it. was is its status before.
	OnChange []func(tx *tenants.Tx, who actor.Actor, v *Visit, was Status) error
	// Items lists the plan items of a file that ask for a visit; plan fills it.
	Items func(tx *tenants.Tx, fileID string) ([]Item, error)
	// Household gives the names of the people of the household; screening fills it.
	Household func(ctx context.Context, who actor.Actor, fileID string) ([]string, error)
	// Colleagues lists who works in a unit; access fills it.
	Colleagues func(ctx context.Context, who actor.Actor, unit string) ([]access.Colleague, error)
	// Replaced lists whom a worker replaces on a day; referral fills it.
	Replaced func(tx *tenants.Tx, userID string, day calendar.Date) ([]string, error)
}

// NewService makes the service over the rooms it stands on.
func NewService(files *people.Service, documents *document.Service) *Service {
	return &Service{people: files, documents: documents}
}

// Item is a plan item that asks for a visit and is not finished.
type Item struct {
	PlanID, ItemID string
	Folio          string // of the plan
	Name           string
	Address        string
	Purpose        string
}

func may(who actor.Actor, p actor.Permission) error {
	if who.Municipality == nil || !who.Can(p) {
		return fault.New(fault.Forbidden, "fault.forbidden")
	}
	return nil
}

// Exists answers fault.NotFound when the municipality has no visit with the id.
func (s *Service) Exists(ctx context.Context, who actor.Actor, id string) error {
	return who.Municipality.View(ctx, func(tx *tenants.Tx) error {
		_, err := ByID(tx, id)
		return err
	})
}

// ShowWaiting says in the left menu of a file how many visits wait.
func ShowWaiting(frame *layout.FileFrame, n int) {
	if at := slices.IndexFunc(frame.Sections, func(section layout.Section) bool { return section.Key == people.VisitsSection }); at >= 0 {
		frame.Sections[at].Count = n
	}
}

// Agree makes the visit that a plan item asks for, in the transaction of the
// checkout; it still has to be given its day. Asked twice, it is one visit.
func (s *Service) Agree(tx *tenants.Tx, who actor.Actor, fileID string, it *Item) (Visit, error) {
	key := "plan " + it.ItemID
	if v, known, err := byKey(tx, key); err != nil || known {
		return v, err
	}
	v := Visit{FileID: fileID, PlanID: it.PlanID, ItemID: it.ItemID,
		Appointment: Appointment{WorkerID: who.UserID, WorkerName: who.Name, Unit: who.UnitID, Address: it.Address, Purpose: it.Purpose}}
	return v, s.decide(tx, who, &v, key)
}

// decide writes a new visit.
func (s *Service) decide(tx *tenants.Tx, who actor.Actor, v *Visit, key string) error {
	v.ID, v.Status, v.Version, v.CreatedAt, v.CreatedByName = tx.NewID(), Scheduled, 1, tx.Now, who.Name
	if err := insertVisit(tx, who, v, key); err != nil {
		return err
	}
	return s.told(tx, who, v, "visit.schedule", "", "")
}

// told writes what happened into history and trail, and tells who listens.
func (s *Service) told(tx *tenants.Tx, who actor.Actor, v *Visit, action string, was Status, note string) error {
	if err := remember(tx, who, v, was, note); err != nil {
		return err
	}
	detail := map[string]string{"to": string(v.Status)}
	for name, value := range map[string]string{"from": string(was), "day": v.Day.String(), "worker": v.WorkerName, "plan": v.PlanID, "reason": v.Reason} {
		if value != "" {
			detail[name] = value
		}
	}
	if err := audit.Record(tx, who, audit.Change{Action: action, Object: v.ID, File: v.FileID, Detail: detail}); err != nil {
		return err
	}
	for _, hook := range s.OnChange {
		if err := hook(tx, who, v, was); err != nil {
			return err
		}
	}
	return nil
}

// CancelOf cancels the visit that a plan item waits for: the item was withdrawn,
// or ended without it. None is no error.
func (s *Service) CancelOf(tx *tenants.Tx, who actor.Actor, itemID, reason string) error {
	v, waits, err := waitingFor(tx, itemID)
	if err != nil || !waits {
		return err
	}
	return s.cancel(tx, who, &v, reason)
}

// CancelAll cancels what of a file's visits still waits: its case was closed.
func (s *Service) CancelAll(tx *tenants.Tx, who actor.Actor, fileID, reason string) error {
	visits, err := OfFile(tx, fileID)
	if err != nil {
		return err
	}
	for i := range visits {
		if v := &visits[i]; v.Waits() {
			if err := s.cancel(tx, who, v, reason); err != nil {
				return err
			}
		}
	}
	return nil
}

func (s *Service) cancel(tx *tenants.Tx, who actor.Actor, v *Visit, reason string) error {
	v.Status, v.Reason, v.EndedAt, v.EndedByName = Cancelled, reason, tx.Now, who.Name
	v.Version++
	if err := endVisit(tx, v); err != nil {
		return err
	}
	return s.told(tx, who, v, "visit.cancel", Scheduled, reason)
}
