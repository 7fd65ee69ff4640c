package referral

import (
	"time"

	"gsl/app/kit/calendar"
	"gsl/tenants"
)

// Absence is a time in which somebody of a unit is away and a colleague does
// the work: sees and may handle what is assigned to the absent person.
type Absence struct {
	ID              string
	UserID, Name    string // who is away
	Unit            string // where the person works, "" for a desk without unit
	From, To        calendar.Date
	ReplacementID   string
	ReplacementName string
	Reason          string
	CreatedByName   string
	EndedAt         time.Time // ended before its time; zero otherwise
	EndedByName     string
}

// On reports whether the person is away on the day.
func (a Absence) On(day calendar.Date) bool { return !day.Before(a.From) && !a.To.Before(day) }

// Replacement says whether somebody is away on the day, and who does the work:
// the last of the chain when the replacement is away too. A chain that bites its
// tail ends where it began to.
func Replacement(tx *tenants.Tx, userID string, day calendar.Date) (Absence, bool, error) {
	absence, away, err := absenceOn(tx, userID, day)
	if err != nil || !away {
		return Absence{}, false, err
	}
	seen := map[string]bool{userID: true}
	for !seen[absence.ReplacementID] {
		seen[absence.ReplacementID] = true
		next, away, err := absenceOn(tx, absence.ReplacementID, day)
		if err != nil {
			return Absence{}, false, err
		}
		if !away || seen[next.ReplacementID] {
			break
		}
		absence.ReplacementID, absence.ReplacementName = next.ReplacementID, next.ReplacementName
	}
	return absence, true, nil
}
