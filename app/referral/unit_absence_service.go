package referral

import (
	"context"
	"slices"

	"gsl/app/access"
	"gsl/app/kit/actor"
	"gsl/app/kit/audit"
	"gsl/app/kit/calendar"
	"gsl/app/kit/fault"
	"gsl/app/kit/i18n"
	"gsl/tenants"
)

// AbsenceReasons are why somebody is away. What a licence is for is nobody's business.
var AbsenceReasons = []string{"holiday", "leave", "permission", "training", "other"}

// AbsenceForm is an absence as somebody writes it. A person is chosen in a role:
// Seat of the colleague.
type AbsenceForm struct {
	Person, Replacement string
	From, To            calendar.Date
	Reason              string // one of AbsenceReasons
}

// Seat names a colleague in one place of work: the same person may hold two.
func Seat(c access.Colleague) string {
	place := c.UnitID
	if place == "" {
		place = c.Role
	}
	return c.UserID + "." + place
}

// The farthest that an absence may begin in the past, and its longest, in days.
const absenceBack, absenceLong = 366, 366

// Staff is what the page of absences shows.
type Staff struct {
	People   []access.Colleague // who may be away, and who may replace
	Absences []Absence          // those of today and later
	Today    calendar.Date
}

// Staff lists who may be away and who is: for EditSettings everybody, for
// AssignCase the own unit.
func (s *UnitService) Staff(ctx context.Context, who actor.Actor) (Staff, error) {
	unit, err := reach(who)
	if err != nil {
		return Staff{}, err
	}
	var staff Staff
	if staff.People, err = s.working(ctx, who, unit); err != nil {
		return staff, err
	}
	err = who.Municipality.View(ctx, func(tx *tenants.Tx) (err error) {
		staff.Today = calendar.On(tx.Now)
		staff.Absences, err = absencesFrom(tx, unit, unit == "", staff.Today)
		return err
	})
	return staff, err
}

// noteAway says of the colleagues who are away today until when, and who does
// the work meanwhile.
func noteAway(ctx context.Context, who actor.Actor, list []access.Colleague) error {
	return who.Municipality.View(ctx, func(tx *tenants.Tx) error {
		today := calendar.On(tx.Now)
		absences, err := absencesFrom(tx, who.UnitID, false, today)
		for i := range list {
			if err != nil {
				return err
			}
			if !slices.ContainsFunc(absences, func(a Absence) bool { return a.UserID == list[i].UserID && a.On(today) }) {
				continue
			}
			var a Absence
			if a, _, err = Replacement(tx, list[i].UserID, today); err == nil {
				list[i].Note = i18n.Tf(ctx, "settings.absence.note", map[string]any{"To": a.To.Chilean(), "Other": a.ReplacementName})
			}
		}
		return err
	})
}

// reach is the unit whose absences the actor keeps, "" for all.
func reach(who actor.Actor) (unit string, err error) {
	switch {
	case who.Municipality == nil:
	case who.Can(access.EditSettings):
		return "", nil
	case who.Can(access.AssignCase) && who.UnitID != "":
		return who.UnitID, nil
	}
	return "", fault.New(fault.Forbidden, "fault.forbidden")
}

// working lists who has work that somebody else may have to do: who attends people.
func (s *UnitService) working(ctx context.Context, who actor.Actor, unit string) ([]access.Colleague, error) {
	people, err := s.roster.Colleagues(ctx, who, unit)
	return slices.DeleteFunc(people, func(c access.Colleague) bool { return !c.Can(access.Attend) }), err
}

// AddAbsence keeps that somebody is away and who does the work. Bad fields are
// fault.Invalid and named; the same again has one effect.
func (s *UnitService) AddAbsence(ctx context.Context, who actor.Actor, form AbsenceForm) (Absence, error) {
	unit, err := reach(who)
	if err != nil {
		return Absence{}, err
	}
	people, err := s.working(ctx, who, unit)
	if err != nil {
		return Absence{}, err
	}
	var a Absence
	err = who.Municipality.Update(ctx, func(tx *tenants.Tx) error {
		var wrong []fault.Field
		if a, wrong = form.read(people, calendar.On(tx.Now)); len(wrong) > 0 {
			return fault.InvalidFields(wrong...)
		}
		return addAbsence(tx, who, &a)
	})
	return a, err
}

