package referral

import (
	"crypto/hkdf"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"strings"
	"time"
	"unicode"

	"github.com/google/uuid"
	"github.com/oklog/ulid/v2"

	"gsl/app/kit/calendar"
	"gsl/app/people"
)

// Link is an address at which an institution answers one referral without an
// account: until it is used, revoked, or its last day is over. The referral's own
// course revokes it too, so that nobody answers what was cancelled.
type Link struct {
	ID, ReferralID string
	Email          string // of the institution when the link was made; "": it is handed over
	MadeAt         time.Time
	MadeByName     string
	ExpiresAt      time.Time
	UsedAt         time.Time
	RevokedAt      time.Time
	RevokedByName  string // "" when the referral's own course ended it
}

// Live reports whether the link can still be used.
func (l *Link) Live(now time.Time) bool {
	return l.ID != "" && l.UsedAt.IsZero() && l.RevokedAt.IsZero() && now.Before(l.ExpiresAt)
}

// LastDay is the last day on which the link can be used.
func (l *Link) LastDay() calendar.Date { return calendar.On(l.ExpiresAt.Add(-time.Second)) }

// expiryOf is the end of the day in Santiago so many days from now.
func expiryOf(now time.Time, days int) time.Time {
	d := calendar.On(now).AddDays(days + 1)
	return time.Date(d.Year(), time.Month(d.Month()), d.Day(), 0, 0, 0, 0, calendar.Santiago).UTC()
}

// linkable reports whether a link makes sense: the destination has no inbox here
// and still owes an answer.
func (r *Referral) linkable() bool { return r.ByLetter() && r.Unit != "" && r.order(Answer) == nil }

// linkSeal makes and reads tokens. A token is the municipality, the link, and a
// seal over both that only this installation can make: a made-up token opens no
// file, and whoever reads a file cannot make one. In the file stands its hash.
type linkSeal struct{ key []byte }

const (
	sealSize  = 24
	tokenSize = 16 + 16 + sealSize
)

func newLinkSeal(secret []byte) linkSeal {
	key, err := hkdf.Key(sha256.New, secret, nil, "gsl/referral/answer", 32)
	if err != nil {
		panic("referral: " + err.Error()) // 32 bytes are within the limit
	}
	return linkSeal{key}
}

// token is the text that stands in the address; "" for ids that are not ours.
func (s linkSeal) token(municipality, link string) string {
	m, err := uuid.Parse(municipality)
	if err != nil {
		return ""
	}
	l, err := ulid.ParseStrict(link)
	if err != nil {
		return ""
	}
	head := append(append(make([]byte, 0, tokenSize), m[:]...), l[:]...)
	return base64.RawURLEncoding.EncodeToString(append(head, s.over("link", head)[:sealSize]...))
}

// read gives whose link a token is; false for one that we did not make.
func (s linkSeal) read(token string) (municipality, link string, ok bool) {
	raw, err := base64.RawURLEncoding.Strict().DecodeString(token)
	if err != nil || len(raw) != tokenSize {
		return "", "", false
	}
	head, seal := raw[:32], raw[32:]
	if !hmac.Equal(seal, s.over("link", head)[:sealSize]) {
		return "", "", false
	}
	return uuid.UUID(head[:16]).String(), ulid.ULID(head[16:]).String(), true
}

// form is what our own page carries along, so that an answer comes from it.
func (s linkSeal) form(token string) string {
	return base64.RawURLEncoding.EncodeToString(s.over("form", []byte(token))[:16])
}

func (s linkSeal) isForm(sent, token string) bool {
	return hmac.Equal([]byte(sent), []byte(s.form(token)))
}

func (s linkSeal) over(use string, text []byte) []byte {
	h := hmac.New(sha256.New, s.key)
	h.Write([]byte(use + "\x00"))
	h.Write(text)
	return h.Sum(nil)
}

func hashOf(token string) []byte {
	sum := sha256.Sum256([]byte(token))
	return sum[:]
}

// whom says of whom the referral is, in as few letters as let the institution
// find the paper on its desk: "María G. P."; of another member, initials alone.
func whom(f people.File, r *Referral) string {
	if r.MemberName != "" && r.MemberName != f.Name() {
		return initials(r.MemberName)
	}
	given, _, _ := strings.Cut(f.GivenNames, " ")
	return strings.TrimSpace(given + " " + initials(f.Surnames))
}

func initials(name string) string {
	var list []string
	for _, word := range strings.Fields(name) {
		for _, r := range word {
			list = append(list, string(unicode.ToUpper(r))+".")
			break
		}
	}
	return strings.Join(list, " ")
}
