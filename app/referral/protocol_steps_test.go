package referral

import (
	"testing"

	"gsl/app/kit/actor"
	"gsl/app/kit/fault"
)

const allowed = fault.Kind(99) // the step is done

// protocolSteps are what can be done to a protocol.
var protocolSteps = map[string]func(h *agreed, who actor.Actor, p Protocol) error{
	"save": func(h *agreed, who actor.Actor, p Protocol) error {
		form := clauses()
		form.Revision, form.Title = p.Revision, "Otro nombre"
		_, err := h.service.SaveProtocol(h.ctx, who, p.ID, form)
		return err
	},
	"send": func(h *agreed, who actor.Actor, p Protocol) error {
		_, err := h.service.SendProtocol(h.ctx, who, p.ID, p.Revision)
		return err
	},
	"sign": func(h *agreed, who actor.Actor, p Protocol) error {
		_, err := h.service.SignProtocol(h.ctx, who, p.ID, SignatureForm{Revision: p.Revision, Side: SideMunicipality})
		return err
	},
	"record": func(h *agreed, who actor.Actor, p Protocol) error {
		_, err := h.service.SignProtocol(h.ctx, who, p.ID, SignatureForm{Revision: p.Revision, Side: SideCounterpart, Name: "Pía", Position: "Encargada", On: date("2026-11-20")})
		return err
	},
	"return": func(h *agreed, who actor.Actor, p Protocol) error {
		_, err := h.service.ReturnProtocol(h.ctx, who, p.ID, "falta algo")
		return err
	},
	"approve": func(h *agreed, who actor.Actor, p Protocol) error {
		_, err := h.service.ApproveProtocol(h.ctx, who, p.ID, p.Revision)
		return err
	},
	"end": func(h *agreed, who actor.Actor, p Protocol) error {
		_, err := h.service.EndProtocol(h.ctx, who, p.ID, "ya no")
		return err
	},
	"renew": func(h *agreed, who actor.Actor, p Protocol) error {
		_, err := h.service.RenewProtocol(h.ctx, who, p.ID)
		return err
	},
}

// at gives a protocol of that standing, the only one in force.
func (h *agreed) at(stands Standing) Protocol {
	h.t.Helper()
	shelf, err := h.service.Protocols(h.ctx, h.head, false)
	h.must(err)
	for _, line := range shelf.Lines {
		_, err := h.service.EndProtocol(h.ctx, h.admin, line.ID, "sitio para el siguiente")
		h.must(err)
		if line.Next != nil {
			_, err := h.service.EndProtocol(h.ctx, h.admin, line.Next.ID, "sitio para el siguiente")
			h.must(err)
		}
	}
	p, err := h.service.BeginProtocol(h.ctx, h.head, ProtocolParties{Unit: "social", Counterpart: h.omil()})
	h.must(err)
	form := clauses()
	form.AllDesks = false
	switch stands {
	case StandsDraft:
		saved, err := h.service.SaveProtocol(h.ctx, h.head, p.ID, form)
		h.must(err)
		return saved.Protocol
	case StandsInSignature:
		return h.finish(p, form)
	case StandsSigned:
		return h.sign(h.finish(p, form))
	}
	p = h.approve(h.sign(h.finish(p, form)))
	if stands == StandsEnded {
		p, err = h.service.EndProtocol(h.ctx, h.head, p.ID, "terminó")
		h.must(err)
	}
	return p
}

// Every step in every standing by everybody: what is done, and how the rest is
// refused. Who may not see it hears that it does not exist, who may not do such
// things at all is refused before, and a wrong order is a conflict.
func TestEveryStepOfAProtocolForEverybody(t *testing.T) {
	const no, hidden, order = fault.Forbidden, fault.NotFound, fault.Conflict
	h := newAgreed(t)
	lolol := h.head
	lolol.Municipality = h.other()
	people := map[string]actor.Actor{"head": h.head, "other head": h.rsh, "administration": h.admin, "director": h.director, "case manager": h.manager,
		"desk": h.desk, "assistant": h.assistant, "head of Lolol": lolol}
	// By role: what save, send, sign, record, return, approve, end and renew give.
	verbs := []string{"save", "send", "sign", "record", "return", "approve", "end", "renew"}
	nobody := []fault.Kind{no, no, no, no, no, no, no, no}
	unseen := []fault.Kind{hidden, hidden, hidden, hidden, hidden, no, hidden, hidden}
	table := map[Standing]map[string][]fault.Kind{
		StandsDraft: {
			"head":           {allowed, allowed, order, order, order, no, allowed, allowed},
			"administration": {allowed, allowed, no, no, no, no, allowed, allowed},
			"director":       {no, no, no, no, order, order, no, no},
			"other head":     unseen,
		},
		StandsInSignature: {
			"head":           {order, allowed, allowed, allowed, allowed, no, allowed, allowed}, // sent again: a second click
			"administration": {order, allowed, no, no, no, no, allowed, allowed},
			"director":       {no, no, no, no, allowed, order, no, no},
			"other head":     unseen,
		},
		StandsSigned: {
			"head":           {order, allowed, allowed, allowed, allowed, no, allowed, allowed}, // signed again: a second click
			"administration": {order, allowed, no, no, no, no, allowed, allowed},
			"director":       {no, no, no, no, allowed, allowed, no, no},
			"other head":     unseen,
		},
		StandsInForce: {
			"head":           {order, order, allowed, allowed, order, no, allowed, allowed},
			"administration": {order, order, no, no, no, no, allowed, allowed},
			"director":       {no, no, no, no, order, allowed, no, no}, // approved again: a second click
			"other head":     {order, order, order, order, order, no, no, no},
		},
		StandsEnded: {
			"head":           {order, order, allowed, allowed, order, no, order, allowed},
			"administration": {order, order, no, no, no, no, order, allowed},
			"director":       {no, no, no, no, order, order, no, no},
			"other head":     {order, order, order, order, order, no, order, no},
		},
	}
	for stands, roles := range table {
		p := h.at(stands)
		for name, who := range people {
			wanted, ok := roles[name]
			switch {
			case name == "head of Lolol":
				wanted = unseen
			case !ok:
				wanted = nobody
			}
			for i, verb := range verbs {
				got := allowed
				if err := protocolSteps[verb](h, who, p); err != nil {
					got = fault.KindOf(err)
				} else {
					p = h.at(stands)
				}
				if got != wanted[i] {
					t.Errorf("%s: %s by %s gives %v, want %v", stands, verb, name, got, wanted[i])
				}
			}
		}
	}
}
