package app

import (
	"math"
	"runtime/debug"
)

// GCPercent is how much the heap of a server may grow between two collections,
// in percent of what lives, when nobody says otherwise.
const GCPercent = 400

// enough is the memory from which on the collector keeps to it rather than to
// the percentage, when the operator has set no GOMEMLIMIT.
const enough = 512 << 20

// heapFor is the heap to keep to on a machine, or in a container, with so much
// memory: the rest is for what SQLite maps and the system keeps. 0: unknown.
func heapFor(memory uint64) int64 {
	if memory == 0 {
		return enough
	}
	return int64(min(memory/4*3, enough)) //nolint:gosec // at most enough
}

// collectLess lets the garbage of many pages gather before it is collected. Only
// some MB live in a server: with Go's own 100 % the collector runs dozens of
// times a second at the desks' busiest and takes a tenth of every page. It is
// undone by the returned function; percent 0 does nothing.
func collectLess(percent int) (undo func()) {
	if percent == 0 {
		return func() {}
	}
	before, limit := debug.SetGCPercent(percent), debug.SetMemoryLimit(-1)
	if limit == math.MaxInt64 {
		debug.SetMemoryLimit(heapFor(systemMemory()))
	}
	return func() {
		debug.SetGCPercent(before)
		debug.SetMemoryLimit(limit)
	}
}
