package people

import (
	"time"

	"gsl/app/kit/actor"
	"gsl/app/kit/fault"
	"gsl/tenants"
)

const restrictionColumns = `r.id, r.file_id, r.kind, r.reason, r.unit, r.unit_name, r.marked_at, r.marked_by_name, coalesce(r.lifted_at, ''), r.lifted_by_name, r.lift_reason`

func scanRestriction(row scanner) (r Restriction, err error) {
	err = row.Scan(&r.ID, &r.FileID, &r.Kind, &r.Reason, &r.Unit, &r.UnitName, scanStamp{&r.MarkedAt}, &r.MarkedBy, scanStamp{&r.LiftedAt}, &r.LiftedBy, &r.LiftReason)
	return r, err
}

// scanStamp reads an instant; NULL and "" are the zero time.
type scanStamp struct{ to *time.Time }

// Scan reads the text.
func (s scanStamp) Scan(value any) error {
	text, ok := value.(string)
	if !ok || text == "" {
		*s.to = time.Time{}
		return nil
	}
	t, err := time.Parse(time.RFC3339, text)
	*s.to = t.UTC()
	return err
}

// restrictionOf gives the restriction that holds for a file; ok is false for none.
func restrictionOf(tx *tenants.Tx, fileID string) (r Restriction, ok bool, err error) {
	r, err = scanRestriction(tx.QueryRow(`SELECT `+restrictionColumns+` FROM file_restriction AS r WHERE r.file_id = ? AND r.lifted_at IS NULL`, fileID))
	if tenants.NotFound(err) {
		return Restriction{}, false, nil
	}
	return r, err == nil, err
}

// restrictedBy gives the unit whose head marked a file; ok is false for a file
// that is not restricted. Every page of a file asks.
func restrictedBy(tx *tenants.Tx, fileID string) (unit string, ok bool, err error) {
	err = tx.QueryRow(`SELECT unit FROM file_restriction WHERE file_id = ? AND lifted_at IS NULL`, fileID).Scan(&unit)
	if tenants.NotFound(err) {
		return "", false, nil
	}
	return unit, err == nil, err
}

// restrictionByID gives a restriction of a file; fault.NotFound for any other.
func restrictionByID(tx *tenants.Tx, fileID, id string) (Restriction, error) {
	r, err := scanRestriction(tx.QueryRow(`SELECT `+restrictionColumns+` FROM file_restriction AS r WHERE r.id = ? AND r.file_id = ?`, id, fileID))
	if tenants.NotFound(err) {
		err = fault.New(fault.NotFound, "fault.not_found")
	}
	return r, err
}

// restrictionsOf gives all that a file ever had, the newest first.
func restrictionsOf(tx *tenants.Tx, fileID string) ([]Restriction, error) {
	return collectAll(scanRestriction)(tx.Query(`SELECT `+restrictionColumns+` FROM file_restriction AS r WHERE r.file_id = ? ORDER BY r.id DESC LIMIT 50`, fileID))
}

// restrictions gives all that hold in the municipality, the newest first.
func restrictions(tx *tenants.Tx) ([]Restriction, error) {
	return collectAll(scanRestriction)(tx.Query(`SELECT ` + restrictionColumns + ` FROM file_restriction AS r INDEXED BY file_restriction_one WHERE r.lifted_at IS NULL ORDER BY r.id DESC`))
}

