package app

import (
	"errors"
	"io/fs"
	"os"
	"syscall"
)

// giveToOwner gives what root made in somebody's data directory to whom it
// belongs: after `gsl restore --all` by root the server, which is not root, would
// not open one of its files. All is closed by now. Nothing outside is reached: a
// file that has a second name may be one of the system's, and is left.
func giveToOwner(data string) error {
	owner, ok := statOf(data)
	if os.Geteuid() != 0 || !ok || owner.Uid == 0 {
		return nil
	}
	root, err := os.OpenRoot(data)
	if err != nil {
		return err
	}
	defer func() { _ = root.Close() }()
	return fs.WalkDir(root.FS(), ".", func(path string, entry fs.DirEntry, err error) error {
		if err != nil || !entry.IsDir() && !entry.Type().IsRegular() {
			return err
		}
		return giveOne(root, path, int(owner.Uid), int(owner.Gid))
	})
}

func giveOne(root *os.Root, path string, uid, gid int) error {
	file, err := root.OpenFile(path, os.O_RDONLY|syscall.O_NOFOLLOW|syscall.O_NONBLOCK, 0)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return err
	}
	defer func() { _ = file.Close() }()
	info, err := file.Stat()
	if err != nil {
		return err
	}
	now, ok := info.Sys().(*syscall.Stat_t)
	if !ok || now.Uid != 0 || info.Mode().IsRegular() && now.Nlink > 1 {
		return nil
	}
	return file.Chown(uid, gid)
}

func statOf(path string) (*syscall.Stat_t, bool) {
	info, err := os.Stat(path)
	if err != nil {
		return nil, false
	}
	stat, ok := info.Sys().(*syscall.Stat_t)
	return stat, ok
}
