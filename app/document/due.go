package document

import (
	"cmp"
	"context"
	"encoding/json"
	"slices"

	"gsl/app/access"
	"gsl/app/kit/actor"
	"gsl/app/kit/calendar"
	"gsl/app/kit/fault"
	"gsl/tenants"
)

// A paper is due from so many days before it expires until so many after: then
// nobody is reminded any more.
const (
	daysBefore = 30
	daysAfter  = 30
	mostDue    = 200
)

// Due is a paper that expires soon, or did a short while ago.
type Due struct {
	Document Document
	Person
	Today calendar.Date
}

// Person is whose a paper is, as a list may say it.
type Person struct {
	Name   string
	Veiled bool // the file is shut for the actor: the paper is named as little as the person
}

// Days is how many days are left; negative: so many ago.
func (d *Due) Days() int { return d.Today.DaysUntil(d.Document.ExpiresOn) }

// DueFor lists what the actor is reminded of: papers of the own cases' files, and
// those that the actor handed in, as far as the actor may see them. The first to
// expire comes first.
func (s *Service) DueFor(tx *tenants.Tx, who actor.Actor) ([]Due, error) {
	today := calendar.On(tx.Now)
	from, to := today.AddDays(-daysAfter), today.AddDays(daysBefore)
	all, err := dueOfSender(tx, who.UserID, from, to, mostDue)
	if err != nil {
		return nil, err
	}
	mine, err := s.dueOfCases(tx, who, from, to)
	if err != nil {
		return nil, err
	}
	seen, err := s.seen(tx, who, append(all, mine...))
	list := make([]Due, 0, len(seen))
	for _, d := range seen {
		list = append(list, Due{Document: d, Today: today})
	}
	return list, err
}

// seen keeps of papers those that the actor may see, each once, the first to expire
// first, and no more than a list has.
func (s *Service) seen(tx *tenants.Tx, who actor.Actor, all []Document) ([]Document, error) {
	circle := s.circle(tx, who)
	var list []Document
	known := map[string]bool{}
	for _, d := range all {
		st, err := circle.of(d.Owner)
		if err != nil {
			return nil, err
		}
		if st.sees && !known[d.ID] {
			list = append(list, d)
		}
		known[d.ID] = true
	}
	slices.SortFunc(list, func(a, b Document) int {
		return cmp.Or(a.ExpiresOn.Compare(b.ExpiresOn), cmp.Compare(a.ID, b.ID))
	})
	return list[:min(len(list), mostDue)], nil
}

// Expiring lists the papers that expire up to a day, or did a short while before
// from: those of the files and those that the senders handed in, as far as the
// actor may see them.
func (s *Service) Expiring(tx *tenants.Tx, who actor.Actor, files, senders []string, from, to calendar.Date) (list []Document, err error) {
	from = from.AddDays(-daysAfter)
	for _, id := range senders {
		sent, err := dueOfSender(tx, id, from, to, mostDue)
		if err != nil {
			return nil, err
		}
		list = append(list, sent...)
	}
	if len(files) > 0 {
		ids, err := json.Marshal(files)
		if err != nil {
			return nil, err
		}
		kept, err := dueOfFiles(tx, string(ids), from, to, mostDue)
		if err != nil {
			return nil, err
		}
		list = append(list, kept...)
	}
	return s.seen(tx, who, list)
}

func (s *Service) dueOfCases(tx *tenants.Tx, who actor.Actor, from, to calendar.Date) ([]Document, error) {
	if s.Files == nil {
		return nil, nil
	}
	files, err := s.Files(tx, who)
	if err != nil || len(files) == 0 {
		return nil, err
	}
	ids, err := json.Marshal(files)
	if err != nil {
		return nil, err
	}
	return dueOfFiles(tx, string(ids), from, to, mostDue)
}

// DueList is DueFor with the names of the people.
func (s *Service) DueList(ctx context.Context, who actor.Actor) (list []Due, err error) {
	if who.Municipality == nil || !who.Can(access.Attend) {
		return nil, fault.New(fault.Forbidden, "fault.forbidden")
	}
	err = who.Municipality.View(ctx, func(tx *tenants.Tx) (err error) {
		if list, err = s.DueFor(tx, who); err != nil || s.Names == nil {
			return err
		}
		ids := make([]string, 0, len(list))
		for i := range list {
			ids = append(ids, list[i].Document.FileID)
		}
		names, err := s.Names(tx, who, ids)
		for i := range list {
			list[i].Person = names[list[i].Document.FileID]
		}
		return err
	})
	return list, err
}
