package main

import (
	"context"
	"fmt"

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
