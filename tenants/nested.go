package tenants

import (
	"runtime"
	"slices"
	"sync"
)

// invoke calls the work of an Update. It is the only place that does, so its
// frame on a goroutine's stack tells that the goroutine is inside an Update.
//
//go:noinline
func invoke(work func(*Tx) error, tx *Tx) error { return work(tx) }

// invokeFrame is the address to which the work of an Update returns.
var invokeFrame = sync.OnceValue(func() uintptr {
	var at [1]uintptr
	_ = invoke(func(*Tx) error {
		runtime.Callers(2, at[:])
		return nil
	}, nil)
	return at[0]
})

// insideUpdate reports whether the goroutine runs the work of an Update. A
// context would tell only those who pass the transaction's own on; the ones
// who do not are the ones who would wait for themselves.
func insideUpdate() bool {
	var frames [128]uintptr
	n := runtime.Callers(3, frames[:])
	return slices.Contains(frames[:n], invokeFrame())
}
