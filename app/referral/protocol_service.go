package referral

import (
	"context"
	"crypto/rand"
	"slices"
	"strconv"

	"gsl/app/access"
	"gsl/app/catalogue"
	"gsl/app/kit/actor"
	"gsl/app/kit/audit"
	"gsl/app/kit/calendar"
	"gsl/app/kit/fault"
	"gsl/tenants"
)

// Who writes protocols: the head of a unit, those of the own unit, and the
// municipality's administration, all of them. A head signs for the own unit
// only; the director puts in force what both sides signed.

// writes reports whether the actor may write this protocol, and see it before
// it is in force.
func (p *Protocol) writes(who actor.Actor) bool {
	return who.Can(access.DraftProtocol) && (who.Can(access.EditSettings) || who.UnitID == p.Unit || who.UnitID == p.Counterpart)
}

// seenBy reports whether the actor may see it at all: what is not in force yet
// is a matter of those who write and approve it.
func (p *Protocol) seenBy(who actor.Actor) bool {
	return p.State == ProtocolInForce || p.State == ProtocolEnded && !p.ApprovedAt.IsZero() || p.writes(who) || who.Can(access.ApproveProtocol)
}

func mayProtocol(who actor.Actor, p actor.Permission) error {
	if who.Municipality == nil || !who.Can(p) {
		return fault.New(fault.Forbidden, "fault.forbidden")
	}
	return nil
}

// protocolFor is ProtocolByID for somebody: what the actor may not see does not exist.
func protocolFor(tx *tenants.Tx, who actor.Actor, id string) (Protocol, error) {
	p, err := ProtocolByID(tx, id)
	if err == nil && !p.seenBy(who) {
		return Protocol{}, fault.New(fault.NotFound, "fault.not_found")
	}
	return p, err
}

// ProtocolExists answers fault.NotFound for a protocol that the municipality
// does not have, and for one that the actor may not know of.
func (s *Service) ProtocolExists(ctx context.Context, who actor.Actor, id string) error {
	return who.Municipality.View(ctx, func(tx *tenants.Tx) error {
		_, err := protocolFor(tx, who, id)
		return err
	})
}

// Parties are the units that a new protocol can stand between.
type Parties struct {
	Units        []Unit // of the municipality, whose heads sign here
	Counterparts []Unit
}

// Parties lists them for somebody who is about to write a protocol.
func (s *Service) Parties(ctx context.Context, who actor.Actor) (list Parties, err error) {
	if err := mayProtocol(who, access.DraftProtocol); err != nil {
		return list, err
	}
	err = who.Municipality.View(ctx, func(tx *tenants.Tx) error {
		units, err := Units(tx)
		for _, u := range units {
			if u.Kind == Integrated && (who.Can(access.EditSettings) || u.Code == who.UnitID) {
				list.Units = append(list.Units, u)
			}
			if u.Active {
				list.Counterparts = append(list.Counterparts, u)
			}
		}
		return err
	})
	return list, err
}

// ProtocolParties says between whom a new protocol stands.
type ProtocolParties struct {
	Unit, Counterpart string
	AllDesks          bool
}

// BeginProtocol makes an empty draft between two parties, or gives the one that
// the actor made and wrote nothing into: pressed twice, one draft.
func (s *Service) BeginProtocol(ctx context.Context, who actor.Actor, between ProtocolParties) (p Protocol, err error) {
	if err := mayProtocol(who, access.DraftProtocol); err != nil {
		return p, err
	}
	err = who.Municipality.Update(ctx, func(tx *tenants.Tx) error {
		unit, counterpart, wrong := partiesOf(tx, who, between)
		if wrong != nil {
			return wrong
		}
		if blank, err := blankDraft(tx, who, unit.Code, counterpart.Code, between.AllDesks); err != nil || blank != "" {
			if err == nil {
				p, err = ProtocolByID(tx, blank)
			}
			return err
		}
		year := calendar.On(tx.Now).Year()
		number, err := nextProtocolNumber(tx, year)
		if err != nil {
			return err
		}
		p = Protocol{ID: tx.NewID(), Year: year, Number: number, Version: 1, Revision: 1, State: ProtocolDraft, Title: counterpart.Name,
			Unit: unit.Code, UnitName: unit.Name, AllDesks: between.AllDesks, Counterpart: counterpart.Code, CounterpartName: counterpart.Name, Period: Monthly}
		p.Agreement = p.ID
		return insertDraft(tx, who, &p, "")
	})
	return p, err
}

