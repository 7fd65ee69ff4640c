package people

import (
	"database/sql/driver"
	"errors"
	"fmt"
	"strconv"
	"strings"
)

// RUN is a Chilean national ID number whose check digit was verified: no other
// value can be made outside this file. The zero RUN is "no RUN".
type RUN struct{ body uint32 }

// The largest body that is accepted: nine digits leave room for the century.
const maxRUNBody = 999_999_999

// Why a text is no RUN. The screen has a sentence for each.
var (
	ErrRUNBlank      = errors.New("run: blank")
	ErrRUNShape      = errors.New("run: not the shape of a RUN")
	ErrRUNLong       = errors.New("run: more digits than a RUN has")
	ErrRUNDash       = errors.New("run: no single check digit after the dash")
	ErrRUNCheckDigit = errors.New("run: the check digit does not match")
)

// ParseRUN reads a RUN as people type it: with or without dots, dash, spaces
// and leading zeros, k in either case. It is strict on the check digit (modulo
// 11) and on what a dash means: exactly one character follows it. Anything that
// is not ASCII is refused, full-width digits too.
func ParseRUN(s string) (RUN, error) {
	digits, check, err := splitRUN(s)
	if err != nil {
		return RUN{}, err
	}
	body, err := runBody(digits)
	if err != nil {
		return RUN{}, err
	}
	if checkDigit(body) != check {
		return RUN{}, ErrRUNCheckDigit
	}
	return RUN{body}, nil
}

// splitRUN drops what is only for the eye and parts the body's digits from the
// check digit. A text that is longer than any way of writing a RUN is not read.
func splitRUN(s string) (digits []byte, check byte, err error) {
	s = strings.TrimSpace(s)
	if len(s) > 40 {
		return nil, 0, ErrRUNLong
	}
	kept, afterDash := make([]byte, 0, 40), -1
	for _, c := range []byte(s) {
		switch {
		case c >= '0' && c <= '9', c == 'K':
			kept = append(kept, c)
		case c == 'k':
			kept = append(kept, 'K')
		case c == '-' && afterDash < 0:
			afterDash = len(kept)
		case c != '.' && c != ' ':
			return nil, 0, ErrRUNShape
		}
	}
	if len(kept) == 0 {
		return nil, 0, ErrRUNBlank
	}
	if afterDash >= 0 && len(kept)-afterDash != 1 {
		return nil, 0, ErrRUNDash
	}
	return kept[:len(kept)-1], kept[len(kept)-1], nil
}

// runBody reads the number before the check digit.
func runBody(digits []byte) (uint32, error) {
	var body uint64
	for _, c := range digits {
		if c == 'K' {
			return 0, ErrRUNShape // K is a check digit only
		}
		if body = body*10 + uint64(c-'0'); body > maxRUNBody {
			return 0, ErrRUNLong
		}
	}
	if body == 0 {
		return 0, ErrRUNShape
	}
	return uint32(body), nil //nolint:gosec // at most nine digits
}

// RUNOf makes the RUN of a body; it is for data that was verified before
// (a file of ours, the demo). 0 gives the zero RUN.
func RUNOf(body uint32) RUN {
	if body > maxRUNBody {
		return RUN{}
	}
	return RUN{body}
}

// checkDigit is modulo 11 with the weights 2 to 7 from the right.
func checkDigit(body uint32) byte {
	sum, weight := uint32(0), uint32(2)
	for n := body; n > 0; n /= 10 {
		sum += n % 10 * weight
		if weight++; weight > 7 {
			weight = 2
		}
	}
	switch r := 11 - sum%11; r {
	case 11:
		return '0'
	case 10:
		return 'K'
	default:
		return byte('0' + r)
	}
}

// Body is the number before the check digit, 0 for no RUN.
func (r RUN) Body() uint32 { return r.body }

// IsZero reports whether there is no RUN.
func (r RUN) IsZero() bool { return r.body == 0 }

// String is the canonical form of files: "12345678-5"; "" for no RUN.
func (r RUN) String() string {
	if r.IsZero() {
		return ""
	}
	b := strconv.AppendUint(make([]byte, 0, 11), uint64(r.body), 10)
	return string(append(b, '-', checkDigit(r.body)))
}

// Format is the form that people read: "12.345.678-5"; "" for no RUN.
func (r RUN) Format() string {
	if r.IsZero() {
		return ""
	}
	var b [16]byte
	at := len(b) - 1
	b[at] = checkDigit(r.body)
	at--
	b[at] = '-'
	for n, count := r.body, 0; n > 0; n, count = n/10, count+1 {
		if count > 0 && count%3 == 0 {
			at--
			b[at] = '.'
		}
		at--
		b[at] = byte('0' + n%10)
	}
	return string(b[at:])
}

// Scan reads the body from SQLite; NULL and 0 are no RUN.
func (r *RUN) Scan(value any) error {
	switch v := value.(type) {
	case nil:
		*r = RUN{}
		return nil
	case int64:
		if v < 0 || v > maxRUNBody {
			return ErrRUNShape
		}
		*r = RUN{uint32(v)}
		return nil
	}
	return fmt.Errorf("run: cannot read one from %T", value)
}

// Value writes the body, NULL for no RUN.
func (r RUN) Value() (driver.Value, error) {
	if r.IsZero() {
		return nil, nil
	}
	return int64(r.body), nil
}
