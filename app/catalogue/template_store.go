package catalogue

import "gsl/tenants"

const (
	templateDrawers = `SELECT category, code, position, name FROM catalogue_subcategory`
	templateItems   = `SELECT code, category, subcategory, name, description, provider, unit, reference_clp, interval_days, requirements, legal_basis, ris_code,
			spots, spots_period, available
		FROM catalogue_item WHERE valid_to = ''`
	templateCriteria = `SELECT c.code, c.requirement, c.alternative, c.position, c.scope, c.attribute, c.operator, c.value
		FROM catalogue_criterion c JOIN catalogue_item i USING (code, valid_from) WHERE i.valid_to = ''`
	templateFields = `SELECT f.code, f.position, f.label, f.type, f.required, f.choices
		FROM catalogue_field f JOIN catalogue_item i USING (code, valid_from) WHERE i.valid_to = ''`
)

// readRows reads a few rows whole.
func readRows(rows *tenants.Rows, err error) ([][]any, error) {
	if err != nil {
		return nil, err
	}
	defer func() { _ = rows.Close() }()
	columns, err := rows.Columns()
	if err != nil {
		return nil, err
	}
	var list [][]any
	for rows.Next() {
		row, into := make([]any, len(columns)), make([]any, len(columns))
		for i := range row {
			into[i] = &row[i]
		}
		if err := rows.Scan(into...); err != nil {
			return nil, err
		}
		list = append(list, row)
	}
	return list, rows.Err()
}

// clearLocal takes every local item out; criteria and fields go with theirs.
func clearLocal(tx *tenants.Tx) error {
	if _, err := tx.Exec(`DELETE FROM catalogue_item`); err != nil {
		return err
	}
	_, err := tx.Exec(`DELETE FROM catalogue_subcategory`)
	return err
}

// writeTemplate writes each item as in force since ever: there is no history yet.
func writeTemplate(tx *tenants.Tx, t *Template) error {
	for _, row := range t.drawers {
		if _, err := tx.Exec(`INSERT INTO catalogue_subcategory (category, code, position, name) VALUES (?,?,?,?)`, row...); err != nil {
			return err
		}
	}
	for _, row := range t.items {
		if _, err := tx.Exec(`INSERT INTO catalogue_item (code, category, subcategory, name, description, provider, unit, reference_clp, interval_days,
			requirements, legal_basis, ris_code, spots, spots_period, available) VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?,?,?)`, row...); err != nil {
			return err
		}
	}
	for _, row := range t.criteria {
		if _, err := tx.Exec(`INSERT INTO catalogue_criterion (code, valid_from, requirement, alternative, position, scope, attribute, operator, value)
			VALUES (?,'',?,?,?,?,?,?,?)`, row...); err != nil {
			return err
		}
	}
	for _, row := range t.fields {
		if _, err := tx.Exec(`INSERT INTO catalogue_field (code, valid_from, position, label, type, required, choices) VALUES (?,'',?,?,?,?,?)`, row...); err != nil {
			return err
		}
	}
	return nil
}
