package mail

import (
	"time"

	"gsl/tenants"
)

// State is where a letter of the outbox stands.
type State string

// The states of a letter.
const (
	Waiting State = "waiting" // to be sent, or to be tried again
	Sent    State = "sent"    // the server took it
	Failed  State = "failed"  // refused for good, or never taken in time
	Dropped State = "dropped" // what it was about was over before it left
)

// Entry is one letter of the outbox.
type Entry struct {
	ID        string
	Kind      string // who composes it
	Ref       string // of what it is about
	Recipient string
	State     State
	Tries     int
	Until     time.Time // not sent after
	Trouble   string    // of the last try: a code
	CreatedAt time.Time
	EndedAt   time.Time // zero while it waits
}

const entryColumns = `id, kind, ref, recipient, state, tries, until, trouble, created_at, coalesce(ended_at, '')`

func scanEntry(row interface{ Scan(dest ...any) error }) (e Entry, err error) {
	var until, created, ended string
	if err = row.Scan(&e.ID, &e.Kind, &e.Ref, &e.Recipient, &e.State, &e.Tries, &until, &e.Trouble, &created, &ended); err != nil {
		return e, err
	}
	for _, t := range []struct {
		text string
		into *time.Time
	}{{until, &e.Until}, {created, &e.CreatedAt}, {ended, &e.EndedAt}} {
		if t.text == "" {
			continue
		}
		if *t.into, err = time.Parse(time.RFC3339, t.text); err != nil {
			return e, err
		}
	}
	return e, nil
}

// Enqueue writes a letter into the outbox, in the transaction of what it is
// about. Tell the courier when that is durable.
func Enqueue(tx *tenants.Tx, kind, ref, recipient string, until time.Time) (string, error) {
	id := tx.NewID()
	_, err := tx.Exec(`INSERT INTO mail_outbox (id, kind, ref, recipient, next_at, until, created_at) VALUES (?,?,?,?,?,?,?)`,
		id, kind, ref, recipient, stamp(tx.Now), stamp(until), stamp(tx.Now))
	return id, err
}

// Last gives the newest letter about something; false when there is none.
func Last(tx *tenants.Tx, kind, ref string) (Entry, bool, error) {
	e, err := scanEntry(tx.QueryRow(`SELECT `+entryColumns+` FROM mail_outbox WHERE kind = ? AND ref = ? ORDER BY id DESC LIMIT 1`, kind, ref))
	if tenants.NotFound(err) {
		return e, false, nil
	}
	return e, err == nil, err
}

// next gives the letter whose turn it is; false when none is due.
func next(tx *tenants.Tx) (Entry, bool, error) {
	e, err := scanEntry(tx.QueryRow(`SELECT `+entryColumns+` FROM mail_outbox WHERE state = 'waiting' AND next_at <= ? ORDER BY next_at LIMIT 1`, stamp(tx.Now)))
	if tenants.NotFound(err) {
		return e, false, nil
	}
	return e, err == nil, err
}

// begin notes a try before it is made: one that is cut short is made again later,
// not at once and for ever.
func begin(tx *tenants.Tx, e *Entry, again time.Time) error {
	e.Tries++
	_, err := tx.Exec(`UPDATE mail_outbox SET tries = ?, next_at = ? WHERE id = ?`, e.Tries, stamp(again), e.ID)
	return err
}

// Hurry lets a letter that waits for its next try be tried at once. Tell the
// courier when that is durable.
func Hurry(tx *tenants.Tx, id string) error {
	_, err := tx.Exec(`UPDATE mail_outbox SET next_at = ? WHERE id = ? AND state = 'waiting'`, stamp(tx.Now), id)
	return err
}

func trouble(tx *tenants.Tx, id, code string) error {
	_, err := tx.Exec(`UPDATE mail_outbox SET trouble = ? WHERE id = ?`, code, id)
	return err
}

func end(tx *tenants.Tx, id string, state State, code string) error {
	_, err := tx.Exec(`UPDATE mail_outbox SET state = ?, trouble = ?, ended_at = ? WHERE id = ?`, string(state), code, stamp(tx.Now), id)
	return err
}

// dueAt is when the next letter waits to be tried; false when none waits.
func dueAt(tx *tenants.Tx) (time.Time, bool, error) {
	var text string
	err := tx.QueryRow(`SELECT next_at FROM mail_outbox WHERE state = 'waiting' ORDER BY next_at LIMIT 1`).Scan(&text)
	if tenants.NotFound(err) {
		return time.Time{}, false, nil
	}
	if err != nil {
		return time.Time{}, false, err
	}
	at, err := time.Parse(time.RFC3339, text)
	return at, err == nil, err
}

func stamp(t time.Time) string { return t.UTC().Format(time.RFC3339) }