// read makes the absence of the form and says what is wrong with it.
func (form AbsenceForm) read(people []access.Colleague, today calendar.Date) (Absence, []fault.Field) {
	var wrong []fault.Field
	refuse := func(name, key string) { wrong = append(wrong, fault.Field{Name: name, Key: key}) }
	person, known := colleague(people, form.Person)
	if !known {
		refuse("person", "settings.error.person")
	}
	other, found := colleague(people, form.Replacement)
	switch {
	case !found:
		refuse("replacement", "settings.error.replacement")
	case known && other.UserID == person.UserID:
		refuse("replacement", "settings.error.same_person")
	case known && (other.UnitID != person.UnitID || person.UnitID == "" && other.Role != person.Role):
		refuse("replacement", "settings.error.other_unit")
	}
	for _, key := range form.dates(today) {
		refuse(key[0], key[1])
	}
	if !slices.Contains(AbsenceReasons, form.Reason) {
		refuse("reason", "settings.error.reason")
	}
	return Absence{UserID: person.UserID, Name: person.Name, Unit: person.UnitID, From: form.From, To: form.To,
		ReplacementID: other.UserID, ReplacementName: other.Name, Reason: form.Reason}, wrong
}

// dates says what is wrong with the time, by field and key.
func (form AbsenceForm) dates(today calendar.Date) (wrong [][2]string) {
	switch {
	case form.From.IsZero():
		wrong = append(wrong, [2]string{"from", "settings.error.date"})
	case form.From.DaysUntil(today) > absenceBack || today.DaysUntil(form.From) > absenceBack:
		wrong = append(wrong, [2]string{"from", "settings.error.far"})
	}
	switch {
	case form.To.IsZero():
		wrong = append(wrong, [2]string{"to", "settings.error.date"})
	case form.To.Before(form.From):
		wrong = append(wrong, [2]string{"to", "settings.error.before"})
	case form.To.Before(today):
		wrong = append(wrong, [2]string{"to", "settings.error.past"})
	case !form.From.IsZero() && form.From.DaysUntil(form.To) > absenceLong:
		wrong = append(wrong, [2]string{"to", "settings.error.far"})
	}
	return wrong
}

func colleague(people []access.Colleague, seat string) (access.Colleague, bool) {
	at := slices.IndexFunc(people, func(c access.Colleague) bool { return Seat(c) == seat })
	if at < 0 {
		return access.Colleague{}, false
	}
	return people[at], true
}

func addAbsence(tx *tenants.Tx, who actor.Actor, a *Absence) error {
	other, away, err := overlapping(tx, a.UserID, a.From, a.To)
	if err != nil {
		return err
	}
	if away && other.From == a.From && other.To == a.To && other.ReplacementID == a.ReplacementID {
		*a = other
		return nil // sent twice
	}
	if away {
		return fault.InvalidFields(fault.Field{Name: "from", Key: "settings.error.overlap", Args: between(other)})
	}
	// Two who replace each other leave the work to nobody.
	back, away, err := overlapping(tx, a.ReplacementID, a.From, a.To)
	if err != nil {
		return err
	}
	if away && back.ReplacementID == a.UserID {
		return fault.InvalidFields(fault.Field{Name: "replacement", Key: "settings.error.each_other", Args: between(back)})
	}
	a.ID, a.CreatedByName = tx.NewID(), who.Name
	if err := insertAbsence(tx, who, *a); err != nil {
		return err
	}
	return audit.Record(tx, who, audit.Change{Action: "absence.add", Object: a.ID, Detail: map[string]string{
		"user": a.UserID, "from": a.From.String(), "to": a.To.String(), "replacement": a.ReplacementID, "reason": a.Reason}})
}

func between(a Absence) map[string]any {
	return map[string]any{"Name": a.Name, "From": a.From.Chilean(), "To": a.To.Chilean()}
}

// EndAbsence ends an absence: the person is back today, or never goes. An
// absence that the actor does not keep is fault.NotFound; one that is over
// already stays as it is.
func (s *UnitService) EndAbsence(ctx context.Context, who actor.Actor, id string) (Absence, error) {
	unit, err := reach(who)
	if err != nil {
		return Absence{}, err
	}
	var a Absence
	err = who.Municipality.Update(ctx, func(tx *tenants.Tx) (err error) {
		if a, err = absenceByID(tx, id); err != nil {
			return err
		}
		if unit != "" && a.Unit != unit {
			return fault.New(fault.NotFound, "fault.not_found")
		}
		today := calendar.On(tx.Now)
		if a.To.Before(today) || a.To.Before(a.From) {
			return nil
		}
		last := today.AddDays(-1)
		if a.From.Compare(today) >= 0 {
			last = a.From.AddDays(-1) // it never was
		}
		if err := endAbsence(tx, who, id, last); err != nil {
			return err
		}
		return audit.Record(tx, who, audit.Change{Action: "absence.end", Object: id, Detail: map[string]string{"user": a.UserID, "to": last.String()}})
	})
	return a, err
}
