//go:build linux

package app

import (
	"bytes"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"encoding/pem"
	"log/slog"
	"math/big"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// certify writes a certificate for the serial number and gives the paths.
func certify(t *testing.T, dir string, serial int64, from, until time.Time) (cert, key string) {
	t.Helper()
	private, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{SerialNumber: big.NewInt(serial), NotBefore: from, NotAfter: until,
		DNSNames: []string{"gsl.example.cl"}, IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)}}
	der, err := x509.CreateCertificate(rand.Reader, template, template, &private.PublicKey, private)
	if err != nil {
		t.Fatal(err)
	}
	raw, err := x509.MarshalPKCS8PrivateKey(private)
	if err != nil {
		t.Fatal(err)
	}
	cert, key = filepath.Join(dir, "cert.pem"), filepath.Join(dir, "key.pem")
	for path, block := range map[string]*pem.Block{cert: {Type: "CERTIFICATE", Bytes: der}, key: {Type: "PRIVATE KEY", Bytes: raw}} {
		if err := os.WriteFile(path, pem.EncodeToMemory(block), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return cert, key
}

// Renewed files come into use by themselves; bad ones, half of a pair or expired
// ones do not, and the log says so.
func TestCertificateFilesAreReadAgain(t *testing.T) {
	dir, now := t.TempDir(), time.Now()
	year := 365 * 24 * time.Hour
	cert, key := certify(t, dir, 1, now.Add(-time.Hour), now.Add(year))
	var log bytes.Buffer
	files := &certificateFiles{cert: cert, key: key, clock: time.Now, log: slog.New(slog.NewTextHandler(&log, nil))}
	if err := files.load(); err != nil {
		t.Fatal(err)
	}
	serial := func() int64 {
		pair, _ := files.get(nil)
		return pair.Leaf.SerialNumber.Int64()
	}
	for _, step := range []struct {
		name  string
		bring func()
		want  int64
		says  string
	}{
		{"nothing new", func() {}, 1, ""},
		{"renewed", func() { certify(t, dir, 2, now.Add(-time.Hour), now.Add(year)) }, 2, "a new certificate is in use"},
		{"rubbish", func() { _ = os.WriteFile(cert, []byte("rubbish"), 0o600) }, 2, "stays in use"},
		{"gone", func() { _ = os.Remove(cert) }, 2, "stays in use"},
		{"expired", func() { certify(t, dir, 3, now.Add(-year), now.Add(-time.Hour)) }, 2, "expired"},
		{"not yet good", func() { certify(t, dir, 4, now.Add(time.Hour), now.Add(year)) }, 2, "clock"},
		{"good again", func() { certify(t, dir, 5, now.Add(-time.Hour), now.Add(year)) }, 5, "a new certificate is in use"},
	} {
		log.Reset()
		step.bring()
		files.reload()
		if serial() != step.want || !strings.Contains(log.String(), step.says) {
			t.Errorf("%s: certificate %d is in use; %s", step.name, serial(), log.String())
		}
	}
	if files.failed.Load() {
		t.Error("the last files were good")
	}
}

// Half a pair, as between the two renames of a renewal, changes nothing.
func TestHalfARenewalChangesNothing(t *testing.T) {
	dir, now := t.TempDir(), time.Now()
	cert, key := certify(t, dir, 1, now.Add(-time.Hour), now.Add(time.Hour))
	files := &certificateFiles{cert: cert, key: key, clock: time.Now, log: slog.New(slog.DiscardHandler)}
	if err := files.load(); err != nil {
		t.Fatal(err)
	}
	newCert, newKey := certify(t, t.TempDir(), 2, now.Add(-time.Hour), now.Add(time.Hour))
	copyFile(t, newCert, cert)
	if files.reload() {
		t.Error("a certificate without its key came into use")
	}
	copyFile(t, newKey, key)
	if !files.reload() {
		t.Error("the whole pair did not come into use")
	}
}

// The real server speaks TLS by itself, HTTP/2 too, and says so for two years.
func TestServedOverTLS(t *testing.T) {
	h := newHouse(t)
	cert, key := certify(t, t.TempDir(), 1, time.Now().Add(-time.Hour), time.Now().Add(time.Hour))
	h.app.config.TLS = tlsConfig{Cert: cert, Key: key, RedirectAddr: "127.0.0.1:0"}
	h.app.config.PublicURL = "https://gsl.example.cl"
	h.app.config.Addr = "127.0.0.1:0"
	d, err := openDoors(t.Context(), h.app.config, time.Now, slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	h.app.doors = d
	h.serveOn(t, d.desks)
	pem, err := os.ReadFile(cert)
	if err != nil {
		t.Fatal(err)
	}
	roots := x509.NewCertPool()
	roots.AppendCertsFromPEM(pem)
	client := &http.Client{Transport: &http.Transport{ForceAttemptHTTP2: true, TLSClientConfig: &tls.Config{RootCAs: roots}},
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	answer, err := client.Get("https://" + d.desks.Addr().String() + "/login")
	if err != nil {
		t.Fatal(err)
	}
	_ = answer.Body.Close()
	if answer.StatusCode != http.StatusOK || answer.ProtoMajor != 2 || !strings.Contains(answer.Header.Get("Strict-Transport-Security"), "max-age=63072000") {
		t.Errorf("%d HTTP/%d %v", answer.StatusCode, answer.ProtoMajor, answer.Header)
	}
	answer, err = client.Get("http://" + d.redirect.Addr().String() + "/files/F?tab=1")
	if err != nil {
		t.Fatal(err)
	}
	_ = answer.Body.Close()
	if to := answer.Header.Get("Location"); answer.StatusCode != http.StatusMovedPermanently || to != "https://gsl.example.cl/files/F?tab=1" {
		t.Errorf("%d %q", answer.StatusCode, to)
	}
}

// Plain HTTP leads to the public address and to no other, and takes no form.
func TestPlainHTTPLeadsHomeOnly(t *testing.T) {
	h := redirect("https://gsl.example.cl", nil)
	for _, path := range []string{"/", "//evil.example.cl/x", "/a?b=c"} {
		r := httptest.NewRequest(http.MethodGet, "http://evil.example.cl/", nil)
		r.URL.Path, r.URL.RawQuery, _ = strings.Cut(path, "?")
		w := httptest.NewRecorder()
		h.ServeHTTP(w, r)
		if to := w.Header().Get("Location"); !strings.HasPrefix(to, "https://gsl.example.cl/") {
			t.Errorf("%s leads to %q", path, to)
		}
	}
	w := httptest.NewRecorder()
	h.ServeHTTP(w, httptest.NewRequest(http.MethodPost, "/login", strings.NewReader("password=x")))
	if w.Code != http.StatusBadRequest {
		t.Errorf("a form was answered with %d", w.Code)
	}
}

// Only the names that were given get a certificate, and it is kept where nobody
// else reads it.
func TestOnlyOurNamesAreAskedFor(t *testing.T) {
	config := Config{Data: t.TempDir(), TLS: tlsConfig{Domains: "gsl.example.cl, dos.example.cl"}}
	manager, err := newManager(config)
	if err != nil {
		t.Fatal(err)
	}
	for name, ok := range map[string]bool{"gsl.example.cl": true, "dos.example.cl": true, "evil.example.cl": false} {
		if got := manager.HostPolicy(t.Context(), name) == nil; got != ok {
			t.Errorf("%s: %v", name, got)
		}
	}
	if err := manager.Cache.Put(t.Context(), "gsl.example.cl", []byte("key")); err != nil {
		t.Fatal(err)
	}
	info, err := os.Stat(filepath.Join(config.Data, "acme"))
	if err != nil || info.Mode().Perm() != 0o700 {
		t.Errorf("%v %v", info, err)
	}
}
