package app

import (
	"context"
	"errors"
	"io"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"runtime"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"gsl/app/access"
	"gsl/app/demo"
	"gsl/app/people"
	"gsl/app/screening"
	"gsl/tenants"
)

// endless is a body that goes on as long as somebody reads it, and counts.
type endless struct{ sent atomic.Int64 }

func (e *endless) Read(p []byte) (int, error) {
	const gigabyte = 1 << 30
	if e.sent.Load() >= gigabyte {
		return 0, io.EOF
	}
	for i := range p {
		p[i] = 'a'
	}
	e.sent.Add(int64(len(p)))
	return len(p), nil
}

// A form of a gigabyte is refused without being read into memory, with and
// without a length that says so beforehand, and before anybody signed in too.
func TestAGigabyteIsRefused(t *testing.T) {
	h := newHouse(t)
	signedIn := h.as(access.CaseManager, "05802")
	for name, v := range map[string]*visitor{"signed in": signedIn, "nobody": h.visitor()} {
		for _, length := range []int64{1 << 30, -1} {
			body := &endless{}
			before := heap()
			status := v.flood("/lookup", body, length)
			if status != http.StatusRequestEntityTooLarge && status != 0 {
				t.Errorf("%s, length %d: answered %d", name, length, status)
			}
			if grown := int64(heap()) - int64(before); grown > 16<<20 {
				t.Errorf("%s, length %d: memory grew by %d MB", name, length, grown>>20)
			}
			if sent := body.sent.Load(); sent > 64<<20 {
				t.Errorf("%s, length %d: the server took %d MB", name, length, sent>>20)
			}
		}
	}
	if got := signedIn.get("/"); got.status != http.StatusOK {
		t.Errorf("afterwards the workbench answered %d", got.status)
	}
}

// flood posts the body and gives the status, 0 when the server hung up first.
func (v *visitor) flood(path string, body io.Reader, length int64) int {
	r, err := http.NewRequestWithContext(context.Background(), http.MethodPost, v.base+path, body)
	if err != nil {
		v.t.Fatal(err)
	}
	r.ContentLength = length
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	response, err := v.client.Do(r)
	if err != nil {
		return 0
	}
	defer func() { _ = response.Body.Close() }()
	_, _ = io.Copy(io.Discard, response.Body)
	return response.StatusCode
}

func heap() uint64 {
	var m runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&m)
	return m.HeapAlloc
}

// One municipality's damaged or missing file is that municipality's trouble alone.
func TestADamagedFileHarmsNobodyElse(t *testing.T) {
	for name, harm := range map[string]func(path string) error{
		"missing":   os.Remove,
		"truncated": func(path string) error { return os.Truncate(path, 5000) },
		"overwritten": func(path string) error {
			return os.WriteFile(path, []byte(strings.Repeat("this is not a database ", 4000)), 0o600)
		},
	} {
		t.Run(name, func(t *testing.T) {
			h := newHouse(t)
			limache, lolol := h.municipality("05802"), h.municipality("06304")
			_ = lolol
			h.harm(limache, harm)
			sick, well := h.signIn(access.CaseManager, "05802"), h.as(access.CaseManager, "06304")
			got := sick.get("/")
			if got.status != http.StatusServiceUnavailable || !strings.Contains(got.body, "<html") || got.header.Get("Retry-After") == "" {
				t.Errorf("Limache answered %d:\n%s", got.status, got.body)
			}
			if got := well.get(h.fill("06304", "/files/:file/screening")); got.status != http.StatusOK {
				t.Errorf("Lolol answered %d", got.status)
			}
			if got := well.get("/readyz"); got.status != http.StatusOK {
				t.Errorf("/readyz answered %d", got.status)
			}
			out := &lockedBuffer{}
			if err := h.app.verify(context.Background(), terminal{out: out}, false, false); err == nil || !strings.Contains(out.String(), "BAD  municipalities/"+limache.ID) {
				t.Errorf("verify does not name the file (%v):\n%s", err, out)
			}
		})
	}
}

