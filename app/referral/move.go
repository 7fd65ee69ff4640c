package referral

import (
	"context"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"gsl/app/kit/actor"
	"gsl/app/kit/audit"
	"gsl/app/kit/calendar"
	"gsl/app/kit/fault"
	"gsl/app/kit/i18n"
	"gsl/tenants"
)

// Move is one step with what it says.
type Move struct {
	Verb       Verb
	Version    int64 // of the referral that was on the screen; 0: as it is
	Outcome    Outcome
	ReasonCode ReasonCode
	Reason     string
	Note       string // of an answer; of a resend, what is asked now
	WaitingFor WaitingFor

	Assigned, AssignedName string // of Assign; "" nobody

	ExternalNumber, ExternalStatus string // of the destination's own system
	ExternalOn                     calendar.Date

	Corrected          bool         // of Resend: the fields and the member are those below
	Fields             []FieldValue // as they were filled in now
	Member, MemberName string
}

const (
	maxReason = 500  // characters
	maxNote   = 2000 // characters
	maxShort  = 100  // characters
)

// Move takes the referral one step on, in a transaction of its own. A wrong
// order, and a referral that changed since it was on the screen, are
// fault.Conflict with the reason; the other party's step is fault.Forbidden;
// what is missing is fault.Invalid by field. The same step sent twice by the
// same person counts once.
func (s *Service) Move(ctx context.Context, who actor.Actor, id string, m Move) (r Referral, err error) {
	if who.Municipality == nil {
		return r, fault.New(fault.Forbidden, "fault.forbidden")
	}
	err = who.Municipality.Update(ctx, func(tx *tenants.Tx) error { //nolint:contextcheck // the transaction carries it
		if r, err = seen(tx, who, id); err != nil {
			return err
		}
		return s.MoveTx(tx, who, &r, m)
	})
	return r, err
}

// MoveTx is Move inside the caller's transaction: plan withdraws so, and an
// institution answers so. The referral is as it became when it returns nil.
func (s *Service) MoveTx(tx *tenants.Tx, who actor.Actor, r *Referral, m Move) error {
	if _, known := steps[m.Verb]; !known {
		return fault.New(fault.NotFound, "fault.not_found")
	}
	if err := r.may(who, m.Verb); err != nil {
		return err
	}
	m.forget()
	again, err := repeats(tx, who, r, &m)
	if err != nil || again {
		return err
	}
	if m.Version != 0 && m.Version != r.Version {
		return r.stale(m.Verb)
	}
	if err := r.order(m.Verb); err != nil {
		return err
	}
	if wrong := m.check(tx.Context()); len(wrong) > 0 {
		return fault.InvalidFields(wrong...)
	}
	return s.step(tx, who, r, m)
}

// forget drops what is not the step's to say, whatever the form sent: an outcome
// is the answer's, and the destination's own number is no sender's to write.
func (m *Move) forget() {
	if m.Verb == Answer {
		return
	}
	m.Outcome = ""
	if m.Verb != External {
		m.ExternalNumber, m.ExternalStatus, m.ExternalOn = "", "", calendar.Date{}
	}
}

// repeats reports whether this very step was just done by the same person, in
// the same words: a second click, a form sent again.
func repeats(tx *tenants.Tx, who actor.Actor, r *Referral, m *Move) (bool, error) {
	if m.Version == 0 || m.Version != r.Version-1 || who.UserID == "" {
		return false, nil
	}
	last, err := lastEntry(tx, r.ID)
	if err != nil || last.Verb != m.Verb || last.UserID != who.UserID {
		return false, err
	}
	said := *m
	if wrong := said.check(tx.Context()); len(wrong) > 0 {
		return false, nil
	}
	if m.Verb == Resend { // the history says what it changed
		return said.Note == r.Note && (!said.Corrected || said.Member == r.Member && slices.Equal(said.Fields, r.Fields)), nil
	}
	return last.Outcome == said.Outcome && last.Reason == said.Reason && last.Note == said.Note && last.Detail == said.detail(), nil
}

// stale says that somebody else was faster: with the reason that the new state
// gives, or that the page shows what was.
func (r *Referral) stale(verb Verb) error {
	if err := r.order(verb); err != nil {
		return err
	}
	return fault.New(fault.Conflict, "referral.error.changed")
}

// check cleans what was typed and names what is missing.
func (m *Move) check(ctx context.Context) []fault.Field {
	var wrong []fault.Field
	m.Reason, wrong = cleanText(wrong, m.Reason, "reason", maxReason)
	m.Note, wrong = cleanText(wrong, m.Note, "note", maxNote)
	m.ExternalNumber, wrong = cleanText(wrong, m.ExternalNumber, "external_number", maxShort)
	m.ExternalStatus, wrong = cleanText(wrong, m.ExternalStatus, "external_status", maxShort)
	switch m.Verb {
	case Wait:
		if m.WaitingFor != Documents && m.WaitingFor != WaitingList {
			wrong = append(wrong, fault.Field{Name: "waiting_for", Key: "referral.error.waiting_for"})
		}
	case Answer:
		if _, known := oneOf(Outcomes, string(m.Outcome)); !known {
			return append(wrong, fault.Field{Name: "outcome", Key: "referral.error.outcome"})
		}
		if m.Outcome.NeedsReason() {
			return m.needReason(ctx, wrong)
		}
		m.ReasonCode, m.Reason = "", ""
	case Return, Cancel, Reopen:
		return m.needReason(ctx, wrong)
	case Assign:
		if m.Assigned == "" || m.AssignedName == "" {
			wrong = append(wrong, fault.Field{Name: "assigned", Key: "referral.error.assigned"})
		}
	case External:
		if m.ExternalNumber == "" && m.ExternalStatus == "" {
			wrong = append(wrong, fault.Field{Name: "external_number", Key: "referral.error.external"})
		}
	}
	return wrong
}

