package audit_test

import (
	"context"
	"testing"

	"gsl/app/kit/actor"
	"gsl/tenants"
)

func operator(m *tenants.Municipality) actor.Actor {
	return actor.Actor{UserID: "01J0000000000000000000USER", Role: "case_manager", UnitID: "social", Municipality: m,
		RequestID: "01J000000000000000000REQST"}
}

// fileIDs makes identifiers as case files have.
func fileIDs(t testing.TB, who actor.Actor, n int) []string {
	t.Helper()
	ids := make([]string, n)
	err := who.Municipality.View(context.Background(), func(tx *tenants.Tx) error {
		for i := range ids {
			ids[i] = tx.NewID()
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return ids
}
