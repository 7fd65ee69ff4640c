package main

import (
	"bytes"
	"debug/elf"
	"encoding/binary"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"runtime"
	"strconv"
	"strings"
	"syscall"
	"time"
)

// The program is one static binary and reads the clock without a system call,
// from the page that the kernel gives every process (the vdso): no library can
// be put before it. So the function on that page is replaced, in the memory of
// that one process, by one that asks the kernel and adds so many seconds. The
// program is the real one and knows nothing of it; the machine's clock stays.

// shifted is clock_gettime for amd64: the call, and for the wall clock
// (CLOCK_REALTIME, 0) the seconds behind it added to what it wrote.
var shifted = []byte{
	0xb8, 0xe4, 0x00, 0x00, 0x00, // mov eax, 228 (clock_gettime)
	0x0f, 0x05, // syscall
	0x85, 0xff, // test edi, edi
	0x75, 0x0a, // jne end
	0x48, 0x8b, 0x15, 0x06, 0x00, 0x00, 0x00, // mov rdx, [the seconds]
	0x48, 0x01, 0x16, // add [rsi], rdx
	0xc3,       // end: ret
	0x90, 0x90, // the seconds come next, at a multiple of eight
}

func needsClockShift(s *suite) string {
	if runtime.GOOS != "linux" || runtime.GOARCH != "amd64" {
		return "the clock of one process can be moved on linux/amd64 only"
	}
	c := exec.Command("true")
	if err := startStopped(c); err != nil {
		return "this process may not stop another at its start: " + err.Error()
	}
	_, err := newShift(c.Process.Pid)
	err = errors.Join(err, release(c.Process.Pid))
	_ = c.Wait()
	if err != nil {
		return "the clock of a process cannot be moved here: " + err.Error()
	}
	return ""
}

// shift moves the wall clock of one process.
type shift struct {
	pid     int
	seconds int64 // address in the process of what is added
}

// startStopped starts a process that stops before its first instruction. The
// caller's goroutine has its thread from then on, until release.
func startStopped(c *exec.Cmd) error {
	runtime.LockOSThread() // whoever stops a process must be the one to let it go
	c.SysProcAttr = &syscall.SysProcAttr{Ptrace: true}
	if err := c.Start(); err != nil {
		runtime.UnlockOSThread()
		return err
	}
	var status syscall.WaitStatus
	if _, err := syscall.Wait4(c.Process.Pid, &status, 0, nil); err != nil || !status.Stopped() {
		runtime.UnlockOSThread()
		return fmt.Errorf("it did not stop: %w", err)
	}
	return nil
}

func release(pid int) error {
	defer runtime.UnlockOSThread()
	return syscall.PtraceDetach(pid)
}

// newShift puts the function in place; the process is stopped.
func newShift(pid int) (*shift, error) {
	begin, page, err := vdso(pid)
	if err != nil {
		return nil, err
	}
	file, err := elf.NewFile(bytes.NewReader(page))
	if err != nil {
		return nil, err
	}
	symbols, err := file.DynamicSymbols()
	if err != nil {
		return nil, err
	}
	for _, symbol := range symbols {
		if symbol.Name != "__vdso_clock_gettime" {
			continue
		}
		at := begin + int64(symbol.Value&0xffff)
		if err := poke(pid, at, append(shifted[:len(shifted):len(shifted)], make([]byte, 8)...)); err != nil {
			return nil, err
		}
		return &shift{pid: pid, seconds: at + int64(len(shifted))}, nil
	}
	return nil, errors.New("the kernel's page has no clock_gettime")
}

// vdso finds the kernel's page in a process.
func vdso(pid int) (begin int64, page []byte, err error) {
	maps, err := os.ReadFile("/proc/" + strconv.Itoa(pid) + "/maps")
	if err != nil {
		return 0, nil, err
	}
	for line := range strings.Lines(string(maps)) {
		if !strings.HasSuffix(strings.TrimSpace(line), "[vdso]") {
			continue
		}
		var end int64
		if _, err := fmt.Sscanf(line, "%x-%x", &begin, &end); err != nil {
			return 0, nil, err
		}
		page = make([]byte, end-begin)
		memory, err := os.Open("/proc/" + strconv.Itoa(pid) + "/mem")
		if err != nil {
			return 0, nil, err
		}
		defer func() { _ = memory.Close() }()
		_, err = memory.ReadAt(page, begin)
		return begin, page, err
	}
	return 0, nil, errors.New("the process has no page of the kernel's")
}

func poke(pid int, at int64, text []byte) error {
	memory, err := os.OpenFile("/proc/"+strconv.Itoa(pid)+"/mem", os.O_RDWR, 0)
	if err != nil {
		return err
	}
	_, err = memory.WriteAt(text, at)
	return errors.Join(err, memory.Close())
}

// to moves the wall clock of the running process so far from the true one.
func (s *shift) to(d time.Duration) error {
	var text [8]byte
	binary.LittleEndian.PutUint64(text[:], uint64(int64(d/time.Second)))
	return poke(s.pid, s.seconds, text[:])
}

// serveShifted starts the program with a clock that can be moved.
func (s *stage) serveShifted(v *server) *shift {
	moved := &shift{}
	v.start = func(c *exec.Cmd) error {
		if err := startStopped(c); err != nil {
			return err
		}
		found, err := newShift(c.Process.Pid)
		if err := errors.Join(err, release(c.Process.Pid)); err != nil {
			return err
		}
		*moved = *found
		return nil
	}
	return moved
}
