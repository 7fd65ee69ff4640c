package agenda

import (
	"encoding/json"
	"time"

	"gsl/app/kit/calendar"
	"gsl/app/kit/fault"
	"gsl/app/people"
	"gsl/tenants"
)

// stamp has milliseconds, as the trail of changes has.
func stamp(t time.Time) string { return t.UTC().Format("2006-01-02T15:04:05.000Z") }

const followUpColumns = `f.id, coalesce(f.file_id, ''), f.status, f.version, f.worker_id, f.worker_name, f.unit, f.day, f.clock, f.text`

type scanner interface{ Scan(dest ...any) error }

func scanFollowUp(row scanner) (f FollowUp, err error) {
	return f, row.Scan(&f.ID, &f.FileID, &f.Status, &f.Version, &f.WorkerID, &f.WorkerName, &f.Unit, &f.Day, &f.Clock, &f.Text)
}

func collect[T any](rows *tenants.Rows, err error, scan func(scanner) (T, error)) ([]T, error) {
	if err != nil {
		return nil, err
	}
	defer func() { _ = rows.Close() }()
	var list []T
	for rows.Next() {
		one, err := scan(rows)
		if err != nil {
			return nil, err
		}
		list = append(list, one)
	}
	return list, rows.Err()
}

// byID gives a follow-up; fault.NotFound when this municipality has none.
func byID(tx *tenants.Tx, id string) (FollowUp, error) {
	f, err := scanFollowUp(tx.QueryRow(`SELECT `+followUpColumns+` FROM followup f WHERE f.id = ?`, id))
	if tenants.NotFound(err) {
		return FollowUp{}, fault.New(fault.NotFound, "fault.not_found")
	}
	return f, err
}

// byKey gives the follow-up that a form made already; ok is false for none.
func byKey(tx *tenants.Tx, key string) (f FollowUp, ok bool, err error) {
	f, err = scanFollowUp(tx.QueryRow(`SELECT `+followUpColumns+` FROM followup f WHERE f.key = ?`, key))
	if tenants.NotFound(err) {
		return FollowUp{}, false, nil
	}
	return f, err == nil, err
}

func insertFollowUp(tx *tenants.Tx, f *FollowUp, key string) error {
	var file any
	if f.FileID != "" {
		file = f.FileID
	}
	_, err := tx.Exec(`INSERT INTO followup (id, file_id, key, status, version, worker_id, worker_name, unit, day, clock, text, created_at)
		VALUES (?,?,?,?,?,?,?,?,?,?,?,?)`,
		f.ID, file, key, f.Status, f.Version, f.WorkerID, f.WorkerName, f.Unit, f.Day, f.Clock, f.Text, stamp(tx.Now))
	return err
}

// updateFollowUp writes what a follow-up became.
func updateFollowUp(tx *tenants.Tx, f *FollowUp) error {
	var ended any
	if f.Status != Open {
		ended = stamp(tx.Now)
	}
	_, err := tx.Exec(`UPDATE followup SET status = ?, version = ?, day = ?, clock = ?, text = ?, ended_at = ? WHERE id = ?`,
		f.Status, f.Version, f.Day, f.Clock, f.Text, ended, f.ID)
	return err
}

// most is how many follow-ups a week of one worker or unit shows.
const most = 500

// followUps gives those of an Ask: of its days, and what is open from before.
func followUps(tx *tenants.Tx, ask *Ask) ([]FollowUp, error) {
	if ask.Unit != "" {
		rows, err := tx.Query(`SELECT `+followUpColumns+` FROM followup f WHERE f.unit = ?1 AND f.day >= ?2 AND f.day <= ?3 AND f.status <> 'dropped'
			UNION ALL SELECT `+followUpColumns+` FROM followup f WHERE f.unit = ?1 AND f.status = 'open' AND f.day < ?2
			ORDER BY 8, 9, 1 LIMIT ?4`, ask.Unit, ask.From, ask.To, most)
		return collect(rows, err, scanFollowUp)
	}
	workers, err := json.Marshal(ask.Workers)
	if err != nil {
		return nil, err
	}
	rows, err := tx.Query(`SELECT `+followUpColumns+` FROM json_each(?1) AS w CROSS JOIN followup f ON f.worker_id = w.value AND f.day >= ?2 AND f.day <= ?3 AND f.status <> 'dropped'
		UNION ALL SELECT `+followUpColumns+` FROM json_each(?1) AS w CROSS JOIN followup f ON f.worker_id = w.value AND f.status = 'open' AND f.day < ?2
		ORDER BY 8, 9, 1 LIMIT ?4`, string(workers), ask.From, ask.To, most)
	return collect(rows, err, scanFollowUp)
}

// filesOf gives id, number and name of the files that entries are about. One that
// was merged meanwhile is where the person is now.
func filesOf(tx *tenants.Tx, ids []string) (map[string]people.File, error) {
	list, err := json.Marshal(ids)
	if err != nil {
		return nil, err
	}
	rows, err := tx.Query(`SELECT f.id, f.run, coalesce(f.provisional_id, ''), f.given_names, f.surnames
		FROM json_each(?) AS w CROSS JOIN file f ON f.id = w.value`, string(list))
	files := map[string]people.File{}
	all, err := collect(rows, err, func(row scanner) (f people.File, err error) {
		return f, row.Scan(&f.ID, &f.RUN, &f.ProvisionalID, &f.GivenNames, &f.Surnames)
	})
	for _, f := range all {
		files[f.ID] = f
	}
	return files, err
}

// Mover takes follow-ups along when a file is merged.
func Mover() people.Mover {
	return people.Mover{Kind: "followup",
		Take: func(tx *tenants.Tx, from, into people.File) ([]string, error) {
			return people.MovedIDs(tx.Query(`UPDATE followup SET file_id = ?2 WHERE file_id = ?1 RETURNING id`, from.ID, into.ID))
		},
		Give: func(tx *tenants.Tx, ids string, into, from people.File) error {
			_, err := tx.Exec(`UPDATE followup SET file_id = ?3 WHERE file_id = ?2 AND id IN (SELECT value FROM json_each(?1))`, ids, into.ID, from.ID)
			return err
		},
		Count: func(tx *tenants.Tx, f people.File) (n int, err error) {
			return n, tx.QueryRow(`SELECT count(*) FROM followup WHERE file_id = ?`, f.ID).Scan(&n)
		}}
}

// lastDay is the last day that a week may end on: nobody plans farther.
func lastDay(today calendar.Date) calendar.Date { return today.AddDays(farthest + 7) }

// ofFile gives the follow-ups of a file, the newest day first.
func ofFile(tx *tenants.Tx, fileID string) ([]FollowUp, error) {
	rows, err := tx.Query(`SELECT `+followUpColumns+` FROM followup f WHERE f.file_id = ? AND f.status <> 'dropped' ORDER BY f.day DESC, f.id DESC LIMIT ?`, fileID, most)
	return collect(rows, err, scanFollowUp)
}
