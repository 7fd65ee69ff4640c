package catalogue

import (
	"fmt"
	"strings"

	"gsl/app/kit/calendar"
	"gsl/tenants"
)

// The catalogue's tables have the same names and shape in national.db and in a
// municipality's file, so that one text reads both.

func hasItems(tx *tenants.Tx) (bool, error) {
	var found bool
	err := tx.QueryRow(`SELECT EXISTS (SELECT 1 FROM catalogue_item)`).Scan(&found)
	return found, err
}

func insertCategory(tx *tenants.Tx, c *Category) error {
	_, err := tx.Exec(`INSERT INTO catalogue_category (code, name, short_name) VALUES (?,?,?)
		ON CONFLICT DO NOTHING`, c.Code, c.Name, c.ShortName)
	return err
}

func insertSubcategory(tx *tenants.Tx, category string, position int, sub Subcategory) error {
	_, err := tx.Exec(`INSERT INTO catalogue_subcategory (category, code, position, name) VALUES (?,?,?,?)
		ON CONFLICT DO NOTHING`, category, sub.Code, position, sub.Name)
	return err
}

// insertItem writes the first version of an item; a code that has one already
// is left alone.
func insertItem(tx *tenants.Tx, it *Item) error {
	var reference any
	if it.ReferenceKnown {
		reference = it.Reference
	}
	done, err := tx.Exec(`INSERT INTO catalogue_item (code, valid_from, valid_to, category, subcategory, name,
			description, provider, unit, reference_clp, interval_days, requirements, legal_basis, ris_code)
		SELECT ?1,?2,?3,?4,?5,?6,?7,?8,?9,?10,?11,?12,?13,?14
		WHERE NOT EXISTS (SELECT 1 FROM catalogue_item WHERE code = ?1)`,
		it.Code, it.ValidFrom.String(), it.ValidTo.String(), it.Category, it.SubcategoryCode, it.Name,
		it.Description, it.Provider, it.Unit, reference, it.IntervalDays,
		strings.Join(it.Requirements, "\n"), it.LegalBasis, it.RISCode)
	if err != nil {
		return err
	}
	if n, err := done.RowsAffected(); err != nil || n == 0 {
		return err
	}
	if err := insertCriteria(tx, it); err != nil {
		return err
	}
	return insertFields(tx, it)
}

func insertCriteria(tx *tenants.Tx, it *Item) error {
	for i, c := range it.Criteria {
		for k, tests := range c.Alternatives {
			for n, t := range tests {
				if _, err := tx.Exec(`INSERT INTO catalogue_criterion (code, valid_from, requirement, alternative,
						position, scope, attribute, operator, value) VALUES (?,?,?,?,?,?,?,?,?)`,
					it.Code, it.ValidFrom.String(), i+1, k+1, n+1, string(c.Scope), t.Attribute, t.Operator, t.Value); err != nil {
					return err
				}
			}
		}
	}
	return nil
}

func insertFields(tx *tenants.Tx, it *Item) error {
	for i, f := range it.Fields {
		if _, err := tx.Exec(`INSERT INTO catalogue_field (code, valid_from, position, label, type, required, choices)
				VALUES (?,?,?,?,?,?,?)`,
			it.Code, it.ValidFrom.String(), i+1, f.Label, f.Type, f.Required, strings.Join(f.Choices, "\n")); err != nil {
			return err
		}
	}
	return nil
}

// loadCategories reads the six categories without their subcategories.
func loadCategories(tx *tenants.Tx) ([]Category, error) {
	rows, err := tx.Query(`SELECT code, name, short_name FROM catalogue_category ORDER BY code`)
	if err != nil {
		return nil, err
	}
	defer func() { _ = rows.Close() }()
	var list []Category
	for rows.Next() {
		var c Category
		if err := rows.Scan(&c.Code, &c.Name, &c.ShortName); err != nil {
			return nil, err
		}
		list = append(list, c)
	}
	return list, rows.Err()
}

// loadSubcategories adds the file's subcategories to their categories.
func loadSubcategories(tx *tenants.Tx, list []Category) error {
	rows, err := tx.Query(`SELECT category, code, name FROM catalogue_subcategory ORDER BY category, position, code`)
	if err != nil {
		return err
	}
	defer func() { _ = rows.Close() }()
	for rows.Next() {
		var category string
		var sub Subcategory
		if err := rows.Scan(&category, &sub.Code, &sub.Name); err != nil {
			return err
		}
		for i := range list {
			if list[i].Code == category {
				list[i].add(sub)
			}
		}
	}
	return rows.Err()
}

// loadNational reads the national items that are valid on a day.
func loadNational(tx *tenants.Tx, day calendar.Date) ([]*Item, error) {
	rows, err := tx.Query(`SELECT code, valid_from, valid_to, category, subcategory, name, description, provider,
			unit, reference_clp, interval_days, requirements, legal_basis, ris_code, contact, spots, spots_period, 1
		FROM catalogue_item WHERE valid_from <= ?1 AND (valid_to = '' OR valid_to >= ?1) ORDER BY code`, day.String())
	if err != nil {
		return nil, err
	}
	return scanItems(tx, rows, National, day)
}

