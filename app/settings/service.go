package settings

import (
	"context"
	"strconv"
	"time"

	"gsl/app/access"
	"gsl/app/kit/actor"
	"gsl/app/kit/audit"
	"gsl/app/kit/fault"
	"gsl/app/referral"
	"gsl/tenants"
)

// Service is what one can do with the settings of a municipality.
type Service struct {
	files      *tenants.Files
	Units      *referral.UnitService
	Profiles   *Profiles
	Agreements Agreements
}

// NewService makes the service.
func NewService(files *tenants.Files, units *referral.UnitService) *Service {
	return &Service{files: files, Units: units, Profiles: NewProfiles(time.Now)}
}

func may(who actor.Actor) error {
	if who.Municipality == nil || !who.Can(access.EditSettings) {
		return fault.New(fault.Forbidden, "fault.forbidden")
	}
	return nil
}

// General gives the settings of the municipality.
func (s *Service) General(ctx context.Context, who actor.Actor) (General, error) {
	if err := may(who); err != nil {
		return General{}, err
	}
	var g General
	err := who.Municipality.View(ctx, func(tx *tenants.Tx) (err error) {
		g, err = load(tx)
		return err
	})
	return g, err
}

// Save changes settings; they count for what begins from now on. mark is that of
// the settings which were shown: fault.Conflict when somebody changed them
// meanwhile, and what comes back is how they are.
func (s *Service) Save(ctx context.Context, who actor.Actor, wanted General, mark string) (General, error) {
	if err := may(who); err != nil {
		return General{}, err
	}
	if wrong := wanted.check(); len(wrong) > 0 {
		return General{}, fault.InvalidFields(wrong...)
	}
	var now General
	err := who.Municipality.Update(ctx, func(tx *tenants.Tx) (err error) {
		if now, err = load(tx); err != nil || now == wanted {
			return err // sent twice: one effect
		}
		if now.Mark() != mark {
			return fault.New(fault.Conflict, "settings.error.changed_meanwhile")
		}
		return save(tx, who, now, wanted)
	})
	return now, err
}

// save writes what changed and leaves the trail.
func save(tx *tenants.Tx, who actor.Actor, before, after General) error {
	was, detail := before.rows(), map[string]string{}
	for key, value := range after.rows() {
		if value == was[key] {
			continue
		}
		if err := set(tx, key, value); err != nil {
			return err
		}
		detail[key] = was[key] + " → " + value
	}
	return audit.Record(tx, who, audit.Change{Action: "settings.change", Object: who.Municipality.ID, Detail: detail})
}

// SetModel says how the municipality takes people: 1 each desk, 2 one front desk
// for everybody. It counts at once for everyone who is signed in.
func (s *Service) SetModel(ctx context.Context, who actor.Actor, model int) error {
	if err := may(who); err != nil {
		return err
	}
	if model != 1 && model != 2 {
		return fault.InvalidField("model", "settings.error.model")
	}
	before := who.Municipality.Model()
	if before == model {
		return nil
	}
	return s.files.SetModel(ctx, who.Municipality.ID, model, func(tx *tenants.Tx) error {
		return audit.Record(tx, who, audit.Change{Action: "settings.model", Object: who.Municipality.ID,
			Detail: map[string]string{"from": strconv.Itoa(before), "to": strconv.Itoa(model)}})
	})
}
