package national

import (
	"context"
	"strings"
	"time"

	"gsl/app/access"
	"gsl/app/kit/actor"
	"gsl/app/kit/audit"
	"gsl/app/kit/fault"
	"gsl/tenants"
)

// Recipient is the public half of the key to which a municipality's exports are
// encrypted. The municipality's counterpart registers it and keeps the other half.
type Recipient struct {
	Key    string // age1…; "" none is registered
	SetAt  time.Time
	ByName string
}

func (s *Service) recipient(ctx context.Context, id string) (r Recipient, err error) {
	err = s.files.National().View(ctx, func(tx *tenants.Tx) (err error) {
		r, err = findRecipient(tx, id)
		return err
	})
	return r, err
}

// OwnRecipient is the key of the actor's municipality.
func (s *Service) OwnRecipient(ctx context.Context, who actor.Actor) (Recipient, error) {
	if who.Municipality == nil || !who.Can(access.EditSettings) {
		return Recipient{}, fault.New(fault.Forbidden, "fault.forbidden")
	}
	return s.recipient(ctx, who.Municipality.ID)
}

// SetRecipient registers the key of the actor's municipality; "" takes it away.
// The national administration cannot: it would choose who reads.
func (s *Service) SetRecipient(ctx context.Context, who actor.Actor, key, code string) error {
	if who.Municipality == nil || !who.Can(access.EditSettings) {
		return fault.New(fault.Forbidden, "fault.forbidden")
	}
	if key = strings.TrimSpace(key); key != "" {
		if _, err := ParseRecipient(key); err != nil {
			return err
		}
	}
	if err := s.access.Confirm(ctx, who, code); err != nil {
		return err
	}
	id := who.Municipality.ID
	return s.files.National().Update(ctx, func(tx *tenants.Tx) error {
		before, err := findRecipient(tx, id)
		if err != nil || before.Key == key {
			return err
		}
		if err := setRecipient(tx, id, key, who); err != nil {
			return err
		}
		return audit.Record(tx, who, audit.Change{Action: "municipality.recipient", Object: id, Detail: map[string]string{"from": before.Key, "to": key}})
	})
}
