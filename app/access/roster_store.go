package access

import (
	"time"

	"gsl/app/kit/calendar"
	"gsl/app/kit/fault"
	"gsl/tenants"
)

// account is a user with what only sign-in reads.
type account struct {
	User
	password string // argon2id with its parameters
	last     string // id of the membership used last, "" for none
}

const instant = "2006-01-02T15:04:05.000Z" // sorts as it reads

func stamp(t time.Time) string { return t.UTC().Format(instant) }

// readInstant reads what stamp wrote; ” is the zero time.
func readInstant(text string) (time.Time, error) {
	if text == "" {
		return time.Time{}, nil
	}
	return time.Parse(instant, text)
}

const selectAccount = `SELECT id, run, given_names, surnames, profession, registration, email, password,
	language, shortcuts, membership_id, created_at, coalesce(disabled_at, '') FROM user`

const selectMembership = `SELECT m.id, m.user_id, coalesce(m.municipality_id, ''), coalesce(t.code, ''), coalesce(t.name, ''),
		coalesce(t.status <> 'active', 0), m.role, m.unit, coalesce(u.name, ''), m.from_on, m.to_on,
		m.disabled_at IS NOT NULL, m.signed_in_at, m.seen_at
	FROM membership m
	LEFT JOIN municipality t ON t.id = m.municipality_id
	LEFT JOIN unit u ON u.municipality_id = m.municipality_id AND u.code = m.unit`

func findAccount(tx *tenants.Tx, run uint32) (account, error) {
	return scanAccount(tx.QueryRow(selectAccount+` WHERE run = ?`, run))
}

func loadAccount(tx *tenants.Tx, id string) (account, error) {
	return scanAccount(tx.QueryRow(selectAccount+` WHERE id = ?`, id))
}

func scanAccount(row interface{ Scan(...any) error }) (account, error) {
	var a account
	var created, disabled string
	err := row.Scan(&a.ID, &a.RUN, &a.GivenNames, &a.Surnames, &a.Profession, &a.Registration, &a.Email, &a.password,
		&a.Language, &a.Shortcuts, &a.last, &created, &disabled)
	if err != nil {
		return account{}, err
	}
	if a.CreatedAt, err = time.Parse(instant, created); err != nil {
		return account{}, err
	}
	if disabled != "" {
		a.DisabledAt, err = time.Parse(instant, disabled)
	}
	return a, err
}

func insertUser(tx *tenants.Tx, id string, n NewUser, password string) error {
	_, err := tx.Exec(`INSERT INTO user (id, run, given_names, surnames, profession, registration, email, folded, password, created_at)
		VALUES (?,?,?,?,?,?,?,?,?,?)`,
		id, n.RUN, n.GivenNames, n.Surnames, n.Profession, n.Registration, n.Email, n.folded(), password, stamp(tx.Now))
	return err
}

func setPassword(tx *tenants.Tx, user, password string) error {
	_, err := tx.Exec(`UPDATE user SET password = ? WHERE id = ?`, password, user)
	return err
}

func setDisabled(tx *tenants.Tx, user string) error {
	_, err := tx.Exec(`UPDATE user SET disabled_at = ? WHERE id = ? AND disabled_at IS NULL`, stamp(tx.Now), user)
	return err
}

func setEnabled(tx *tenants.Tx, user string) error {
	_, err := tx.Exec(`UPDATE user SET disabled_at = NULL WHERE id = ?`, user)
	return err
}

func setEmail(tx *tenants.Tx, user, email string) error {
	_, err := tx.Exec(`UPDATE user SET email = ? WHERE id = ?`, email, user)
	return err
}

// setEntered notes that somebody begins to work in a membership, by signing in
// or by switching to it.
func setEntered(tx *tenants.Tx, membership string) error {
	_, err := tx.Exec(`UPDATE membership SET signed_in_at = ?1, seen_at = ?1 WHERE id = ?2`, stamp(tx.Now), membership)
	return err
}

func setSignedIn(tx *tenants.Tx, user string) error {
	_, err := tx.Exec(`UPDATE user SET signed_in_at = ?1, seen_at = ?1 WHERE id = ?2`, stamp(tx.Now), user)
	return err
}

// activityStep is how exact the last activity is: finer would be a write each minute.
const activityStep = 10 * time.Minute

