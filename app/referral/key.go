package referral

import (
	"crypto/rand"
	"encoding/base32"
)

// newKey is what makes one form, sent twice, make one referral.
func newKey() string {
	var draw [15]byte
	_, _ = rand.Read(draw[:]) // never fails: see crypto/rand
	return base32.StdEncoding.EncodeToString(draw[:])
}
