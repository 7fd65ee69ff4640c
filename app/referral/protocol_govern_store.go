package referral

import (
	"gsl/app/kit/calendar"
	"gsl/tenants"
)

// spotsTaken counts the referrals that hold a spot of an agreement in the period
// that a day is in, whichever version governed them.
func spotsTaken(tx *tenants.Tx, p *Protocol, today calendar.Date) (n int, err error) {
	first, last := p.Period.months(today)
	err = tx.QueryRow(`SELECT count(*) FROM protocol v JOIN referral r ON r.protocol_id = v.id
		WHERE v.agreement = ? AND r.spot_period <> '' AND r.spot_period BETWEEN ? AND ?`, p.Agreement, first, last).Scan(&n)
	return n, err
}

// spotsTakenByAll counts them for every agreement, by the months of this year.
func spotsTakenByAll(tx *tenants.Tx, today calendar.Date) (map[string]map[string]int, error) {
	first, last := Yearly.months(today)
	rows, err := tx.Query(`SELECT v.agreement, r.spot_period, count(*) FROM protocol v JOIN referral r ON r.protocol_id = v.id
		WHERE v.spots > 0 AND r.spot_period <> '' AND r.spot_period BETWEEN ? AND ? GROUP BY v.agreement, r.spot_period`, first, last)
	if err != nil {
		return nil, err
	}
	defer func() { _ = rows.Close() }()
	taken := map[string]map[string]int{}
	for rows.Next() {
		var agreement, month string
		var n int
		if err := rows.Scan(&agreement, &month, &n); err != nil {
			return nil, err
		}
		if taken[agreement] == nil {
			taken[agreement] = map[string]int{}
		}
		taken[agreement][month] = n
	}
	return taken, rows.Err()
}

// agreements gives of all that is in force only what says whom it governs and
// how much it leaves: the pop-up asks for it with every keystroke.
func agreements(tx *tenants.Tx) ([]Protocol, error) {
	rows, err := tx.Query(`SELECT id, agreement, unit, all_desks, counterpart, spots, spots_period, valid_from, valid_to, replaced_on, approved_at
		FROM protocol WHERE state = 'in-force'`)
	if err != nil {
		return nil, err
	}
	list, err := collect(rows, func(row scanner) (Protocol, error) {
		p := Protocol{State: ProtocolInForce}
		return p, row.Scan(&p.ID, &p.Agreement, &p.Unit, &p.AllDesks, &p.Counterpart, &p.Spots, &p.Period, &p.From, &p.To, &p.ReplacedOn, scanTime{&p.ApprovedAt})
	})
	if err != nil || len(list) == 0 {
		return list, err
	}
	return list, fillItems(tx, list)
}

// providerUnits gives the unit of each folded provider.
func providerUnits(tx *tenants.Tx) (map[string]string, error) {
	rows, err := tx.Query(`SELECT provider, unit FROM unit_provider`)
	if err != nil {
		return nil, err
	}
	defer func() { _ = rows.Close() }()
	units := map[string]string{}
	for rows.Next() {
		var provider, unit string
		if err := rows.Scan(&provider, &unit); err != nil {
			return nil, err
		}
		units[provider] = unit
	}
	return units, rows.Err()
}

// figures counts what became of the referrals of each agreement since a day. An
// answer is in time until midnight of the promised day: offices are closed in
// the one hour by which winter differs.
func figures(tx *tenants.Tx, since, today calendar.Date) (map[string]Evaluation, error) {
	rows, err := tx.Query(`SELECT v.agreement, count(*), coalesce(sum(r.outcome <> ''), 0), coalesce(sum(r.outcome = 'granted'), 0),
			coalesce(sum(r.outcome <> '' AND r.answered_at < date(r.due, '+1 day') || 'T03:00'), 0),
			coalesce(sum(r.state IN ('sent', 'received', 'in-progress') AND r.due < ?2), 0)
		FROM protocol v JOIN referral r ON r.protocol_id = v.id AND r.protocol_id <> '' WHERE r.created_at >= ?1 GROUP BY v.agreement`,
		since.String(), today.String())
	if err != nil {
		return nil, err
	}
	defer func() { _ = rows.Close() }()
	list := map[string]Evaluation{}
	for rows.Next() {
		var agreement string
		var e Evaluation
		if err := rows.Scan(&agreement, &e.Referred, &e.Answered, &e.Granted, &e.InTime, &e.Overdue); err != nil {
			return nil, err
		}
		list[agreement] = e
	}
	return list, rows.Err()
}

// answerTimes gives, for the answers since a day, from when to when they took and
// how many working days the clock stood still; n of them were alike.
func answerTimes(tx *tenants.Tx, agreement string, since calendar.Date) (list []answerTime, err error) {
	rows, err := tx.Query(`SELECT substr(r.created_at, 1, 10), substr(r.answered_at, 1, 10), r.paused_days, count(*)
		FROM protocol v JOIN referral r ON r.protocol_id = v.id AND r.protocol_id <> ''
		WHERE v.agreement = ? AND r.created_at >= ? AND r.outcome <> '' GROUP BY 1, 2, 3`, agreement, since.String())
	if err != nil {
		return nil, err
	}
	return collect(rows, func(row scanner) (a answerTime, err error) {
		return a, row.Scan(&a.from, &a.to, &a.paused, &a.n)
	})
}

// refusals counts why answers were no, and why referrals came back, since a day.
func refusals(tx *tenants.Tx, agreement string, since calendar.Date) ([]Refusal, error) {
	rows, err := tx.Query(`SELECT r.reason_code, r.outcome, count(*) FROM protocol v JOIN referral r ON r.protocol_id = v.id AND r.protocol_id <> ''
		WHERE v.agreement = ? AND r.created_at >= ? AND (r.outcome NOT IN ('', 'granted') OR r.state = 'returned')
		GROUP BY r.reason_code, r.outcome ORDER BY count(*) DESC, r.outcome, r.reason_code`, agreement, since.String())
	if err != nil {
		return nil, err
	}
	return collect(rows, func(row scanner) (r Refusal, err error) {
		return r, row.Scan(&r.Code, &r.Outcome, &r.Count)
	})
}
