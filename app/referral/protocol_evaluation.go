package referral

import (
	"cmp"
	"context"
	"slices"

	"gsl/app/access"
	"gsl/app/kit/actor"
	"gsl/app/kit/calendar"
	"gsl/tenants"
)

// Evaluation is the seventh clause: what became of the referrals of the last
// twelve months that an agreement governed, in any of its versions.
type Evaluation struct {
	Referred int
	Answered int
	Granted  int
	InTime   int // of the answered
	Overdue  int // not answered, and the promised day has passed
	Median   int // working days until the answer, without those that the clock stood still
	Refusals []Refusal
}

// Refusal is why answers were no, or why referrals came back to the sender.
type Refusal struct {
	Code    ReasonCode
	Outcome Outcome // "" for what was returned
	Count   int
}

// evaluated is for how many days back an agreement is judged.
const evaluated = 365

type answerTime struct {
	from, to  calendar.Date
	paused, n int
}

func (a answerTime) days() int { return max(0, calendar.WorkingDaysBetween(a.from, a.to)-a.paused) }

// median of the working days; the lower one of two, a whole number that somebody
// really waited.
func median(list []answerTime) int {
	days := map[int]int{}
	total := 0
	for _, a := range list {
		days[a.days()] += a.n
		total += a.n
	}
	keys := make([]int, 0, len(days))
	for n := range days {
		keys = append(keys, n)
	}
	slices.Sort(keys)
	seen := 0
	for _, n := range keys {
		if seen += days[n]; seen*2 >= total {
			return n
		}
	}
	return 0
}

func evaluationOf(tx *tenants.Tx, agreement string, today calendar.Date) (Evaluation, error) {
	since := today.AddDays(-evaluated)
	list, err := figures(tx, since, today)
	if err != nil {
		return Evaluation{}, err
	}
	e := list[agreement]
	times, err := answerTimes(tx, agreement, since)
	if err != nil {
		return e, err
	}
	e.Median = median(times)
	e.Refusals, err = refusals(tx, agreement, since)
	return e, err
}

// ProtocolSheet is a protocol with what its page says around it.
type ProtocolSheet struct {
	Protocol
	Today            calendar.Date
	Standing         Standing
	Left             int        // spots of this period, when they are limited and it governs
	Counterparty     Unit       // as it is today: contact, channel
	Versions         []Protocol // of the agreement, the newest first
	Governs          *Protocol  // the version that governs today, nil none
	Evaluated        Evaluation // of the agreement
	Events           []ProtocolEvent
	SignsMunicipally bool // the actor may sign for the municipality's unit
	SignsCounterpart bool // the actor may sign for, or record, the counterpart
	Writes           bool
}

// Protocol gives a protocol with everything its page shows.
func (s *Service) Protocol(ctx context.Context, who actor.Actor, id string) (sheet ProtocolSheet, err error) {
	if err := mayProtocol(who, access.ReadProtocols); err != nil {
		return sheet, err
	}
	err = who.Municipality.View(ctx, func(tx *tenants.Tx) error {
		if sheet.Protocol, err = protocolFor(tx, who, id); err != nil {
			return err
		}
		return sheet.fill(tx, who)
	})
	return sheet, err
}

func (sheet *ProtocolSheet) fill(tx *tenants.Tx, who actor.Actor) (err error) {
	p := &sheet.Protocol
	sheet.Today = calendar.On(tx.Now)
	sheet.Standing = p.Standing(sheet.Today)
	if sheet.Counterparty, err = UnitByCode(tx, p.Counterpart); err != nil {
		return err
	}
	if sheet.Versions, err = versionsOf(tx, p.Agreement); err != nil {
		return err
	}
	sheet.Versions = slices.DeleteFunc(sheet.Versions, func(v Protocol) bool { return !v.seenBy(who) })
	for i := range sheet.Versions {
		if stands := sheet.Versions[i].Standing(sheet.Today); stands == StandsInForce || stands == StandsExpiring {
			sheet.Governs = &sheet.Versions[i]
		}
	}
	if sheet.Events, err = protocolEvents(tx, p.ID); err != nil {
		return err
	}
	if p.Spots > 0 {
		taken, err := spotsTaken(tx, p, sheet.Today)
		if err != nil {
			return err
		}
		sheet.Left = max(0, p.Spots-taken)
	}
	sheet.Writes = p.writes(who)
	here := sheet.Counterparty.Kind == Integrated
	signs := p.State == ProtocolInSignature && who.Can(access.SignProtocol)
	sheet.SignsMunicipally = signs && p.Signature(SideMunicipality) == nil && who.UnitID == p.signer(SideMunicipality, here)
	sheet.SignsCounterpart = signs && p.Signature(SideCounterpart) == nil && who.UnitID == p.signer(SideCounterpart, here)
	sheet.Evaluated, err = evaluationOf(tx, p.Agreement, sheet.Today)
	return err
}

// ProtocolLine is an agreement at a glance: the version that counts, and whether
// a newer one is being written.
type ProtocolLine struct {
	Protocol
	Standing  Standing
	Next      *Protocol // a text on its way, or approved for later; nil none
	NextStand Standing
	Left      int
	Evaluated Evaluation
}

