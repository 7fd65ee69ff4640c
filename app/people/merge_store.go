package people

import (
	"encoding/json"
	"time"

	"gsl/app/kit/actor"
	"gsl/app/kit/fault"
	"gsl/tenants"
)

const mergeColumns = `m.id, m.from_id, m.into_id, m.state, m.proof, m.note, m.proposed_at,
	(SELECT name FROM file_merge_history AS h WHERE h.merge_id = m.id AND h.seq = 1), m.carried, m.version, (SELECT provisional_id FROM file AS p WHERE p.id = m.from_id)`

func scanMerge(row scanner) (Merge, error) {
	var m Merge
	var at, carried string
	err := row.Scan(&m.ID, &m.FromID, &m.IntoID, &m.State, &m.Proof, &m.Note, &at, &m.ProposedBy, &carried, &m.Version, &m.Number)
	if err != nil {
		return Merge{}, err
	}
	if carried != "" {
		if err := json.Unmarshal([]byte(carried), &m.Carried); err != nil {
			return Merge{}, err
		}
	}
	m.ProposedAt, err = time.Parse(time.RFC3339, at)
	return m, err
}

// runningMerge gives the merge of a provisional file that is proposed or holds;
// the zero Merge for none.
func runningMerge(tx *tenants.Tx, from string) (Merge, error) {
	m, err := scanMerge(tx.QueryRow(`SELECT `+mergeColumns+` FROM file_merge AS m WHERE m.from_id = ? AND m.state IN ('proposed', 'merged')`, from))
	if tenants.NotFound(err) {
		return Merge{}, nil
	}
	return m, err
}

// mergeByID gives a merge in which the file takes part; fault.NotFound for any other.
func mergeByID(tx *tenants.Tx, id, file string) (Merge, error) {
	m, err := scanMerge(tx.QueryRow(`SELECT `+mergeColumns+` FROM file_merge AS m WHERE m.id = ? AND (m.from_id = ? OR m.into_id = ?)`, id, file, file))
	if tenants.NotFound(err) {
		return Merge{}, fault.New(fault.NotFound, "fault.not_found")
	}
	return m, err
}

// mergesOf gives the merges in which a file takes part, newest first.
func mergesOf(tx *tenants.Tx, file string) ([]Merge, error) {
	return collectMerges(tx.Query(`SELECT `+mergeColumns+` FROM file_merge AS m WHERE m.from_id = ?1 OR m.into_id = ?1 ORDER BY m.id DESC LIMIT 50`, file))
}

// waitingMerges gives those that wait for a head, the longest first.
func waitingMerges(tx *tenants.Tx, limit int) ([]Merge, error) {
	return collectMerges(tx.Query(`SELECT `+mergeColumns+` FROM file_merge AS m WHERE m.state = 'proposed' ORDER BY m.proposed_at, m.id LIMIT ?`, limit))
}

func countWaitingMerges(tx *tenants.Tx) (n int, err error) {
	err = tx.QueryRow(`SELECT count(*) FROM file_merge WHERE state = 'proposed'`).Scan(&n)
	return n, err
}

func collectMerges(rows *tenants.Rows, err error) ([]Merge, error) {
	if err != nil {
		return nil, err
	}
	defer func() { _ = rows.Close() }()
	var list []Merge
	for rows.Next() {
		m, err := scanMerge(rows)
		if err != nil {
			return nil, err
		}
		list = append(list, m)
	}
	return list, rows.Err()
}

// stepsOf fills the histories in.
func stepsOf(tx *tenants.Tx, list []Merge) error {
	for i := range list {
		rows, err := tx.Query(`SELECT became, note, at, name, role FROM file_merge_history WHERE merge_id = ? ORDER BY seq`, list[i].ID)
		if err != nil {
			return err
		}
		for rows.Next() {
			var s MergeStep
			var at string
			if err := rows.Scan(&s.Became, &s.Note, &at, &s.Name, &s.Role); err != nil {
				_ = rows.Close()
				return err
			}
			if s.At, err = time.Parse(time.RFC3339, at); err != nil {
				_ = rows.Close()
				return err
			}
			list[i].Steps = append(list[i].Steps, s)
		}
		_ = rows.Close()
		if err := rows.Err(); err != nil {
			return err
		}
	}
	return nil
}

