package tenants_test

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

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

// cpuPerOp reports the CPU that the process used, which a busy machine does not
// change; call it before the loop, and what it returns after.
func cpuPerOp(b *testing.B) func() {
	used := func() int64 {
		var usage syscall.Rusage
		_ = syscall.Getrusage(syscall.RUSAGE_SELF, &usage)
		return usage.Utime.Nano() + usage.Stime.Nano()
	}
	before := used()
	return func() { b.ReportMetric(float64(used()-before)/1e3/float64(b.N), "cpu-µs/op") }
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
		defer cpuPerOp(b)()
		for b.Loop() {
			if err := read(ctx); err != nil {
				b.Fatal(err)
			}
		}
	})
	b.Run("parallel", func(b *testing.B) {
		ctx, cancel := context.WithCancel(context.Background())
		defer cancel()
		defer cpuPerOp(b)()
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
			defer cpuPerOp(b)()
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

// BenchmarkForce is the floor of a commit: 4 KiB written and forced to the disk.
func BenchmarkForce(b *testing.B) {
	file, err := os.Create(filepath.Join(b.TempDir(), "force"))
	if err != nil {
		b.Fatal(err)
	}
	defer func() { _ = file.Close() }()
	page := make([]byte, 4096)
	for i := range b.N {
		if _, err := file.WriteAt(page, int64(i%1000)*4096); err != nil {
			b.Fatal(err)
		}
		if err := syscall.Fdatasync(int(file.Fd())); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "tx/s")
}

// BenchmarkColdOpen is the first request of the day to a municipality: its main
// file is opened, read, and closed again.
func BenchmarkColdOpen(b *testing.B) {
	files := tenantstest.Open(b, tenants.Options{Open: 1})
	var towns []*tenants.Municipality
	for i := range 8 {
		towns = append(towns, tenantstest.Municipality(b, files, fmt.Sprintf("0110%d", i)))
	}
	took := make([]time.Duration, 0, b.N)
	for i := range b.N {
		start := time.Now()
		err := towns[i%8].View(context.Background(), func(tx *tenants.Tx) error {
			return tx.QueryRow(`SELECT count(*) FROM setting`).Scan(new(int))
		})
		if err != nil {
			b.Fatal(err)
		}
		took = append(took, time.Since(start))
	}
	slices.Sort(took)
	b.ReportMetric(float64(took[len(took)*99/100].Microseconds())/1e3, "p99-ms")
}

// BenchmarkProvision makes a municipality, forced to the disk.
func BenchmarkProvision(b *testing.B) {
	files := tenantstest.New(b)
	for i := range b.N {
		tenantstest.Municipality(b, files, fmt.Sprintf("%05d", i))
	}
}

// BenchmarkBulk loads rows of 13 columns in steps of 5,000, others let in.
func BenchmarkBulk(b *testing.B) {
	m := tenantstest.Municipality(b, tenantstest.New(b), "05802")
	benchTables(b, m)
	b.ReportAllocs()
	b.ResetTimer()
	next := 0
	err := m.Bulk(context.Background(), func(tx *tenants.Tx) (bool, error) {
		for range min(5000, b.N-next) {
			_, err := tx.Exec(`INSERT INTO bench_member VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?)`, 1_000_000+next/3, next, "María Fernanda", "González Pérez",
				"1987-03-04", "F", "hija", "media completa", "trabajadora", next%3 == 0, false, false, 210000)
			if err != nil {
				return false, err
			}
			next++
		}
		return next < b.N, nil
	})
	if err != nil {
		b.Fatal(err)
	}
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "rows/s")
}
