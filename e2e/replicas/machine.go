package main

import (
	"errors"
	"fmt"
	"os"
	"runtime/debug"
	"runtime/pprof"
	"strconv"
	"strings"
	"syscall"
	"time"
)

// memory is what this process holds, in MB: of its own, and with the pages of files.
func memory() (own, all float64) {
	text, err := os.ReadFile("/proc/self/status")
	if err != nil {
		return 0, 0
	}
	for line := range strings.Lines(string(text)) {
		fields := strings.Fields(line)
		if len(fields) < 2 {
			continue
		}
		kb, _ := strconv.ParseFloat(fields[1], 64)
		switch fields[0] {
		case "RssAnon:":
			own = kb / 1024
		case "VmRSS:":
			all = kb / 1024
		}
	}
	return own, all
}

// settled is memory after what is not needed was given back.
func settledMemory() (own, all float64) {
	debug.FreeOSMemory() // what a pool holds outlives one collection
	debug.FreeOSMemory()
	return memory()
}

// profile writes what the heap holds to a file.
func profile(path string) error {
	if path == "" {
		return nil
	}
	file, err := os.Create(path) //nolint:gosec // named by the operator
	if err != nil {
		return err
	}
	return errors.Join(pprof.WriteHeapProfile(file), file.Close())
}

// descriptors counts what is open, and how many of them are files below dir.
func descriptors(dir string) (all, files int) {
	entries, err := os.ReadDir("/proc/self/fd")
	if err != nil {
		return 0, 0
	}
	for _, entry := range entries {
		if to, err := os.Readlink("/proc/self/fd/" + entry.Name()); err == nil && strings.HasPrefix(to, dir) {
			files++
		}
	}
	return len(entries), files
}

// busy is the processor time of this process.
func busy() time.Duration {
	var usage syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &usage); err != nil {
		return 0
	}
	return time.Duration(usage.Utime.Nano() + usage.Stime.Nano())
}

// othersBusy is what all other processes took of the machine since the reading
// before, as a share of all cores: the figures taken meanwhile are theirs too.
type machine struct {
	own         time.Duration
	used, total float64
}

func readMachine() machine {
	m := machine{own: busy()}
	text, err := os.ReadFile("/proc/stat")
	if err != nil {
		return m
	}
	line, _, _ := strings.Cut(string(text), "\n")
	for i, field := range strings.Fields(line)[1:] {
		ticks, _ := strconv.ParseFloat(field, 64)
		if i < 8 {
			m.total += ticks
			if i != 3 && i != 4 { // idle, waiting for a disk
				m.used += ticks
			}
		}
	}
	return m
}

func (m machine) others(since machine) string {
	total := m.total - since.total
	if total <= 0 {
		return "?"
	}
	own := (m.own - since.own).Seconds() * 100 // ticks are hundredths
	return fmt.Sprintf("%.0f %%", max(0, (m.used-since.used-own)/total*100))
}
