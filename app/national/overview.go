package national

import (
	"context"
	"time"

	"gsl/app/kit/actor"
	"gsl/tenants"
)

// mostAlerts is how many rows the first page tells; the list tells all.
const mostAlerts = 12

// Overview is the first page: what wants a look, and how many there are.
type Overview struct {
	Counts    Counts
	Alerts    []Row // the worst first
	More      int   // that are not told
	CheckedAt time.Time
	Batches   []Batch
	SameDisk  bool // the replicas lie on the disk of the files: they are no backup
}

// Overview gives what wants a look.
func (s *Service) Overview(ctx context.Context, who actor.Actor) (Overview, error) {
	list, err := s.List(ctx, who, Filter{Sort: "health", Down: true})
	if err != nil {
		return Overview{}, err
	}
	o := Overview{Counts: list.Counts, CheckedAt: s.freshAt(), SameDisk: s.near.Load()}
	for _, row := range list.Rows {
		if row.Health < WantsLook && row.Status != tenants.Provisioning {
			continue
		}
		if len(o.Alerts) == mostAlerts {
			o.More++
			continue
		}
		o.Alerts = append(o.Alerts, row)
	}
	o.Batches, err = s.recentBatches(ctx)
	return o, err
}

// Detail is one municipality with what is known of it from outside.
type Detail struct {
	Row
	Place     Place
	Standing  Standing
	Order     *Begun
	Files     []tenants.ReplicaStatus
	Exports   []Export
	Recipient Recipient
}

// Begun is the order by which a municipality was made.
type Begun struct {
	Options Options
	At      time.Time
	ByName  string
	Done    bool
	Trouble string
}

// Detail gives one municipality; fault.NotFound for an unknown id.
func (s *Service) Detail(ctx context.Context, who actor.Actor, id string) (Detail, error) {
	if err := may(who); err != nil {
		return Detail{}, err
	}
	var d Detail
	err := s.files.National().View(ctx, func(tx *tenants.Tx) (err error) {
		if d.Row, err = oneRow(tx, id); err != nil {
			return err
		}
		if d.Standing, err = findStanding(tx, id); err != nil {
			return err
		}
		if d.Order, err = begun(tx, d.Code); err != nil {
			return err
		}
		if d.Recipient, err = findRecipient(tx, id); err != nil {
			return err
		}
		if d.Place.Communes, err = communesOf(tx, id); err != nil {
			return err
		}
		d.Exports, err = exportsOf(tx, id)
		return err
	})
	if err != nil {
		return d, notFound(err)
	}
	replicas, err := s.replicasByOwner(ctx)
	d.Files = replicas[id]
	return d, err
}

// here says which codes are on the platform, and how they are called.
func (s *Service) here(ctx context.Context) (map[string]string, error) {
	list, err := s.files.Municipalities(ctx)
	by := make(map[string]string, len(list))
	for _, who := range list {
		by[who.Code] = who.Name
	}
	return by, err
}

// freshAt is when the list was last refreshed; zero before the first time.
func (s *Service) freshAt() time.Time {
	if at := s.fresh.Load(); at != 0 {
		return time.Unix(0, at)
	}
	return time.Time{}
}
