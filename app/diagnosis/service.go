package diagnosis

import (
	"context"
	"time"

	"gsl/app/access"
	"gsl/app/kit/actor"
	"gsl/app/kit/audit"
	"gsl/app/kit/calendar"
	"gsl/app/kit/fault"
	"gsl/app/kit/i18n"
	"gsl/app/people"
	"gsl/app/screening"
	"gsl/templates/layout"
	"gsl/templates/ui"
	"gsl/tenants"
)

// Service is what one can do with the diagnosis of a file, its ecomap, its goals
// and commitments. The hooks are filled once, before the first request; a nil
// hook leaves its part out.
type Service struct {
	people *people.Service

	// Screened gives what the registries know of a file; screening fills it.
	Screened func(ctx context.Context, who actor.Actor, fileID string) (*screening.Screening, error)
	// OnDone hears of each finished diagnosis, in the transaction that finishes it.
	OnDone []func(tx *tenants.Tx, who actor.Actor, d *Diagnosis) error
	// Items lists the agreed plan items of a file; plan fills it.
	Items func(tx *tenants.Tx, who actor.Actor, fileID string) ([]Item, error)
}

// NewService makes the service.
func NewService(files *people.Service) *Service { return &Service{people: files} }

func may(who actor.Actor, p actor.Permission) error {
	if who.Municipality == nil || !who.Can(p) {
		return fault.New(fault.Forbidden, "fault.forbidden")
	}
	return nil
}

// Latest gives the last finished diagnosis of a file; ok is false for none.
func Latest(tx *tenants.Tx, fileID string) (d Diagnosis, ok bool, err error) {
	list, err := doneOf(tx, fileID, 1)
	if err != nil || len(list) == 0 {
		return Diagnosis{}, false, err
	}
	return list[0], true, nil
}

// mostKept bounds how many diagnoses of a file are read: one a month for decades.
const mostKept = 400

// OfFile gives the finished diagnoses of a file, the newest first.
func OfFile(tx *tenants.Tx, fileID string) ([]Diagnosis, error) { return doneOf(tx, fileID, mostKept) }

// WarnOfRisk warns in the person's header of a high risk, as RiskOfFile gives it,
// on every page of the file for who may read casework.
func WarnOfRisk(ctx context.Context, who actor.Actor, frame *layout.FileFrame, n int) {
	if n == 0 || !who.Can(access.ReadCasework) {
		return
	}
	risk := [...]Risk{1: HighRisk, 2: CriticalRisk}[n]
	frame.Alerts = append(frame.Alerts, ui.Tag{Text: i18n.T(ctx, wholeRiskKeys[risk]), Icon: riskIcons[risk], Kind: ui.Danger})
}

// visit is a file opened for an answer.
type visit struct {
	File  people.File
	Frame *layout.FileFrame
	Today calendar.Date
	at    time.Time
	why   string
}

// visit opens the file in the transaction that also reads what is shown of it.
func (s *Service) visit(tx *tenants.Tx, who actor.Actor, fileID string) (v visit, err error) {
	if v.File, err = people.Open(tx, fileID); err != nil {
		return v, err
	}
	if v.Frame, err = s.people.Frame(tx, who, v.File, people.DiagnosisSection); err != nil {
		return v, err
	}
	v.at, v.Today, v.why = tx.Now, calendar.On(tx.Now), v.Frame.Why
	return v, nil
}

// seen leaves the trail of the view; nothing of a file is answered before it returns.
func (v *visit) seen(ctx context.Context, who actor.Actor, what string) error {
	return audit.Looked(ctx, who, audit.View{File: v.File.ID, What: what, Why: v.why})
}

// view runs work that reads for a page of the file and leaves the trail of the view.
func (s *Service) view(ctx context.Context, who actor.Actor, fileID, what string, work func(tx *tenants.Tx) error) (v visit, err error) {
	if err = may(who, access.ReadCasework); err != nil {
		return v, err
	}
	err = who.Municipality.View(ctx, func(tx *tenants.Tx) (err error) { //nolint:contextcheck // the transaction carries it
		if v, err = s.visit(tx, who, fileID); err != nil {
			return err
		}
		return work(tx)
	})
	if err != nil {
		return v, err
	}
	return v, v.seen(ctx, who, what)
}

// Exists answers fault.NotFound when the municipality has no diagnosis with the id.
func (s *Service) Exists(ctx context.Context, who actor.Actor, id string) error {
	return who.Municipality.View(ctx, func(tx *tenants.Tx) error {
		_, err := load(tx, id)
		return err
	})
}

// screened asks the registries. A registry that cannot be asked is no error.
func (s *Service) screened(ctx context.Context, who actor.Actor, fileID string) (*screening.Screening, error) {
	if s.Screened == nil {
		return nil, nil //nolint:nilnil // without the room there is nothing to know
	}
	return s.Screened(ctx, who, fileID)
}
