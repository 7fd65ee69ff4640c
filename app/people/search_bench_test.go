package people

import (
	"context"
	"fmt"
	"math/rand/v2"
	"slices"
	"syscall"
	"testing"
	"time"

	"gsl/tenants"
	"gsl/tenants/tenantstest"
)

// BenchmarkSearch finds people by name among 600,000, the files of the largest
// municipality, if everybody there had one. Goals: prefix p99 ≤ 5 ms, one typo
// p99 ≤ 25 ms. It measures the search in the file, without the edge around it.
func BenchmarkSearch(b *testing.B) {
	const people = 600_000
	m := tenantstest.Municipality(b, tenantstest.New(b), "13201")
	r := rand.New(rand.NewPCG(1, 2))
	population := newPopulation(r)
	start := time.Now()
	population.register(b, m, r, people)
	b.Logf("%d people with %d surnames registered in %v", people, len(population.surnames), time.Since(start).Round(time.Second))
	s := NewService(nil)
	for _, kind := range []struct {
		name string
		typo bool
		ask  func() string
	}{
		{"words", false, func() string { return population.given(r) + " " + population.surname(r) }},
		{"prefix", false, func() string { return beginningOf(r, population.surname(r)) + " " + population.given(r) }},
		{"prefix of one word", false, func() string { return beginningOf(r, population.surname(r)) }},
		{"typo", true, func() string { return mistyped(r, population.surname(r)) + " " + population.given(r) }},
		{"nobody", true, func() string { return "Wxyzwx " + population.given(r) + " " + population.given(r) }},
	} {
		b.Run(kind.name, func(b *testing.B) {
			var took, cpu []time.Duration
			found := 0
			for b.Loop() {
				text := kind.ask()
				q, err := parseQuery(text)
				if err != nil {
					b.Fatal(err)
				}
				before, used := time.Now(), processorTime()
				err = m.View(context.Background(), func(tx *tenants.Tx) error {
					results, err := s.search(tx, m.ID, &q)
					found += min(len(results.Found), 1)
					return err
				})
				cpu = append(cpu, processorTime()-used)
				if took = append(took, time.Since(before)); err != nil {
					b.Fatal(err)
				}
			}
			slices.Sort(took)
			slices.Sort(cpu)
			b.ReportMetric(float64(took[len(took)/2].Microseconds())/1000, "p50-ms")
			b.ReportMetric(float64(took[len(took)*99/100].Microseconds())/1000, "p99-ms")
			b.ReportMetric(float64(cpu[len(cpu)*99/100].Microseconds())/1000, "p99-cpu-ms")
			b.ReportMetric(100*float64(found)/float64(len(took)), "%found")
		})
	}
}

// processorTime is what the process has used of the processors: a machine that
// others use too leaves it as it is.
func processorTime() time.Duration {
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		return 0
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}

// population has the names of a country: few that everybody has, and thousands
// that hardly anybody has.
type population struct {
	givens, surnames []string
	often            *rand.Zipf
	seldom           *rand.Zipf
}

func newPopulation(r *rand.Rand) *population {
	onsets := []string{"m", "l", "r", "p", "c", "g", "hu", "qu", "s", "t", "v", "z", "b", "d", "f", "ch", "ll", "ñ", "br", "tr"}
	vowels := []string{"a", "e", "i", "o", "u", "á", "é", "ía", "ue"}
	ends := []string{"z", "l", "n", "s", "", "r", "co", "mán", "ao", "uf"}
	word := func(n int) string {
		text := ""
		for range n {
			text += onsets[r.IntN(len(onsets))] + vowels[r.IntN(len(vowels))]
		}
		return text + ends[r.IntN(len(ends))]
	}
	p := &population{}
	for range 800 {
		p.givens = append(p.givens, word(2))
	}
	for range 30_000 {
		p.surnames = append(p.surnames, word(2+r.IntN(2)))
	}
	p.often, p.seldom = rand.NewZipf(r, 1.3, 8, 799), rand.NewZipf(r, 1.2, 20, 29_999)
	return p
}

func (p *population) given(*rand.Rand) string   { return p.givens[p.often.Uint64()] }
func (p *population) surname(*rand.Rand) string { return p.surnames[p.seldom.Uint64()] }

func (p *population) register(b *testing.B, m *tenants.Municipality, r *rand.Rand, people int) {
	b.Helper()
	for first := 1; first <= people; first += 5000 {
		err := m.Update(context.Background(), func(tx *tenants.Tx) error {
			for run := first; run < first+5000; run++ {
				_, err := tx.Exec(`INSERT INTO file (id, run, given_names, surnames, birth_date, source, created_at, created_by) VALUES (?,?,?,?,?,'registry',?,'')`,
					tx.NewID(), run, p.given(r)+" "+p.given(r), p.surname(r)+" "+p.surname(r), fmt.Sprintf("%d-01-02", 1940+r.IntN(80)), stamp(tx.Now))
				if err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			b.Fatal(err)
		}
	}
}

func beginningOf(r *rand.Rand, word string) string {
	runes := []rune(word)
	return string(runes[:min(len(runes), 2+r.IntN(4))])
}

// mistyped has one letter more, less or another, or two in the wrong order.
func mistyped(r *rand.Rand, word string) string {
	runes := []rune(word)
	i := r.IntN(len(runes) - 1)
	switch r.IntN(4) {
	case 0:
		return string(slices.Insert(runes, i, 'e'))
	case 1:
		return string(slices.Delete(runes, i, i+1))
	case 2:
		runes[i], runes[i+1] = runes[i+1], runes[i]
	default:
		runes[i] = 'o'
	}
	return string(runes)
}
