package people

import (
	"database/sql/driver"
	"errors"
	"fmt"
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
	ErrRUNCheckDigit = errors.New("run: the check digit does not match")
)

// ParseRUN reads a RUN as people type it: with or without dots, dash, spaces
// and leading zeros, k in either case. It is strict on the check digit (modulo
// 11) and refuses anything that is not ASCII.
func ParseRUN(s string) (RUN, error) {
	if len(s) > 300 {
		return RUN{}, ErrRUNShape
	}
	var body uint32
	var check byte
	var digits int
	for _, c := range []byte(strings.TrimSpace(s)) {
		if c == '.' || c == '-' || c == ' ' {
			continue
		}
		if check != 0 {
			if check < '0' || check > '9' {
				return RUN{}, ErrRUNShape // K only at the end
			}
			body = body*10 + uint32(check-'0')
			digits++
			if body > maxRUNBody/10 && digits > 9 {
				return RUN{}, ErrRUNShape
			}
		}
		switch {
		case c >= '0' && c <= '9':
			check = c
		case c == 'k' || c == 'K':
			check = 'K'
		default:
			return RUN{}, ErrRUNShape
		}
	}
	if check == 0 {
		return RUN{}, ErrRUNBlank
	}
	if body == 0 {
		return RUN{}, ErrRUNShape
	}
	if checkDigit(body) != check {
		return RUN{}, ErrRUNCheckDigit
	}
	return RUN{body}, nil
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
	return fmt.Sprintf("%d-%c", r.body, checkDigit(r.body))
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
