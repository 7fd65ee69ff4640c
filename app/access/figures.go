package access

import (
	"context"
	"sync/atomic"

	"gsl/app/kit/fault"
)

// LoginFigures is how tries to sign in ended since the program started.
type LoginFigures struct {
	OK        uint64 // a session was opened
	Code      uint64 // the password was right, a code is still needed
	Wrong     uint64
	Throttled uint64 // too many tries, or too many passwords to compare
	Failed    uint64 // nothing the person may work in, or our own trouble
}

type logins struct{ ok, code, wrong, throttled, failed atomic.Uint64 }

func (l *logins) note(opened Opened, err error) {
	switch kind := fault.KindOf(err); {
	case err == nil && opened.Ticket != "":
		l.code.Add(1)
	case err == nil:
		l.ok.Add(1)
	case kind == fault.Invalid:
		l.wrong.Add(1)
	case kind == fault.TooMany || kind == fault.Unavailable:
		l.throttled.Add(1)
	default:
		l.failed.Add(1)
	}
}

// Logins counts tries to sign in; of whom, it does not know.
func (s *Service) Logins() LoginFigures {
	l := &s.logins
	return LoginFigures{OK: l.ok.Load(), Code: l.code.Load(), Wrong: l.wrong.Load(), Throttled: l.throttled.Load(), Failed: l.failed.Load()}
}

// Login opens a session, or gives a ticket for the second step. Wrong:
// fault.Invalid, always the same; too often: fault.TooMany and a full queue:
// fault.Unavailable, both with Seconds; nothing the person may work in: fault.Forbidden.
func (s *Service) Login(ctx context.Context, try Attempt) (Opened, error) {
	opened, err := s.login(ctx, try)
	s.logins.note(opened, err)
	return opened, err
}