// setSeen notes a person's last activity, and that of the membership.
func setSeen(tx *tenants.Tx, user, membership string, seen time.Time) error {
	at, before := stamp(seen), stamp(seen.Add(-activityStep))
	if _, err := tx.Exec(`UPDATE user SET seen_at = ? WHERE id = ? AND seen_at < ?`, at, user, before); err != nil {
		return err
	}
	_, err := tx.Exec(`UPDATE membership SET seen_at = ? WHERE id = ? AND seen_at < ?`, at, membership, before)
	return err
}

// foldNames fills in names as they are compared where an older version left none.
func foldNames(tx *tenants.Tx) error {
	rows, err := tx.Query(`SELECT id, given_names, surnames FROM user WHERE folded = ''`)
	if err != nil {
		return err
	}
	folded := map[string]string{}
	defer func() { _ = rows.Close() }()
	for rows.Next() {
		var id string
		var n NewUser
		if err := rows.Scan(&id, &n.GivenNames, &n.Surnames); err != nil {
			return err
		}
		folded[id] = n.folded()
	}
	if err := rows.Err(); err != nil {
		return err
	}
	for id, name := range folded {
		if _, err := tx.Exec(`UPDATE user SET folded = ? WHERE id = ?`, name, id); err != nil {
			return err
		}
	}
	return nil
}

func setPreferences(tx *tenants.Tx, user, language string, shortcuts bool) error {
	_, err := tx.Exec(`UPDATE user SET language = ?, shortcuts = ? WHERE id = ?`, language, shortcuts, user)
	return err
}

func setLastMembership(tx *tenants.Tx, user, membership string) error {
	_, err := tx.Exec(`UPDATE user SET membership_id = ? WHERE id = ?`, membership, user)
	return err
}

func listUsers(tx *tenants.Tx) ([]User, error) {
	rows, err := tx.Query(selectAccount + ` ORDER BY surnames, given_names, id`)
	if err != nil {
		return nil, err
	}
	defer func() { _ = rows.Close() }()
	var list []User
	for rows.Next() {
		a, err := scanAccount(rows)
		if err != nil {
			return nil, err
		}
		list = append(list, a.User)
	}
	return list, rows.Err()
}

// loadMemberships gives every membership of a user, past and future ones too,
// in the order they are shown.
func loadMemberships(tx *tenants.Tx, user string) ([]Membership, error) {
	rows, err := tx.Query(selectMembership+` WHERE m.user_id = ? ORDER BY t.name, m.role, m.unit, m.id`, user)
	if err != nil {
		return nil, err
	}
	return scanMemberships(rows)
}

// allMemberships gives every membership of the roster, by municipality code;
// national ones first.
func allMemberships(tx *tenants.Tx) ([]Membership, error) {
	rows, err := tx.Query(selectMembership + ` ORDER BY t.code, m.role, m.unit, m.id`)
	if err != nil {
		return nil, err
	}
	return scanMemberships(rows)
}

// demoMemberships gives the memberships of three municipalities and the national
// ones, in no order.
func demoMemberships(tx *tenants.Tx) ([]Membership, error) {
	rows, err := tx.Query(selectMembership + ` WHERE m.municipality_id IS NULL
		OR m.municipality_id IN (SELECT id FROM municipality WHERE status = 'active' ORDER BY code LIMIT 3)`)
	if err != nil {
		return nil, err
	}
	return scanMemberships(rows)
}

func scanMemberships(rows *tenants.Rows) ([]Membership, error) {
	defer func() { _ = rows.Close() }()
	var list []Membership
	for rows.Next() {
		var m Membership
		var own, entered, seen string
		err := rows.Scan(&m.ID, &m.UserID, &m.MunicipalityID, &m.MunicipalityCode, &m.Municipality,
			&m.Suspended, &m.Role, &m.Unit, &own, &m.From, &m.To, &m.Off, &entered, &seen)
		if err != nil {
			return nil, err
		}
		if m.EnteredAt, err = readInstant(entered); err != nil {
			return nil, err
		}
		if m.SeenAt, err = readInstant(seen); err != nil {
			return nil, err
		}
		m.UnitName = unitName(m.Unit, own)
		list = append(list, m)
	}
	return list, rows.Err()
}

