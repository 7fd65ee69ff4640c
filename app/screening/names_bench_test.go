package screening_test

import (
	"context"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"gsl/app/access"
	"gsl/app/kit/actor"
	"gsl/app/kit/calendar"
	"gsl/app/kit/sheet"
	"gsl/app/screening"
	"gsl/tenants"
	"gsl/tenants/tenantstest"
)

// BenchmarkNames finds people by name among the 600,000 of the largest commune's
// registry. Goals: prefix p99 ≤ 5 ms, one typo p99 ≤ 25 ms.
func BenchmarkNames(b *testing.B) {
	ctx := context.Background()
	files := tenantstest.New(b)
	m := tenantstest.Municipality(b, files, "13201")
	_, err := screening.NewImporter(files.Registry()).Synthesize(ctx, screening.SynthOptions{Seed: 1, Places: []screening.SynthPlace{{Commune: "13201", Households: 200_000}},
		Today: calendar.On(tenantstest.Today)})
	if err != nil {
		b.Fatal(err)
	}
	names := screening.NewNames(files.Registry(), nil)
	start := time.Now()
	if err := names.Index(ctx); err != nil {
		b.Fatal(err)
	}
	b.Logf("indexed in %v", time.Since(start).Round(time.Millisecond))
	var people [][2]string
	err = files.Registry().View(ctx, func(tx *tenants.Tx) error {
		rows, err := tx.Query(`SELECT given_names, surnames FROM member WHERE run % 499 = 0`)
		if err != nil {
			return err
		}
		defer func() { _ = rows.Close() }()
		for rows.Next() {
			var p [2]string
			if err := rows.Scan(&p[0], &p[1]); err != nil {
				return err
			}
			people = append(people, p)
		}
		return rows.Err()
	})
	if err != nil || len(people) == 0 {
		b.Fatal(err)
	}
	r := rand.New(rand.NewPCG(1, 2))
	who := actor.Actor{UserID: "u", Role: access.FrontDesk, Municipality: m}
	for _, kind := range []struct {
		name string
		ask  func(given, surname string) []string
	}{
		{"words", func(given, surname string) []string { return []string{surname, given} }},
		{"prefix", func(given, surname string) []string {
			return []string{surname[:min(4, len(surname))], given[:min(3, len(given))]}
		}},
		{"typo", func(given, surname string) []string { return []string{surname[:1] + "x" + surname[1:], given} }},
	} {
		b.Run(kind.name, func(b *testing.B) {
			var took, cpu []time.Duration
			for b.Loop() {
				p := people[r.IntN(len(people))]
				words := kind.ask(strings.Fields(sheet.Fold(p[0]))[0], strings.Fields(sheet.Fold(p[1]))[0])
				before, used := time.Now(), processorTime()
				if _, err := names.Find(ctx, who, words, 21); err != nil {
					b.Fatal(err)
				}
				took, cpu = append(took, time.Since(before)), append(cpu, processorTime()-used)
			}
			slices.Sort(took)
			slices.Sort(cpu)
			b.ReportMetric(float64(took[len(took)/2].Microseconds())/1000, "p50-ms")
			b.ReportMetric(float64(took[len(took)*99/100].Microseconds())/1000, "p99-ms")
			b.ReportMetric(float64(cpu[len(cpu)*99/100].Microseconds())/1000, "p99-cpu-ms")
		})
	}
}
