package plan

import (
	"context"

	"gsl/app/benefit"
	"gsl/app/catalogue"
	"gsl/app/kit/actor"
	"gsl/app/kit/audit"
	"gsl/app/kit/calendar"
	"gsl/app/kit/fault"
	"gsl/app/people"
	"gsl/app/referral"
	"gsl/templates/layout"
	"gsl/tenants"
)

// Service is what one can do with carts and plans. The hooks are filled once,
// before the first request.
type Service struct {
	people    *people.Service
	catalogue *catalogue.Service
	benefits  *benefit.Service
	referrals *referral.Service

	// Facts gives what is known of the file's household; screening fills it.
	Facts func(ctx context.Context, who actor.Actor, fileID string) (*catalogue.Facts, error)
	// OnCheckout hears of each new plan in the transaction that makes it.
	OnCheckout []func(tx *tenants.Tx, who actor.Actor, p *Plan) error
	// OnItem hears of each item whose status changed, in the transaction that
	// changes it: what was made for an item that is withdrawn is cancelled.
	OnItem []func(tx *tenants.Tx, who actor.Actor, p *Plan, it *Item, was Status) error
	// Made says what other rooms made for the items of a plan, as far as the actor
	// may open it: the plan's page leads there.
	Made []func(tx *tenants.Tx, who actor.Actor, p *Plan) ([]Product, error)
}

// NewService makes the service over the rooms it stands on.
func NewService(files *people.Service, items *catalogue.Service, benefits *benefit.Service, referrals *referral.Service) *Service {
	return &Service{people: files, catalogue: items, benefits: benefits, referrals: referrals}
}

func may(who actor.Actor, p actor.Permission) error {
	if who.Municipality == nil || !who.Can(p) {
		return fault.New(fault.Forbidden, "fault.forbidden")
	}
	return nil
}

// Visit is a file opened for an answer: the person, the frame of the page, and
// what the screens need to know of the moment.
type Visit struct {
	File   people.File
	Frame  *layout.FileFrame
	Today  calendar.Date
	Limits Thresholds
	why    string
	veil   people.Veil // over the members of the household whose own file is shut
}

// visit opens the file in the transaction that also reads what is shown of it.
func (s *Service) visit(tx *tenants.Tx, who actor.Actor, fileID, section string) (v Visit, err error) {
	if v.File, err = people.Open(tx, fileID); err != nil {
		return v, err
	}
	if v.Frame, err = s.people.Frame(tx, who, v.File, section); err != nil {
		return v, err
	}
	v.why = v.Frame.Why
	if v.veil, err = s.people.Veil(tx, who); err != nil {
		return v, err
	}
	v.Today = calendar.On(tx.Now)
	v.Limits, err = limits(tx)
	return v, err
}

// seen leaves the trail of the view; nothing of a file is answered before it returns.
func (v *Visit) seen(ctx context.Context, who actor.Actor, what string) error {
	return audit.Looked(ctx, who, audit.View{File: v.File.ID, What: what, Why: v.why})
}
