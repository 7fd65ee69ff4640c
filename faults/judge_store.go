package main

import (
	"database/sql"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"time"

	_ "modernc.org/sqlite" // another reader than the program's own
)

// findings are the queries by which an entry of the ledger is found again.
var findings = map[string]string{
	"file":     `SELECT count(*) FROM file WHERE id = ?`,
	"line":     `SELECT count(*) FROM cart_item WHERE note = ?`, // once, however often it was sent
	"plan":     `SELECT count(*) FROM plan WHERE id = ?`,
	"status":   `SELECT status FROM plan_item WHERE id = ?`,
	"referral": `SELECT count(*) FROM referral WHERE id = ?`,
	"paper":    `SELECT count(*) FROM document WHERE hex(sha256) = upper(?)`,
	"setting":  `SELECT value FROM setting WHERE key = ?`,
}

// halves are the queries that count what was done by half: none, whenever the
// program was stopped.
var halves = map[string]string{
	"plans without items":                              `SELECT count(*) FROM plan AS p WHERE NOT EXISTS (SELECT 1 FROM plan_item AS i WHERE i.plan_id = p.id)`,
	"carts that are checked out and have no plan":      `SELECT count(*) FROM cart AS c WHERE c.status = 'checked-out' AND NOT EXISTS (SELECT 1 FROM plan AS p WHERE p.cart_id = c.id)`,
	"plans whose cart is still being filled":           `SELECT count(*) FROM plan AS p JOIN cart AS c ON c.id = p.cart_id WHERE c.status <> 'checked-out'`,
	"plans with other items than their cart":           `SELECT count(*) FROM plan AS p WHERE (SELECT count(*) FROM plan_item AS i WHERE i.plan_id = p.id) <> (SELECT count(*) FROM cart_item AS l WHERE l.cart_id = p.cart_id AND l.removed_at IS NULL)`,
	"plans without history":                            `SELECT count(*) FROM plan AS p WHERE NOT EXISTS (SELECT 1 FROM plan_history AS h WHERE h.plan_id = p.id)`,
	"plans without a row in the trail":                 `SELECT count(*) FROM plan AS p WHERE (SELECT count(*) FROM audit AS a WHERE a.action = 'plan.create' AND a.object = p.id) <> 1`,
	"gaps in the numbers of plans":                     `SELECT coalesce(sum(gap), 0) FROM (SELECT max(number) - count(*) AS gap FROM plan GROUP BY year)`,
	"referrals of a plan without their item":           `SELECT count(*) FROM referral AS r WHERE r.source = 'plan' AND NOT EXISTS (SELECT 1 FROM plan_item AS i WHERE i.plan_id = r.plan_id AND i.id = r.plan_item_id)`,
	"items that others manage without their referral":  `SELECT count(*) FROM plan_item AS i WHERE i.category IN ('A', 'D') AND NOT EXISTS (SELECT 1 FROM referral AS r WHERE r.plan_item_id = i.id)`,
	"referrals without history":                        `SELECT count(*) FROM referral AS r WHERE NOT EXISTS (SELECT 1 FROM referral_history AS h WHERE h.referral_id = r.id)`,
	"gaps in the numbers of referrals":                 `SELECT coalesce(sum(gap), 0) FROM (SELECT max(number) - count(*) AS gap FROM referral GROUP BY year)`,
	"items that say another thing than their referral": `SELECT count(*) FROM plan_item AS i JOIN referral AS r ON r.plan_item_id = i.id WHERE (i.status = 'confirmed') <> (r.state IN ('answered', 'closed') AND r.outcome = 'granted')`,
	"documents without their content":                  `SELECT count(*) FROM document AS d WHERE NOT EXISTS (SELECT 1 FROM content AS c WHERE c.id = d.content_id AND c.sha256 = d.sha256 AND c.size = (SELECT sum(length(p.body)) FROM content_piece AS p WHERE p.content_id = c.id))`,
	"promises for a day on which nobody works":         `SELECT count(*) FROM referral AS r WHERE r.due <= substr(r.created_at, 1, 10) OR r.due > date(r.created_at, '+30 days') OR strftime('%w', r.due) IN ('0', '6')`,
	"rows that refer to nothing":                       `SELECT count(*) FROM pragma_foreign_key_check`,
}

// opinion is what was found of one municipality.
type opinion struct {
	Lost   []entry        // acknowledged and not there
	Halves map[string]int // done by half
	Check  string         // what integrity_check says, "ok"
}

// blind says what the judge does not see: a plan whose items are taken away, in a
// copy, and an entry that never was. nil when it sees both.
func blind(path, scratch string) error {
	copied := filepath.Join(scratch, "robbed.db")
	if err := os.MkdirAll(scratch, 0o700); err != nil {
		return err
	}
	if err := copyWithWAL(path, copied); err != nil {
		return err
	}
	db, err := sql.Open("sqlite", "file:"+copied)
	if err != nil {
		return err
	}
	_, err = db.Exec(`DROP TRIGGER plan_item_no_delete; DELETE FROM plan_item WHERE plan_id = (SELECT min(id) FROM plan)`)
	if err := errors.Join(err, db.Close()); err != nil {
		return err
	}
	o, err := judge(copied, filepath.Join(scratch, "judge"), []entry{{Kind: "line", ID: "nobody wrote this", Want: "1"}})
	if err == nil && (o.Halves["plans without items"] != 1 || len(o.Lost) != 1) {
		err = fmt.Errorf("it found %v and lost %d", o.Halves, len(o.Lost))
	}
	return errors.Join(err, os.RemoveAll(scratch))
}

