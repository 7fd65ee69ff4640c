package tenants

import (
	"bytes"
	"crypto/rand"
	"encoding/base64"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/johannesboyne/gofakes3"
	"github.com/johannesboyne/gofakes3/backend/s3mem"
)

// bucket is a store that speaks S3, in this process, with a door that a test shuts.
type bucket struct {
	*httptest.Server
	trouble atomic.Pointer[http.HandlerFunc] // answers instead; nil: all is well

	mu   sync.Mutex
	keys map[string]string // MD5 of the customer's key, by object
}

const keyMD5 = "X-Amz-Server-Side-Encryption-Customer-Key-Md5"

func newBucket(t *testing.T) *bucket {
	t.Helper()
	backend := s3mem.New()
	if err := backend.CreateBucket("gsl"); err != nil {
		t.Fatal(err)
	}
	store := gofakes3.New(backend, gofakes3.WithLogger(gofakes3.DiscardLog())).Server()
	b := &bucket{keys: map[string]string{}}
	b.Server = httptest.NewTLSServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if trouble := b.trouble.Load(); trouble != nil {
			(*trouble)(w, r)
			return
		}
		if !b.unlocks(r) {
			http.Error(w, "<Error><Code>InvalidRequest</Code></Error>", http.StatusBadRequest)
			return
		}
		store.ServeHTTP(w, r)
	}))
	t.Cleanup(b.Close)
	return b
}

// unlocks plays what gofakes3 does not: an object is read with the key with which
// it was written, or not at all.
func (b *bucket) unlocks(r *http.Request) bool {
	b.mu.Lock()
	defer b.mu.Unlock()
	switch r.Method {
	case http.MethodPut:
		b.keys[r.URL.Path] = r.Header.Get(keyMD5)
	case http.MethodGet, http.MethodHead:
		if key, known := b.keys[r.URL.Path]; known && key != r.Header.Get(keyMD5) {
			return false
		}
	}
	return true
}

// shut makes the store answer otherwise from now on; nil: well again.
func (b *bucket) shut(trouble http.HandlerFunc) {
	if trouble == nil {
		b.trouble.Store(nil)
		return
	}
	b.trouble.Store(&trouble)
}

// config writes a litestream.yml for the bucket and reads it.
func (b *bucket) config(t *testing.T, more ...string) (*ReplicaConfig, string) {
	t.Helper()
	t.Setenv("GSL_TEST_KEY", "key")
	t.Setenv("GSL_TEST_SECRET", "secret")
	path := filepath.Join(t.TempDir(), "litestream.yml")
	text := "access-key-id: ${GSL_TEST_KEY}\nsecret-access-key: ${GSL_TEST_SECRET}\ndbs:\n  - path: ${GSL_FILE}\n    replica:\n      type: s3\n      endpoint: " +
		b.URL + "\n      bucket: gsl\n      path: chile/${GSL_REPLICA}\n      region: us-east-1\n      skip-verify: true\n"
	for _, line := range more {
		text += "      " + line + "\n"
	}
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	config, err := ReadReplicaConfig(path)
	if err != nil {
		t.Fatal(err)
	}
	return config, path
}

func TestEveryFileIsInABucket(t *testing.T) {
	b := newBucket(t)
	config, _ := b.config(t)
	r := newRig(t, Options{Replica: config})
	m, idle := r.town("05802"), r.town("06304")
	if err := set(m, "ta", "1"); err != nil {
		t.Fatal(err)
	}
	for _, d := range []*DB{r.national, r.registry, m.main, m.access, idle.main, idle.access} {
		if s := r.untilSynced(d); s.SameDisk || strings.Contains(s.Target, "secret") {
			t.Errorf("%s: %+v", d.name, s)
		}
	}
	r.wantReplica(m, "ta=1")
	r.reopen()
	m = r.town("05802")
	if err := set(m, "tb", "1"); err != nil {
		t.Fatal(err)
	}
	r.untilSynced(m.main)
	r.wantReplica(m, "ta=1 tb=1")
}

// A store that refuses, breaks or hangs is nobody's trouble but the operator's,
// who is told once when it begins and once when it is over.
func TestABucketThatIsAwayIsToldOnceAndCaughtUp(t *testing.T) {
	b := newBucket(t)
	config, _ := b.config(t)
	var log lockedBuffer
	r := newRig(t, Options{Replica: config, Log: slog.New(slog.NewTextHandler(&log, nil))})
	towns := []*Municipality{r.town("05802"), r.town("06304"), r.town("13201")}
	for _, m := range towns {
		r.untilSynced(m.main)
	}
	hang := make(chan struct{})
	defer close(hang)
	for i, trouble := range []http.HandlerFunc{
		func(w http.ResponseWriter, _ *http.Request) { http.Error(w, "", http.StatusForbidden) },
		func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusInternalServerError) },
		func(_ http.ResponseWriter, r *http.Request) { // cut in the middle of an upload
			_, _ = io.CopyN(io.Discard, r.Body, 100)
			panic(http.ErrAbortHandler)
		},
	} {
		b.shut(trouble)
		for _, m := range towns {
			begin := time.Now()
			if err := set(m, fmt.Sprintf("t%d", i), "1"); err != nil {
				t.Fatal(err)
			}
			if took := time.Since(begin); took > 10*time.Second {
				t.Errorf("a change took %v", took)
			}
		}
		waitFor(t, "the status says that it lags", func() bool { return r.status(towns[0].main.name).Err != "" })
	}
	b.shut(nil)
	for _, m := range towns {
		r.untilSynced(m.main)
		r.wantReplica(m, "t0=1 t1=1 t2=1")
	}
	waitFor(t, "its end is told", func() bool { return strings.Contains(log.String(), "every file is copied") })
	if n := strings.Count(log.String(), "level=ERROR"); n > 1 {
		t.Errorf("%d errors in the log:\n%s", n, log.String())
	}
}