// harm damages the main file while no connection holds it.
func (h *house) harm(m *tenants.Municipality, how func(string) error) {
	h.t.Helper()
	if err := h.app.Close(); err != nil {
		h.t.Fatal(err)
	}
	if err := how(filepath.Join(h.config.Data, "municipalities", m.ID+".db")); err != nil {
		h.t.Fatal(err)
	}
	h.open()
}

// signIn is as, without a look at the workbench.
func (h *house) signIn(role, code string) *visitor {
	h.t.Helper()
	v := h.visitor()
	v.get("/login")
	if got := v.post("/login", url.Values{"run": {account(h.t, role, code).Format()}, "password": {demo.Password}}); got.status != http.StatusSeeOther {
		h.t.Fatalf("sign-in as %s answered %d", role, got.status)
	}
	if got := v.get("/agreement"); got.status == http.StatusOK {
		v.post("/agreement", url.Values{"accept": {"1"}})
	}
	return v
}

func TestASecondProcessIsRefused(t *testing.T) {
	h := newHouse(t)
	if second, err := Open(context.Background(), h.config, nil, nil); err == nil {
		_ = second.Close()
		t.Fatal("two processes on one data directory")
	} else if !errors.Is(err, tenants.ErrLocked) {
		t.Errorf("refused with %v", err)
	}
}

// 50 posts at once, from two tabs, and the back button: one plan.
func TestCheckoutMakesOnePlan(t *testing.T) {
	h := newHouse(t)
	v := h.as(access.CaseManager, "05802")
	file := h.newcomer(v)
	for _, item := range []string{"B001", "E801", "C001"} {
		if got := v.post("/files/"+file+"/cart/items", url.Values{"item": {item}}); got.status != http.StatusSeeOther {
			t.Fatalf("adding %s answered %d:\n%s", item, got.status, got.body)
		}
	}
	page := v.get("/files/" + file + "/checkout")
	key := regexp.MustCompile(`name="key" value="([^"]+)"`).FindStringSubmatch(page.body)
	if key == nil {
		t.Fatalf("the review has no key:\n%s", page.body)
	}
	form := url.Values{"key": {key[1]}, "agreed": {"signed"}, "_token": {v.token}}
	places := make([]string, 50)
	var wait sync.WaitGroup
	for i := range places {
		wait.Go(func() {
			r, err := http.NewRequestWithContext(context.Background(), http.MethodPost, h.url+"/files/"+file+"/checkout", strings.NewReader(form.Encode()))
			if err != nil {
				return
			}
			r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
			response, err := v.client.Do(r)
			if err != nil {
				return
			}
			defer func() { _ = response.Body.Close() }()
			places[i] = response.Header.Get("Location")
		})
	}
	wait.Wait()
	for _, place := range places {
		if place == "" || place != places[0] {
			t.Fatalf("the posts lead to %q", places)
		}
	}
	if got := v.post("/files/"+file+"/checkout", url.Values{"key": {key[1]}, "agreed": {"signed"}}); got.header.Get("Location") != places[0] {
		t.Errorf("the back button leads to %q, not %q", got.header.Get("Location"), places[0])
	}
	if got := h.one("05802", `SELECT count(*) FROM plan WHERE file_id = '`+file+`'`); got != "1" {
		t.Errorf("%s plans", got)
	}
}

// newcomer looks up somebody of the registry who never came before and gives the file.
func (h *house) newcomer(v *visitor) string {
	h.t.Helper()
	runs, err := screening.NewEmbedded(h.app.Files.Registry()).Heads(context.Background(), "05802", 400)
	if err != nil || len(runs) < 300 {
		h.t.Fatalf("%d heads of households: %v", len(runs), err)
	}
	return h.lookup(v, runs[len(runs)-1])
}

func (h *house) lookup(v *visitor, run people.RUN) string {
	h.t.Helper()
	got := v.post("/lookup", url.Values{"run": {run.Format()}})
	file := regexp.MustCompile(`^/files/([0-9A-Z]{26})/screening$`).FindStringSubmatch(got.header.Get("Location"))
	if got.status != http.StatusSeeOther || file == nil {
		h.t.Fatalf("lookup answered %d to %q", got.status, got.header.Get("Location"))
	}
	return file[1]
}