func partiesOf(tx *tenants.Tx, who actor.Actor, between ProtocolParties) (unit, counterpart Unit, err error) {
	var wrong []fault.Field
	if unit, err = UnitByCode(tx, between.Unit); err != nil || unit.Kind != Integrated || !who.Can(access.EditSettings) && unit.Code != who.UnitID {
		wrong = append(wrong, fault.Field{Name: "unit", Key: "protocol.error.unit"})
	}
	if counterpart, err = UnitByCode(tx, between.Counterpart); err != nil || !counterpart.Active {
		wrong = append(wrong, fault.Field{Name: "counterpart", Key: "protocol.error.counterpart"})
	} else if counterpart.Code == unit.Code {
		wrong = append(wrong, fault.Field{Name: "counterpart", Key: "protocol.error.same_party"})
	}
	if len(wrong) > 0 {
		return unit, counterpart, fault.InvalidFields(wrong...)
	}
	return unit, counterpart, nil
}

func insertDraft(tx *tenants.Tx, who actor.Actor, p *Protocol, note string) error {
	p.CreatedAt, p.CreatedBy, p.CreatedByName = tx.Now, who.UserID, who.Name
	p.ChangedAt, p.ChangedByName = tx.Now, who.Name
	if err := insertProtocol(tx, p); err != nil {
		return err
	}
	return tellProtocol(tx, who, p, "created", note)
}

// tellProtocol writes a line of the history and the trail.
func tellProtocol(tx *tenants.Tx, who actor.Actor, p *Protocol, what, note string) error {
	if err := addProtocolEvent(tx, who, p.ID, what, note); err != nil {
		return err
	}
	detail := map[string]string{"folio": p.Folio(), "version": strconv.Itoa(p.Version), "counterpart": p.Counterpart, "state": string(p.State)}
	if note != "" {
		detail["note"] = note
	}
	return audit.Record(tx, who, audit.Change{Action: "protocol." + what, Object: p.ID, Detail: detail})
}

// ProtocolDraftSheet is a draft with what its form offers.
type ProtocolDraftSheet struct {
	Protocol
	Form  ProtocolForm
	Offer []ProtocolItem // the counterpart's items
}

// ProtocolDraft gives the draft for its form; fault.Conflict for what is no
// draft any more.
func (s *Service) ProtocolDraft(ctx context.Context, who actor.Actor, id string) (d ProtocolDraftSheet, err error) {
	if err := mayProtocol(who, access.DraftProtocol); err != nil {
		return d, err
	}
	items, err := s.referable(ctx, who)
	if err != nil {
		return d, err
	}
	err = who.Municipality.View(ctx, func(tx *tenants.Tx) error {
		if d.Protocol, err = protocolFor(tx, who, id); err != nil {
			return err
		}
		if err := d.mayWrite(who); err != nil {
			return err
		}
		d.Form = d.form()
		d.Form.Key = rand.Text()
		d.Offer, err = itemsOf(tx, items, d.Counterpart)
		return err
	})
	return d, err
}

// mayWrite tells a draft that the actor may write from all others.
func (p *Protocol) mayWrite(who actor.Actor) error {
	switch {
	case p.State != ProtocolDraft:
		return fault.New(fault.Conflict, "protocol.order.not_draft")
	case !p.writes(who):
		return fault.New(fault.Forbidden, "fault.forbidden")
	}
	return nil
}

// referable are the items of today's catalogue that are referred.
func (s *Service) referable(ctx context.Context, who actor.Actor) ([]*catalogue.Item, error) {
	all, err := s.catalogue.Items(ctx, who)
	if err != nil {
		return nil, err
	}
	return slices.DeleteFunc(slices.Clone(all), func(it *catalogue.Item) bool { return !referred(it) }), nil
}

