package access_test

import (
	"context"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"net/http"
	"strings"
	"sync"
	"testing"

	"gsl/app/access"
)

// The cookie by the kind of address (3.3).
func TestCookieAttributes(t *testing.T) {
	for _, c := range []struct {
		url, name string
		secure    bool
	}{
		{"https://gsl.example.cl", "__Host-gsl", true},
		{"http://127.0.0.1:8080", "gsl", false},
	} {
		r := newRig(t, func(config *access.Config) { config.PublicURL = c.url })
		b := r.open()
		answer := b.PostForm("/login", login("12.345.678-5", secret))
		got := cookie(answer)
		if got == nil || got.Name != c.name || got.Secure != c.secure || !got.HttpOnly ||
			got.SameSite != http.SameSiteLaxMode || got.Path != "/" || got.Domain != "" || got.MaxAge != 0 {
			t.Errorf("%s: cookie %+v", c.url, got)
		}
		gone := cookie(b.PostForm("/logout", nil))
		if gone == nil || gone.Name != c.name || gone.Secure != c.secure || gone.Path != "/" || gone.MaxAge >= 0 {
			t.Errorf("%s: cookie at logout %+v", c.url, gone)
		}
	}
}

// The file never holds the id: who steals it opens nothing.
func TestFileHoldsOnlyTheHash(t *testing.T) {
	r := newRig(t)
	c := r.session(camila)
	rows := r.texts(`SELECT hex(hash) FROM session`)
	if len(rows) != 1 {
		t.Fatalf("%d sessions", len(rows))
	}
	hash, err := hex.DecodeString(rows[0])
	if err != nil {
		t.Fatal(err)
	}
	for _, value := range []string{rows[0], base64.RawURLEncoding.EncodeToString(hash), base64.StdEncoding.EncodeToString(hash)} {
		if got := r.get(r.service, &http.Cookie{Name: "gsl", Value: value}, "/").Status; got == http.StatusOK {
			t.Error("the hash opens a session")
		}
	}
	if id := r.service.IDOf(c); sha256.Sum256(id) != [32]byte(hash) {
		t.Error("the row is not the hash of the id in the cookie")
	}
}

func TestForgedCookies(t *testing.T) {
	r := newRig(t)
	real := r.session(camila)
	flipped := []byte(real.Value)
	flipped[len(flipped)/2] ^= 1
	for _, value := range []string{"", "x", string(flipped), real.Value[:len(real.Value)-1], real.Value + "A", strings.Repeat("A", 5000)} {
		if got := r.get(r.service, &http.Cookie{Name: "gsl", Value: value}, "/").Status; got != http.StatusSeeOther {
			t.Errorf("forged cookie of %d letters: %d", len(value), got)
		}
	}
	if got := r.get(r.service, &http.Cookie{Name: "__Host-gsl", Value: real.Value}, "/").Status; got != http.StatusSeeOther {
		t.Errorf("the value under another name: %d", got)
	}
}

// A session that cannot be looked up lets nobody through (16.5.3).
func TestBrokenLookupFailsClosed(t *testing.T) {
	for name, damage := range map[string]string{
		"no session table":    `ALTER TABLE session RENAME TO elsewhere`,
		"no membership table": `ALTER TABLE membership RENAME TO elsewhere`,
		"no agreement table":  `ALTER TABLE agreement RENAME TO elsewhere`,
		"broken time":         `UPDATE session SET seen_at = 'yesterday'`,
		"broken start":        `UPDATE session SET started_at = ''`,
		"broken user":         `UPDATE user SET created_at = 'never'`,
	} {
		r := newRig(t)
		c := r.session(camila)
		r.exec(damage)
		for _, path := range []string{"/", "/files/01JDZZZZZZZZZZZZZZZZZZZZZZ", "/cart", "/account", "/switch", "/agreement"} {
			if got := r.get(r.start(), c, path).Status; got != http.StatusServiceUnavailable {
				t.Errorf("%s: GET %s answered %d", name, path, got)
			}
		}
		if answer := r.openOn(r.start()).PostForm("/login", login("12.345.678-5", secret)); cookie(answer) != nil && name != "broken time" && name != "broken start" {
			t.Errorf("%s: sign-in opened a session (%d)", name, answer.Status)
		}
	}
}

// A role that the table does not know may do nothing.
func TestUnknownRoleMayDoNothing(t *testing.T) {
	r := newRig(t)
	r.open().signIn(camila)
	r.exec(`UPDATE membership SET role = 'emperor'`)
	b := r.open()
	b.PostForm("/login", login("12.345.678-5", secret))
	for _, path := range []string{"/", "/cart", "/files/x", "/account"} {
		if got := b.Get(path).Status; got == http.StatusOK && path != "/account" {
			t.Errorf("GET %s: %d", path, got)
		}
	}
}

// Requests, switches and endings at the same time: run with -race. After the
// ending no request gets through, whatever was being read.
func TestEndingRacesWithRequests(t *testing.T) {
	r := newRig(t)
	c := r.session(camila)
	var group sync.WaitGroup
	ended := make(chan struct{})
	for range 8 {
		group.Go(func() {
			for range 200 {
				over := isClosed(ended)
				if _, in, err := r.service.Session(requestWith(c, "/")); err == nil && in && over {
					t.Error("a request got through after the ending")
				}
			}
		})
	}
	group.Go(func() {
		for range 20 {
			_ = r.service.Sweep(context.Background())
		}
	})
	group.Go(func() {
		defer close(ended)
		if err := r.service.DisableUser(context.Background(), access.Console(), camila); err != nil {
			t.Error(err)
		}
	})
	group.Wait()
}

func isClosed(c chan struct{}) bool {
	select {
	case <-c:
		return true
	default:
		return false
	}
}

// The look-up of a session in memory: what every request pays.
func BenchmarkSession(b *testing.B) {
	r := newRig(b)
	request := requestWith(r.session(camila), "/")
	b.ReportAllocs()
	for b.Loop() {
		if _, in, err := r.service.Session(request); err != nil || !in {
			b.Fatal(in, err)
		}
	}
}

// The same with every core asking.
func BenchmarkSessionParallel(b *testing.B) {
	r := newRig(b)
	c := r.session(camila)
	b.ReportAllocs()
	b.RunParallel(func(loop *testing.PB) {
		request := requestWith(c, "/")
		for loop.Next() {
			if _, in, err := r.service.Session(request); err != nil || !in {
				b.Error(in, err)
				return
			}
		}
	})
}
