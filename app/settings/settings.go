package settings

import (
	"fmt"

	"gsl/app/kit/fault"
	"gsl/app/plan"
	"gsl/app/referral"
)

// General are the settings of one form.
type General struct {
	plan.Thresholds
	referral.Settings
}

// Default holds until the municipality sets its own.
var Default = General{plan.DefaultThresholds, referral.DefaultSettings}

// The most that an amount may be, in pesos: what the plan takes for one item.
const maxAmount = 100_000_000

// check names every setting that cannot be.
func (g General) check() []fault.Field {
	var wrong []fault.Field
	refuse := func(name, key string, limit int) {
		wrong = append(wrong, fault.Field{Name: name, Key: key, Args: map[string]any{"Max": limit}})
	}
	if g.Worker < 0 || g.Worker > maxAmount {
		refuse("worker_threshold", "settings.error.amount", maxAmount)
	}
	switch {
	case g.Head < 0 || g.Head > maxAmount:
		refuse("head_threshold", "settings.error.amount", maxAmount)
	case g.Head < g.Worker:
		refuse("head_threshold", "settings.error.head_below", 0)
	}
	for _, days := range []struct {
		name  string
		value int
		limit int
	}{
		{"promise_days", g.PromiseDays, referral.MaxPromiseDays},
		{"rsh_promise_days", g.RSHPromiseDays, referral.MaxPromiseDays},
		{"link_days", g.LinkDays, referral.MaxLinkDays},
	} {
		if days.value < 1 || days.value > days.limit {
			refuse(days.name, "settings.error.days", days.limit)
		}
	}
	return wrong
}

// Mark names a state of the settings: two people at one form.
func (g General) Mark() string {
	return fmt.Sprintf("%d.%d.%d.%d.%d.%t", g.Worker, g.Head, g.PromiseDays, g.RSHPromiseDays, g.LinkDays, g.WaitingList)
}
