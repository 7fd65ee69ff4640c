package app

import (
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
)

// Kinds of file systems, by their magic numbers, on which several machines see
// the same file: SQLite's journal is shared memory and works on one only.
var notLocal = map[int64]string{
	0x6969: "on NFS", 0xFF534D42: "on SMB", 0xFE534D42: "on SMB", 0x517B: "on SMB", 0x01021997: "on 9P", 0x00C36400: "on Ceph",
}

const tmpfs = 0x01021994

func (m *machine) ask(dir string) {
	var files syscall.Rlimit
	if syscall.Getrlimit(syscall.RLIMIT_NOFILE, &files) == nil {
		m.descriptors = files.Cur
	}
	var disk syscall.Statfs_t
	if syscall.Statfs(dir, &disk) == nil {
		m.disk = disk.Bavail * uint64(disk.Bsize) //nolint:gosec // a block has a size
		m.system = notLocal[int64(disk.Type)]     //nolint:unconvert // 32 bits on some machines
		if int64(disk.Type) == tmpfs {            //nolint:unconvert // the same
			m.system = "in memory (tmpfs), and gone after a restart"
		}
	}
	m.memory = systemMemory()
}

func systemMemory() uint64 {
	return memoryLimit("/proc/self/cgroup", "/sys/fs/cgroup", "/proc/meminfo")
}

// memoryLimit is the least of what the control groups above us and the machine have.
func memoryLimit(own, root, info string) uint64 {
	least := meminfo(info)
	text, _ := os.ReadFile(own) //nolint:gosec // the kernel's
	for _, line := range strings.Split(string(text), "\n") {
		path, unified := strings.CutPrefix(line, "0::")
		for dir := path; unified; dir = filepath.Dir(dir) {
			if limit := number(filepath.Join(root, dir, "memory.max")); limit > 0 && (least == 0 || limit < least) {
				least = limit
			}
			if dir == "/" || dir == "." {
				break
			}
		}
	}
	return least
}

// number reads a file that holds one; 0 for "max" and for none.
func number(path string) uint64 {
	text, _ := os.ReadFile(path) //nolint:gosec // the kernel's
	n, _ := strconv.ParseUint(strings.TrimSpace(string(text)), 10, 64)
	return n
}

func meminfo(path string) uint64 {
	text, _ := os.ReadFile(path) //nolint:gosec // the kernel's
	for _, line := range strings.Split(string(text), "\n") {
		if rest, ok := strings.CutPrefix(line, "MemTotal:"); ok {
			n, _ := strconv.ParseUint(strings.TrimSuffix(strings.TrimSpace(rest), " kB"), 10, 64)
			return n << 10
		}
	}
	return 0
}
