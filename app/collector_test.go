package app

import (
	"math"
	"runtime/debug"
	"testing"
)

// The collector is slowed down by default, as told by GSL_GC_PERCENT, and not at
// all when the operator has spoken to it by GOGC.
func TestGCPercent(t *testing.T) {
	for _, one := range []struct {
		env  map[string]string
		want int
	}{
		{nil, 400},
		{map[string]string{"GSL_GC_PERCENT": "150"}, 150},
		{map[string]string{"GOGC": "100"}, 0},
		{map[string]string{"GOGC": "100", "GSL_GC_PERCENT": "150"}, 150},
	} {
		config, err := defaults(func(name string) string { return one.env[name] })
		if err != nil || config.GCPercent != one.want {
			t.Errorf("%v: %d, %v; want %d", one.env, config.GCPercent, err, one.want)
		}
	}
	if _, err := defaults(func(name string) string { return map[string]string{"GSL_GC_PERCENT": "much"}[name] }); err == nil {
		t.Error("GSL_GC_PERCENT=much was taken")
	}
}

// What serving tells the collector ends with serving, and a limit that the
// operator has set is kept.
func TestCollectLess(t *testing.T) {
	percent := func() int {
		now := debug.SetGCPercent(100)
		debug.SetGCPercent(now)
		return now
	}
	before := percent()
	collectLess(0)()
	undo := collectLess(321)
	if percent() != 321 || debug.SetMemoryLimit(-1) != enough {
		t.Errorf("while serving: %d %%, limit %d", percent(), debug.SetMemoryLimit(-1))
	}
	undo()
	if percent() != before || debug.SetMemoryLimit(-1) != math.MaxInt64 {
		t.Errorf("afterwards: %d %%, limit %d", percent(), debug.SetMemoryLimit(-1))
	}
	defer debug.SetMemoryLimit(debug.SetMemoryLimit(1 << 30))
	defer collectLess(321)()
	if debug.SetMemoryLimit(-1) != 1<<30 {
		t.Error("the operator's limit was changed")
	}
}
