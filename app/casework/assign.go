package casework

import (
	"time"

	"gsl/app/kit/actor"
	"gsl/app/kit/audit"
	"gsl/tenants"
)

// Assign makes a worker responsible for the file's case, inside the caller's
// transaction; the case is opened when there is none. A blank worker lets it
// wait for somebody. The same again changes nothing.
func Assign(tx *tenants.Tx, who actor.Actor, fileID, unit, workerID, workerName, why string) error {
	return assign(tx, who, fileID, to{unit: unit, id: workerID, name: workerName}, why)
}

// Ensure gives the file a case when it has none, or one that waits for somebody:
// the actor is responsible. Who agrees on a plan with a person works with them.
func Ensure(tx *tenants.Tx, who actor.Actor, fileID string) error {
	c, open, err := openCase(tx, fileID)
	if err != nil || open && c.Status == Assigned {
		return err
	}
	return assign(tx, who, fileID, to{unit: who.UnitID, id: who.UserID, name: who.Name}, "")
}

// Take gives the case to whom a referral to the unit was assigned: when the file
// has none, when it waits for somebody, or when the same referral named the
// worker before. A case that has its worker stays there.
func Take(tx *tenants.Tx, who actor.Actor, fileID, unit, workerID, workerName, referral string) error {
	c, open, err := openCase(tx, fileID)
	if err != nil || open && c.Status == Assigned && (c.Origin != referral || c.WorkerID == workerID) {
		return err
	}
	return assign(tx, who, fileID, to{unit: unit, id: workerID, name: workerName, origin: referral}, "")
}

// to is whose a case becomes.
type to struct{ unit, id, name, origin string }

func assign(tx *tenants.Tx, who actor.Actor, fileID string, next to, why string) error {
	c, open, err := openCase(tx, fileID)
	if err != nil {
		return err
	}
	if !open {
		return begin(tx, who, fileID, next, why)
	}
	if c.WorkerID == next.id && c.Unit == next.unit {
		return nil
	}
	return hand(tx, who, &c, next, why)
}

// begin opens the case of a file; it goes on from the one that was closed last.
func begin(tx *tenants.Tx, who actor.Actor, fileID string, next to, why string) error {
	previous, err := lastClosed(tx, fileID)
	if err != nil {
		return err
	}
	c := Case{ID: tx.NewID(), FileID: fileID, OpenedAt: tx.Now, MovedAt: tx.Now}
	c.become(tx, next)
	if err := insertCase(tx, who, &c, previous); err != nil {
		return err
	}
	if previous != "" {
		if err := addEvent(tx, who, &c, eventReopened, why); err != nil {
			return err
		}
	} else if err := addEntry(tx, who, &c, "", why); err != nil {
		return err
	}
	return audit.Record(tx, who, audit.Change{Action: "case.open", Object: c.ID, File: fileID, Detail: detail("", &c, why)})
}

// hand gives an open case to somebody else.
func hand(tx *tenants.Tx, who actor.Actor, c *Case, next to, why string) error {
	was := c.WorkerName
	c.become(tx, next)
	if err := updateCase(tx, c); err != nil {
		return err
	}
	if err := addEntry(tx, who, c, was, why); err != nil {
		return err
	}
	return audit.Record(tx, who, audit.Change{Action: "case.assign", Object: c.ID, File: c.FileID, Detail: detail(was, c, why)})
}

func (c *Case) become(tx *tenants.Tx, next to) {
	c.Unit, c.WorkerID, c.WorkerName, c.Origin = next.unit, next.id, next.name, next.origin
	c.Status, c.AssignedAt = Assigned, tx.Now
	if c.WorkerID == "" {
		c.Status, c.WorkerName, c.AssignedAt = Unassigned, "", time.Time{}
	}
}

func detail(was string, c *Case, why string) map[string]string {
	d := map[string]string{"unit": c.Unit}
	for name, value := range map[string]string{"from": was, "to": c.WorkerName, "reason": why} {
		if value != "" {
			d[name] = value
		}
	}
	return d
}
