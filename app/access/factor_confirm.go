package access

import (
	"context"
	"time"

	"gsl/app/kit/actor"
	"gsl/app/kit/audit"
	"gsl/app/kit/fault"
	"gsl/tenants"
)

// proof is a code that was typed, as far as it can be prepared outside the
// transaction that uses it up.
type proof struct {
	totp     string // six digits, "" when it is no code of the app
	recovery string // hash of a recovery code, "" when it is none
}

// proofOf prepares what was typed. Hashing a recovery code takes its time; only
// who has proved the password, or is signed in, gets this far.
func (s *Service) proofOf(ctx context.Context, user, address, typed string) (p proof, err error) {
	code := plainCode(typed)
	if len(code) != recoverySize {
		return proof{totp: code}, nil
	}
	var one string
	err = s.files.National().View(ctx, func(tx *tenants.Tx) (err error) {
		one, err = recoveryHash(tx, user)
		return err
	})
	if err != nil || one == "" {
		return proof{}, err
	}
	like, err := parseHash(one)
	if err != nil {
		return proof{}, err
	}
	err = s.hasher.run(ctx, address, func() { p.recovery = like.encode(code) })
	return p, err
}

// accept uses the proof up and reports whether it was good.
func (s *Service) accept(tx *tenants.Tx, user string, p proof) (bool, error) {
	switch {
	case p.recovery != "":
		return useRecovery(tx, user, p.recovery)
	case p.totp == "":
		return false, nil
	}
	f, err := s.factorOf(tx, user)
	if err != nil {
		return false, err
	}
	step, ok, err := f.match(p.totp, tx.Now)
	if err != nil || !ok {
		return false, err
	}
	return useStep(tx, user, step)
}

// factorOf gives the user's factor with its secret open.
func (s *Service) factorOf(tx *tenants.Tx, user string) (factor, error) {
	f, err := findFactor(tx, user)
	if err != nil {
		return factor{}, err
	}
	f.secret, err = s.vault.open(purposeOf(user), f.secret)
	return f, err
}

// standing is how far an actor has proved who they are.
type standing struct {
	account   account
	factor    bool // has a second factor
	confirmed bool // proved it within ConfirmedFor
}

func (s *Service) standing(ctx context.Context, who actor.Actor) (st standing, err error) {
	err = s.files.National().View(ctx, func(tx *tenants.Tx) (err error) {
		if st.account, err = loadAccount(tx, who.UserID); err != nil {
			return err
		}
		if st.factor, err = hasFactor(tx, who.UserID); err != nil {
			return err
		}
		r, err := findSession(tx, hashOf(who))
		if tenants.NotFound(err) {
			return nil // no session of ours: nothing was ever confirmed in it
		}
		st.confirmed = err == nil && r.userID == who.UserID && fresh(r.confirmedAt, tx.Now)
		return err
	})
	return st, err
}

// fresh reports whether a proof made then still holds now. One from the future was
// made by a clock that has been set back since.
func fresh(then, now time.Time) bool {
	return now.Sub(then) < ConfirmedFor && !then.After(now.Add(clockSlack))
}

// hashOf is the row of the actor's session.
func hashOf(who actor.Actor) (hash idHash) {
	copy(hash[:], who.Session)
	return hash
}

// needsFactor reports whether the role may do nothing without a second factor.
// The demo's accounts, whose password everybody knows, do without while it is a demo.
func (s *Service) needsFactor(role string, run uint32) bool {
	published := s.config.Demo && s.config.Published != nil && s.config.Published(run)
	return factorRoles[role] && !published
}

// NeedsCode reports whether the form of a dangerous act must ask for a code
// (ui.CodeField): the person has a second factor and has not shown it of late.
// What cannot be found out is asked for.
func (s *Service) NeedsCode(ctx context.Context, who actor.Actor) bool {
	if who.UserID == consoleID {
		return false
	}
	st, err := s.standing(ctx, who)
	return err != nil || st.factor && !st.confirmed
}

// Confirm makes sure, before a dangerous act, that it is the person who acts: nil
// when they proved it within ConfirmedFor, in this session, or the code is good
// now (it is used up by that). Otherwise fault.InvalidField names "code". Who has
// no second factor and needs none, is not asked.
func (s *Service) Confirm(ctx context.Context, who actor.Actor, code string) error {
	if who.UserID == consoleID {
		return nil
	}
	st, err := s.standing(ctx, who)
	switch {
	case err != nil:
		return err
	case !st.factor && s.needsFactor(who.Role, st.account.RUN):
		return fault.New(fault.Forbidden, "factor.missing")
	case !st.factor || st.confirmed:
		return nil
	case code == "":
		return fault.InvalidField("code", "factor.code.needed")
	}
	if wait := s.throttle.tryAgain(st.account.RUN, s.clock()); wait > 0 {
		return tooManyCodes(wait)
	}
	return s.confirm(ctx, who, st.account, code)
}

func (s *Service) confirm(ctx context.Context, who actor.Actor, a account, code string) error {
	p, err := s.proofOf(ctx, a.ID, "", code)
	if err != nil {
		return err
	}
	good := false
	err = s.files.National().Update(ctx, func(tx *tenants.Tx) (err error) {
		good, err = s.accept(tx, a.ID, p)
		if err != nil {
			return err
		}
		if !good {
			return audit.Record(tx, who, audit.Change{Action: "factor.failed", Object: a.ID})
		}
		if err := confirmSession(tx, hashOf(who), a.ID); err != nil {
			return err
		}
		return audit.Record(tx, who, audit.Change{Action: "factor.confirm", Object: a.ID, Detail: p.kind()})
	})
	if err == nil && !good {
		return fault.InvalidField("code", "factor.code.wrong")
	}
	if err == nil {
		s.throttle.confirmed(a.RUN)
	}
	return err
}

// kind says for the audit what was shown: the app's code or one from the paper.
func (p proof) kind() map[string]string {
	if p.recovery != "" {
		return map[string]string{"with": "recovery"}
	}
	return map[string]string{"with": "totp"}
}
