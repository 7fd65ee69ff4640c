package access

import (
	"context"
	"time"

	"gsl/app/kit/actor"
	"gsl/app/kit/audit"
	"gsl/app/kit/calendar"
	"gsl/app/kit/fault"
	"gsl/tenants"
)

// Switch moves the session to another membership of the same person and gives
// it a new id; the absolute limit goes on from the sign-in. Not theirs, or not
// today: fault.NotFound; a suspended municipality: fault.Forbidden.
func (s *Service) Switch(ctx context.Context, who actor.Actor, id sessionID, membership string) (fresh sessionID, err error) {
	fresh = newSessionID()
	err = s.files.National().Update(ctx, func(tx *tenants.Tx) error {
		r, err := liveSession(tx, id, who.UserID)
		if err != nil {
			return err
		}
		m, err := ownMembership(tx, who.UserID, membership)
		if err != nil {
			return err
		}
		return switchSession(tx, who, id, fresh, r, m)
	})
	s.cache.drop(id.hash())
	return fresh, err
}

func ownMembership(tx *tenants.Tx, user, membership string) (Membership, error) {
	all, err := loadMemberships(tx, user)
	if err != nil {
		return Membership{}, err
	}
	today := calendar.On(tx.Now)
	for _, m := range all {
		if m.ID != membership || !m.On(today) {
			continue
		}
		if m.Suspended {
			return Membership{}, errSuspended(m.Municipality)
		}
		return m, nil
	}
	return Membership{}, fault.New(fault.NotFound, "fault.not_found")
}

func switchSession(tx *tenants.Tx, who actor.Actor, old, fresh sessionID, r row, m Membership) error {
	if err := deleteSession(tx, old.hash()); err != nil {
		return err
	}
	from := r.membershipID
	r.membershipID = m.ID
	if err := insertSession(tx, fresh.hash(), r); err != nil {
		return err
	}
	if err := setLastMembership(tx, who.UserID, m.ID); err != nil {
		return err
	}
	if err := setEntered(tx, m.ID); err != nil {
		return err
	}
	return audit.Record(tx, who, audit.Change{Action: "login.switch", Object: who.UserID,
		Detail: map[string]string{"from": from, "to": m.ID}})
}

// Logout ends the session.
func (s *Service) Logout(ctx context.Context, who actor.Actor, id sessionID) error {
	err := s.files.National().Update(ctx, func(tx *tenants.Tx) error {
		if err := deleteSession(tx, id.hash()); err != nil {
			return err
		}
		return audit.Record(tx, who, audit.Change{Action: "logout", Object: who.UserID})
	})
	s.cache.drop(id.hash())
	return err
}

// LogoutEverywhere ends every session of the person, on every machine.
func (s *Service) LogoutEverywhere(ctx context.Context, who actor.Actor) error {
	err := s.files.National().Update(ctx, func(tx *tenants.Tx) error {
		if err := deleteSessionsOf(tx, who.UserID); err != nil {
			return err
		}
		return audit.Record(tx, who, audit.Change{Action: "logout.everywhere", Object: who.UserID})
	})
	s.cache.dropUser(who.UserID)
	return err
}

// LogoutOthers ends every session of the person but the one that asks.
func (s *Service) LogoutOthers(ctx context.Context, who actor.Actor) error {
	err := s.files.National().Update(ctx, func(tx *tenants.Tx) error {
		if err := deleteOtherSessions(tx, who.UserID, hashOf(who)); err != nil {
			return err
		}
		return audit.Record(tx, who, audit.Change{Action: "logout.others", Object: who.UserID})
	})
	s.cache.dropUser(who.UserID)
	return err
}

// Sweep writes down when sessions were used last and removes the old ones.
// Between sweeps only memory knows; a machine that stops loses at most the
// minute, which ends a session that much sooner.
func (s *Service) Sweep(ctx context.Context) error {
	used := s.cache.used()
	seen := make([]int64, len(used))
	for i, u := range used {
		seen[i] = u.seen.Load()
	}
	err := s.files.National().Update(ctx, func(tx *tenants.Tx) error {
		for i, u := range used {
			at := time.Unix(0, seen[i])
			if err := touchSession(tx, u.hash, at); err != nil {
				return err
			}
			if err := setSeen(tx, u.user.ID, u.membership.ID, at); err != nil {
				return err
			}
		}
		return deleteOldSessions(tx, tx.Now)
	})
	if err != nil {
		return err
	}
	for i, u := range used {
		u.saved.Store(seen[i])
	}
	return nil
}

// Run sweeps every minute until the context ends, and once more then. The
// composition root waits for it before it closes the files.
func (s *Service) Run(ctx context.Context) {
	every := time.NewTicker(time.Minute)
	defer every.Stop()
	for {
		select {
		case <-every.C:
			s.sweep(ctx)
		case <-ctx.Done():
			s.sweep(context.WithoutCancel(ctx))
			return
		}
	}
}

// sweep is the edge of a background job: what fails is logged here, and tried
// again a minute later.
func (s *Service) sweep(ctx context.Context) {
	if err := s.Sweep(ctx); err != nil {
		s.log.ErrorContext(ctx, "sessions not swept", "error", err)
	}
}
