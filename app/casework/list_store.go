package casework

import (
	"encoding/json"

	"gsl/tenants"
)

// order is how a list is sorted and where a page of it begins: by age, or by the
// last movement, beyond the place (at, id).
type order struct {
	age    bool
	at, id string
}

// casesOf lists the cases of workers, the longest without movement or the oldest
// first.
func casesOf(tx *tenants.Tx, workers []string, w window, o order, limit int) ([]Listed, error) {
	ids, err := json.Marshal(workers)
	if err != nil {
		return nil, err
	}
	rows, err := tx.Query(`SELECT `+listedColumns+` FROM json_each(?1) AS w
			CROSS JOIN case_file c ON c.worker_id = w.value AND c.status = 'assigned'
			CROSS JOIN file f ON f.id = c.file_id
		WHERE c.opened_at >= ?2 AND c.opened_at < ?3 AND c.moved_at < ?4 AND (CASE WHEN ?5 THEN c.opened_at ELSE c.moved_at END, c.id) > (?6, ?7)
		ORDER BY CASE WHEN ?5 THEN c.opened_at ELSE c.moved_at END, c.id LIMIT ?8`, string(ids), w.from, w.to, w.still, o.age, o.at, o.id, limit)
	if err != nil {
		return nil, err
	}
	return collect(rows, scanListed)
}

// casesOfUnit lists the open cases of a unit.
func casesOfUnit(tx *tenants.Tx, unit string, w window, o order, limit int) ([]Listed, error) {
	if o.age {
		return oldestOfUnit(tx, unit, w, o, limit)
	}
	rows, err := tx.Query(`SELECT `+listedColumns+` FROM case_file c INDEXED BY case_unit CROSS JOIN file f ON f.id = c.file_id
		WHERE c.unit = ?1 AND c.status <> 'closed' AND c.opened_at >= ?2 AND c.opened_at < ?3 AND c.moved_at < ?4 AND (c.moved_at, c.id) > (?5, ?6)
		ORDER BY c.moved_at, c.id LIMIT ?7`, unit, w.from, w.to, w.still, o.at, o.id, limit)
	if err != nil {
		return nil, err
	}
	return collect(rows, scanListed)
}

func oldestOfUnit(tx *tenants.Tx, unit string, w window, o order, limit int) ([]Listed, error) {
	rows, err := tx.Query(`SELECT `+listedColumns+` FROM case_file c INDEXED BY case_age CROSS JOIN file f ON f.id = c.file_id
		WHERE c.unit = ?1 AND c.status <> 'closed' AND c.opened_at >= ?2 AND c.opened_at < ?3 AND c.moved_at < ?4 AND (c.opened_at, c.id) > (?5, ?6)
		ORDER BY c.opened_at, c.id LIMIT ?7`, unit, w.from, w.to, w.still, o.at, o.id, limit)
	if err != nil {
		return nil, err
	}
	return collect(rows, scanListed)
}

// casesOfUnitAt lists those of one worker of the unit, "" for those that wait
// for somebody.
func casesOfUnitAt(tx *tenants.Tx, unit, worker string, w window, o order, limit int) ([]Listed, error) {
	rows, err := tx.Query(`SELECT `+listedColumns+` FROM case_file c INDEXED BY case_board CROSS JOIN file f ON f.id = c.file_id
		WHERE c.unit = ?1 AND c.worker_id = ?2 AND c.status <> 'closed' AND c.opened_at >= ?3 AND c.opened_at < ?4 AND c.moved_at < ?5
			AND (CASE WHEN ?6 THEN c.opened_at ELSE c.moved_at END, c.id) > (?7, ?8)
		ORDER BY CASE WHEN ?6 THEN c.opened_at ELSE c.moved_at END, c.id LIMIT ?9`,
		unit, worker, w.from, w.to, w.still, o.age, o.at, o.id, limit)
	if err != nil {
		return nil, err
	}
	return collect(rows, scanListed)
}

