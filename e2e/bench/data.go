package main

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"

	"gsl/app/kit/territory"
)

// The binary that make build wrote, and where data sets wait for the next run.
const (
	binary = "bin/gsl"
	outDir = "e2e/bench/out"
)

// dataSets are the data directories and files of the runs. Each is made once for
// what it is made of, whole or not at all, and copied for a run.
type dataSets struct {
	scale string
	kept  string // directory of this version's data sets
	runs  string // directory of this run's copies
}

func newDataSets(scale string) (dataSets, error) {
	if _, err := os.Stat(binary); err != nil {
		return dataSets{}, fmt.Errorf("%s is missing: run make build in the root of the tree (%w)", binary, err)
	}
	key, err := digestOf("tenants/migrations", "app/demo", "app/screening", "app/catalogue/seed", "e2e/bench/registry_file.go")
	if err != nil {
		return dataSets{}, err
	}
	d := dataSets{scale: scale, kept: filepath.Join(outDir, key)}
	if err := os.MkdirAll(d.kept, 0o700); err != nil {
		return d, err
	}
	d.runs, err = os.MkdirTemp(outDir, "run-")
	return d, err
}

// digestOf is a short hash of the files that data are made of, tests left out.
func digestOf(roots ...string) (string, error) {
	h := sha256.New()
	for _, root := range roots {
		err := filepath.WalkDir(root, func(path string, entry fs.DirEntry, err error) error {
			if err != nil || entry.IsDir() || strings.HasSuffix(path, "_test.go") {
				return err
			}
			text, err := os.ReadFile(path) //nolint:gosec // a file of the tree
			_, _ = fmt.Fprintf(h, "%s %d\n", path, len(text))
			_, _ = h.Write(text)
			return err
		})
		if err != nil {
			return "", err
		}
	}
	return hex.EncodeToString(h.Sum(nil)[:6]), nil
}

// forget removes this run's copies; data sets of older versions go too.
func (d *dataSets) forget() {
	_ = os.RemoveAll(d.runs)
	entries, _ := os.ReadDir(outDir)
	for _, entry := range entries {
		if entry.IsDir() && entry.Name() != filepath.Base(d.kept) && !strings.HasPrefix(entry.Name(), "run-") {
			_ = os.RemoveAll(filepath.Join(outDir, entry.Name()))
		}
	}
}

// once gives a data set, made by fill the first time under a temporary name.
func (d *dataSets) once(name string, fill func(path string) error) (string, error) {
	path := filepath.Join(d.kept, name)
	if _, err := os.Stat(path); !errors.Is(err, os.ErrNotExist) {
		return path, err
	}
	note("making %s (kept for the next run)", name)
	fresh := path + ".new"
	if err := os.RemoveAll(fresh); err != nil {
		return "", err
	}
	if err := fill(fresh); err != nil {
		return "", fmt.Errorf("%s: %w", name, err)
	}
	return path, os.Rename(fresh, path)
}

// demo is the demo's data directory at the scale, to be copied.
func (d *dataSets) demo(ctx context.Context) (string, error) {
	return d.once("demo-"+d.scale, func(path string) error {
		return gsl(ctx, "demo", "--scale", d.scale, "--data", path)
	})
}

// towns is a data directory with every municipality of the country, provisioned.
func (d *dataSets) towns(ctx context.Context) (string, error) {
	return d.once("towns", func(path string) error {
		args := []string{"municipality", "add", "--data", path}
		for _, m := range territory.Municipalities() {
			args = append(args, m.Code)
		}
		return gsl(ctx, args...)
	})
}

// copy gives a copy of a data directory for one part of the run.
func (d *dataSets) copy(of string) (string, error) {
	to, err := os.MkdirTemp(d.runs, filepath.Base(of)+"-")
	if err != nil {
		return "", err
	}
	return to, filepath.WalkDir(of, func(path string, entry fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		into := filepath.Join(to, strings.TrimPrefix(path, of))
		if entry.IsDir() {
			return os.MkdirAll(into, 0o700)
		}
		return copyFile(path, into)
	})
}

func copyFile(from, to string) error {
	in, err := os.Open(from) //nolint:gosec // ours
	if err != nil {
		return err
	}
	defer func() { _ = in.Close() }()
	out, err := os.Create(to) //nolint:gosec // ours
	if err != nil {
		return err
	}
	_, err = io.Copy(out, in)
	// Forced to the disk now: the run must not pay for it.
	return errors.Join(err, out.Sync(), out.Close())
}

// gsl runs a command of the program; what it says is shown when it fails.
func gsl(ctx context.Context, args ...string) error {
	said, err := exec.CommandContext(ctx, binary, args...).CombinedOutput() //nolint:gosec // our own binary
	if err != nil {
		return fmt.Errorf("gsl %s: %w\n%s", strings.Join(args[:min(len(args), 4)], " "), err, tail(said))
	}
	return nil
}

func tail(said []byte) string {
	lines := strings.Split(strings.TrimSpace(string(said)), "\n")
	slices.Reverse(lines)
	lines = lines[:min(len(lines), 5)]
	slices.Reverse(lines)
	return strings.Join(lines, "\n")
}
