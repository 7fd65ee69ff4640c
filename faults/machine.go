package main

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
)

// work is how long the machine's processors have worked and waited, and how long
// of it for us: this process and the server. In the kernel's ticks.
type work struct{ busy, idle, ours float64 }

// worked reads /proc; where there is none nobody else works.
func (v *server) worked() (w work) {
	text, _ := os.ReadFile("/proc/stat")
	line, _, _ := bytes.Cut(text, []byte("\n"))
	for i, field := range bytes.Fields(line) {
		ticks, _ := strconv.ParseFloat(string(field), 64)
		switch i {
		case 0, 9, 10: // the name; guests count as users already
		case 4, 5: // idle, waiting for the disk
			w.idle += ticks
		default:
			w.busy += ticks
		}
	}
	w.ours = ticksOf(os.Getpid()) + ticksOf(v.cmd.Process.Pid)
	return w
}

// ticksOf is how long a process has worked.
func ticksOf(pid int) (sum float64) {
	text, _ := os.ReadFile(filepath.Join("/proc", strconv.Itoa(pid), "stat"))
	fields := bytes.Fields(text[bytes.LastIndexByte(text, ')')+1:]) // the name may hold spaces
	for i := 11; i <= 12 && i < len(fields); i++ {                  // utime and stime
		ticks, _ := strconv.ParseFloat(string(fields[i]), 64)
		sum += ticks
	}
	return sum
}

// others is the share of the machine that was not ours between two readings.
func (w work) others(now work) float64 {
	busy, idle := now.busy-w.busy, now.idle-w.idle
	if busy+idle <= 0 {
		return 0
	}
	return max(0, busy-(now.ours-w.ours)) / (busy + idle)
}

// quietEnough is the share of the machine that others may take while waits are
// measured: beyond it a long wait says nothing of the program, and is not judged.
const quietEnough = 0.25

// slow notes that people waited too long, unless others had the machine. The short
// run plays scenarios side by side, so one is in the way of another: its waits are
// told, and judged in the whole run only.
func (s *stage) slow(others float64, format string, args ...any) {
	s.found("share of the machine that others took", float64(int(others*100))/100)
	if s.opt.short {
		s.found("not judged", "scenarios of the short run stand in each other's way: "+fmt.Sprintf(format, args...))
		return
	}
	if others > quietEnough {
		s.found("not judged", "other programs had the machine while waits were measured")
		return
	}
	s.broken(format, args...)
}
