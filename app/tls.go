package app

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"sync/atomic"
	"time"

	"golang.org/x/crypto/acme"
	"golang.org/x/crypto/acme/autocert"
)

// security is the TLS of a server that speaks it itself.
type security struct {
	config  *tls.Config
	files   *certificateFiles // nil with ACME
	manager *autocert.Manager // nil with files
}

// newSecurity prepares TLS; nil when a proxy does it.
func newSecurity(config Config, clock func() time.Time, log *slog.Logger) (*security, error) {
	switch {
	case !config.TLS.on():
		return nil, nil //nolint:nilnil // no TLS is no error
	case config.TLS.byFiles():
		files := &certificateFiles{cert: config.TLS.Cert, key: config.TLS.Key, clock: clock, log: log}
		if err := files.load(); err != nil {
			return nil, err
		}
		return &security{files: files, config: &tls.Config{MinVersion: tls.VersionTLS12, GetCertificate: files.get}}, nil
	}
	manager, err := newManager(config)
	if err != nil {
		return nil, err
	}
	own := manager.TLSConfig() // answers the authority's challenges too
	own.MinVersion = tls.VersionTLS12
	return &security{manager: manager, config: own}, nil
}

// challenges is the client that answers the authority by plain HTTP; nil for none.
func (s *security) challenges() *autocert.Manager {
	if s == nil {
		return nil
	}
	return s.manager
}

// findings tells of a certificate that is about to end.
func (s *security) findings(now time.Time) []finding {
	if s == nil || s.files == nil {
		return nil
	}
	if end := s.files.expires(); end.Before(now.Add(renewBefore)) {
		return []finding{{"certificate", fmt.Sprintf("%s ends on %s: renew it; the server takes new files into use by itself", s.files.cert, end.Format(time.DateOnly))}}
	}
	return nil
}

// newManager makes the client of the certificate authority. What it gets is kept
// in the data directory: a restart asks nobody.
func newManager(config Config) (*autocert.Manager, error) {
	t := config.TLS
	client := &acme.Client{DirectoryURL: t.Directory}
	if t.DirectoryCA != "" {
		pem, err := os.ReadFile(t.DirectoryCA)
		if err != nil {
			return nil, usagef("--acme-ca: %v", err)
		}
		roots := x509.NewCertPool()
		if !roots.AppendCertsFromPEM(pem) {
			return nil, usagef("--acme-ca: %s holds no certificate", t.DirectoryCA)
		}
		client.HTTPClient = &http.Client{Timeout: time.Minute,
			Transport: &http.Transport{Proxy: http.ProxyFromEnvironment, TLSClientConfig: &tls.Config{RootCAs: roots, MinVersion: tls.VersionTLS12}}}
	}
	return &autocert.Manager{Prompt: autocert.AcceptTOS, Email: t.Email, Client: client,
		HostPolicy: autocert.HostWhitelist(t.domains()...), Cache: autocert.DirCache(filepath.Join(config.Data, "acme"))}, nil
}

// fetchEvery is how long after a refusal the authority is asked again: it counts
// refusals, and keeps away for a week who asks too often.
const fetchEvery = 15 * time.Minute

// fetch gets the certificates before anybody waits for them, and says why when it
// cannot: the browser of a visitor would only say that TLS failed.
func (s *security) fetch(ctx context.Context, names []string, log *slog.Logger) {
	for ; len(names) > 0; names = s.fetchAll(ctx, names, log) {
		if ctx.Err() != nil {
			return
		}
	}
}

// fetchAll asks for each name and gives those to ask for again, after a while.
func (s *security) fetchAll(ctx context.Context, names []string, log *slog.Logger) (again []string) {
	for _, name := range names {
		hello := &tls.ClientHelloInfo{ServerName: name, SupportedVersions: []uint16{tls.VersionTLS13, tls.VersionTLS12},
			SignatureSchemes: []tls.SignatureScheme{tls.ECDSAWithP256AndSHA256}, SupportedCurves: []tls.CurveID{tls.CurveP256},
			CipherSuites: []uint16{tls.TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256}}
		pair, err := s.manager.GetCertificate(hello)
		if err != nil {
			log.ErrorContext(ctx, "no certificate: does the name lead here, and do ports 80 and 443?", "name", name, "error", err)
			again = append(again, name)
			continue
		}
		log.InfoContext(ctx, "a certificate is in use", "name", name, "expires", pair.Leaf.NotAfter)
	}
	if len(again) > 0 {
		wait := time.NewTimer(fetchEvery)
		defer wait.Stop()
		select {
		case <-wait.C:
		case <-ctx.Done():
		}
	}
	return again
}

