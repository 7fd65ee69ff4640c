package screening

import (
	"slices"

	"gsl/app/kit/sheet"
	"gsl/tenants"
)

// peopleLoader brings the registry up to date, household by household.
type peopleLoader struct {
	*session
	fresh bool   // the registry was empty: nobody has to be looked up
	last  string // the highest folio loaded so far, on the fast way
	homes homeAppender
	folk  memberAppender
}

// start forgets what an import that was cut short left to be looked at. An
// empty registry is filled without the index by person, which is made at the end.
func (l *peopleLoader) start(tx *tenants.Tx) (err error) {
	if err := clearSuspects(tx); err != nil {
		return err
	}
	if err := renewNames(tx); err != nil {
		return err
	}
	if l.fresh, err = hasNobody(tx); err != nil || !l.fresh {
		return err
	}
	return dropIndex(tx)
}

// apply loads rows in the order of the table. While an empty registry is filled
// in ascending order of folio, which is how extracts come, rows are only added
// at the end of the tables.
func (l *peopleLoader) apply(tx *tenants.Tx, rows []personRow) error {
	appending := l.fresh && len(rows) > 0 && rows[0].home.Folio > l.last
	for len(rows) > 0 {
		n := household(rows)
		load := l.household
		if appending {
			load = l.add
		}
		if err := load(tx, rows[:n]); err != nil {
			return err
		}
		l.last = max(l.last, rows[0].home.Folio)
		rows = rows[n:]
	}
	if err := l.homes.flush(tx); err != nil {
		return err
	}
	return l.folk.flush(tx)
}

// add loads a household that is certainly new.
func (l *peopleLoader) add(tx *tenants.Tx, rows []personRow) error {
	said := homeOf(rows)
	l.report.Households.New++
	if err := l.homes.add(tx, &said); err != nil {
		return err
	}
	heads := 0
	for i := range rows {
		row := &rows[i]
		if row.home.DataDate != said.DataDate {
			l.report.People.Older++
			continue
		}
		if row.person.Head {
			heads++
		}
		l.report.People.New++
		if err := l.folk.add(tx, said.Folio, &row.person); err != nil {
			return err
		}
	}
	if heads != 1 {
		return addSuspect(tx, said.Folio)
	}
	return nil
}

// household applies the rows that stand together of one household. The newest
// edition counts: an older one is left out, a newer one replaces it.
func (l *peopleLoader) household(tx *tenants.Tx, rows []personRow) error {
	said := homeOf(rows)
	isNew, err := addHome(tx, said)
	if err != nil {
		return err
	}
	if isNew {
		l.report.Households.New++
		return l.settle(tx, said, rows, nil)
	}
	held, err := readHome(tx, said.Folio)
	if err != nil {
		return err
	}
	if said.DataDate.Before(held.DataDate) {
		l.report.Households.Older++
		l.report.People.Older += int64(len(rows))
		return nil
	}
	members, err := readMembers(tx, said.Folio)
	if err != nil {
		return err
	}
	if held.DataDate.Before(said.DataDate) {
		if members, err = l.moveOut(tx, said.Folio, rows, members); err != nil {
			return err
		}
	}
	if err := l.update(tx, said, held, rows); err != nil {
		return err
	}
	return l.settle(tx, said, rows, members)
}

// homeOf gives the household as its head's row of the newest edition says it;
// without a head, as the first row does.
func homeOf(rows []personRow) home {
	best := &rows[0]
	for i := range rows[1:] {
		row := &rows[i+1]
		newer := best.home.DataDate.Before(row.home.DataDate)
		if newer || row.home.DataDate == best.home.DataDate && row.person.Head && !best.person.Head {
			best = row
		}
	}
	said := best.home
	if best.person.Head {
		said.Head = best.person.RUN
	}
	return said
}

// update writes what is said of the household when it is news.
func (l *peopleLoader) update(tx *tenants.Tx, said, held home, rows []personRow) error {
	if said == held || !overrules(said, held, rows) {
		l.report.Households.Unchanged++
		return nil
	}
	l.report.Households.Changed++
	return updateHome(tx, said)
}

