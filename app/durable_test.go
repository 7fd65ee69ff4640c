package app

import (
	"bufio"
	"context"
	"fmt"
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"regexp"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"gsl/app/access"
	"gsl/app/kit/audit"
	"gsl/tenants"
)

// The program is killed in the middle of 2,000 acknowledged writes of carts,
// plans and referrals: every one of them is there when it starts again.
func TestKilledInTheMiddleLosesNothing(t *testing.T) {
	h := newHouse(t)
	files := strings.Fields(h.one("05802", `SELECT group_concat(id, ' ') FROM file`))
	if err := h.app.Close(); err != nil {
		t.Fatal(err)
	}
	base, kill := program(t, h.config.Data)
	h.url = base
	acknowledged := h.writeUntilKilled(t, files, kill)
	kill() // waits until the process is gone
	h.open()
	checkAll(t, h, acknowledged)
}

// program starts the real program as another process on the data directory and
// gives its address and how to kill it. env is added to its environment.
func program(t *testing.T, data string, env ...string) (string, func()) {
	t.Helper()
	return startProgram(t, data, func(*exec.Cmd) {}, env...)
}

func startProgram(t *testing.T, data string, made func(*exec.Cmd), env ...string) (string, func()) {
	t.Helper()
	c := exec.Command(os.Args[0], "serve", "--demo", "--data", data, "--addr", "127.0.0.1:0")
	c.Env = append(append(os.Environ(), "GSL_TEST_RUN=1"), env...)
	out, err := c.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := c.Start(); err != nil {
		t.Fatal(err)
	}
	made(c)
	var once sync.Once
	kill := func() {
		once.Do(func() {
			_ = c.Process.Kill()
			_ = c.Wait()
		})
	}
	t.Cleanup(kill)
	lines := bufio.NewScanner(out)
	for lines.Scan() {
		if _, address, found := strings.Cut(lines.Text(), "http://"); found {
			go func() {
				for lines.Scan() { // the pipe must not fill
				}
			}()
			return "http://" + address, kill
		}
	}
	t.Fatal("the program ended before it served")
	return "", nil
}

// effect is one acknowledged write: how to find it again.
type effect struct{ query, want string }

const writesBeforeTheKill = 2000

// writeUntilKilled lets eight workers fill carts, check out and set statuses,
// kills the program once 2,000 writes were acknowledged while more are under
// way, and gives all that was acknowledged.
func (h *house) writeUntilKilled(t *testing.T, files []string, kill func()) []effect {
	var count atomic.Int64
	var mu sync.Mutex
	var done []effect
	note := func(query, want string) {
		mu.Lock()
		done = append(done, effect{query, want})
		mu.Unlock()
		if count.Add(1) == writesBeforeTheKill {
			go kill()
		}
	}
	var wait sync.WaitGroup
	const workers = 8
	deadline := time.Now().Add(2 * time.Minute)
	for n := range workers {
		v := h.as(access.CaseManager, "05802")
		v.t = quiet{t} // when the program dies, requests fail
		wait.Go(func() {
			defer func() { _ = recover() }() // quiet.Fatalf: the program is gone
			for i := n; time.Now().Before(deadline); i += workers {
				h.oneJob(v, files[i%(len(files)/workers*workers)], i, note) // no file has two workers
			}
		})
	}
	wait.Wait()
	if count.Load() < writesBeforeTheKill {
		t.Fatalf("only %d writes were acknowledged", count.Load())
	}
	return done
}

// quiet is a T whose failures end the worker and nothing else.
type quiet struct{ testing.TB }

func (q quiet) Fatalf(format string, args ...any) { panic(fmt.Sprintf(format, args...)) }
func (q quiet) Fatal(args ...any)                 { panic(fmt.Sprint(args...)) }
func (q quiet) Helper()                           {}

var planPath = regexp.MustCompile(`^/plans/([0-9A-Z]{26})`)

// oneJob fills a cart with ten items, makes it a plan, which refers them, and
// writes down the answers one by one.
func (h *house) oneJob(v *visitor, file string, turn int, note func(query, want string)) {
	for i := range 10 {
		mark := fmt.Sprintf("note %d %d", turn, i)
		got := v.post("/files/"+file+"/cart/items", url.Values{"item": {"D202"}, "reason": {mark}, "note": {mark}})
		if got.status != http.StatusSeeOther {
			panic(fmt.Sprint("add answered ", got.status, got.body))
		}
		note(`SELECT count(*) FROM cart_item WHERE note = '`+mark+`' AND cart_id IN (SELECT id FROM cart WHERE file_id = '`+file+`')`, "1")
	}
	page := v.get("/files/" + file + "/checkout")
	key := regexp.MustCompile(`name="key" value="([^"]+)"`).FindStringSubmatch(page.body)
	made := v.post("/files/"+file+"/checkout", url.Values{"key": {key[1]}, "agreed": {"signed"}})
	plan := planPath.FindStringSubmatch(made.header.Get("Location"))[1]
	note(`SELECT count(*) FROM plan WHERE id = '`+plan+`'`, "1")
	for _, item := range regexp.MustCompile(`name="status\[([0-9A-Z]{26})\]"`).FindAllStringSubmatch(v.get("/plans/"+plan).body, -1) {
		if got := v.post("/plans/"+plan+"/items", url.Values{"status[" + item[1] + "]": {"confirmed"}}); got.status == http.StatusSeeOther {
			note(`SELECT status FROM plan_item WHERE id = '`+item[1]+`'`, "confirmed")
		}
	}
}

// checkAll finds every acknowledged write again, in a file that is sound.
func checkAll(t *testing.T, h *house, list []effect) {
	t.Helper()
	m := h.municipality("05802")
	if err := m.Verify(context.Background(), false); err != nil {
		t.Errorf("the file: %v", err)
	}
	if err := audit.Verify(context.Background(), m); err != nil {
		t.Errorf("the chain: %v", err)
	}
	if n := h.one("05802", `SELECT count(*) FROM plan_item AS i JOIN referral AS r ON r.plan_item_id = i.id
		WHERE (i.status = 'confirmed') <> (r.state IN ('answered', 'closed') AND r.outcome = 'granted')`); n != "0" {
		t.Errorf("%s items say something else than their referrals", n)
	}
	lost := 0
	err := m.View(context.Background(), func(tx *tenants.Tx) error {
		for _, e := range list {
			var got string
			if err := tx.QueryRow(e.query).Scan(&got); err != nil && !tenants.NotFound(err) {
				return err
			}
			if got != e.want {
				lost++
			}
		}
		return nil
	})
	if err != nil || lost > 0 {
		t.Errorf("%d of %d acknowledged writes are lost (%v)", lost, len(list), err)
	}
}
