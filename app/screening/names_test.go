package screening_test

import (
	"context"
	"strings"
	"testing"

	"gsl/app/access"
	"gsl/app/kit/actor"
	"gsl/app/people"
	"gsl/app/screening"
	"gsl/tenants"
	"gsl/tenants/tenantstest"
)

func foundNames(list []people.Stranger) string {
	names := make([]string, len(list))
	for i, st := range list {
		names[i] = st.Is.GivenNames
		if st.By != people.ByName {
			names[i] += " (" + string(st.By) + ")"
		}
	}
	return strings.Join(names, ", ")
}

// The registry's people are found by name, those of the own communes alone, and
// never by an index that is older than the registry.
func TestTheRegistryIsSearchedByName(t *testing.T) {
	files := tenantstest.New(t)
	m := tenantstest.Municipality(t, files, "05802")
	ctx := context.Background()
	add := func(folio, commune string, run int, given, surnames, born string) {
		t.Helper()
		err := files.Registry().Update(ctx, func(tx *tenants.Tx) error {
			if _, err := tx.Exec(`INSERT OR IGNORE INTO household VALUES (?,40,'x',?,'','','',1,'2026-01-01',?)`, folio, commune, run); err != nil {
				return err
			}
			if _, err := tx.Exec(`INSERT INTO member VALUES (?,?,?,?,?,'F','chilena','',1,0,'',0,'','','',0,'',0,0,'','')`, folio, run, given, surnames, born); err != nil {
				return err
			}
			_, err := tx.Exec(`UPDATE name_state SET revision = revision + 1`)
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	add("058020000001", "05802", 11, "María José", "Peña Ñancupil", "1980-02-03")
	add("058020000001", "05802", 12, "Mariana", "González", "")
	add("063040000001", "06304", 13, "María de Lolol", "Peña", "1990-01-01")
	names := screening.NewNames(files.Registry(), nil)
	who := actor.Actor{UserID: "u", Role: access.FrontDesk, Municipality: m}
	find := func(words ...string) string {
		t.Helper()
		list, err := names.Find(ctx, who, words, 20)
		if err != nil {
			t.Fatal(err)
		}
		return foundNames(list)
	}
	if got := find("maria"); got != "" {
		t.Errorf("before it was indexed: %q", got)
	}
	if err := names.Index(ctx); err != nil {
		t.Fatal(err)
	}
	for typed, want := range map[string]string{"maria": "María José, Mariana", "pena maria": "María José", "nancu": "María José", "maria 1980": "María José",
		"gonsalez": "Mariana (like)", "lolol": "", "05802maria": "", "penna": "María José (like)", "mariana gonz": "Mariana"} {
		if got := find(strings.Fields(typed)...); got != want {
			t.Errorf("%q found %q, want %q", typed, got, want)
		}
	}
	add("058020000002", "05802", 14, "Wladimira", "Zzyzx", "")
	if got := find("maria"); got != "" {
		t.Errorf("an index of before the change answers %q", got)
	}
	if err := names.Index(ctx); err != nil {
		t.Fatal(err)
	}
	if got := find("wladi") + find("maria"); got != "WladimiraMaría José, Mariana" {
		t.Errorf("after the change: %q", got)
	}
}
