package announce

import (
	"context"
	"regexp"
	"strconv"
	"sync"
	"sync/atomic"
	"time"

	"gsl/app/access"
	"gsl/app/kit/actor"
	"gsl/app/kit/audit"
	"gsl/app/kit/fault"
	"gsl/templates/layout"
	"gsl/tenants"
)

// Service is the room's verbs. Build one per process with New.
type Service struct {
	files *tenants.Files
	clock func() time.Time
	board atomic.Pointer[board]
	turn  sync.Mutex // one refresh after the other: the later one has read what the earlier one did
}

// board is what stands or is to come, as every page reads it: nobody changes it.
type board struct{ notes []note }

type note struct {
	*Announcement
	shown     layout.Announcement // as the frame draws it
	dismissed *sync.Map           // ids of users
}

// New makes the service and reads what stands. clock may be nil: time.Now.
func New(ctx context.Context, files *tenants.Files, clock func() time.Time) (*Service, error) {
	if clock == nil {
		clock = time.Now
	}
	s := &Service{files: files, clock: clock}
	return s, s.refresh(ctx)
}

// refresh reads what is held anew.
func (s *Service) refresh(ctx context.Context) error {
	s.turn.Lock()
	defer s.turn.Unlock()
	fresh := &board{}
	err := s.files.National().View(ctx, func(tx *tenants.Tx) error {
		list, err := loadCurrent(tx, s.clock())
		if err != nil {
			return err
		}
		for _, a := range list {
			users, err := loadDismissed(tx, a.ID)
			if err != nil {
				return err
			}
			n := note{Announcement: a, shown: layout.Announcement{ID: a.ID, Text: a.Text, Warning: a.Level == Warning}, dismissed: &sync.Map{}}
			for user := range users {
				n.dismissed.Store(user, true)
			}
			fresh.notes = append(fresh.notes, n)
		}
		return nil
	})
	if err == nil {
		s.board.Store(fresh)
	}
	return err
}

// Shown gives what stands for somebody now: from memory, on every page.
func (s *Service) Shown(who actor.Actor) []layout.Announcement {
	b := s.board.Load()
	if b == nil || len(b.notes) == 0 || who.IsNobody() {
		return nil
	}
	now := s.clock()
	var list []layout.Announcement
	for i := range b.notes {
		n := &b.notes[i]
		if now.Before(n.From) || !now.Before(n.To) || !n.For(who) {
			continue
		}
		if _, read := n.dismissed.Load(who.UserID); !read {
			list = append(list, n.shown)
		}
	}
	return list
}

// Dismiss keeps that somebody wants to see an announcement no more.
// fault.NotFound for one that is not theirs to see; one that is gone, or that they
// dismissed before, is no trouble.
func (s *Service) Dismiss(ctx context.Context, who actor.Actor, id string) error {
	if who.IsNobody() {
		return fault.New(fault.Forbidden, "fault.forbidden")
	}
	err := s.files.National().Update(ctx, func(tx *tenants.Tx) error {
		a, err := byID(tx, id)
		switch {
		case tenants.NotFound(err):
			return fault.New(fault.NotFound, "fault.not_found")
		case err != nil:
			return err
		case !a.For(who):
			return fault.New(fault.NotFound, "fault.not_found")
		}
		return dismiss(tx, id, who.UserID)
	})
	if err != nil {
		return err
	}
	s.turn.Lock() // what is being read anew may have been read before this
	defer s.turn.Unlock()
	for _, n := range s.board.Load().notes {
		if n.ID == id {
			n.dismissed.Store(who.UserID, true)
		}
	}
	return nil
}

func may(who actor.Actor) error {
	if !who.Can(access.Administer) {
		return fault.New(fault.Forbidden, "fault.forbidden")
	}
	return nil
}

// Shelf is what the administration sees of its announcements.
type Shelf struct {
	List           []*Announcement
	Municipalities []tenants.Identity
	Now            time.Time
}

// mostShown is how many the page of the administration lists.
const mostShown = 200

// Announcements lists them, past ones too.
func (s *Service) Announcements(ctx context.Context, who actor.Actor) (Shelf, error) {
	shelf := Shelf{Now: s.clock()}
	if err := may(who); err != nil {
		return shelf, err
	}
	err := s.files.National().View(ctx, func(tx *tenants.Tx) (err error) {
		shelf.List, err = loadAll(tx, mostShown)
		return err
	})
	if err == nil {
		shelf.Municipalities, err = s.files.Municipalities(ctx)
	}
	return shelf, err
}

