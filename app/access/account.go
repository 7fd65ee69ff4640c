package access

import (
	"context"
	"math"
	"time"

	"gsl/app/kit/actor"
	"gsl/app/kit/audit"
	"gsl/app/kit/calendar"
	"gsl/app/kit/fault"
	"gsl/tenants"
)

// Account is what a person may see and change of the own entry in the roster.
type Account struct {
	User
	Memberships []Membership // those that hold today, of suspended municipalities too
	Sessions    []OpenSession
	Factor      Factor
	AcceptedAt  time.Time // of the agreement in force; zero when it is not accepted
}

// OpenSession is somewhere that the person is signed in.
type OpenSession struct {
	MembershipID string
	StartedAt    time.Time
	SeenAt       time.Time // to a minute
	Address      string
	Current      bool // the one that asks
}

// Account gives the person's own entry.
func (s *Service) Account(ctx context.Context, who actor.Actor) (out Account, err error) {
	if out.Factor, err = s.Factor(ctx, who); err != nil {
		return Account{}, err
	}
	err = s.files.National().View(ctx, func(tx *tenants.Tx) error {
		a, err := loadAccount(tx, who.UserID)
		if err != nil {
			return err
		}
		out.User = a.User
		all, err := loadMemberships(tx, who.UserID)
		if err != nil {
			return err
		}
		out.Memberships = onlyOn(all, calendar.On(tx.Now))
		if out.Sessions, err = openSessions(tx, who.UserID, hashOf(who)); err != nil {
			return err
		}
		out.AcceptedAt, err = acceptedAt(tx, who.UserID, AgreementVersion)
		return err
	})
	return out, err
}

func onlyOn(all []Membership, day calendar.Date) []Membership {
	var list []Membership
	for _, m := range all {
		if m.On(day) {
			list = append(list, m)
		}
	}
	return list
}

// Preferences are what a person likes; "" leaves one as it is.
type Preferences struct {
	Language  string // es-CL, en
	Shortcuts string // keyboard shortcuts: on, off
}

// Prefer keeps the person's preferences.
func (s *Service) Prefer(ctx context.Context, who actor.Actor, p Preferences) error {
	err := s.files.National().Update(ctx, func(tx *tenants.Tx) error {
		a, err := loadAccount(tx, who.UserID)
		if err != nil {
			return err
		}
		if p.Language != "" {
			a.Language = p.Language
		}
		if p.Shortcuts != "" {
			a.Shortcuts = p.Shortcuts == "on"
		}
		return setPreferences(tx, a.ID, a.Language, a.Shortcuts)
	})
	s.cache.dropUser(who.UserID)
	return err
}

// PasswordChange is a person's wish for another password.
type PasswordChange struct {
	Current string
	Fresh   string
	Address string // of the browser
}

// ChangePassword gives the person another password. Every session ends but the
// one that asks, which goes on under a new id.
func (s *Service) ChangePassword(ctx context.Context, who actor.Actor, id sessionID, change PasswordChange) (fresh sessionID, err error) {
	a, err := s.own(ctx, who)
	if err != nil {
		return fresh, err
	}
	if key := s.flaw(change.Fresh, a.RUN, a.Name()); key != "" {
		return fresh, fault.InvalidFields(fault.Field{Name: "password", Key: key, Args: passwordArgs})
	}
	address := network(change.Address)
	if wait := s.throttle.try(a.RUN, address, s.clock()); wait > 0 {
		return fresh, fault.New(fault.TooMany, "access.login.too_many").With("Seconds", int(math.Ceil(wait.Seconds())))
	}
	ok, _, err := s.hasher.verify(ctx, address, change.Current, a.password)
	if err != nil {
		return fresh, err
	}
	if !ok {
		return fresh, fault.InvalidField("current", "access.field.current_wrong")
	}
	s.throttle.succeeded(a.RUN, address)
	hash, err := s.hasher.encode(ctx, address, change.Fresh)
	if err != nil {
		return fresh, err
	}
	return s.replacePassword(ctx, who, id, a, hash)
}

func (s *Service) own(ctx context.Context, who actor.Actor) (a account, err error) {
	err = s.files.National().View(ctx, func(tx *tenants.Tx) (err error) {
		a, err = loadAccount(tx, who.UserID)
		return err
	})
	return a, err
}

func (s *Service) replacePassword(ctx context.Context, who actor.Actor, id sessionID, a account, hash string) (sessionID, error) {
	fresh := newSessionID()
	err := s.files.National().Update(ctx, func(tx *tenants.Tx) error {
		r, err := liveSession(tx, id, who.UserID)
		if err != nil {
			return err
		}
		if err := setPassword(tx, a.ID, hash); err != nil {
			return err
		}
		if err := deleteSessionsOf(tx, a.ID); err != nil {
			return err
		}
		if err := insertSession(tx, fresh.hash(), r); err != nil {
			return err
		}
		return audit.Record(tx, who, audit.Change{Action: "password.change", Object: a.ID})
	})
	s.cache.dropUser(a.ID)
	return fresh, err
}

// liveSession is the row of a session that its user may go on with.
func liveSession(tx *tenants.Tx, id sessionID, user string) (row, error) {
	r, err := findSession(tx, id.hash())
	if tenants.NotFound(err) || err == nil && (r.userID != user || r.startedAt.Add(AbsoluteLimit).Before(tx.Now)) {
		return row{}, fault.New(fault.Unauthenticated, "fault.session_ended")
	}
	r.seenAt = tx.Now
	return r, err
}
