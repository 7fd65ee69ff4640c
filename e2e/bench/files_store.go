package main

import (
	"context"
	"fmt"
	"time"

	"gsl/app"
	"gsl/tenants"
)

// municipality is the one that the demo was played in.
func municipality(ctx context.Context, a *app.App, code string) (*tenants.Municipality, error) {
	var id string
	err := a.Files.National().View(ctx, func(tx *tenants.Tx) error {
		return tx.QueryRow(`SELECT id FROM municipality WHERE code = ?`, code).Scan(&id)
	})
	if err != nil {
		return nil, err
	}
	return a.Files.Municipality(ctx, id)
}

// identifiers lists the case files and the plans of a municipality.
func identifiers(ctx context.Context, m *tenants.Municipality) (files, plans []string, err error) {
	err = m.View(ctx, func(tx *tenants.Tx) error {
		rows, err := tx.Query(`SELECT id FROM file ORDER BY id`)
		if err != nil {
			return err
		}
		if files, err = column(rows); err != nil {
			return err
		}
		if rows, err = tx.Query(`SELECT id FROM plan ORDER BY id`); err != nil {
			return err
		}
		plans, err = column(rows)
		return err
	})
	return files, plans, err
}

func column(rows *tenants.Rows) (list []string, err error) {
	defer func() { _ = rows.Close() }()
	for rows.Next() {
		var text string
		if err := rows.Scan(&text); err != nil {
			return nil, err
		}
		list = append(list, text)
	}
	return list, rows.Err()
}

// Names that made-up files are called by.
var (
	givenNames = []string{"María", "Juan", "Elena", "Patricio", "Rosa", "Camila", "Luis", "Teresa", "Ignacio", "Marcela", "Héctor", "Sofía", "Ramón", "Gladys", "Matías"}
	surnames   = []string{"González", "Fuentes", "Soto", "Rojas", "Herrera", "Muñoz", "Díaz", "Pérez", "Contreras", "Silva", "Sepúlveda", "Morales", "Araya", "Tapia", "Vera", "Castillo", "Núñez", "Riquelme", "Huenchulaf", "Ibarra"}
)

// fillNames gives the municipality n more files of people with names, and lets
// its operators look up as often as they like.
func fillNames(ctx context.Context, m *tenants.Municipality, n int) error {
	made := 0
	return m.Bulk(ctx, func(tx *tenants.Tx) (more bool, err error) {
		if made == 0 {
			if _, err := tx.Exec(`INSERT INTO setting (key, value) VALUES ('people.lookups_per_minute', '1000000000'), ('people.lookups_per_day', '1000000000')
				ON CONFLICT (key) DO UPDATE SET value = excluded.value`); err != nil {
				return false, err
			}
		}
		for range min(5000, n-made) {
			i := made
			given := givenNames[i%15] + " " + givenNames[i/15%15]
			family := surnames[i/7%20] + " " + surnames[i/3%20]
			if _, err := tx.Exec(`INSERT INTO file (id, provisional_id, given_names, surnames, birth_date, created_at, created_by) VALUES (?, ?, ?, ?, ?, ?, 'bench')`,
				tx.NewID(), fmt.Sprintf("SR-00000-2000-%d", i+1), given, family, fmt.Sprintf("%d-%02d-%02d", 1930+i%80, 1+i%12, 1+i%28), tx.Now.Format("2006-01-02T15:04:05Z")); err != nil {
				return false, err
			}
			made++
		}
		return made < n, nil
	})
}

// fillMunicipality fills a municipality's file with rows that do not pack.
func fillMunicipality(ctx context.Context, m *tenants.Municipality) error {
	left := largeRows
	return m.Bulk(ctx, func(tx *tenants.Tx) (bool, error) {
		for range min(left, 1000) {
			if _, err := tx.Exec(`INSERT INTO setting (key, value) VALUES ('bench.' || hex(randomblob(8)), hex(randomblob(1950)))`); err != nil {
				return false, err
			}
			left--
		}
		return left > 0, nil
	})
}

