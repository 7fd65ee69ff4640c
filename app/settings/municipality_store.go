package settings

import "gsl/tenants"

func loadProfile(tx *tenants.Tx) (p Profile, err error) {
	err = tx.QueryRow(`SELECT official_name, address, phone, email, shield, mark, version FROM profile WHERE id = 1`).
		Scan(&p.OfficialName, &p.Address, &p.Phone, &p.Email, &p.Shield, &p.Mark, &p.Version)
	return p, err
}

func saveProfile(tx *tenants.Tx, p *Profile) error {
	p.Version++
	_, err := tx.Exec(`UPDATE profile SET official_name = ?, address = ?, phone = ?, email = ?, version = ? WHERE id = 1`,
		p.OfficialName, p.Address, p.Phone, p.Email, p.Version)
	return err
}

// saveShield leaves the version alone: whoever types the address meanwhile is not disturbed.
func saveShield(tx *tenants.Tx, shield, mark []byte) error {
	_, err := tx.Exec(`UPDATE profile SET shield = ?, mark = ? WHERE id = 1`, shield, mark)
	return err
}
