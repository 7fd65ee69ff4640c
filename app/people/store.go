package people

import (
	"strings"
	"time"

	"gsl/app/kit/fault"
	"gsl/tenants"
)

const fileColumns = `f.id, run, coalesce(provisional_id, ''), given_names, surnames, birth_date, sex, nationality,
	phone, email, address, commune_code, folio, source, version, created_at, coalesce(merged_into, '')`

type scanner interface{ Scan(dest ...any) error }

func scanFile(row scanner) (File, error) {
	var f File
	var created string
	err := row.Scan(&f.ID, &f.RUN, &f.ProvisionalID, &f.GivenNames, &f.Surnames, &f.BirthDate, &f.Sex, &f.Nationality,
		&f.Phone, &f.Email, &f.Address, &f.CommuneCode, &f.Folio, &f.Source, &f.Version, &created, &f.MergedInto)
	if err != nil {
		return File{}, err
	}
	f.CreatedAt, err = time.Parse(time.RFC3339, created)
	return f, err
}

// Open gives the file with the id; fault.NotFound when this municipality has
// none. The id of a file that was merged is a fault.Conflict which says where
// the person's file is now: nothing may be written to the old one.
func Open(tx *tenants.Tx, id string) (File, error) {
	f, err := openAny(tx, id)
	if err == nil && f.MergedInto != "" {
		return File{}, fault.Moved(f.ID, f.MergedInto, "people.merged")
	}
	return f, err
}

// openAny gives the file with the id, also one that was merged.
func openAny(tx *tenants.Tx, id string) (File, error) {
	f, err := scanFile(tx.QueryRow(`SELECT `+fileColumns+` FROM file AS f WHERE f.id = ?`, id))
	if tenants.NotFound(err) {
		return File{}, fault.New(fault.NotFound, "fault.not_found")
	}
	return f, err
}

// survivor gives the file that the id leads to: its own, or the one it was merged into.
func survivor(tx *tenants.Tx, id string) (File, error) {
	f, err := openAny(tx, id)
	if err == nil && f.MergedInto != "" {
		return openAny(tx, f.MergedInto)
	}
	return f, err
}

// ByRUNs gives the files that this municipality holds on the people, by RUN.
// Those without a file are not in the map.
func ByRUNs(tx *tenants.Tx, runs []RUN) (map[RUN]File, error) {
	files := make(map[RUN]File, len(runs))
	// A join: IN would first copy the list into a temporary table, twice the time.
	rows, err := tx.Query(`SELECT `+fileColumns+` FROM json_each(?) AS wanted CROSS JOIN file AS f ON f.run = wanted.value`, bodies(runs))
	if err != nil {
		return nil, err
	}
	defer func() { _ = rows.Close() }()
	for rows.Next() {
		f, err := scanFile(rows)
		if err != nil {
			return nil, err
		}
		files[f.RUN] = f
	}
	return files, rows.Err()
}

// bodies writes RUNs as a JSON array, the one shape in which a constant text of
// SQL takes a list.
func bodies(runs []RUN) string {
	var b strings.Builder
	b.WriteByte('[')
	for i, run := range runs {
		if i > 0 {
			b.WriteByte(',')
		}
		text := run.String()
		b.WriteString(text[:max(len(text)-2, 0)])
	}
	b.WriteByte(']')
	return b.String()
}

// openByRUN gives the file of a RUN and opens it when there is none; created
// says which. Two at once are kept apart by the unique RUN.
func openByRUN(tx *tenants.Tx, run RUN, by string) (f File, created bool, err error) {
	result, err := tx.Exec(`INSERT INTO file (id, run, created_at, created_by) VALUES (?,?,?,?) ON CONFLICT (run) DO NOTHING`,
		tx.NewID(), run, stamp(tx.Now), by)
	if err != nil {
		return File{}, false, err
	}
	n, err := result.RowsAffected()
	if err != nil {
		return File{}, false, err
	}
	f, err = scanFile(tx.QueryRow(`SELECT `+fileColumns+` FROM file AS f WHERE run = ?`, run))
	return f, n == 1, err
}

// writeIdentity stores who the person is if the file is still at its version;
// it reports whether it was.
func writeIdentity(tx *tenants.Tx, f File) (bool, error) {
	result, err := tx.Exec(`UPDATE file SET given_names = ?, surnames = ?, birth_date = ?, sex = ?, nationality = ?, phone = ?,
		email = ?, address = ?, commune_code = ?, folio = ?, source = ?, version = version + 1 WHERE id = ? AND version = ?`,
		f.GivenNames, f.Surnames, f.BirthDate, f.Sex, f.Nationality, f.Phone,
		f.Email, f.Address, f.CommuneCode, f.Folio, f.Source, f.ID, f.Version)
	if err != nil {
		return false, err
	}
	n, err := result.RowsAffected()
	return n == 1, err
}

// tally counts one lookup of the operator and gives how many there were in the
// running day and minute, this one included.
func tally(tx *tenants.Tx, user, day, minute string) (inDay, inMinute int64, err error) {
	err = tx.QueryRow(`INSERT INTO lookup_tally (user_id, day, in_day, minute, in_minute) VALUES (?,?,1,?,1)
		ON CONFLICT (user_id) DO UPDATE SET
			in_day = CASE WHEN day = excluded.day THEN in_day + 1 ELSE 1 END, day = excluded.day,
			in_minute = CASE WHEN minute = excluded.minute THEN in_minute + 1 ELSE 1 END, minute = excluded.minute
		RETURNING in_day, in_minute`, user, day, minute).Scan(&inDay, &inMinute)
	return inDay, inMinute, err
}

// readCap reads the municipality's cap on lookups; a setting that is missing
// leaves the default, and one that is no positive number too.
func readCap(tx *tenants.Tx, limit Cap) (Cap, error) {
	err := tx.QueryRow(`SELECT
		coalesce((SELECT CAST(value AS INTEGER) FROM setting WHERE key = 'people.lookups_per_minute' AND CAST(value AS INTEGER) > 0), ?),
		coalesce((SELECT CAST(value AS INTEGER) FROM setting WHERE key = 'people.lookups_per_day' AND CAST(value AS INTEGER) > 0), ?)`,
		limit.PerMinute, limit.PerDay).Scan(&limit.PerMinute, &limit.PerDay)
	return limit, err
}

func stamp(t time.Time) string { return t.UTC().Format(time.RFC3339) }
