package screening

import (
	"context"
	"slices"

	"gsl/app/kit/sheet"
	"gsl/tenants"
)

// sortedRows is how many benefits are put in the order of the table before they
// are loaded. Files come in any order of RUN; row by row each would touch a
// page of its own, sorted they touch neighbours.
const sortedRows = 100_000

func (s *session) importBenefits(ctx context.Context, rows *sheet.Reader) error {
	s.report.Kind = BenefitsFile
	match, err := rows.Match(benefitColumns, s.opt.Rename)
	if err != nil {
		return err
	}
	s.report.Ignored = match.Ignored
	reader := &benefitsReader{rows: rows, cells: cells{match: match, today: s.today, words: newWords()}}
	return s.loadBenefits(ctx, reader.produce)
}

// loadBenefits loads what a producer gives: a file's rows, or made-up ones.
func (s *session) loadBenefits(ctx context.Context, produce func(context.Context, *pipe[Benefit]) error) error {
	loader := &benefitsLoader{session: s}
	return (&job[Benefit]{session: s, ahead: sortedRows/chunkRows + 2, produce: produce, start: loader.start, apply: loader.apply, finish: loader.finish}).run(ctx)
}

// benefitsReader reads and checks the rows of a file.
type benefitsReader struct {
	rows  *sheet.Reader
	cells cells
	lot   []Benefit
	order []uint64 // of the lot: RUN, then place in the file
}

// produce reads sortedRows at a time and sends them in batches, in the order of
// the table. The problems travel with the first batch of each lot.
func (r *benefitsReader) produce(ctx context.Context, p *pipe[Benefit]) error {
	var rejected int64
	for r.rows.Next() {
		var row Benefit
		if r.read(&row) {
			r.lot = append(r.lot, row)
		} else {
			rejected++
		}
		if len(r.lot) == sortedRows || rejected >= chunkRows {
			if err := r.send(ctx, p, rejected); err != nil {
				return err
			}
			rejected = 0
		}
	}
	if err := r.rows.Err(); err != nil {
		return err
	}
	return r.send(ctx, p, rejected)
}

func (r *benefitsReader) send(ctx context.Context, p *pipe[Benefit], rejected int64) error {
	order := r.sort()
	offset := r.rows.Offset()
	for first := true; first || len(order) > 0; first = false {
		b, err := p.take(ctx)
		if err != nil {
			return err
		}
		n := min(chunkRows, len(order))
		for _, at := range order[:n] {
			b.rows = append(b.rows, r.lot[uint32(at)]) //nolint:gosec // the low half is the place
		}
		b.read, b.offset = int64(n), offset
		if first {
			b.read, b.rejected = b.read+rejected, rejected
			b.problems = append(b.problems, r.cells.problems...)
			r.cells.problems = r.cells.problems[:0]
		}
		order = order[n:]
		p.send(b)
	}
	r.lot = r.lot[:0]
	return nil
}

// sort gives the places of the lot by RUN. Numbers sort faster than rows.
func (r *benefitsReader) sort() []uint64 {
	r.order = r.order[:0]
	for i := range r.lot {
		r.order = append(r.order, uint64(r.lot[i].RUN.Body())<<32|uint64(i)) //nolint:gosec // i is small
	}
	slices.Sort(r.order)
	return r.order
}

func (r *benefitsReader) read(row *Benefit) bool {
	c := &r.cells
	if !c.on(r.rows.Row()) {
		return false
	}
	*row = Benefit{
		RUN: c.run(colBenefitRUN), Code: c.needed(colBenefitCode), Name: c.needed(colBenefitName), Provider: c.text(colBenefitProvider),
		On: c.dataDate(colBenefitOn), Amount: c.number(colBenefitAmount, maxPeso), Quantity: c.number(colBenefitQuantity, maxPeso),
		Unit: c.text(colBenefitUnit),
	}
	return !c.bad
}

// benefitsLoader adds benefits, and corrects what is said of those it has.
type benefitsLoader struct {
	*session
	fresh bool // there were none: nothing has to be corrected
	rows  benefitAppender
}

func (l *benefitsLoader) start(tx *tenants.Tx) (err error) {
	l.fresh, err = hasNoBenefits(tx)
	return err
}

func (l *benefitsLoader) apply(tx *tenants.Tx, rows []Benefit) error {
	for i := range rows {
		load := l.benefit
		if l.fresh {
			load = l.rows.add
		}
		if err := load(tx, &rows[i]); err != nil {
			return err
		}
	}
	added, err := l.rows.flush(tx)
	if l.fresh {
		l.report.Benefits.New += added
		l.report.Benefits.Unchanged += int64(len(rows)) - added // the file has them twice
	}
	return err
}

func (l *benefitsLoader) benefit(tx *tenants.Tx, b *Benefit) error {
	isNew, err := addBenefit(tx, b)
	if err != nil {
		return err
	}
	if isNew {
		l.report.Benefits.New++
		return nil
	}
	changed, err := correctBenefit(tx, b)
	if changed {
		l.report.Benefits.Changed++
	} else {
		l.report.Benefits.Unchanged++
	}
	return err
}

func (l *benefitsLoader) finish(*tenants.Tx) error { return nil }
