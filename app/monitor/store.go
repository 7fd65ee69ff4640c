package monitor

import (
	"encoding/json"

	"gsl/app/kit/calendar"
	"gsl/tenants"
)

// attended is a number of finished attentions that were alike.
type attended struct {
	month                       int
	desk, topic, level, channel string
	n                           int
}

// eachAttended reads one month after the other by its first day.
func eachAttended(tx *tenants.Tx, s *span, each func(*attended)) error {
	first := make([]string, 0, months+1)
	for _, d := range s.first {
		first = append(first, d.String())
	}
	bounds, err := json.Marshal(append(first, s.today.AddDays(1).String()))
	if err != nil {
		return err
	}
	rows, err := tx.Query(`SELECT m.key, a.desk, coalesce(a.topic, ''), a.outcome, a.channel, count(*)
		FROM json_each(?1) AS m JOIN attention AS a INDEXED BY attention_figures
		ON a.state = 'finished' AND a.day >= m.value AND a.day < ?1 ->> (m.key + 1)
		WHERE m.key < ?2 GROUP BY 1, 2, 3, 4, 5`, string(bounds), months)
	if err != nil {
		return err
	}
	defer func() { _ = rows.Close() }()
	for rows.Next() {
		var a attended
		if err := rows.Scan(&a.month, &a.desk, &a.topic, &a.level, &a.channel, &a.n); err != nil {
			return err
		}
		each(&a)
	}
	return rows.Err()
}

// sent is a number of referrals of a month from one desk to one destination.
type sent struct {
	month              int
	origin, unit, name string
	n                  int
}

func eachSent(tx *tenants.Tx, s *span, each func(*sent)) error {
	bounds, err := json.Marshal(s.starts)
	if err != nil {
		return err
	}
	rows, err := tx.Query(`SELECT m.key, r.origin, r.unit, r.unit_name, count(*)
		FROM json_each(?1) AS m JOIN referral AS r INDEXED BY referral_made
		ON r.created_at >= m.value AND r.created_at < ?1 ->> (m.key + 1)
		WHERE m.key < ?2 GROUP BY 1, 2, 3, 4`, string(bounds), months)
	if err != nil {
		return err
	}
	defer func() { _ = rows.Close() }()
	for rows.Next() {
		var r sent
		if err := rows.Scan(&r.month, &r.origin, &r.unit, &r.name, &r.n); err != nil {
			return err
		}
		each(&r)
	}
	return rows.Err()
}

// reply is one answer.
type reply struct {
	made, at           string // as instants are kept
	origin, unit, name string
	outcome            string
	paused, promise    int
}

func eachReply(tx *tenants.Tx, s *span, each func(*reply) error) error {
	rows, err := tx.Query(`SELECT created_at, answered_at, origin, unit, unit_name, outcome, paused_days, promise
		FROM referral INDEXED BY referral_replies WHERE answered_at IS NOT NULL AND answered_at >= ? AND answered_at < ?`,
		s.starts[0], s.starts[months])
	if err != nil {
		return err
	}
	defer func() { _ = rows.Close() }()
	var r reply
	for rows.Next() {
		if err := rows.Scan(&r.made, &r.at, &r.origin, &r.unit, &r.name, &r.outcome, &r.paused, &r.promise); err != nil {
			return err
		}
		if err := each(&r); err != nil {
			return err
		}
	}
	return rows.Err()
}

// eachOverdue counts what waits for an answer after its promised day.
func eachOverdue(tx *tenants.Tx, today calendar.Date, each func(*sent)) error {
	rows, err := tx.Query(`SELECT origin, unit, unit_name, count(*) FROM referral
		WHERE state IN ('sent', 'received', 'in-progress') AND due < ? GROUP BY 1, 2, 3`, today.String())
	if err != nil {
		return err
	}
	defer func() { _ = rows.Close() }()
	for rows.Next() {
		var r sent
		if err := rows.Scan(&r.origin, &r.unit, &r.name, &r.n); err != nil {
			return err
		}
		each(&r)
	}
	return rows.Err()
}

func topicNames(tx *tenants.Tx) (map[string]string, error) {
	rows, err := tx.Query(`SELECT code, name FROM topic`)
	if err != nil {
		return nil, err
	}
	defer func() { _ = rows.Close() }()
	names := map[string]string{}
	for rows.Next() {
		var code, name string
		if err := rows.Scan(&code, &name); err != nil {
			return nil, err
		}
		names[code] = name
	}
	return names, rows.Err()
}