// collectAll reads every row of an answer.
func collectAll[T any](scan func(scanner) (T, error)) func(*tenants.Rows, error) ([]T, error) {
	return func(rows *tenants.Rows, err error) ([]T, error) {
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
}

func insertRestriction(tx *tenants.Tx, who actor.Actor, r *Restriction) error {
	_, err := tx.Exec(`INSERT INTO file_restriction (id, file_id, kind, reason, unit, unit_name, marked_at, marked_by, marked_by_name) VALUES (?,?,?,?,?,?,?,?,?)`,
		r.ID, r.FileID, string(r.Kind), r.Reason, r.Unit, r.UnitName, stamp(r.MarkedAt), who.UserID, r.MarkedBy)
	return err
}

func liftRestriction(tx *tenants.Tx, who actor.Actor, id, reason string) error {
	_, err := tx.Exec(`UPDATE file_restriction SET lifted_at = ?, lifted_by_name = ?, lift_reason = ? WHERE id = ?`, stamp(tx.Now), who.Name, reason, id)
	return err
}

// shutFile is a restricted file whose glass a user has not opened.
type shutFile struct {
	id, unit    string
	run         RUN
	provisional string
}

func scanShut(row scanner) (f shutFile, err error) {
	err = row.Scan(&f.id, &f.unit, &f.run, &f.provisional)
	return f, err
}

// shutOf gives of these people the restricted files but for those that the user
// has open: who is in no restricted file costs one look.
func shutOf(tx *tenants.Tx, userID string, runs []RUN) ([]shutFile, error) {
	return collectAll(scanShut)(tx.Query(`SELECT r.file_id, r.unit, f.run, coalesce(f.provisional_id, '') FROM json_each(?3) AS wanted CROSS JOIN file AS f ON f.run = wanted.value
		CROSS JOIN file_restriction AS r ON r.file_id = f.id AND r.lifted_at IS NULL
		WHERE NOT EXISTS (SELECT 1 FROM file_opening AS o WHERE o.file_id = r.file_id AND o.user_id = ?1 AND o.until > ?2 AND o.shut_at IS NULL)`,
		userID, stamp(tx.Now), bodies(runs)))
}

// shutFiles gives the restricted files but for those that the user has open.
func shutFiles(tx *tenants.Tx, userID string) ([]shutFile, error) {
	return collectAll(scanShut)(tx.Query(`SELECT r.file_id, r.unit, f.run, coalesce(f.provisional_id, '') FROM file_restriction AS r INDEXED BY file_restriction_one CROSS JOIN file AS f ON f.id = r.file_id
		WHERE r.lifted_at IS NULL AND NOT EXISTS (SELECT 1 FROM file_opening AS o
			WHERE o.file_id = r.file_id AND o.user_id = ?1 AND o.until > ?2 AND o.shut_at IS NULL)`, userID, stamp(tx.Now)))
}

const openingColumns = `o.id, o.file_id, o.user_id, o.name, o.role, o.unit, o.unit_name, o.reason, o.opened_at, o.until, coalesce(o.shut_at, ''),
	o.verdict, coalesce(o.reviewed_at, ''), o.reviewed_by_name, o.review_note`

func scanOpening(row scanner) (o Opening, err error) {
	err = row.Scan(&o.ID, &o.FileID, &o.UserID, &o.Name, &o.Role, &o.Unit, &o.UnitName, &o.Reason, scanStamp{&o.OpenedAt}, scanStamp{&o.Until}, scanStamp{&o.ShutAt},
		&o.Verdict, scanStamp{&o.ReviewedAt}, &o.ReviewedBy, &o.ReviewNote)
	return o, err
}

// openGlass gives the opening that a user has of a file now; ok is false for none.
func openGlass(tx *tenants.Tx, fileID, userID string) (o Opening, ok bool, err error) {
	o, err = scanOpening(tx.QueryRow(`SELECT `+openingColumns+` FROM file_opening AS o
		WHERE o.file_id = ? AND o.user_id = ? AND o.until > ? AND o.shut_at IS NULL ORDER BY o.until DESC LIMIT 1`, fileID, userID, stamp(tx.Now)))
	if tenants.NotFound(err) {
		return Opening{}, false, nil
	}
	return o, err == nil, err
}

func insertOpening(tx *tenants.Tx, o *Opening) error {
	_, err := tx.Exec(`INSERT INTO file_opening (id, file_id, user_id, name, role, unit, unit_name, reason, opened_at, until) VALUES (?,?,?,?,?,?,?,?,?,?)`,
		o.ID, o.FileID, o.UserID, o.Name, o.Role, o.Unit, o.UnitName, o.Reason, stamp(o.OpenedAt), stamp(o.Until))
	return err
}

func shutOpening(tx *tenants.Tx, id string) error {
	_, err := tx.Exec(`UPDATE file_opening SET shut_at = ? WHERE id = ?`, stamp(tx.Now), id)
	return err
}

func reviewOpening(tx *tenants.Tx, who actor.Actor, id string, verdict Verdict, note string) error {
	_, err := tx.Exec(`UPDATE file_opening SET verdict = ?, reviewed_at = ?, reviewed_by = ?, reviewed_by_name = ?, review_note = ? WHERE id = ?`,
		string(verdict), stamp(tx.Now), who.UserID, who.Name, note, id)
	return err
}

// openingByID gives an opening; fault.NotFound when this municipality has none.
func openingByID(tx *tenants.Tx, id string) (Opening, error) {
	o, err := scanOpening(tx.QueryRow(`SELECT `+openingColumns+` FROM file_opening AS o WHERE o.id = ?`, id))
	if tenants.NotFound(err) {
		err = fault.New(fault.NotFound, "fault.not_found")
	}
	return o, err
}

// openingsOf gives the openings of a file, the newest first.
func openingsOf(tx *tenants.Tx, fileID string, limit int) ([]Opening, error) {
	return collectAll(scanOpening)(tx.Query(`SELECT `+openingColumns+` FROM file_opening AS o WHERE o.file_id = ? ORDER BY o.id DESC LIMIT ?`, fileID, limit))
}

// unreviewedOpenings gives those that wait for a head, the oldest first, each
// with the unit that answers for the file.
func unreviewedOpenings(tx *tenants.Tx) ([]waitingOpening, error) {
	return collectAll(func(row scanner) (w waitingOpening, err error) {
		w.Opening, err = scanOpening(alsoUnit{row, &w.unit})
		return w, err
	})(tx.Query(`SELECT ` + openingColumns + `, coalesce((SELECT r.unit FROM file_restriction AS r WHERE r.file_id = o.file_id ORDER BY r.id DESC LIMIT 1), '')
		FROM file_opening AS o WHERE o.verdict = '' ORDER BY o.id LIMIT 500`))
}

// waitingOpening is an opening with the unit that answers for the file.
type waitingOpening struct {
	Opening
	unit string
}

// alsoUnit is a row whose last column is the unit.
type alsoUnit struct {
	row  scanner
	unit *string
}

// Scan reads the unit behind the rest.
func (a alsoUnit) Scan(dest ...any) error { return a.row.Scan(append(dest, a.unit)...) }

// RestrictionMovers take restrictions and openings along when a file is merged.
// Where both files are restricted, the one that stays behind keeps its own.
func RestrictionMovers() []Mover {
	return []Mover{
		{Kind: "file_restriction", Take: takeRestrictions, Give: giveRestrictions, Count: countRestrictions},
		{Kind: "file_opening", Take: takeOpenings, Give: giveOpenings, Count: countOpenings},
	}
}

func takeRestrictions(tx *tenants.Tx, from, into File) ([]string, error) {
	return MovedIDs(tx.Query(`UPDATE OR IGNORE file_restriction SET file_id = ?2 WHERE file_id = ?1 RETURNING id`, from.ID, into.ID))
}

func giveRestrictions(tx *tenants.Tx, ids string, into, from File) error {
	_, err := tx.Exec(`UPDATE file_restriction SET file_id = ?3 WHERE file_id = ?2 AND id IN (SELECT value FROM json_each(?1))`, ids, into.ID, from.ID)
	return err
}

func countRestrictions(tx *tenants.Tx, f File) (n int, err error) {
	err = tx.QueryRow(`SELECT count(*) FROM file_restriction WHERE file_id = ?`, f.ID).Scan(&n)
	return n, err
}

func takeOpenings(tx *tenants.Tx, from, into File) ([]string, error) {
	return MovedIDs(tx.Query(`UPDATE file_opening SET file_id = ?2 WHERE file_id = ?1 RETURNING id`, from.ID, into.ID))
}

func giveOpenings(tx *tenants.Tx, ids string, into, from File) error {
	_, err := tx.Exec(`UPDATE file_opening SET file_id = ?3 WHERE file_id = ?2 AND id IN (SELECT value FROM json_each(?1))`, ids, into.ID, from.ID)
	return err
}

func countOpenings(tx *tenants.Tx, f File) (n int, err error) {
	err = tx.QueryRow(`SELECT count(*) FROM file_opening WHERE file_id = ?`, f.ID).Scan(&n)
	return n, err
}
