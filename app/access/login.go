package access

import (
	"context"
	"math"

	"gsl/app/kit/actor"
	"gsl/app/kit/audit"
	"gsl/app/kit/calendar"
	"gsl/app/kit/fault"
	"gsl/tenants"
)

// Attempt is one try to sign in, as it was typed.
type Attempt struct {
	RUN       string
	Password  string
	Code      string // of the second factor, "" when it was not asked for yet
	Ticket    string // of a first step that was good: RUN and password need no repeating
	Address   string // of the browser
	RequestID string
	Previous  sessionID // of the cookie that came along; it ends with the sign-in
}

// Opened is the session of a successful sign-in.
type Opened struct {
	id     sessionID
	UserID string
	Choose bool // several memberships, and the person never chose one
	// Ticket, when it is there, says that the password is right and a code is still
	// needed: no session is open yet, and the ticket is good for the second step.
	Ticket string
	// Recovery says that a recovery code let the person in, and Left how many there are still.
	Recovery bool
	Left     int
	with     string // for the audit: password, totp, recovery
}

// errWrong is the one answer to every wrong combination. It does not say
// whether the RUN is invalid, unknown, disabled or the password another.
func errWrong() error { return fault.New(fault.Invalid, "access.login.wrong") }

// login is Login, uncounted.
func (s *Service) login(ctx context.Context, try Attempt) (Opened, error) {
	if try.Ticket != "" {
		return s.secondStep(ctx, try)
	}
	run, err := s.config.ParseRUN(try.RUN)
	if err != nil {
		run = 0
	}
	address := network(try.Address)
	tried := s.clock()
	if wait := s.throttle.try(run, address, tried); wait > 0 {
		return Opened{}, fault.New(fault.TooMany, "access.login.too_many").With("Seconds", int(math.Ceil(wait.Seconds())))
	}
	a, err := s.candidate(ctx, run)
	if err != nil {
		return Opened{}, err
	}
	ok, stale, err := s.hasher.verify(ctx, address, try.Password, a.password)
	if err != nil {
		return Opened{}, err
	}
	if !ok {
		if err := s.recordFailure(ctx, "login.failed", a, try); err != nil {
			return Opened{}, err
		}
		return Opened{}, errWrong()
	}
	opened, err := s.enter(ctx, a, address, try)
	if err == nil && opened.Ticket != "" {
		s.throttle.halfway(run, address, tried)
	}
	if err == nil && stale {
		err = s.rehash(ctx, a, address, try.Password, &opened)
	}
	return opened, err
}

// candidate is the account to compare with: one without a hash, which no
// password fits, when there is none that may sign in.
func (s *Service) candidate(ctx context.Context, run uint32) (a account, err error) {
	err = s.files.National().View(ctx, func(tx *tenants.Tx) (err error) {
		a, err = findAccount(tx, run)
		return err
	})
	if tenants.NotFound(err) {
		return account{}, nil
	}
	if !a.DisabledAt.IsZero() {
		a.password = ""
	}
	return a, err
}

// recordFailure keeps who was tried and from where, never what was typed: people
// type passwords into the wrong box.
func (s *Service) recordFailure(ctx context.Context, action string, a account, try Attempt) error {
	who := actor.Actor{UserID: a.ID, RequestID: try.RequestID}
	return s.files.National().Update(ctx, func(tx *tenants.Tx) error {
		return audit.Record(tx, who, audit.Change{Action: action, Object: a.ID,
			Detail: map[string]string{"address": try.Address}})
	})
}

// rehash keeps the password under the present cost; in a rush it waits for the
// next sign-in. The ticket of a first step is bound to the hash, so it is made anew too.
func (s *Service) rehash(ctx context.Context, a account, address, password string, opened *Opened) error {
	hash, err := s.hasher.encode(ctx, address, password)
	if fault.Is(err, fault.Unavailable) {
		return nil
	}
	if err != nil {
		return err
	}
	return s.files.National().Update(ctx, func(tx *tenants.Tx) error {
		now, err := loadAccount(tx, a.ID)
		if err != nil || now.password != a.password {
			return err
		}
		if now.password = hash; opened.Ticket != "" {
			opened.Ticket = s.ticketOf(now)
		}
		return setPassword(tx, a.ID, hash)
	})
}

// open makes the session row. Comparing takes a while: an account that was
// disabled or got another password meanwhile is looked at again. A second factor
// is asked for before anything is told of what the person may do.
func (s *Service) open(ctx context.Context, a account, try Attempt, p proof) (Opened, error) {
	opened := Opened{id: newSessionID(), UserID: a.ID}
	err := s.files.National().Update(ctx, func(tx *tenants.Tx) error {
		now, err := loadAccount(tx, a.ID)
		if err != nil {
			return err
		}
		if !now.DisabledAt.IsZero() || now.password != a.password {
			return errWrong()
		}
		if err := s.passFactor(tx, &opened, p); err != nil {
			return err
		}
		m, choose, err := nextMembership(tx, now, try.Previous)
		if err != nil {
			return err
		}
		opened.Choose = choose
		return openSession(tx, opened, m, now.User, try)
	})
	if err == nil {
		s.cache.drop(try.Previous.hash())
	}
	return opened, err
}

// nextMembership is what a new session works in: what the session that ended in
// this browser worked in, so that its open pages go on; else the one used last.
func nextMembership(tx *tenants.Tx, a account, previous sessionID) (m Membership, choose bool, err error) {
	all, err := loadMemberships(tx, a.ID)
	if err != nil {
		return m, false, err
	}
	ended, err := findSession(tx, previous.hash())
	if err != nil && !tenants.NotFound(err) {
		return m, false, err
	}
	last := a.last
	if err == nil && ended.userID == a.ID {
		last = ended.membershipID
	}
	return firstMembership(all, last, calendar.On(tx.Now))
}

func openSession(tx *tenants.Tx, opened Opened, m Membership, u User, try Attempt) error {
	if err := deleteSession(tx, try.Previous.hash()); err != nil {
		return err
	}
	if !opened.Choose {
		if err := setLastMembership(tx, u.ID, m.ID); err != nil {
			return err
		}
		if err := setEntered(tx, m.ID); err != nil {
			return err
		}
	}
	if err := setSignedIn(tx, u.ID); err != nil {
		return err
	}
	err := insertSession(tx, opened.id.hash(), row{userID: u.ID, membershipID: m.ID,
		startedAt: tx.Now, seenAt: tx.Now, confirmedAt: tx.Now, address: try.Address})
	if err != nil {
		return err
	}
	who := m.actor(u)
	who.RequestID = try.RequestID
	return audit.Record(tx, who, audit.Change{Action: "login.ok", Object: u.ID,
		Detail: map[string]string{"address": try.Address, "membership": m.ID, "with": opened.with}})
}

// firstMembership is the one used last, or the first of those that can be used;
// choose says that there are several and the person has not chosen yet.
func firstMembership(all []Membership, last string, today calendar.Date) (first Membership, choose bool, err error) {
	var usable []Membership
	suspended := ""
	for _, m := range all {
		switch {
		case m.Usable(today) && m.ID == last:
			return m, false, nil
		case m.Usable(today):
			usable = append(usable, m)
		case m.On(today):
			suspended = m.Municipality
		}
	}
	switch {
	case len(usable) > 0:
		return usable[0], len(usable) > 1, nil
	case suspended != "":
		return first, false, errSuspended(suspended)
	}
	return first, false, fault.New(fault.Forbidden, "access.login.no_membership")
}

func errSuspended(municipality string) error {
	return fault.New(fault.Forbidden, "access.suspended").With("Municipality", municipality)
}
