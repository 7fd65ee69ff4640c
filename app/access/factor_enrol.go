package access

import (
	"bytes"
	"context"
	"crypto/hkdf"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"fmt"
	"math"
	"net/url"
	"strings"
	"time"

	"gsl/app/kit/actor"
	"gsl/app/kit/audit"
	"gsl/app/kit/fault"
	"gsl/tenants"
)

// Factor is what a person sees of the own second factor.
type Factor struct {
	On       bool
	Since    time.Time
	Left     int  // recovery codes not used yet
	Demanded bool // by a role that the person has: it cannot be taken away
	Fresh    bool // the person proved who they are a moment ago
}

// Factor gives how it stands with the person's second factor.
func (s *Service) Factor(ctx context.Context, who actor.Actor) (out Factor, err error) {
	st, err := s.standing(ctx, who)
	if err != nil {
		return Factor{}, err
	}
	out.On, out.Fresh = st.factor, st.confirmed
	err = s.files.National().View(ctx, func(tx *tenants.Tx) error {
		if out.Demanded, err = s.demanded(tx, st.account); err != nil || !st.factor {
			return err
		}
		f, err := findFactor(tx, who.UserID)
		if tenants.NotFound(err) { // taken away in this very moment
			out.On = false
			return nil
		}
		if err != nil {
			return err
		}
		out.Since = f.since
		out.Left, err = countRecovery(tx, who.UserID)
		return err
	})
	return out, err
}

// demanded reports whether a role that the person has now demands the factor.
func (s *Service) demanded(tx *tenants.Tx, a account) (bool, error) {
	all, err := loadMemberships(tx, a.ID)
	for _, m := range onlyOn(all, today(tx)) {
		if s.needsFactor(m.Role, a.RUN) {
			return true, nil
		}
	}
	return false, err
}

// Setup begins an enrolment: what the person's app reads.
type Setup struct {
	Secret string // for who types it, in groups of four
	URL    string // for who photographs it: otpauth://…
	Sealed string // comes back with the first code
}

// How long an enrolment may take: somebody has to find and install an app.
const setupLife = 30 * time.Minute

// seedSize is that of what the secret and the recovery codes of one enrolment are
// made of. They follow from it, so that the same form sent twice is one enrolment
// and shows the same codes. The seed is kept nowhere.
const seedSize = 32

func secretOf(seed []byte) ([]byte, error) {
	return hkdf.Expand(sha256.New, seed, "secret", secretSize)
}

// recoveryOf gives ten codes of twelve digits.
func recoveryOf(seed []byte) ([]string, error) {
	raw, err := hkdf.Expand(sha256.New, seed, "recovery", 8*recoveryCodes)
	codes := make([]string, 0, recoveryCodes)
	for at := 0; at+8 <= len(raw); at += 8 {
		codes = append(codes, fmt.Sprintf("%012d", binary.BigEndian.Uint64(raw[at:])%1e12))
	}
	return codes, err
}

// NewSetup begins an enrolment, the first or one that replaces a device. Who did
// not prove of late who they are, has to do that first: fault.Forbidden. A session
// that may do nothing else has just come from its sign-in.
func (s *Service) NewSetup(ctx context.Context, who actor.Actor) (Setup, error) {
	f, err := s.Factor(ctx, who)
	if err != nil {
		return Setup{}, err
	}
	if !f.Fresh {
		return Setup{}, fault.New(fault.Forbidden, "factor.prove.first")
	}
	seed := random(seedSize)
	plain := binary.BigEndian.AppendUint64(seed, uint64(s.clock().Add(setupLife).Unix())) //nolint:gosec // after 1970
	plain = append(plain, stamp(f.Since)...)
	sealed := s.vault.seal(setupPurpose(who), plain)
	return setupOf(who, seed, base64.RawURLEncoding.EncodeToString(sealed))
}

func setupOf(who actor.Actor, seed []byte, sealed string) (Setup, error) {
	secret, err := secretOf(seed)
	text := base32Secret(secret)
	return Setup{Secret: inGroups(text, 4), URL: otpauth(who.Name, text), Sealed: sealed}, err
}

// SameSetup gives an enrolment once more, after a wrong code: the app has read it
// already. fault.Invalid when it is no longer good.
func (s *Service) SameSetup(ctx context.Context, who actor.Actor, sealed string) (Setup, error) {
	_, now, err := s.enrolled(ctx, who)
	if err != nil {
		return Setup{}, err
	}
	seed, goes, err := s.openSetup(who, sealed, now.since)
	if err != nil {
		return Setup{}, err
	}
	if !goes {
		return Setup{}, fault.InvalidField("code", "factor.setup.late")
	}
	return setupOf(who, seed, sealed)
}

// setupPurpose binds an enrolment to the session that began it.
func setupPurpose(who actor.Actor) string { return "setup/" + who.UserID + "/" + who.Session }

// issuer is how apps head the line of codes.
const issuer = "Gestión Social Local"

func otpauth(name, secret string) string {
	q := url.Values{"secret": {secret}, "issuer": {issuer}}
	// Apps read %20 where some show a plus sign.
	return "otpauth://totp/" + url.PathEscape(issuer+":"+name) + "?" + strings.ReplaceAll(q.Encode(), "+", "%20")
}

