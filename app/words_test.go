package app

import (
	"context"
	"testing"

	"gsl/app/attention"
	"gsl/app/kit/i18n"
	"gsl/tenants"
)

// Whatever was done to a file in a year of the demo has its words in the history.
func TestEveryChangeOfAFileHasItsWords(t *testing.T) {
	h := newHouse(t)
	ctx := i18n.With(context.Background(), i18n.Spanish)
	found := 0
	err := h.municipality("05802").View(ctx, func(tx *tenants.Tx) error {
		rows, err := tx.Query(`SELECT DISTINCT action FROM audit WHERE file_id <> ''`)
		if err != nil {
			return err
		}
		defer func() { _ = rows.Close() }()
		for rows.Next() {
			var action string
			if err := rows.Scan(&action); err != nil {
				return err
			}
			found++
			if attention.ChangeText(ctx, action) == attention.ChangeText(ctx, "") {
				t.Errorf("%s has no words", action)
			}
		}
		return rows.Err()
	})
	if err != nil || found < 30 {
		t.Errorf("%d kinds of change: %v", found, err)
	}
}
