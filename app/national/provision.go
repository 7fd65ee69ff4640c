package national

import (
	"context"
	"errors"
	"reflect"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/google/uuid"

	"gsl/app/access"
	"gsl/app/catalogue"
	"gsl/app/kit/actor"
	"gsl/app/kit/audit"
	"gsl/app/kit/fault"
	"gsl/app/referral"
	"gsl/tenants"
)

// Made is what came of an order.
type Made struct {
	Place
	ID      string // of the municipality
	Already bool   // it was there before
	Link    string // by which its first counterpart chooses a password; told once
	Invited string // name of who was invited
	Took    time.Duration
}

// Provision makes a municipality ready for work, or finds that it is. key, which
// may be blank, names the form: sent twice it is answered twice with the same,
// within two minutes. code is the second factor. Errors: fault.Invalid names the
// fields; anything else leaves the order, to be finished at the next start or by
// Continue.
func (s *Service) Provision(ctx context.Context, who actor.Actor, o Order, key, code string) (Made, error) {
	if err := may(who); err != nil {
		return Made{}, err
	}
	place, err := o.check()
	if err != nil {
		return Made{}, err
	}
	s.one.Lock()
	defer s.one.Unlock()
	if key = who.UserID + " " + key; !strings.HasSuffix(key, " ") {
		if known, ok := s.recent.find(key, s.clock()); ok {
			return known, nil
		}
	}
	if err := s.confirm(ctx, who, code); err != nil {
		return Made{}, err
	}
	made, err := s.make(ctx, who, place, o)
	if err == nil && !made.Already {
		s.recent.keep(key, made, s.clock())
	}
	return made, err
}

// make writes the order and carries it out. The caller holds s.one.
func (s *Service) make(ctx context.Context, who actor.Actor, place Place, o Order) (Made, error) {
	begin := time.Now()
	p, err := s.order(ctx, who, place, o, true)
	if err != nil {
		return Made{}, err
	}
	if p.Done {
		return Made{Place: place, ID: p.MunicipalityID, Already: true}, nil
	}
	// Whoever asked may go away: what was begun goes on.
	made, err := s.carryOut(context.WithoutCancel(ctx), who, place, p)
	made.Took = time.Since(begin)
	s.changed()
	return made, err
}

// order writes what is to be made, unless that is known already. correct: what
// was ordered before and has not begun is ordered anew, with what is said now.
func (s *Service) order(ctx context.Context, who actor.Actor, place Place, o Order, correct bool) (p pending, err error) {
	err = s.files.National().Update(ctx, func(tx *tenants.Tx) error {
		id, status, err := municipalityOf(tx, place.Code)
		if err != nil && !tenants.NotFound(err) {
			return err
		}
		begun := err == nil
		p, err = findOrder(tx, place.Code)
		if err == nil && (begun || !correct || p.asks(&o)) || err != nil && !tenants.NotFound(err) {
			return err
		}
		if err != nil {
			p.MunicipalityID = uuid.NewString()
		}
		p = pending{Code: place.Code, MunicipalityID: p.MunicipalityID, Options: o.Options, Counterpart: o.Counterpart, By: who.UserID, ByName: who.Name}
		if begun { // by somebody who wrote no order
			p.MunicipalityID, p.Done = id, status != tenants.Provisioning
		}
		if p.Done {
			return nil
		}
		if err := insertOrder(tx, p); err != nil {
			return err
		}
		return audit.Record(tx, who, audit.Change{Action: "municipality.order", Object: p.MunicipalityID, Detail: p.Options.detail(place.Code)})
	})
	return p, errors.Join(err, s.stepAfter(err, "ordered"))
}

// asks reports whether the order that is kept is this one.
func (p *pending) asks(o *Order) bool {
	return reflect.DeepEqual(p.Options, o.Options) && reflect.DeepEqual(p.Counterpart, o.Counterpart)
}

