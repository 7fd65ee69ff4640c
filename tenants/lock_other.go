//go:build !(linux || darwin || freebsd || netbsd || openbsd || dragonfly)

package tenants

import (
	"errors"
	"os"
)

// lockDir refuses: without a lock that ends with the process, two servers could
// write the same files.
func lockDir(string) (*os.File, error) {
	return nil, errors.New("tenants: this system has no flock; use Linux, macOS or a BSD")
}
