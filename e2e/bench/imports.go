package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"time"
)

// imported is an import of one file by the program and by the sqlite3 shell.
type imported struct {
	Name      string
	Rows      int
	Ours      float64 // rows a second, the whole command
	Shell     float64 // rows a second of .import into an empty table; 0: not measured
	AnonPeak  float64 // MB of the program's own memory
	TotalPeak float64 // MB with the pages of files that the kernel keeps for it
}

// importRounds is how often each import is measured; the median counts.
const importRounds = 3

func (b *bench) measureImports(ctx context.Context) error {
	for _, part := range []struct {
		of    extract
		file  string
		shell bool
	}{{smallCommune, peopleCSV, false}, {largeCommune, peopleCSV, true}, {largeCommune, benefitsCSV, true}} {
		dir, err := b.data.registryFiles(part.of)
		if err != nil {
			return err
		}
		one, err := b.measureImport(ctx, filepath.Join(dir, part.file), part.shell)
		if err != nil {
			return fmt.Errorf("%s of %s: %w", part.file, part.of.name, err)
		}
		one.Name = strings.TrimSuffix(part.file, ".csv") + " of " + part.of.name
		b.results.Imports = append(b.results.Imports, one)
	}
	return nil
}

// measureImport loads a file in turn with the program, into an empty registry,
// and with the shell, into an empty file.
func (b *bench) measureImport(ctx context.Context, path string, shell bool) (imported, error) {
	var one imported
	var err error
	if one.Rows, err = countRows(path); err != nil {
		return one, err
	}
	var ours, theirs []float64
	for range importRounds {
		took, err := b.importOnce(ctx, path, &one)
		if err != nil {
			return one, err
		}
		ours = append(ours, float64(one.Rows)/took.Seconds())
		if !shell {
			continue
		}
		if took, err = b.shellOnce(ctx, path); err != nil {
			return one, err
		}
		theirs = append(theirs, float64(one.Rows)/took.Seconds())
	}
	one.Ours, one.Shell = middle(ours), middle(theirs)
	return one, nil
}

func middle(list []float64) float64 {
	if len(list) == 0 {
		return 0
	}
	slices.Sort(list)
	return list[len(list)/2]
}

// importOnce times gsl import registry on a data directory that has no people
// yet; what makes a new directory is not counted.
func (b *bench) importOnce(ctx context.Context, path string, one *imported) (time.Duration, error) {
	dir, err := os.MkdirTemp(b.data.runs, "import-")
	if err != nil {
		return 0, err
	}
	defer func() { _ = os.RemoveAll(dir) }()
	if err := gsl(ctx, "municipality", "list", "--data", dir); err != nil {
		return 0, err
	}
	begin := time.Now()
	command := exec.CommandContext(ctx, binary, "import", "registry", "--data", dir, path) //nolint:gosec // our own binary
	var said strings.Builder
	command.Stdout = &said
	if err := command.Start(); err != nil {
		return 0, err
	}
	peak := watchMemory(command.Process.Pid)
	err = command.Wait()
	took := time.Since(begin)
	most := peak()
	one.AnonPeak, one.TotalPeak = max(one.AnonPeak, most.anon), max(one.TotalPeak, most.total)
	if err == nil && !strings.Contains(said.String(), " 0 rejected") {
		err = errors.New("rows were rejected")
	}
	if err != nil {
		return 0, fmt.Errorf("gsl import registry: %w\n%s", err, tail([]byte(said.String())))
	}
	return took, nil
}

func (b *bench) shellOnce(ctx context.Context, path string) (time.Duration, error) {
	into := filepath.Join(b.data.runs, "shell.db")
	defer func() { _ = os.Remove(into) }()
	begin := time.Now()
	said, err := exec.CommandContext(ctx, "sqlite3", into, ".mode csv", ".import "+path+" imported").CombinedOutput() //nolint:gosec // fixed command
	if err != nil {
		return 0, fmt.Errorf("sqlite3: %w\n%s", err, tail(said))
	}
	return time.Since(begin), nil
}

// countRows counts the lines of a file, the header left out.
func countRows(path string) (int, error) {
	text, err := os.ReadFile(path) //nolint:gosec // ours
	return strings.Count(string(text), "\n") - 1, err
}

// memory is what /proc says of a process, in MB.
type memory struct{ anon, total float64 }

// watchMemory looks at a process until it is told to stop, and gives the most.
func watchMemory(pid int) (stop func() memory) {
	end, ended := make(chan struct{}), make(chan memory)
	go func() {
		var most memory
		ticker := time.NewTicker(10 * time.Millisecond)
		defer ticker.Stop()
		for {
			select {
			case <-end:
				ended <- most
				return
			case <-ticker.C:
				if now, err := memoryOf(pid); err == nil {
					most = memory{max(most.anon, now.anon), max(most.total, now.total)}
				}
			}
		}
	}()
	return func() memory { close(end); return <-ended }
}

func memoryOf(pid int) (memory, error) {
	text, err := os.ReadFile("/proc/" + strconv.Itoa(pid) + "/status")
	if err != nil {
		return memory{}, err
	}
	var m memory
	for line := range strings.Lines(string(text)) {
		fields := strings.Fields(line)
		if len(fields) < 2 {
			continue
		}
		kb, _ := strconv.ParseFloat(fields[1], 64) // lines that are no numbers are not asked for
		switch fields[0] {
		case "RssAnon:":
			m.anon = kb / 1024
		case "VmRSS:":
			m.total = kb / 1024
		}
	}
	if m.total == 0 {
		return m, errors.New("no memory: the process is gone")
	}
	return m, nil
}
