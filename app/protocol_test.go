package app

import (
	"context"
	"testing"

	"gsl/app/access"
	"gsl/app/kit/actor"
	"gsl/app/kit/calendar"
	"gsl/app/referral"
	"gsl/tenants"
)

// protocol gives a protocol in force of the municipality, made when there is none.
func (h *house) protocol(code string) (id string) {
	h.t.Helper()
	m := h.municipality(code)
	ctx := context.Background()
	err := m.View(ctx, func(tx *tenants.Tx) error {
		err := tx.QueryRow(`SELECT id FROM protocol WHERE state = 'in-force' ORDER BY id LIMIT 1`).Scan(&id)
		if tenants.NotFound(err) {
			return nil
		}
		return err
	})
	if err != nil {
		h.t.Fatal(err)
	}
	if id != "" {
		return id
	}
	part := func(role, unit string) actor.Actor {
		return actor.Actor{UserID: "u-" + role + unit, Name: role, Role: role, UnitID: unit, UnitName: unit, Permissions: access.PermissionsOf(role, unit), Municipality: m}
	}
	return agree(h.t, h.app.Referral, part(access.UnitHead, access.SocialUnit), part(access.UnitHead, access.RSHUnit), part(access.Director, ""))
}

// agree writes, signs and approves an agreement with the RSH desk.
func agree(t testing.TB, s *referral.Service, head, other, director actor.Actor) string {
	t.Helper()
	ctx := context.Background()
	must := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	p, err := s.BeginProtocol(ctx, head, referral.ProtocolParties{Unit: access.SocialUnit, Counterpart: access.RSHUnit, AllDesks: true})
	must(err)
	from, err := calendar.NewDate(2020, 1, 1)
	must(err)
	to, err := calendar.NewDate(2029, 12, 31)
	must(err)
	_, err = s.SaveProtocol(ctx, head, p.ID, referral.ProtocolForm{Revision: p.Revision, Title: "Ingreso y actualización del RSH", AllDesks: true, Period: "month",
		Process: "Por la bandeja.", Answer: "Por la bandeja.", CitizenDays: 3, AnswerDays: 5, From: from, To: to})
	must(err)
	p, err = s.SendProtocol(ctx, head, p.ID, p.Revision+1)
	must(err)
	_, err = s.SignProtocol(ctx, head, p.ID, referral.SignatureForm{Revision: p.Revision, Side: referral.SideMunicipality})
	must(err)
	_, err = s.SignProtocol(ctx, other, p.ID, referral.SignatureForm{Revision: p.Revision, Side: referral.SideCounterpart})
	must(err)
	_, err = s.ApproveProtocol(ctx, director, p.ID, p.Revision)
	must(err)
	return p.ID
}
