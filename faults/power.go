package main

import (
	"context"
	"errors"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"time"
)

// needsPowerCut says why this machine cannot cut the power of a disk: it takes
// the rights to mount an image, and a file system that copies a file at one moment.
func needsPowerCut(s *suite) string {
	if os.Geteuid() != 0 {
		return "needs root, to mount images of disks"
	}
	if missing := lacks("mount", "mkfs.ext4", "mkfs.xfs"); missing != "" {
		return missing + " (apt install xfsprogs e2fsprogs mount)"
	}
	probe := &stage{suite: s, name: "power", dir: filepath.Join(s.runs, "probe"), counts: map[string]any{}}
	defer func() {
		for i := len(probe.undo) - 1; i >= 0; i-- {
			_ = probe.undo[i]()
		}
	}()
	if err := os.MkdirAll(probe.dir, 0o700); err != nil {
		return err.Error()
	}
	if _, err := newDisk(context.Background(), probe); err != nil {
		return "no image of a disk can be mounted here: " + err.Error()
	}
	return ""
}

// disk is an ext4 file system in a file that lies on a file system with reflinks:
// a copy of that file, made at one moment, is what a disk holds when the power
// fails. What the kernel had not yet sent to the disk is not in it.
type disk struct {
	s     *stage
	at    string // where it is mounted
	image string
	cuts  int
}

func newDisk(ctx context.Context, s *stage) (*disk, error) {
	host := filepath.Join(s.dir, "host.img")
	if err := image(ctx, host, 12<<30, "mkfs.xfs", "-q", "-m", "reflink=1"); err != nil {
		return nil, err
	}
	below, err := s.mount(ctx, "host", "-o", "loop", host)
	if err != nil {
		return nil, err
	}
	d := &disk{s: s, image: filepath.Join(below, "disk.img")}
	if err := image(ctx, d.image, 8<<30, "mkfs.ext4", "-q"); err != nil {
		return nil, err
	}
	d.at, err = s.mount(ctx, "disk", "-o", "loop", d.image)
	return d, err
}

// cut gives what the disk holds when its power fails now, mounted as after the
// next start, and how to be done with it.
func (d *disk) cut(ctx context.Context) (at string, done func() error, err error) {
	d.cuts++
	snapshot := filepath.Join(filepath.Dir(d.image), "cut.img")
	if err := clone(d.image, snapshot); err != nil {
		return "", nil, err
	}
	at = filepath.Join(d.s.dir, "cut")
	if err := os.MkdirAll(at, 0o700); err != nil {
		return "", nil, err
	}
	if err := system(ctx, "mount", "-o", "loop", snapshot, at); err != nil { // which replays ext4's journal
		return "", nil, err
	}
	return at, func() error { return unmount(at) }, nil
}

// powerCut: desks work, the disk is copied as it is at one moment, and the copy
// is judged by what had been acknowledged before that moment and, but for the last
// cut, which is judged by all, after the cut before. The desks rest meanwhile. The
// program then
// starts on the copy, as it does when the power is back. Beside it a writer with
// synchronous=NORMAL does the same: it must lose, else this proves nothing.
func powerCut(ctx context.Context, s *stage) error {
	cuts := pick(s.suite, 2, 40)
	d, err := newDisk(ctx, s)
	if err != nil {
		return err
	}
	data := filepath.Join(d.at, "data")
	towns, err := s.towns(ctx, data)
	if err != nil {
		return err
	}
	book, err := openLedger(filepath.Join(s.dir, "ledger")) // on the other disk
	if err != nil {
		return err
	}
	s.after(book.close)
	if err := s.newTown(ctx, d, data); err != nil {
		return err
	}
	careless, err := startControl(ctx, filepath.Join(d.at, "normal.db"))
	if err != nil {
		return err
	}
	defer careless.stop()
	v, err := s.serve(ctx, data)
	if err != nil {
		return err
	}
	desks, err := s.openDesks(ctx, v, towns, book)
	if err != nil {
		return err
	}
	defer desks.close()
	bitten, seen := 0, 0
	for n := 1; n <= cuts; n++ {
		if err := pause(ctx, 500*time.Millisecond+rand.N(2500*time.Millisecond)); err != nil {
			return err
		}
		entries, written := book.all(), careless.written.Load()
		at, done, err := d.cut(ctx)
		if err != nil {
			return err
		}
		again := desks.rest()
		from := seen
		if n == cuts {
			from = 0
		}
		lost, err := s.afterCut(ctx, at, towns, entries[from:], careless, written, n == cuts)
		again()
		if err := errors.Join(err, done()); err != nil {
			return err
		}
		if seen = len(entries); lost > 0 {
			bitten++
		}
		if n%10 == 0 {
			say("power: %d cuts, %d acknowledged", n, seen)
		}
	}
	s.found("power cuts", cuts)
	s.found("cuts in which the control with NORMAL lost", bitten)
	if bitten == 0 {
		s.broken("the control with synchronous=NORMAL lost nothing: these cuts prove nothing")
	}
	return nil
}

// newTown: a municipality that was provisioned is there, and so is its worker,
// when the power fails at the moment the command has ended.
func (s *stage) newTown(ctx context.Context, d *disk, data string) error {
	syscall.Sync() // the copy of the other towns, which is ours and not the program's
	code, err := communes(townCount + 1)
	if err != nil {
		return err
	}
	if err := s.command(ctx, "", "municipality", "add", "--data", data, code[townCount]); err != nil {
		return err
	}
	at, done, err := d.cut(ctx)
	if err != nil {
		return err
	}
	said, err := s.ask(ctx, "", "municipality", "list", "--data", filepath.Join(at, "data"))
	if err != nil || !strings.Contains(said, code[townCount]) {
		s.broken("a municipality that was ready is not there after a power cut: %v", err)
	}
	said, err = s.ask(ctx, "", "verify", "--replicas=false", "--data", filepath.Join(at, "data"))
	s.verify(said, err, "a new municipality, after a power cut")
	return done()
}

// afterCut judges what the disk held, and starts the program on it; written is how
// many rows the control had written before.
func (s *stage) afterCut(ctx context.Context, at string, towns []town, entries []entry, careless *control, written int64, last bool) (lost int64, err error) {
	data := filepath.Join(at, "data")
	if err := s.judge(data, towns, entries, "after a power cut"); err != nil {
		return 0, err
	}
	kept, err := careless.found(filepath.Join(at, "normal.db"))
	if err != nil {
		return 0, err
	}
	s.count("rows that the control lost", int(max(0, written-kept)))
	again, err := s.serve(ctx, data)
	if err != nil {
		s.broken("after a power cut the program does not start: %v", err)
		return written - kept, nil
	}
	if last { // its replica lies on that disk too, and lost its own last moments
		if err := waitFor(ctx, 2*time.Minute, func() bool { lag, err := s.lag(ctx, data, len(towns)); return err == nil && lag == 0 }); err != nil {
			s.broken("after a power cut the replicas do not catch up: %v", err)
		}
	}
	if _, err := again.stop(); err != nil {
		return 0, err
	}
	said, err := s.ask(ctx, "", "verify", "--replicas="+strconv.FormatBool(last), "--data", data)
	s.verify(said, err, "after a power cut")
	return written - kept, nil
}
