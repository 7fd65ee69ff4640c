package main

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"os"
	"os/exec"
	"strconv"
	"syscall"
	"time"
)

// cpuTime is how long this process has worked.
func cpuTime() time.Duration {
	var usage syscall.Rusage
	_ = syscall.Getrusage(syscall.RUSAGE_SELF, &usage) // cannot fail for oneself
	return time.Duration(usage.Utime.Nano() + usage.Stime.Nano())
}

// generator is a load generator that waits to begin.
type generator struct {
	process *exec.Cmd
	in      io.WriteCloser
	out     *json.Decoder
}

// startGenerator starts a load generator and gives it its job.
func startGenerator(ctx context.Context, j *job) (*generator, error) {
	self, err := os.Executable()
	if err != nil {
		return nil, err
	}
	g := &generator{process: exec.CommandContext(ctx, self, "load")} //nolint:gosec // ourselves
	g.process.Stderr = os.Stderr
	if g.in, err = g.process.StdinPipe(); err != nil {
		return nil, err
	}
	out, err := g.process.StdoutPipe()
	if err != nil {
		return nil, err
	}
	if err := g.process.Start(); err != nil {
		return nil, err
	}
	if err := json.NewEncoder(g.in).Encode(j); err != nil {
		return nil, err
	}
	lines := bufio.NewReader(out)
	if _, err := lines.ReadString('\n'); err != nil { // ready
		return nil, err
	}
	g.out = json.NewDecoder(lines)
	return g, nil
}

// finish lets it begin and gives what it found.
func (g *generator) finish() (sample, error) {
	var s sample
	if _, err := io.WriteString(g.in, "go\n"); err != nil {
		return s, err
	}
	err := g.out.Decode(&s)
	return s, errors.Join(err, g.in.Close(), g.process.Wait())
}

// worked is how long the load generator worked, known when it has finished.
func (g *generator) worked() time.Duration {
	return g.process.ProcessState.UserTime() + g.process.ProcessState.SystemTime()
}

// machine is how long its processors have worked and waited, in ticks.
type machine struct{ busy, idle float64 }

// readMachine reads /proc/stat; where there is none nobody else works.
func readMachine() (m machine) {
	text, _ := os.ReadFile("/proc/stat")
	line, _, _ := bytes.Cut(text, []byte("\n"))
	for i, field := range bytes.Fields(line) {
		ticks, _ := strconv.ParseFloat(string(field), 64)
		switch i {
		case 0, 9, 10: // the name; guests count as users already
		case 4, 5: // idle, waiting for the disk
			m.idle += ticks
		default:
			m.busy += ticks
		}
	}
	return m
}

// ticksPerSecond is the kernel's unit in /proc, the same on every Linux.
const ticksPerSecond = 100

// others is the share of the machine that was not ours between two readings.
func (m machine) others(now machine, ours time.Duration) float64 {
	busy, idle := now.busy-m.busy, now.idle-m.idle
	if busy+idle <= 0 {
		return 0
	}
	return max(0, busy-ours.Seconds()*ticksPerSecond) / (busy + idle)
}
