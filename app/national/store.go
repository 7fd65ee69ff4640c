package national

import "gsl/tenants"

// municipalityOf finds a municipality by its code.
func municipalityOf(tx *tenants.Tx, code string) (id string, status tenants.Status, err error) {
	err = tx.QueryRow(`SELECT id, status FROM municipality WHERE code = ?`, code).Scan(&id, &status)
	return id, status, err
}

const selectOrder = `SELECT code, municipality_id, options, counterpart, ordered_by, ordered_by_name, ordered_at, files_at IS NOT NULL, done_at IS NOT NULL FROM provision`

func scanOrder(row interface{ Scan(...any) error }) (p pending, err error) {
	var options, counterpart, at string
	if err := row.Scan(&p.Code, &p.MunicipalityID, &options, &counterpart, &p.By, &p.ByName, &at, &p.Files, &p.Done); err != nil {
		return p, err
	}
	known, err := unpack[Options](options)
	if err != nil {
		return p, err
	}
	p.Options, p.At = *known, moment(at)
	p.Counterpart, err = unpack[Invitee](counterpart)
	return p, err
}

func findOrder(tx *tenants.Tx, code string) (pending, error) {
	return scanOrder(tx.QueryRow(selectOrder+` WHERE code = ?`, code))
}

func openOrders(tx *tenants.Tx) ([]pending, error) {
	rows, err := tx.Query(selectOrder + ` WHERE done_at IS NULL ORDER BY code`)
	if err != nil {
		return nil, err
	}
	defer func() { _ = rows.Close() }()
	var list []pending
	for rows.Next() {
		p, err := scanOrder(rows)
		if err != nil {
			return nil, err
		}
		list = append(list, p)
	}
	return list, rows.Err()
}

// orderless lists what somebody began to make without writing an order.
func orderless(tx *tenants.Tx) ([]pending, error) {
	rows, err := tx.Query(`SELECT m.code, m.id, m.model FROM municipality m
		WHERE m.status = 'provisioning' AND NOT EXISTS (SELECT 1 FROM provision p WHERE p.code = m.code) ORDER BY m.code`)
	if err != nil {
		return nil, err
	}
	defer func() { _ = rows.Close() }()
	var list []pending
	for rows.Next() {
		var p pending
		if err := rows.Scan(&p.Code, &p.MunicipalityID, &p.Options.Model); err != nil {
			return nil, err
		}
		list = append(list, p)
	}
	return list, rows.Err()
}

func insertOrder(tx *tenants.Tx, p pending) error {
	options, err := pack(&p.Options)
	if err != nil {
		return err
	}
	counterpart, err := pack(p.Counterpart)
	if err != nil {
		return err
	}
	_, err = tx.Exec(`INSERT INTO provision (code, municipality_id, options, counterpart, ordered_at, ordered_by, ordered_by_name) VALUES (?,?,?,?,?,?,?)
		ON CONFLICT (code) DO UPDATE SET options = excluded.options, counterpart = excluded.counterpart, ordered_at = excluded.ordered_at,
			ordered_by = excluded.ordered_by, ordered_by_name = excluded.ordered_by_name, trouble = ''`,
		p.Code, p.MunicipalityID, options, counterpart, stamp(tx.Now), p.By, p.ByName)
	return err
}

func setFiles(tx *tenants.Tx, code string) error {
	_, err := tx.Exec(`UPDATE provision SET files_at = ? WHERE code = ? AND files_at IS NULL`, stamp(tx.Now), code)
	return err
}

// setDone ends an order and gives its municipality, "" when it had ended before.
func setDone(tx *tenants.Tx, code string) (id string, err error) {
	err = tx.QueryRow(`UPDATE provision SET done_at = ?, counterpart = '', trouble = '' WHERE code = ? AND done_at IS NULL RETURNING municipality_id`,
		stamp(tx.Now), code).Scan(&id)
	if tenants.NotFound(err) {
		return "", nil
	}
	return id, err
}

func setTrouble(tx *tenants.Tx, code, why string) error {
	_, err := tx.Exec(`UPDATE provision SET trouble = ? WHERE code = ? AND done_at IS NULL`, why, code)
	return err
}

// begun gives the order of a municipality, nil for one made without.
func begun(tx *tenants.Tx, code string) (*Begun, error) {
	var b Begun
	var options, at string
	err := tx.QueryRow(`SELECT options, ordered_at, ordered_by_name, done_at IS NOT NULL, trouble FROM provision WHERE code = ?`, code).
		Scan(&options, &at, &b.ByName, &b.Done, &b.Trouble)
	if tenants.NotFound(err) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	known, err := unpack[Options](options)
	if err != nil {
		return nil, err
	}
	b.Options, b.At = *known, moment(at)
	return &b, nil
}

func communesOf(tx *tenants.Tx, id string) (list []string, err error) {
	rows, err := tx.Query(`SELECT commune_code FROM municipality_commune WHERE municipality_id = ? ORDER BY 1`, id)
	if err != nil {
		return nil, err
	}
	defer func() { _ = rows.Close() }()
	for rows.Next() {
		var code string
		if err := rows.Scan(&code); err != nil {
			return nil, err
		}
		list = append(list, code)
	}
	return list, rows.Err()
}
