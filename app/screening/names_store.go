package screening

import (
	"gsl/app/people"
	"gsl/tenants"
)

func nameState(tx *tenants.Tx) (revision int64, fresh bool, err error) {
	err = tx.QueryRow(`SELECT revision, revision = indexed FROM name_state`).Scan(&revision, &fresh)
	return revision, fresh, err
}

// renewNames says that the registry's people are changing: their names are
// indexed anew.
func renewNames(tx *tenants.Tx) error {
	_, err := tx.Exec(`UPDATE name_state SET revision = revision + 1`)
	return err
}

func setIndexed(tx *tenants.Tx, revision int64) error {
	_, err := tx.Exec(`UPDATE name_state SET indexed = ?`, revision)
	return err
}

func clearNames(tx *tenants.Tx) error {
	_, err := tx.Exec(`INSERT INTO member_name (member_name) VALUES ('delete-all')`)
	return err
}

// indexNames takes the next people into the index and gives how many there were.
// They come in the order of their RUNs, which number the rows: FTS5 writes out
// what it holds back whenever a number is lower than the one before.
func indexNames(tx *tenants.Tx, last *int64, limit int) (int, error) {
	rows, err := tx.Query(`SELECT m.run, m.given_names, m.surnames, m.birth_date, h.commune_code
		FROM member AS m INDEXED BY member_run CROSS JOIN household AS h ON h.folio = m.folio WHERE m.run > ? ORDER BY m.run LIMIT ?`, *last, limit)
	if err != nil {
		return 0, err
	}
	defer func() { _ = rows.Close() }()
	n := 0
	for ; rows.Next(); n++ {
		var given, surnames, born, commune string
		if err := rows.Scan(last, &given, &surnames, &born, &commune); err != nil {
			return n, err
		}
		if _, err := tx.Exec(`INSERT INTO member_name (rowid, words) VALUES (?, ?)`, *last, indexedName(commune, given, surnames, born)); err != nil {
			return n, err
		}
	}
	return n, rows.Err()
}

// wordsOf gives the words of a commune's people, sorted, with the commune before each.
func wordsOf(tx *tenants.Tx, commune string) ([]string, error) {
	return people.MovedIDs(tx.Query(`SELECT term FROM member_word WHERE term >= ?1 AND term < ?1 || '~' ORDER BY term`, commune))
}

// strangers gives people by an expression of FTS5 over names.
func strangers(tx *tenants.Tx, match string, by people.Match, limit int) ([]people.Stranger, error) {
	rows, err := tx.Query(`SELECT m.run, m.given_names, m.surnames, m.birth_date, m.sex, m.nationality, m.phone, m.email, h.address, h.commune_code, h.folio
		FROM (SELECT rowid AS run FROM member_name WHERE member_name MATCH ?1 LIMIT ?2) AS hit
		CROSS JOIN member AS m ON m.run = hit.run CROSS JOIN household AS h ON h.folio = m.folio ORDER BY m.surnames, m.given_names, m.run`, match, limit)
	if err != nil {
		return nil, err
	}
	defer func() { _ = rows.Close() }()
	var list []people.Stranger
	for rows.Next() {
		st := people.Stranger{By: by}
		if err := rows.Scan(&st.RUN, &st.Is.GivenNames, &st.Is.Surnames, &st.Is.BirthDate, &st.Is.Sex, &st.Is.Nationality, &st.Is.Phone, &st.Is.Email,
			&st.Is.Address, &st.Is.CommuneCode, &st.Is.Folio); err != nil {
			return nil, err
		}
		list = append(list, st)
	}
	return list, rows.Err()
}
