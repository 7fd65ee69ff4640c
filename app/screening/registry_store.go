package screening

import (
	"gsl/app/people"
	"gsl/tenants"
)

const selectHousehold = `SELECT h.folio, h.tramo, h.address, h.commune_code, h.dwelling_type, h.tenure, h.water, h.rooms, h.data_date
	FROM member m JOIN household h ON h.folio = m.folio WHERE m.run = ?`

const selectMembers = `SELECT run, given_names, surnames, birth_date, sex, nationality, relationship, head, income,
	education, student, health_insurance, pension, occupation, disability, dependency, carer, pregnant, phone, email
	FROM member WHERE folio = ?`

const selectHouseholdBenefits = `SELECT b.run, b.code, b.name, b.provider, b.granted_on, b.amount, b.quantity, b.unit
	FROM member m CROSS JOIN benefit b ON b.run = m.run WHERE m.folio = ?`

const selectBenefits = `SELECT run, code, name, provider, granted_on, amount, quantity, unit FROM benefit WHERE run = ?`

func readHousehold(tx *tenants.Tx, run people.RUN) (Household, error) {
	var h Household
	err := tx.QueryRow(selectHousehold, int64(run.Body())).Scan(&h.Folio, &h.Tramo, &h.Address, &h.CommuneCode,
		&h.DwellingType, &h.Tenure, &h.Water, &h.Rooms, &h.DataDate)
	if tenants.NotFound(err) {
		benefits, err := readBenefits(tx, run)
		if err != nil {
			return Household{}, err
		}
		return Household{Benefits: benefits}, ErrNotRegistered
	}
	if err != nil {
		return Household{}, err
	}
	if h.Members, err = readMembers(tx, h.Folio); err != nil {
		return Household{}, err
	}
	for i := range h.Members {
		h.Income += h.Members[i].Income
	}
	h.Benefits, err = readHouseholdBenefits(tx, h.Folio)
	return h, err
}

func readMembers(tx *tenants.Tx, folio string) ([]Member, error) {
	rows, err := tx.Query(selectMembers, folio)
	if err != nil {
		return nil, err
	}
	defer func() { _ = rows.Close() }()
	list := make([]Member, 0, 4)
	var m Member // scanned into again and again: one in the loop would be new memory for each row
	var run int64
	for rows.Next() {
		if err := rows.Scan(&run, &m.GivenNames, &m.Surnames, &m.BirthDate, &m.Sex, &m.Nationality, &m.Relationship,
			&m.Head, &m.Income, &m.Education, &m.Student, &m.HealthInsurance, &m.Pension, &m.Occupation, &m.Disability,
			&m.Dependency, &m.Carer, &m.Pregnant, &m.Phone, &m.Email); err != nil {
			return nil, err
		}
		m.RUN = people.RUNOf(uint32(run)) //nolint:gosec // a body that was verified when it was loaded
		list = append(list, m)
	}
	return list, rows.Err()
}

func readHouseholdBenefits(tx *tenants.Tx, folio string) ([]Benefit, error) {
	rows, err := tx.Query(selectHouseholdBenefits, folio)
	if err != nil {
		return nil, err
	}
	return scanBenefits(rows)
}

func readBenefits(tx *tenants.Tx, run people.RUN) ([]Benefit, error) {
	rows, err := tx.Query(selectBenefits, int64(run.Body()))
	if err != nil {
		return nil, err
	}
	return scanBenefits(rows)
}

// scanBenefits reads the rows of both queries, newest first.
func scanBenefits(rows *tenants.Rows) ([]Benefit, error) {
	defer func() { _ = rows.Close() }()
	var list []Benefit
	var b Benefit
	var run int64
	for rows.Next() {
		if err := rows.Scan(&run, &b.Code, &b.Name, &b.Provider, &b.On, &b.Amount, &b.Quantity, &b.Unit); err != nil {
			return nil, err
		}
		b.RUN = people.RUNOf(uint32(run)) //nolint:gosec // a body that was verified when it was loaded
		list = append(list, b)
	}
	newestFirst(list)
	return list, rows.Err()
}

// readable reads the least there is of the registry's own.
func readable(tx *tenants.Tx) error {
	var revision int64
	return tx.QueryRow(`SELECT revision FROM name_state`).Scan(&revision)
}

func readHeads(tx *tenants.Tx, commune string, limit int) ([]people.RUN, error) {
	// Folios begin with the commune, so the walk starts near the right place.
	rows, err := tx.Query(`SELECT m.run FROM household h CROSS JOIN member m ON m.folio = h.folio AND m.head = 1
		WHERE h.commune_code = ?1 AND h.folio >= ?1 ORDER BY h.folio, m.run LIMIT ?2`, commune, limit)
	if err != nil {
		return nil, err
	}
	defer func() { _ = rows.Close() }()
	var list []people.RUN
	for rows.Next() {
		var run people.RUN
		if err := rows.Scan(&run); err != nil {
			return nil, err
		}
		list = append(list, run)
	}
	return list, rows.Err()
}

func indexMissing(tx *tenants.Tx) (bool, error) {
	var n int
	err := tx.QueryRow(`SELECT count(*) FROM sqlite_schema WHERE name = 'member_run'`).Scan(&n)
	return n == 0, err
}

func createIndex(tx *tenants.Tx) error {
	_, err := tx.Exec(`CREATE UNIQUE INDEX IF NOT EXISTS member_run ON member (run)`)
	return err
}

func dropIndex(tx *tenants.Tx) error {
	_, err := tx.Exec(`DROP INDEX IF EXISTS member_run`)
	return err
}
