package access

import (
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"time"

	"gsl/app/kit/calendar"
	"gsl/app/kit/fault"
)

// Invitation asks somebody to work here, in one role. The person makes the
// password with a link that works once.
type Invitation struct {
	RUN          uint32 // body of a verified RUN
	GivenNames   string // these three matter for who is not in the roster yet
	Surnames     string
	Email        string        // "": the link is handed over
	Municipality string        // CUT code; "" for national roles, and for the own municipality
	Role         string        // code of permissions.go
	Unit         string        // code; may be blank where it follows from the role
	From         calendar.Date // zero: today
	To           calendar.Date // zero: without end
}

func (n Invitation) person() NewUser {
	return NewUser{RUN: n.RUN, GivenNames: n.GivenNames, Surnames: n.Surnames, Email: n.Email}
}

func (n Invitation) role() NewMembership {
	return NewMembership{RUN: n.RUN, Municipality: n.Municipality, Role: n.Role, Unit: n.Unit, From: n.From, To: n.To}
}

// Invited is what came of an invitation.
type Invited struct {
	UserID    string
	Link      string    // to be handed over, shown once; "": there is nothing to accept, or not for the inviter to hand over
	ExpiresAt time.Time // of the link
	Mailed    string    // address to which it is on its way; "" for none
	Known     bool      // the person was in the roster already
}

// invitationDays is how long a link works: over a weekend and a sick day.
const invitationDays = 7

// expiryOf is the end of the day in Santiago so many days from now.
func expiryOf(now time.Time, days int) time.Time {
	year, month, day := now.In(calendar.Santiago).Date()
	return time.Date(year, month, day+days+1, 0, 0, 0, 0, calendar.Santiago).UTC()
}

// token is what a link ends in. Only its hash is kept.
type token [32]byte

func newToken() (t token) {
	_, _ = rand.Read(t[:]) // never fails: crypto/rand ends the process instead
	return t
}

func (t token) String() string { return base64.RawURLEncoding.EncodeToString(t[:]) }

func (t token) hash() []byte {
	sum := sha256.Sum256(t[:])
	return sum[:]
}

func parseToken(text string) (t token, ok bool) {
	raw, err := base64.RawURLEncoding.Strict().DecodeString(text)
	return t, err == nil && copy(t[:], raw) == len(raw) && len(raw) == len(t)
}

// ErrUnusable is the one answer to every link that opens nothing: made up, used,
// too old, or replaced by a newer one.
var ErrUnusable = errors.New("access: the invitation cannot be used")

// invitation is one as it is kept.
type invitation struct {
	id        string
	userID    string
	madeBy    string
	madeAt    time.Time
	expiresAt time.Time
}

func (i invitation) live(now time.Time) bool { return i.id != "" && now.Before(i.expiresAt) }

// Welcome is what the page of a link says of whose it is: no RUN, so that who
// finds a lost link does not have all that signing in takes.
type Welcome struct {
	GivenNames   string
	Municipality string // where the person will work; "" in the national administration, or in several
	ExpiresAt    time.Time
}

// Accepted is the password that somebody makes with a link.
type Accepted struct {
	Password  string
	Repeat    string
	Address   string // of the browser
	RequestID string
}

func (a Accepted) check(u User, flaw func(password string, run uint32, name string) string) error {
	if key := flaw(a.Password, u.RUN, u.Name()); key != "" {
		return fault.InvalidFields(fault.Field{Name: "password", Key: key, Args: passwordArgs})
	}
	if a.Password != a.Repeat {
		return fault.InvalidField("repeat", "access.field.repeat_differs")
	}
	return nil
}
