package people

import (
	"context"
	"log/slog"

	"gsl/app/access"
	"gsl/app/kit/actor"
	"gsl/app/kit/audit"
	"gsl/app/kit/fault"
	"gsl/templates/layout"
	"gsl/tenants"
)

// Service is what one can do with people and their files. The hooks are filled
// once, before the first request.
type Service struct {
	log    *slog.Logger
	words  words
	offers offers

	// OnLookup runs in the transaction of a lookup (the attention opens there).
	OnLookup []func(tx *tenants.Tx, who actor.Actor, f File) error
	// AfterLookup runs when the lookup is durable and before the answer; what
	// fails there is its own affair and never stops the desk.
	AfterLookup []func(ctx context.Context, who actor.Actor, f File)
	// OnFrame completes the header and the left menu that every page of a file has.
	OnFrame []func(tx *tenants.Tx, who actor.Actor, f File, frame *layout.FileFrame) error
	// Strangers gives people of the social registry who live in the actor's
	// municipality and have such words in their names; nil: nobody asks.
	Strangers func(ctx context.Context, who actor.Actor, words []string, limit int) ([]Stranger, error)
	// Movers take what other rooms hold of a file along when it is merged, in this order.
	Movers []Mover
	// AtCopy is asked before a lookup in a restored copy, which counts none itself;
	// nil: nobody counts.
	AtCopy func(who actor.Actor) error
	// Keepers says which of the files the actor answers for: whose case the actor
	// is responsible for, or heads; casework fills it.
	Keepers func(tx *tenants.Tx, who actor.Actor, fileIDs []string) (map[string]bool, error)
	// Why gives what the actor reads the file for: the open attention, "" for none.
	// A page with a frame has it there: the hook of OnFrame that shows it says it.
	Why func(tx *tenants.Tx, who actor.Actor, fileID string) (string, error)
}

// NewService makes the service; a nil log discards.
func NewService(log *slog.Logger) *Service {
	if log == nil {
		log = slog.New(slog.DiscardHandler)
	}
	return &Service{log: log}
}

// Lookup gives the case file of a RUN and opens it when this municipality has
// none. The reading is in the trail when it returns. Of a file that is shut for
// the operator it gives the id alone (File.Veiled), and no attention opens before
// the glass does. fault.TooMany: the operator is over the cap. fault.Forbidden:
// the role reads no files.
func (s *Service) Lookup(ctx context.Context, who actor.Actor, run RUN) (File, error) {
	if err := mayRead(who); err != nil {
		return File{}, err
	}
	if run.IsZero() {
		return File{}, fault.InvalidField("run", runSentence(ErrRUNBlank))
	}
	return s.attend(ctx, who, func(tx *tenants.Tx) (File, error) { return openedByRUN(tx, who, run) })
}

// LookupFound opens the file of a person whom a search found: it is a lookup
// like that of a RUN. An id that was merged leads to the file that survives.
func (s *Service) LookupFound(ctx context.Context, who actor.Actor, id string) (File, error) {
	if err := mayRead(who); err != nil {
		return File{}, err
	}
	return s.attend(ctx, who, func(tx *tenants.Tx) (File, error) { return survivor(tx, id) })
}

// attend counts a lookup, opens the file that it is about, and leaves the trail.
func (s *Service) attend(ctx context.Context, who actor.Actor, open func(*tenants.Tx) (File, error)) (File, error) {
	var f File
	var v verdict
	var why string
	if err := s.countInCopy(who); err != nil {
		return File{}, err
	}
	// On a full disk people still come to the desk: to look somebody up is to read.
	err := who.Municipality.Update(tenants.ForReading(ctx), func(tx *tenants.Tx) (err error) {
		if v, err = countLookup(tx, who); err != nil || v.refusal != nil {
			return err
		}
		if f, err = open(tx); err != nil {
			return err
		}
		if f, err = s.veiled(tx, who, f); err != nil || f.Veiled {
			return err
		}
		why, err = s.arrived(tx, who, f)
		return err
	})
	if err != nil {
		return File{}, err
	}
	if v.refusal != nil {
		s.alert(ctx, who, v)
		return File{}, v.refusal
	}
	return f, s.looked(ctx, who, f, why)
}