func (o *Options) detail(code string) map[string]string {
	return map[string]string{"code": code, "model": strconv.Itoa(o.Model), "modules": strings.Join(o.Modules, " "),
		"without": strings.Join(o.Without, " "), "template": o.Template}
}

func (s *Service) stepAfter(err error, name string) error {
	if err != nil {
		return nil
	}
	return s.step(name)
}

// carryOut takes an order through its steps. Each can be run again: what is done
// is found done. The caller holds s.one.
func (s *Service) carryOut(ctx context.Context, who actor.Actor, place Place, p pending) (made Made, err error) {
	made = Made{Place: place, ID: p.MunicipalityID}
	defer func() {
		if err != nil {
			s.remember(ctx, place.Code, err)
		}
	}()
	if !p.Files {
		if err := s.makeFiles(ctx, who, place, p); err != nil {
			return made, err
		}
	}
	if p.Counterpart != nil {
		made.Invited = strings.TrimSpace(p.Counterpart.GivenNames + " " + p.Counterpart.Surnames)
		if made.Link, err = s.invite(ctx, who, place.Code, *p.Counterpart); err != nil {
			return made, err
		}
		if err := s.step("invited"); err != nil {
			return made, err
		}
	}
	return made, s.finish(ctx, who, place)
}

// invite makes somebody the counterpart of a municipality, or finds that they
// are; the link is "" for who has a password.
func (s *Service) invite(ctx context.Context, who actor.Actor, code string, i Invitee) (link string, err error) {
	return s.access.Invite(ctx, who, access.Invitation{RUN: i.RUN, GivenNames: i.GivenNames, Surnames: i.Surnames, Email: i.Email,
		Municipality: code, Role: access.Counterpart})
}

// makeFiles makes the files as the order says: all of that in the transaction
// that makes the main one.
func (s *Service) makeFiles(ctx context.Context, who actor.Actor, place Place, p pending) error {
	template, err := s.template(ctx, p.Options.Template)
	if err != nil {
		return err
	}
	identity := tenants.Identity{ID: p.MunicipalityID, Code: place.Code, Name: place.Name, Kind: place.Kind, Model: p.Options.Model, Communes: place.Communes}
	_, err = s.files.ProvisionWith(ctx, identity, func(tx *tenants.Tx) error {
		if err := audit.Record(tx, who, audit.Change{Action: "municipality.begin", Object: p.MunicipalityID, Detail: p.Options.detail(place.Code)}); err != nil {
			return err
		}
		if p.Options.Template != ModelTemplate {
			if err := catalogue.BeginWith(tx, template); err != nil {
				return err
			}
		}
		return referral.Begin(tx, who, p.Options.Modules, p.Options.Without)
	})
	if err != nil {
		return err
	}
	err = s.files.National().Update(ctx, func(tx *tenants.Tx) error { return setFiles(tx, place.Code) })
	return errors.Join(err, s.stepAfter(err, "files"))
}

// template reads the catalogue of the municipality that is to be copied.
func (s *Service) template(ctx context.Context, name string) (*catalogue.Template, error) {
	if name == ModelTemplate || name == NoTemplate {
		return nil, nil
	}
	var id string
	err := s.files.National().View(ctx, func(tx *tenants.Tx) (err error) {
		id, _, err = municipalityOf(tx, name)
		return err
	})
	if tenants.NotFound(err) {
		return nil, fault.InvalidField("template", "national.error.template")
	}
	if err != nil {
		return nil, err
	}
	m, err := s.files.Municipality(ctx, id)
	if err != nil {
		return nil, err
	}
	var t *catalogue.Template
	err = m.View(ctx, func(tx *tenants.Tx) (err error) {
		t, err = catalogue.ReadTemplate(tx)
		return err
	})
	return t, err
}

