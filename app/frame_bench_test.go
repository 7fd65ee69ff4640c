package app

import (
	"net/http"
	"net/http/httptest"
	"net/url"
	"syscall"
	"testing"

	"gsl/app/access"
)

// One screening through the whole program, without a network: what it asks of
// memory is what every page of a file asks.
func BenchmarkScreeningPage(b *testing.B) {
	h := newHouse(b)
	v := h.as(access.CaseManager, "05802")
	path := h.fill("05802", "/files/:file/screening")
	home, err := url.Parse(h.url)
	if err != nil {
		b.Fatal(err)
	}
	handler, cookies := h.app.Handler(), v.client.Jar.Cookies(home)
	ask := func() {
		r := httptest.NewRequest(http.MethodGet, path, nil)
		for _, cookie := range cookies {
			r.AddCookie(cookie)
		}
		w := httptest.NewRecorder()
		if handler.ServeHTTP(w, r); w.Code != http.StatusOK {
			b.Fatalf("the page answered %d", w.Code)
		}
	}
	ask()
	b.ReportAllocs()
	before := processorTime(b)
	for b.Loop() {
		ask()
	}
	b.ReportMetric(float64(processorTime(b)-before)/1000/float64(b.N), "cpu-µs/op")
}

// processorTime is what the process took of the processors, in nanoseconds: it
// holds still on a machine that others use too.
func processorTime(tb testing.TB) int64 {
	tb.Helper()
	var used syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &used); err != nil {
		tb.Fatal(err)
	}
	return used.Utime.Nano() + used.Stime.Nano()
}
