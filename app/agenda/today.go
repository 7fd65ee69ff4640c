package agenda

import (
	"slices"

	"gsl/app/access"
	"gsl/app/kit/actor"
	"gsl/app/kit/calendar"
	"gsl/tenants"
)

// Today gives what the actor has to do today, for the workbench: the follow-ups
// and what the sources add, what is late first, what waits for a day last. Of a
// long list the first ones, and how many there are in all.
func (s *Service) Today(tx *tenants.Tx, who actor.Actor, limit int, sources ...Source) (list []Entry, count int, err error) {
	if !who.Can(access.Attend) {
		return nil, 0, nil
	}
	today := calendar.On(tx.Now)
	ask := Ask{From: today, To: today}
	if ask.Workers, err = s.mine(tx, who); err != nil {
		return nil, 0, err
	}
	if list, err = gather(tx, who, ask, sources); err != nil {
		return nil, 0, err
	}
	list = slices.DeleteFunc(list, func(e Entry) bool { return e.Done })
	sortEntries(list)
	list = undatedLast(list)
	count = len(list)
	list = list[:min(limit, count)]
	return list, count, s.name(tx, who, list)
}

// undatedLast moves what has no day, which sorts first, behind the rest.
func undatedLast(list []Entry) []Entry {
	dated := slices.IndexFunc(list, func(e Entry) bool { return !e.Day.IsZero() })
	if dated <= 0 {
		return list
	}
	return append(slices.Clone(list[dated:]), list[:dated]...)
}
