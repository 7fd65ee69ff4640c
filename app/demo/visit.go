package demo

import (
	"context"
	"fmt"
	"math/rand/v2"
	"net/url"
	"slices"
	"time"

	"gsl/app/access"
	"gsl/app/attention"
	"gsl/app/kit/actor"
	"gsl/app/kit/calendar"
	"gsl/app/kit/fault"
	"gsl/app/people"
	"gsl/app/referral"
	"gsl/tenants"
)

// daysOfVisits is how far back the log of attentions goes: a year, so that the
// figures have a line.
const daysOfVisits = 362

// errand is what people come to a desk for, and how it ends.
type errand struct {
	desk     string // role
	topic    string
	explains string // catalogue item, "" none
	refers   string // catalogue item; caseItem asks for casework
	level    attention.Outcome
	told     string
	share    int
}

// caseItem stands for the referral that asks for casework itself.
const caseItem = "case"

var errands = []errand{
	{access.FrontDesk, "T17", "D104", "", attention.Oriented, "Se informan los requisitos y el plazo de la postulación.", 12},
	{access.FrontDesk, "T06", "D102", "", attention.Oriented, "Se explica el subsidio y se entrega la lista de documentos.", 10},
	{access.FrontDesk, "T15", "D207", "", attention.Oriented, "Se indica dónde y cómo pedir hora.", 6},
	{access.FrontDesk, "T01", "A106", "A106", attention.Referred, "Se envía la solicitud al Registro Social de Hogares.", 12},
	{access.FrontDesk, "T01", "A101", "A101", attention.Referred, "Se envía la solicitud al Registro Social de Hogares.", 8},
	{access.FrontDesk, "T09", "D202", "D202", attention.Referred, "La oficina de empleo llamará para dar hora.", 5},
	{access.FrontDesk, "T07", "D208", "D208", attention.Referred, "Becas y educación revisará los antecedentes.", 4},
	{access.FrontDesk, "T14", "D204", "D204", attention.Referred, "El Centro de la Mujer tomará contacto.", 3},
	{access.FrontDesk, "T03", "", caseItem, attention.Referred, "Una persona de Asistencia Social llamará para dar hora.", 8},
	{access.FrontDesk, "T02", "D101", "D102", attention.Referred, "Se envía la postulación al mesón de Subsidios.", 6},
	{access.RSHDesk, "T01", "A103", "", attention.Oriented, "Se revisa la cartola y se aclaran los datos del hogar.", 10},
	{access.RSHDesk, "T01", "A104", "A104", attention.Referred, "Se ingresa la actualización; la respuesta llega en 5 días hábiles.", 7},
	{access.SubsidiesDesk, "T02", "D101", "", attention.Oriented, "Se explica el subsidio y quién puede causarlo.", 7},
	{access.SubsidiesDesk, "T02", "D102", "D102", attention.Referred, "Se ingresa la postulación.", 5},
	{access.CaseManager, "T03", "E101", "", attention.Casework, "Se acuerda seguir con un plan de intervención.", 7},
	{access.CaseManager, "T05", "D201", "D201", attention.Referred, "Vivienda dará hora para revisar la postulación.", 6},
	{access.CaseManager, "T04", "", "D309", attention.Referred, "Se envía carta al servicio social del hospital.", 3},
	{access.CaseManager, "T16", "", "", attention.Casework, "Se evalúa la emergencia en terreno.", 3},
	{access.CaseManager, "T11", "D206", "", attention.Oriented, "Se informan los talleres y la inscripción.", 4},
}

// at is the errand at the desks that take people: with a single front desk
// nearly everything begins there.
func (e errand) at(place Place) errand {
	if place.Model == 2 && e.desk != access.CaseManager {
		e.desk = access.FrontDesk
	}
	return e
}

var channelShares = []struct {
	attention.Channel
	share int
}{{attention.InPerson, 74}, {attention.Phone, 16}, {attention.Video, 3}, {attention.Mail, 4}, {attention.Home, 3}}

// pick draws one of n by its share.
func pick(rng *rand.Rand, n int, share func(int) int) int {
	all := 0
	for i := range n {
		all += share(i)
	}
	at := rng.IntN(all)
	for i := range n {
		if at -= share(i); at < 0 {
			return i
		}
	}
	return n - 1
}

