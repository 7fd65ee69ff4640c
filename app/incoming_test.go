package app

import (
	"bytes"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"gsl/app/access"
)

// A paper that is on its way when the program is killed lies on no disk after the
// next start, and what lies there meanwhile is in a folder that others cannot read.
func TestHalfAPaperDoesNotOutliveAKill(t *testing.T) {
	h := newHouse(t)
	file := h.one("05802", `SELECT file_id FROM plan WHERE status = 'open' AND file_id NOT IN (SELECT file_id FROM file_restriction WHERE lifted_at IS NULL) ORDER BY id LIMIT 1`)
	if err := h.app.Close(); err != nil {
		t.Fatal(err)
	}
	tmp := t.TempDir()
	base, kill := program(t, h.config.Data, "TMPDIR="+tmp)
	h.url = base
	v := h.as(access.CaseManager, "05802")
	v.get("/files/" + file + "/documents")
	const half = 4 << 20
	body := "--b\r\nContent-Disposition: form-data; name=\"_token\"\r\n\r\n" + v.token +
		"\r\n--b\r\nContent-Disposition: form-data; name=\"file\"; filename=\"cedula.pdf\"\r\n\r\n%PDF-" + strings.Repeat("cedula ", half/7)
	h.dial().say(t, "POST /files/"+file+"/documents HTTP/1.1\r\nHost: x\r\nContent-Type: multipart/form-data; boundary=b\r\nContent-Length: "+
		strconv.Itoa(5*half)+"\r\n"+cookieHeader(v)+"\r\n"+body)
	for end := time.Now().Add(20 * time.Second); papersIn(t, tmp) == 0; {
		if time.Now().After(end) {
			t.Fatal("the paper never came to the disk: the test would prove nothing")
		}
		time.Sleep(5 * time.Millisecond) // another process: nothing tells when
	}
	kill()
	if papersIn(t, tmp) == 0 {
		t.Fatal("nothing was left behind: the test would prove nothing")
	}
	_, stop := program(t, h.config.Data, "TMPDIR="+tmp)
	if n := papersIn(t, tmp); n != 0 {
		t.Errorf("%d papers lie there after the next start", n)
	}
	stop()
	h.open()
}

// papersIn counts the files in a folder that hold something of the paper.
func papersIn(t *testing.T, folder string) (n int) {
	t.Helper()
	err := filepath.WalkDir(folder, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		body, err := os.ReadFile(path)
		if err != nil || !bytes.Contains(body, []byte("cedula cedula")) {
			return err
		}
		n++
		if info, err := os.Stat(filepath.Dir(path)); err != nil || info.Mode().Perm() != 0o700 {
			t.Errorf("%s: others may look into its folder: %v", path, err)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return n
}

// Only what this data directory's own processes left is swept; the folder goes
// with an orderly end, and temporary files are where they were before.
func TestOnlyOnesOwnFolderIsSwept(t *testing.T) {
	tmp, data := t.TempDir(), t.TempDir()
	t.Setenv("TMPDIR", tmp)
	other, err := incomingDir(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	kept := os.TempDir()
	t.Setenv("TMPDIR", tmp)
	_, err = incomingDir(data) // and is killed
	if err != nil {
		t.Fatal(err)
	}
	left := os.TempDir()
	t.Setenv("TMPDIR", tmp)
	gone, err := incomingDir(data)
	if err != nil {
		t.Fatal(err)
	}
	now := os.TempDir()
	for dir, want := range map[string]bool{kept: true, left: false, now: true} {
		if _, err := os.Stat(dir); (err == nil) != want {
			t.Errorf("%s is there: %v", dir, err == nil)
		}
	}
	if err := gone(); err != nil || os.TempDir() != tmp {
		t.Errorf("%v, %s", err, os.TempDir())
	}
	if _, err := os.Stat(now); err == nil {
		t.Error("its folder outlives it")
	}
	if err := other(); err != nil {
		t.Error(err)
	}
}
