package diagnosis

import (
	"gsl/app/kit/actor"
	"gsl/app/kit/fault"
	"gsl/tenants"
)

const tieColumns = `id, file_id, kind, name, tie, note, changed_at, changed_by_name, version, removed_at IS NOT NULL`

func scanTie(row scanner) (t Tie, err error) {
	return t, row.Scan(&t.ID, &t.FileID, &t.Kind, &t.Name, &t.Strength, &t.Note, scanTime{&t.ChangedAt}, &t.ChangedBy, &t.Version, &t.Removed)
}

// tiesOf gives the ties of a file that are there, in the order of the drawing.
func tiesOf(tx *tenants.Tx, fileID string) ([]Tie, error) {
	rows, err := tx.Query(`SELECT `+tieColumns+` FROM ecomap_tie WHERE file_id = ? AND removed_at IS NULL ORDER BY id`, fileID)
	if err != nil {
		return nil, err
	}
	list, err := collect(rows, scanTie)
	inOrder(list)
	return list, err
}

// tie gives one; fault.NotFound when this municipality has none of the id.
func tie(tx *tenants.Tx, id string) (Tie, error) {
	t, err := scanTie(tx.QueryRow(`SELECT `+tieColumns+` FROM ecomap_tie WHERE id = ?`, id))
	if tenants.NotFound(err) {
		return t, fault.New(fault.NotFound, "fault.not_found")
	}
	return t, err
}

// tieByKey gives the tie that a form has added already; ok is false for none.
func tieByKey(tx *tenants.Tx, key string) (t Tie, ok bool, err error) {
	t, err = scanTie(tx.QueryRow(`SELECT `+tieColumns+` FROM ecomap_tie WHERE key = ?`, key))
	if tenants.NotFound(err) {
		return Tie{}, false, nil
	}
	return t, err == nil, err
}

func insertTie(tx *tenants.Tx, who actor.Actor, t *Tie, key string) error {
	t.ID, t.Version, t.ChangedAt, t.ChangedBy = tx.NewID(), 1, tx.Now, who.Name
	_, err := tx.Exec(`INSERT INTO ecomap_tie (id, file_id, key, kind, name, tie, note, created_at, changed_at, changed_by_name) VALUES (?1,?2,?3,?4,?5,?6,?7,?8,?8,?9)`,
		t.ID, t.FileID, key, t.Kind, t.Name, t.Strength, t.Note, stamp(tx.Now), who.Name)
	return err
}

func updateTie(tx *tenants.Tx, who actor.Actor, t *Tie) error {
	var removed any
	if t.Removed {
		removed = stamp(tx.Now)
	}
	t.Version, t.ChangedAt, t.ChangedBy = t.Version+1, tx.Now, who.Name
	_, err := tx.Exec(`UPDATE ecomap_tie SET kind = ?, name = ?, tie = ?, note = ?, changed_at = ?, changed_by_name = ?, version = ?, removed_at = ? WHERE id = ?`,
		t.Kind, t.Name, t.Strength, t.Note, stamp(tx.Now), who.Name, t.Version, removed, t.ID)
	return err
}

// rememberTie adds a line to the history of a tie.
func rememberTie(tx *tenants.Tx, who actor.Actor, t *Tie, what string) error {
	_, err := tx.Exec(`INSERT INTO ecomap_history (tie_id, seq, at, user_id, by_name, role, what, kind, name, tie, note)
		SELECT ?1, coalesce(max(seq), 0) + 1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10 FROM ecomap_history WHERE tie_id = ?1`,
		t.ID, stamp(tx.Now), who.UserID, who.Name, who.Role, what, t.Kind, t.Name, t.Strength, t.Note)
	return err
}
