package app

import (
	"gsl/app/access"
	"gsl/app/attention"
	"gsl/app/kit/web"
	"gsl/app/referral"
	"gsl/tenants"
)

// connectAttention tells the room on top, in its words, what those below know.
func (a *App) connectAttention() {
	a.Attention.Facts = a.Screening.Facts
	a.Attention.Referrals = madeReferrals
	a.Attention.Desks = desksOfUnits
}

// madeReferrals lists the referrals of an attention, the first made first.
func madeReferrals(tx *tenants.Tx, at *attention.Attention) ([]attention.Made, error) {
	all, err := referral.OfFile(tx, at.FileID)
	if err != nil {
		return nil, err
	}
	var list []attention.Made
	for i := len(all) - 1; i >= 0; i-- {
		if r := &all[i]; r.AttentionID == at.ID {
			list = append(list, attention.Made{Folio: r.Folio(), What: r.Name, Where: r.UnitName, Due: r.Due, ID: r.ID})
		}
	}
	return list, nil
}

// desksOfUnits are the units where people can wait: those that work here.
func desksOfUnits(tx *tenants.Tx) ([]attention.Desk, error) {
	units, err := referral.Units(tx)
	if err != nil {
		return nil, err
	}
	var list []attention.Desk
	for _, u := range units {
		if u.Kind == referral.Integrated && u.Active {
			list = append(list, attention.Desk{Code: u.Code, Name: u.Name})
		}
	}
	return list, nil
}

// attentionObjects are the ids of attentions and of tickets in addresses.
func (a *App) attentionObjects(r *web.Router) {
	r.Object(web.Object{Param: "attention", See: access.ReadFile, Exists: a.Attention.Exists})
	r.Object(web.Object{Param: "ticket", See: access.ReadFile, Exists: a.Attention.TicketExists})
}