// referred reports whether an item is managed by a referral.
func referred(it *catalogue.Item) bool {
	return it.Category == catalogue.RSHChange || it.Category == catalogue.Referral
}

// itemsOf picks the items whose provider is the unit.
func itemsOf(tx *tenants.Tx, items []*catalogue.Item, unit string) ([]ProtocolItem, error) {
	names, err := aliases(tx, unit)
	if err != nil {
		return nil, err
	}
	ours := make(map[string]bool, len(names))
	for _, a := range names {
		ours[aliasOf(a.Name)] = true
	}
	var list []ProtocolItem
	for _, it := range items {
		if ours[aliasOf(it.Provider)] {
			list = append(list, ProtocolItem{it.Code, it.Name})
		}
	}
	return list, nil
}

// SavedProtocol is what became of a save.
type SavedProtocol struct {
	ProtocolDraftSheet
	Theirs *Protocol // with fault.Conflict: what somebody else saved meanwhile
}

// SaveProtocol keeps the text of a draft. fault.Invalid names each field that
// cannot be kept; a form made from an earlier revision is fault.Conflict, unless
// it says just what was saved.
func (s *Service) SaveProtocol(ctx context.Context, who actor.Actor, id string, form ProtocolForm) (saved SavedProtocol, err error) {
	if err := mayProtocol(who, access.DraftProtocol); err != nil {
		return saved, err
	}
	items, err := s.referable(ctx, who)
	if err != nil {
		return saved, err
	}
	err = who.Municipality.Update(ctx, func(tx *tenants.Tx) (err error) {
		saved = SavedProtocol{}
		if saved.Protocol, err = protocolFor(tx, who, id); err != nil {
			return err
		}
		if err := saved.mayWrite(who); err != nil {
			return err
		}
		if saved.Offer, err = itemsOf(tx, items, saved.Counterpart); err != nil {
			return err
		}
		return saved.save(tx, who, form)
	})
	return saved, err
}

func (saved *SavedProtocol) save(tx *tenants.Tx, who actor.Actor, form ProtocolForm) error {
	kept := saved.Protocol
	saved.Form = form
	if wrong := saved.write(form, saved.Offer); len(wrong) > 0 {
		return fault.InvalidFields(wrong...)
	}
	same := len(differences(&kept, &saved.Protocol)) == 0
	if same {
		saved.Form.Revision = kept.Revision
		return nil
	}
	if form.Revision != kept.Revision && (form.Key == "" || form.Key != kept.ChangedIn) {
		saved.Theirs = &kept
		return fault.New(fault.Conflict, "protocol.error.changed")
	}
	saved.Revision++
	saved.ChangedAt, saved.ChangedByName = tx.Now, who.Name
	saved.Form.Revision = saved.Revision
	if err := saveClauses(tx, &saved.Protocol); err != nil {
		return err
	}
	return audit.Record(tx, who, audit.Change{Action: "protocol.save", Object: saved.ID,
		Detail: map[string]string{"folio": saved.Folio(), "version": strconv.Itoa(saved.Version), "revision": strconv.FormatInt(saved.Revision, 10)}})
}

// differences names the fields in which two texts are not the same.
func differences(a, b *Protocol) []string {
	x, y := a.form(), b.form()
	var list []string
	for _, part := range []struct {
		name string
		same bool
	}{
		{"title", x.Title == y.Title}, {"all_desks", x.AllDesks == y.AllDesks}, {"item", slices.Equal(x.Codes, y.Codes)},
		{"criteria", slices.Equal(x.Rows, y.Rows)}, {"eligibility", x.Eligibility == y.Eligibility},
		{"spots", x.Spots == y.Spots && x.Period == y.Period}, {"documents", x.Documents == y.Documents}, {"process", x.Process == y.Process},
		{"answer", x.Answer == y.Answer}, {"citizen_days", x.CitizenDays == y.CitizenDays}, {"answer_days", x.AnswerDays == y.AnswerDays},
		{"valid_from", x.From == y.From}, {"valid_to", x.To == y.To}, {"evaluation", x.Evaluation == y.Evaluation},
	} {
		if !part.same {
			list = append(list, part.name)
		}
	}
	return list
}