// judge looks into a copy of a municipality's main file: how the program itself
// mends the original after its death is not to be disturbed.
func judge(path, scratch string, entries []entry) (o opinion, err error) {
	if err := os.MkdirAll(scratch, 0o700); err != nil {
		return o, err
	}
	copied := filepath.Join(scratch, filepath.Base(path))
	defer func() { err = errors.Join(err, os.RemoveAll(scratch)) }()
	if err := copyWithWAL(path, copied); err != nil {
		return o, err
	}
	db, err := sql.Open("sqlite", "file:"+copied)
	if err != nil {
		return o, err
	}
	defer func() { err = errors.Join(err, db.Close()) }()
	db.SetMaxOpenConns(1)
	if err := db.QueryRow(`PRAGMA integrity_check(5)`).Scan(&o.Check); err != nil {
		return o, fmt.Errorf("%s: %w", filepath.Base(path), err)
	}
	o.Halves = map[string]int{}
	for what, query := range halves {
		var n int
		if err := db.QueryRow(query).Scan(&n); err != nil {
			return o, fmt.Errorf("%s: %s: %w", filepath.Base(path), what, err)
		}
		o.Halves[what] = n
	}
	if o.Halves["identifiers that are not of their moment"], err = oddIDs(db); err != nil {
		return o, err
	}
	for _, e := range entries {
		var got string
		if err := db.QueryRow(findings[e.Kind], e.ID).Scan(&got); err != nil && !errors.Is(err, sql.ErrNoRows) {
			return o, err
		}
		if got != e.Want {
			o.Lost = append(o.Lost, e)
		}
	}
	return o, nil
}

// oddIDs counts plans whose identifier carries another time than the plan: lists
// are ordered by it.
func oddIDs(db *sql.DB) (n int, err error) {
	rows, err := db.Query(`SELECT id, created_at FROM plan`)
	if err != nil {
		return 0, err
	}
	defer func() { _ = rows.Close() }()
	for rows.Next() {
		var id, created string
		if err := rows.Scan(&id, &created); err != nil {
			return 0, err
		}
		at, err := time.Parse(time.RFC3339Nano, created)
		if err != nil {
			return 0, err
		}
		if at.Sub(momentOf(id)).Abs() > time.Second {
			n++
		}
	}
	return n, rows.Err()
}

// momentOf is the time in a ULID: its first ten letters, five bits each.
func momentOf(id string) time.Time {
	var ms int64
	for _, letter := range id[:min(10, len(id))] {
		ms = ms<<5 | int64(strings.IndexRune("0123456789ABCDEFGHJKMNPQRSTVWXYZ", letter))
	}
	return time.UnixMilli(ms)
}

func copyWithWAL(path, into string) error {
	if err := copyFile(path, into); err != nil {
		return err
	}
	err := copyFile(path+"-wal", into+"-wal")
	if errors.Is(err, os.ErrNotExist) {
		return nil
	}
	return err
}

// readTowns lists the municipalities of a data directory that nobody has open.
func readTowns(data string) (towns []town, err error) {
	db, err := sql.Open("sqlite", "file:"+filepath.Join(data, "national.db"))
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, db.Close()) }()
	rows, err := db.Query(`SELECT id, code FROM municipality ORDER BY code`)
	if err != nil {
		return nil, err
	}
	defer func() { _ = rows.Close() }()
	for rows.Next() {
		t := town{Worker: workerRUN(len(towns))}
		if err := rows.Scan(&t.ID, &t.Code); err != nil {
			return nil, err
		}
		towns = append(towns, t)
	}
	return towns, rows.Err()
}

// seasonWorkers makes of newcomers people who have been there for years, and
// raises the cap on lookups, a setting of each municipality: one worker here does
// the work of a hundred.
func seasonWorkers(data string) (err error) {
	national, err := sql.Open("sqlite", "file:"+filepath.Join(data, "national.db"))
	if err != nil {
		return err
	}
	_, err = national.Exec(`UPDATE membership SET from_on = '2020-01-01'`)
	if err := errors.Join(err, national.Close()); err != nil {
		return err
	}
	towns, err := readTowns(data)
	if err != nil {
		return err
	}
	for _, t := range towns {
		db, err := sql.Open("sqlite", "file:"+t.main(data))
		if err != nil {
			return err
		}
		_, err = db.Exec(`INSERT INTO setting (key, value) VALUES ('people.lookups_per_minute', '1000000000'), ('people.lookups_per_day', '1000000000')`)
		if err := errors.Join(err, db.Close()); err != nil {
			return err
		}
	}
	return nil
}
