package demo

import (
	"fmt"
	"time"

	"gsl/app/access"
	"gsl/app/attention"
	"gsl/app/kit/actor"
	"gsl/app/kit/calendar"
	"gsl/app/people"
	"gsl/app/referral"
	"gsl/tenants"
)

// turn is one step of a referral: so many days after the one before, by whom.
type turn struct {
	after int    // working days
	by    string // part; "" the sender; link: the institution
	referral.Move
}

// link marks what an institution answers at its signed address.
const link = "link"

// tale is a referral that is under way today: made so many working days ago.
type tale struct {
	ago   int
	from  string // part
	code  string
	topic string
	turns []turn
}

func receive(after int, by string) turn {
	return turn{after, by, referral.Move{Verb: referral.Receive}}
}
func start(after int, by string) turn { return turn{after, by, referral.Move{Verb: referral.Start}} }
func granted(after int, by, note string) turn {
	return turn{after, by, referral.Move{Verb: referral.Answer, Outcome: referral.Granted, Note: note}}
}
func wait(after int, by string, what referral.WaitingFor) turn {
	return turn{after, by, referral.Move{Verb: referral.Wait, WaitingFor: what, Reason: "Falta antecedente."}}
}
func back(after int, by string, code referral.ReasonCode, reason string) turn {
	return turn{after, by, referral.Move{Verb: referral.Return, ReasonCode: code, Reason: reason}}
}
func refused(after int, by string, o referral.Outcome, code referral.ReasonCode, reason string) turn {
	return turn{after, by, referral.Move{Verb: referral.Answer, Outcome: o, ReasonCode: code, Reason: reason}}
}

// tales show every state of a referral, and every way to end it.
var tales = []tale{
	{0, access.FrontDesk, "A106", "T01", nil},
	{1, access.FrontDesk, "A101", "T01", nil},
	{2, access.FrontDesk, "A105", "T01", []turn{receive(1, access.RSHDesk)}},
	{3, access.FrontDesk, "A104", "T01", []turn{start(1, access.RSHDesk)}},
	{7, access.FrontDesk, "A103", "T01", []turn{wait(2, access.RSHDesk, referral.Documents)}},
	{17, access.FrontDesk, "A112", "T01", []turn{start(1, access.RSHDesk), wait(1, access.RSHDesk, referral.Documents)}},
	{9, access.FrontDesk, "A106", "T01", nil},
	{11, access.FrontDesk, "A109", "T01", []turn{start(2, access.RSHDesk)}},
	{5, access.FrontDesk, "A102", "T01", []turn{receive(1, access.RSHDesk), back(1, access.RSHDesk, referral.MissingInformation, "Falta indicar desde qué comuna viene y en qué fecha llegó.")}},
	{6, access.FrontDesk, "A111", "T01", []turn{start(1, access.RSHDesk), granted(3, access.RSHDesk, "Queda actualizado en la cartola de mañana.")}},
	{4, access.FrontDesk, "A113", "T01", []turn{refused(3, access.RSHDesk, referral.NotGranted, referral.MissingDocuments, "El certificado presentado está vencido.")}},
	{8, access.FrontDesk, "A110", "T01", []turn{refused(6, access.RSHDesk, referral.NotApplicable, referral.Duplicate, "La desvinculación ya se había hecho.")}},
	{8, access.FrontDesk, "A101", "T01", []turn{receive(1, access.RSHDesk), {3, "", referral.Move{Verb: referral.Cancel, ReasonCode: referral.PersonDeclined, Reason: "La persona avisa que no se cambia de casa."}}}},
	{10, access.FrontDesk, "D102", "T02", []turn{refused(5, access.SubsidiesDesk, referral.OutcomeWithdrawn, referral.PersonDeclined, "Desiste: la cuenta está a nombre de otra persona."), {2, "", referral.Move{Verb: referral.Close}}}},
	{14, access.FrontDesk, "D102", "T02", []turn{granted(4, access.SubsidiesDesk, "Se concede por 3 años."), {2, "", referral.Move{Verb: referral.Close}}, {3, "", referral.Move{Verb: referral.Reopen, Reason: "La empresa sanitaria dice que no recibió la nómina."}}}},
	{3, access.FrontDesk, "D101", "T02", []turn{receive(1, access.SubsidiesDesk)}},
	{16, access.FrontDesk, "D103", "T02", []turn{receive(2, access.SubsidiesDesk)}},
	{1, access.SubsidiesDesk, "D102", "T02", nil},
	{2, access.RSHDesk, "A106", "T01", []turn{start(0, access.RSHDesk)}},
	{1, access.FrontDesk, caseItem, "T03", nil},
	{2, access.FrontDesk, caseItem, "T16", nil},
	{4, access.FrontDesk, caseItem, "T05", nil},
	{13, access.FrontDesk, caseItem, "T18", nil},
	{5, access.FrontDesk, caseItem, "T03", []turn{{1, access.UnitHead, referral.Move{Verb: referral.Assign}}}},
	{9, access.FrontDesk, caseItem, "T04", []turn{start(2, second)}},
	{3, access.CaseManager, "D201", "T05", nil},
	{12, access.CaseManager, "D201", "T05", []turn{wait(4, "", referral.WaitingList)}},
	{5, access.CaseManager, "D301", "T05", []turn{{0, link, referral.Move{}}, {1, "", referral.Move{Verb: referral.External, ExternalNumber: "SRV-88214", ExternalStatus: "En revisión"}}}},
	{8, access.CaseManager, "D308", "T09", []turn{{0, link, referral.Move{}}, granted(5, link, "Queda inscrita en el taller de microemprendimiento de mayo.")}},
	{7, access.CaseManager, "D305", "T11", []turn{{0, link, referral.Move{}}, refused(4, link, referral.DidNotAttend, referral.NotFoundPerson, "Se llamó tres veces sin respuesta.")}},
	{6, access.CaseManager, "D307", "T18", nil},
	{2, access.FrontDesk, "D204", "T14", nil},
	{19, access.FrontDesk, "D202", "T09", nil},
}