// overrules decides between rows that contradict one another: a newer edition
// counts, then the head's row. Of two heads the one who came first goes on
// speaking, unless the rows say that they are no longer the head. So the same
// rows give the same household, however they are spread.
func overrules(said, held home, rows []personRow) bool {
	switch {
	case held.DataDate.Before(said.DataDate):
		return true
	case said.Head.IsZero():
		return false
	case held.Head.IsZero() || held.Head == said.Head:
		return true
	}
	return slices.ContainsFunc(rows, func(r personRow) bool { return r.person.RUN == held.Head && !r.person.Head })
}

// moveOut removes the members whom the newer edition no longer has.
func (l *peopleLoader) moveOut(tx *tenants.Tx, folio string, rows []personRow, members []Member) ([]Member, error) {
	kept := members[:0]
	for _, m := range members {
		if slices.ContainsFunc(rows, func(r personRow) bool { return r.person.RUN == m.RUN }) {
			kept = append(kept, m)
			continue
		}
		if err := deleteMember(tx, folio, m.RUN); err != nil {
			return nil, err
		}
		l.report.Removed++
	}
	return kept, nil
}

// settle brings the people of a household up to date; members are those it had.
func (l *peopleLoader) settle(tx *tenants.Tx, said home, rows []personRow, members []Member) error {
	heads, others := 0, len(members)
	for i := range rows {
		row := &rows[i]
		if row.home.DataDate != said.DataDate {
			l.report.People.Older++
			continue
		}
		if row.person.Head {
			heads++
		}
		at := slices.IndexFunc(members, func(m Member) bool { return m.RUN == row.person.RUN })
		if at >= 0 {
			others--
		}
		if err := l.person(tx, said, &row.person, at, members); err != nil {
			return err
		}
	}
	if heads != 1 || others > 0 {
		return addSuspect(tx, said.Folio)
	}
	return nil
}

// person brings one person up to date; at is their place among the members held, -1 for none.
func (l *peopleLoader) person(tx *tenants.Tx, said home, m *Member, at int, members []Member) error {
	switch {
	case at >= 0 && members[at] == *m:
		l.report.People.Unchanged++
		return nil
	case at >= 0:
		l.report.People.Changed++
		return updateMember(tx, said.Folio, m)
	case l.fresh: // nobody lived anywhere, and no RUN stands twice in a file
		l.report.People.New++
		return addMember(tx, said.Folio, m)
	}
	return l.arrive(tx, said, m)
}

// arrive adds a person to a household, taking them out of the one they lived in.
// Where two households of the same edition claim a person, the last word counts.
func (l *peopleLoader) arrive(tx *tenants.Tx, said home, m *Member) error {
	before, err := readResidence(tx, m.RUN)
	switch {
	case tenants.NotFound(err):
		l.report.People.New++
		return addMember(tx, said.Folio, m)
	case err != nil:
		return err
	case said.DataDate.Before(before.DataDate):
		l.report.People.Older++
		return addSuspect(tx, said.Folio)
	}
	l.report.Moved++
	if err := deleteMember(tx, before.Folio, m.RUN); err != nil {
		return err
	}
	if err := addSuspect(tx, before.Folio); err != nil { // it may have lost its head, or everybody
		return err
	}
	return addMember(tx, said.Folio, m)
}

// finish ends an import: the index, and the households whose head is missing or
// disputed now that all rows have come.
func (l *peopleLoader) finish(tx *tenants.Tx) error {
	if err := createIndex(tx); err != nil {
		return err
	}
	if err := renewNames(tx); err != nil {
		return err
	}
	suspects, err := readSuspects(tx)
	if err != nil {
		return err
	}
	for _, s := range suspects {
		switch {
		case s.members == 0: // all of them live elsewhere by now
			if err := deleteIfEmpty(tx, s.folio); err != nil {
				return err
			}
		case s.heads == 0:
			l.warn(sheet.Problem{Column: "folio", Value: s.folio, Key: "registry.no_head"})
		default:
			l.warn(sheet.Problem{Column: "folio", Value: s.folio, Key: "registry.two_heads", Args: map[string]any{"Count": s.heads}})
		}
	}
	return clearSuspects(tx)
}
