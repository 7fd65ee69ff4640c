package main

import (
	"context"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"time"
)

// town is a municipality with one worker in it.
type town struct {
	Code   string
	ID     string // of its files
	Worker string // RUN of its case manager
}

// password of every worker: the data are made up.
const password = "faults-desk-2026"

// townCount is over how many municipalities the work is spread.
const townCount = 20

// towns gives a data directory of the scenario's own with municipalities in
// which somebody works, and who they are.
func (s *stage) towns(ctx context.Context, into string) ([]town, error) {
	s.suite.towns.Lock()
	defer s.suite.towns.Unlock()
	if s.base == "" {
		if err := s.makeBase(ctx); err != nil {
			return nil, err
		}
	}
	if err := copyTree(s.base, into); err != nil {
		return nil, err
	}
	return readTowns(into)
}

// makeBase provisions the municipalities and their workers by the program's own
// commands, once a run.
func (s *suite) makeBase(ctx context.Context) error {
	base := filepath.Join(s.runs, "base")
	codes, err := communes(townCount)
	if err != nil {
		return err
	}
	alone := []string{"GSL_LITESTREAM=off"} // each scenario has replicas of its own
	if _, err := s.ask(ctx, alone, "", append([]string{"municipality", "add", "--data", base}, codes...)...); err != nil {
		return err
	}
	for i, code := range codes {
		if _, err := s.ask(ctx, alone, password+"\n", "user", "add", "--data", base, "--run", workerRUN(i), "--given-names", "Persona", "--surnames", "de Prueba",
			"--role", "case_manager", "--municipality", code, "--unit", "social"); err != nil {
			return err
		}
	}
	if err := seasonWorkers(base); err != nil {
		return err
	}
	s.base = base
	return nil
}

// workerRUN is the RUN of the worker of the i-th municipality.
func workerRUN(i int) string { return formatRUN(13_100_000 + i) }

// citizenRUN is the RUN of somebody who comes to a desk. Nobody real has it:
// these numbers are not given out.
func citizenRUN(town, n int) string { return formatRUN(40_000_000 + town*100_000 + n) }

// formatRUN writes a RUN with its check digit.
func formatRUN(body int) string {
	sum, factor := 0, 2
	for n := body; n > 0; n /= 10 {
		sum += n % 10 * factor
		if factor++; factor > 7 {
			factor = 2
		}
	}
	digit := fmt.Sprint(11 - sum%11)
	switch digit {
	case "11":
		digit = "0"
	case "10":
		digit = "K"
	}
	return fmt.Sprintf("%d-%s", body, digit)
}

// communes lists the first codes of the country's communes that are a
// municipality, one of each province at first, so that names differ.
func communes(n int) ([]string, error) {
	file, err := os.Open(communesFile)
	if err != nil {
		return nil, err
	}
	defer func() { _ = file.Close() }()
	rows, err := csv.NewReader(file).ReadAll()
	if err != nil || len(rows) < n {
		return nil, fmt.Errorf("%s: %d rows: %w", communesFile, len(rows), err)
	}
	var list []string
	for _, row := range rows[1:] {
		if code := row[4]; !slices.Contains(withoutTown, code) {
			list = append(list, code)
		}
	}
	return list[:n], nil
}

const communesFile = "app/kit/territory/communes.csv" // from the root of the tree

// withoutTown is the commune that another's municipality runs.
var withoutTown = []string{"12202"}

// command runs a command of the program; what it says is shown when it fails.
func (s *stage) command(ctx context.Context, in string, args ...string) error {
	_, err := s.ask(ctx, in, args...)
	return err
}

// ask runs a command of the program and gives what it said.
func (s *stage) ask(ctx context.Context, in string, args ...string) (string, error) {
	return s.suite.ask(ctx, s.env, in, args...)
}

func (s *suite) ask(ctx context.Context, env []string, in string, args ...string) (string, error) {
	c := exec.CommandContext(ctx, s.opt.gsl, args...)
	c.Env = append(os.Environ(), env...)
	c.Stdin = strings.NewReader(in)
	said, err := c.CombinedOutput()
	if err != nil {
		return string(said), fmt.Errorf("gsl %s: %w: %s", strings.Join(args[:min(len(args), 2)], " "), err, lastLines(said, 6))
	}
	return string(said), nil
}

func lastLines(text []byte, n int) string {
	lines := strings.Split(strings.TrimSpace(string(text)), "\n")
	return strings.Join(lines[max(0, len(lines)-n):], " | ")
}

// copyTree copies a directory that no process has open, times included. The lock
// stays behind.
func copyTree(from, into string) error {
	return filepath.WalkDir(from, func(path string, entry fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		target := filepath.Join(into, strings.TrimPrefix(path, from))
		switch {
		case entry.IsDir():
			return os.MkdirAll(target, 0o700)
		case !entry.Type().IsRegular() || entry.Name() == "gsl.lock":
			return nil
		}
		if err := copyFile(path, target); err != nil {
			return err
		}
		info, err := entry.Info()
		if err != nil {
			return err
		}
		return os.Chtimes(target, time.Time{}, info.ModTime())
	})
}

func copyFile(from, into string) error {
	in, err := os.Open(from)
	if err != nil {
		return err
	}
	defer func() { _ = in.Close() }()
	out, err := os.OpenFile(into, os.O_WRONLY|os.O_CREATE|os.O_TRUNC, 0o600)
	if err != nil {
		return err
	}
	_, err = io.Copy(out, in)
	return errors.Join(err, out.Close())
}

// main is the path of a municipality's main file, access of its trail of views.
func (t town) main(data string) string { return filepath.Join(data, "municipalities", t.ID+".db") }
func (t town) access(data string) string {
	return filepath.Join(data, "municipalities", t.ID+".access.db")
}
