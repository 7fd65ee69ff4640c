package demo

import (
	"time"

	"gsl/app/access"
	"gsl/app/kit/actor"
	"gsl/app/people"
)

// protect restricts the file of somebody whose case a case manager has: the head
// marked it, a desk opened it once with good reason, and another one did so since,
// which the head has not looked at yet.
func (l *log) protect(run people.RUN) error {
	head, worker := l.cast[access.UnitHead], l.cast[access.CaseManager]
	l.Clock.Set(openingHour(workday(l.today.AddDays(-8))).Add(3 * time.Hour))
	file, err := l.People.Find(l.ctx, worker, run)
	if err != nil {
		return err
	}
	if err := l.People.Restrict(l.ctx, head, file.ID, people.Violence, "Medida cautelar vigente. La persona denunciada trabaja en la municipalidad."); err != nil {
		return err
	}
	l.Clock.Set(openingHour(workday(l.today.AddDays(-5))).Add(2 * time.Hour))
	first, err := l.People.OpenGlass(l.ctx, l.cast[access.SubsidiesDesk], file.ID, "La persona está en el mesón y pide el comprobante de su subsidio.")
	if err != nil {
		return err
	}
	l.Clock.Set(first.OpenedAt.Add(4 * time.Hour))
	if _, err := l.People.ReviewOpening(l.ctx, head, first.ID, people.Right, ""); err != nil {
		return err
	}
	l.Clock.Set(l.now.Add(-20 * time.Hour))
	return l.openedBy(l.cast[access.FrontDesk], file.ID)
}

func (l *log) openedBy(who actor.Actor, fileID string) error {
	_, err := l.People.OpenGlass(l.ctx, who, fileID, "Llamó por teléfono para saber la fecha de su próxima hora.")
	return err
}