// certificateFiles is a certificate that somebody else renews: the files are
// looked at now and then, and read when they changed. Bad new ones leave the old
// certificate in use.
type certificateFiles struct {
	cert, key string
	clock     func() time.Time
	log       *slog.Logger

	current atomic.Pointer[tls.Certificate]
	seen    string // what the files looked like when they were last read
	failed  atomic.Bool
}

// lookEvery is how soon a renewed certificate is in use.
const lookEvery = 10 * time.Second

func (f *certificateFiles) get(*tls.ClientHelloInfo) (*tls.Certificate, error) {
	return f.current.Load(), nil
}

// expires is when the certificate in use ends.
func (f *certificateFiles) expires() time.Time { return f.current.Load().Leaf.NotAfter }

// load reads the files for the first time. An expired certificate is better than
// a server that does not start: whoever must can still get through.
func (f *certificateFiles) load() error {
	f.seen = f.look()
	pair, err := tls.LoadX509KeyPair(f.cert, f.key)
	if err != nil {
		return fmt.Errorf("--tls-cert, --tls-key: %w", err)
	}
	f.current.Store(&pair)
	if err := f.inTime(&pair); err != nil {
		f.log.Error("browsers will refuse the certificate", "error", err)
	}
	return nil
}

func (f *certificateFiles) inTime(pair *tls.Certificate) error {
	switch now := f.clock(); {
	case now.After(pair.Leaf.NotAfter):
		return fmt.Errorf("it expired on %s: renew it", pair.Leaf.NotAfter.Format(time.DateOnly))
	case now.Before(pair.Leaf.NotBefore):
		return fmt.Errorf("it is good from %s on: is this machine's clock right?", pair.Leaf.NotBefore.Format(time.DateOnly))
	}
	return nil
}

// look describes the files; links are followed, as renewal tools make them.
func (f *certificateFiles) look() string {
	text := ""
	for _, path := range []string{f.cert, f.key} {
		if info, err := os.Stat(path); err == nil {
			text += fmt.Sprint(info.ModTime().UnixNano(), " ", info.Size(), ";")
		}
	}
	return text
}

// reload takes what changed into use; it reports whether it did.
func (f *certificateFiles) reload() bool {
	now := f.look()
	if now == f.seen {
		return false
	}
	f.seen = now
	pair, err := tls.LoadX509KeyPair(f.cert, f.key)
	if err == nil {
		err = f.inTime(&pair)
	}
	f.failed.Store(err != nil)
	if err != nil {
		f.log.Error("the new certificate files are bad: the old certificate stays in use", "error", err, "expires", f.expires())
		return false
	}
	f.current.Store(&pair)
	f.log.Info("a new certificate is in use", "expires", pair.Leaf.NotAfter)
	return true
}

func (f *certificateFiles) watch(ctx context.Context) {
	ticker := time.NewTicker(lookEvery)
	defer ticker.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-ticker.C:
			f.reload()
		}
	}
}

// redirect answers plain HTTP: the authority's challenges, and for everybody else
// the way to the public address. It believes no Host header.
func redirect(public string, manager *autocert.Manager) http.Handler {
	target, _ := url.Parse(public) // checked with the configuration
	var lead http.Handler = http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Method != http.MethodGet && r.Method != http.MethodHead {
			http.Error(w, "use "+public, http.StatusBadRequest) // what a form holds has travelled in the clear already
			return
		}
		to := url.URL{Scheme: target.Scheme, Host: target.Host, Path: r.URL.Path, RawQuery: r.URL.RawQuery}
		w.Header().Set("Connection", "close")
		http.Redirect(w, r, to.String(), http.StatusMovedPermanently)
	})
	if manager != nil {
		return manager.HTTPHandler(lead)
	}
	return lead
}

// side serves a handler of its own beside the desks', until the context ends.
func (a *App) side(ctx context.Context, listener net.Listener, handler http.Handler) {
	server := &http.Server{Handler: handler, ReadHeaderTimeout: 5 * time.Second, ReadTimeout: 10 * time.Second,
		WriteTimeout: time.Minute, IdleTimeout: time.Minute, MaxHeaderBytes: 16 << 10,
		ErrorLog: slog.NewLogLogger(a.log.Handler(), slog.LevelDebug)}
	defer context.AfterFunc(ctx, func() { _ = server.Close() })()
	if err := server.Serve(listener); !errors.Is(err, http.ErrServerClosed) {
		a.log.ErrorContext(ctx, "a side listener ended", "addr", listener.Addr().String(), "error", err)
	}
}
