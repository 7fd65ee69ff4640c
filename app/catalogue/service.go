package catalogue

import (
	"context"
	"strconv"
	"sync"
	"time"

	"gsl/app/access"
	"gsl/app/kit/actor"
	"gsl/app/kit/audit"
	"gsl/app/kit/calendar"
	"gsl/app/kit/fault"
	"gsl/tenants"
)

// maxCompiled bounds how many municipalities' catalogues stay in memory, about
// 100 KB each.
const maxCompiled = 200

// Service gives the catalogue of the actor's municipality. The compiled
// catalogue of the day is kept in memory and shared: what it returns is read
// only. On a miss it opens read transactions of its own, so ask it before
// opening one.
type Service struct {
	national *tenants.DB
	clock    func() time.Time
	mu       sync.Mutex
	compiled map[string]*Catalogue // by municipality
	changes  int                   // grows with every change, so that a slow reader cannot bring back what it read before
}

// NewService reads national items from national.db. clock may be nil: time.Now.
func NewService(national *tenants.DB, clock func() time.Time) *Service {
	if clock == nil {
		clock = time.Now
	}
	return &Service{national: national, clock: clock, compiled: map[string]*Catalogue{}}
}

// Catalogue gives everything that can be offered today.
func (s *Service) Catalogue(ctx context.Context, who actor.Actor) (*Catalogue, error) {
	if who.Municipality == nil || !who.Can(access.ReadFile) {
		return nil, fault.New(fault.Forbidden, "fault.forbidden")
	}
	today := calendar.On(s.clock())
	s.mu.Lock()
	have, changes := s.compiled[who.Municipality.ID], s.changes
	s.mu.Unlock()
	if have != nil && have.Day == today {
		return have, nil
	}
	fresh, err := s.load(ctx, who.Municipality, today)
	if err != nil {
		return nil, err
	}
	s.keep(who.Municipality.ID, fresh, changes)
	return fresh, nil
}

// On gives what could be offered on a day, to explain a past decision. It is
// read anew each time.
func (s *Service) On(ctx context.Context, who actor.Actor, day calendar.Date) (*Catalogue, error) {
	if who.Municipality == nil || !who.Can(access.ReadFile) {
		return nil, fault.New(fault.Forbidden, "fault.forbidden")
	}
	return s.load(ctx, who.Municipality, day)
}

// Items lists what can be offered today, by category, subcategory and code.
func (s *Service) Items(ctx context.Context, who actor.Actor) ([]*Item, error) {
	c, err := s.Catalogue(ctx, who)
	if err != nil {
		return nil, err
	}
	return c.Items, nil
}

// Item gives one item of today's catalogue; fault.NotFound when there is none.
func (s *Service) Item(ctx context.Context, who actor.Actor, code string) (*Item, error) {
	c, err := s.Catalogue(ctx, who)
	if err != nil {
		return nil, err
	}
	it := c.Item(code)
	if it == nil {
		return nil, fault.New(fault.NotFound, "fault.not_found")
	}
	return it, nil
}

// Suggest lists what the household could have and does not, best first; see
// Catalogue.Suggest. limit 0 is no limit.
func (s *Service) Suggest(ctx context.Context, who actor.Actor, f *Facts, limit int) ([]Suggestion, error) {
	c, err := s.Catalogue(ctx, who)
	if err != nil {
		return nil, err
	}
	return c.Suggest(f, limit), nil
}

// Override is what a municipality may say of a national item.
type Override struct {
	Code        string
	Available   bool
	Contact     string
	Spots       int    // places in each period, 0 not limited
	SpotsPeriod string // month, quarter, year
}

func (o Override) apply(it *Item) {
	it.Unavailable = !o.Available
	if o.Contact != "" {
		it.Contact = o.Contact
	}
	it.Spots, it.SpotsPeriod = o.Spots, o.SpotsPeriod
}

// SetOverride keeps what the municipality says of a national item and counts at
// once. Only those who keep the municipality's settings may.
func (s *Service) SetOverride(ctx context.Context, who actor.Actor, o Override) error {
	if !who.Can(access.EditSettings) {
		return fault.New(fault.Forbidden, "fault.forbidden")
	}
	it, err := s.Item(ctx, who, o.Code)
	if err != nil {
		return err
	}
	if it.Scope != National {
		return fault.New(fault.NotFound, "fault.not_found")
	}
	err = who.Municipality.Update(ctx, func(tx *tenants.Tx) error {
		if err := saveOverride(tx, o); err != nil {
			return err
		}
		return audit.Record(tx, who, audit.Change{Action: "catalogue.override", Object: o.Code, Detail: map[string]string{
			"available": strconv.FormatBool(o.Available), "contact": o.Contact,
			"spots": strconv.Itoa(o.Spots), "period": o.SpotsPeriod,
		}})
	})
	if err == nil {
		s.Forget(who.Municipality.ID)
	}
	return err
}

// Forget drops the compiled catalogue of a municipality, or of all when the id
// is blank: to be called after a change is committed.
func (s *Service) Forget(municipalityID string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.changes++
	if municipalityID == "" {
		clear(s.compiled)
		return
	}
	delete(s.compiled, municipalityID)
}

// keep stores a compiled catalogue unless something changed since it was read.
func (s *Service) keep(municipalityID string, c *Catalogue, changes int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if changes != s.changes {
		return
	}
	if len(s.compiled) >= maxCompiled {
		for other := range s.compiled { // any one: it is read again in a few milliseconds
			delete(s.compiled, other)
			break
		}
	}
	s.compiled[municipalityID] = c
}

// load reads the national items, then the municipality's own and what it says
// of the national ones.
func (s *Service) load(ctx context.Context, m *tenants.Municipality, day calendar.Date) (*Catalogue, error) {
	var categories []Category
	var items []*Item
	err := s.national.View(ctx, func(tx *tenants.Tx) (err error) {
		if categories, err = loadCategories(tx); err != nil {
			return err
		}
		if err = loadSubcategories(tx, categories); err != nil {
			return err
		}
		items, err = loadNational(tx, day)
		return err
	})
	if err != nil {
		return nil, err
	}
	err = m.View(ctx, func(tx *tenants.Tx) error {
		if err := loadSubcategories(tx, categories); err != nil {
			return err
		}
		if err := loadOverrides(tx, items); err != nil {
			return err
		}
		own, err := loadMunicipal(tx, day)
		items = append(items, own...)
		return err
	})
	if err != nil {
		return nil, err
	}
	return newCatalogue(day, categories, items), nil //nolint:contextcheck // sentences are made for each language, not for this reader
}
