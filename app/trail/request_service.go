package trail

import (
	"context"

	"gsl/app/access"
	"gsl/app/kit/actor"
	"gsl/app/kit/audit"
	"gsl/app/kit/calendar"
	"gsl/app/kit/fault"
	"gsl/app/people"
	"gsl/templates/layout"
	"gsl/tenants"
)

// RequestExists answers fault.NotFound when the municipality has no such request.
func (s *Service) RequestExists(ctx context.Context, who actor.Actor, id string) error {
	return who.Municipality.View(ctx, func(tx *tenants.Tx) error {
		_, err := requestByID(tx, id)
		return err
	})
}

// Intake is the form that takes a request in at a file.
type Intake struct {
	File  people.File
	Frame *layout.FileFrame
	Today calendar.Date
	Key   string
	Open  []Request // what the person asked already and waits for
}

// Intake opens the form at a file, for anybody who may read it: the law lets people
// ask wherever they are attended. The look is in the trail when it returns.
func (s *Service) Intake(ctx context.Context, who actor.Actor, fileID string) (v Intake, err error) {
	if v.File, v.Frame, err = s.people.Visit(ctx, who, fileID, "", "request"); err != nil {
		return v, err
	}
	return v, who.Municipality.View(ctx, func(tx *tenants.Tx) error {
		v.Today, v.Key = calendar.On(tx.Now), tx.NewID()
		all, err := RequestsOf(tx, v.File.ID)
		for i := range all {
			if !all[i].Answered {
				v.Open = append(v.Open, all[i])
			}
		}
		return err
	})
}

// Receive registers what the person of a file asks. The same form sent twice is one
// request. fault.Invalid names the fields.
func (s *Service) Receive(ctx context.Context, who actor.Actor, fileID string, a Asking) (r Request, err error) {
	if err := may(who, access.ReadFile); err != nil {
		return r, err
	}
	err = who.Municipality.Update(ctx, func(tx *tenants.Tx) error { //nolint:contextcheck // the transaction carries it
		f, err := people.Open(tx, fileID)
		if err != nil {
			return err
		}
		r, err = receive(tx, who, Request{Asking: a, FileID: f.ID, PersonName: people.DisplayName(tx.Context(), f), PersonNumber: f.Number()})
		return err
	})
	return r, err
}

// Stranger is somebody on whom the municipality may hold nothing.
type Stranger struct{ RUN, Name string }

// ReceiveFrom registers what somebody asks who stands in front of no file: with
// the file of the RUN when there is one, else for an answer that nothing is held.
// It opens none: to ask what is held must not make anything be held. The answer
// tells whether the RUN has a file: it counts as a lookup, and over the cap it is
// fault.TooMany.
func (s *Service) ReceiveFrom(ctx context.Context, who actor.Actor, from Stranger, a Asking) (r Request, err error) {
	if err := may(who, access.AnswerAccess); err != nil {
		return r, err
	}
	run, bad := people.ParseRUN(from.RUN)
	if bad != nil {
		return r, fault.InvalidField("run", "request.error.run")
	}
	if from.Name == "" { // asked of everybody: else the refusal would tell who has no file
		return r, fault.InvalidField("name", "request.error.name")
	}
	if err := who.Municipality.View(ctx, func(tx *tenants.Tx) error { return a.check(calendar.On(tx.Now)) }); err != nil {
		return r, err
	}
	if err := s.people.Charge(ctx, who); err != nil {
		return r, err
	}
	err = who.Municipality.Update(ctx, func(tx *tenants.Tx) error { //nolint:contextcheck // the transaction carries it
		files, err := people.ByRUNs(tx, []people.RUN{run})
		if err != nil {
			return err
		}
		r = Request{Asking: a, PersonName: from.Name, PersonNumber: run.Format()}
		if f, here := files[run]; here {
			r.FileID, r.PersonName = f.ID, people.DisplayName(tx.Context(), f)
		}
		r, err = receive(tx, who, r)
		return err
	})
	return r, err
}

func receive(tx *tenants.Tx, who actor.Actor, r Request) (Request, error) {
	known, twice, err := requestByKey(tx, r.Key)
	switch {
	case err != nil:
		return known, err
	case twice && (known.FileID != r.FileID || known.PersonNumber != r.PersonNumber || known.Kind != r.Kind || known.Asked != r.Asked):
		return Request{}, fault.Twice()
	case twice:
		return known, nil
	}
	if err := r.check(calendar.On(tx.Now)); err != nil {
		return r, err
	}
	r.Due = r.Received.AddDays(days)
	if err := insertRequest(tx, who, &r); err != nil {
		return r, err
	}
	if err := addEntry(tx, who, r.ID, "received", ""); err != nil {
		return r, err
	}
	return r, audit.Record(tx, who, audit.Change{Action: "request.receive", Object: r.ID, File: r.FileID,
		Detail: map[string]string{"folio": r.Folio(), "kind": string(r.Kind)}})
}

