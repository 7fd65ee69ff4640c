package access

import (
	"crypto/subtle"
	_ "embed"
	"encoding/base64"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"sync"
	"unicode"
	"unicode/utf8"

	"golang.org/x/crypto/argon2"
	"golang.org/x/text/unicode/norm"
)

const (
	passwordMin = 12   // characters
	passwordMax = 1000 // bytes; nobody types more
)

var passwordArgs = map[string]any{"Min": passwordMin}

//go:embed common_passwords.txt
var commonList string

var common = sync.OnceValue(func() map[string]bool {
	set := map[string]bool{}
	for line := range strings.Lines(commonList) {
		if line = strings.TrimSpace(line); line != "" && line[0] != '#' {
			set[line] = true
		}
	}
	return set
})

// passwordFlaw gives the translation key of what is wrong with a new password,
// "" when nothing is. Length and being hard to guess count; which kinds of
// characters it has does not. run and name are its owner's.
func passwordFlaw(password string, run uint32, name string) string {
	folded := strings.ToLower(norm.NFC.String(password))
	switch {
	case utf8.RuneCountInString(password) < passwordMin:
		return "access.password.short"
	case len(password) > passwordMax:
		return "access.password.long"
	case isCommon(folded), isOwn(folded, run, name):
		return "access.password.common"
	}
	return ""
}

// isCommon also sees through what people add to a common word: digits and
// marks around it, the word typed twice, few characters over and over.
func isCommon(folded string) bool {
	letters := strings.Map(func(r rune) rune {
		if unicode.IsLetter(r) {
			return r
		}
		return -1
	}, folded)
	half := letters[:len(letters)/2]
	list := common()
	return list[folded] || list[letters] || letters == half+half && list[half] || distinct(folded) < 5
}

func distinct(s string) int {
	seen := map[rune]bool{}
	for _, r := range s {
		seen[r] = true
	}
	return len(seen)
}

// isOwn finds the owner's RUN, or a password that is little more than the name.
func isOwn(folded string, run uint32, name string) bool {
	if run > 0 && strings.Contains(strings.ReplaceAll(folded, ".", ""), strconv.FormatUint(uint64(run), 10)) {
		return true
	}
	rest := folded
	for _, word := range strings.Fields(strings.ToLower(name)) {
		if utf8.RuneCountInString(word) > 2 {
			rest = strings.ReplaceAll(rest, word, "")
		}
	}
	return rest != folded && utf8.RuneCountInString(rest) < 6
}

// cost is what one hash takes. It is written into each hash, so that it can be
// raised: older ones are made anew at the next sign-in.
type cost struct {
	memory  uint32 // KiB
	passes  uint32
	threads uint8
}

// currentCost is OWASP's second choice for argon2id: 19 MiB, 52 ms on two cores.
var currentCost = cost{memory: 19 * 1024, passes: 2, threads: 1}

// No hash may ask for more, whatever a file says.
const (
	costMaxMemory = 256 * 1024
	costMaxPasses = 16
)

const (
	saltSize = 16
	keySize  = 32
)

func (c cost) derive(password string, salt []byte) []byte {
	return argon2.IDKey([]byte(norm.NFC.String(password)), salt, c.passes, c.memory, c.threads, keySize)
}

// encode makes the text that the file keeps: $argon2id$v=19$m=…,t=…,p=…$salt$key.
func (c cost) encode(password string) string {
	return stored{cost: c, salt: random(saltSize)}.encode(password)
}

// encode makes the text of a password with this hash's own salt and cost: equal
// texts are equal passwords.
func (h stored) encode(password string) string {
	b64 := base64.RawStdEncoding
	return fmt.Sprintf("$argon2id$v=%d$m=%d,t=%d,p=%d$%s$%s", argon2.Version, h.memory, h.passes, h.threads,
		b64.EncodeToString(h.salt), b64.EncodeToString(h.derive(password, h.salt)))
}

// stored is a password hash taken apart.
type stored struct {
	cost
	salt []byte
	key  []byte
}

var errHash = errors.New("access: not an argon2id hash")

func parseHash(text string) (stored, error) {
	parts := strings.Split(text, "$")
	if len(parts) != 6 || parts[1] != "argon2id" || parts[2] != "v=19" {
		return stored{}, errHash
	}
	var h stored
	_, err := fmt.Sscanf(parts[3], "m=%d,t=%d,p=%d", &h.memory, &h.passes, &h.threads)
	if err != nil || h.memory == 0 || h.memory > costMaxMemory || h.passes == 0 || h.passes > costMaxPasses || h.threads == 0 {
		return stored{}, errHash
	}
	b64 := base64.RawStdEncoding
	salt, errSalt := b64.DecodeString(parts[4])
	key, errKey := b64.DecodeString(parts[5])
	if errSalt != nil || errKey != nil || len(salt) < 8 || len(key) != keySize {
		return stored{}, errHash
	}
	h.salt, h.key = salt, key
	return h, nil
}

// nobody is what a password is compared with when there is no account: the
// same work, and no password fits.
func nobody(c cost) stored {
	return stored{cost: c, salt: make([]byte, saltSize)}
}

func (h stored) matches(password string) bool {
	return subtle.ConstantTimeCompare(h.derive(password, h.salt), h.key) == 1
}
