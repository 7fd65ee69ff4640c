package national

import (
	"context"
	"strings"
	"time"

	"gsl/app/kit/actor"
	"gsl/app/kit/audit"
	"gsl/app/kit/fault"
	"gsl/app/kit/sheet"
	"gsl/tenants"
)

// The states of a batch and of its lines.
const (
	BatchChecked = "checked" // read, and nothing done yet
	BatchRunning = "running"
	BatchStopped = "stopped" // by somebody: it can go on
	BatchDone    = "done"

	LineBad     = "bad"     // cannot be read: the file is to be mended
	LineWaiting = "waiting" // to be made
	LineThere   = "there"   // was on the platform before
	LineDone    = "done"    // made by this batch
	LineFailed  = "failed"  // could not be made; it is tried again when the batch goes on
)

// Batch is many municipalities from one table.
type Batch struct {
	ID, File, Ignored, State string
	CreatedAt, StartedAt     time.Time
	By, ByName               string
	LinksAt                  time.Time // zero: the invitations were not handed out
	Counts                   map[string]int
	Invitees                 int // lines made whose counterpart is to be invited
}

// Total is how many lines the table has.
func (b *Batch) Total() (n int) {
	for _, count := range b.Counts {
		n += count
	}
	return n
}

// Line is one row of a table.
type Line struct {
	Line        int
	Code, Name  string
	ID          string // of the municipality, "" while it is not there
	Options     Options
	Counterpart *Invitee
	State       string
	Problems    []sheet.Problem
}

// Check reads a table, keeps what it asks for and says of each row what would
// come of it; nothing is made. fault.Invalid for a file that is no such table.
func (s *Service) Check(ctx context.Context, who actor.Actor, file *sheet.File) (Batch, error) {
	if err := may(who); err != nil {
		return Batch{}, err
	}
	here, err := s.here(ctx)
	if err != nil {
		return Batch{}, err
	}
	lines, ignored, err := readLines(file, here)
	if err != nil {
		return Batch{}, err
	}
	b := Batch{File: file.Name, Ignored: strings.Join(ignored, ", "), State: BatchChecked, By: who.UserID, ByName: who.Name}
	err = s.files.National().Update(ctx, func(tx *tenants.Tx) error {
		b.ID = tx.NewID()
		if err := forgetBatches(tx, tx.Now.Add(-keepUnused)); err != nil {
			return err
		}
		if err := insertBatch(tx, &b); err != nil {
			return err
		}
		for i := range lines {
			if err := insertLine(tx, b.ID, &lines[i]); err != nil {
				return err
			}
		}
		return audit.Record(tx, who, audit.Change{Action: "batch.check", Object: b.ID, Detail: map[string]string{"file": file.Name}})
	})
	return b, err
}

// keepUnused is how long a table is kept that nobody started: it names people.
const keepUnused = 7 * 24 * time.Hour

// Batch gives a batch and its lines: at most limit, those with trouble first.
func (s *Service) Batch(ctx context.Context, who actor.Actor, id string, limit int) (b Batch, lines []Line, err error) {
	if err := may(who); err != nil {
		return b, nil, err
	}
	err = s.files.National().View(ctx, func(tx *tenants.Tx) (err error) {
		if b, err = findBatch(tx, id); err != nil {
			return err
		}
		lines, err = linesOf(tx, id, limit)
		return err
	})
	return b, lines, notFound(err)
}

// BatchExists answers fault.NotFound for a batch that there is not.
func (s *Service) BatchExists(ctx context.Context, _ actor.Actor, id string) error {
	return notFound(s.files.National().View(ctx, func(tx *tenants.Tx) error {
		_, err := findBatch(tx, id)
		return err
	}))
}

// Batches lists the latest, newest first.
func (s *Service) Batches(ctx context.Context, who actor.Actor) ([]Batch, error) {
	if err := may(who); err != nil {
		return nil, err
	}
	return s.recentBatches(ctx)
}

func (s *Service) recentBatches(ctx context.Context) (list []Batch, err error) {
	err = s.files.National().View(ctx, func(tx *tenants.Tx) (err error) {
		list, err = latestBatches(tx, 10)
		return err
	})
	return list, err
}

// Start begins to make what a batch asks for, or goes on with it; the work is
// done in the background and survives a restart. Started twice it runs once.
func (s *Service) Start(ctx context.Context, who actor.Actor, id, code string) error {
	if err := s.confirm(ctx, who, code); err != nil {
		return err
	}
	err := s.setBatch(ctx, who, id, BatchRunning, "batch.start")
	select {
	case s.batches <- struct{}{}:
	default: // the runner knows already
	}
	return err
}

