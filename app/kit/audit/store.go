package audit

import (
	"gsl/app/kit/actor"
	"gsl/tenants"
)

func appendChange(tx *tenants.Tx, who actor.Actor, c Change, detail string) error {
	var before []byte
	err := tx.QueryRow(`SELECT hash FROM audit ORDER BY seq DESC LIMIT 1`).Scan(&before)
	if err != nil && !tenants.NotFound(err) {
		return err
	}
	at := stamp(tx.Now)
	hash := chain(before, at, who.UserID, who.Role, who.UnitID, c.Action, c.Object, c.File, detail, who.RequestID)
	_, err = tx.Exec(`INSERT INTO audit (at, user_id, role, unit, action, object, file_id, detail, request, hash)
		VALUES (?,?,?,?,?,?,?,?,?,?)`,
		at, who.UserID, who.Role, who.UnitID, c.Action, c.Object, c.File, detail, who.RequestID, hash)
	return err
}

func appendView(tx *tenants.Tx, who actor.Actor, v View) error {
	var before []byte
	err := tx.QueryRow(`SELECT hash FROM access_view ORDER BY seq DESC LIMIT 1`).Scan(&before)
	if err != nil && !tenants.NotFound(err) {
		return err
	}
	at := stamp(tx.Now)
	hash := chain(before, at, who.UserID, who.Role, who.UnitID, v.File, v.What, v.Why, who.RequestID)
	_, err = tx.Exec(`INSERT INTO access_view (at, user_id, role, unit, file_id, what, why, request, hash)
		VALUES (?,?,?,?,?,?,?,?,?)`,
		at, who.UserID, who.Role, who.UnitID, v.File, v.What, v.Why, who.RequestID, hash)
	return err
}
