package people

import (
	"context"
	"crypto/rand"
	"sync"
	"time"

	"gsl/app/kit/actor"
	"gsl/app/kit/fault"
	"gsl/tenants"
)

// Stranger is a person of the social registry whom this municipality has no
// file of. A screen shows as little of them as of anybody found, and no RUN: to
// open the file it hands back the key of an offer.
type Stranger struct {
	RUN   RUN
	Is    Registered
	By    Match
	Offer string // key that opens the file, for who searched and not for long
}

// file is the stranger as a file would be.
func (st *Stranger) file() File {
	f := File{RUN: st.RUN}.fill(st.Is)
	f.CommuneCode = st.Is.CommuneCode
	return f
}

// meetStrangers completes a page of results with people of the registry. When
// the registry cannot be searched, the files that were found must do.
func (s *Service) meetStrangers(ctx context.Context, who actor.Actor, q *query, r *Results) error {
	room := maxResults - len(r.Found)
	if s.Strangers == nil || inCopy(who) || len(q.words) == 0 || room <= 0 {
		return nil
	}
	list, err := s.Strangers(ctx, who, q.words, maxResults+1)
	if err != nil {
		if ctx.Err() == nil {
			s.log.WarnContext(ctx, "search the social registry", "municipality", who.Municipality.Code, "request", who.RequestID, "error", err)
		}
		return ctx.Err()
	}
	if list, err = withoutFile(ctx, who, list); err != nil {
		return err
	}
	if len(list) > room {
		list, r.More = list[:room], true
	}
	now := time.Now()
	for i := range list {
		list[i].Offer = s.offers.make(who, list[i].RUN, now)
	}
	r.Strangers = list
	return nil
}

// withoutFile leaves out those of whom the municipality has a file: they were
// found there, or would have been.
func withoutFile(ctx context.Context, who actor.Actor, list []Stranger) ([]Stranger, error) {
	if len(list) == 0 {
		return nil, nil
	}
	runs := make([]RUN, len(list))
	for i := range list {
		runs[i] = list[i].RUN
	}
	var known map[RUN]File
	err := who.Municipality.View(ctx, func(tx *tenants.Tx) (err error) {
		known, err = ByRUNs(tx, runs)
		return err
	})
	if err != nil {
		return nil, err
	}
	kept := list[:0]
	for _, st := range list {
		if _, ok := known[st.RUN]; !ok {
			kept = append(kept, st)
		}
	}
	return kept, nil
}

// LookupOffered opens the file of a stranger whom a search offered: a lookup by
// their RUN. fault.NotFound: the offer is too old, or somebody else's.
func (s *Service) LookupOffered(ctx context.Context, who actor.Actor, key string) (File, error) {
	if err := mayRead(who); err != nil {
		return File{}, err
	}
	run, ok := s.offers.take(who, key, time.Now())
	if !ok {
		return File{}, fault.New(fault.NotFound, "people.search.stale")
	}
	return s.Lookup(ctx, who, run)
}

// offers remembers for a while which RUN stands behind a key, so that no page
// carries the RUN of somebody who was only listed. A restart forgets them.
type offers struct {
	mu sync.Mutex
	of map[string]offer
}

type offer struct {
	run                RUN
	user, municipality string
	until              time.Time
}

const (
	offerLife  = 30 * time.Minute
	mostOffers = 20_000
)

func (o *offers) make(who actor.Actor, run RUN, now time.Time) string {
	o.mu.Lock()
	defer o.mu.Unlock()
	if o.of == nil || len(o.of) >= mostOffers {
		o.sweep(now)
	}
	key := rand.Text()
	o.of[key] = offer{run, who.UserID, who.Municipality.ID, now.Add(offerLife)}
	return key
}

// sweep forgets what is over; if everything still holds, it forgets all.
func (o *offers) sweep(now time.Time) {
	kept := map[string]offer{}
	for key, one := range o.of {
		if now.Before(one.until) {
			kept[key] = one
		}
	}
	if len(kept) >= mostOffers {
		kept = map[string]offer{}
	}
	o.of = kept
}

func (o *offers) take(who actor.Actor, key string, now time.Time) (RUN, bool) {
	o.mu.Lock()
	defer o.mu.Unlock()
	one, ok := o.of[key]
	if !ok || one.user != who.UserID || one.municipality != who.Municipality.ID || now.After(one.until) {
		return RUN{}, false
	}
	return one.run, true
}
