package national

import (
	"context"
	"time"

	"gsl/app/kit/calendar"
	"gsl/tenants"
)

// refreshEvery is how old what the list shows may be.
const refreshEvery = 20 * time.Second

// keepFresh looks at every municipality now and then, until the context ends.
func (s *Service) keepFresh(ctx context.Context) {
	ticker := time.NewTicker(refreshEvery)
	defer ticker.Stop()
	for {
		if err := s.Refresh(ctx); err != nil && ctx.Err() == nil {
			s.log.ErrorContext(ctx, "the list of municipalities is not refreshed", "error", err)
		}
		select {
		case <-ctx.Done():
			return
		case <-ticker.C:
		case <-s.stale:
		}
	}
}

// changed lets the list be refreshed soon.
func (s *Service) changed() {
	select {
	case s.stale <- struct{}{}:
	default: // it will be anyway
	}
}

// chunk is how many rows are written in one transaction: people sign in meanwhile.
const chunk = 500

// Refresh writes down how every municipality stands. It opens no municipality's
// file: the headers of closed ones are read, what is known of open ones is asked.
func (s *Service) Refresh(ctx context.Context) error {
	list, err := s.look(ctx)
	if err != nil {
		return err
	}
	for len(list) > 0 {
		part := list[:min(chunk, len(list))]
		list = list[len(part):]
		err := s.files.National().Update(ctx, func(tx *tenants.Tx) error {
			for i := range part {
				if err := writeSummary(tx, &part[i]); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			return err
		}
	}
	s.fresh.Store(s.clock().UnixNano())
	return nil
}

// look finds out how every municipality stands and gives those whose row would change.
func (s *Service) look(ctx context.Context) ([]summary, error) {
	all, err := s.files.Municipalities(ctx)
	if err != nil {
		return nil, err
	}
	replicas, err := s.replicasByOwner(ctx)
	if err != nil {
		return nil, err
	}
	var counts map[string]activity
	var known map[string]summaryRow
	now := s.clock()
	err = s.files.National().View(ctx, func(tx *tenants.Tx) (err error) {
		if counts, err = activities(tx, calendar.On(now)); err != nil {
			return err
		}
		known, err = summaries(tx)
		return err
	})
	if err != nil {
		return nil, err
	}
	var changed []summary
	for _, who := range all {
		place, ok := PlaceOf(who.Code)
		if !ok {
			place = Place{Code: who.Code}
		}
		place.Name, place.Kind = who.Name, who.Kind
		one := summary{id: who.ID, place: place, users: counts[who.ID].users, lastAt: counts[who.ID].last}
		one.survey(s.files.Survey(who))
		one.replicas(replicas[who.ID], now)
		if who.Status == tenants.Provisioning {
			one.trouble = []string{HalfMade}
		}
		if row := one.row(); known[who.ID] != row {
			changed = append(changed, one)
		}
	}
	return changed, nil
}

func (s *Service) replicasByOwner(ctx context.Context) (map[string][]tenants.ReplicaStatus, error) {
	list, err := s.files.Replicas(ctx)
	by := map[string][]tenants.ReplicaStatus{}
	near := false
	for _, r := range list {
		near = near || r.SameDisk
		if r.Target != "" {
			by[r.MunicipalityID] = append(by[r.MunicipalityID], r)
		}
	}
	if err == nil {
		s.near.Store(near)
	}
	return by, err
}

// activity is how many people may work in a municipality today, and when one last did.
type activity struct {
	users int
	last  string
}

// summaryRow is what a row of the summary says, to find out whether it would change.
type summaryRow struct {
	search  string
	users   int
	lastAt  string
	bytes   int64
	schema  int64
	lag     int64
	drillAt string
	trouble string
}

func (s *summary) row() summaryRow {
	return summaryRow{search: s.place.search(), users: s.users, lastAt: s.lastAt, bytes: s.bytes, schema: s.schema, lag: s.lag, drillAt: s.drillAt, trouble: s.troubles()}
}
