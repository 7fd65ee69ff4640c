package benefit

import (
	"encoding/json"
	"time"

	"gsl/tenants"
)

func received(tx *tenants.Tx, holders []string) ([]Grant, error) {
	list, err := json.Marshal(holders)
	if err != nil {
		return nil, err
	}
	rows, err := tx.Query(`SELECT id, holder, item_code, name, category, subcategory, kind, granted_on,
			quantity, unit, amount_clp, provider, decree, note, source, origin
		FROM benefit_grant WHERE holder IN (SELECT value FROM json_each(?))
		ORDER BY granted_on DESC, id`, string(list))
	if err != nil {
		return nil, err
	}
	defer func() { _ = rows.Close() }()
	var grants []Grant
	for rows.Next() {
		var g Grant
		if err := rows.Scan(&g.ID, &g.Holder, &g.ItemCode, &g.Name, &g.Category, &g.Subcategory, &g.Kind, &g.On,
			&g.Quantity, &g.Unit, &g.Amount, &g.Provider, &g.Decree, &g.Note, &g.Source, &g.Origin); err != nil {
			return nil, err
		}
		grants = append(grants, g)
	}
	return grants, rows.Err()
}

// insert adds a grant and reports whether it was new.
func insert(tx *tenants.Tx, g Grant) (bool, error) {
	result, err := tx.Exec(`INSERT INTO benefit_grant (id, holder, item_code, name, category, subcategory, kind, granted_on,
			quantity, unit, amount_clp, provider, decree, note, source, origin, recorded_at)
		VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?) ON CONFLICT (source, origin) DO NOTHING`,
		g.ID, g.Holder, g.ItemCode, g.Name, g.Category, g.Subcategory, g.Kind, g.On,
		g.Quantity, g.Unit, g.Amount, g.Provider, g.Decree, g.Note, g.Source, g.Origin, tx.Now.Format(time.RFC3339))
	if err != nil {
		return false, err
	}
	added, err := result.RowsAffected()
	return added == 1, err
}