// log is a year of attentions at the desks, and the answers to what was referred.
type log struct {
	*Stage
	ctx   context.Context
	place Place
	cast  company
	heads []people.RUN
	known []people.RUN // who have a case manager
	rng   *rand.Rand
	today calendar.Date
	now   time.Time
	dues  []due
}

func (l *log) write() error {
	for i := range l.place.Visits {
		// The last weeks have more than the first: the office grows into its program.
		back := daysOfVisits - 1 - int(float64(daysOfVisits-1)*grown(float64(i)/float64(l.place.Visits)))
		day := workday(l.today.AddDays(-back - 1))
		at := openingHour(day).Add(time.Duration(i*37%400) * time.Minute)
		if err := l.until(at); err != nil {
			return err
		}
		l.Clock.Set(at)
		e := errands[pick(l.rng, len(errands), func(i int) int { return errands[i].share })].at(l.place)
		if err := l.visit(l.heads[(i*7)%len(l.heads)], &e); err != nil {
			return fmt.Errorf("visit %d: %w", i, err)
		}
	}
	return l.until(l.now)
}

// grown bends the year: at its middle fewer than half of the attentions are over.
func grown(x float64) float64 { return x * (1.6 - 0.6*x) }

// visit is one attention from the lookup to its end.
func (l *log) visit(run people.RUN, e *errand) error {
	who := l.cast[e.desk]
	if e.desk == access.CaseManager && l.rng.IntN(3) == 0 {
		who = l.cast[second]
	}
	file, err := l.People.Lookup(l.ctx, who, run)
	if err != nil {
		return err
	}
	if e.explains != "" {
		if err := l.Attention.Explain(l.ctx, who, file.ID, e.explains, true); err != nil {
			return err
		}
	}
	level := e.level
	var made referral.Referral
	if e.refers != "" {
		if made, err = l.refer(l.ctx, who, file.ID, e.refers, ""); err != nil {
			return err
		}
		if made.ID == "" {
			level = attention.Oriented
		}
	}
	channel := channelShares[pick(l.rng, len(channelShares), func(i int) int { return channelShares[i].share })].Channel
	l.Clock.Forward(time.Duration(4+l.rng.IntN(22)) * time.Minute)
	if err := l.finish(l.ctx, who, file.ID, attention.Closing{Outcome: level, Topic: e.topic, Told: e.told, Channel: channel}); err != nil || made.ID == "" {
		return err
	}
	l.promise(who, &made)
	return nil
}

// finish ends the desk's open attention of the file.
func (s *Stage) finish(ctx context.Context, who actor.Actor, fileID string, c attention.Closing) error {
	var id string
	err := who.Municipality.View(ctx, func(tx *tenants.Tx) (err error) {
		id, err = s.Attention.Why(tx, who, fileID)
		return err
	})
	if err != nil || id == "" {
		return err
	}
	_, err = s.Attention.Finish(ctx, who, id, func(attention.Closing) attention.Closing { return c })
	return err
}

// refer makes a referral from the desk as its form would; what speaks against it
// is answered with the reason or, without one, it is not made.
func (s *Stage) refer(ctx context.Context, who actor.Actor, fileID, code, reason string) (referral.Referral, error) {
	form := url.Values{"key": {fmt.Sprint(s.Clock.Now().UnixNano())}}
	if code == caseItem {
		form.Set("unit", access.SocialUnit)
		form.Set("request", "Familia sin ingresos este mes; pide apoyo con alimentos y orientación.")
	} else if err := s.fields(ctx, who, fileID, code, form); err != nil {
		return referral.Referral{}, err
	}
	r, draft, err := s.Referral.Send(ctx, who, fileID, form)
	if fault.Is(err, fault.Invalid) && draft.NeedsReason() {
		if reason == "" {
			return referral.Referral{}, nil
		}
		form.Set("override_reason", reason)
		r, _, err = s.Referral.Send(ctx, who, fileID, form)
	}
	return r, err
}

// fields fills what the item asks for.
func (s *Stage) fields(ctx context.Context, who actor.Actor, fileID, code string, form url.Values) error {
	facts, err := s.Screening.Facts(ctx, who, fileID)
	if err != nil {
		return err
	}
	item, err := s.Catalogue.Item(ctx, who, code)
	if err != nil {
		return err
	}
	form.Set("item", code)
	for _, field := range item.Fields {
		if field.Required && len(facts.Members) > 0 {
			form.Set(field.Name, answer(field, facts))
		}
	}
	return nil
}

