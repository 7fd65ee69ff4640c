package access

import (
	"context"

	"gsl/app/kit/actor"
	"gsl/app/kit/fault"
	"gsl/tenants"
)

// Trail reads the national trail, for the national administration.
func (s *Service) Trail(ctx context.Context, who actor.Actor, look Look) (t Trail, err error) {
	if !who.Can(Administer) {
		return Trail{}, fault.New(fault.Forbidden, "fault.forbidden")
	}
	err = s.files.National().View(ctx, func(tx *tenants.Tx) (err error) {
		if t.Kinds, err = trailKinds(tx); err != nil {
			return err
		}
		list, err := readTrail(tx, look)
		if err != nil {
			return err
		}
		return t.cut(tx, list)
	})
	return t, err
}

// History reads what was done to one person, as far as the actor may know; before
// is the number of the last entry of the page before, 0 for the newest.
func (s *Service) History(ctx context.Context, who actor.Actor, user string, before int64) (t Trail, err error) {
	r, err := reachOf(who)
	if err != nil {
		return Trail{}, err
	}
	err = s.files.National().View(ctx, func(tx *tenants.Tx) error {
		if _, err := findWithin(tx, r, byID(user)); err != nil {
			return err
		}
		list, err := historyWithin(tx, r, user, before)
		if err != nil {
			return err
		}
		return t.cut(tx, list)
	})
	return t, err
}

func historyWithin(tx *tenants.Tx, r reach, user string, before int64) ([]Entry, error) {
	if r.all {
		return readTrail(tx, Look{About: user, Before: before})
	}
	return readHistory(tx, r, user, before)
}

// cut keeps a page of what was read and puts names to it.
func (t *Trail) cut(tx *tenants.Tx, list []Entry) error {
	if t.More = len(list) > trailPage; t.More {
		list = list[:trailPage]
	}
	t.Entries = list
	return nameTrail(tx, t.Entries)
}
