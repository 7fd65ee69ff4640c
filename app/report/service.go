package report

import (
	"context"
	"strings"
	"time"

	"gsl/app/access"
	"gsl/app/catalogue"
	"gsl/app/kit/actor"
	"gsl/app/kit/audit"
	"gsl/app/kit/calendar"
	"gsl/app/kit/fault"
	"gsl/app/people"
	"gsl/templates/layout"
	"gsl/tenants"
)

// Service is what one can do with reports. The hooks are filled once, before the
// first request; a nil hook leaves its part out.
type Service struct {
	people    *people.Service
	catalogue *catalogue.Service
	presence  presence

	// Assess gives what the last diagnosis says for a new report.
	Assess func(tx *tenants.Tx, fileID string) (Assessment, bool, error)
	// Waiting lists the plan items of a file that ask for a report; plan fills it.
	Waiting func(tx *tenants.Tx, fileID string) ([]Item, error)
}

// NewService makes the service.
func NewService(files *people.Service, items *catalogue.Service) *Service {
	return &Service{people: files, catalogue: items}
}

// Assessment is what a diagnosis says, in a report's sections.
type Assessment struct {
	On     calendar.Date
	Texts  map[Part]string // of the optional sections
	Ecomap bool            // there is one that can be printed
}

// Item is a plan item that asks for a report.
type Item struct {
	PlanID, ItemID string
	Folio          string // of the plan
	Code, Name     string // the purpose
	Addressee      string
	Detail         string
}

func may(who actor.Actor, p actor.Permission) error {
	if who.Municipality == nil || !who.Can(p) {
		return fault.New(fault.Forbidden, "fault.forbidden")
	}
	return nil
}

// Visit is a file opened for an answer: the person, the frame of the page, and
// what the screens need to know of the moment.
type Visit struct {
	File  people.File
	Frame *layout.FileFrame
	Today calendar.Date
	Now   time.Time
	why   string
}

// visit opens the file in the transaction that also reads what is shown of it.
func (s *Service) visit(tx *tenants.Tx, who actor.Actor, fileID string) (v Visit, err error) {
	if v.File, err = people.Open(tx, fileID); err != nil {
		return v, err
	}
	if v.Frame, err = s.people.Frame(tx, who, v.File, people.ReportSection); err != nil {
		return v, err
	}
	v.Today, v.Now, v.why = calendar.On(tx.Now), tx.Now, v.Frame.Why
	return v, nil
}

// seen leaves the trail of the view; nothing of a file is answered before it returns.
func (v *Visit) seen(ctx context.Context, who actor.Actor, what string) error {
	return audit.Looked(ctx, who, audit.View{File: v.File.ID, What: what, Why: v.why})
}

// Exists answers fault.NotFound for an id that this municipality does not have;
// the address of a paper is the report's with ".pdf" after it.
func (s *Service) Exists(ctx context.Context, who actor.Actor, id string) error {
	id = strings.TrimSuffix(id, ".pdf")
	return who.Municipality.View(ctx, func(tx *tenants.Tx) error {
		_, err := ByID(tx, id)
		return err
	})
}

// Shown is a report with what its page says around it.
type Shown struct {
	Visit
	Report  Report
	Content Content
	Written map[Part]Written // of a draft: who wrote what
	Asides  []Aside          // of a draft: what is kept aside of the actor's
	History []Entry          // oldest first

	Previous *Report      // whose place it is to take
	Instead  *Replacement // and why
}

// Load gives a report and leaves the trail of the view; what is the page or paper.
func (s *Service) Load(ctx context.Context, who actor.Actor, id, what string) (Shown, error) {
	if err := may(who, access.ReadCasework); err != nil {
		return Shown{}, err
	}
	var shown Shown
	err := who.Municipality.View(ctx, func(tx *tenants.Tx) (err error) { //nolint:contextcheck // the transaction carries it
		shown, err = s.show(tx, who, id)
		return err
	})
	if err != nil {
		return Shown{}, err
	}
	return shown, shown.seen(ctx, who, what)
}

func (s *Service) show(tx *tenants.Tx, who actor.Actor, id string) (shown Shown, err error) {
	if shown.Report, err = ByID(tx, id); err != nil {
		return shown, err
	}
	if shown.Visit, err = s.visit(tx, who, shown.Report.FileID); err != nil {
		return shown, err
	}
	if shown.Content, shown.Written, err = contentOf(tx, &shown.Report); err != nil {
		return shown, err
	}
	if shown.Asides, err = asidesOf(tx, id, who.UserID); err != nil {
		return shown, err
	}
	if shown.Previous, shown.Instead, err = before(tx, id); err != nil {
		return shown, err
	}
	shown.History, err = HistoryOf(tx, id)
	return shown, err
}