// casesOfList lists the open cases that somebody chose for a working list.
func casesOfList(tx *tenants.Tx, list, unit string, w window, o order, limit int) ([]Listed, error) {
	rows, err := tx.Query(`SELECT `+listedColumns+` FROM case_list_item i CROSS JOIN case_file c ON c.id = i.case_id CROSS JOIN file f ON f.id = c.file_id
		WHERE i.list_id = ?1 AND c.unit = ?2 AND c.status <> 'closed' AND c.opened_at >= ?3 AND c.opened_at < ?4 AND c.moved_at < ?5
			AND (CASE WHEN ?6 THEN c.opened_at ELSE c.moved_at END, c.id) > (?7, ?8)
		ORDER BY CASE WHEN ?6 THEN c.opened_at ELSE c.moved_at END, c.id LIMIT ?9`,
		list, unit, w.from, w.to, w.still, o.age, o.at, o.id, limit)
	if err != nil {
		return nil, err
	}
	return collect(rows, scanListed)
}

// countList counts the open cases of a working list.
func countList(tx *tenants.Tx, list, unit string) (n int, err error) {
	err = tx.QueryRow(`SELECT count(*) FROM case_list_item i CROSS JOIN case_file c ON c.id = i.case_id
		WHERE i.list_id = ? AND c.unit = ? AND c.status <> 'closed'`, list, unit).Scan(&n)
	return n, err
}

const changeColumns = `seq, mark, n, unit, worker_id, worker_name, opened_at, moved_at`

func scanChange(row scanner) (c change, err error) {
	return c, row.Scan(&c.seq, &c.mark, &c.n, &c.unit, &c.load.WorkerID, &c.load.WorkerName, &c.opened, &c.movedAt)
}

// lastChange is the newest change of the file's cases.
func lastChange(tx *tenants.Tx) (change, error) {
	return scanChange(tx.QueryRow(`SELECT ` + changeColumns + ` FROM case_change ORDER BY seq DESC LIMIT 1`))
}

// changesSince gives a change, if the file still has it, and those after it.
func changesSince(tx *tenants.Tx, seq int64) ([]change, error) {
	rows, err := tx.Query(`SELECT `+changeColumns+` FROM case_change WHERE seq >= ? ORDER BY seq`, seq)
	if err != nil {
		return nil, err
	}
	return collect(rows, scanChange)
}

// tallies are, of a group of cases, how many there are, how many are older than
// each cut, and the same of those without movement. Sums in the index's order
// need no sorter.
const tallies = `count(*), sum(opened_at < ?2), sum(opened_at < ?3), sum(opened_at < ?4), sum(moved_at < ?5),
	sum(moved_at < ?5 AND opened_at < ?2), sum(moved_at < ?5 AND opened_at < ?3), sum(moved_at < ?5 AND opened_at < ?4)`

// loadsOf counts the open cases of a unit by worker, age and standstill, in the
// order of workers' ids and names.
func loadsOf(tx *tenants.Tx, unit string, c cuts) ([]Load, error) {
	rows, err := tx.Query(`SELECT worker_id, worker_name, `+tallies+` FROM case_file INDEXED BY case_board
		WHERE unit = ?1 AND status <> 'closed' GROUP BY worker_id, worker_name`, unit, c.ages[0], c.ages[1], c.ages[2], c.still)
	if err != nil {
		return nil, err
	}
	return tally(rows)
}

// loadsOfWorkers counts the cases of workers, whatever their unit.
func loadsOfWorkers(tx *tenants.Tx, workers []string, c cuts) ([]Load, error) {
	ids, err := json.Marshal(workers)
	if err != nil {
		return nil, err
	}
	rows, err := tx.Query(`SELECT '', '', `+tallies+` FROM json_each(?1) AS w CROSS JOIN case_file c ON c.worker_id = w.value AND c.status = 'assigned'
		HAVING count(*) > 0`, string(ids), c.ages[0], c.ages[1], c.ages[2], c.still)
	if err != nil {
		return nil, err
	}
	return tally(rows)
}

// tally takes the sums apart into buckets.
func tally(rows *tenants.Rows) ([]Load, error) {
	return collect(rows, func(row scanner) (l Load, err error) {
		var all, still [Ages]int // of each: all, then those older than each cut
		err = row.Scan(&l.WorkerID, &l.WorkerName, &all[0], &all[1], &all[2], &all[3], &still[0], &still[1], &still[2], &still[3])
		for i := range Ages {
			l.Ages[i] = Tally{all[i], still[i]}
			if i+1 < Ages {
				l.Ages[i].Cases -= all[i+1]
				l.Ages[i].Still -= still[i+1]
			}
		}
		return l, err
	})
}
