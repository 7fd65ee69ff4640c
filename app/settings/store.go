package settings

import (
	"strconv"

	"gsl/app/plan"
	"gsl/app/referral"
	"gsl/tenants"
)

// load reads the settings; one that is missing, or makes no sense, is the usual.
func load(tx *tenants.Tx) (General, error) {
	g := Default
	var err error
	if g.Settings, err = referral.SettingsOf(tx); err != nil {
		return g, err
	}
	g.Thresholds, err = plan.Limits(tx)
	return g, err
}

// rows are the settings as they are kept.
func (g General) rows() map[string]string {
	waiting := "off"
	if g.WaitingList {
		waiting = "on"
	}
	return map[string]string{
		plan.WorkerThresholdKey: strconv.FormatInt(g.Worker, 10), plan.HeadThresholdKey: strconv.FormatInt(g.Head, 10),
		referral.PromiseKey: strconv.Itoa(g.PromiseDays), referral.RSHPromiseKey: strconv.Itoa(g.RSHPromiseDays),
		referral.LinkKey: strconv.Itoa(g.LinkDays), referral.WaitingListKey: waiting,
	}
}

func set(tx *tenants.Tx, key, value string) error {
	_, err := tx.Exec(`INSERT INTO setting (key, value) VALUES (?,?) ON CONFLICT (key) DO UPDATE SET value = excluded.value`, key, value)
	return err
}
