package restore

import (
	"context"
	"errors"
	"maps"
	"slices"
	"strings"
	"time"

	"golang.org/x/time/rate"

	"gsl/app/access"
	"gsl/app/kit/actor"
	"gsl/app/kit/audit"
	"gsl/app/kit/fault"
	"gsl/tenants"
)

// rateOfLookups is how often somebody looks people up in copies. A copy counts
// nothing itself, and must not be a way around the cap of the live file.
type rateOfLookups = rate.Limiter

// Lookups in copies: some at once, then one a minute.
const (
	lookupsAtOnce = 30
	lookupEvery   = time.Minute
)

func mayLook(who actor.Actor) error {
	if who.Municipality == nil || !who.Can(access.EditSettings) {
		return fault.New(fault.Forbidden, "fault.forbidden")
	}
	return nil
}

// Copies gives the copies of the actor's municipality that can be looked at.
func (s *Service) Copies(ctx context.Context, who actor.Actor) ([]Restore, error) {
	if err := mayLook(who); err != nil {
		return nil, err
	}
	var list []Restore
	err := s.files.National().View(ctx, func(tx *tenants.Tx) (err error) {
		list, err = readyOf(tx, who.Municipality.LiveID())
		return err
	})
	return list, err
}

// Look lets the actor see the copy on all pages until Leave. fault.NotFound: it
// is another municipality's, or not there any more.
func (s *Service) Look(ctx context.Context, who actor.Actor, id string) error {
	if err := mayLook(who); err != nil {
		return err
	}
	r, err := s.read(ctx, id)
	if err == nil && (r.MunicipalityID != who.Municipality.LiveID() || r.State != Ready) {
		err = fault.New(fault.NotFound, "fault.not_found")
	}
	if err != nil {
		return err
	}
	err = s.files.National().Update(ctx, func(tx *tenants.Tx) error {
		if err := look(tx, who, id); err != nil {
			return err
		}
		return audit.Record(tx, who, audit.Change{Action: "restore.look", Object: id})
	})
	if err == nil {
		s.mu.Lock()
		s.looks[who.MembershipID] = id
		s.mu.Unlock()
	}
	return err
}

// Leave puts the actor back into the live municipality; nothing for who is there.
func (s *Service) Leave(ctx context.Context, who actor.Actor) error {
	return s.turnBack(ctx, who.MembershipID)
}

func (s *Service) turnBack(ctx context.Context, membership string) error {
	s.mu.Lock()
	_, looking := s.looks[membership]
	delete(s.looks, membership)
	s.mu.Unlock()
	if !looking {
		return nil
	}
	return s.files.National().Update(ctx, func(tx *tenants.Tx) error { return leave(tx, membership) })
}

// Looking gives the copy that the membership looks into, nil for the live
// municipality. It is the hook of the door: it asks memory. A copy that cannot be
// opened any more is an error once, and left: the page after is the live one.
func (s *Service) Looking(ctx context.Context, membership string) (*tenants.Municipality, error) {
	s.mu.Lock()
	id := s.looks[membership]
	s.mu.Unlock()
	if id == "" {
		return nil, nil
	}
	copied, err := s.files.OpenCopy(ctx, id)
	if err != nil && ctx.Err() == nil {
		err = errors.Join(err, s.turnBack(ctx, membership))
	}
	return copied, err
}

// forgetLooks ends the looks into a copy.
func (s *Service) forgetLooks(id string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, membership := range slices.Collect(maps.Keys(s.looks)) {
		if s.looks[membership] == id {
			delete(s.looks, membership)
		}
	}
}

// MayLookUp counts a lookup in a copy; fault.TooMany beyond what a check needs.
func (s *Service) MayLookUp(who actor.Actor) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	limit := s.counts[who.MembershipID]
	if limit == nil {
		limit = rate.NewLimiter(rate.Every(lookupEvery), lookupsAtOnce)
		s.counts[who.MembershipID] = limit
	}
	if !limit.AllowN(s.clock(), 1) {
		return fault.New(fault.TooMany, "restore.error.lookups")
	}
	return nil
}

func lines(text string) []string {
	if text == "" {
		return nil
	}
	return strings.Split(text, "\n")
}

// stamp writes a time as the file keeps it; "" for none.
func stamp(at time.Time) string {
	if at.IsZero() {
		return ""
	}
	return at.UTC().Format("2006-01-02T15:04:05.000Z")
}

func moment(text string) time.Time {
	at, err := time.Parse(time.RFC3339Nano, text)
	if err != nil {
		return time.Time{}
	}
	return at
}
