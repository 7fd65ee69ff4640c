package i18n

import (
	"context"
	"strconv"
	"time"

	"gsl/app/kit/calendar"
)

// Money writes whole pesos: "$ 412.300", "-$ 500". The space does not break.
func Money(ctx context.Context, pesos int64) string {
	var room [32]byte
	out := room[:0]
	if pesos < 0 {
		out, pesos = append(out, '-'), -pesos
	}
	return string(from(ctx).appendGroup(append(out, "$\u00a0"...), pesos))
}

// Number writes a whole number with thousands separators.
func Number(ctx context.Context, n int64) string { return from(ctx).group(n) }

// Date writes dd-mm-yyyy, "" for no date: the same in both languages, because
// it stands beside papers that are written that way.
func Date(_ context.Context, d calendar.Date) string { return d.Chilean() }

// DateTime writes an instant as it is in Santiago: "21-11-2026 10:42"; "" for
// the zero time.
func DateTime(_ context.Context, t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.In(calendar.Santiago).Format("02-01-2006 15:04")
}

// Clock writes the hour of an instant in Santiago: "10:42".
func Clock(_ context.Context, t time.Time) string {
	return t.In(calendar.Santiago).Format("15:04")
}

func (d *dictionary) group(n int64) string {
	var room [32]byte
	return string(d.appendGroup(room[:0], n))
}

// appendGroup writes a whole number with its thousands apart.
func (d *dictionary) appendGroup(out []byte, n int64) []byte {
	var room [20]byte // the longest int64 with its sign
	digits := strconv.AppendInt(room[:0], n, 10)
	if digits[0] == '-' {
		out, digits = append(out, '-'), digits[1:]
	}
	for i, digit := range digits {
		if i > 0 && (len(digits)-i)%3 == 0 {
			out = append(out, d.separator...)
		}
		out = append(out, digit)
	}
	return out
}
