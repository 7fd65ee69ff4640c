package national

import (
	"context"
	"strings"
	"time"
	"unicode/utf8"

	"gsl/app/kit/actor"
	"gsl/app/kit/audit"
	"gsl/app/kit/fault"
	"gsl/tenants"
)

// maxReason is how long a reason may be, in characters.
const maxReason = 500

// Standing is why a municipality is not at work, or since when it is again.
type Standing struct {
	Since  time.Time // zero: nobody ever changed it
	ByName string
	Reason string
}

// moves are the changes of status that there are, with their entry in the trail.
var moves = map[tenants.Status]string{
	tenants.Suspended: "municipality.suspend",
	tenants.Active:    "municipality.resume",
	tenants.Archived:  "municipality.archive",
}

// SetStatus suspends a municipality, puts it away, or brings it back; it counts
// on the next request of its people, and the others notice nothing. What stands
// so already is left as it is. A change without reason is fault.Invalid, one of a
// municipality that is half made fault.Conflict.
func (s *Service) SetStatus(ctx context.Context, who actor.Actor, id string, to tenants.Status, reason, code string) error {
	action, ok := moves[to]
	if !ok {
		return fault.InvalidField("to", "web.field.choice")
	}
	reason = strings.TrimSpace(reason)
	if n := utf8.RuneCountInString(reason); n > maxReason || n == 0 && to != tenants.Active {
		return fault.InvalidField("reason", "national.error.reason")
	}
	now, err := s.row(ctx, id)
	if err != nil {
		return err
	}
	switch now.Status {
	case tenants.Provisioning:
		return fault.New(fault.Conflict, "national.error.half_made")
	case to:
		return nil
	}
	if err := s.confirm(ctx, who, code); err != nil {
		return err
	}
	return s.files.SetStatusWith(ctx, id, to, func(tx *tenants.Tx) error {
		if err := setStanding(tx, id, who.Name, reason); err != nil {
			return err
		}
		return audit.Record(tx, who, audit.Change{Action: action, Object: id,
			Detail: map[string]string{"code": now.Code, "from": string(now.Status), "to": string(to), "reason": reason}})
	})
}
