package app

import (
	"context"
	"strconv"

	"gsl/app/access"
	"gsl/app/kit/fault"
	"gsl/tenants"
)

// national gives the one text that a query of national.db finds.
func (h *house) national(query string) (text string) {
	h.t.Helper()
	err := h.app.Files.National().View(context.Background(), func(tx *tenants.Tx) error { return tx.QueryRow(query).Scan(&text) })
	if err != nil {
		h.t.Fatalf("%s: %v", query, err)
	}
	return text
}

// recruit is somebody invited to Asistencia Social, whatever earlier steps of a
// walk did to them: who and the membership.
func (h *house) recruit(code string) (user, membership string) {
	h.t.Helper()
	ctx := context.Background()
	number, err := strconv.ParseUint(code, 10, 16)
	if err != nil {
		h.t.Fatal(err)
	}
	ask := access.Invitation{RUN: 24_000_000 + uint32(number), GivenNames: "Nuria", Surnames: "Recién Llegada",
		Municipality: code, Role: access.CaseManager, Unit: access.SocialUnit}
	made, err := h.app.Access.InviteUser(ctx, access.Console(), ask)
	if fault.Is(err, fault.Conflict) {
		user := h.national(`SELECT id FROM user WHERE run = ` + strconv.FormatUint(uint64(ask.RUN), 10))
		if err := h.app.Access.Enable(ctx, access.Console(), user); err != nil {
			h.t.Fatal(err)
		}
		if err := h.app.Access.SwitchRoles(ctx, access.Console(), user, false); err != nil {
			h.t.Fatal(err)
		}
		made, err = h.app.Access.InviteUser(ctx, access.Console(), ask)
	}
	if err != nil {
		h.t.Fatal(err)
	}
	return made.UserID, h.national(`SELECT max(id) FROM membership WHERE user_id = '` + made.UserID + `'`)
}
