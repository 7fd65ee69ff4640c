package web

import (
	"crypto/subtle"
	"encoding/base64"
	"hash"
)

// A form token proves that a form was made for this session. It is the
// session's key and a mark of its user, both hidden under a mask that is new in
// each answer, so that compressing a page cannot reveal it letter by letter:
//
//	base64url(mask | (key | mark) xor mask)
//
// The mark lets us tell, after a session ended, whether the person who signs in
// is the one who was typing.
const (
	partSize  = 16
	tokenSize = 3 * partSize
)

func makeToken(mask [partSize]byte, key, mark []byte) string {
	var raw [tokenSize]byte
	copy(raw[:], mask[:])
	subtle.XORBytes(raw[partSize:2*partSize], mask[:], key)
	subtle.XORBytes(raw[2*partSize:], mask[:], mark)
	return base64.RawURLEncoding.EncodeToString(raw[:])
}

// openToken gives the key and the mark under the mask, nil for another text.
func openToken(token string) (key, mark []byte) {
	raw, err := base64.RawURLEncoding.DecodeString(token)
	if err != nil || len(raw) != tokenSize {
		return nil, nil
	}
	key, mark = make([]byte, partSize), make([]byte, partSize)
	subtle.XORBytes(key, raw[:partSize], raw[partSize:2*partSize])
	subtle.XORBytes(mark, raw[:partSize], raw[2*partSize:])
	return key, mark
}

func opensSession(token string, sessionKey []byte) bool {
	key, _ := openToken(token)
	return key != nil && len(sessionKey) >= partSize &&
		subtle.ConstantTimeCompare(key, sessionKey[:partSize]) == 1
}

// markOf is the mark of a user: nobody can tell the user from it.
func (s sealer) markOf(userID string) []byte {
	h := s.marks.Get().(hash.Hash)
	defer s.marks.Put(h)
	h.Reset()
	h.Write([]byte(userID))
	return h.Sum(nil)[:partSize]
}
