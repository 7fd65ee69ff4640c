package screening

import (
	"context"
	"testing"

	"gsl/app/people"
	"gsl/tenants"
)

// What is kept of a household is never older than the registry, is nobody's to
// spoil, and hides no registry that stopped answering.
func TestAKeptHouseholdIsTheRegistrys(t *testing.T) {
	s := newShelf(t)
	s.loadFile("registry-limache.csv")
	ctx := context.Background()
	registry := NewEmbedded(s.db)
	heads, err := registry.Heads(ctx, s.commune(), 1)
	if err != nil || len(heads) != 1 {
		t.Fatal(heads, err)
	}
	run := heads[0]
	ask := func() Household {
		t.Helper()
		h, err := registry.Household(ctx, run)
		if err != nil {
			t.Fatal(err)
		}
		return h
	}
	first := ask()
	first.Members[0].Surnames = "spoilt by who asked"
	if again := ask(); again.Members[0].Surnames == "spoilt by who asked" {
		t.Error("who asks shares the list with the others")
	}
	s.rename(run, "OTRO APELLIDO")
	found := false
	for _, m := range ask().Members {
		found = found || m.RUN == run && m.Surnames == "OTRO APELLIDO"
	}
	if !found {
		t.Error("an import is not seen")
	}
	ended, cancel := context.WithCancel(ctx)
	cancel()
	if _, err := registry.Household(ended, run); err == nil {
		t.Error("a household was kept past a registry that does not answer")
	}
}

func (s *shelf) commune() (code string) {
	s.t.Helper()
	err := s.db.View(context.Background(), func(tx *tenants.Tx) error {
		return tx.QueryRow(`SELECT commune_code FROM household ORDER BY folio LIMIT 1`).Scan(&code)
	})
	if err != nil {
		s.t.Fatal(err)
	}
	return code
}

func (s *shelf) rename(run people.RUN, surnames string) {
	s.t.Helper()
	err := s.db.Update(context.Background(), func(tx *tenants.Tx) error {
		_, err := tx.Exec(`UPDATE member SET surnames = ? WHERE run = ?`, surnames, int64(run.Body()))
		return err
	})
	if err != nil {
		s.t.Fatal(err)
	}
}
