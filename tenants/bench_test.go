package tenants_test

import (
	"context"
	"fmt"
	"sync"
	"sync/atomic"
	"testing"

	"gsl/tenants"
	"gsl/tenants/tenantstest"
)

// benchHouseholds is large enough that a read does not find its pages by luck.
const benchHouseholds = 20_000

type benchMember struct {
	run                                        int64
	given, surnames, birth, sex, rel, edu, occ string
	head, student, disability                  bool
	income                                     int64
}

type benchBenefit struct {
	code, name, provider, on string
	amount, quantity         int64
}

// benchTables lays a household, its 3 members and 10 benefits, clustered by
// household, as a screening reads them.
func benchTables(b *testing.B, m *tenants.Municipality) {
	b.Helper()
	ctx := context.Background()
	err := m.Update(ctx, func(tx *tenants.Tx) error {
		for _, table := range []string{
			`CREATE TABLE bench_household (id INTEGER PRIMARY KEY, folio TEXT NOT NULL, tramo INTEGER NOT NULL, address TEXT NOT NULL, data_date TEXT NOT NULL) STRICT`,
			`CREATE TABLE bench_member (household INTEGER NOT NULL, run INTEGER NOT NULL, given TEXT NOT NULL, surnames TEXT NOT NULL, birth TEXT NOT NULL, sex TEXT NOT NULL,
				rel TEXT NOT NULL, edu TEXT NOT NULL, occ TEXT NOT NULL, head INTEGER NOT NULL, student INTEGER NOT NULL, disability INTEGER NOT NULL, income INTEGER NOT NULL,
				PRIMARY KEY (household, run)) STRICT, WITHOUT ROWID`,
			`CREATE TABLE bench_benefit (household INTEGER NOT NULL, seq INTEGER NOT NULL, code TEXT NOT NULL, name TEXT NOT NULL, provider TEXT NOT NULL, on_date TEXT NOT NULL,
				amount INTEGER NOT NULL, quantity INTEGER NOT NULL, PRIMARY KEY (household, seq)) STRICT, WITHOUT ROWID`,
		} {
			if _, err := tx.Exec(table); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		b.Fatal(err)
	}
	next := 0
	err = m.Bulk(ctx, func(tx *tenants.Tx) (bool, error) {
		for range 1000 {
			next++
			if err := benchHousehold(tx, next); err != nil {
				return false, err
			}
		}
		return next < benchHouseholds, nil
	})
	if err != nil {
		b.Fatal(err)
	}
}

func benchHousehold(tx *tenants.Tx, id int) error {
	_, err := tx.Exec(`INSERT INTO bench_household VALUES (?,?,?,?,?)`, id, fmt.Sprintf("F%09d", id), 40, "Avenida República 123, depto. 4", "2026-05-01")
	if err != nil {
		return err
	}
	for n := range 3 {
		_, err := tx.Exec(`INSERT INTO bench_member VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?)`, id, id*3+n, "María Fernanda", "González Pérez", "1987-03-04", "F",
			"hija", "media completa", "trabajadora", n == 0, n == 2, false, 210000)
		if err != nil {
			return err
		}
	}
	for n := range 10 {
		_, err := tx.Exec(`INSERT INTO bench_benefit VALUES (?,?,?,?,?,?,?,?)`, id, n, "SUF", "Subsidio Único Familiar", "Instituto de Previsión Social", "2025-11-01", 21243, 1)
		if err != nil {
			return err
		}
	}
	return nil
}

func benchRead(tx *tenants.Tx, id int64) (rows int, err error) {
	var folio, address, date string
	var tramo int64
	err = tx.QueryRow(`SELECT folio, tramo, address, data_date FROM bench_household WHERE id = ?`, id).Scan(&folio, &tramo, &address, &date)
	if err != nil {
		return 0, err
	}
	found, err := tx.Query(`SELECT run, given, surnames, birth, sex, rel, edu, occ, head, student, disability, income FROM bench_member WHERE household = ? ORDER BY run`, id)
	if err != nil {
		return 0, err
	}
	defer func() { _ = found.Close() }()
	for found.Next() {
		var m benchMember
		if err := found.Scan(&m.run, &m.given, &m.surnames, &m.birth, &m.sex, &m.rel, &m.edu, &m.occ, &m.head, &m.student, &m.disability, &m.income); err != nil {
			return 0, err
		}
		rows++
	}
	if err := found.Err(); err != nil {
		return 0, err
	}
	received, err := tx.Query(`SELECT code, name, provider, on_date, amount, quantity FROM bench_benefit WHERE household = ? ORDER BY seq`, id)
	if err != nil {
		return 0, err
	}
	defer func() { _ = received.Close() }()
	for received.Next() {
		var r benchBenefit
		if err := received.Scan(&r.code, &r.name, &r.provider, &r.on, &r.amount, &r.quantity); err != nil {
			return 0, err
		}
		rows++
	}
	return rows, received.Err()
}

// BenchmarkView is a screening's read: three queries, 14 rows, under a
// request's context, by one and by several readers at once.
func BenchmarkView(b *testing.B) {
	m := tenantstest.Municipality(b, tenantstest.New(b), "05802")
	benchTables(b, m)
	var seed atomic.Int64
	read := func(ctx context.Context) error {
		id := seed.Add(1)*7919%benchHouseholds + 1
		return m.View(ctx, func(tx *tenants.Tx) error {
			rows, err := benchRead(tx, id)
			if err == nil && rows != 13 {
				err = fmt.Errorf("%d rows", rows)
			}
			return err
		})
	}
	b.Run("one", func(b *testing.B) {
		ctx, cancel := context.WithCancel(context.Background())
		defer cancel()
		b.ReportAllocs()
		for b.Loop() {
			if err := read(ctx); err != nil {
				b.Fatal(err)
			}
		}
	})
	b.Run("parallel", func(b *testing.B) {
		ctx, cancel := context.WithCancel(context.Background())
		defer cancel()
		b.RunParallel(func(pb *testing.PB) {
			for pb.Next() {
				if err := read(ctx); err != nil {
					b.Error(err)
				}
			}
		})
	})
	b.Run("empty", func(b *testing.B) {
		ctx, cancel := context.WithCancel(context.Background())
		defer cancel()
		b.ReportAllocs()
		for b.Loop() {
			if err := m.View(ctx, func(*tenants.Tx) error { return nil }); err != nil {
				b.Fatal(err)
			}
		}
	})
}

// BenchmarkUpdate is a small change, durable before the answer, by so many writers.
func BenchmarkUpdate(b *testing.B) {
	for _, writers := range []int{1, 8, 32} {
		b.Run(fmt.Sprintf("writers=%d", writers), func(b *testing.B) {
			m := tenantstest.Municipality(b, tenantstest.New(b), "05802")
			ctx, cancel := context.WithCancel(context.Background())
			defer cancel()
			err := m.Update(ctx, func(tx *tenants.Tx) error {
				_, err := tx.Exec(`CREATE TABLE bench (id INTEGER PRIMARY KEY, at TEXT NOT NULL, note TEXT NOT NULL) STRICT`)
				return err
			})
			if err != nil {
				b.Fatal(err)
			}
			b.ReportAllocs()
			b.ResetTimer()
			var left atomic.Int64
			left.Store(int64(b.N))
			var all sync.WaitGroup
			for range writers {
				all.Go(func() {
					for left.Add(-1) >= 0 {
						err := m.Update(ctx, func(tx *tenants.Tx) error {
							_, err := tx.Exec(`INSERT INTO bench (at, note) VALUES (?,?)`, "2026-11-21T15:00:00Z", "una nota de unos cuarenta caracteres")
							return err
						})
						if err != nil {
							b.Error(err)
						}
					}
				})
			}
			all.Wait()
			b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "tx/s")
		})
	}
}
