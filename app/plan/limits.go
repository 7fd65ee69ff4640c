package plan

import "gsl/tenants"

// The keys of the settings that limit approvals.
const (
	WorkerThresholdKey = "plan.worker_threshold"
	HeadThresholdKey   = "plan.head_threshold"
)

// Limits reads the thresholds of the municipality.
func Limits(tx *tenants.Tx) (Thresholds, error) { return limits(tx) }
