package web

import (
	"bytes"
	"compress/flate"
	"crypto/aes"
	"crypto/cipher"
	"crypto/hkdf"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"encoding/json"
	"errors"
	"io"
	"sync"
	"time"
)

// sealer closes values that travel through the browser, so that it can neither
// read nor change them: AES-256-GCM, bound to a purpose, with a time limit.
type sealer struct {
	box   cipher.AEAD
	marks *sync.Pool // of hash.Hash with the key of the marks: to begin one costs as much as to use it
}

// What is sealed for one purpose does not open for another.
const (
	flashPurpose  = "flash"
	resumePurpose = "resume"
)

var errSeal = errors.New("web: sealed value is forged, damaged or too old")

func newSealer(secret []byte) sealer {
	if len(secret) == 0 {
		secret = make([]byte, 32) // nothing sealed outlives this process
		_, _ = rand.Read(secret)
	}
	block, err := aes.NewCipher(derive(secret, "seal"))
	if err != nil {
		panic("web: " + err.Error()) // 32 bytes are a key
	}
	box, err := cipher.NewGCMWithRandomNonce(block)
	if err != nil {
		panic("web: " + err.Error())
	}
	key := derive(secret, "mark")
	return sealer{box: box, marks: &sync.Pool{New: func() any { return hmac.New(sha256.New, key) }}}
}

func derive(secret []byte, use string) []byte {
	key, err := hkdf.Key(sha256.New, secret, nil, "gsl/web/"+use, 32)
	if err != nil {
		panic("web: " + err.Error()) // 32 bytes are within the limit
	}
	return key
}

// deflaters are kept: a new one is a megabyte, and every form that is sent seals.
var deflaters = sync.Pool{New: func() any {
	w, _ := flate.NewWriter(nil, flate.BestSpeed) // no error: the level is one there is
	return w
}}

// seal gives the value as base64url text that opens until the time.
func (s sealer) seal(purpose string, value any, until time.Time) (string, error) {
	text, err := json.Marshal(value)
	if err != nil {
		return "", err
	}
	var plain bytes.Buffer
	_ = binary.Write(&plain, binary.BigEndian, until.Unix()) // to memory
	w := deflaters.Get().(*flate.Writer)                     //nolint:forcetypeassert // nothing else is in this pool
	defer deflaters.Put(w)
	w.Reset(&plain)
	if _, err := w.Write(text); err != nil {
		return "", err
	}
	if err := w.Close(); err != nil {
		return "", err
	}
	return base64.RawURLEncoding.EncodeToString(s.box.Seal(nil, nil, plain.Bytes(), []byte(purpose))), nil //nolint:gosec // the box draws its nonce itself
}

// Nothing sealed is larger than a form; a longer text is not worth inflating.
const largestSealed = 4 << 20

// open reads a sealed value back.
func (s sealer) open(purpose, sealed string, value any, now time.Time) error {
	raw, err := base64.RawURLEncoding.DecodeString(sealed)
	if err != nil {
		return errSeal
	}
	plain, err := s.box.Open(nil, nil, raw, []byte(purpose))
	if err != nil || len(plain) < 8 {
		return errSeal
	}
	if until := int64(binary.BigEndian.Uint64(plain)); now.Unix() > until { //nolint:gosec // written by seal
		return errSeal
	}
	text, err := io.ReadAll(io.LimitReader(flate.NewReader(bytes.NewReader(plain[8:])), largestSealed))
	if err != nil {
		return errSeal
	}
	return json.Unmarshal(text, value)
}