// loadMembership gives one membership.
func loadMembership(tx *tenants.Tx, id string) (Membership, error) {
	rows, err := tx.Query(selectMembership+` WHERE m.id = ?`, id)
	if err != nil {
		return Membership{}, err
	}
	list, err := scanMemberships(rows)
	if err == nil && len(list) == 0 {
		err = fault.New(fault.NotFound, "fault.not_found")
	}
	if err != nil {
		return Membership{}, err
	}
	return list[0], nil
}

// heldMembership gives the id of the role that the user holds already, today or
// later, "" when it is none.
func heldMembership(tx *tenants.Tx, user, municipality string, n NewMembership, today calendar.Date) (id string, off bool, err error) {
	err = tx.QueryRow(`SELECT id, disabled_at IS NOT NULL FROM membership
		WHERE user_id = ? AND coalesce(municipality_id, '') = ? AND role = ? AND unit = ? AND (to_on IS NULL OR to_on >= ?)
		ORDER BY disabled_at IS NOT NULL, id LIMIT 1`, user, municipality, n.Role, n.Unit, today).Scan(&id, &off)
	if tenants.NotFound(err) {
		return "", false, nil
	}
	return id, off, err
}

func setMembershipOff(tx *tenants.Tx, id string, off bool) error {
	_, err := tx.Exec(`UPDATE membership SET disabled_at = CASE WHEN ?2 THEN coalesce(disabled_at, ?3) END WHERE id = ?1`, id, off, stamp(tx.Now))
	return err
}

// whoHolds counts the other people who hold the role of a membership after a day
// and can sign in; counts says whether its own holder can.
func whoHolds(tx *tenants.Tx, m Membership, after calendar.Date) (others int, counts bool, err error) {
	err = tx.QueryRow(`SELECT count(DISTINCT CASE WHEN m.user_id <> ?3 THEN m.user_id END), coalesce(max(m.id = ?5), 0)
		FROM membership m JOIN user u ON u.id = m.user_id
		WHERE m.municipality_id IS nullif(?2, '') AND m.role = ?1 AND m.disabled_at IS NULL AND u.disabled_at IS NULL AND u.password <> ''
		  AND (m.id = ?5 OR m.from_on <= ?4 AND (m.to_on IS NULL OR m.to_on >= ?4))`,
		m.Role, m.MunicipalityID, m.UserID, after, m.ID).Scan(&others, &counts)
	return others, counts, err
}

func insertMembership(tx *tenants.Tx, id, user, municipality string, n NewMembership) error {
	_, err := tx.Exec(`INSERT INTO membership (id, user_id, municipality_id, role, unit, from_on, to_on, created_at)
		VALUES (?,?,nullif(?,''),?,?,?,?,?)`,
		id, user, municipality, n.Role, n.Unit, n.From, n.To, stamp(tx.Now))
	return err
}

func setMembershipEnd(tx *tenants.Tx, id, lastDay string) error {
	_, err := tx.Exec(`UPDATE membership SET to_on = ? WHERE id = ?`, lastDay, id)
	return err
}

func setUnitName(tx *tenants.Tx, municipality, code, name string) error {
	_, err := tx.Exec(`INSERT INTO unit (municipality_id, code, name) VALUES (?,?,?)
		ON CONFLICT (municipality_id, code) DO UPDATE SET name = excluded.name`, municipality, code, name)
	return err
}

// municipalityByCode gives the id of a municipality.
func municipalityByCode(tx *tenants.Tx, code string) (id string, err error) {
	err = tx.QueryRow(`SELECT id FROM municipality WHERE code = ?`, code).Scan(&id)
	return id, err
}

// acceptedAt is when the user accepted that version, zero when never.
func acceptedAt(tx *tenants.Tx, user, version string) (time.Time, error) {
	var at string
	err := tx.QueryRow(`SELECT accepted_at FROM agreement WHERE user_id = ? AND version = ?`, user, version).Scan(&at)
	if tenants.NotFound(err) {
		return time.Time{}, nil
	}
	if err != nil {
		return time.Time{}, err
	}
	return time.Parse(instant, at)
}

func insertAgreement(tx *tenants.Tx, user, version string) error {
	_, err := tx.Exec(`INSERT INTO agreement (user_id, version, accepted_at) VALUES (?,?,?)
		ON CONFLICT DO NOTHING`, user, version, stamp(tx.Now))
	return err
}
