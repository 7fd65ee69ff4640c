package referral

import (
	"gsl/app/kit/actor"
	"gsl/app/kit/calendar"
	"gsl/tenants"
)

// Prospect is what will become of a referral if it is made now: what worker and
// citizen are told before they agree.
type Prospect struct {
	Unit      Unit
	Due       calendar.Date // by when the answer is promised
	Documents []string      // those of the item, and those of the protocol
	Concerns  []Concern     // what the protocol has against it
	Agreement string        // whose spots it takes, "" for no limit
	Left      int           // of them
}

// Prospect works out where a referral would go. fault.Invalid: the unit takes none.
func (s *Service) Prospect(tx *tenants.Tx, who actor.Actor, n New) (Prospect, error) {
	unit, err := destination(tx, n)
	if err != nil {
		return Prospect{Unit: unit}, err
	}
	rule, err := ruleFor(tx, Desk(who), unit.Code, n.Code, n.Facts)
	if err != nil {
		return Prospect{}, err
	}
	p := Prospect{Unit: unit, Documents: n.Requirements, Concerns: rule.concerns}
	if rule.Protocol != nil && !rule.expired {
		p.Documents = merged(p.Documents, rule.Documents)
		if rule.Spots > 0 {
			p.Agreement, p.Left = rule.Agreement, rule.left
		}
	}
	days, err := promiseOf(tx, &Referral{Unit: unit.Code}, rule)
	p.Due = calendar.AddWorkingDays(calendar.On(tx.Now), days)
	return p, err
}
