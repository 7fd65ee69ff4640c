package screening_test

import (
	"bytes"
	"context"
	"syscall"
	"testing"
	"time"

	"gsl/app/kit/i18n"
	"gsl/app/screening"
	"gsl/templates/layout"
	"gsl/templates/ui"
)

// BenchmarkScreening is the page that is opened most: the registries asked, one
// read transaction on the municipality's file, judged and rendered, without the
// edge around it. audit: the view's row durable first, as it always is.
func BenchmarkScreening(b *testing.B) {
	h := build(b)
	h.registry.put(mockHousehold())
	h.grant(maria, "E101", "Canasta de alimentos", "in_kind", "2026-08-14", 1, 35_000)
	f := h.lookup(h.manager(), maria)
	h.compile(h.manager(), f.ID)
	ctx := layout.With(ui.With(i18n.With(context.Background(), i18n.Spanish), &ui.Request{Token: "token"}), &layout.Shell{SignedIn: true, UserName: "Camila Rojas"})
	page := screening.NewHandlers(h.screening, h.catalogue)
	for _, audited := range []bool{false, true} {
		name := "read+render"
		if audited {
			name = "read+audit+render"
		}
		b.Run(name, func(b *testing.B) {
			var out bytes.Buffer
			b.ReportAllocs()
			before := processorTime()
			for b.Loop() {
				out.Reset()
				if err := page.Write(ctx, &out, h.manager(), f.ID, audited); err != nil {
					b.Fatal(err)
				}
			}
			b.ReportMetric(float64((processorTime()-before).Nanoseconds())/float64(b.N), "cpu-ns/op")
			b.ReportMetric(float64(out.Len()), "page-bytes")
		})
	}
}

// processorTime is what the process has used of the processors, collector and
// system calls included: a machine that others use too leaves it as it is.
func processorTime() time.Duration {
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		return 0
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}
