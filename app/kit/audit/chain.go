package audit

import (
	"crypto/sha256"
	"encoding/binary"
	"time"
)

// link is the hash of a row; it covers the row's fields and the link before.
type link [sha256.Size]byte

// genesis is what the first row of a trail is chained to: rows moved from the
// trail of one municipality to another's fit nowhere. The owner of national.db is "".
func genesis(of trail, owner string) link {
	return sha256.Sum256([]byte("gsl " + string(of) + " " + owner))
}

// next is the head after one more row: its number, and its hash over the hash
// before it, the number, and every field with its length, so that no text can
// move from one field to its neighbour.
func (h head) next(fields ...string) head {
	seq := h.seq + 1
	room := make([]byte, 0, 512) // on the stack but for long details
	b := append(room, h.hash[:]...)
	b = binary.BigEndian.AppendUint64(b, uint64(seq)) //nolint:gosec // positive
	for _, field := range fields {
		b = binary.BigEndian.AppendUint32(b, uint32(len(field))) //nolint:gosec // a field is far under 4 GiB
		b = append(b, field...)
	}
	return head{seq: seq, hash: sha256.Sum256(b)}
}

func stamp(t time.Time) string { return t.UTC().Format("2006-01-02T15:04:05.000Z") }
