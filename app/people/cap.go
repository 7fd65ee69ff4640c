package people

import (
	"time"

	"gsl/app/kit/actor"
	"gsl/app/kit/audit"
	"gsl/app/kit/calendar"
	"gsl/app/kit/fault"
	"gsl/tenants"
)

// Cap is how many lookups one operator may make in a municipality: somebody at
// a desk never comes near it, somebody who walks through RUNs does at once. The
// settings people.lookups_per_minute and people.lookups_per_day change it.
type Cap struct{ PerMinute, PerDay int64 }

// DefaultCap holds where the municipality has set nothing.
var DefaultCap = Cap{PerMinute: 30, PerDay: 600}

// verdict is what the cap says of one lookup.
type verdict struct {
	refusal *fault.Error // nil: go on
	alert   bool         // the first one over the cap: somebody should look
	window  string       // "minute" or "day"
}

// judge compares how many lookups there were in the running minute and day,
// this one included, with the cap.
func (c Cap) judge(inMinute, inDay int64) verdict {
	switch {
	case inDay > c.PerDay:
		return verdict{fault.New(fault.TooMany, "people.lookup.too_many_day"), inDay == c.PerDay+1, "day"}
	case inMinute > c.PerMinute:
		return verdict{fault.New(fault.TooMany, "people.lookup.too_many_minute"), inMinute == c.PerMinute+1, "minute"}
	}
	return verdict{}
}

// countLookup counts one lookup and judges it. The count is kept even when the
// answer is no, so that going on does not help; the alert stands in the trail.
func countLookup(tx *tenants.Tx, who actor.Actor) (verdict, error) {
	minute := tx.Now.UTC().Truncate(time.Minute)
	inDay, inMinute, err := tally(tx, who.UserID, calendar.On(tx.Now).String(), stamp(minute))
	if err != nil {
		return verdict{}, err
	}
	limit, err := readCap(tx, DefaultCap)
	if err != nil {
		return verdict{}, err
	}
	v := limit.judge(inMinute, inDay)
	if v.alert {
		err = audit.Record(tx, who, audit.Change{Action: "people.lookup_capped", Object: who.UserID, Detail: map[string]string{"window": v.window}})
	}
	return v, err
}
