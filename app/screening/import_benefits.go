package screening

import (
	"context"
	"slices"

	"gsl/app/kit/sheet"
	"gsl/tenants"
)

// lotChunks is how many transactions' worth of benefits are put in the order of
// the table before they are loaded. Files come in any order of RUN; row by row
// each would touch a page of its own, sorted they touch neighbours. The first
// lot is one chunk, so that loading begins at once, and each is twice the one
// before: as large as the table by then, when that was empty.
const lotChunks = 20

func (s *session) importBenefits(ctx context.Context, rows *sheet.Reader) error {
	s.report.Kind = BenefitsFile
	match, err := rows.Match(benefitColumns, s.opt.Rename)
	if err != nil {
		return err
	}
	s.report.Ignored = match.Ignored
	reader := &benefitsReader{rows: rows, cells: cells{sheet.NewCells(match), s.today, nil}, lot: benefitLot{chunk: s.chunk}}
	return s.loadBenefits(ctx, reader.produce)
}

// loadBenefits loads what a producer gives: a file's rows, or made-up ones.
func (s *session) loadBenefits(ctx context.Context, produce func(context.Context, *pipe[Benefit]) error) error {
	loader := &benefitsLoader{session: s}
	return (&job[Benefit]{session: s, ahead: lotChunks + 2, produce: produce, start: loader.start, apply: loader.apply, finish: loader.finish}).run(ctx)
}

// benefitsReader reads and checks the rows of a file.
type benefitsReader struct {
	rows  *sheet.Reader
	cells cells
	lot   benefitLot
}

// produce reads a lot at a time and sends them in the order of the table.
func (r *benefitsReader) produce(ctx context.Context, p *pipe[Benefit]) error {
	var rejected int64
	for r.rows.Next() {
		var row Benefit
		if r.read(&row) {
			r.lot.rows = append(r.lot.rows, row)
		} else {
			rejected++
		}
		if r.lot.full() || rejected >= int64(r.lot.chunk) {
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
	news := batch[Benefit]{read: rejected, rejected: rejected, offset: r.rows.Offset(), problems: r.cells.Problems}
	r.cells.Problems = r.cells.Problems[:0]
	return r.lot.send(ctx, p, news)
}

func (r *benefitsReader) read(row *Benefit) bool {
	c := &r.cells
	if !c.On(r.rows.Row()) {
		return false
	}
	*row = Benefit{
		RUN: c.run(colBenefitRUN), Code: c.Needed(colBenefitCode), Name: c.Needed(colBenefitName), Provider: c.Text(colBenefitProvider),
		On: c.PastDate(colBenefitOn, c.today), Amount: c.Number(colBenefitAmount, sheet.MaxAmount), Quantity: c.Number(colBenefitQuantity, sheet.MaxAmount),
		Unit: c.Text(colBenefitUnit),
	}
	return !c.Bad()
}

// benefitLot is benefits that are sorted together.
type benefitLot struct {
	chunk  int
	chunks int // in this lot; 0 for the first, which is one
	rows   []Benefit
	order  []uint64 // RUN, then place in the lot
}

func (l *benefitLot) full() bool { return len(l.rows) >= max(l.chunks, 1)*l.chunk }

// send sorts the lot, sends it in batches and empties it. What is to be told of
// the file beside the rows travels with the first batch.
func (l *benefitLot) send(ctx context.Context, p *pipe[Benefit], news batch[Benefit]) error {
	order := l.sort()
	for first := true; first || len(order) > 0; first = false {
		b, err := p.take(ctx)
		if err != nil {
			return err
		}
		if first {
			b.read, b.rejected = news.read, news.rejected
			b.problems = append(b.problems, news.problems...)
		}
		n := min(l.chunk, len(order))
		b.rows = slices.Grow(b.rows, n)
		for _, at := range order[:n] {
			b.rows = append(b.rows, l.rows[uint32(at)]) //nolint:gosec // the low half is the place
		}
		b.read, b.offset = b.read+int64(n), news.offset
		order = order[n:]
		p.send(b)
	}
	l.rows, l.chunks = l.rows[:0], min(2*max(l.chunks, 1), lotChunks)
	return nil
}

// sort gives the places of the rows by RUN. Numbers sort faster than rows.
func (l *benefitLot) sort() []uint64 {
	l.order = l.order[:0]
	for i := range l.rows {
		l.order = append(l.order, uint64(l.rows[i].RUN.Body())<<32|uint64(i)) //nolint:gosec // i is small
	}
	slices.Sort(l.order)
	return l.order
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
