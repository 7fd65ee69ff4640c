package access

import (
	"context"

	"gsl/app/kit/actor"
	"gsl/app/kit/audit"
	"gsl/app/kit/calendar"
	"gsl/app/kit/fault"
	"gsl/tenants"
)

func today(tx *tenants.Tx) calendar.Date { return calendar.On(tx.Now) }

// Prove is what somebody does who wants to change the own second factor long after
// the sign-in: a code, or the password of who has no factor yet. Wrong:
// fault.Invalid, naming "code" or "current".
func (s *Service) Prove(ctx context.Context, who actor.Actor, code, password, address string) error {
	st, err := s.standing(ctx, who)
	if err != nil || st.confirmed {
		return err
	}
	if st.factor {
		return s.Confirm(ctx, who, code)
	}
	if wait := s.throttle.tryAgain(st.account.RUN, s.clock()); wait > 0 {
		return tooManyCodes(wait)
	}
	ok, _, err := s.hasher.verify(ctx, network(address), password, st.account.password)
	if err != nil {
		return err
	}
	if !ok {
		return fault.InvalidField("current", "access.field.current_wrong")
	}
	s.throttle.confirmed(st.account.RUN)
	return s.files.National().Update(ctx, func(tx *tenants.Tx) error {
		return confirmSession(tx, hashOf(who), who.UserID)
	})
}

// NewRecoveryCodes gives ten new ones, to be shown once; those from before work no
// more. It asks for a code like every dangerous act. Without a factor: fault.Conflict.
func (s *Service) NewRecoveryCodes(ctx context.Context, who actor.Actor, code string) (codes []string, err error) {
	if err := s.Confirm(ctx, who, code); err != nil {
		return nil, err
	}
	if codes, err = recoveryOf(random(seedSize)); err != nil {
		return nil, err
	}
	hashes, err := s.hashCodes(ctx, codes)
	if err != nil {
		return nil, err
	}
	return codes, s.files.National().Update(ctx, func(tx *tenants.Tx) error {
		if has, err := hasFactor(tx, who.UserID); err != nil || !has {
			return orElse(err, fault.New(fault.Conflict, "factor.none"))
		}
		if err := putRecovery(tx, who.UserID, hashes); err != nil {
			return err
		}
		return audit.Record(tx, who, audit.Change{Action: "factor.recovery_codes", Object: who.UserID})
	})
}

// RemoveFactor takes the person's own second factor away, after a code. A role
// that demands one keeps it: fault.Forbidden. Every other session ends.
func (s *Service) RemoveFactor(ctx context.Context, who actor.Actor, code string) error {
	if err := s.Confirm(ctx, who, code); err != nil {
		return err
	}
	err := s.files.National().Update(ctx, func(tx *tenants.Tx) error {
		a, err := loadAccount(tx, who.UserID)
		if err != nil {
			return err
		}
		if demanded, err := s.demanded(tx, a); err != nil || demanded {
			return orElse(err, fault.New(fault.Forbidden, "factor.demanded"))
		}
		if err := dropFactor(tx, a.ID); err != nil {
			return err
		}
		if err := deleteOtherSessions(tx, a.ID, hashOf(who)); err != nil {
			return err
		}
		return audit.Record(tx, who, audit.Change{Action: "factor.remove", Object: a.ID})
	})
	s.cache.dropUser(who.UserID)
	return err
}

func dropFactor(tx *tenants.Tx, user string) error {
	if err := deleteRecovery(tx, user); err != nil {
		return err
	}
	return deleteFactor(tx, user)
}

// orElse is the error, or the other one when there is none.
func orElse(err, otherwise error) error {
	if err != nil {
		return err
	}
	return otherwise
}
