package audit

import (
	"errors"
	"strconv"

	"gsl/app/kit/actor"
	"gsl/tenants"
)

// head is the last row of a trail. The writer keeps it between transactions,
// and drops it when one is rolled back, so an entry costs one insert.
type head struct {
	seq  int64
	hash link
}

// trail names one of the two trails, and is the key of its head.
type trail string

const (
	changes trail = "changes" // table audit of the main file, and of national.db
	views   trail = "views"   // table access_view of the access file
)

func appendChange(tx *tenants.Tx, who actor.Actor, c Change, detail string) error {
	last, err := headOf(tx, changes)
	if err != nil {
		return err
	}
	at := stamp(tx.Now)
	next := last.next(at, who.UserID, who.Role, who.UnitID, c.Action, c.Object, c.File, detail, who.RequestID)
	_, err = tx.Exec(`INSERT INTO audit (seq, at, user_id, role, unit, action, object, file_id, detail, request, hash)
		VALUES (?,?,?,?,?,?,?,?,?,?,?)`,
		next.seq, at, who.UserID, who.Role, who.UnitID, c.Action, c.Object, c.File, detail, who.RequestID, next.hash[:])
	if err == nil {
		tx.Keep(changes, next)
	}
	return err
}

func appendView(tx *tenants.Tx, who actor.Actor, v View) error {
	last, err := headOf(tx, views)
	if err != nil {
		return err
	}
	at := tx.Now.UnixMilli()
	next := last.next(strconv.FormatInt(at, 10), who.UserID, who.Role, who.UnitID, v.File, v.What, v.Why, who.RequestID)
	_, err = tx.Exec(`INSERT INTO access_view (seq, at, user_id, role, unit, file_id, what, why, request, hash)
		VALUES (?,?,?,?,?,?,?,?,?,?)`,
		next.seq, at, who.UserID, who.Role, who.UnitID, v.File, v.What, v.Why, who.RequestID, next.hash[:])
	if err == nil {
		tx.Keep(views, next)
	}
	return err
}

func headOf(tx *tenants.Tx, of trail) (head, error) {
	if kept, ok := tx.Kept(of).(head); ok {
		return kept, nil
	}
	var h head
	var hash []byte
	err := lastOf(tx, of).Scan(&h.seq, &hash)
	if tenants.NotFound(err) {
		return head{hash: genesis(of, tx.Owner())}, nil
	}
	if err == nil && copy(h.hash[:], hash) != len(h.hash) {
		err = errors.New("audit: the last row's hash is cut short")
	}
	return h, err
}

func lastOf(tx *tenants.Tx, of trail) *tenants.Row {
	if of == views {
		return tx.QueryRow(`SELECT seq, hash FROM access_view ORDER BY seq DESC LIMIT 1`)
	}
	return tx.QueryRow(`SELECT seq, hash FROM audit ORDER BY seq DESC LIMIT 1`)
}
