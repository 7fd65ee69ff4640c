package app

import (
	"gsl/app/diagnosis"
	"gsl/app/kit/actor"
	"gsl/app/people"
	"gsl/app/plan"
	"gsl/app/referral"
	"gsl/app/report"
	"gsl/app/visit"
	"gsl/templates/layout"
	"gsl/tenants"
)

// tallied is what every page of a file counts of other rooms, each room's part in
// the room's own words: one query costs less than five.
const tallied = `SELECT ` + plan.WorkOfFile + `, ` + referral.UnderWayOfFile + `, ` + visit.WaitingOfFile + `, ` + report.UnderWayOfFile + `, ` + diagnosis.RiskOfFile

// tallies puts the counts of cart, plan, referrals, visits and reports into the
// left menu of a file and warns of a high risk; it is one of people's OnFrame hooks.
func tallies(tx *tenants.Tx, who actor.Actor, f people.File, frame *layout.FileFrame) error {
	var lines, open, closed, referrals, visits, reports, risk int
	if err := tx.QueryRow(tallied, f.ID).Scan(&lines, &open, &closed, &referrals, &visits, &reports, &risk); err != nil {
		return err
	}
	plan.ShowWork(frame, lines, open, closed)
	referral.ShowUnderWay(frame, referrals)
	visit.ShowWaiting(frame, visits)
	report.ShowUnderWay(frame, reports)
	diagnosis.WarnOfRisk(tx.Context(), who, frame, risk)
	return nil
}
