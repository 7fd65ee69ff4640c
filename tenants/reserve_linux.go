package tenants

import (
	"os"
	"syscall"
)

// freeSpace is what this process may still write in the directory, in bytes.
func freeSpace(dir string) (int64, bool) {
	var fs syscall.Statfs_t
	if err := syscall.Statfs(dir, &fs); err != nil {
		return 0, false
	}
	return int64(fs.Bavail) * fs.Bsize, true //nolint:gosec // no disk has 8 EiB
}

// setAside makes a file that takes its size on the disk, without writing it.
func setAside(path string, size int64) error {
	file, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE, 0o600) //nolint:gosec // named by us
	if err != nil {
		return err
	}
	if size > 0 {
		err = syscall.Fallocate(int(file.Fd()), 0, 0, size) //nolint:gosec // a descriptor is small
	}
	if e := file.Close(); err == nil {
		err = e
	}
	return err
}
