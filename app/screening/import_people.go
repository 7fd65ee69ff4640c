package screening

import (
	"context"
	"slices"
	"strings"

	"gsl/app/kit/calendar"
	"gsl/app/kit/sheet"
	"gsl/app/people"
)

// personRow is one row of the RSH file: a person, and what the row says of the
// household.
type personRow struct {
	home   home
	person Member
}

// home is a household without its people.
type home struct {
	Folio        string
	Tramo        int
	Address      string
	CommuneCode  string
	DwellingType string
	Tenure       string
	Water        string
	Rooms        int
	DataDate     calendar.Date
	Head         people.RUN // whose row says it, zero when it is not a head's
}

func (s *session) importPeople(ctx context.Context, rows *sheet.Reader) error {
	s.report.Kind = PeopleFile
	match, err := rows.Match(personColumns, s.opt.Rename)
	if err != nil {
		return err
	}
	s.report.Ignored = match.Ignored
	reader := &peopleReader{chunk: s.chunk, rows: rows, seen: &runSet{}, cells: cells{sheet.NewCells(match), s.today, s.opt.Communes}}
	return s.loadPeople(ctx, reader.produce)
}

// loadPeople loads what a producer gives: a file's rows, or made-up ones.
func (s *session) loadPeople(ctx context.Context, produce func(context.Context, *pipe[personRow]) error) error {
	loader := &peopleLoader{session: s}
	j := &job[personRow]{session: s, ahead: 3, produce: produce, start: loader.start, apply: loader.apply, finish: loader.finish}
	err := j.run(ctx)
	if err != nil && loader.fresh {
		if e := mendIndex(context.WithoutCancel(ctx), s.db); e != nil {
			return e
		}
	}
	return err
}

// peopleReader reads and checks the rows of a file.
type peopleReader struct {
	chunk int
	rows  *sheet.Reader
	cells cells
	seen  *runSet
}

// produce fills batches. A household whose rows stand together is not parted.
func (r *peopleReader) produce(ctx context.Context, p *pipe[personRow]) error {
	b, err := p.take(ctx)
	if err != nil {
		return err
	}
	r.cells.Problems = b.problems
	for r.rows.Next() {
		b.read++
		var row personRow
		if !r.read(&row) {
			b.rejected++
		} else if b, err = r.room(ctx, p, b, row.home.Folio); err != nil {
			return err
		} else {
			b.rows = append(b.rows, row)
		}
		if b.read >= 2*int64(r.chunk) { // nothing but rejected rows, or one endless household
			if b, err = r.hand(ctx, p, b); err != nil {
				return err
			}
		}
	}
	if err := r.rows.Err(); err != nil {
		return err
	}
	r.close(b)
	p.send(b)
	return nil
}

// room gives a batch that has room for one more row of the household.
func (r *peopleReader) room(ctx context.Context, p *pipe[personRow], b *batch[personRow], folio string) (*batch[personRow], error) {
	if n := len(b.rows); n < r.chunk || b.rows[n-1].home.Folio == folio {
		return b, nil
	}
	b.read-- // the row at hand belongs to the next batch
	next, err := r.hand(ctx, p, b)
	if err == nil {
		next.read++
	}
	return next, err
}

// hand sends a full batch and takes another.
func (r *peopleReader) hand(ctx context.Context, p *pipe[personRow], b *batch[personRow]) (*batch[personRow], error) {
	r.close(b)
	p.send(b)
	next, err := p.take(ctx)
	if err == nil {
		r.cells.Problems = next.problems
	}
	return next, err
}

// close puts the rows of a household together, in the order of the table.
func (r *peopleReader) close(b *batch[personRow]) {
	b.problems, b.offset = r.cells.Problems, r.rows.Offset()
	sortPeople(b.rows)
}

// sortPeople sorts by folio and RUN. Extracts come by folio: then only the few
// members of each household change places, and rows are large to move.
func sortPeople(rows []personRow) {
	for i := 1; i < len(rows); i++ {
		if rows[i].home.Folio < rows[i-1].home.Folio {
			sortByRUN(rows)
			return
		}
	}
	for len(rows) > 0 {
		n := household(rows)
		sortByRUN(rows[:n])
		rows = rows[n:]
	}
}

func sortByRUN(rows []personRow) {
	slices.SortFunc(rows, func(a, b personRow) int {
		if order := strings.Compare(a.home.Folio, b.home.Folio); order != 0 {
			return order
		}
		return int(a.person.RUN.Body()) - int(b.person.RUN.Body())
	})
}

// household counts the rows at the start that are of one household.
func household(rows []personRow) int {
	n := 1
	for n < len(rows) && rows[n].home.Folio == rows[0].home.Folio {
		n++
	}
	return n
}

// read checks the row at hand; false when it is rejected.
func (r *peopleReader) read(row *personRow) bool {
	c := &r.cells
	if !c.On(r.rows.Row()) {
		return false
	}
	row.home = home{
		Folio: c.Needed(colFolio), Tramo: c.tramo(colTramo), Address: c.Text(colAddress), CommuneCode: c.commune(colCommune),
		DwellingType: c.Text(colDwelling), Tenure: c.Text(colTenure), Water: c.Text(colWater),
		Rooms: int(c.Number(colRooms, 200)), DataDate: c.PastDate(colDataDate, c.today),
	}
	row.person = Member{
		RUN: c.run(colRUN), GivenNames: c.Needed(colGivenNames), Surnames: c.Text(colSurnames), BirthDate: c.birthDate(colBirthDate),
		Sex: c.Choice(colSex, sexes, "registry.sex"), Nationality: c.Text(colNationality), Relationship: c.Text(colRelationship),
		Head: c.Flag(colHead), Income: c.Number(colIncome, sheet.MaxAmount), Education: c.Text(colEducation), Student: c.Flag(colStudent),
		HealthInsurance: c.Text(colHealth), Pension: c.Text(colPension), Occupation: c.Text(colOccupation),
		Disability: c.Flag(colDisability), Dependency: c.Choice(colDependency, dependencies, "registry.dependency"),
		Carer: c.Flag(colCarer), Pregnant: c.Flag(colPregnant), Phone: c.Text(colPhone), Email: c.Text(colEmail),
	}
	if !c.Bad() && !r.seen.add(row.person.RUN) {
		c.Refuse(colRUN, "registry.repeated")
	}
	return !c.Bad()
}
