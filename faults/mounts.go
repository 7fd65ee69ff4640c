package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
)

// system runs a tool of the machine; what it says is shown when it fails.
func system(ctx context.Context, name string, args ...string) error {
	var said bytes.Buffer
	c := exec.CommandContext(ctx, name, args...)
	c.Stdout, c.Stderr = &said, &said
	if err := c.Run(); err != nil {
		return fmt.Errorf("%s: %w: %s", name, err, lastLines(said.Bytes(), 2))
	}
	return nil
}

// lacks names the tools that this machine does not have, "" when it has all.
func lacks(tools ...string) string {
	var missing []string
	for _, tool := range tools {
		if _, err := exec.LookPath(tool); err != nil {
			missing = append(missing, tool)
		}
	}
	if len(missing) == 0 {
		return ""
	}
	return "this machine has no " + strings.Join(missing, ", ")
}

// mount mounts what on a new directory of the stage.
func (s *stage) mount(ctx context.Context, name string, args ...string) (string, error) {
	at := filepath.Join(s.dir, name)
	if err := os.MkdirAll(at, 0o700); err != nil {
		return "", err
	}
	if err := system(ctx, "mount", append(args, at)...); err != nil {
		return "", err
	}
	s.after(func() error { return unmount(at) })
	return at, nil
}

// unmount takes a file system away, whoever still looks at it.
func unmount(at string) error {
	err := syscall.Unmount(at, 0)
	if errors.Is(err, syscall.EBUSY) {
		err = syscall.Unmount(at, syscall.MNT_DETACH)
	}
	if errors.Is(err, syscall.EINVAL) { // it is none any more
		err = nil
	}
	return err
}

// image makes a sparse file with a file system in it.
func image(ctx context.Context, path string, size int64, mkfs ...string) error {
	file, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_TRUNC, 0o600)
	if err != nil {
		return err
	}
	if err := errors.Join(file.Truncate(size), file.Close()); err != nil {
		return err
	}
	return system(ctx, mkfs[0], append(mkfs[1:], path)...)
}

// ficlone is the ioctl by which a file becomes a copy of another without copying.
const ficlone = 0x40049409

// clone makes a file that holds what the other holds at this moment. Whoever
// writes to the other waits, so it is one moment.
func clone(from, into string) error {
	in, err := os.Open(from)
	if err != nil {
		return err
	}
	defer func() { _ = in.Close() }()
	out, err := os.OpenFile(into, os.O_WRONLY|os.O_CREATE|os.O_TRUNC, 0o600)
	if err != nil {
		return err
	}
	if _, _, code := syscall.Syscall(syscall.SYS_IOCTL, out.Fd(), ficlone, in.Fd()); code != 0 {
		err = fmt.Errorf("clone: %w", code)
	}
	return errors.Join(err, out.Close())
}
