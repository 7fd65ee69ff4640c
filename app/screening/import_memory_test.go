package screening

import (
	"context"
	"fmt"
	"os"
	"runtime"
	"testing"

	"gsl/app/kit/sheet"
	"gsl/tenants/tenantstest"
)

// spool writes made-up RSH and RIS files to the disk.
func spool(t testing.TB, households int) (rsh, ris *sheet.File, made SynthReport) {
	t.Helper()
	var on [2]*os.File
	for i := range on {
		file, err := os.CreateTemp(t.TempDir(), "*.csv")
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { _ = file.Close() })
		on[i] = file
	}
	opt := synthOptions(t)
	opt.Places = []SynthPlace{{"13201", households}}
	made, err := WriteSynthetic(opt, on[0], on[1])
	if err != nil {
		t.Fatal(err)
	}
	return fileOf(t, on[0]), fileOf(t, on[1]), made
}

func fileOf(t testing.TB, file *os.File) *sheet.File {
	t.Helper()
	info, err := file.Stat()
	if err != nil {
		t.Fatal(err)
	}
	return sheet.NewFile(file.Name(), file, info.Size())
}

// livePeak loads files and gives the most memory that was in use, by Go and by
// SQLite, looked at every few batches.
func livePeak(t testing.TB, importer *Importer, files ...*sheet.File) (heap, rss uint64) {
	t.Helper()
	for _, file := range files {
		calls := 0
		_, err := importer.Import(context.Background(), file, ImportOptions{Progress: func(ImportProgress) {
			if calls++; calls%10 != 0 {
				return
			}
			runtime.GC()
			var m runtime.MemStats
			runtime.ReadMemStats(&m)
			heap, rss = max(heap, m.HeapAlloc), max(rss, anonymous())
		}})
		if err != nil {
			t.Fatal(err)
		}
	}
	return heap, max(rss, anonymous())
}

// anonymous is RssAnon of the process in bytes, 0 where there is no /proc.
func anonymous() uint64 {
	status, err := os.ReadFile("/proc/self/status")
	if err != nil {
		return 0
	}
	var kb uint64
	for line := range splitLines(status) {
		if _, err := fmt.Sscanf(line, "RssAnon: %d kB", &kb); err == nil {
			return kb << 10
		}
	}
	return 0
}

// What an import holds must not grow with the file.
func TestMemoryDoesNotGrowWithTheFile(t *testing.T) {
	rsh, ris, made := spool(t, 6_000)
	importer := NewImporter(tenantstest.New(t).Registry())
	importer.chunk = 250 // the more transactions, the clearer what stays behind
	for range 2 {        // what the program holds anyway is not the import's; pools go at the second time
		runtime.GC()
	}
	var before runtime.MemStats
	runtime.ReadMemStats(&before)
	peak, _ := livePeak(t, importer, rsh, ris)
	held := int64(peak) - int64(before.HeapAlloc) //nolint:gosec // bytes of one process
	t.Logf("%d KB more of live heap with %d people", held>>10, made.People)
	if limit := int64(5 << 20); held > limit {
		t.Errorf("%d KB more of live heap with %d people, at most %d KB", held>>10, made.People, limit>>10)
	}
}
