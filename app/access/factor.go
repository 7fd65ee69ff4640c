package access

import (
	"crypto/subtle"
	"encoding/base32"
	"strings"
	"time"

	"github.com/pquerna/otp/hotp"
)

// A second factor is an app on the person's phone that shows a new code of six
// digits every 30 seconds (TOTP, RFC 6238). National administrators and municipal
// counterparts must have one before they do anything else; everybody else may.
// It is asked for at sign-in, after the password, and again before an act that
// does harm in wrong hands. A code works once. Ten recovery codes on paper, which
// work once each, stand in for a lost phone; who lost both asks whoever
// administers the platform to take the factor away, and enrols anew.

const (
	stepLength    = 30 * time.Second
	stepDrift     = 1 // a phone's clock may be that many steps before or behind
	codeDigits    = 6
	secretSize    = 20
	recoveryCodes = 10
	recoverySize  = 12 // digits: they are typed on the keyboard of a phone too

	// ConfirmedFor is how long a proof of who acts holds, the sign-in included.
	ConfirmedFor = 5 * time.Minute
)

// factorRoles must have a second factor.
var factorRoles = map[string]bool{NationalAdmin: true, Counterpart: true}

// factor is a person's second factor.
type factor struct {
	userID   string
	secret   []byte // 20 bytes, open
	lastStep int64
	since    time.Time
}

func stepAt(t time.Time) int64 { return t.Unix() / int64(stepLength/time.Second) }

// base32Secret is the secret as apps want it.
func base32Secret(secret []byte) string {
	return base32.StdEncoding.WithPadding(base32.NoPadding).EncodeToString(secret)
}

// codeOf is what the app shows in a step.
func codeOf(secret []byte, step int64) (string, error) {
	return hotp.GenerateCode(base32Secret(secret), uint64(step)) //nolint:gosec // steps since 1970
}

// match gives the step whose code was typed. One that was used, and every
// earlier one, fits no more: who looks over a shoulder comes too late.
func (f factor) match(code string, now time.Time) (step int64, ok bool, err error) {
	for at := stepAt(now) - stepDrift; at <= stepAt(now)+stepDrift; at++ {
		shown, err := codeOf(f.secret, at)
		if err != nil {
			return 0, false, err
		}
		if at > f.lastStep && subtle.ConstantTimeCompare([]byte(shown), []byte(code)) == 1 {
			return at, true, nil
		}
	}
	return 0, false, nil
}

// plainCode is what was typed without the spaces, points and hyphens of its groups;
// "" when it is no code of ours.
func plainCode(typed string) string {
	digits := strings.NewReplacer(" ", "", "-", "", ".", "").Replace(typed)
	if len(digits) != codeDigits && len(digits) != recoverySize || strings.Trim(digits, "0123456789") != "" {
		return ""
	}
	return digits
}
