package app

import (
	"strings"

	"gsl/app/access"
	"gsl/app/attention"
	"gsl/app/kit/actor"
	"gsl/app/kit/calendar"
	"gsl/app/kit/web"
	"gsl/app/people"
	"gsl/app/referral"
	"gsl/tenants"
)

// connectAttention tells the room on top, in its words, what those below know.
func (a *App) connectAttention() {
	a.Attention.Facts = a.Screening.Facts
	a.Attention.Referrals = madeReferrals
	a.Attention.Desks = desksOfUnits
	a.Attention.Contact = contactOfProvider
	a.Attention.Inbox = a.inbox
	a.Attention.Answered = a.answered
	a.Attention.Duties = a.duties
}

// inbox says to the workbench what waits among the referrals.
func (a *App) inbox(tx *tenants.Tx, who actor.Actor) (attention.Inbox, error) {
	c, err := a.Referral.Counts(tx, who)
	return attention.Inbox{Receives: who.UnitID != "" && who.Can(access.HandleReferral), New: c.New, InProgress: c.InProgress,
		Overdue: c.Overdue, Waiting: c.Waiting, Replies: c.Replies, SentBack: c.Returned, Sent: c.Sent}, err
}

// answered says to the workbench what came back today.
func (a *App) answered(tx *tenants.Tx, who actor.Actor, limit int) ([]attention.Answered, error) {
	referrals, err := a.Referral.AnsweredFor(tx, who, calendar.On(tx.Now), limit)
	list := make([]attention.Answered, 0, len(referrals))
	for i := range referrals {
		r := &referrals[i]
		list = append(list, attention.Answered{ID: r.ID, FileID: r.FileID, Folio: r.Folio(), What: r.Name, Outcome: string(r.Outcome), By: r.UnitName, At: r.AnsweredAt})
	}
	return list, err
}

// duties counts the decisions that wait for a head or the director.
func (a *App) duties(tx *tenants.Tx, who actor.Actor) (attention.Duties, error) {
	approvals, err := a.Plan.PendingApprovals(tx, who)
	if err != nil {
		return attention.Duties{}, err
	}
	reports, err := a.Signing.CountWaiting(tx, who)
	if err != nil {
		return attention.Duties{}, err
	}
	merges, err := people.CountWaitingMerges(tx, who)
	if err != nil {
		return attention.Duties{}, err
	}
	papers, err := a.Document.DueFor(tx, who)
	if err != nil {
		return attention.Duties{}, err
	}
	work, err := a.Referral.ProtocolWork(tx, who)
	return attention.Duties{Papers: len(papers), Approvals: approvals, Reports: reports, Merges: merges, ToSign: work.ToSign, ToApprove: work.ToApprove, Expiring: work.Expiring + work.Expired}, err
}

// madeReferrals lists the referrals of an attention that the actor may know of,
// the first made first.
func madeReferrals(tx *tenants.Tx, who actor.Actor, at *attention.Attention) ([]attention.Made, error) {
	all, err := referral.OfFile(tx, at.FileID)
	if err != nil {
		return nil, err
	}
	var list []attention.Made
	for i := len(all) - 1; i >= 0; i-- {
		r := &all[i]
		if r.AttentionID != at.ID || !r.Sees(who) {
			continue
		}
		var u referral.Unit // zero for one that is known by name only
		if r.Unit != "" {
			if u, err = referral.UnitByCode(tx, r.Unit); err != nil {
				return nil, err
			}
		}
		list = append(list, attention.Made{Folio: r.Folio(), What: r.Name, Where: r.UnitName, Contact: contactOf(&u), Due: r.Due, ID: r.ID})
	}
	return list, nil
}

// contactOfProvider is what the list of units says of whom to turn to.
func contactOfProvider(tx *tenants.Tx, provider string) (string, error) {
	u, known, err := referral.UnitOfProvider(tx, provider)
	if err != nil || !known {
		return "", err
	}
	return contactOf(&u), nil
}

func contactOf(u *referral.Unit) string {
	var list []string
	for _, text := range []string{u.Contact, u.Phone, u.Address} {
		if text != "" {
			list = append(list, text)
		}
	}
	return strings.Join(list, " · ")
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
	r.Object(web.Object{Param: "attention", See: access.ReadFile, Exists: a.Attention.Exists, File: attention.FileOf})
	r.Object(web.Object{Param: "ticket", See: access.ReadFile, Exists: a.Attention.TicketExists})
}
