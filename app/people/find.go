package people

import (
	"context"

	"gsl/app/kit/actor"
	"gsl/app/kit/fault"
	"gsl/tenants"
)

// Find gives the case file of a RUN like Lookup, of somebody who is not attended
// yet: who comes in is put on a waiting list, and no attention opens. It counts
// as a lookup and leaves the same trail.
func (s *Service) Find(ctx context.Context, who actor.Actor, run RUN) (File, error) {
	if err := mayRead(who); err != nil {
		return File{}, err
	}
	if run.IsZero() {
		return File{}, fault.InvalidField("run", runSentence(ErrRUNBlank))
	}
	if err := s.countInCopy(who); err != nil {
		return File{}, err
	}
	var f File
	var v verdict
	err := who.Municipality.Update(tenants.ForReading(ctx), func(tx *tenants.Tx) (err error) {
		if v, err = countLookup(tx, who); err == nil && v.refusal == nil {
			f, err = openedByRUN(tx, who, run)
		}
		if err == nil && f.ID != "" {
			f, err = s.veiled(tx, who, f)
		}
		return err
	})
	if err != nil {
		return File{}, err
	}
	if v.refusal != nil {
		s.alert(ctx, who, v)
		return File{}, v.refusal
	}
	return f, s.looked(ctx, who, f, "")
}