// Announcement gives one; fault.NotFound for an unknown id.
func (s *Service) Announcement(ctx context.Context, who actor.Actor, id string) (a *Announcement, err error) {
	if err := may(who); err != nil {
		return nil, err
	}
	err = s.files.National().View(ctx, func(tx *tenants.Tx) (err error) {
		a, err = found(tx, id)
		return err
	})
	return a, err
}

func found(tx *tenants.Tx, id string) (*Announcement, error) {
	a, err := byID(tx, id)
	if tenants.NotFound(err) {
		return nil, fault.New(fault.NotFound, "fault.not_found")
	}
	return a, err
}

// Exists answers fault.NotFound for an id that no announcement has.
func (s *Service) Exists(ctx context.Context, who actor.Actor, id string) error {
	_, err := s.Announcement(ctx, who, id)
	return err
}

var idPattern = regexp.MustCompile(`^[A-Z0-9]{20,30}$`)

// Post tells something. The id is that of the form: sent twice, it is told once.
func (s *Service) Post(ctx context.Context, who actor.Actor, a Announcement) error {
	return s.change(ctx, who, "announcement.post", func(tx *tenants.Tx) (*Announcement, error) {
		if !idPattern.MatchString(a.ID) {
			return nil, fault.InvalidField("key", "web.field.choice")
		}
		if _, err := byID(tx, a.ID); !tenants.NotFound(err) {
			return nil, err
		}
		a.Revision = 1
		return &a, s.put(tx, who, &a)
	})
}

// Change says an announcement otherwise. With another text everybody sees it
// again. fault.Conflict when somebody changed it since the revision that was shown.
func (s *Service) Change(ctx context.Context, who actor.Actor, a Announcement) (now *Announcement, err error) {
	err = s.change(ctx, who, "announcement.change", func(tx *tenants.Tx) (*Announcement, error) {
		if now, err = found(tx, a.ID); err != nil {
			return nil, err
		}
		switch {
		case now.says(&a):
			return nil, nil // sent twice: one effect
		case !now.WithdrawnAt.IsZero():
			return nil, fault.New(fault.Conflict, "announce.error.withdrawn")
		case now.Revision != a.Revision:
			return nil, fault.New(fault.Conflict, "announce.error.changed_meanwhile")
		}
		if now.Text != a.Text {
			if err := undismiss(tx, a.ID); err != nil {
				return nil, err
			}
		}
		a.Revision++
		return &a, s.put(tx, who, &a)
	})
	return now, err
}

func (s *Service) put(tx *tenants.Tx, who actor.Actor, a *Announcement) error {
	if wrong := a.check(tx.Now); len(wrong) > 0 {
		return fault.InvalidFields(wrong...)
	}
	others, err := countCurrent(tx, tx.Now, a.ID)
	if err != nil {
		return err
	}
	if others >= mostAtOnce {
		return fault.InvalidFields(fault.Field{Name: "text", Key: "announce.error.many", Args: map[string]any{"Max": mostAtOnce}})
	}
	return save(tx, who, a)
}

// Withdraw takes one off every page at once. Twice is no trouble.
func (s *Service) Withdraw(ctx context.Context, who actor.Actor, id string) error {
	return s.change(ctx, who, "announcement.withdraw", func(tx *tenants.Tx) (*Announcement, error) {
		a, err := found(tx, id)
		if err != nil || !a.WithdrawnAt.IsZero() {
			return nil, err
		}
		return a, withdraw(tx, who, id)
	})
}

// change runs one in a transaction, with its trail, and then shows it. A nil
// announcement: nothing changed.
func (s *Service) change(ctx context.Context, who actor.Actor, action string, work func(*tenants.Tx) (*Announcement, error)) error {
	if err := may(who); err != nil {
		return err
	}
	err := s.files.National().Update(ctx, func(tx *tenants.Tx) error {
		a, err := work(tx)
		if err != nil || a == nil {
			return err
		}
		return audit.Record(tx, who, audit.Change{Action: action, Object: a.ID, Detail: map[string]string{"text": a.Text, "level": string(a.Level),
			"from": a.From.UTC().Format(time.RFC3339), "to": a.To.UTC().Format(time.RFC3339), "municipalities": strconv.Itoa(len(a.Municipalities)), "roles": strconv.Itoa(len(a.Roles))}})
	})
	if err != nil {
		return err
	}
	return s.refresh(ctx)
}
