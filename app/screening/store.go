package screening

import (
	"time"

	"gsl/app/kit/calendar"
	"gsl/tenants"
)

// kept is the last snapshot of a file, without its body.
type kept struct {
	seq        int64
	seenAt     time.Time
	registered bool
	folio      string
	digest     digest
}

// lastKept gives the file's last snapshot; ok is false when nothing was kept yet.
func lastKept(tx *tenants.Tx, file string) (k kept, ok bool, err error) {
	var seen string
	var hash []byte
	err = tx.QueryRow(`SELECT seq, seen_at, registered, folio, hash FROM snapshot WHERE file_id = ? ORDER BY seq DESC LIMIT 1`, file).
		Scan(&k.seq, &seen, &k.registered, &k.folio, &hash)
	if tenants.NotFound(err) {
		return kept{}, false, nil
	}
	if err != nil {
		return kept{}, false, err
	}
	copy(k.digest[:], hash)
	k.seenAt, err = time.Parse(time.RFC3339, seen)
	return k, err == nil, err
}

// bodyOf gives the household of a snapshot as it was kept.
func bodyOf(tx *tenants.Tx, seq int64) (string, error) {
	var body string
	err := tx.QueryRow(`SELECT body FROM snapshot WHERE seq = ?`, seq).Scan(&body)
	return body, err
}

// earlier gives the data date of the last household in which the registry knew
// the person; zero for none.
func earlier(tx *tenants.Tx, file string) (calendar.Date, error) {
	var on calendar.Date
	err := tx.QueryRow(`SELECT data_date FROM snapshot WHERE file_id = ? AND registered = 1 ORDER BY seq DESC LIMIT 1`, file).Scan(&on)
	if tenants.NotFound(err) {
		return calendar.Date{}, nil
	}
	return on, err
}

// insertSnapshot keeps what the registry said; body is "" for "not registered".
func insertSnapshot(tx *tenants.Tx, file string, a *answer, body string) error {
	now, h, person := stamp(tx.Now), &a.household, a.person
	_, err := tx.Exec(`INSERT INTO snapshot (file_id, taken_at, seen_at, registered, folio, tramo, carer, dependency, data_date, hash, body)
		VALUES (?,?,?,?,?,?,?,?,?,?,?)`,
		file, now, now, a.standing == Fresh, h.Folio, h.Tramo, person.Carer, person.Dependency, h.DataDate, a.digest[:], body)
	return err
}

// confirm moves the day until which a snapshot holds.
func confirm(tx *tenants.Tx, seq int64) error {
	_, err := tx.Exec(`UPDATE snapshot SET seen_at = ? WHERE seq = ?`, stamp(tx.Now), seq)
	return err
}

// markers are what every page of a file shows of the last snapshot.
type markers struct {
	tramo      int
	carer      bool
	dependency string
}

func markersOf(tx *tenants.Tx, file string) (m markers, err error) {
	err = tx.QueryRow(`SELECT tramo, carer, dependency FROM snapshot WHERE file_id = ? ORDER BY seq DESC LIMIT 1`, file).
		Scan(&m.tramo, &m.carer, &m.dependency)
	if tenants.NotFound(err) {
		return markers{}, nil
	}
	return m, err
}

func stamp(t time.Time) string { return t.UTC().Format(time.RFC3339) }
