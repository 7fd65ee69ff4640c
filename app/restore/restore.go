package restore

import (
	"encoding/json"
	"time"

	"gsl/app/kit/calendar"
	"gsl/app/kit/fault"
	"gsl/tenants"
)

// State is how far a restore has come.
type State string

// The states: under way are the first two.
const (
	Running   State = "running"   // the copy is being made
	Ready     State = "ready"     // it lies there, whole
	Failed    State = "failed"    // it could not be made
	Swapped   State = "swapped"   // it took the place of the live file
	Discarded State = "discarded" // it was thrown away
)

// Restore is one of them.
type Restore struct {
	ID             string
	MunicipalityID string
	Code, Name     string // of the municipality
	Source         tenants.Source
	Wanted         time.Time // as it was then; zero: as late as there is
	State          State
	Until          time.Time // of the last change that is in it
	Report         Report
	Trouble        string // for operators: why it failed
	Kept           string // folder of the file that was swapped out
	AskedBy        string // name
	AskedAt        time.Time
	ReadyAt        time.Time
	EndedBy        string // name
	EndedAt        time.Time
	Lookers        []string // names of those who look inside now

	Step  string  // while it runs: what is done, a word of Steps
	Share float64 // and how far, from 0 to 1
}

// UnderWay reports whether nothing has ended it yet.
func (r *Restore) UnderWay() bool { return r.State == Running || r.State == Ready }

// Report is what the copy holds and how it was checked: numbers, no names.
type Report struct {
	Copy    Holding `json:"copy"`
	Live    Holding `json:"live"`     // of the live file when the copy was made
	LiveBad string  `json:"live_bad"` // why the live file could not be counted, "" it could
	Whole   bool    `json:"whole"`    // every page, index and reference is in order
	Chain   bool    `json:"chain"`    // the trail of changes is as it was written
	NoTrail bool    `json:"no_trail"` // the trail of views could not be brought
	Bytes   int64   `json:"bytes"`
	Took    int64   `json:"took"` // milliseconds
}

// Holding is how much a file holds.
type Holding struct {
	Files       int64     `json:"files"` // of people
	Attentions  int64     `json:"attentions"`
	Plans       int64     `json:"plans"`
	OpenPlans   int64     `json:"open_plans"`
	Referrals   int64     `json:"referrals"`
	Benefits    int64     `json:"benefits"`
	Documents   int64     `json:"documents"`
	Changes     int64     `json:"changes"` // entries of the trail
	FirstChange time.Time `json:"first"`
	LastChange  time.Time `json:"last"`
}

func (r Report) text() (string, error) {
	text, err := json.Marshal(r)
	return string(text), err
}

func parseReport(text string) (r Report, err error) {
	if text == "" {
		return r, nil
	}
	err = json.Unmarshal([]byte(text), &r)
	return r, err
}

// Order is what is asked for.
type Order struct {
	Municipality string // CUT code
	Source       tenants.Source
	At           time.Time // as it was then; zero: as late as there is
	Point        string    // a named restore point, instead of a time
}

// check says what is wrong with an order.
func (o *Order) check(now time.Time) error {
	var wrong []fault.Field
	if o.Municipality == "" {
		wrong = append(wrong, fault.Field{Name: "municipality", Key: "restore.error.municipality"})
	}
	if o.Source != tenants.FromReplica && o.Source != tenants.FromCopy {
		wrong = append(wrong, fault.Field{Name: "source", Key: "restore.error.source"})
	}
	if o.At.After(now) {
		wrong = append(wrong, fault.Field{Name: "at", Key: "restore.error.future"})
	}
	if len(wrong) > 0 {
		return fault.InvalidFields(wrong...)
	}
	return nil
}

// ParseMoment reads a day and a time of Chile as a form sends them. Both blank:
// as late as there is. A day without a time is its end, and today's is not yet.
func ParseMoment(now time.Time, day, clock string) (time.Time, error) {
	if day == "" && clock == "" {
		return time.Time{}, nil
	}
	if day == "" {
		return time.Time{}, fault.InvalidField("day", "restore.error.day")
	}
	date, err := calendar.Parse(day)
	if err != nil {
		return time.Time{}, fault.InvalidField("day", "restore.error.day")
	}
	if clock == "" && date == calendar.On(now) {
		return time.Time{}, nil
	}
	if clock == "" {
		return time.Date(date.Year(), time.Month(date.Month()), date.Day()+1, 0, 0, 0, 0, calendar.Santiago), nil
	}
	for _, layout := range []string{"15:04", "15:04:05"} {
		if at, err := time.Parse(layout, clock); err == nil {
			return time.Date(date.Year(), time.Month(date.Month()), date.Day(), at.Hour(), at.Minute(), at.Second(), 0, calendar.Santiago), nil
		}
	}
	return time.Time{}, fault.InvalidField("time", "restore.error.time")
}
