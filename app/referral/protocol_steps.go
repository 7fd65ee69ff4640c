package referral

import (
	"context"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"gsl/app/access"
	"gsl/app/kit/actor"
	"gsl/app/kit/calendar"
	"gsl/app/kit/fault"
	"gsl/tenants"
)

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
