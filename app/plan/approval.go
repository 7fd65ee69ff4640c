package plan

import "time"

// Approval is the consent of head or director to aid above a threshold. The
// zero Approval means that none is needed.
type Approval struct {
	State  ApprovalState
	Level  ApprovalLevel
	At     time.Time
	ByName string
	Reason string
}

// ApprovalState is where the consent stands.
type ApprovalState string

// The states of an approval.
const (
	NoApproval ApprovalState = ""
	Waiting    ApprovalState = "waiting"
	Approved   ApprovalState = "approved"
	Rejected   ApprovalState = "rejected"
)

// ApprovalLevel is whose consent it takes.
type ApprovalLevel string

// The levels above the worker.
const (
	ByWorker   ApprovalLevel = ""
	ByHead     ApprovalLevel = "head"
	ByDirector ApprovalLevel = "director"
)

// Thresholds are the municipality's limits in pesos: up to Worker the case
// manager decides, up to Head the head of unit, above it the director.
type Thresholds struct{ Worker, Head int64 }

// DefaultThresholds hold until the municipality sets its own.
var DefaultThresholds = Thresholds{Worker: 150_000, Head: 1_000_000}

// Level says who decides on an amount of aid.
func (t Thresholds) Level(amount int64) ApprovalLevel {
	switch {
	case amount <= t.Worker:
		return ByWorker
	case amount <= t.Head:
		return ByHead
	}
	return ByDirector
}

// newApproval is the approval that an item starts with. Only aid needs one.
func newApproval(a Agreed, limits Thresholds) Approval {
	if !a.Benefit() || !a.Amount.Known {
		return Approval{}
	}
	level := limits.Level(a.Amount.Pesos)
	if level == ByWorker {
		return Approval{}
	}
	return Approval{State: Waiting, Level: level}
}

// mayConfirmUpTo is the largest amount in pesos that the worker may confirm now.
func (it *Item) mayConfirmUpTo() int64 {
	if it.Approval.State == Approved && it.Amount.Pesos > it.LimitAmount {
		return it.Amount.Pesos
	}
	return it.LimitAmount
}
