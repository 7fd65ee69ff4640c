//go:build linux

package app

import (
	"io"
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"gsl/app/access"
)

// The real program is told to stop while forty people work: whatever it began to
// answer, it answers well, and it is gone within ten seconds. What it said yes to
// is there afterwards.
func TestStoppedUnderLoadFinishesWhatItBegan(t *testing.T) {
	h := newHouse(t)
	files := strings.Fields(h.one("05802", `SELECT group_concat(id, ' ') FROM file`))
	if err := h.app.Close(); err != nil {
		t.Fatal(err)
	}
	base, process := programProcess(t, h.config.Data)
	h.url = base
	v := h.as(access.CaseManager, "05802")
	v.get("/files/" + files[0] + "/cart")
	var good, cut, bad, saved atomic.Int64
	var stopping atomic.Bool
	var people sync.WaitGroup
	halt := make(chan struct{})
	for n := range 40 {
		people.Go(func() {
			client := &http.Client{Jar: v.client.Jar, CheckRedirect: v.client.CheckRedirect, Transport: &http.Transport{}, Timeout: 15 * time.Second}
			file := files[n%len(files)]
			for i := 0; ; i++ {
				select {
				case <-halt:
					return
				default:
				}
				var answer *http.Response
				var err error
				if i%3 == 0 {
					answer, err = client.PostForm(base+"/files/"+file+"/cart/items", url.Values{"_token": {v.token}, "item": {"E801"}, "note": {"x"}})
				} else {
					answer, err = client.Get(base + "/files/" + file + "/screening")
				}
				if err != nil {
					if !stopping.Load() {
						t.Errorf("before the stop: %v", err)
					}
					cut.Add(1) // the port is closed: nothing was begun
					return
				}
				_, err = io.Copy(io.Discard, answer.Body)
				_ = answer.Body.Close()
				switch {
				case answer.StatusCode >= 500 || err != nil:
					bad.Add(1)
					t.Errorf("%s %d %v", answer.Request.URL.Path, answer.StatusCode, err)
				case i%3 == 0 && answer.StatusCode < 400:
					saved.Add(1)
					fallthrough
				default:
					good.Add(1)
				}
			}
		})
	}
	time.Sleep(time.Second) // let them work
	stopping.Store(true)
	begun := time.Now()
	if err := process.Process.Signal(syscall.SIGTERM); err != nil {
		t.Fatal(err)
	}
	err := process.Wait()
	took := time.Since(begun)
	close(halt)
	people.Wait()
	if err != nil || took > 10*time.Second {
		t.Errorf("it ended after %v with %v", took, err)
	}
	if good.Load() < 50 || saved.Load() == 0 {
		t.Errorf("only %d answers, %d of them changes: the test proves nothing", good.Load(), saved.Load())
	}
	if _, err := os.Lstat(controlPath(h.config.Data)); err == nil {
		t.Error("the control socket is still there")
	}
	h.open()
	if err := h.app.verify(t.Context(), terminal{out: io.Discard}, true, false); err != nil {
		t.Error(err)
	}
	t.Logf("%d answers, %d changes, %d failed, %d found the door closed; it took %v to stop", good.Load(), saved.Load(), bad.Load(), cut.Load(), took)
}

// programProcess is program with its process at hand.
func programProcess(t *testing.T, data string, env ...string) (string, *exec.Cmd) {
	t.Helper()
	var c *exec.Cmd
	base, _ := startProgram(t, data, func(made *exec.Cmd) { c = made }, env...)
	return base, c
}

// A peer who never finishes what they send does not keep the program from
// stopping.
func TestStoppedBesideAHangingRequest(t *testing.T) {
	h := newHouse(t)
	if err := h.app.Close(); err != nil {
		t.Fatal(err)
	}
	base, process := programProcess(t, h.config.Data)
	h.url = base
	h.dial().begin(t, "/login", "") // a form whose body never comes
	begun := time.Now()
	_ = process.Process.Signal(syscall.SIGTERM)
	err := process.Wait()
	if took := time.Since(begun); took > 10*time.Second || took < patience/2 {
		t.Errorf("it ended after %v with %v", took, err)
	}
	h.open()
}