type lockedBuffer struct {
	mu sync.Mutex
	bytes.Buffer
}

func (b *lockedBuffer) Write(p []byte) (int, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.Buffer.Write(p)
}

func (b *lockedBuffer) String() string {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.Buffer.String()
}

// With a key of its own, a municipality's replica cannot be read with another's,
// nor without one.
func TestEachMunicipalityIsEncryptedWithItsOwnKey(t *testing.T) {
	b, keys := newBucket(t), t.TempDir()
	ids := map[string]string{"national": "national", "registry": "registry", "05802": "5b1f7ed4-0b6f-4c56-a1d6-7a0e4b1d0001", "06304": "5b1f7ed4-0b6f-4c56-a1d6-7a0e4b1d0002"}
	for _, id := range ids {
		key := make([]byte, 32)
		_, _ = rand.Read(key)
		if err := os.WriteFile(filepath.Join(keys, id+".key"), []byte(base64.StdEncoding.EncodeToString(key)), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	config, _ := b.config(t, "sse-customer-key-path: "+keys+"/${GSL_MUNICIPALITY}.key")
	r := newRig(t, Options{Replica: config})
	var towns []*Municipality
	for _, code := range []string{"05802", "06304"} {
		m, err := r.Provision(background, Identity{ID: ids[code], Code: code, Name: code, Kind: "municipality", Model: 1, Communes: []string{code}})
		if err != nil {
			t.Fatal(err)
		}
		if err := set(m, "ta", code); err != nil {
			t.Fatal(err)
		}
		r.untilSynced(m.main)
		r.wantReplica(m, "ta="+code)
		towns = append(towns, m)
	}
	b.mu.Lock()
	used := map[string]map[string]bool{}
	for path, key := range b.keys {
		whose := strings.Split(strings.TrimPrefix(path, "/gsl/chile/"), "/")[0:2]
		if used[whose[1]] == nil {
			used[whose[1]] = map[string]bool{}
		}
		used[whose[1]][key] = true
		if key == "" {
			t.Errorf("%s was sent without a key", path)
		}
	}
	b.mu.Unlock()
	if one, other := used[towns[0].ID], used[towns[1].ID]; len(one) != 1 || len(other) != 1 || fmt.Sprint(one) == fmt.Sprint(other) {
		t.Errorf("keys %v and %v", one, other)
	}
	// The other's key in the place of its own.
	if err := os.Rename(filepath.Join(keys, ids["06304"]+".key"), filepath.Join(keys, ids["05802"]+".key")); err != nil {
		t.Fatal(err)
	}
	if err := restoreTo(config, prefixOf(towns[0].main.name, 1), filepath.Join(t.TempDir(), "x.db")); err == nil {
		t.Error("restored with another's key")
	}
	// A municipality without a key is not replicated in the open; the others go on.
	if s := r.status(towns[1].main.name); s.TXID == "" {
		t.Errorf("%+v", s)
	}
}

// A store that takes requests and never answers holds up neither the end of the
// program nor a restore that needs the file's place.
func TestAStoreThatHangsHoldsNothingUp(t *testing.T) {
	b := newBucket(t)
	config, _ := b.config(t)
	r := newRig(t, Options{Replica: config})
	m, other := r.town("05802"), r.town("06304")
	for _, d := range []*DB{m.main, m.access, other.main, other.access} {
		r.untilSynced(d)
	}
	hang := make(chan struct{})
	b.shut(func(_ http.ResponseWriter, r *http.Request) {
		select {
		case <-hang:
		case <-r.Context().Done():
		}
	})
	for _, town := range []*Municipality{m, other} {
		if err := set(town, "ta", "1"); err != nil {
			t.Fatal(err)
		}
	}
	waitFor(t, "it lags", func() bool { return r.status(m.main.name).Lag > time.Second })
	begin := time.Now()
	r.shut(m.main)
	r.shut(m.access)
	if _, err := r.newEpoch(background, m.ID); err != nil {
		t.Fatal(err)
	}
	if took := time.Since(begin); took > 10*time.Second {
		t.Errorf("to give the file's place away took %v", took)
	}
	begin = time.Now()
	r.close()
	if took := time.Since(begin); took > 20*time.Second {
		t.Errorf("to end took %v", took)
	}
	b.shut(nil)
	close(hang)
	r.open()
	m, other = r.town("05802"), r.town("06304")
	for _, town := range []*Municipality{m, other} {
		waitFor(t, "it is there", func() bool { s := r.status(town.main.name); return s.Lag == 0 && s.TXID != "" })
		r.wantReplica(town, "ta=1")
	}
}