// needReason takes a reason in words, or one of the list, whose words then stand
// for it: in Spanish, as everything that is kept.
func (m *Move) needReason(ctx context.Context, wrong []fault.Field) []fault.Field {
	switch {
	case m.Reason != "" && m.ReasonCode == "":
		m.ReasonCode = OtherReason
	case m.Reason == "" && m.ReasonCode != "" && m.ReasonCode != OtherReason && reasonKeys[m.ReasonCode] != "":
		m.Reason = i18n.T(i18n.With(ctx, i18n.Spanish), reasonKeys[m.ReasonCode])
	case m.Reason == "":
		return append(wrong, fault.Field{Name: "reason", Key: "referral.error.reason"})
	}
	if reasonKeys[m.ReasonCode] == "" {
		return append(wrong, fault.Field{Name: "reason_code", Key: "referral.error.reason_code"})
	}
	return wrong
}

var reasonKeys = map[ReasonCode]string{
	RequirementsNotMet: "referral.reason.requirements_not_met",
	NoSpots:            "referral.reason.no_spots",
	MissingDocuments:   "referral.reason.missing_documents",
	MissingInformation: "referral.reason.missing_information",
	WrongUnit:          "referral.reason.wrong_unit",
	Duplicate:          "referral.reason.duplicate",
	PersonDeclined:     "referral.reason.person_declined",
	NotFoundPerson:     "referral.reason.person_not_found",
	OtherReason:        "referral.reason.other",
}

// step writes a step that was checked.
func (s *Service) step(tx *tenants.Tx, who actor.Actor, r *Referral, m Move) error {
	was, spot, asked := r.State, r.SpotPeriod, r.Asked
	if m.Verb == Reopen {
		if err := s.mayReopen(tx, r); err != nil {
			return err
		}
	}
	r.apply(tx.Now, who, m)
	switch {
	case m.Verb == Resend:
		if err := s.govern(tx, who, r, New{Asked: r.Asked}); err != nil {
			return err
		}
	case m.Verb == Reopen:
		if err := s.retake(tx, r); err != nil {
			return err
		}
	case spot != "" && (r.State == Returned || r.State == Cancelled || r.State == Answered && r.Outcome != Granted):
		if err := s.release(tx, r); err != nil {
			return err
		}
	}
	if err := saveProgress(tx, r); err != nil {
		return err
	}
	if m.Verb == Resend {
		m.Note = correction(tx.Context(), &asked, &r.Asked)
	}
	if err := s.remember(tx, who, r, m, was); err != nil {
		return err
	}
	return s.changed(tx, who, r, was)
}

// mayReopen refuses while the plan of the referral is closed: later needs go
// into a linked plan.
func (s *Service) mayReopen(tx *tenants.Tx, r *Referral) error {
	if r.PlanID == "" || s.PlanOpen == nil {
		return nil
	}
	open, err := s.PlanOpen(tx, r.PlanID)
	if err == nil && !open {
		return fault.New(fault.Conflict, "referral.order.plan_closed")
	}
	return err
}

// remember writes the history and the trail. A step that receives by the way
// shows both.
func (s *Service) remember(tx *tenants.Tx, who actor.Actor, r *Referral, m Move, was State) error {
	e := Entry{Version: r.Version, Verb: m.Verb, Was: was, Became: r.State, Outcome: m.Outcome, Reason: m.Reason, Note: m.Note, Detail: m.detail()}
	if was == Sent && steps[m.Verb].receives {
		implied := Entry{Version: r.Version, Verb: Receive, Was: Sent, Became: Received}
		if err := addEntry(tx, who, r.ID, implied); err != nil {
			return err
		}
		e.Was = Received
	}
	if err := addEntry(tx, who, r.ID, e); err != nil {
		return err
	}
	detail := map[string]string{"folio": r.Folio(), "from": string(was), "to": string(r.State)}
	for name, value := range map[string]string{"outcome": string(m.Outcome), "reason": m.Reason, "what": e.Detail} {
		if value != "" {
			detail[name] = value
		}
	}
	return audit.Record(tx, who, audit.Change{Action: "referral." + string(m.Verb), Object: r.ID, File: r.FileID, Detail: detail})
}

// detail is what a line of the history says beside the states.
func (m *Move) detail() string {
	switch m.Verb {
	case Wait:
		return string(m.WaitingFor)
	case Assign:
		return m.AssignedName
	case External:
		return strings.TrimSpace(m.ExternalNumber + " " + m.ExternalStatus)
	}
	return ""
}

// changed tells whoever wants to know: plan in the same transaction, the open
// inboxes after the commit.
func (s *Service) changed(tx *tenants.Tx, who actor.Actor, r *Referral, was State) error {
	for _, hook := range s.OnChange {
		if err := hook(tx, who, r, was); err != nil {
			return err
		}
	}
	s.pulse.bumpAfter(tx, r)
	return nil
}

// cleanText gives a text as it is kept and names it when it is too long.
func cleanText(wrong []fault.Field, typed, name string, limit int) (string, []fault.Field) {
	text := strings.TrimSpace(strings.Map(func(r rune) rune {
		if unicode.IsControl(r) && r != '\n' && r != '\t' || unicode.Is(unicode.Bidi_Control, r) {
			return -1
		}
		return r
	}, strings.ToValidUTF8(typed, "")))
	if utf8.RuneCountInString(text) > limit {
		wrong = append(wrong, fault.Field{Name: name, Key: "referral.error.too_long", Args: map[string]any{"Count": limit}})
	}
	return text, wrong
}