// answers are how referrals end, as often as they do.
var answers = []struct {
	referral.Move
	share int
}{
	{referral.Move{Verb: referral.Answer, Outcome: referral.Granted, Note: "Se acoge la solicitud; se informó a la persona por teléfono."}, 70},
	{referral.Move{Verb: referral.Answer, Outcome: referral.NotGranted, ReasonCode: referral.RequirementsNotMet, Reason: "No cumple los requisitos a la fecha de la solicitud."}, 9},
	{referral.Move{Verb: referral.Answer, Outcome: referral.NotGranted, ReasonCode: referral.NoSpots, Reason: "No quedan cupos este mes."}, 4},
	{referral.Move{Verb: referral.Answer, Outcome: referral.DidNotAttend, ReasonCode: referral.NotFoundPerson, Reason: "No asistió a las dos horas que se le dieron."}, 7},
	{referral.Move{Verb: referral.Answer, Outcome: referral.OutcomeWithdrawn, ReasonCode: referral.PersonDeclined, Reason: "La persona desistió."}, 5},
	{referral.Move{Verb: referral.Answer, Outcome: referral.NotApplicable, ReasonCode: referral.Duplicate, Reason: "Ya tenía la misma solicitud en curso."}, 5},
}

// due is a step that somebody will take.
type due struct {
	at   time.Time
	who  actor.Actor
	id   string
	move referral.Move
}

// promise notes when the destination will answer and the sender take note.
func (l *log) promise(sender actor.Actor, r *referral.Referral) {
	handler, made := l.handler(r, sender), calendar.On(r.CreatedAt)
	days := 1 + l.rng.IntN(max(2, r.Promise))
	if l.rng.IntN(8) == 0 {
		days = r.Promise + 1 + l.rng.IntN(6) // late
	}
	at := func(n int) time.Time {
		if n == 0 {
			return r.CreatedAt.Add(7 * time.Minute)
		}
		return openingHour(calendar.AddWorkingDays(made, n)).Add(time.Duration(l.rng.IntN(420)) * time.Minute)
	}
	answer := answers[pick(l.rng, len(answers), func(i int) int { return answers[i].share })].Move
	l.dues = append(l.dues,
		due{at(min(1, days-1)), handler, r.ID, referral.Move{Verb: referral.Receive}}, due{at(days), handler, r.ID, answer},
		due{at(days + 1 + l.rng.IntN(4)), sender, r.ID, referral.Move{Verb: referral.Close}})
}

// until takes the steps that come before a time, in their order; what would be
// today or later is still to come.
func (l *log) until(t time.Time) error {
	if morning := openingHour(l.today).Add(-9 * time.Hour); morning.Before(t) {
		t = morning
	}
	slices.SortStableFunc(l.dues, func(a, b due) int { return a.at.Compare(b.at) })
	for len(l.dues) > 0 && l.dues[0].at.Before(t) {
		d := l.dues[0]
		l.dues = l.dues[1:]
		l.Clock.Set(d.at)
		if _, err := l.Referral.Move(l.ctx, d.who, d.id, d.move); err != nil && !fault.Is(err, fault.Conflict) {
			return fmt.Errorf("%s: %w", d.move.Verb, err)
		}
	}
	return nil
}

// handler is who does the destination's part.
func (l *log) handler(r *referral.Referral, sender actor.Actor) actor.Actor {
	switch r.Unit {
	case access.RSHUnit:
		return l.cast[access.RSHDesk]
	case access.SubsidiesUnit:
		return l.cast[access.SubsidiesDesk]
	case access.SocialUnit:
		return []actor.Actor{l.cast[access.CaseManager], l.cast[second]}[r.Number%2]
	}
	return sender // writes down what came back on paper
}

// after takes a step some working days later, unless that is today or to come.
func (l *log) after(days int, who actor.Actor, r *referral.Referral, m referral.Move) error {
	now := l.Clock.Now()
	day := calendar.AddWorkingDays(calendar.On(now), days)
	if !day.Before(l.today) {
		return nil
	}
	if days > 0 {
		l.Clock.Set(openingHour(day).Add(time.Duration(l.rng.IntN(420)) * time.Minute))
	} else {
		l.Clock.Forward(5 * time.Minute)
	}
	moved, err := l.Referral.Move(l.ctx, who, r.ID, m)
	if err != nil {
		return fmt.Errorf("%s %s: %w", r.Folio(), m.Verb, err)
	}
	*r = moved
	return nil
}
