package screening

import (
	"context"
	"slices"
	"strings"

	"gsl/app/kit/calendar"
	"gsl/app/kit/sheet"
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
}

func (s *session) importPeople(ctx context.Context, rows *sheet.Reader) error {
	s.report.Kind = PeopleFile
	match, err := rows.Match(personColumns, s.opt.Rename)
	if err != nil {
		return err
	}
	s.report.Ignored = match.Ignored
	reader := &peopleReader{rows: rows, seen: runSet{}, cells: cells{match: match, today: s.today, communes: s.opt.Communes, words: newWords()}}
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
	rows  *sheet.Reader
	cells cells
	seen  runSet
}

// produce fills batches. A household whose rows stand together is not parted.
func (r *peopleReader) produce(ctx context.Context, p *pipe[personRow]) error {
	b, err := p.take(ctx)
	if err != nil {
		return err
	}
	r.cells.problems = b.problems
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
		if b.read >= 2*chunkRows { // nothing but rejected rows, or one endless household
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
	if n := len(b.rows); n < chunkRows || b.rows[n-1].home.Folio == folio {
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
		r.cells.problems = next.problems
	}
	return next, err
}

// close puts the rows of a household together, in the order of the table.
func (r *peopleReader) close(b *batch[personRow]) {
	b.problems, b.offset = r.cells.problems, r.rows.Offset()
	sortPeople(b.rows)
}

func sortPeople(rows []personRow) {
	slices.SortFunc(rows, func(a, b personRow) int {
		if order := strings.Compare(a.home.Folio, b.home.Folio); order != 0 {
			return order
		}
		return int(a.person.RUN.Body()) - int(b.person.RUN.Body())
	})
}

// read checks the row at hand; false when it is rejected.
func (r *peopleReader) read(row *personRow) bool {
	c := &r.cells
	if !c.on(r.rows.Row()) {
		return false
	}
	row.home = home{
		Folio: c.needed(colFolio), Tramo: c.tramo(colTramo), Address: c.text(colAddress), CommuneCode: c.commune(colCommune),
		DwellingType: c.text(colDwelling), Tenure: c.text(colTenure), Water: c.text(colWater),
		Rooms: int(c.number(colRooms, 200)), DataDate: c.dataDate(colDataDate),
	}
	row.person = Member{
		RUN: c.run(colRUN), GivenNames: c.needed(colGivenNames), Surnames: c.text(colSurnames), BirthDate: c.birthDate(colBirthDate),
		Sex: c.choice(colSex, sexes, "registry.sex"), Nationality: c.text(colNationality), Relationship: c.text(colRelationship),
		Head: c.flag(colHead), Income: c.number(colIncome, maxPeso), Education: c.text(colEducation), Student: c.flag(colStudent),
		HealthInsurance: c.text(colHealth), Pension: c.text(colPension), Occupation: c.text(colOccupation),
		Disability: c.flag(colDisability), Dependency: c.choice(colDependency, dependencies, "registry.dependency"),
		Carer: c.flag(colCarer), Pregnant: c.flag(colPregnant), Phone: c.text(colPhone), Email: c.text(colEmail),
	}
	if !c.bad && !r.seen.add(row.person.RUN) {
		c.refuse(colRUN, "registry.repeated")
	}
	return !c.bad
}