func (s *Service) finish(ctx context.Context, who actor.Actor, place Place) error {
	err := s.files.National().Update(ctx, func(tx *tenants.Tx) error {
		id, err := setDone(tx, place.Code)
		if err != nil || id == "" {
			return err
		}
		if err := insertSummary(tx, id, &place); err != nil {
			return err
		}
		return audit.Record(tx, who, audit.Change{Action: "municipality.provision", Object: id, Detail: map[string]string{"code": place.Code}})
	})
	return errors.Join(err, s.stepAfter(err, "done"))
}

// remember keeps why an order did not go on, for who looks at what is half made.
func (s *Service) remember(ctx context.Context, code string, why error) {
	err := s.files.National().Update(ctx, func(tx *tenants.Tx) error { return setTrouble(tx, code, why.Error()) })
	s.log.ErrorContext(ctx, "provisioning did not go on", "municipality", code, "error", errors.Join(why, err))
}

// Resume finishes every order that was cut short, and what was begun without
// one. What fails again waits for the next start, or for Continue.
func (s *Service) Resume(ctx context.Context) {
	list, err := s.open(ctx)
	if err != nil {
		s.log.ErrorContext(ctx, "orders to provision cannot be read", "error", err)
		return
	}
	for _, p := range list {
		if ctx.Err() != nil {
			return
		}
		if _, err := s.resume(ctx, p); err == nil {
			s.log.InfoContext(ctx, "provisioning finished after a stop", "municipality", p.Code)
		}
	}
}

// Continue takes up the order of a municipality that stands half made.
func (s *Service) Continue(ctx context.Context, who actor.Actor, id, code string) (Made, error) {
	if err := s.confirm(ctx, who, code); err != nil {
		return Made{}, err
	}
	list, err := s.open(ctx)
	if err != nil {
		return Made{}, err
	}
	for _, p := range list {
		if p.MunicipalityID == id {
			p.By, p.ByName = who.UserID, who.Name
			return s.resume(ctx, p)
		}
	}
	return Made{ID: id, Already: true}, nil
}

func (s *Service) resume(ctx context.Context, p pending) (Made, error) {
	place, ok := PlaceOf(p.Code)
	if !ok {
		return Made{}, fault.InvalidField("place", "national.error.place")
	}
	s.one.Lock()
	defer s.one.Unlock()
	who := administrator(p.By, p.ByName, "resume")
	p, err := s.order(ctx, who, place, Order{Options: p.Options, Counterpart: p.Counterpart}, false)
	if err != nil || p.Done {
		return Made{Place: place, ID: p.MunicipalityID, Already: err == nil}, err
	}
	return s.carryOut(context.WithoutCancel(ctx), who, place, p)
}

// open lists what was begun and not finished.
func (s *Service) open(ctx context.Context) ([]pending, error) {
	var list []pending
	err := s.files.National().View(ctx, func(tx *tenants.Tx) (err error) {
		if list, err = openOrders(tx); err != nil {
			return err
		}
		strays, err := orderless(tx)
		for _, p := range strays {
			p.Options.Template, p.By, p.ByName = ModelTemplate, access.Console().UserID, access.Console().Name
			list = append(list, p)
		}
		return err
	})
	return list, err
}

// recent are the answers to forms of the last two minutes.
type recent struct {
	mu    sync.Mutex
	byKey map[string]answer
}

type answer struct {
	made Made
	at   time.Time
}

const recentFor = 2 * time.Minute

func (r *recent) find(key string, now time.Time) (Made, bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	known, ok := r.byKey[key]
	return known.made, ok && now.Sub(known.at) < recentFor
}

func (r *recent) keep(key string, made Made, now time.Time) {
	r.mu.Lock()
	defer r.mu.Unlock()
	for other, known := range r.byKey {
		if now.Sub(known.at) >= recentFor {
			delete(r.byKey, other)
		}
	}
	if r.byKey == nil {
		r.byKey = map[string]answer{}
	}
	r.byKey[key] = answer{made, now}
}
