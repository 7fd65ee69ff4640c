package referral

import (
	"context"
	"slices"

	"gsl/app/access"
	"gsl/app/catalogue"
	"gsl/app/kit/actor"
	"gsl/app/kit/calendar"
	"gsl/app/kit/fault"
	"gsl/tenants"
)

// Concern is what a protocol has against a referral. It is advice: whoever
// refers may go on with a written reason.
type Concern struct {
	Kind     ConcernKind
	Protocol *Protocol
	Judged   catalogue.Judgement // of NotEligible: what is not met
}

// ConcernKind is what sort of concern it is.
type ConcernKind string

// The concerns.
const (
	NotEligible     ConcernKind = "not-eligible"
	NoSpotLeft      ConcernKind = "no-spot-left"
	ProtocolExpired ConcernKind = "protocol-expired"
)

// concernKeys are their sentences, with Protocol, On and Period.
var concernKeys = map[ConcernKind]string{
	NotEligible:     "protocol.concern.not_eligible",
	NoSpotLeft:      "protocol.concern.no_spot_left",
	ProtocolExpired: "protocol.concern.expired",
}

// rule is what governs one referral on one day.
type rule struct {
	*Protocol      // nil: nothing was agreed
	expired   bool // it has passed
	left      int  // spots of the period, when they are limited
	concerns  []Concern
}

// ruleFor finds the protocol of a referral and what it has against it. The spots
// are counted from the referrals that hold one, in the caller's transaction: the
// writer's for whoever takes one, so that the last goes once.
func ruleFor(tx *tenants.Tx, origin, unit, code string, facts *catalogue.Facts) (rule, error) {
	today := calendar.On(tx.Now)
	list, err := protocolsInForce(tx, unit)
	if err != nil || len(list) == 0 || unit == "" {
		return rule{}, err
	}
	var r rule
	if r.Protocol, r.expired = governing(list, unit, origin, code, today); r.Protocol == nil {
		return r, nil
	}
	if r.Criteria, err = criteriaOf(tx, r.ID); err != nil {
		return r, err
	}
	if r.expired {
		r.concern(ProtocolExpired, catalogue.Judgement{})
	}
	if facts != nil && len(r.Criteria) > 0 {
		if judged := catalogue.JudgeCriteria(r.Criteria, facts); judged.NeedsReason {
			r.concern(NotEligible, judged)
		}
	}
	if r.Spots > 0 && !r.expired {
		taken, err := spotsTaken(tx, r.Protocol, today)
		if err != nil {
			return r, err
		}
		if r.left = max(0, r.Spots-taken); r.left == 0 {
			r.concern(NoSpotLeft, catalogue.Judgement{})
		}
	}
	return r, nil
}

func (r *rule) concern(kind ConcernKind, judged catalogue.Judgement) {
	r.concerns = append(r.concerns, Concern{Kind: kind, Protocol: r.Protocol, Judged: judged})
}

// govern lets the protocol in force have its say on a referral that is made or
// sent again: it sets the promise, adds the documents and reserves a spot. What
// speaks against it is fault.Invalid about override_reason, unless a reason was
// written; without a spot the referral goes out of the agreed number and
// reserves none. Without protocol the municipality's own promise counts.
func (s *Service) govern(tx *tenants.Tx, _ actor.Actor, r *Referral, n New) error {
	today := calendar.On(tx.Now)
	rule, err := ruleFor(tx, r.Origin, r.Unit, r.Code, n.Facts)
	if err != nil {
		return err
	}
	if open := unanswered(rule.concerns, n); len(open) > 0 {
		return fault.InvalidFields(concernFields(open)...)
	}
	r.ProtocolID, r.ProtocolVersion, r.SpotPeriod = "", 0, ""
	if rule.Protocol != nil && !rule.expired {
		r.ProtocolID, r.ProtocolVersion = rule.ID, rule.Version
		r.Requirements = merged(r.Requirements, rule.Documents)
		if rule.left > 0 {
			r.SpotPeriod = spotMonth(today)
		}
	}
	if r.Promise, err = promiseOf(tx, r, rule); err != nil {
		return err
	}
	r.Due = calendar.AddWorkingDays(today, r.Promise)
	return nil
}

