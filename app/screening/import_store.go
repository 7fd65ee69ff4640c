package screening

import (
	"gsl/app/people"
	"gsl/tenants"
)

func hasNobody(tx *tenants.Tx) (bool, error) {
	var some bool
	err := tx.QueryRow(`SELECT EXISTS (SELECT 1 FROM household) OR EXISTS (SELECT 1 FROM member)`).Scan(&some)
	return !some, err
}

func hasNoBenefits(tx *tenants.Tx) (bool, error) {
	var some bool
	err := tx.QueryRow(`SELECT EXISTS (SELECT 1 FROM benefit)`).Scan(&some)
	return !some, err
}

func countRegistry(tx *tenants.Tx) (SynthReport, error) {
	var r SynthReport
	err := tx.QueryRow(`SELECT (SELECT count(*) FROM household), (SELECT count(*) FROM member), (SELECT count(*) FROM benefit)`).
		Scan(&r.Households, &r.People, &r.Benefits)
	return r, err
}

// addHome adds a household unless its folio is there already.
func addHome(tx *tenants.Tx, h home) (added bool, err error) {
	return touched(tx.Exec(insertHome+homeRow+` ON CONFLICT (folio) DO NOTHING`,
		h.Folio, h.Tramo, h.Address, h.CommuneCode, h.DwellingType, h.Tenure, h.Water, h.Rooms, h.DataDate.String(), int64(h.Head.Body())))
}

func readHome(tx *tenants.Tx, folio string) (home, error) {
	var h home
	err := tx.QueryRow(`SELECT folio, tramo, address, commune_code, dwelling_type, tenure, water, rooms, data_date, head_run FROM household WHERE folio = ?`, folio).
		Scan(&h.Folio, &h.Tramo, &h.Address, &h.CommuneCode, &h.DwellingType, &h.Tenure, &h.Water, &h.Rooms, &h.DataDate, &h.Head)
	return h, err
}

func updateHome(tx *tenants.Tx, h home) error {
	_, err := tx.Exec(`UPDATE household SET tramo=?, address=?, commune_code=?, dwelling_type=?, tenure=?, water=?, rooms=?, data_date=?, head_run=? WHERE folio=?`,
		h.Tramo, h.Address, h.CommuneCode, h.DwellingType, h.Tenure, h.Water, h.Rooms, h.DataDate.String(), int64(h.Head.Body()), h.Folio)
	return err
}

// deleteIfEmpty deletes a household in which nobody lives any more.
func deleteIfEmpty(tx *tenants.Tx, folio string) error {
	_, err := tx.Exec(`DELETE FROM household WHERE folio = ?1 AND NOT EXISTS (SELECT 1 FROM member WHERE folio = ?1)`, folio)
	return err
}

func addMember(tx *tenants.Tx, folio string, m *Member) error {
	_, err := tx.Exec(insertMember+memberRow,
		folio, int64(m.RUN.Body()), m.GivenNames, m.Surnames, m.BirthDate.String(), m.Sex, m.Nationality, m.Relationship, m.Head, m.Income,
		m.Education, m.Student, m.HealthInsurance, m.Pension, m.Occupation, m.Disability, m.Dependency, m.Carer, m.Pregnant, m.Phone, m.Email)
	return err
}

func updateMember(tx *tenants.Tx, folio string, m *Member) error {
	_, err := tx.Exec(`UPDATE member SET given_names=?, surnames=?, birth_date=?, sex=?, nationality=?, relationship=?, head=?, income=?,
		education=?, student=?, health_insurance=?, pension=?, occupation=?, disability=?, dependency=?, carer=?, pregnant=?, phone=?, email=?
		WHERE folio=? AND run=?`,
		m.GivenNames, m.Surnames, m.BirthDate.String(), m.Sex, m.Nationality, m.Relationship, m.Head, m.Income,
		m.Education, m.Student, m.HealthInsurance, m.Pension, m.Occupation, m.Disability, m.Dependency, m.Carer, m.Pregnant, m.Phone, m.Email,
		folio, int64(m.RUN.Body()))
	return err
}

func deleteMember(tx *tenants.Tx, folio string, run people.RUN) error {
	_, err := tx.Exec(`DELETE FROM member WHERE folio = ? AND run = ?`, folio, int64(run.Body()))
	return err
}

// readResidence gives folio and date of the household in which a person lives.
func readResidence(tx *tenants.Tx, run people.RUN) (home, error) {
	var h home
	err := tx.QueryRow(`SELECT h.folio, h.data_date FROM member m JOIN household h ON h.folio = m.folio WHERE m.run = ?`, int64(run.Body())).
		Scan(&h.Folio, &h.DataDate)
	return h, err
}

// suspect is a household that did not have exactly one head.
type suspect struct {
	folio          string
	members, heads int
}

func addSuspect(tx *tenants.Tx, folio string) error {
	_, err := tx.Exec(`INSERT INTO import_suspect (folio) VALUES (?) ON CONFLICT DO NOTHING`, folio)
	return err
}

// readSuspects lists the suspects that still do not have exactly one head.
func readSuspects(tx *tenants.Tx) ([]suspect, error) {
	rows, err := tx.Query(`SELECT s.folio, count(m.run) AS members, coalesce(sum(m.head), 0) AS heads
		FROM import_suspect s JOIN household h ON h.folio = s.folio LEFT JOIN member m ON m.folio = s.folio
		GROUP BY s.folio HAVING heads <> 1 ORDER BY s.folio`)
	if err != nil {
		return nil, err
	}
	defer func() { _ = rows.Close() }()
	var list []suspect
	for rows.Next() {
		var s suspect
		if err := rows.Scan(&s.folio, &s.members, &s.heads); err != nil {
			return nil, err
		}
		list = append(list, s)
	}
	return list, rows.Err()
}

func clearSuspects(tx *tenants.Tx) error {
	_, err := tx.Exec(`DELETE FROM import_suspect`)
	return err
}

// addBenefit adds a benefit unless the same one is there already.
func addBenefit(tx *tenants.Tx, b *Benefit) (added bool, err error) {
	return touched(tx.Exec(insertBenefit+benefitRow+` ON CONFLICT DO NOTHING`,
		int64(b.RUN.Body()), b.On.String(), b.Code, b.Amount, b.Name, b.Provider, b.Quantity, b.Unit))
}

// correctBenefit writes what else is said of a benefit, if it differs.
func correctBenefit(tx *tenants.Tx, b *Benefit) (changed bool, err error) {
	return touched(tx.Exec(`UPDATE benefit SET name=?1, provider=?2, quantity=?3, unit=?4 WHERE run=?5 AND granted_on=?6 AND code=?7 AND amount=?8
		AND (name, provider, quantity, unit) IS NOT (?1, ?2, ?3, ?4)`,
		b.Name, b.Provider, b.Quantity, b.Unit, int64(b.RUN.Body()), b.On.String(), b.Code, b.Amount))
}

func touched(result tenants.Result, err error) (bool, error) {
	if err != nil {
		return false, err
	}
	n, err := result.RowsAffected()
	return n > 0, err
}
