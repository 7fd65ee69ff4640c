package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"time"

	"gsl/tenants"
)

// restored is one restore by the command, its start included.
type restored struct {
	Name    string
	Files   int
	MB      float64
	Seconds float64
	Goal    float64
}

const (
	allName = "345 municipalities, directory deleted"
	oneName = "one file, with integrity check"

	largeRows = 24_500 // of four kilobytes each: 97 MB
)

// measureRestores deletes the data of a country and restores them from a replica
// elsewhere; then one large file.
func (b *bench) measureRestores(ctx context.Context) error {
	kept, err := b.data.towns(ctx)
	if err != nil {
		return err
	}
	data, err := b.data.copy(kept)
	if err != nil {
		return err
	}
	elsewhere, err := os.MkdirTemp(b.data.runs, "replicas-")
	if err != nil {
		return err
	}
	defer func() { _ = errors.Join(os.RemoveAll(data), os.RemoveAll(elsewhere)) }()
	yml := filepath.Join(elsewhere, "litestream.yml")
	text := "dbs:\n  - path: ${GSL_FILE}\n    replica:\n      type: file\n      path: " + elsewhere + "/${GSL_REPLICA}\n"
	if err := os.WriteFile(yml, []byte(text), 0o600); err != nil {
		return err
	}
	large, err := fillLarge(ctx, data)
	if err != nil {
		return err
	}
	note("replicating every file, and restoring each once (gsl verify)")
	if err := gsl(ctx, "verify", "--data", data, "--litestream", yml); err != nil {
		return err
	}
	one := filepath.Join(elsewhere, "one.db")
	took, err := timed(func() error {
		return gsl(ctx, "restore", "--data", data, "--litestream", yml, "--municipality", large, "--to", one)
	})
	if err != nil {
		return err
	}
	size, err := os.Stat(one)
	if err != nil {
		return err
	}
	b.results.Restores = append(b.results.Restores, restored{oneName, 1, float64(size.Size()) / 1e6, took, 5})
	return b.restoreAll(ctx, data, yml)
}

func (b *bench) restoreAll(ctx context.Context, data, yml string) error {
	if err := os.RemoveAll(data); err != nil {
		return err
	}
	took, err := timed(func() error { return gsl(ctx, "restore", "--all", "--data", data, "--litestream", yml) })
	if err != nil {
		return err
	}
	files, err := filepath.Glob(filepath.Join(data, "municipalities", "*.db"))
	b.results.Restores = append(b.results.Restores, restored{allName, len(files) + 2, 0, took, 15})
	return err
}

func timed(work func() error) (float64, error) {
	begin := time.Now()
	err := work()
	return time.Since(begin).Seconds(), err
}

// fillLarge makes one municipality's file as large as the figure is for, and
// gives its code.
func fillLarge(ctx context.Context, data string) (code string, err error) {
	files, err := tenants.Open(ctx, tenants.Options{Dir: data})
	if err != nil {
		return "", err
	}
	defer func() { err = errors.Join(err, files.Close()) }() //nolint:contextcheck // closing outlives what it was opened for
	list, err := files.Municipalities(ctx)
	if err != nil || len(list) == 0 {
		return "", errors.Join(err, errors.New("no municipality"))
	}
	m, err := files.Municipality(ctx, list[0].ID)
	if err != nil {
		return "", err
	}
	return list[0].Code, fillMunicipality(ctx, m)
}

// printRestores prints what the restores took.
func (r *results) printRestores(w io.Writer) {
	if len(r.Restores) == 0 {
		return
	}
	row(w)
	row(w, "restore from a file replica", "files", "MB", "seconds")
	for _, back := range r.Restores {
		size := ""
		if back.MB > 0 {
			size = whole(back.MB)
		}
		row(w, back.Name, fmt.Sprint(back.Files), size, two(back.Seconds))
	}
}