func insertMerge(tx *tenants.Tx, who actor.Actor, m *Merge) error {
	_, err := tx.Exec(`INSERT INTO file_merge (id, from_id, into_id, state, proof, note, proposed_at, proposed_by) VALUES (?,?,?,?,?,?,?,?)`,
		m.ID, m.FromID, m.IntoID, string(m.State), m.Proof, m.Note, stamp(tx.Now), who.UserID)
	if err != nil {
		return err
	}
	return insertStep(tx, who, m, "", m.Note)
}

// moveMerge brings a merge to its next state and remembers the step.
func moveMerge(tx *tenants.Tx, who actor.Actor, m *Merge, to MergeState, note string) error {
	carried := ""
	if to == Merged && len(m.Carried) > 0 {
		text, err := json.Marshal(m.Carried)
		if err != nil {
			return err
		}
		carried = string(text)
	}
	was := m.State
	m.State, m.Version = to, m.Version+1
	if _, err := tx.Exec(`UPDATE file_merge SET state = ?, version = ?, carried = CASE WHEN ? = '' THEN carried ELSE ? END WHERE id = ?`,
		string(to), m.Version, carried, carried, m.ID); err != nil {
		return err
	}
	return insertStep(tx, who, m, was, note)
}

func insertStep(tx *tenants.Tx, who actor.Actor, m *Merge, was MergeState, note string) error {
	_, err := tx.Exec(`INSERT INTO file_merge_history (merge_id, seq, was, became, note, at, user_id, name, role)
		VALUES (?1, (SELECT coalesce(max(seq), 0) + 1 FROM file_merge_history WHERE merge_id = ?1), ?, ?, ?, ?, ?, ?, ?)`,
		m.ID, string(was), string(m.State), note, stamp(tx.Now), who.UserID, who.Name, who.Role)
	return err
}

// setMerged makes a file an alias of another one; "" makes it a file of its own again.
func setMerged(tx *tenants.Tx, from, into string) error {
	var column any
	if into != "" {
		column = into
	}
	_, err := tx.Exec(`UPDATE file SET merged_into = ? WHERE id = ?`, column, from)
	return err
}

// aliasesOf gives the files that were merged into one, with the merge that holds.
func aliasesOf(tx *tenants.Tx, into string) ([]Merge, error) {
	return collectMerges(tx.Query(`SELECT `+mergeColumns+` FROM file AS f CROSS JOIN file_merge AS m ON m.from_id = f.id AND m.state = 'merged'
		WHERE f.merged_into = ?`, into))
}

func journal(tx *tenants.Tx, merge, kind string, ids []string) error {
	for _, id := range ids {
		if _, err := tx.Exec(`INSERT INTO file_merge_row (merge_id, kind, row_id) VALUES (?,?,?) ON CONFLICT DO NOTHING`, merge, kind, id); err != nil {
			return err
		}
	}
	return nil
}

// journaled gives the ids of a kind that changed hands, as a JSON list.
func journaled(tx *tenants.Tx, merge, kind string) (ids string, err error) {
	err = tx.QueryRow(`SELECT json_group_array(row_id) FROM file_merge_row WHERE merge_id = ? AND kind = ?`, merge, kind).Scan(&ids)
	return ids, err
}

// documentsOf gives the identity documents of a file, one text each.
func documentsOf(tx *tenants.Tx, file string) ([]string, error) {
	return MovedIDs(tx.Query(`SELECT number FROM identity_document WHERE file_id = ? ORDER BY number`, file))
}
