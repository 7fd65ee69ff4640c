package national

import (
	"errors"
	"slices"
	"strings"
	"time"

	"gsl/app/kit/sheet"
	"gsl/tenants"
)

// Health is how a municipality's files are, as far as it is known.
type Health int

// The healths, the worst last: the list is sorted by it.
const (
	Well      Health = iota
	Unknown          // nobody has looked yet
	WantsLook        // works, but somebody should look: an old schema, a replica that lags
	Bad              // damaged, missing, or it could not be restored
)

// What can be wrong with a municipality. Codes, because the summary keeps them.
const (
	Damaged     = "damaged"      // a file is not what it was
	Missing     = "missing"      // a file is not there
	Newer       = "newer"        // a file is of a later version of the program
	CannotOpen  = "cannot_open"  // it could not be opened or migrated
	DrillFailed = "drill_failed" // the last try to restore it went wrong
	OldSchema   = "old_schema"   // a file waits for its migration
	Lags        = "lags"         // the replica is behind
	NoReplica   = "no_replica"   // nothing is replicated although others are
	ReplicaErr  = "replica_error"
	DrillOld    = "drill_old" // no restore was tried for two days
	HalfMade    = "half_made" // provisioning was cut short
)

// bad are the troubles that make a municipality's health bad; the others want a look.
var bad = []string{Damaged, Missing, Newer, CannotOpen, DrillFailed}

// healthOf is the health that follows from the troubles.
func healthOf(troubles []string) Health {
	health := Well
	for _, t := range troubles {
		if slices.Contains(bad, t) {
			return Bad
		}
		health = WantsLook
	}
	return health
}

// Limits beyond which the list asks somebody to look.
const (
	lagLimit   = 2 * time.Minute
	drillLimit = 48 * time.Hour
)

// Row is a municipality in the list.
type Row struct {
	ID, Code, Name, Kind string
	Region               string // code
	Model                int
	Status               tenants.Status
	CreatedAt            time.Time
	Users                int
	LastAt               time.Time // when somebody last worked; zero: never
	Bytes                int64
	Schema               int64
	Lag                  time.Duration // negative: not replicated
	DrillAt              time.Time     // last good drill; zero: none
	Health               Health
	Troubles             []string
	CheckedAt            time.Time // zero: nobody has looked yet

	key string // by which it is sorted: the next page begins after it
}

// summary is what the job finds out about one municipality.
type summary struct {
	id      string
	place   Place
	users   int
	lastAt  string
	bytes   int64
	schema  int64
	lag     int64 // seconds, -1 not replicated
	drillAt string
	trouble []string
}

// put adds what a look at the files found.
func (s *summary) survey(found tenants.Survey) {
	s.bytes, s.schema = found.Bytes, found.Schema
	if code := troubleOf(found.Trouble); code != "" {
		s.trouble = append(s.trouble, code)
	}
	if found.Old {
		s.trouble = append(s.trouble, OldSchema)
	}
}

func troubleOf(err error) string {
	switch {
	case err == nil, errors.Is(err, tenants.ErrClosed):
		return ""
	case errors.Is(err, tenants.ErrDamaged):
		return Damaged
	case errors.Is(err, tenants.ErrMissing):
		return Missing
	case errors.Is(err, tenants.ErrNewer):
		return Newer
	}
	return CannotOpen
}

// replicas adds what is known of the replicas of its files: the one that is
// furthest behind counts, and the drill that is longest ago.
func (s *summary) replicas(list []tenants.ReplicaStatus, now time.Time) {
	s.lag = -1
	var oldest time.Time
	for i, r := range list {
		s.lag = max(s.lag, int64(r.Lag/time.Second))
		if r.Err != "" {
			s.note(ReplicaErr)
		}
		if r.DrillErr != "" {
			s.note(DrillFailed)
		}
		if i == 0 || r.DrillAt.Before(oldest) {
			oldest = r.DrillAt
		}
	}
	if time.Duration(s.lag)*time.Second > lagLimit {
		s.note(Lags)
	}
	if !oldest.IsZero() {
		s.drillAt = stamp(oldest)
		if now.Sub(oldest) > drillLimit {
			s.note(DrillOld)
		}
	}
}

func (s *summary) note(code string) {
	if !slices.Contains(s.trouble, code) {
		s.trouble = append(s.trouble, code)
	}
}

func (s *summary) health() Health { return healthOf(s.trouble) }

func (s *summary) troubles() string { return strings.Join(s.trouble, " ") }

// foldName is a name as the list is sorted by it.
func foldName(name string) string { return sheet.Fold(name) }