// tell lets the tales happen to people whom the desks have not seen before.
func (l *log) tell(heads []people.RUN) error {
	for i := range tales {
		t := tales[i]
		if l.place.Model == 2 && (t.from == access.RSHDesk || t.from == access.SubsidiesDesk) {
			t.from = access.FrontDesk
		}
		if i >= len(heads) {
			return nil
		}
		if err := l.happen(heads[i], &t, i); err != nil {
			return fmt.Errorf("tale %d: %w", i, err)
		}
	}
	return nil
}

func (l *log) happen(run people.RUN, t *tale, i int) error {
	who := l.cast[t.from]
	day := workday(l.today)
	for range t.ago {
		day = workday(day.AddDays(-1))
	}
	l.Clock.Set(openingHour(day).Add(time.Duration(i*11%300) * time.Minute))
	if l.now.Before(l.Clock.Now()) {
		l.Clock.Set(l.now.Add(-time.Duration(1+i) * time.Minute))
	}
	file, err := l.People.Lookup(l.ctx, who, run)
	if err != nil {
		return err
	}
	r, err := l.refer(l.ctx, who, file.ID, t.code, "Situación acreditada en la entrevista; se actualizan los antecedentes.")
	if err != nil {
		return err
	}
	l.Clock.Forward(4 * time.Minute)
	if err := l.finish(l.ctx, who, file.ID, attention.Closing{Outcome: attention.Referred, Topic: t.topic, Told: "Se envió la solicitud; se avisará la respuesta."}); err != nil {
		return err
	}
	for _, step := range t.turns {
		if err := l.turn(who, &r, step); err != nil {
			return err
		}
	}
	return nil
}

// turn takes one step of a tale.
func (l *log) turn(sender actor.Actor, r *referral.Referral, step turn) error {
	who, m := sender, step.Move
	switch step.by {
	case "":
	case link:
		if m.Verb == "" {
			_, err := l.Letters.Offer(l.ctx, sender, r.ID, "")
			return err
		}
		who = referral.Answering(sender, r.Unit, "Mariela Gaete Ortúzar · Encargada de convenios")
		return l.byLink(who, r, step)
	default:
		who = l.cast[step.by]
	}
	if m.Verb == referral.Assign {
		m.Assigned, m.AssignedName = l.cast[access.CaseManager].UserID, l.cast[access.CaseManager].Name
	}
	return l.after(step.after, who, r, m)
}

func (l *log) byLink(who actor.Actor, r *referral.Referral, step turn) error {
	l.Clock.Set(openingHour(calendar.AddWorkingDays(calendar.On(l.Clock.Now()), step.after)).Add(3 * time.Hour))
	return who.Municipality.Update(l.ctx, func(tx *tenants.Tx) error { return l.Referral.MoveTx(tx, who, r, step.Move) })
}
