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

// Service is what one can do with trails and with requests about data. The hooks
// are filled once, before the first request.
type Service struct {
	people *people.Service
	prover prover

	// Insiders gives the users of the roster by id.
	Insiders func(ctx context.Context, ids []string) (map[string]access.Insider, error)
	// Household gives the RUNs of those who live with the file's person.
	Household func(tx *tenants.Tx, fileID string) ([]people.RUN, error)
	// Units gives the names of the units by code.
	Units func(tx *tenants.Tx) (map[string]string, error)
	// Replaced lists whom a worker replaces on a day.
	Replaced func(tx *tenants.Tx, userID string, day calendar.Date) ([]string, error)
	// Reasons give what views of the file name as their reason, in the language of
	// the transaction's context; Tasks the work that explains those which name none.
	Reasons []func(tx *tenants.Tx, f people.File) ([]Reason, error)
	Tasks   []func(tx *tenants.Tx, f people.File) ([]Task, error)
	// Parts are what the rooms hold of a person, in the order of the package; Papers
	// the documents as they came in.
	Parts  []Part
	Papers func(tx *tenants.Tx, who actor.Actor, f people.File) ([]Paper, error)
	// Reports are the signed social reports, each printed when its turn has come.
	Reports func(tx *tenants.Tx, who actor.Actor, f people.File) ([]Paper, error)
	// Confidential counts the notes that are not handed over; nil: nobody knows of any.
	Confidential func(tx *tenants.Tx, f people.File) (int, error)
}

// NewService makes the service.
func NewService(files *people.Service) *Service { return &Service{people: files} }

func may(who actor.Actor, p actor.Permission) error {
	if who.Municipality == nil || !who.Can(p) {
		return fault.New(fault.Forbidden, "fault.forbidden")
	}
	return nil
}

// Shown is who has looked at a file.
type Shown struct {
	File    people.File
	Frame   *layout.FileFrame
	Asked   Asked
	Looks   []Look // newest first
	Next    int64  // where the following page begins, 0 at the end
	Cut     bool   // there are more than were asked for
	Viewers []Viewer
	Times   int // views in all, whatever was asked for
	Today   calendar.Date
}

// Viewer is somebody who looked at the file.
type Viewer struct {
	UserID, Name, Role string
	Times              int
}

// How many looks a page and the paper have.
const (
	pageLooks  = 40
	paperLooks = 1500
)

// Looked gives a page of who has looked at a file. This look is in the trail when
// it returns, and so the first that it shows.
func (s *Service) Looked(ctx context.Context, who actor.Actor, fileID string, ask Asked) (Shown, error) {
	return s.looked(ctx, who, fileID, ask, "trail", pageLooks)
}

// ForPaper gives who has looked as it is printed for the person.
func (s *Service) ForPaper(ctx context.Context, who actor.Actor, fileID string, ask Asked) (Shown, error) {
	ask.Before = 0
	return s.looked(ctx, who, fileID, ask, "trail.pdf", paperLooks)
}

func (s *Service) looked(ctx context.Context, who actor.Actor, fileID string, ask Asked, what string, limit int) (v Shown, err error) {
	if err = may(who, access.ReadTrail); err != nil {
		return v, err
	}
	v.Asked = ask
	if v.File, v.Frame, err = s.people.Visit(ctx, who, fileID, people.TrailSection, what); err != nil {
		return v, err
	}
	k, err := s.know(ctx, who, v.File)
	if err != nil {
		return v, err
	}
	for _, viewer := range k.viewers {
		v.Times += viewer.Times
		v.Viewers = append(v.Viewers, Viewer{viewer.UserID, k.insiders[viewer.UserID].Name, viewer.Role, viewer.Times})
	}
	v.Looks, v.Next, err = s.read(ctx, who, k, ask, limit)
	v.Cut = v.Next > 0
	if err != nil {
		return v, err
	}
	return v, who.Municipality.View(ctx, func(tx *tenants.Tx) error {
		v.Today = calendar.On(tx.Now)
		return nil
	})
}

const (
	chunk  = 400 // views read at a time
	rounds = 50  // chunks that one page may take, when few of its views are marked
)

// read gives as many looks as are asked for, and where the next ones begin.
func (s *Service) read(ctx context.Context, who actor.Actor, k *known, ask Asked, limit int) (list []Look, next int64, err error) {
	for range rounds {
		views, err := audit.ViewsOf(ctx, who, ask.which(k.files, chunk))
		if err != nil {
			return nil, 0, err
		}
		looks := gather(views)
		more := len(views) == chunk
		if more && len(looks) > 1 {
			looks = looks[:len(looks)-1] // it may go on in what was not read
		}
		if len(looks) > 0 {
			ask.Before = looks[len(looks)-1].Oldest
		}
		if err = s.judged(ctx, who, k, looks); err != nil {
			return nil, 0, err
		}
		if ask.Odd {
			looks = only(looks)
		}
		list = append(list, looks...)
		switch {
		case len(list) > limit:
			return list[:limit], list[limit-1].Oldest, nil
		case !more:
			return list, 0, nil
		}
	}
	return list, ask.Before, nil
}

func (s *Service) judged(ctx context.Context, who actor.Actor, k *known, looks []Look) error {
	return who.Municipality.View(ctx, func(tx *tenants.Tx) error { //nolint:contextcheck // the transaction carries it
		return k.judge(tx, s, looks)
	})
}
