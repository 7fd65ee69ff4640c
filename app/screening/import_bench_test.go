package screening

import (
	"bytes"
	"context"
	"iter"
	"os"
	"strconv"
	"testing"
	"time"

	"gsl/app/kit/sheet"
	"gsl/tenants"
	"gsl/tenants/tenantstest"
)

func splitLines(content []byte) iter.Seq[string] {
	return func(yield func(string) bool) {
		for line := range bytes.Lines(content) {
			if !yield(string(line)) {
				return
			}
		}
	}
}

// BenchmarkImport loads a commune of GSL_BENCH_HOUSEHOLDS (default 20,000; the
// goal's is 200,000) into an empty registry, once more into the full one, and
// reports rows a second and the memory that was in use. The sqlite3 shell's
// .import of the same files is what the goal is measured against: make bench.
func BenchmarkImport(b *testing.B) {
	households := 20_000
	if text := os.Getenv("GSL_BENCH_HOUSEHOLDS"); text != "" {
		households, _ = strconv.Atoi(text)
	}
	rsh, ris, made := spool(b, households)
	for _, c := range []struct {
		name  string
		files []*sheet.File
		rows  int64
		again bool
	}{{"people", []*sheet.File{rsh}, made.People, false}, {"benefits", []*sheet.File{ris}, made.Benefits, false}, {"again", []*sheet.File{rsh}, made.People, true}} {
		b.Run(c.name, func(b *testing.B) {
			best := time.Duration(1 << 62)
			for b.Loop() {
				b.StopTimer()
				db := tenantstest.Open(b, tenants.Options{AutoCheckpoint: 1000}).Registry()
				if c.again {
					load(b, db, c.files)
				}
				b.StartTimer()
				start := time.Now()
				load(b, db, c.files)
				best = min(best, time.Since(start))
			}
			b.ReportMetric(float64(c.rows)/best.Seconds(), "rows/s")
		})
	}
	b.Run("memory", func(b *testing.B) {
		for b.Loop() {
			db := tenantstest.Open(b, tenants.Options{AutoCheckpoint: 1000}).Registry()
			heap, rss := livePeak(b, NewImporter(db), rsh, ris)
			b.ReportMetric(float64(heap>>20), "MB-heap")
			b.ReportMetric(float64(rss>>20), "MB-RssAnon")
		}
	})
}

func load(b *testing.B, db *tenants.DB, files []*sheet.File) {
	b.Helper()
	for _, file := range files {
		report, err := NewImporter(db).Import(context.Background(), file, ImportOptions{})
		if err != nil || report.Rejected > 0 {
			b.Fatalf("%+v %v", report, err)
		}
	}
}

// BenchmarkHousehold reads one household with its benefits, as each screening does.
func BenchmarkHousehold(b *testing.B) {
	db := tenantstest.New(b).Registry()
	opt := synthOptions(b)
	opt.Places = []SynthPlace{{"13201", 20_000}}
	if _, err := NewImporter(db).Synthesize(context.Background(), opt); err != nil {
		b.Fatal(err)
	}
	registry := NewEmbedded(db)
	heads, err := registry.Heads(context.Background(), "13201", 20_000)
	if err != nil {
		b.Fatal(err)
	}
	for _, c := range []struct {
		name     string
		registry SocialRegistry
	}{{"embedded", registry}, {"guarded", Guard(registry, GuardOptions{})}} {
		b.Run(c.name, func(b *testing.B) {
			b.ReportAllocs()
			i := 0
			for b.Loop() {
				if _, err := c.registry.Household(context.Background(), heads[i%len(heads)]); err != nil {
					b.Fatal(err)
				}
				i += 7919
			}
		})
	}
}
