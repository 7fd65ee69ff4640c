package national

import (
	"time"

	"gsl/app/kit/sheet"
	"gsl/tenants"
)

func insertBatch(tx *tenants.Tx, b *Batch) error {
	_, err := tx.Exec(`INSERT INTO provision_batch (id, file, ignored, created_at, created_by, created_by_name) VALUES (?,?,?,?,?,?)`,
		b.ID, b.File, b.Ignored, stamp(tx.Now), b.By, b.ByName)
	return err
}

// forgetBatches removes tables that were checked before then and never started.
func forgetBatches(tx *tenants.Tx, before time.Time) error {
	_, err := tx.Exec(`DELETE FROM provision_batch WHERE state = 'checked' AND created_at < ?`, stamp(before))
	return err
}

func insertLine(tx *tenants.Tx, batch string, l *Line) error {
	options, err := pack(&l.Options)
	if err != nil {
		return err
	}
	counterpart, err := pack(l.Counterpart)
	if err != nil {
		return err
	}
	problems, err := packProblems(l.Problems)
	if err != nil {
		return err
	}
	_, err = tx.Exec(`INSERT INTO provision_line (batch_id, line, code, name, options, counterpart, state, problems) VALUES (?,?,?,?,?,?,?,?)`,
		batch, l.Line, l.Code, l.Name, options, counterpart, l.State, problems)
	return err
}

func packProblems(list []sheet.Problem) (string, error) {
	if len(list) == 0 {
		return "", nil
	}
	return pack(&list)
}

const selectBatch = `SELECT id, file, ignored, state, created_at, coalesce(started_at, ''), created_by, created_by_name, coalesce(links_at, ''),
	(SELECT count(*) FROM provision_line l WHERE l.batch_id = b.id AND l.state = 'done' AND l.counterpart <> '') FROM provision_batch b`

func scanBatch(row interface{ Scan(...any) error }) (b Batch, err error) {
	var created, started, links string
	err = row.Scan(&b.ID, &b.File, &b.Ignored, &b.State, &created, &started, &b.By, &b.ByName, &links, &b.Invitees)
	b.CreatedAt, b.StartedAt, b.LinksAt = moment(created), moment(started), moment(links)
	return b, err
}

func findBatch(tx *tenants.Tx, id string) (Batch, error) {
	b, err := scanBatch(tx.QueryRow(selectBatch+` WHERE id = ?`, id))
	if err != nil {
		return b, err
	}
	return b, countLines(tx, &b)
}

func latestBatches(tx *tenants.Tx, limit int) ([]Batch, error) {
	rows, err := tx.Query(selectBatch+` ORDER BY id DESC LIMIT ?`, limit)
	if err != nil {
		return nil, err
	}
	defer func() { _ = rows.Close() }()
	var list []Batch
	for rows.Next() {
		b, err := scanBatch(rows)
		if err != nil {
			return nil, err
		}
		list = append(list, b)
	}
	if err := rows.Err(); err != nil {
		return nil, err
	}
	for i := range list {
		if err := countLines(tx, &list[i]); err != nil {
			return nil, err
		}
	}
	return list, nil
}

func countLines(tx *tenants.Tx, b *Batch) error {
	rows, err := tx.Query(`SELECT state, count(*) FROM provision_line WHERE batch_id = ? GROUP BY state`, b.ID)
	if err != nil {
		return err
	}
	defer func() { _ = rows.Close() }()
	b.Counts = map[string]int{}
	for rows.Next() {
		var state string
		var n int
		if err := rows.Scan(&state, &n); err != nil {
			return err
		}
		b.Counts[state] = n
	}
	return rows.Err()
}

const selectLine = `SELECT l.line, l.code, l.name, coalesce(m.id, ''), l.options, l.counterpart, l.state, l.problems
	FROM provision_line l LEFT JOIN municipality m ON m.code = l.code AND l.code <> ''`

func scanLine(row interface{ Scan(...any) error }) (l Line, err error) {
	var options, counterpart, problems string
	if err := row.Scan(&l.Line, &l.Code, &l.Name, &l.ID, &options, &counterpart, &l.State, &problems); err != nil {
		return l, err
	}
	known, err := unpack[Options](options)
	if err != nil {
		return l, err
	}
	l.Options = *known
	if l.Counterpart, err = unpack[Invitee](counterpart); err != nil {
		return l, err
	}
	list, err := unpack[[]sheet.Problem](problems)
	if list != nil {
		l.Problems = *list
	}
	return l, err
}

// linesOf gives at most limit lines: those with trouble first, then as they stand.
func linesOf(tx *tenants.Tx, batch string, limit int) ([]Line, error) {
	rows, err := tx.Query(selectLine+` WHERE l.batch_id = ? ORDER BY l.state NOT IN ('bad', 'failed'), l.line LIMIT ?`, batch, limit)
	if err != nil {
		return nil, err
	}
	defer func() { _ = rows.Close() }()
	var list []Line
	for rows.Next() {
		l, err := scanLine(rows)
		if err != nil {
			return nil, err
		}
		list = append(list, l)
	}
	return list, rows.Err()
}

// nextLine gives the oldest running batch and its next line; a line 0 when none
// is left in it.
func nextLine(tx *tenants.Tx) (b Batch, l Line, err error) {
	if b, err = scanBatch(tx.QueryRow(selectBatch + ` WHERE state = 'running' ORDER BY id LIMIT 1`)); err != nil {
		return b, l, err
	}
	l, err = scanLine(tx.QueryRow(selectLine+` WHERE l.batch_id = ? AND l.state = 'waiting' ORDER BY l.line LIMIT 1`, b.ID))
	if tenants.NotFound(err) {
		return b, Line{}, nil
	}
	return b, l, err
}

func setLine(tx *tenants.Tx, batch string, l *Line) error {
	problems, err := packProblems(l.Problems)
	if err != nil {
		return err
	}
	_, err = tx.Exec(`UPDATE provision_line SET state = ?, problems = ? WHERE batch_id = ? AND line = ?`, l.State, problems, batch, l.Line)
	return err
}

// retryLines gives what failed another try.
func retryLines(tx *tenants.Tx, batch string) error {
	_, err := tx.Exec(`UPDATE provision_line SET state = 'waiting', problems = '' WHERE batch_id = ? AND state = 'failed'`, batch)
	return err
}

func setBatchState(tx *tenants.Tx, id, state string) error {
	now := stamp(tx.Now)
	_, err := tx.Exec(`UPDATE provision_batch SET state = ?1, started_at = coalesce(started_at, CASE WHEN ?1 = 'running' THEN ?2 END),
		ended_at = CASE WHEN ?1 = 'done' THEN ?2 END WHERE id = ?3`, state, now, id)
	return err
}

// setLinksGiven notes that the links were handed out, and forgets whose they were:
// the roster knows.
func setLinksGiven(tx *tenants.Tx, id string) error {
	if _, err := tx.Exec(`UPDATE provision_batch SET links_at = ? WHERE id = ?`, stamp(tx.Now), id); err != nil {
		return err
	}
	_, err := tx.Exec(`UPDATE provision_line SET counterpart = '' WHERE batch_id = ?`, id)
	return err
}

// orderedSince reports whether a municipality was ordered by that person since then.
func orderedSince(tx *tenants.Tx, code, by string, since time.Time) (yes bool, err error) {
	err = tx.QueryRow(`SELECT EXISTS (SELECT 1 FROM provision WHERE code = ? AND ordered_by = ? AND ordered_at >= ?)`, code, by, stamp(since)).Scan(&yes)
	return yes, err
}
