package referral

import (
	"context"
	"crypto/rand"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

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

// BeginProtocol makes an empty draft between two parties.
func (s *Service) BeginProtocol(ctx context.Context, who actor.Actor, between ProtocolParties) (p Protocol, err error) {
	if err := mayProtocol(who, access.DraftProtocol); err != nil {
		return p, err
	}
	err = who.Municipality.Update(ctx, func(tx *tenants.Tx) error {
		unit, counterpart, wrong := partiesOf(tx, who, between)
		if wrong != nil {
			return wrong
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

// changeProtocol runs one step of a protocol that the actor may see.
func (s *Service) changeProtocol(ctx context.Context, who actor.Actor, need actor.Permission, id string, step func(*tenants.Tx, *Protocol) error) (p Protocol, err error) {
	if err := mayProtocol(who, need); err != nil {
		return p, err
	}
	err = who.Municipality.Update(ctx, func(tx *tenants.Tx) (err error) {
		if p, err = protocolFor(tx, who, id); err != nil {
			return err
		}
		return step(tx, &p)
	})
	return p, err
}

// become stores a new state with its line in the history.
func (p *Protocol) become(tx *tenants.Tx, who actor.Actor, state ProtocolState, what, note string) error {
	p.State, p.ChangedAt, p.ChangedByName = state, tx.Now, who.Name
	if err := saveProtocolState(tx, p); err != nil {
		return err
	}
	return tellProtocol(tx, who, p, what, note)
}

// SendProtocol sends a finished draft to be signed. What is missing is named by
// field; a text that somebody changed since it was read is fault.Conflict.
func (s *Service) SendProtocol(ctx context.Context, who actor.Actor, id string, revision int64) (Protocol, error) {
	return s.changeProtocol(ctx, who, access.DraftProtocol, id, func(tx *tenants.Tx, p *Protocol) error {
		if p.State == ProtocolInSignature && p.Revision == revision {
			return nil // a second click
		}
		if err := p.mayWrite(who); err != nil {
			return err
		}
		if p.Revision != revision {
			return fault.New(fault.Conflict, "protocol.error.changed")
		}
		if lacks := p.lacking(calendar.On(tx.Now)); len(lacks) > 0 {
			return fault.InvalidFields(lacks...)
		}
		p.Reason = ""
		return p.become(tx, who, ProtocolInSignature, "sent", "")
	})
}

// SignatureForm is what somebody signs with: a head here, or what stands on the
// paper that a counterpart without account signed.
type SignatureForm struct {
	Revision int64
	Side     Side
	Name     string // of who signed on paper
	Position string
	On       calendar.Date
}

// SignProtocol signs for a side. Heads sign for the own unit; the signature of a
// counterpart that does not work here is recorded from paper by the head of the
// municipality's unit.
func (s *Service) SignProtocol(ctx context.Context, who actor.Actor, id string, form SignatureForm) (Protocol, error) {
	return s.changeProtocol(ctx, who, access.SignProtocol, id, func(tx *tenants.Tx, p *Protocol) error {
		if done := p.Signature(form.Side); done != nil && done.ByID == who.UserID {
			return nil // a second click
		}
		if p.State != ProtocolInSignature {
			return fault.New(fault.Conflict, "protocol.order.not_in_signature")
		}
		if form.Revision != p.Revision {
			return fault.New(fault.Conflict, "protocol.error.changed")
		}
		if p.Signature(form.Side) != nil {
			return fault.New(fault.Conflict, "protocol.order.signed_already")
		}
		counterpart, err := UnitByCode(tx, p.Counterpart)
		if err != nil {
			return err
		}
		signature, err := p.signature(who, form, counterpart.Kind == Integrated, calendar.On(tx.Now))
		if err != nil {
			return err
		}
		signature.At = tx.Now
		if err := insertProtocolSignature(tx, p.ID, signature); err != nil {
			return err
		}
		p.Signatures = append(p.Signatures, signature)
		return p.become(tx, who, ProtocolInSignature, "signed", signature.Name+" · "+signature.Position)
	})
}

// signature checks who signs for which side, and what was copied from paper.
func (p *Protocol) signature(who actor.Actor, form SignatureForm, counterpartSignsHere bool, today calendar.Date) (ProtocolSignature, error) {
	signer := p.signer(form.Side, counterpartSignsHere)
	if signer == "" {
		return ProtocolSignature{}, fault.InvalidField("side", "web.field.choice")
	}
	if who.UnitID != signer {
		return ProtocolSignature{}, fault.New(fault.Forbidden, "fault.forbidden")
	}
	signed := ProtocolSignature{Side: form.Side, On: today, ByID: who.UserID, ByName: who.Name}
	if form.Side == SideMunicipality || counterpartSignsHere {
		signed.Name, signed.Position = who.Name, headOf(who.UnitName)
		return signed, nil
	}
	var wrong []fault.Field
	signed.Name, signed.Position, signed.On, signed.OnPaper = tidy(form.Name), tidy(form.Position), form.On, true
	for _, part := range [...]struct{ name, text, key string }{
		{"name", signed.Name, "protocol.error.paper_name"}, {"position", signed.Position, "protocol.error.paper_position"},
	} {
		switch {
		case part.text == "":
			wrong = append(wrong, fault.Field{Name: part.name, Key: part.key})
		case utf8.RuneCountInString(part.text) > maxShort:
			wrong = append(wrong, longField(part.name, maxShort))
		}
	}
	switch {
	case signed.On.IsZero():
		wrong = append(wrong, fault.Field{Name: "signed_on", Key: "protocol.error.paper_date"})
	case today.Before(signed.On):
		wrong = append(wrong, fault.Field{Name: "signed_on", Key: "protocol.error.paper_future"})
	}
	if len(wrong) > 0 {
		return signed, fault.InvalidFields(wrong...)
	}
	return signed, nil
}

// signer is the unit whose head signs, or records, for a side.
func (p *Protocol) signer(side Side, counterpartSignsHere bool) string {
	switch {
	case side == SideMunicipality, side == SideCounterpart && !counterpartSignsHere:
		return p.Unit
	case side == SideCounterpart:
		return p.Counterpart
	}
	return ""
}

// headOf is the position of who signs here, as it is kept: in Spanish.
func headOf(unit string) string { return "Jefatura de " + unit }

// maxProtocolReason bounds why a protocol is sent back or ended, in characters.
const maxProtocolReason = 500

func protocolReason(text string) (string, error) {
	text = strings.TrimSpace(text)
	switch {
	case text == "":
		return "", fault.InvalidField("reason", "protocol.error.reason")
	case utf8.RuneCountInString(text) > maxProtocolReason:
		return "", fault.InvalidFields(longField("reason", maxProtocolReason))
	}
	return text, nil
}

// ReturnProtocol sends a text back to be written again: a head who does not sign
// it, or the director who does not approve it. What was signed no longer counts.
func (s *Service) ReturnProtocol(ctx context.Context, who actor.Actor, id, reason string) (Protocol, error) {
	need := access.SignProtocol
	if who.Can(access.ApproveProtocol) {
		need = access.ApproveProtocol
	}
	return s.changeProtocol(ctx, who, need, id, func(tx *tenants.Tx, p *Protocol) error {
		if p.State != ProtocolInSignature {
			return fault.New(fault.Conflict, "protocol.order.not_in_signature")
		}
		reason, err := protocolReason(reason)
		if err != nil {
			return err
		}
		if err := dropSignatures(tx, p.ID); err != nil {
			return err
		}
		p.Signatures, p.Reason = nil, reason
		return p.become(tx, who, ProtocolDraft, "returned", reason)
	})
}

// ApproveProtocol puts in force what both sides signed; the version before it
// governs until the day this one begins. fault.Conflict: it is not signed, it
// has passed, or another agreement governs the same referrals.
func (s *Service) ApproveProtocol(ctx context.Context, who actor.Actor, id string, revision int64) (Protocol, error) {
	return s.changeProtocol(ctx, who, access.ApproveProtocol, id, func(tx *tenants.Tx, p *Protocol) error {
		today := calendar.On(tx.Now)
		switch {
		case p.State == ProtocolInForce && p.ApprovedBy == who.UserID:
			return nil // a second click
		case p.State != ProtocolInSignature:
			return fault.New(fault.Conflict, "protocol.order.not_in_signature")
		case p.Standing(today) != StandsSigned:
			return fault.New(fault.Conflict, "protocol.order.not_signed")
		case p.Revision != revision:
			return fault.New(fault.Conflict, "protocol.error.changed")
		case p.To.Before(today):
			return fault.New(fault.Conflict, "protocol.order.past")
		}
		if err := p.replaceOlder(tx, who, today); err != nil {
			return err
		}
		p.ApprovedAt, p.ApprovedBy, p.ApprovedByName = tx.Now, who.UserID, who.Name
		return p.become(tx, who, ProtocolInForce, "approved", "")
	})
}

// replaceOlder says to the versions in force from which day this one governs,
// and refuses what another agreement governs already.
func (p *Protocol) replaceOlder(tx *tenants.Tx, who actor.Actor, today calendar.Date) error {
	list, err := protocolsInForce(tx, p.Counterpart)
	if err != nil {
		return err
	}
	first := p.From
	if first.Before(today) {
		first = today
	}
	for i := range list {
		old := &list[i]
		switch {
		case old.Agreement != p.Agreement:
			if stands := old.Standing(today); old.overlaps(p) && stands != StandsReplaced && stands != StandsExpired {
				return fault.New(fault.Conflict, "protocol.order.overlaps").With("Folio", old.Folio())
			}
		case old.ReplacedOn.IsZero() || first.Before(old.ReplacedOn):
			old.ReplacedOn = first
			if err := old.become(tx, who, ProtocolInForce, "replaced", p.Folio()+" v"+strconv.Itoa(p.Version)); err != nil {
				return err
			}
		}
	}
	return nil
}

// EndProtocol ends an agreement before its time, or drops a text that will not
// be signed. A version that had not begun gives way to the one before it.
func (s *Service) EndProtocol(ctx context.Context, who actor.Actor, id, reason string) (Protocol, error) {
	return s.changeProtocol(ctx, who, access.DraftProtocol, id, func(tx *tenants.Tx, p *Protocol) error {
		if p.State == ProtocolEnded {
			return fault.New(fault.Conflict, "protocol.order.ended")
		}
		reason, err := protocolReason(reason)
		if err != nil {
			return err
		}
		if !p.writes(who) {
			return fault.New(fault.Forbidden, "fault.forbidden")
		}
		if p.Standing(calendar.On(tx.Now)) == StandsUpcoming {
			if err := p.giveWay(tx, who); err != nil {
				return err
			}
		}
		p.Reason, p.EndedAt, p.EndedByName = reason, tx.Now, who.Name
		return p.become(tx, who, ProtocolEnded, "ended", reason)
	})
}

// giveWay lets the versions that this one would have replaced go on.
func (p *Protocol) giveWay(tx *tenants.Tx, who actor.Actor) error {
	list, err := protocolsInForce(tx, p.Counterpart)
	if err != nil {
		return err
	}
	for i := range list {
		old := &list[i]
		if old.Agreement == p.Agreement && old.ReplacedOn == p.From {
			old.ReplacedOn = calendar.Date{}
			if err := old.become(tx, who, ProtocolInForce, "replaced", ""); err != nil {
				return err
			}
		}
	}
	return nil
}

// RenewProtocol begins a new version with the text of this one. Of an agreement
// one text is being written: asked again it gives that one.
func (s *Service) RenewProtocol(ctx context.Context, who actor.Actor, id string) (next Protocol, err error) {
	_, err = s.changeProtocol(ctx, who, access.DraftProtocol, id, func(tx *tenants.Tx, p *Protocol) error {
		if !p.writes(who) {
			return fault.New(fault.Forbidden, "fault.forbidden")
		}
		versions, err := versionsOf(tx, p.Agreement)
		if err != nil {
			return err
		}
		if at := slices.IndexFunc(versions, func(v Protocol) bool { return v.State == ProtocolDraft || v.State == ProtocolInSignature }); at >= 0 {
			next = versions[at]
			return nil
		}
		next = *p
		next.ID, next.Version, next.Revision, next.State = tx.NewID(), versions[0].Version+1, 1, ProtocolDraft
		next.ChangedIn, next.Signatures, next.From, next.To = "", nil, calendar.Date{}, calendar.Date{}
		if !p.To.IsZero() {
			next.From = p.To.AddDays(1)
		}
		return insertDraft(tx, who, &next, p.Folio()+" v"+strconv.Itoa(p.Version))
	})
	return next, err
}
