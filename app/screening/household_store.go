package screening

import (
	"gsl/app/people"
	"gsl/tenants"
)

// HouseholdOf gives the RUNs of the household as the registry knew it last; none
// of a person whom it does not know, or of a snapshot that cannot be read.
func HouseholdOf(tx *tenants.Tx, fileID string) ([]people.RUN, error) {
	k, known, err := lastKept(tx, fileID)
	if err != nil || !known || !k.registered {
		return nil, err
	}
	body, err := bodyOf(tx, k.seq)
	if err != nil {
		return nil, err
	}
	h, err := decode(body)
	if err != nil {
		return nil, nil //nolint:nilerr // the screening says that it is damaged; who looked can be said without it
	}
	runs := make([]people.RUN, len(h.Members))
	for i := range h.Members {
		runs[i] = h.Members[i].RUN
	}
	return runs, nil
}
