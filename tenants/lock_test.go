package tenants

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

func TestSecondProcessIsRefused(t *testing.T) {
	r := newRig(t, Options{})
	_, err := Open(background, r.opt)
	wantError(t, err, ErrLocked)
	if !strings.Contains(err.Error(), fmt.Sprintf("process %d", os.Getpid())) {
		t.Errorf("the error does not say who: %v", err)
	}
	other := newRig(t, Options{}) // another directory is another matter
	other.reopen()
}

// A file that cannot be opened leaves the directory to the next one who tries.
func TestFailedOpenGivesTheLockBack(t *testing.T) {
	r := newRig(t, Options{})
	r.close()
	r.raw(r.path(r.registry), `PRAGMA user_version = 9999`)
	_, err := Open(background, r.opt)
	wantError(t, err, ErrNewer)
	if open := openFiles(t, r.opt.Dir); len(open) > 0 {
		t.Errorf("left open: %v", open)
	}
	r.raw(r.path(r.registry), fmt.Sprintf(`PRAGMA user_version = %d`, latest("registry")))
	r.open()
}

// acknowledged is how many writes the process of TestKilled answers for before
// it is killed.
const acknowledged = 400

// A process that is killed has lost nothing that it had answered for.
func TestKilledProcessLosesNothing(t *testing.T) {
	if dir := os.Getenv("GSL_TEST_KILLED"); dir != "" {
		writeUntilKilled(dir)
		return
	}
	r := newRig(t, Options{})
	r.town("05802")
	r.close()
	victim := exec.Command(os.Args[0], "-test.run=^TestKilledProcessLosesNothing$")
	victim.Env = append(os.Environ(), "GSL_TEST_KILLED="+r.opt.Dir)
	out, err := victim.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := victim.Start(); err != nil {
		t.Fatal(err)
	}
	var told []string
	for range acknowledged {
		var key string
		if _, err := fmt.Fscanln(out, &key); err != nil {
			t.Fatal(err)
		}
		told = append(told, key)
	}
	if err := victim.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	_ = victim.Wait()
	r.open()
	m := r.town("05802")
	err = m.View(background, func(tx *Tx) error {
		for _, key := range told {
			if err := tx.QueryRow(`SELECT 1 FROM setting WHERE key = ?`, key).Scan(new(int)); err != nil {
				return fmt.Errorf("%s: %w", key, err)
			}
		}
		return nil
	})
	if err := errors.Join(err, m.Verify(background, false)); err != nil {
		t.Error(err)
	}
}

// writeUntilKilled answers for each write by a line, from several goroutines.
func writeUntilKilled(dir string) {
	files, err := Open(background, Options{Dir: dir})
	if err != nil {
		fmt.Println("open:", err)
		os.Exit(1)
	}
	list, err := files.Municipalities(background)
	if err != nil || len(list) != 1 {
		fmt.Println("list:", err)
		os.Exit(1)
	}
	m, err := files.handle(list[0])
	if err != nil {
		os.Exit(1)
	}
	for writer := range 8 {
		go func() {
			for i := 0; ; i++ {
				key := fmt.Sprintf("t%d.%d", writer, i)
				if err := set(m, key, filepath.Base(dir)); err != nil {
					fmt.Println("write:", err)
					os.Exit(1)
				}
				if _, err := os.Stdout.WriteString(key + "\n"); err != nil {
					os.Exit(1)
				}
			}
		}()
	}
	select {}
}
