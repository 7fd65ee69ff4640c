package referral

import (
	"context"

	"gsl/app/access"
	"gsl/app/catalogue"
	"gsl/app/kit/actor"
	"gsl/app/kit/audit"
	"gsl/app/kit/calendar"
	"gsl/app/kit/fault"
	"gsl/app/people"
	"gsl/tenants"
)

// Service is what one can do with referrals. The hooks are filled once, before
// the first request; a nil hook leaves its part out.
type Service struct {
	people    *people.Service
	catalogue *catalogue.Service
	pulse     *pulse

	// OnChange hears of each step in the transaction that makes it, of a new
	// referral too: was is "" then.
	OnChange []func(tx *tenants.Tx, who actor.Actor, r *Referral, was State) error
	// OpenAttention gives the desk's open attention of the file, "" for none.
	OpenAttention func(tx *tenants.Tx, who actor.Actor, fileID string) (string, error)
	// PlanOpen reports whether a plan still is: a referral is reopened only then.
	PlanOpen func(tx *tenants.Tx, planID string) (bool, error)
	// Facts gives what is known of the file's household; screening fills it.
	Facts func(ctx context.Context, who actor.Actor, fileID string) (*catalogue.Facts, error)
	// Colleagues lists who works in a unit; access fills it.
	Colleagues func(ctx context.Context, who actor.Actor, unit string) ([]access.Colleague, error)
}

// NewService makes the service over the rooms it stands on.
func NewService(files *people.Service, items *catalogue.Service) *Service {
	return &Service{people: files, catalogue: items, pulse: newPulse()}
}

// New is a referral to make.
type New struct {
	FileID string
	Asked
	Unit               string // code of the destination, "" for that of the item's provider
	Source             Source
	PlanID, PlanItemID string
	AttentionID        string           // "": that of the desk, when one is open
	Facts              *catalogue.Facts // of the household, to judge a protocol's criteria; nil: not judged
	Answered           []ConcernKind    // what the override reason answers to; nil: whatever the protocol has against it
	Key                string           // the same file and key make one referral
}

// AskedOf is what a referral of the item asks for, before anything is filled in.
func AskedOf(it *catalogue.Item) Asked {
	return Asked{Code: it.Code, Name: it.Name, Category: it.Category, Subcategory: it.Subcategory,
		Provider: it.Provider, Requirements: it.Requirements}
}

// Create makes a referral inside the caller's transaction, with its history and
// its trail; the protocol in force sets its clock and reserves its spot. The
// same key gives the referral that was made. fault.Forbidden: the actor refers
// nobody. fault.Invalid: the unit takes none, or the protocol asks for a reason.
func (s *Service) Create(tx *tenants.Tx, who actor.Actor, n New) (Referral, error) {
	if who.Municipality == nil || !who.Can(access.Refer) {
		return Referral{}, fault.New(fault.Forbidden, "fault.forbidden")
	}
	if id, err := byKey(tx, n.FileID, n.Key); err != nil || id != "" {
		if err != nil {
			return Referral{}, err
		}
		return ByID(tx, id)
	}
	r, err := s.begin(tx, who, n)
	if err != nil {
		return r, err
	}
	if err := s.govern(tx, who, &r, n); err != nil {
		return r, err
	}
	if r.Number, err = nextNumber(tx, r.Year); err != nil {
		return r, err
	}
	if err := insertReferral(tx, &r, n.Key); err != nil {
		return r, err
	}
	return r, s.recordNew(tx, who, &r)
}

// begin is the referral before the protocol has its say.
func (s *Service) begin(tx *tenants.Tx, who actor.Actor, n New) (Referral, error) {
	if _, err := people.Open(tx, n.FileID); err != nil {
		return Referral{}, err
	}
	unit, err := destination(tx, n)
	if err != nil {
		return Referral{}, err
	}
	r := Referral{ID: tx.NewID(), FileID: n.FileID, Year: calendar.On(tx.Now).Year(), Origin: Desk(who), OriginName: who.UnitName,
		CreatedBy: who.UserID, CreatedByName: who.Name, CreatedAt: tx.Now, Unit: unit.Code, UnitName: unit.Name, Kind: unit.Kind,
		Asked: n.Asked, Source: n.Source, PlanID: n.PlanID, PlanItemID: n.PlanItemID, AttentionID: n.AttentionID,
		State: Sent, Version: 1, ChangedAt: tx.Now}
	if r.Source == "" {
		r.Source = FromAttention
	}
	if r.Own() && r.Source == FromAttention {
		r.Source = OwnRequest
	}
	if r.AttentionID == "" && s.OpenAttention != nil {
		r.AttentionID, err = s.OpenAttention(tx, who, n.FileID)
	}
	return r, err
}

// destination is the unit that was named, or that of the item's provider. A
// provider that leads to no unit is written to by its name.
func destination(tx *tenants.Tx, n New) (Unit, error) {
	if n.Unit != "" {
		u, err := UnitByCode(tx, n.Unit)
		if fault.Is(err, fault.NotFound) {
			return u, fault.InvalidField("unit", "referral.error.unit")
		}
		if err != nil {
			return u, err
		}
		return u, u.Takes()
	}
	if n.Provider == "" {
		return Unit{}, fault.InvalidField("unit", "referral.error.unit")
	}
	u, ok, err := UnitOfProvider(tx, n.Provider)
	if err != nil {
		return u, err
	}
	if !ok {
		return Unit{Name: n.Provider, Kind: Institution, Channel: ByPaper, Active: true}, nil
	}
	return u, u.Takes()
}

func (s *Service) recordNew(tx *tenants.Tx, who actor.Actor, r *Referral) error {
	if err := addEntry(tx, who, r.ID, Entry{Version: 1, Verb: Create, Became: Sent, Reason: r.OverrideReason, Note: r.Note}); err != nil {
		return err
	}
	detail := map[string]string{"folio": r.Folio(), "item": r.Code, "unit": r.Unit, "source": string(r.Source)}
	if r.OverrideReason != "" {
		detail["reason"] = r.OverrideReason
	}
	if r.PlanID != "" {
		detail["plan"] = r.PlanID
	}
	if err := audit.Record(tx, who, audit.Change{Action: "referral.create", Object: r.ID, File: r.FileID, Detail: detail}); err != nil {
		return err
	}
	return s.changed(tx, who, r, "")
}

// Exists answers fault.NotFound for a referral that the municipality does not
// have, and for one that the actor may not know of.
func (s *Service) Exists(ctx context.Context, who actor.Actor, id string) error {
	return who.Municipality.View(ctx, func(tx *tenants.Tx) error {
		_, err := seen(tx, who, id)
		return err
	})
}

// Referral gives a referral for a decision, not for a screen: it leaves no trail.
// fault.NotFound: there is none, or the actor may not know of it.
func (s *Service) Referral(ctx context.Context, who actor.Actor, id string) (r Referral, err error) {
	err = who.Municipality.View(ctx, func(tx *tenants.Tx) (err error) {
		r, err = seen(tx, who, id)
		return err
	})
	return r, err
}

// seen is ByID for somebody: fault.NotFound too for what the actor may not see.
func seen(tx *tenants.Tx, who actor.Actor, id string) (Referral, error) {
	r, err := ByID(tx, id)
	if err == nil && !r.Sees(who) {
		return Referral{}, fault.New(fault.NotFound, "fault.not_found")
	}
	return r, err
}
