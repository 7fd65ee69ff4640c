package access

import (
	"context"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"math"
	"strconv"
	"strings"
	"time"

	"gsl/app/kit/actor"
	"gsl/app/kit/fault"
	"gsl/tenants"
)

// The second step of a sign-in. A stranger never meets it: only who typed the
// right password hears that a code is needed. Until then the page, the words and
// the work are the same for everybody, with a factor, without one, or unknown.
// What was proved travels to the second step in a ticket, sealed, so that no page
// carries a password.

// errCode says that a code is needed, or that the one typed is not good.
var errCode = errors.New("access: no good code of the second factor")

// How long the ticket of a first step is good for a second one.
const ticketLife = 5 * time.Minute

// enter takes somebody whose password is right past the second factor, if there
// is one. Wrong tries are forgotten only then: who has found the password still
// has few tries for the code.
func (s *Service) enter(ctx context.Context, a account, address string, try Attempt) (Opened, error) {
	p, err := s.proofOf(ctx, a.ID, address, try.Code)
	if err != nil {
		return Opened{}, err
	}
	opened, err := s.open(ctx, a, try, p)
	if errors.Is(err, errCode) {
		return s.askCode(ctx, a, try)
	}
	if err == nil || fault.Is(err, fault.Forbidden) {
		s.throttle.succeeded(a.RUN, address)
	}
	return opened, err
}

// passFactor uses the proof up, where the person has a second factor: errCode
// when it is not good.
func (s *Service) passFactor(tx *tenants.Tx, opened *Opened, p proof) error {
	opened.with = "password"
	has, err := hasFactor(tx, opened.UserID)
	if err != nil || !has {
		return err
	}
	good, err := s.accept(tx, opened.UserID, p)
	if err != nil {
		return err
	}
	if !good {
		return errCode
	}
	opened.with, opened.Recovery = p.kind()["with"], p.recovery != ""
	opened.Left, err = countRecovery(tx, opened.UserID)
	return err
}

// askCode answers a first step with its ticket, and a wrong code with the
// sentence about it.
func (s *Service) askCode(ctx context.Context, a account, try Attempt) (Opened, error) {
	opened := Opened{Ticket: s.ticketOf(a)}
	if try.Code == "" {
		return opened, nil
	}
	if err := s.recordFailure(ctx, "factor.failed", a, try); err != nil {
		return Opened{}, err
	}
	return opened, fault.InvalidField("code", "factor.code.wrong")
}

// secondStep is a sign-in by ticket and code.
func (s *Service) secondStep(ctx context.Context, try Attempt) (Opened, error) {
	a, err := s.holder(ctx, try.Ticket)
	if err != nil {
		return Opened{}, err
	}
	address := network(try.Address)
	if wait := s.throttle.try(a.RUN, address, s.clock()); wait > 0 {
		return Opened{Ticket: try.Ticket}, fault.New(fault.TooMany, "access.login.too_many").With("Seconds", int(math.Ceil(wait.Seconds())))
	}
	return s.enter(ctx, a, address, try)
}

// ticketOf seals who has proved which password, and until when that counts.
func (s *Service) ticketOf(a account) string {
	until := strconv.FormatInt(s.clock().Add(ticketLife).Unix(), 10)
	plain := strings.Join([]string{a.ID, until, markOf(a.password)}, " ")
	return base64.RawURLEncoding.EncodeToString(s.vault.seal("ticket", []byte(plain)))
}

// markOf changes with the password: a ticket does not outlive it.
func markOf(password string) string {
	sum := sha256.Sum256([]byte(password))
	return hex.EncodeToString(sum[:8])
}

// holder is the account of a ticket that is still good.
func (s *Service) holder(ctx context.Context, ticket string) (account, error) {
	late := fault.New(fault.Invalid, "factor.ticket.late")
	sealed, err := base64.RawURLEncoding.DecodeString(ticket)
	if err != nil {
		return account{}, late
	}
	plain, err := s.vault.open("ticket", sealed)
	parts := strings.Fields(string(plain))
	if err != nil || len(parts) != 3 {
		return account{}, late
	}
	until, err := strconv.ParseInt(parts[1], 10, 64)
	if err != nil || s.clock().Unix() > until {
		return account{}, late
	}
	a, err := s.own(ctx, actor.Actor{UserID: parts[0]})
	if err != nil {
		return account{}, err
	}
	if !a.DisabledAt.IsZero() || markOf(a.password) != parts[2] {
		return account{}, late
	}
	return a, nil
}