// loadMunicipal reads the municipality's own items that are valid on a day.
func loadMunicipal(tx *tenants.Tx, day calendar.Date) ([]*Item, error) {
	rows, err := tx.Query(`SELECT code, valid_from, valid_to, category, subcategory, name, description, provider,
			unit, reference_clp, interval_days, requirements, legal_basis, ris_code, contact, spots, spots_period, available
		FROM catalogue_item WHERE valid_from <= ?1 AND (valid_to = '' OR valid_to >= ?1) ORDER BY code`, day.String())
	if err != nil {
		return nil, err
	}
	return scanItems(tx, rows, Municipal, day)
}

// scanItems reads the items of a query, then their criteria and fields.
func scanItems(tx *tenants.Tx, rows *tenants.Rows, scope string, day calendar.Date) ([]*Item, error) {
	defer func() { _ = rows.Close() }()
	var list []*Item
	byCode := map[string]*Item{}
	for rows.Next() {
		it := &Item{Scope: scope}
		var requirements string
		var reference *int64
		var available bool
		if err := rows.Scan(&it.Code, &it.ValidFrom, &it.ValidTo, &it.Category, &it.SubcategoryCode, &it.Name,
			&it.Description, &it.Provider, &it.Unit, &reference, &it.IntervalDays, &requirements,
			&it.LegalBasis, &it.RISCode, &it.Contact, &it.Spots, &it.SpotsPeriod, &available); err != nil {
			return nil, err
		}
		if reference != nil {
			it.Reference, it.ReferenceKnown = *reference, true
		}
		it.Requirements = splitList(requirements, "\n")
		it.Unavailable = !available
		list = append(list, it)
		byCode[it.Code] = it
	}
	if err := rows.Err(); err != nil {
		return nil, err
	}
	if err := loadCriteria(tx, byCode, day); err != nil {
		return nil, err
	}
	return list, loadFields(tx, list, byCode, day)
}

func loadCriteria(tx *tenants.Tx, items map[string]*Item, day calendar.Date) error {
	rows, err := tx.Query(`SELECT c.code, c.requirement, c.alternative, c.scope, c.attribute, c.operator, c.value
		FROM catalogue_item i JOIN catalogue_criterion c ON c.code = i.code AND c.valid_from = i.valid_from
		WHERE i.valid_from <= ?1 AND (i.valid_to = '' OR i.valid_to >= ?1)
		ORDER BY c.code, c.requirement, c.alternative, c.position`, day.String())
	if err != nil {
		return err
	}
	defer func() { _ = rows.Close() }()
	before, beforeRequirement, beforeAlternative := "", 0, 0
	for rows.Next() {
		var code, scope, attribute, operator, value string
		var requirement, alternative int
		if err := rows.Scan(&code, &requirement, &alternative, &scope, &attribute, &operator, &value); err != nil {
			return err
		}
		t, err := newTest(Scope(scope), attribute, operator, value)
		if err != nil {
			return fmt.Errorf("catalogue item %s, criterion %d: %w", code, requirement, err)
		}
		begins := code != before || requirement != beforeRequirement
		items[code].addTest(begins, alternative != beforeAlternative, Scope(scope), t)
		before, beforeRequirement, beforeAlternative = code, requirement, alternative
	}
	return rows.Err()
}

func loadFields(tx *tenants.Tx, list []*Item, byCode map[string]*Item, day calendar.Date) error {
	rows, err := tx.Query(`SELECT f.code, f.label, f.type, f.required, f.choices
		FROM catalogue_item i JOIN catalogue_field f ON f.code = i.code AND f.valid_from = i.valid_from
		WHERE i.valid_from <= ?1 AND (i.valid_to = '' OR i.valid_to >= ?1)
		ORDER BY f.code, f.position`, day.String())
	if err != nil {
		return err
	}
	defer func() { _ = rows.Close() }()
	for rows.Next() {
		var code, label, kind, choices string
		var required bool
		if err := rows.Scan(&code, &label, &kind, &required, &choices); err != nil {
			return err
		}
		f, err := newField(label, kind, required, splitList(choices, "\n"))
		if err != nil {
			return fmt.Errorf("catalogue item %s, field %q: %w", code, label, err)
		}
		byCode[code].Fields = append(byCode[code].Fields, f)
	}
	if err := rows.Err(); err != nil {
		return err
	}
	for _, it := range list {
		if err := it.complete(); err != nil {
			return fmt.Errorf("catalogue item %s: %w", it.Code, err)
		}
	}
	return nil
}

// loadOverrides applies what the municipality says of national items.
func loadOverrides(tx *tenants.Tx, items []*Item) error {
	byCode := make(map[string]*Item, len(items))
	for _, it := range items {
		byCode[it.Code] = it
	}
	rows, err := tx.Query(`SELECT code, available, contact, spots, spots_period FROM catalogue_override`)
	if err != nil {
		return err
	}
	defer func() { _ = rows.Close() }()
	for rows.Next() {
		var o Override
		if err := rows.Scan(&o.Code, &o.Available, &o.Contact, &o.Spots, &o.SpotsPeriod); err != nil {
			return err
		}
		if it := byCode[o.Code]; it != nil {
			o.apply(it)
		}
	}
	return rows.Err()
}

func saveOverride(tx *tenants.Tx, o Override) error {
	_, err := tx.Exec(`INSERT INTO catalogue_override (code, available, contact, spots, spots_period) VALUES (?1,?2,?3,?4,?5)
		ON CONFLICT (code) DO UPDATE SET available = ?2, contact = ?3, spots = ?4, spots_period = ?5`,
		o.Code, o.Available, o.Contact, o.Spots, o.SpotsPeriod)
	return err
}
