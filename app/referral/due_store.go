package referral

import (
	"gsl/app/kit/calendar"
	"gsl/tenants"
)

// mostDue is how many due referrals an agenda shows.
const mostDue = 200

// DueOf gives the referrals of a unit whose clock runs and whose answer is due by
// a day, the earliest first: those that one of the workers handles, or without
// workers those of everybody.
func DueOf(tx *tenants.Tx, unit string, workers []string, to calendar.Date) ([]Referral, error) {
	list, err := jsonList(workers)
	if err != nil || unit == "" {
		return nil, err
	}
	rows, err := tx.Query(`SELECT `+referralColumns+` FROM referral AS r
		WHERE r.unit = ?1 AND r.state IN ('sent', 'received', 'in-progress') AND r.due <= ?2
			AND (?3 = '[]' OR r.assigned IN (SELECT value FROM json_each(?3))) ORDER BY r.due, r.id LIMIT ?4`, unit, to, list, mostDue)
	if err != nil {
		return nil, err
	}
	return collect(rows, scanReferral)
}