// fillCases gives a unit of the municipality n open cases of so many workers,
// each with an open plan of two items; they are of every age up to two years.
func fillCases(ctx context.Context, m *tenants.Municipality, unit string, n, workers int) error {
	made := 0
	return m.Bulk(ctx, func(tx *tenants.Tx) (more bool, err error) {
		for range min(1000, n-made) {
			if err := insertWork(tx, unit, made, workers); err != nil {
				return false, err
			}
			made++
		}
		return made < n, nil
	})
}

func insertWork(tx *tenants.Tx, unit string, i, workers int) error {
	file, id, cart := tx.NewID(), tx.NewID(), tx.NewID()
	opened := tx.Now.Add(-time.Duration(i*37%16_800) * time.Hour)
	at, moved := opened.Format(milliseconds), tx.Now.Add(-time.Duration(i*13%min(2_000, 1+i*37%16_800))*time.Hour).Format(milliseconds)
	worker, name := fmt.Sprintf("bench-worker-%02d", i%workers), givenNames[i%workers%15]+" "+surnames[i%workers%20]
	if _, err := tx.Exec(`INSERT INTO file (id, provisional_id, given_names, surnames, created_at, created_by) VALUES (?, ?, ?, ?, ?, 'bench')`,
		file, fmt.Sprintf("SR-00001-2000-%d", i+1), givenNames[i%15], surnames[i/15%20], at); err != nil {
		return err
	}
	if _, err := tx.Exec(`INSERT INTO cart (id, file_id, status, created_at, changed_at) VALUES (?1, ?2, 'checked-out', ?3, ?3)`, cart, file, at); err != nil {
		return err
	}
	if _, err := tx.Exec(`INSERT INTO plan (id, file_id, cart_id, checkout_key, year, number, status, agreed, person_name, person_document, person_address,
			created_at, created_by, created_by_name, unit, unit_name, changed_at)
		VALUES (?1, ?2, ?3, ?1, 1999, ?4, 'open', 'signed', '', '', '', ?5, ?6, ?7, ?8, '', ?5)`, id, file, cart, i+1, at, worker, name, unit); err != nil {
		return err
	}
	if _, err := tx.Exec(`INSERT INTO plan_item (plan_id, id, position, code, name, category, subcategory, provider, unit, requirements, member, member_name, quantity, note,
			fields, override_reason, advice, added_by, added_by_name, status, changed_at, changed_by_name, changed_version, limit_amount)
		SELECT ?1, value, value, 'E101', 'Canasta familiar', 'E', '', '', '', '[]', '', '', 1, '', '[]', '', '[]', ?2, ?3, 'pending', ?4, ?3, 1, 0
		FROM json_each('["1","2"]')`, id, worker, name, at); err != nil {
		return err
	}
	_, err := tx.Exec(`INSERT INTO case_file (id, file_id, unit, status, worker_id, worker_name, opened_at, opened_by, opened_by_name, assigned_at, moved_at)
		VALUES (?1, ?2, ?3, 'assigned', ?4, ?5, ?6, ?4, ?5, ?6, ?7)`, id, file, unit, worker, name, at, moved)
	return err
}

// milliseconds is how instants of cases stand in the file.
const milliseconds = "2006-01-02T15:04:05.000Z"

// touchCase gives one made-up case to another made-up worker, as of now.
func touchCase(ctx context.Context, m *tenants.Municipality, unit string, n, workers int) error {
	return m.Update(ctx, func(tx *tenants.Tx) error {
		_, err := tx.Exec(`UPDATE case_file SET worker_id = printf('bench-worker-%02d', (?1 * 7) % ?2), moved_at = ?3
			WHERE id = (SELECT id FROM case_file WHERE unit = ?4 AND status = 'assigned' AND worker_id = printf('bench-worker-%02d', ?1 % ?2) LIMIT 1)`,
			n, workers, tx.Now.Format(milliseconds), unit)
		return err
	})
}
