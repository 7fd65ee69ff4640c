package app

import (
	"context"

	"gsl/app/access"
	"gsl/app/kit/actor"
	"gsl/app/referral"
	"gsl/tenants"
)

// referral gives the id of a referral of the municipality that every party of
// the demo sees: from the general desk to the RSH desk, on a plan's file.
func (h *house) referral(code string) string {
	h.t.Helper()
	m := h.municipality(code)
	file := h.one(code, `SELECT file_id FROM plan WHERE status = 'open' ORDER BY id LIMIT 1`)
	who := actor.Actor{UserID: "u-front", Name: "Mesón", Role: access.FrontDesk, Permissions: access.PermissionsOf(access.FrontDesk, ""), Municipality: m}
	var r referral.Referral
	err := m.Update(context.Background(), func(tx *tenants.Tx) (err error) {
		r, err = h.app.Referral.Create(tx, who, referral.New{FileID: file, Key: "routes", Asked: referral.Asked{
			Code: "A501", Name: "Ingreso al Registro Social de Hogares", Category: "A", Provider: "Registro Social de Hogares"}})
		return err
	})
	if err != nil {
		h.t.Fatal(err)
	}
	return r.ID
}
