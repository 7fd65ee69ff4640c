package screening

import (
	"context"
	"errors"

	"gsl/app/kit/sheet"
	"gsl/tenants"
)

// chunkRows is how many rows one transaction loads: nobody waits long behind it.
const chunkRows = 5000

// batch is rows that were read and checked, ready to be loaded. Its memory is
// used again.
type batch[T any] struct {
	rows     []T
	problems []sheet.Problem
	read     int64 // rows of the file, rejected ones too
	rejected int64
	offset   int64 // of the file after the last row
}

// job is an import of one kind: a producer that reads and checks in a goroutine
// of its own, and what is done with each batch within a transaction.
type job[T any] struct {
	session *session
	produce func(ctx context.Context, p *pipe[T]) error
	start   func(tx *tenants.Tx) error // before the first batch, in its transaction
	apply   func(tx *tenants.Tx, rows []T) error
	finish  func(tx *tenants.Tx) error // after the last batch
	ahead   int                        // batches that the producer may be ahead of the loader
	started bool
}

// pipe carries batches to the loader, and back when they are done with.
type pipe[T any] struct {
	full chan *batch[T]
	free chan *batch[T]
}

// take gives a batch to fill.
func (p *pipe[T]) take(ctx context.Context) (*batch[T], error) {
	select {
	case b := <-p.free:
		*b = batch[T]{rows: b.rows[:0], problems: b.problems[:0]}
		return b, nil
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

func (p *pipe[T]) send(b *batch[T]) { p.full <- b } // never blocks: there is room for all

// run moves batches until the producer ends. Without AllOrNothing and DryRun each
// batch is a transaction of its own; with them the whole file is one.
func (j *job[T]) run(ctx context.Context) error {
	ctx, cancel := context.WithCancel(ctx)
	p := &pipe[T]{full: make(chan *batch[T], j.ahead), free: make(chan *batch[T], j.ahead)}
	for range j.ahead {
		p.free <- &batch[T]{}
	}
	ended := make(chan error, 1)
	go func() {
		defer close(p.full)
		ended <- j.produce(ctx, p)
	}()
	defer func() {
		cancel()
		for range p.full { // until the producer has let go of the file
			continue
		}
	}()
	step := func(tx *tenants.Tx) (bool, error) { return j.step(tx, p, ended) }
	opt := j.session.opt
	if !opt.AllOrNothing && !opt.DryRun {
		j.session.report.Kept = true
		return j.session.db.Bulk(ctx, step)
	}
	return j.whole(ctx, step)
}

// step loads one batch. When it fails its transaction is undone, and so is what
// it added to the report.
func (j *job[T]) step(tx *tenants.Tx, p *pipe[T], ended <-chan error) (more bool, err error) {
	before := j.session.report
	defer func() {
		if err != nil {
			j.session.report = before
		}
	}()
	if !j.started {
		if err := j.start(tx); err != nil {
			return false, err
		}
		j.started = true
	}
	b, ok := <-p.full
	if !ok {
		if err := <-ended; err != nil {
			return false, err
		}
		return false, j.finish(tx)
	}
	if err := j.apply(tx, b.rows); err != nil {
		return false, err
	}
	j.session.take(b.read, b.rejected, b.offset, b.problems)
	p.free <- b
	return true, nil
}

// whole loads everything in one transaction, and undoes it when it was a dry run
// or when something was rejected.
func (j *job[T]) whole(ctx context.Context, step func(*tenants.Tx) (bool, error)) error {
	err := j.session.db.Bulk(ctx, func(tx *tenants.Tx) (bool, error) {
		for more := true; more; {
			var err error
			if more, err = step(tx); err != nil {
				return false, err
			}
		}
		if j.session.opt.DryRun || j.session.report.Rejected > 0 {
			return false, errUndo
		}
		return false, nil
	})
	j.session.report.Kept = err == nil
	if errors.Is(err, errUndo) {
		return nil
	}
	return err
}
