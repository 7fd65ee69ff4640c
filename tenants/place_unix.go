//go:build unix

package tenants

import (
	"fmt"
	"io/fs"
	"syscall"
)

// placeOf is where a file lies on its disk: another one of its name lies elsewhere.
func placeOf(info fs.FileInfo) string {
	if stat, ok := info.Sys().(*syscall.Stat_t); ok {
		return fmt.Sprint(stat.Ino)
	}
	return ""
}
