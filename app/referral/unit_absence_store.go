package referral

import (
	"time"

	"gsl/app/kit/actor"
	"gsl/app/kit/calendar"
	"gsl/app/kit/fault"
	"gsl/tenants"
)

const absenceColumns = `id, user_id, name, unit, from_on, to_on, replacement_id, replacement_name, reason, created_by_name, coalesce(ended_at, ''), ended_by_name`

func scanAbsence(row interface{ Scan(...any) error }) (Absence, error) {
	var a Absence
	var ended string
	err := row.Scan(&a.ID, &a.UserID, &a.Name, &a.Unit, &a.From, &a.To, &a.ReplacementID, &a.ReplacementName, &a.Reason,
		&a.CreatedByName, &ended, &a.EndedByName)
	if err == nil && ended != "" {
		a.EndedAt, err = time.Parse(time.RFC3339, ended)
	}
	return a, err
}

// absenceOn gives the absence of a person on a day. Absences of one person do
// not overlap.
func absenceOn(tx *tenants.Tx, userID string, day calendar.Date) (Absence, bool, error) {
	a, err := scanAbsence(tx.QueryRow(`SELECT `+absenceColumns+` FROM absence WHERE user_id = ? AND to_on >= ? AND from_on <= ? LIMIT 1`, userID, day, day))
	if tenants.NotFound(err) {
		return Absence{}, false, nil
	}
	return a, err == nil, err
}

// Replaced lists whom a person replaces on a day, also those whose replacement
// is away too; never the person.
func Replaced(tx *tenants.Tx, userID string, day calendar.Date) ([]string, error) {
	rows, err := tx.Query(`WITH RECURSIVE away(user_id) AS (
			SELECT user_id FROM absence WHERE replacement_id = ?1 AND to_on >= ?2 AND from_on <= ?2
			UNION
			SELECT a.user_id FROM away JOIN absence a ON a.replacement_id = away.user_id AND a.to_on >= ?2 AND a.from_on <= ?2)
		SELECT user_id FROM away WHERE user_id <> ?1 ORDER BY user_id`, userID, day)
	if err != nil {
		return nil, err
	}
	defer func() { _ = rows.Close() }()
	var list []string
	for rows.Next() {
		var id string
		if err := rows.Scan(&id); err != nil {
			return nil, err
		}
		list = append(list, id)
	}
	return list, rows.Err()
}

// absenceByID gives an absence; fault.NotFound when this municipality has none.
func absenceByID(tx *tenants.Tx, id string) (Absence, error) {
	a, err := scanAbsence(tx.QueryRow(`SELECT `+absenceColumns+` FROM absence WHERE id = ?`, id))
	if tenants.NotFound(err) {
		return Absence{}, fault.New(fault.NotFound, "fault.not_found")
	}
	return a, err
}

// absencesFrom lists the absences that last on the day or begin after it, of a
// unit or of all, the earliest first.
func absencesFrom(tx *tenants.Tx, unit string, all bool, day calendar.Date) ([]Absence, error) {
	rows, err := tx.Query(`SELECT `+absenceColumns+` FROM absence WHERE to_on >= ?1 AND from_on <= to_on AND (?2 OR unit = ?3)
		ORDER BY from_on, name, id LIMIT 500`, day, all, unit)
	if err != nil {
		return nil, err
	}
	defer func() { _ = rows.Close() }()
	var list []Absence
	for rows.Next() {
		a, err := scanAbsence(rows)
		if err != nil {
			return nil, err
		}
		list = append(list, a)
	}
	return list, rows.Err()
}

// overlapping gives an absence of the person that shares a day with the time.
func overlapping(tx *tenants.Tx, userID string, from, to calendar.Date) (Absence, bool, error) {
	a, err := scanAbsence(tx.QueryRow(`SELECT `+absenceColumns+` FROM absence
		WHERE user_id = ? AND to_on >= ? AND from_on <= ? AND from_on <= to_on ORDER BY from_on LIMIT 1`, userID, from, to))
	if tenants.NotFound(err) {
		return Absence{}, false, nil
	}
	return a, err == nil, err
}

func insertAbsence(tx *tenants.Tx, who actor.Actor, a Absence) error {
	_, err := tx.Exec(`INSERT INTO absence (id, user_id, name, unit, from_on, to_on, replacement_id, replacement_name, reason, created_at, created_by, created_by_name)
		VALUES (?,?,?,?,?,?,?,?,?,?,?,?)`,
		a.ID, a.UserID, a.Name, a.Unit, a.From, a.To, a.ReplacementID, a.ReplacementName, a.Reason,
		tx.Now.UTC().Format(time.RFC3339), who.UserID, who.Name)
	return err
}

// endAbsence sets the last day of an absence, the day before its first when it
// never began.
func endAbsence(tx *tenants.Tx, who actor.Actor, id string, last calendar.Date) error {
	_, err := tx.Exec(`UPDATE absence SET to_on = ?, ended_at = ?, ended_by_name = ? WHERE id = ?`,
		last, tx.Now.UTC().Format(time.RFC3339), who.Name, id)
	return err
}