// Protocols lists the agreements that the actor may see by counterpart; over
// ones, those that were ended or dropped, only when asked for.
func (s *Service) Protocols(ctx context.Context, who actor.Actor, over bool) (shelf ProtocolShelf, err error) {
	if err := mayProtocol(who, access.ReadProtocols); err != nil {
		return shelf, err
	}
	err = who.Municipality.View(ctx, func(tx *tenants.Tx) error {
		all, err := listProtocols(tx)
		if err != nil {
			return err
		}
		if shelf.Work, err = s.ProtocolWork(tx, who); err != nil {
			return err
		}
		shelf.Today = calendar.On(tx.Now)
		shelf.Lines = glance(slices.DeleteFunc(all, func(p Protocol) bool { return !p.seenBy(who) }), shelf.Today, over)
		return shelf.count(tx)
	})
	return shelf, err
}

// ProtocolShelf is the list of agreements.
type ProtocolShelf struct {
	Lines []ProtocolLine
	Today calendar.Date
	Work  ProtocolWork // what waits for the reader
}

// count adds what became of each agreement, and what is left of its spots.
func (shelf *ProtocolShelf) count(tx *tenants.Tx) error {
	counted, err := figures(tx, shelf.Today.AddDays(-evaluated), shelf.Today)
	if err != nil {
		return err
	}
	b := board{today: shelf.Today}
	if b.taken, err = spotsTakenByAll(tx, shelf.Today); err != nil {
		return err
	}
	for i := range shelf.Lines {
		line := &shelf.Lines[i]
		line.Evaluated, line.Left = counted[line.Agreement], b.left(&line.Protocol)
	}
	return nil
}

// glance makes one line of the versions of each agreement, which come together,
// the newest first.
func glance(all []Protocol, today calendar.Date, over bool) []ProtocolLine {
	var list []ProtocolLine
	for from := 0; from < len(all); {
		to := from
		for to < len(all) && all[to].Agreement == all[from].Agreement {
			to++
		}
		if line := lineOf(all[from:to], today); over == (line.Standing == StandsEnded) {
			list = append(list, line)
		}
		from = to
	}
	return list
}

// weight ranks the versions of an agreement: what governs goes before what
// expired, that before what is on its way, that before what is over.
var weight = map[Standing]int{StandsInForce: 0, StandsExpiring: 0, StandsExpired: 1, StandsUpcoming: 2, StandsSigned: 2, StandsInSignature: 2,
	StandsDraft: 2, StandsReplaced: 3, StandsEnded: 4}

func lineOf(versions []Protocol, today calendar.Date) ProtocolLine {
	best := slices.MinFunc(versions, func(a, b Protocol) int {
		return cmp.Or(cmp.Compare(weight[a.Standing(today)], weight[b.Standing(today)]), cmp.Compare(b.Version, a.Version))
	})
	line := ProtocolLine{Protocol: best, Standing: best.Standing(today)}
	for i := range versions {
		if stands := versions[i].Standing(today); weight[stands] == 2 && versions[i].Version > best.Version {
			line.Next, line.NextStand = &versions[i], stands
			break
		}
	}
	return line
}

// ProtocolWork is what waits for the actor among the protocols.
type ProtocolWork struct {
	Expiring  int // end within 60 days, and nothing follows them
	Expired   int
	ToSign    int
	ToApprove int
}

// ProtocolWork counts what waits for the actor, for the workbench.
func (s *Service) ProtocolWork(tx *tenants.Tx, who actor.Actor) (work ProtocolWork, err error) {
	if !who.Can(access.DraftProtocol) && !who.Can(access.ApproveProtocol) {
		return work, nil
	}
	all, err := listProtocols(tx)
	if err != nil {
		return work, err
	}
	units, err := Units(tx)
	if err != nil {
		return work, err
	}
	here := map[string]bool{}
	for _, u := range units {
		here[u.Code] = u.Kind == Integrated
	}
	today := calendar.On(tx.Now)
	for _, line := range glance(all, today, false) {
		work.add(who, &line)
	}
	for i := range all {
		if p := &all[i]; p.State == ProtocolInSignature {
			work.addSignature(who, p, p.Standing(today), here[p.Counterpart])
		}
	}
	return work, nil
}

func (work *ProtocolWork) add(who actor.Actor, line *ProtocolLine) {
	if line.Next != nil || !line.writes(who) && !who.Can(access.ApproveProtocol) {
		return
	}
	switch line.Standing {
	case StandsExpiring:
		work.Expiring++
	case StandsExpired:
		work.Expired++
	}
}

func (work *ProtocolWork) addSignature(who actor.Actor, p *Protocol, stands Standing, here bool) {
	if stands == StandsSigned {
		if who.Can(access.ApproveProtocol) {
			work.ToApprove++
		}
		return
	}
	for _, side := range []Side{SideMunicipality, SideCounterpart} {
		if who.Can(access.SignProtocol) && p.Signature(side) == nil && who.UnitID == p.signer(side, here) {
			work.ToSign++
			return
		}
	}
}

// ExpiringProtocols counts the agreements that end within 60 days, or have
// ended, and that nothing follows, among those of which the actor takes care.
func (s *Service) ExpiringProtocols(tx *tenants.Tx, who actor.Actor) (int, error) {
	work, err := s.ProtocolWork(tx, who)
	return work.Expiring + work.Expired, err
}
