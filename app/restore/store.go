package restore

import (
	"time"

	"gsl/app/kit/actor"
	"gsl/tenants"
)

const columns = `r.id, r.municipality_id, m.code, m.name, r.source, r.wanted_at, r.state, r.until_at, r.report, r.error,
	r.kept, r.asked_by_name, r.asked_at, r.ready_at, r.ended_by_name, r.ended_at,
	coalesce((SELECT group_concat(l.user_name, char(10)) FROM restore_look l WHERE l.restore_id = r.id), '')`

func insert(tx *tenants.Tx, who actor.Actor, id, municipality string, o Order) error {
	_, err := tx.Exec(`INSERT INTO restore (id, municipality_id, source, wanted_at, state, asked_by, asked_by_name, asked_at)
		VALUES (?,?,?,?,?,?,?,?)`, id, municipality, string(o.Source), stamp(o.At), string(Running), who.UserID, who.Name, stamp(tx.Now))
	return err
}

func byID(tx *tenants.Tx, id string) (Restore, error) {
	rows, err := tx.Query(`SELECT `+columns+` FROM restore r JOIN municipality m ON m.id = r.municipality_id WHERE r.id = ?`, id)
	if err != nil {
		return Restore{}, err
	}
	list, err := scan(rows)
	if err != nil {
		return Restore{}, err
	}
	if len(list) == 0 {
		return Restore{}, tenants.ErrNoRows
	}
	return list[0], nil
}

func newest(tx *tenants.Tx, limit int) ([]Restore, error) {
	rows, err := tx.Query(`SELECT `+columns+` FROM restore r JOIN municipality m ON m.id = r.municipality_id
		ORDER BY r.state IN ('running', 'ready') DESC, r.asked_at DESC, r.id LIMIT ?`, limit)
	if err != nil {
		return nil, err
	}
	return scan(rows)
}

// readyOf lists the copies of a municipality that can be looked at.
func readyOf(tx *tenants.Tx, municipality string) ([]Restore, error) {
	rows, err := tx.Query(`SELECT `+columns+` FROM restore r JOIN municipality m ON m.id = r.municipality_id
		WHERE r.municipality_id = ? AND r.state = 'ready'`, municipality)
	if err != nil {
		return nil, err
	}
	return scan(rows)
}

func scan(rows *tenants.Rows) ([]Restore, error) {
	defer func() { _ = rows.Close() }()
	var list []Restore
	for rows.Next() {
		var r Restore
		var source, wanted, state, until, report, asked, ready, ended, lookers string
		err := rows.Scan(&r.ID, &r.MunicipalityID, &r.Code, &r.Name, &source, &wanted, &state, &until, &report, &r.Trouble,
			&r.Kept, &r.AskedBy, &asked, &ready, &r.EndedBy, &ended, &lookers)
		if err != nil {
			return nil, err
		}
		if r.Report, err = parseReport(report); err != nil {
			return nil, err
		}
		r.Source, r.State, r.Lookers = tenants.Source(source), State(state), lines(lookers)
		r.Wanted, r.Until, r.AskedAt, r.ReadyAt, r.EndedAt = moment(wanted), moment(until), moment(asked), moment(ready), moment(ended)
		list = append(list, r)
	}
	return list, rows.Err()
}

func setReady(tx *tenants.Tx, id string, until time.Time, report string) error {
	_, err := tx.Exec(`UPDATE restore SET state = 'ready', until_at = ?, report = ?, ready_at = ? WHERE id = ? AND state = 'running'`,
		stamp(until), report, stamp(tx.Now), id)
	return err
}

func setFailed(tx *tenants.Tx, id, trouble string) error {
	_, err := tx.Exec(`UPDATE restore SET state = 'failed', error = ?, ended_at = ? WHERE id = ? AND state = 'running'`, trouble, stamp(tx.Now), id)
	return err
}

// setEnded ends one that is ready; false when somebody was quicker.
func setEnded(tx *tenants.Tx, who actor.Actor, id string, state State, kept string) (bool, error) {
	done, err := tx.Exec(`UPDATE restore SET state = ?, kept = ?, ended_by = ?, ended_by_name = ?, ended_at = ? WHERE id = ? AND state = 'ready'`,
		string(state), kept, who.UserID, who.Name, stamp(tx.Now), id)
	if err != nil {
		return false, err
	}
	n, err := done.RowsAffected()
	return n == 1, err
}

// failInterrupted ends those that ran when the program stopped.
func failInterrupted(tx *tenants.Tx, trouble string) error {
	_, err := tx.Exec(`UPDATE restore SET state = 'failed', error = ?, ended_at = ? WHERE state = 'running'`, trouble, stamp(tx.Now))
	return err
}

// ready lists the ids of all copies that are ready.
func ready(tx *tenants.Tx) ([]string, error) {
	rows, err := tx.Query(`SELECT id FROM restore WHERE state = 'ready'`)
	if err != nil {
		return nil, err
	}
	defer func() { _ = rows.Close() }()
	var ids []string
	for rows.Next() {
		var id string
		if err := rows.Scan(&id); err != nil {
			return nil, err
		}
		ids = append(ids, id)
	}
	return ids, rows.Err()
}

func look(tx *tenants.Tx, who actor.Actor, id string) error {
	_, err := tx.Exec(`INSERT INTO restore_look (membership_id, restore_id, user_name, since_at) VALUES (?1,?2,?3,?4)
		ON CONFLICT (membership_id) DO UPDATE SET restore_id = ?2, user_name = ?3, since_at = ?4`, who.MembershipID, id, who.Name, stamp(tx.Now))
	return err
}

func leave(tx *tenants.Tx, membership string) error {
	_, err := tx.Exec(`DELETE FROM restore_look WHERE membership_id = ?`, membership)
	return err
}

func nobodyLooks(tx *tenants.Tx, id string) error {
	_, err := tx.Exec(`DELETE FROM restore_look WHERE restore_id = ?`, id)
	return err
}

// looks gives who looks where: membership → copy.
func looks(tx *tenants.Tx) (map[string]string, error) {
	rows, err := tx.Query(`SELECT l.membership_id, l.restore_id FROM restore_look l JOIN restore r ON r.id = l.restore_id WHERE r.state = 'ready'`)
	if err != nil {
		return nil, err
	}
	defer func() { _ = rows.Close() }()
	all := map[string]string{}
	for rows.Next() {
		var membership, id string
		if err := rows.Scan(&membership, &id); err != nil {
			return nil, err
		}
		all[membership] = id
	}
	return all, rows.Err()
}

// holding counts what a municipality's file holds.
func holding(tx *tenants.Tx) (h Holding, err error) {
	err = tx.QueryRow(`SELECT (SELECT count(*) FROM file), (SELECT count(*) FROM attention),
		(SELECT count(*) FROM plan), (SELECT count(*) FROM plan WHERE status = 'open'), (SELECT count(*) FROM referral),
		(SELECT count(*) FROM benefit_grant), (SELECT count(*) FROM document), (SELECT count(*) FROM audit)`).
		Scan(&h.Files, &h.Attentions, &h.Plans, &h.OpenPlans, &h.Referrals, &h.Benefits, &h.Documents, &h.Changes)
	if err != nil || h.Changes == 0 {
		return h, err
	}
	var first, last string
	err = tx.QueryRow(`SELECT (SELECT at FROM audit ORDER BY seq LIMIT 1), (SELECT at FROM audit ORDER BY seq DESC LIMIT 1)`).Scan(&first, &last)
	h.FirstChange, h.LastChange = moment(first), moment(last)
	return h, err
}
