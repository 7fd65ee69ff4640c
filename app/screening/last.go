package screening

import (
	"gsl/app/kit/calendar"
	"gsl/tenants"
)

// Last gives the household of the last snapshot that is kept of a file, and the
// day until which it held, for rooms that write in their own transaction: a
// report that begins is filled with it. ok is false when the person is not known
// to be registered, or when what was kept cannot be read: nothing is filled then.
func Last(tx *tenants.Tx, fileID string) (h Household, seen calendar.Date, ok bool, err error) {
	k, ok, err := lastKept(tx, fileID)
	if err != nil || !ok || !k.registered {
		return Household{}, calendar.Date{}, false, err
	}
	body, err := bodyOf(tx, k.seq)
	if err != nil {
		return Household{}, calendar.Date{}, false, err
	}
	if h, err = decode(body); err != nil {
		return Household{}, calendar.Date{}, false, nil //nolint:nilerr // the screening's page says that it is damaged
	}
	return h, calendar.On(k.seenAt), true, nil
}
