package referral

import (
	"crypto/rand"
	"crypto/sha256"
	"encoding/base32"
	"net/url"
)

// newKey is what, with what the form says, makes one form, sent twice, make one
// referral.
func newKey() string {
	var draw [15]byte
	_, _ = rand.Read(draw[:]) // never fails: see crypto/rand
	return base32.StdEncoding.EncodeToString(draw[:])
}

// keyOf is the key of a form that says just this: sent again with other words,
// as after a step back in the browser, it is another one, and nothing of what
// it says is lost. "" for a form without key.
func keyOf(form url.Values) string {
	if form.Get(fieldKey) == "" {
		return ""
	}
	said := url.Values{}
	for name, values := range form {
		if name != "_token" {
			said[name] = values
		}
	}
	sum := sha256.Sum256([]byte(said.Encode()))
	return base32.StdEncoding.EncodeToString(sum[:15])
}