// looked leaves the lookup in the trail and tells those who wait for it. Of a
// file that stays shut nobody is told: only the trail shows that it was looked for.
func (s *Service) looked(ctx context.Context, who actor.Actor, f File, why string) error {
	if err := audit.Looked(ctx, who, audit.View{File: f.ID, What: "lookup", Why: why}); err != nil || f.Veiled {
		return err
	}
	for _, after := range s.AfterLookup {
		after(ctx, who, f)
	}
	return nil
}

// openedByRUN gives the file of the RUN, opened if need be.
func openedByRUN(tx *tenants.Tx, who actor.Actor, run RUN) (File, error) {
	f, created, err := openByRUN(tx, run, who.UserID)
	if err == nil && created {
		err = audit.Record(tx, who, audit.Change{Action: "people.file_opened", Object: f.ID, File: f.ID})
	}
	return f, err
}

// arrived runs what a lookup sets off and gives why the file is read.
func (s *Service) arrived(tx *tenants.Tx, who actor.Actor, f File) (string, error) {
	if err := s.gather(tx, f); err != nil {
		return "", err
	}
	for _, hook := range s.OnLookup {
		if err := hook(tx, who, f); err != nil {
			return "", err
		}
	}
	return s.why(tx, who, f.ID)
}

func (s *Service) why(tx *tenants.Tx, who actor.Actor, file string) (string, error) {
	if s.Why == nil {
		return "", nil
	}
	return s.Why(tx, who, file)
}

// alert tells the operators of the machine once per window, without saying whom
// was looked for.
func (s *Service) alert(ctx context.Context, who actor.Actor, v verdict) {
	if v.alert {
		s.log.WarnContext(ctx, "lookup cap reached", "user", who.UserID, "municipality", who.Municipality.Code,
			"window", v.window, "request", who.RequestID)
	}
}

// File gives the file with the id, fault.NotFound when this municipality has none.
// Nothing of the person may be shown from it without a view in the trail.
func (s *Service) File(ctx context.Context, who actor.Actor, id string) (File, error) {
	if err := mayRead(who); err != nil {
		return File{}, err
	}
	var f File
	err := who.Municipality.View(ctx, func(tx *tenants.Tx) (err error) {
		f, err = Open(tx, id)
		return err
	})
	return f, err
}

// Visit opens a file for a page: the file and its frame. The view is in the
// trail when it returns; what names the page there.
func (s *Service) Visit(ctx context.Context, who actor.Actor, id, section, what string) (File, *layout.FileFrame, error) {
	if err := mayRead(who); err != nil {
		return File{}, nil, err
	}
	var f File
	var frame *layout.FileFrame
	err := who.Municipality.View(ctx, func(tx *tenants.Tx) (err error) { //nolint:contextcheck // the transaction carries it
		if f, err = Open(tx, id); err != nil {
			return err
		}
		frame, err = s.Frame(tx, who, f, section)
		return err
	})
	if err != nil {
		return File{}, nil, err
	}
	return f, frame, audit.Looked(ctx, who, audit.View{File: f.ID, What: what, Why: frame.Why})
}

// Fill writes what a registry says of the person into the file. Nothing happens
// when the file says the same already.
func Fill(tx *tenants.Tx, id string, r Registered) error {
	before, err := Open(tx, id)
	if err != nil {
		return err
	}
	after := before.fill(r)
	if after == before {
		return nil
	}
	_, err = writeIdentity(tx, after)
	return err
}

// FillKnown is Fill for those of the people of whom the municipality holds a file.
func FillKnown(tx *tenants.Tx, registered map[RUN]Registered) error {
	runs := make([]RUN, 0, len(registered))
	for run := range registered {
		runs = append(runs, run)
	}
	files, err := ByRUNs(tx, runs)
	if err != nil {
		return err
	}
	for run, before := range files {
		after := before.fill(registered[run])
		if after == before {
			continue
		}
		if _, err := writeIdentity(tx, after); err != nil {
			return err
		}
	}
	return nil
}

func mayRead(who actor.Actor) error { return may(who, access.ReadFile) }

func may(who actor.Actor, p actor.Permission) error {
	if who.Municipality == nil || !who.Can(p) {
		return fault.New(fault.Forbidden, "fault.forbidden")
	}
	return nil
}
