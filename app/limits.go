package app

import (
	"context"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"runtime/debug"
	"time"
)

// finding is one thing of the machine that would hurt later, with what to do.
type finding struct {
	what string // "clock"
	text string
}

func (f finding) String() string { return f.what + ": " + f.text }

// What a server needs, with room.
const (
	filesPerOpen  = 24      // descriptors of an open municipality: two files with journal and readers
	filesOfPeople = 2048    // descriptors for connections
	leastDisk     = 1 << 30 // a year of a small municipality
	leastMemory   = 256 << 20
	clockSlack    = 2 * time.Minute
	renewBefore   = 14 * 24 * time.Hour
)

// machine is what the system says about itself; zero is "unknown".
type machine struct {
	descriptors uint64
	disk        uint64 // bytes free for us where the data are
	system      string // why the file system is no place for a database, "" for a good one
	memory      uint64 // bytes we may use
	now         time.Time
	newest      time.Time // when something in the data directory was last written
	built       time.Time
	noTemp      error // why papers cannot be handed in
}

// findings looks for what would hurt. Nothing here keeps the server from
// starting: desks that can read are better than none.
func (m machine) findings(config Config) []finding {
	var list []finding
	add := func(what, text string, args ...any) { list = append(list, finding{what, fmt.Sprintf(text, args...)}) }
	need := uint64(filesPerOpen*config.MaxOpen + filesOfPeople) //nolint:gosec // both are small
	if m.descriptors > 0 && m.descriptors < need {
		add("descriptors", "this process may open %d files and may need %d: set LimitNOFILE=%d in the systemd unit (ulimits.nofile for a container), or GSL_MAX_OPEN to at most %d",
			m.descriptors, need, need, max(1, (int64(m.descriptors)-filesOfPeople)/filesPerOpen)) //nolint:gosec // a limit of descriptors is small
	}
	if m.disk > 0 && m.disk < leastDisk {
		add("disk", "only %d MB are free in %s: when it is full nothing can be saved; make room or use a larger disk", m.disk>>20, config.Data)
	}
	if m.system != "" {
		add("disk", "%s is %s: put it on a local disk", config.Data, m.system)
	}
	if m.memory > 0 && m.memory < leastMemory {
		add("memory", "%d MB are little: give the container or machine at least %d", m.memory>>20, leastMemory>>20)
	}
	if m.noTemp != nil {
		add("temporary files", "%v: papers cannot be handed in; give a writable TMPDIR (--tmpfs /tmp for a container)", m.noTemp)
	}
	for _, known := range []struct {
		at  time.Time
		how string
	}{{m.newest, "something in the data directory was written"}, {m.built, "this program was built"}} {
		if !known.at.IsZero() && m.now.Add(clockSlack).Before(known.at) {
			add("clock", "it says %s, but %s at %s: set it (timedatectl set-ntp true) before people work, or what they do is dated wrong",
				m.now.UTC().Format(time.RFC3339), known.how, known.at.UTC().Format(time.RFC3339))
		}
	}
	return list
}

// look asks the system.
func look(config Config, now time.Time) machine {
	m := machine{now: now, newest: newest(config.Data), built: built(), noTemp: usable(os.TempDir())}
	m.ask(config.Data)
	return m
}

// newest is when something at the top of the data directory was last written:
// national.db and its journal are, at every sign-in.
func newest(dir string) (last time.Time) {
	for _, pattern := range []string{"*.db", "*.db-wal", "municipalities/*.db-wal"} {
		paths, _ := filepath.Glob(filepath.Join(dir, pattern)) // the pattern is well-formed
		for _, path := range paths {
			if info, err := os.Stat(path); err == nil && info.ModTime().After(last) {
				last = info.ModTime()
			}
		}
	}
	return last
}

// built is when the commit was made that the program is of.
func built() time.Time {
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return time.Time{}
	}
	for _, s := range info.Settings {
		if s.Key == "vcs.time" {
			at, _ := time.Parse(time.RFC3339, s.Value) // zero when it is none
			return at
		}
	}
	return time.Time{}
}

// writable reports why nothing can be made in the data directory.
func writable(dir string) error {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return err
	}
	return usable(dir)
}

// usable reports why no file can be made in a directory.
func usable(dir string) error {
	probe, err := os.CreateTemp(dir, ".check-*")
	if err != nil {
		return err
	}
	_ = probe.Close()
	return os.Remove(probe.Name())
}

// readableByAll says which secret files others may read.
func readableByAll(paths ...string) []finding {
	var list []finding
	for _, path := range paths {
		if path == "" {
			continue
		}
		if info, err := os.Stat(path); err == nil && info.Mode().IsRegular() && info.Mode().Perm()&0o004 != 0 {
			list = append(list, finding{"secrets", fmt.Sprintf("everybody on this machine can read %s: chmod 640", path)})
		}
	}
	return list
}

// tellLimits logs what was found, each with what to do.
func tellLimits(ctx context.Context, log *slog.Logger, list []finding) {
	for _, f := range list {
		log.WarnContext(ctx, "limits", "what", f.what, "todo", f.text)
	}
}
