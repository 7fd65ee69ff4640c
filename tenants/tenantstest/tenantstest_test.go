package tenantstest

import (
	"context"
	"testing"
	"time"

	"gsl/tenants"
)

func TestMunicipalityWritesAndReads(t *testing.T) {
	files, clock := NewWithClock(t)
	limache := Municipality(t, files, "05802")
	if again := Municipality(t, files, "05802"); again.ID != limache.ID {
		t.Errorf("second provisioning made %s, want %s", again.ID, limache.ID)
	}
	clock.Advance(time.Hour)
	ctx := context.Background()
	err := limache.Update(ctx, func(tx *tenants.Tx) error {
		_, err := tx.Exec(`INSERT INTO setting (key, value) VALUES (?,?)`, "test.at", tx.Now.Format(time.RFC3339))
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	var at string
	err = limache.View(ctx, func(tx *tenants.Tx) error {
		return tx.QueryRow(`SELECT value FROM setting WHERE key = ?`, "test.at").Scan(&at)
	})
	if err != nil || at != "2026-11-21T16:00:00Z" {
		t.Errorf("read %q (%v), want the clock's hour", at, err)
	}
}
