package access

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/hkdf"
	"crypto/rand"
	"crypto/sha256"
	"errors"
)

// vault closes what must not be read from the file, or from a page: AES-256-GCM
// with a key that follows from the installation's secret. What is closed for one
// purpose and person does not open for another.
type vault struct{ box cipher.AEAD }

var errVault = errors.New("access: a sealed value is damaged, or of another installation")

func newVault(secret []byte) (vault, error) {
	key, err := hkdf.Key(sha256.New, secret, nil, "gsl/access/factor", 32)
	if err != nil {
		return vault{}, err
	}
	block, err := aes.NewCipher(key)
	if err != nil {
		return vault{}, err
	}
	box, err := cipher.NewGCMWithRandomNonce(block)
	return vault{box}, err
}

func (v vault) seal(purpose string, plain []byte) []byte {
	return v.box.Seal(nil, nil, plain, []byte(purpose)) //nolint:gosec // the box draws its nonce itself
}

func (v vault) open(purpose string, sealed []byte) ([]byte, error) {
	plain, err := v.box.Open(nil, nil, sealed, []byte(purpose))
	if err != nil {
		return nil, errVault
	}
	return plain, nil
}

// purposeOf binds the secret in the file to its user: a row that is moved to
// somebody else opens nothing.
func purposeOf(user string) string { return "factor/" + user }

func random(n int) []byte {
	b := make([]byte, n)
	_, _ = rand.Read(b) // never fails: crypto/rand ends the process instead
	return b
}
