package main

import (
	"context"

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