func inGroups(text string, size int) string {
	var b strings.Builder
	for i, r := range text {
		if i > 0 && i%size == 0 {
			b.WriteByte(' ')
		}
		b.WriteRune(r)
	}
	return b.String()
}

// openSetup gives the seed of an enrolment that is still good: of this session, not
// too old, and begun with the factor that the person still has, or with none.
func (s *Service) openSetup(who actor.Actor, sealed string, since time.Time) (seed []byte, replaces bool, err error) {
	late := fault.InvalidField("code", "factor.setup.late")
	raw, err := base64.RawURLEncoding.DecodeString(sealed)
	if err != nil {
		return nil, false, late
	}
	plain, err := s.vault.open(setupPurpose(who), raw)
	if err != nil || len(plain) < seedSize+8 {
		return nil, false, late
	}
	until := int64(binary.BigEndian.Uint64(plain[seedSize:])) //nolint:gosec // written by NewSetup
	if s.clock().Unix() > until {
		return nil, false, late
	}
	return plain[:seedSize], string(plain[seedSize+8:]) == stamp(since), nil
}

// Enrol keeps the device whose first code is right and gives the recovery codes,
// to be shown once. Every other session of the person ends. A wrong code, or an
// enrolment that took too long, is fault.Invalid and names "code".
func (s *Service) Enrol(ctx context.Context, who actor.Actor, sealed, code string) (codes []string, err error) {
	st, now, err := s.enrolled(ctx, who)
	if err != nil {
		return nil, err
	}
	seed, goes, err := s.openSetup(who, sealed, now.since)
	if err != nil {
		return nil, err
	}
	secret, err := secretOf(seed)
	if err != nil {
		return nil, err
	}
	if codes, err = recoveryOf(seed); err != nil || bytes.Equal(secret, now.secret) {
		return codes, err // the form came a second time
	}
	if !goes {
		return nil, fault.InvalidField("code", "factor.setup.late")
	}
	if wait := s.throttle.tryAgain(st.account.RUN, s.clock()); wait > 0 {
		return nil, tooManyCodes(wait)
	}
	fresh := factor{userID: who.UserID, secret: secret}
	step, ok, err := fresh.match(plainCode(code), s.clock())
	if err != nil {
		return nil, err
	}
	if !ok {
		return nil, fault.InvalidField("code", "factor.setup.wrong")
	}
	fresh.lastStep = step
	return codes, s.keepFactor(ctx, who, st.account, fresh, now.since, codes)
}

func tooManyCodes(wait time.Duration) error {
	return fault.InvalidFields(fault.Field{Name: "code", Key: "factor.code.too_many",
		Args: map[string]any{"Seconds": int(math.Ceil(wait.Seconds()))}})
}

// enrolled gives how the person stands, with the factor they have; the zero factor
// when there is none.
func (s *Service) enrolled(ctx context.Context, who actor.Actor) (st standing, f factor, err error) {
	if st, err = s.standing(ctx, who); err != nil {
		return st, f, err
	}
	err = s.files.National().View(ctx, func(tx *tenants.Tx) (err error) {
		f, err = s.factorOf(tx, who.UserID)
		return err
	})
	if tenants.NotFound(err) {
		return st, factor{}, nil
	}
	return st, f, err
}

// keepFactor writes the new device down, in place of the one it was begun with.
func (s *Service) keepFactor(ctx context.Context, who actor.Actor, a account, f factor, replaced time.Time, codes []string) error {
	hashes, err := s.hashCodes(ctx, codes)
	if err != nil {
		return err
	}
	action := "factor.enrol"
	if !replaced.IsZero() {
		action = "factor.replace"
	}
	err = s.files.National().Update(ctx, func(tx *tenants.Tx) error {
		before, err := findFactor(tx, a.ID)
		if err != nil && !tenants.NotFound(err) {
			return err
		}
		if !before.since.Equal(replaced) {
			return fault.New(fault.Conflict, "factor.setup.other")
		}
		f.since = tx.Now
		if err := putFactor(tx, f, s.vault.seal(purposeOf(a.ID), f.secret)); err != nil {
			return err
		}
		if err := putRecovery(tx, a.ID, hashes); err != nil {
			return err
		}
		if err := deleteOtherSessions(tx, a.ID, hashOf(who)); err != nil {
			return err
		}
		if err := confirmSession(tx, hashOf(who), a.ID); err != nil {
			return err
		}
		return audit.Record(tx, who, audit.Change{Action: action, Object: a.ID})
	})
	s.cache.dropUser(a.ID)
	if err == nil {
		s.throttle.confirmed(a.RUN)
	}
	return err
}

// hashCodes hashes the codes with one salt, so that one hash of what is typed
// later finds them all.
func (s *Service) hashCodes(ctx context.Context, codes []string) ([]string, error) {
	set := stored{cost: s.hasher.cost, salt: random(saltSize)}
	hashes := make([]string, len(codes))
	for i, code := range codes {
		if err := s.hasher.run(ctx, "", func() { hashes[i] = set.encode(code) }); err != nil {
			return nil, err
		}
	}
	return hashes, nil
}

func putRecovery(tx *tenants.Tx, user string, hashes []string) error {
	if err := deleteRecovery(tx, user); err != nil {
		return err
	}
	for _, hash := range hashes {
		if err := insertRecovery(tx, user, hash); err != nil {
			return err
		}
	}
	return nil
}