// unanswered are the concerns that no written reason answers: one that was
// written to something else, before the protocol expired, does not answer to that.
func unanswered(list []Concern, n New) []Concern {
	if n.OverrideReason == "" {
		return list
	}
	if n.Answered == nil {
		return nil
	}
	return slices.DeleteFunc(slices.Clone(list), func(c Concern) bool { return slices.Contains(n.Answered, c.Kind) })
}

// promiseOf is in how many working days the answer comes: as agreed, else as the
// municipality usually promises.
func promiseOf(tx *tenants.Tx, r *Referral, rule rule) (int, error) {
	if rule.Protocol != nil && !rule.expired && rule.AnswerDays > 0 {
		return rule.AnswerDays, nil
	}
	settings, err := SettingsOf(tx)
	if r.Unit == access.RSHUnit {
		return settings.RSHPromiseDays, err
	}
	return settings.PromiseDays, err
}

func merged(have, more []string) []string {
	list := slices.Clone(have)
	for _, text := range more {
		if !slices.ContainsFunc(list, func(known string) bool { return aliasOf(known) == aliasOf(text) }) {
			list = append(list, text)
		}
	}
	return list
}

// concernFields words the concerns as what is wrong with the missing reason.
func concernFields(list []Concern) []fault.Field {
	fields := make([]fault.Field, len(list))
	for i, c := range list {
		fields[i] = fault.Field{Name: "override_reason", Key: concernKeys[c.Kind], Args: c.args()}
	}
	return fields
}

func (c *Concern) args() map[string]any {
	return map[string]any{"Protocol": c.Protocol.Title, "On": c.Protocol.To.Chilean()}
}

// release gives a reserved spot back: the referral was returned, cancelled, or
// answered with anything but a yes.
func (s *Service) release(_ *tenants.Tx, r *Referral) error {
	r.SpotPeriod = ""
	return nil
}

// retake reserves a spot for a referral that is opened again after it gave its
// own back; when none is left it goes on without, as the person was attended.
func (s *Service) retake(tx *tenants.Tx, r *Referral) error {
	if r.ProtocolID == "" || r.SpotPeriod != "" {
		return nil
	}
	p, err := ProtocolByID(tx, r.ProtocolID)
	if err != nil || p.Spots == 0 {
		return err
	}
	today := calendar.On(tx.Now)
	taken, err := spotsTaken(tx, &p, today)
	if err == nil && taken < p.Spots {
		r.SpotPeriod = spotMonth(today)
	}
	return err
}

// Spots says of catalogue items what protocols leave: how many spots, and whether
// the agreement has expired. Items that no protocol limits are not in the answer.
// It is the hook of the catalogue's pop-up.
func (s *Service) Spots(ctx context.Context, who actor.Actor, codes []string) (map[string]catalogue.Spots, error) {
	items, err := s.catalogue.Catalogue(ctx, who)
	if err != nil {
		return nil, err
	}
	var said map[string]catalogue.Spots
	err = who.Municipality.View(ctx, func(tx *tenants.Tx) error {
		list, err := agreements(tx)
		if err != nil || len(list) == 0 {
			return err
		}
		b := board{list: list, origin: Desk(who), today: calendar.On(tx.Now)}
		if b.taken, err = spotsTakenByAll(tx, b.today); err != nil {
			return err
		}
		units, err := providerUnits(tx)
		if err != nil {
			return err
		}
		said = map[string]catalogue.Spots{}
		for _, code := range codes {
			if it := items.Item(code); it != nil && referred(it) {
				b.say(said, code, units[aliasOf(it.Provider)])
			}
		}
		return nil
	})
	return said, err
}

// board is what all agreements leave on one day, for one desk.
type board struct {
	list   []Protocol
	taken  map[string]map[string]int // by agreement and month of this year
	origin string
	today  calendar.Date
}

// say puts into the answer what the protocol of an item leaves.
func (b *board) say(said map[string]catalogue.Spots, code, unit string) {
	if unit == "" {
		return
	}
	p, expired := governing(b.list, unit, b.origin, code, b.today)
	switch {
	case p == nil:
	case expired:
		said[code] = catalogue.Spots{Expired: true}
	case p.Spots > 0:
		said[code] = catalogue.Spots{Known: true, Left: b.left(p)}
	}
}

// left is how many spots a protocol has in the period that today is in.
func (b *board) left(p *Protocol) int {
	first, last := p.Period.months(b.today)
	left := p.Spots
	for month, n := range b.taken[p.Agreement] {
		if month >= first && month <= last {
			left -= n
		}
	}
	return max(0, left)
}
