package national

import (
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"gsl/app/access"
	"gsl/app/kit/fault"
	"gsl/app/kit/i18n"
	views "gsl/templates/national"
	"gsl/tenants"
)

func (r *rig) provision(codes ...string) (ids []string) {
	r.t.Helper()
	for _, code := range codes {
		made, err := r.Provision(background, r.rosa, Order{Code: code}, "", "")
		if err != nil {
			r.t.Fatal(err)
		}
		ids = append(ids, made.ID)
	}
	return ids
}

func (r *rig) list(f Filter) List {
	r.t.Helper()
	list, err := r.List(background, r.rosa, f)
	if err != nil {
		r.t.Fatal(err)
	}
	return list
}

func codes(list List) string {
	var all []string
	for _, row := range list.Rows {
		all = append(all, row.Code)
	}
	return strings.Join(all, " ")
}

func TestListFindsAndSorts(t *testing.T) {
	r := newRig(t)
	ids := r.provision("05802", "06304", "13201", "12201", "05")
	if err := r.files.SetStatus(background, ids[1], tenants.Suspended); err != nil {
		t.Fatal(err)
	}
	for run := range uint32(3) {
		_, err := r.access.AddUser(background, access.Console(), access.NewUser{RUN: 100 + run, GivenNames: "Ana", Surnames: "Soto", Password: "tres zorros comen pan"})
		if err == nil {
			_, err = r.access.AddMembership(background, access.Console(), access.NewMembership{RUN: 100 + run, Municipality: []string{"05802", "05802", "13201"}[run], Role: access.FrontDesk})
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := r.access.DisableUser(background, access.Console(), 101); err != nil {
		t.Fatal(err)
	}
	if got := codes(r.list(Filter{})); got != "12201 05 05802 06304 13201" {
		t.Errorf("before anybody looked: %s", got)
	}
	if err := r.Refresh(background); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		f    Filter
		want string
	}{
		{Filter{}, "12201 05 05802 06304 13201"},
		{Filter{Sort: "nothing", Health: "nothing", Status: "nothing"}, "12201 05 05802 06304 13201"},
		{Filter{Text: "lim"}, "05802"},
		{Filter{Text: "VALPARAÍSO lim"}, "05802"},
		{Filter{Text: "valparaiso"}, "05 05802"},
		{Filter{Text: "05802"}, "05802"},
		{Filter{Text: "zz' OR 1=1 --"}, ""},
		{Filter{Region: "13"}, "13201"},
		{Filter{Status: "suspended"}, "06304"},
		{Filter{Health: "well"}, "12201 05 05802 06304 13201"},
		{Filter{Health: "bad"}, ""},
		{Filter{Sort: "users", Down: true}, "13201 05802 12201 06304 05"},
		{Filter{Sort: "name", Down: true}, "13201 06304 05802 05 12201"},
	} {
		if got := codes(r.list(c.f)); got != c.want {
			t.Errorf("%+v: %s, want %s", c.f, got, c.want)
		}
	}
	row := r.list(Filter{Text: "limache"}).Rows[0]
	if row.Users != 1 || row.Bytes < 100_000 || row.Schema != tenants.Schema() || row.Health != Well || row.Lag >= 0 || row.Region != "05" {
		t.Errorf("row %+v", row)
	}
	if c := r.list(Filter{}).Counts; c != (Counts{Total: 5, Active: 4, Suspended: 1}) {
		t.Errorf("counts %+v", c)
	}
	nobody := r.rosa
	nobody.Permissions = 0
	if _, err := r.List(background, nobody, Filter{}); !fault.Is(err, fault.Forbidden) {
		t.Errorf("without permission: %v", err)
	}
}

// What is wrong with a file is on the list, first when sorted by health.
func TestListTellsWhatIsWrong(t *testing.T) {
	r := newRig(t)
	ids := r.provision("05802", "06304", "13201")
	if err := os.Remove(filepath.Join(r.dir, "municipalities", ids[2]+".access.db")); err != nil {
		t.Fatal(err)
	}
	if err := r.Refresh(background); err != nil {
		t.Fatal(err)
	}
	list := r.list(Filter{Sort: "health", Down: true})
	if first := list.Rows[0]; first.Code != "13201" || first.Health != Bad || fmt.Sprint(first.Troubles) != "[missing]" || list.Counts.Bad != 1 {
		t.Errorf("first %+v, counts %+v", first, list.Counts)
	}
}

// The replica that is furthest behind counts, and the drill that is longest ago.
func TestReplicasInTheSummary(t *testing.T) {
	now := time.Date(2026, 11, 21, 15, 0, 0, 0, time.UTC)
	for _, c := range []struct {
		list   []tenants.ReplicaStatus
		lag    int64
		drill  string
		wrong  string
		health Health
	}{
		{nil, -1, "", "", Well},
		{[]tenants.ReplicaStatus{{Lag: time.Second}, {Lag: 3 * time.Second}}, 3, "", "", Well},
		{[]tenants.ReplicaStatus{{Lag: 10 * time.Minute}, {}}, 600, "", "lags", WantsLook},
		{[]tenants.ReplicaStatus{{DrillAt: now.Add(-time.Hour)}, {DrillAt: now.Add(-2 * time.Hour)}}, 0, "2026-11-21T13:00:00.000Z", "", Well},
		{[]tenants.ReplicaStatus{{DrillAt: now.Add(-50 * time.Hour)}}, 0, "2026-11-19T13:00:00.000Z", "drill_old", WantsLook},
		{[]tenants.ReplicaStatus{{Err: "refused", DrillErr: "flipped"}, {Err: "refused"}}, 0, "", "replica_error drill_failed", Bad},
	} {
		s := summary{}
		s.replicas(c.list, now)
		if s.lag != c.lag || s.drillAt != c.drill || s.troubles() != c.wrong || s.health() != c.health {
			t.Errorf("%+v: %+v %v", c.list, s, s.health())
		}
	}
}

// Ten thousand rows, page after page: each once, in order, whatever the order is.
func TestListPages(t *testing.T) {
	r := newRig(t)
	r.many(1_200)
	for _, sort := range Sorts {
		for _, down := range []bool{false, true} {
			f, seen, last := Filter{Sort: sort, Down: down}, map[string]bool{}, ""
			for pages := 0; ; pages++ {
				list := r.list(f)
				for i, row := range list.Rows {
					if seen[row.Code] || i > 0 && (down && row.key > last || !down && row.key < last) {
						t.Fatalf("%s: %s again, or out of order", sort, row.Code)
					}
					seen[row.Code], last = true, row.key
				}
				if f.After = list.Next; f.After == "" || pages > 3 {
					break
				}
			}
			if len(seen) != 1_200 {
				t.Errorf("%s: %d rows", sort, len(seen))
			}
		}
	}
}

// many writes rows of municipalities that have no files.
func (r *rig) many(n int) {
	r.t.Helper()
	err := r.files.National().Update(background, func(tx *tenants.Tx) error {
		for i := range n {
			code := fmt.Sprintf("9%05d", i)
			id := fmt.Sprintf("00000000-0000-0000-0000-%012d", i)
			if _, err := tx.Exec(`INSERT INTO municipality (id, code, name, kind, model, status, created_at) VALUES (?,?,?,'municipality',1,'active','2026-01-01T00:00:00Z')`,
				id, code, fmt.Sprintf("Comuna %d", i*7919%n)); err != nil {
				return err
			}
			s := summary{id: id, place: Place{Code: code, Name: fmt.Sprintf("Comuna %d", i*7919%n), RegionCode: fmt.Sprintf("%02d", i%16+1)},
				users: i % 40, lastAt: stamp(r.clock.Now().Add(-time.Duration(i%900) * time.Hour)), bytes: int64(i) * 31 % 90_000_000, schema: 20, lag: int64(i%5) - 1}
			if i%50 == 0 {
				s.trouble = []string{Lags}
			}
			if err := writeSummary(tx, &s); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		r.t.Fatal(err)
	}
}

// BenchmarkList is a page of the list with 10,000 municipalities.
func BenchmarkList(b *testing.B) {
	r := newRig(b)
	r.many(10_000)
	for _, c := range []struct {
		name string
		f    Filter
	}{{"by name", Filter{}}, {"by health", Filter{Sort: "health", Down: true}}, {"search", Filter{Text: "comuna 77"}}, {"last page", Filter{After: "comuna 9500|"}}} {
		b.Run(c.name, func(b *testing.B) {
			for b.Loop() {
				if _, err := r.List(background, r.rosa, c.f); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
	b.Run("page", func(b *testing.B) { // as it is sent: read, put into words and drawn
		ctx := i18n.With(background, i18n.Spanish)
		for b.Loop() {
			list, err := r.List(ctx, r.rosa, Filter{})
			if err == nil {
				err = views.ListPage(presentList(ctx, &list, r.clock.Now())).Render(ctx, io.Discard)
			}
			if err != nil {
				b.Fatal(err)
			}
		}
	})
	b.Run("refresh", func(b *testing.B) {
		for b.Loop() {
			if err := r.Refresh(background); err != nil {
				b.Fatal(err)
			}
		}
	})
}