// RequestShown is a request with what its pages say of it.
type RequestShown struct {
	Request
	Frame   *layout.FileFrame // of its file; nil without one
	Today   calendar.Date
	Entries []Entry
}

// Request gives a request to who answers them. The look is in the trail.
func (s *Service) Request(ctx context.Context, who actor.Actor, id string) (v RequestShown, err error) {
	if err = may(who, access.AnswerAccess); err != nil {
		return v, err
	}
	return s.showRequest(ctx, who, id, "request")
}

// Receipt gives a request to who took it in, or answers it, for the paper that the
// person leaves with; for others there is none.
func (s *Service) Receipt(ctx context.Context, who actor.Actor, id string) (RequestShown, error) {
	v, err := s.showRequest(ctx, who, id, "request.pdf")
	if err == nil && v.CreatedBy != who.UserID && !who.Can(access.AnswerAccess) {
		return RequestShown{}, fault.New(fault.NotFound, "fault.not_found")
	}
	return v, err
}

func (s *Service) showRequest(ctx context.Context, who actor.Actor, id, what string) (v RequestShown, err error) {
	err = who.Municipality.View(ctx, func(tx *tenants.Tx) (err error) {
		v.Today = calendar.On(tx.Now)
		if v.Request, err = requestByID(tx, id); err != nil {
			return err
		}
		v.Entries, err = entriesOf(tx, id)
		return err
	})
	if err != nil || v.FileID == "" {
		return v, err
	}
	if err = audit.Looked(ctx, who, audit.View{File: v.FileID, What: what, Why: id}); err != nil {
		return v, err
	}
	return v, who.Municipality.View(ctx, func(tx *tenants.Tx) error { //nolint:contextcheck // the transaction carries it
		f, err := people.Open(tx, v.FileID)
		if err != nil {
			return err
		}
		v.Frame, err = s.people.Frame(tx, who, f, "")
		return err
	})
}

// Respond answers a request. Answered the same way twice it is one answer;
// fault.Conflict: somebody answered it otherwise meanwhile.
func (s *Service) Respond(ctx context.Context, who actor.Actor, id string, a Answer) error {
	if err := may(who, access.AnswerAccess); err != nil {
		return err
	}
	return who.Municipality.Update(ctx, func(tx *tenants.Tx) error {
		tx.Legal()
		r, err := requestByID(tx, id)
		if err != nil {
			return err
		}
		if r.Answered && r.Answer == a {
			return nil
		}
		if r.Answered {
			return fault.New(fault.Conflict, "request.error.answered")
		}
		if err := a.check(); err != nil {
			return err
		}
		if a.Outcome == NoData && r.FileID != "" {
			return fault.InvalidField("outcome", "request.error.has_data")
		}
		return respond(tx, who, &r, &a)
	})
}

func respond(tx *tenants.Tx, who actor.Actor, r *Request, a *Answer) error {
	written, err := writeAnswer(tx, who, r.ID, a)
	if err != nil {
		return err
	}
	if !written {
		return fault.New(fault.Conflict, "request.error.answered")
	}
	if err := addEntry(tx, who, r.ID, "answered", ""); err != nil {
		return err
	}
	return audit.Record(tx, who, audit.Change{Action: "request.answer", Object: r.ID, File: r.FileID,
		Detail: map[string]string{"folio": r.Folio(), "outcome": string(a.Outcome)}})
}

// Note adds to the history of a request; nothing that stands there changes.
func (s *Service) Note(ctx context.Context, who actor.Actor, id, text string) error {
	if err := may(who, access.AnswerAccess); err != nil {
		return err
	}
	if key := textProblem(text); key != "" {
		return fault.InvalidFields(fault.Field{Name: "note", Key: noteProblems[key], Args: map[string]any{"Max": longText}})
	}
	return who.Municipality.Update(ctx, func(tx *tenants.Tx) error {
		r, err := requestByID(tx, id)
		if err != nil {
			return err
		}
		list, err := entriesOf(tx, id)
		if err != nil {
			return err
		}
		if len(list) > 0 && list[0].What == "note" && list[0].Note == text {
			return nil // sent twice
		}
		if err := addEntry(tx, who, id, "note", text); err != nil {
			return err
		}
		return audit.Record(tx, who, audit.Change{Action: "request.note", Object: id, File: r.FileID, Detail: map[string]string{"folio": r.Folio()}})
	})
}

var noteProblems = map[string]string{"request.error.asked": "request.error.note", "request.error.long": "request.error.long"}
