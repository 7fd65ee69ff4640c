//go:build unix

package replica

import (
	"os"
	"syscall"
)

// sameDisk compares the devices of two paths, the second of which may not be there yet.
func sameDisk(a, b string) bool {
	one, ok := device(existing(a))
	other, also := device(existing(b))
	return !ok || !also || one == other
}

func device(info os.FileInfo) (uint64, bool) {
	if info == nil {
		return 0, false
	}
	stat, ok := info.Sys().(*syscall.Stat_t)
	if !ok {
		return 0, false
	}
	return uint64(stat.Dev), true //nolint:unconvert,gosec,nolintlint // another type on other systems
}
