package people

import "gsl/tenants"

// nextProvisional gives the number of the year's next provisional ID. None is
// ever given back, so there are no gaps.
func nextProvisional(tx *tenants.Tx, year int) (number int, err error) {
	err = tx.QueryRow(`SELECT coalesce(max(number), 0) + 1 FROM provisional WHERE year = ?`, year).Scan(&number)
	return number, err
}

// madeBy gives the file that a form made already, the zero File for none.
func madeBy(tx *tenants.Tx, key string) (File, error) {
	var id string
	err := tx.QueryRow(`SELECT file_id FROM provisional WHERE key = ?`, key).Scan(&id)
	if tenants.NotFound(err) {
		return File{}, nil
	}
	if err != nil {
		return File{}, err
	}
	return survivor(tx, id)
}

func insertProvisional(tx *tenants.Tx, f *File, n *Newcomer, year, number int, by string) error {
	_, err := tx.Exec(`INSERT INTO file (id, provisional_id, given_names, surnames, birth_date, sex, nationality, phone, address, source, created_at, created_by)
		VALUES (?,?,?,?,?,?,?,?,?,?,?,?)`,
		f.ID, f.ProvisionalID, f.GivenNames, f.Surnames, f.BirthDate, f.Sex, f.Nationality, f.Phone, f.Address, f.Source, stamp(f.CreatedAt), by)
	if err != nil {
		return err
	}
	key := n.Key
	if key == "" {
		key = f.ID
	}
	if _, err := tx.Exec(`INSERT INTO provisional (year, number, file_id, key, reason, anyway) VALUES (?,?,?,?,?,?)`,
		year, number, f.ID, key, n.Reason, n.Anyway); err != nil || n.Document == "" {
		return err
	}
	_, err = tx.Exec(`INSERT INTO identity_document (key, file_id, kind, number) VALUES (?,?,?,?)`,
		documentKey(n.Document), f.ID, n.DocumentKind, n.Document)
	return err
}
