package referral

import (
	"slices"
	"strconv"
	"strings"

	"gsl/app/kit/fault"
	"gsl/tenants"
)

const unitColumns = `code, name, kind, contact, phone, email, address, channel, active, casework, version`

func scanUnit(row interface{ Scan(...any) error }) (Unit, error) {
	var u Unit
	err := row.Scan(&u.Code, &u.Name, &u.Kind, &u.Contact, &u.Phone, &u.Email, &u.Address, &u.Channel, &u.Active, &u.Casework, &u.Version)
	return u, err
}

// UnitByCode gives the unit with the code, active or not; fault.NotFound when
// this municipality has none.
func UnitByCode(tx *tenants.Tx, code string) (Unit, error) {
	u, err := scanUnit(tx.QueryRow(`SELECT `+unitColumns+` FROM unit WHERE code = ?`, code))
	if tenants.NotFound(err) {
		return Unit{}, fault.New(fault.NotFound, "fault.not_found")
	}
	return u, err
}

// UnitOfProvider gives the unit that a provider of the catalogue stands for; ok
// is false for a provider that leads to none.
func UnitOfProvider(tx *tenants.Tx, provider string) (u Unit, ok bool, err error) {
	u, err = scanUnit(tx.QueryRow(`SELECT `+unitColumns+` FROM unit
		WHERE code = (SELECT unit FROM unit_provider WHERE provider = ?)`, aliasOf(provider)))
	if tenants.NotFound(err) {
		return Unit{}, false, nil
	}
	return u, err == nil, err
}

// kindOrder is the order in which units are listed; within a kind, by name.
var kindOrder = []UnitKind{Integrated, Municipal, Institution}

// Units lists every unit, also those that take no new referrals: the integrated
// ones first, then the municipality's others, then institutions.
func Units(tx *tenants.Tx) ([]Unit, error) {
	rows, err := tx.Query(`SELECT ` + unitColumns + ` FROM unit`)
	if err != nil {
		return nil, err
	}
	defer func() { _ = rows.Close() }()
	var list []Unit
	for rows.Next() {
		u, err := scanUnit(rows)
		if err != nil {
			return nil, err
		}
		list = append(list, u)
	}
	slices.SortFunc(list, func(a, b Unit) int {
		if by := slices.Index(kindOrder, a.Kind) - slices.Index(kindOrder, b.Kind); by != 0 {
			return by
		}
		return strings.Compare(aliasOf(a.Name), aliasOf(b.Name))
	})
	return list, rows.Err()
}

// aliases lists the names that lead to a unit, or to any when it is blank.
func aliases(tx *tenants.Tx, unit string) ([]Alias, error) {
	rows, err := tx.Query(`SELECT unit, written, fixed FROM unit_provider WHERE ?1 = '' OR unit = ?1 ORDER BY provider`, unit)
	if err != nil {
		return nil, err
	}
	defer func() { _ = rows.Close() }()
	var list []Alias
	for rows.Next() {
		var a Alias
		if err := rows.Scan(&a.Unit, &a.Name, &a.Fixed); err != nil {
			return nil, err
		}
		list = append(list, a)
	}
	return list, rows.Err()
}

// aliasOwner gives the unit that a folded name leads to, "" for none.
func aliasOwner(tx *tenants.Tx, folded string) (name, code string, err error) {
	err = tx.QueryRow(`SELECT u.name, u.code FROM unit_provider p JOIN unit u ON u.code = p.unit WHERE p.provider = ?`, folded).Scan(&name, &code)
	if tenants.NotFound(err) {
		return "", "", nil
	}
	return name, code, err
}

// replaceAliases writes the names that lead to a unit, beside the fixed ones.
func replaceAliases(tx *tenants.Tx, unit string, names []string) error {
	if _, err := tx.Exec(`DELETE FROM unit_provider WHERE unit = ? AND fixed = 0`, unit); err != nil {
		return err
	}
	for _, name := range names {
		_, err := tx.Exec(`INSERT INTO unit_provider (provider, unit, written) VALUES (?,?,?) ON CONFLICT (provider) DO NOTHING`, aliasOf(name), unit, name)
		if err != nil {
			return err
		}
	}
	return nil
}

func insertUnit(tx *tenants.Tx, u Unit) error {
	_, err := tx.Exec(`INSERT INTO unit (`+unitColumns+`) VALUES (?,?,?,?,?,?,?,?,?,?,?)`,
		u.Code, u.Name, u.Kind, u.Contact, u.Phone, u.Email, u.Address, u.Channel, u.Active, u.Casework, u.Version)
	return err
}

// updateUnit stores the unit if it is still at its version; it reports whether it was.
func updateUnit(tx *tenants.Tx, u Unit) (bool, error) {
	result, err := tx.Exec(`UPDATE unit SET name = ?, kind = ?, contact = ?, phone = ?, email = ?, address = ?, channel = ?, active = ?,
		version = version + 1 WHERE code = ? AND version = ?`,
		u.Name, u.Kind, u.Contact, u.Phone, u.Email, u.Address, u.Channel, u.Active, u.Code, u.Version)
	if err != nil {
		return false, err
	}
	n, err := result.RowsAffected()
	return n == 1, err
}

// SettingsOf reads the municipality's settings.
func SettingsOf(tx *tenants.Tx) (Settings, error) {
	s := DefaultSettings
	rows, err := tx.Query(`SELECT key, value FROM setting WHERE key = 'referral.promise_days'
		UNION ALL SELECT key, value FROM setting WHERE key = 'referral.rsh_promise_days'
		UNION ALL SELECT key, value FROM setting WHERE key = 'referral.link_days'
		UNION ALL SELECT key, value FROM setting WHERE key = 'attention.waiting_list'`)
	if err != nil {
		return s, err
	}
	defer func() { _ = rows.Close() }()
	for rows.Next() {
		var key, value string
		if err := rows.Scan(&key, &value); err != nil {
			return s, err
		}
		s.set(key, value)
	}
	return s, rows.Err()
}

// set takes one setting as it is kept; one that makes no sense leaves the usual.
func (s *Settings) set(key, value string) {
	n, err := strconv.Atoi(value)
	days := err == nil && n >= 1
	switch {
	case key == WaitingListKey:
		s.WaitingList = value == "on"
	case key == PromiseKey && days && n <= MaxPromiseDays:
		s.PromiseDays = n
	case key == RSHPromiseKey && days && n <= MaxPromiseDays:
		s.RSHPromiseDays = n
	case key == LinkKey && days && n <= MaxLinkDays:
		s.LinkDays = n
	}
}

// underWay counts the referrals that each unit still has to answer.
func underWay(tx *tenants.Tx) (map[string]int, error) {
	rows, err := tx.Query(`SELECT unit, sum(n) FROM (
			SELECT unit, count(*) AS n FROM referral WHERE state IN ('sent', 'received', 'in-progress') GROUP BY unit
			UNION ALL SELECT unit, count(*) FROM referral WHERE state = 'waiting' GROUP BY unit) GROUP BY unit`)
	if err != nil {
		return nil, err
	}
	defer func() { _ = rows.Close() }()
	counts := map[string]int{}
	for rows.Next() {
		var unit string
		var n int
		if err := rows.Scan(&unit, &n); err != nil {
			return nil, err
		}
		counts[unit] = n
	}
	return counts, rows.Err()
}
