package plan

import (
	"context"
	"slices"

	"gsl/app/catalogue"
	"gsl/app/kit/actor"
	"gsl/app/kit/fault"
	"gsl/app/kit/i18n"
	"gsl/app/referral"
	"gsl/tenants"
)

// judge gives the lines the advice of today and says where they will go. A
// reason that was written before answers to what it was written to, and to
// nothing that came up since: a protocol that expired overnight, the last spot
// that somebody took.
func (s *Service) judge(ctx context.Context, who actor.Actor, fileID string, r *Review) (err error) {
	if r.facts, err = s.Facts(ctx, who, fileID); err != nil {
		return err
	}
	lines := r.Cart.Lines
	before := make([][]Advice, len(lines))
	codes := make([]string, len(lines))
	for i := range lines {
		before[i], codes[i] = lines[i].Advice, lines[i].Code
		if lines[i].Advice, err = s.adviceOfCatalogue(ctx, who, &lines[i], r.facts); err != nil {
			return err
		}
	}
	if r.Quotas, err = s.quotas(ctx, who, codes); err != nil {
		return err
	}
	err = who.Municipality.View(ctx, func(tx *tenants.Tx) error { //nolint:contextcheck // what is kept is in Spanish, whoever reads
		return s.look(tx, who, r)
	})
	for i := range lines {
		lines[i].answer(before[i])
	}
	return err
}

func (s *Service) adviceOfCatalogue(ctx context.Context, who actor.Actor, l *Line, facts *catalogue.Facts) ([]Advice, error) {
	it, err := s.catalogue.Item(ctx, who, l.Code)
	switch {
	case fault.Is(err, fault.NotFound):
		return []Advice{{Kind: NotInCatalogue}}, nil
	case err != nil:
		return nil, err
	}
	return adviceOf(ctx, it, it.Judge(facts)), nil
}

// look adds what spots and protocols have against the lines, as the transaction
// sees them. Two lines of one agreement take two of its spots.
func (s *Service) look(tx *tenants.Tx, who actor.Actor, r *Review) (err error) {
	if r.Left, err = spotsLeft(tx, r.Quotas); err != nil {
		return err
	}
	warnOfSpots(r.Cart.Lines, r.Left)
	if r.Running, err = running(tx, r.File.ID); err != nil {
		return err
	}
	r.Prospects = map[string]referral.Prospect{}
	taken := map[string]int{}
	for i := range r.Cart.Lines {
		l := &r.Cart.Lines[i]
		if !l.Refers() {
			continue
		}
		p, err := s.referrals.Prospect(tx, who, l.request(r))
		if err != nil && !fault.Is(err, fault.Invalid) { // a unit that takes none refuses the checkout itself
			return err
		}
		r.Prospects[l.ID] = p
		for _, c := range p.Concerns {
			l.warn(adviceOfProtocol(c)...)
		}
		if p.Agreement != "" && taken[p.Agreement] >= p.Left {
			l.warn(Advice{Kind: NoSpots})
		}
		taken[p.Agreement]++
	}
	return nil
}

// running gives the codes for which a desk has a referral of the file under way,
// with its folio: the same again may be meant, or not known of. What open plans
// still have to do, the cart says itself.
func running(tx *tenants.Tx, fileID string) (map[string]string, error) {
	list, err := referral.OfFile(tx, fileID)
	codes := map[string]string{}
	for i := range list {
		if list[i].State.Open() && list[i].PlanID == "" {
			codes[list[i].Code] = list[i].Folio()
		}
	}
	return codes, err
}

// adviceOfProtocol says what an agreement has against a line, in the words of
// the documents.
func adviceOfProtocol(c referral.Concern) []Advice {
	switch c.Kind {
	case referral.ProtocolExpired:
		return []Advice{{Kind: ProtocolExpired, Text: c.Protocol.Title, On: c.Protocol.To.String()}}
	case referral.NoSpotLeft:
		return []Advice{{Kind: NoSpots}}
	case referral.NotEligible:
	}
	ctx := i18n.With(context.Background(), i18n.Spanish)
	var list []Advice
	for i := range c.Judged.Results {
		if r := &c.Judged.Results[i]; r.Outcome == catalogue.No {
			list = append(list, Advice{Kind: NotInProtocol, Text: r.Criterion.Sentence(ctx)})
		}
	}
	return list
}

// concerns are the kinds of advice as referral calls them.
var concerns = map[AdviceKind]referral.ConcernKind{
	NoSpots:         referral.NoSpotLeft,
	ProtocolExpired: referral.ProtocolExpired,
	NotInProtocol:   referral.NotEligible,
}

// answered are the concerns of a protocol that the line's reason answers to.
func (a Agreed) answered() []referral.ConcernKind {
	list := []referral.ConcernKind{}
	for _, advice := range a.Advice {
		if kind, ok := concerns[advice.Kind]; ok && a.OverrideReason != "" {
			list = append(list, kind)
		}
	}
	return list
}

// warn adds advice that the line does not have yet.
func (l *Line) warn(list ...Advice) {
	for _, a := range list {
		if !slices.Contains(l.Advice, a) {
			l.Advice = append(slices.Clip(l.Advice), a)
		}
	}
}

// answer says whether the line asks for a reason: none was written, or today's
// advice says something that the one before did not. A reason that nothing asks
// for any more keeps what it answered to.
func (l *Line) answer(before []Advice) {
	switch {
	case l.OverrideReason == "":
		l.Asks = len(l.Advice) > 0
	case len(l.Advice) == 0:
		l.Advice = before
	default:
		l.Asks = slices.ContainsFunc(l.Advice, func(a Advice) bool { return !hasKind(before, a.Kind) })
	}
}

func hasKind(list []Advice, kind AdviceKind) bool {
	return slices.ContainsFunc(list, func(a Advice) bool { return a.Kind == kind })
}

// takeSpots looks again, now that nobody else can take one: a line that finds
// none left since it was reviewed asks for a reason.
func takeSpots(tx *tenants.Tx, r *Review) error {
	left, err := spotsLeft(tx, r.Quotas)
	if err != nil {
		return err
	}
	lines := slices.Clone(r.Cart.Lines) // this may run again
	warnOfSpots(lines, left)
	var wrong []fault.Field
	for i := range lines {
		if len(lines[i].Advice) > len(r.Cart.Lines[i].Advice) {
			wrong = append(wrong, fault.Field{Name: reasonField(lines[i].ID), Key: "plan.error.spots_gone"})
		}
	}
	if len(wrong) > 0 {
		return fault.InvalidFields(wrong...)
	}
	return nil
}