// Stop lets the line under way finish and begins no other.
func (s *Service) Stop(ctx context.Context, who actor.Actor, id string) error {
	if err := may(who); err != nil {
		return err
	}
	return s.setBatch(ctx, who, id, BatchStopped, "batch.stop")
}

func (s *Service) setBatch(ctx context.Context, who actor.Actor, id, to, action string) error {
	return notFound(s.files.National().Update(ctx, func(tx *tenants.Tx) error {
		b, err := findBatch(tx, id)
		if err != nil || b.State == to || to == BatchStopped && b.State != BatchRunning {
			return err
		}
		if to == BatchRunning {
			if err := retryLines(tx, id); err != nil {
				return err
			}
		}
		if err := setBatchState(tx, id, to); err != nil {
			return err
		}
		return audit.Record(tx, who, audit.Change{Action: action, Object: id})
	}))
}

// runBatches carries out what was started, until the context ends.
func (s *Service) runBatches(ctx context.Context) {
	for {
		if err := s.RunBatches(ctx); err != nil && ctx.Err() == nil {
			s.log.ErrorContext(ctx, "a batch does not go on", "error", err)
		}
		select {
		case <-ctx.Done():
			return
		case <-s.batches:
		}
	}
}

// RunBatches carries out every batch that was started, line by line.
func (s *Service) RunBatches(ctx context.Context) error {
	s.running.Lock()
	defer s.running.Unlock()
	for ctx.Err() == nil {
		var b Batch
		var line Line
		err := s.files.National().View(ctx, func(tx *tenants.Tx) (err error) {
			b, line, err = nextLine(tx)
			return err
		})
		switch {
		case tenants.NotFound(err):
			return nil
		case err != nil:
			return err
		case line.Line == 0:
			err = s.setBatch(ctx, administrator(b.By, b.ByName, "batch"), b.ID, BatchDone, "batch.done")
		default:
			err = s.runLine(ctx, &b, &line)
		}
		if err != nil {
			return err
		}
	}
	return ctx.Err()
}

// runLine makes one municipality. Who is to be invited is, when the links are
// handed out.
func (s *Service) runLine(ctx context.Context, b *Batch, line *Line) error {
	o := Order{Code: line.Code, Options: line.Options}
	place, err := o.check()
	var made Made
	if err == nil {
		s.one.Lock()
		made, err = s.make(ctx, administrator(b.By, b.ByName, "batch"), place, o)
		s.one.Unlock()
	}
	line.State = LineDone
	switch {
	case err != nil && ctx.Err() != nil:
		return ctx.Err()
	case err != nil:
		line.State = LineFailed
		line.Problems = []sheet.Problem{{Line: line.Line, Key: "national.batch.failed"}}
		s.log.ErrorContext(ctx, "a line of a batch failed", "batch", b.ID, "line", line.Line, "municipality", line.Code, "error", err)
	case made.Already:
		line.State = LineThere
	}
	if err := s.step("line made"); err != nil {
		return err
	}
	return s.files.National().Update(context.WithoutCancel(ctx), func(tx *tenants.Tx) error {
		if line.State == LineThere {
			ours, err := orderedSince(tx, line.Code, b.By, b.StartedAt)
			if err != nil {
				return err
			}
			if ours { // before a restart
				line.State = LineDone
			}
		}
		return setLine(tx, b.ID, line)
	})
}

// Links invites the counterparts of what a batch made and gives the lines with
// their links, once: nobody keeps them. Cut short, it can be asked again; later
// it is fault.Conflict.
func (s *Service) Links(ctx context.Context, who actor.Actor, id, code string) (b Batch, lines []Line, links map[int]string, err error) {
	if b, lines, err = s.Batch(ctx, who, id, mostLines); err != nil {
		return b, nil, nil, err
	}
	if !b.LinksAt.IsZero() || b.State == BatchRunning {
		return b, nil, nil, fault.New(fault.Conflict, "national.error.links_given")
	}
	if err := s.confirm(ctx, who, code); err != nil {
		return b, nil, nil, err
	}
	links = map[int]string{}
	for i := range lines {
		line := &lines[i]
		if line.State != LineDone || line.Counterpart == nil {
			continue
		}
		if links[line.Line], err = s.invite(ctx, who, line.Code, *line.Counterpart); err != nil {
			if !fault.Is(err, fault.Conflict) && !fault.Is(err, fault.Invalid) {
				return b, nil, nil, err
			}
			line.Problems = append(line.Problems, sheet.Problem{Line: line.Line, Key: "national.batch.not_invited"})
		}
	}
	err = s.files.National().Update(ctx, func(tx *tenants.Tx) error {
		if err := setLinksGiven(tx, id); err != nil {
			return err
		}
		return audit.Record(tx, who, audit.Change{Action: "batch.links", Object: id})
	})
	return b, lines, links, err
}
