//go:build linux || darwin || freebsd || netbsd || openbsd || dragonfly

package tenants

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"syscall"
)

// lockDir takes the data directory for this process. The kernel gives the lock
// back when the process ends, however it ends, so a stale file blocks nobody.
func lockDir(dir string) (*os.File, error) {
	path := filepath.Join(dir, "gsl.lock")
	lock, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE, 0o600) //nolint:gosec // the operator names the directory
	if err != nil {
		return nil, err
	}
	if err := syscall.Flock(int(lock.Fd()), syscall.LOCK_EX|syscall.LOCK_NB); err != nil { //nolint:gosec // a descriptor is small
		defer func() { _ = lock.Close() }()
		pid := make([]byte, 20)
		n, _ := lock.ReadAt(pid, 0)
		return nil, &FileError{File: path, Kind: ErrLocked,
			Cause: fmt.Errorf("process %s: stop it, or name another directory with --data", strings.TrimSpace(string(pid[:n])))}
	}
	if err := lock.Truncate(0); err != nil {
		_ = lock.Close()
		return nil, err
	}
	if _, err := fmt.Fprintln(lock, os.Getpid()); err != nil {
		_ = lock.Close()
		return nil, err
	}
	return lock, nil
}
