package app

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"log/slog"
	"os"
	"path/filepath"
)

// incomingDir makes a folder of this process's own for papers that are being
// handed in, and puts temporary files there. What a process that was killed left
// behind goes first: a stranger's identity card must not lie about until somebody
// restarts the machine. The data directory, which belongs to one process at a time,
// is part of the folder's name, so that nobody else's is taken for left behind.
// The folder goes when gone is called.
func incomingDir(data string) (gone func() error, err error) {
	path, err := filepath.Abs(data)
	if err != nil {
		return nil, err
	}
	sum := sha256.Sum256([]byte(path))
	name, outer := "gsl-incoming-"+hex.EncodeToString(sum[:6])+"-", os.TempDir()
	left, err := filepath.Glob(filepath.Join(outer, name+"*"))
	for _, dir := range left {
		err = errors.Join(err, os.RemoveAll(dir))
	}
	dir, made := os.MkdirTemp(outer, name)
	if made != nil {
		return nil, errors.Join(err, made)
	}
	before, set := os.LookupEnv("TMPDIR")
	err = errors.Join(err, os.Setenv("TMPDIR", dir))
	return func() error {
		back := os.Unsetenv("TMPDIR")
		if set {
			back = os.Setenv("TMPDIR", before)
		}
		return errors.Join(back, os.RemoveAll(dir))
	}, err
}

// sweptIncoming is incomingDir for the server, which serves without such a folder
// too: that papers cannot be handed in then was told at the start.
func sweptIncoming(ctx context.Context, data string, log *slog.Logger) func() {
	gone, err := incomingDir(data)
	if err != nil {
		log.WarnContext(ctx, "temporary files are not swept", "error", err)
	}
	return func() {
		if gone == nil {
			return
		}
		if err := gone(); err != nil {
			log.WarnContext(ctx, "temporary files are left behind", "error", err)
		}
	}
}
