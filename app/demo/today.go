package demo

import (
	"slices"
	"time"

	"gsl/app/access"
	"gsl/app/attention"
	"gsl/app/kit/calendar"
	"gsl/app/people"
	"gsl/app/referral"
	"gsl/app/screening"
)

// closeToday is what the desks look like when somebody signs in: people without
// RUN, somebody away, and a few who wait.
func (l *log) closeToday(spare people.RUN) error {
	if err := l.strangers(spare); err != nil {
		return err
	}
	if err := l.askAboutData(); err != nil {
		return err
	}
	l.Clock.Set(l.now)
	staff, err := l.Settings.Units.Staff(l.ctx, l.cast[access.Counterpart])
	if err != nil {
		return err
	}
	seats := map[string]string{}
	for _, c := range staff.People {
		seats[c.UserID] = referral.Seat(c)
	}
	if _, err := l.Settings.Units.AddAbsence(l.ctx, l.cast[access.UnitHead], referral.AbsenceForm{Person: seats[l.cast[second].UserID],
		Replacement: seats[l.cast[access.CaseManager].UserID], From: l.today.AddDays(-2), To: l.today.AddDays(12), Reason: "holiday"}); err != nil {
		return err
	}
	return l.line()
}

// strangers are two people without RUN: one whose country's papers are all there
// is, and one who lost theirs, whose RUN a desk has found since.
func (l *log) strangers(spare people.RUN) error {
	desk := l.cast[access.FrontDesk]
	l.Clock.Set(openingHour(workday(l.today.AddDays(-9))).Add(2 * time.Hour))
	born, err := calendar.NewDate(1991, 4, 17)
	if err != nil {
		return err
	}
	foreign, _, err := l.People.LookupWithoutRUN(l.ctx, desk, people.Newcomer{
		Identity: people.Identity{GivenNames: "Wilmarys Carolina", Surnames: "Urdaneta Boscán", BirthDate: born, Phone: "+56 9 0000 0117", Address: "Pasaje interior sin número"},
		Sex:      "F", Nationality: "venezolana", DocumentKind: "passport", Document: "DEMO-100117", Reason: "foreign", Key: "demo-1"})
	if err != nil {
		return err
	}
	if _, err := l.refer(l.ctx, desk, foreign.ID, "D207", "La persona no tiene RUN; se acompaña el pasaporte."); err != nil {
		return err
	}
	if err := l.finish(l.ctx, desk, foreign.ID, attention.Closing{Outcome: attention.Referred, Topic: "T15", Told: "La Oficina de Migrantes orientará sobre la regularización."}); err != nil {
		return err
	}
	return l.lost(spare)
}

func (l *log) lost(run people.RUN) error {
	desk := l.cast[access.FrontDesk]
	l.Clock.Set(openingHour(workday(l.today.AddDays(-5))).Add(time.Hour))
	h, err := screening.NewEmbedded(l.Files.Registry()).Household(l.ctx, run)
	if err != nil {
		return err
	}
	at := slices.IndexFunc(h.Members, func(m screening.Member) bool { return m.RUN == run })
	if at < 0 {
		return nil
	}
	m := h.Members[at]
	file, _, err := l.People.LookupWithoutRUN(l.ctx, desk, people.Newcomer{
		Identity: people.Identity{GivenNames: m.GivenNames, Surnames: m.Surnames, BirthDate: m.BirthDate}, Sex: m.Sex, Nationality: "chilena", Reason: "lost", Key: "demo-2", Anyway: "Sin documentos no se puede comprobar."})
	if err != nil {
		return err
	}
	if err := l.finish(l.ctx, desk, file.ID, attention.Closing{Outcome: attention.Oriented, Topic: "T03", Told: "Se orienta sobre la caja de alimentos; debe traer su cédula."}); err != nil {
		return err
	}
	l.Clock.Set(openingHour(workday(l.today.AddDays(-1))).Add(2 * time.Hour))
	_, err = l.People.ProposeMerge(l.ctx, desk, file.ID, people.Proposal{RUN: run, Proof: "certificate", Note: "Trae certificado de nacimiento del Registro Civil."})
	return err
}

// line puts a few people on the front desk's waiting list, where it is kept.
func (l *log) line() error {
	if !l.place.Queue {
		return nil
	}
	for i, a := range []attention.Arrival{
		{Name: "Señora de chaleco verde", Priority: attention.Older}, {Name: "Don Ramiro"},
		{Name: "Joven con coche de guagua", Priority: attention.Pregnancy}, {Name: "Señora Elba"},
	} {
		at := l.now.Add(-time.Duration(26-7*i) * time.Minute)
		if calendar.On(at) != l.today {
			at = l.now
		}
		l.Clock.Set(at)
		if _, err := l.Attention.Enqueue(l.ctx, l.cast[access.FrontDesk], a); err != nil {
			return err
		}
	}
	return nil
}
