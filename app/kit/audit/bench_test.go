package audit_test

import (
	"context"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"

	"gsl/app/kit/audit"
	"gsl/tenants/tenantstest"
)

// BenchmarkLooked is what the trail adds to each page: its row, durable. The
// figure to keep is CPU: while the disk works, other requests run.
func BenchmarkLooked(b *testing.B) {
	files := tenantstest.New(b)
	who := operator(tenantstest.Municipality(b, files, "05802"))
	ids := fileIDs(b, who, 20_000)
	for _, people := range []int{1, 8, 32} {
		b.Run("at once="+string(rune('0'+people/10))+string(rune('0'+people%10)), func(b *testing.B) {
			ctx, cancel := context.WithCancel(context.Background())
			defer cancel()
			var left atomic.Int64
			left.Store(int64(b.N))
			b.ReportAllocs()
			before := cpu()
			var all sync.WaitGroup
			for range people {
				all.Go(func() {
					for n := left.Add(-1); n >= 0; n = left.Add(-1) {
						err := audit.Looked(ctx, who, audit.View{File: ids[n*7919%int64(len(ids))], What: "screening", Why: ids[0]})
						if err != nil {
							b.Error(err)
						}
					}
				})
			}
			all.Wait()
			b.ReportMetric(float64(cpu()-before)/1e3/float64(b.N), "cpu-µs/op")
		})
	}
}

// cpu is the time that the process has worked, in nanoseconds.
func cpu() int64 {
	var usage syscall.Rusage
	_ = syscall.Getrusage(syscall.RUSAGE_SELF, &usage)
	return usage.Utime.Nano() + usage.Stime.Nano()
}
