package app

import (
	"errors"
	"fmt"
	"net"
	"net/netip"
	"net/url"
	"os"
	"strconv"
	"strings"
	"time"

	"gsl/app/kit/mail"
)

// Config is everything that a run of the program can be told, validated once.
// A flag wins over the environment, the environment over the default.
type Config struct {
	Data       string         // --data, GSL_DATA: the data directory
	Addr       string         // --addr, GSL_ADDR: host:port to listen on
	PublicURL  string         // --public-url, GSL_PUBLIC_URL: how browsers reach us, https://… behind a proxy
	Proxies    []netip.Prefix // GSL_PROXIES: whose X-Forwarded-For is believed, such as 127.0.0.1,10.0.0.0/8
	Demo       bool           // --demo: fictitious data, made when the directory is empty
	DemoPublic bool           // --demo-public: allow the demo on an address that others can reach
	IdleAfter  time.Duration  // GSL_IDLE_AFTER: a municipality unused this long is closed
	MaxOpen    int            // GSL_MAX_OPEN: municipalities open at once
	Checkpoint int            // GSL_WAL_AUTOCHECKPOINT: pages; 0 when a replicator owns the files
	GCPercent  int            // GSL_GC_PERCENT, GOGC: see collectLess; 0 leaves the collector as it is
	TLS        tlsConfig      // --tls-…, --acme-…: TLS by ourselves; else a proxy does it
	LogLevel   logLevel       // --log-level, GSL_LOG_LEVEL
	Mail       mail.Config    // --smtp-…, GSL_SMTP_…: by whom letters are sent; without a host they are printed
	Clamd      clamdConfig    // --clamd, --clamd-absent: the antivirus that looks at uploads
	Reserve    int64          // bytes set aside while serving, so that reading goes on when the disk is full

	MetricsAddr  string // --metrics-addr, GSL_METRICS_ADDR: where Prometheus asks; "": nowhere
	metricsToken string // GSL_METRICS_TOKEN: what it says then

	Copies     string // GSL_COPIES: folder of the daily copies; "": copies in the data directory
	Litestream string // --litestream, GSL_LITESTREAM: where the replicas go; "": litestream.yml in the data directory; off: nowhere

	settings func(name string) string // what litestream.yml may refer to beside the environment

	host      *App // the server that a command runs in; nil: it opens the files itself
	replicate bool // as every command does
	unsynced  bool // a demo is being made: what a crash leaves of it is thrown away
}

// usageError is bad use of the command line: exit code 2.
type usageError struct{ error }

func (u usageError) Unwrap() error { return u.error }

func usagef(format string, args ...any) error { return usageError{fmt.Errorf(format, args...)} }

// defaults reads the environment over the built-in values.
func defaults(getenv func(string) string) (Config, error) {
	config := Config{
		settings:   getenv,
		Data:       first(getenv("GSL_DATA"), "./data"),
		Litestream: getenv("GSL_LITESTREAM"),
		Copies:     getenv("GSL_COPIES"),
		Addr:       first(getenv("GSL_ADDR"), "127.0.0.1:8080"),
		PublicURL:  getenv("GSL_PUBLIC_URL"),
		IdleAfter:  15 * time.Minute,
		MaxOpen:    200,
		Checkpoint: 1000,
		GCPercent:  GCPercent,
	}
	if getenv("GOGC") != "" {
		config.GCPercent = 0 // the operator has told the collector
	}
	var err error
	if text := getenv("GSL_IDLE_AFTER"); text != "" {
		if config.IdleAfter, err = time.ParseDuration(text); err != nil || config.IdleAfter <= 0 {
			return config, usagef("GSL_IDLE_AFTER: %q is not a duration such as 15m", text)
		}
	}
	if err = serverDefaults(&config, getenv); err != nil {
		return config, err
	}
	if config.Proxies, err = proxies(getenv("GSL_PROXIES")); err != nil {
		return config, err
	}
	if config.Mail, err = mailDefaults(getenv); err != nil {
		return config, err
	}
	if config.MaxOpen, err = positive(getenv, "GSL_MAX_OPEN", config.MaxOpen, 1); err != nil {
		return config, err
	}
	if config.GCPercent, err = positive(getenv, "GSL_GC_PERCENT", config.GCPercent, 0); err != nil {
		return config, err
	}
	config.Checkpoint, err = positive(getenv, "GSL_WAL_AUTOCHECKPOINT", config.Checkpoint, 0)
	return config, err
}

// proxies reads addresses and networks. Without them everybody behind a proxy
// has the proxy's address, and one who guesses passwords slows all of them down;
// with too many of them anybody may claim any address.
func proxies(text string) ([]netip.Prefix, error) {
	var list []netip.Prefix
	for _, part := range strings.FieldsFunc(text, func(r rune) bool { return r == ',' || r == ' ' }) {
		if addr, err := netip.ParseAddr(part); err == nil {
			list = append(list, netip.PrefixFrom(addr.Unmap(), addr.Unmap().BitLen()))
			continue
		}
		prefix, err := netip.ParsePrefix(part)
		if err != nil {
			return nil, usagef("GSL_PROXIES: %q is no address and no network such as 10.0.0.0/8", part)
		}
		list = append(list, prefix.Masked())
	}
	return list, nil
}

func first(values ...string) string {
	for _, value := range values {
		if value != "" {
			return value
		}
	}
	return ""
}

func positive(getenv func(string) string, name string, fallback, least int) (int, error) {
	text := getenv(name)
	if text == "" {
		return fallback, nil
	}
	n, err := strconv.Atoi(text)
	if err != nil || n < least {
		return 0, usagef("%s: %q is not a whole number of at least %d", name, text, least)
	}
	return n, nil
}

// checkServe refuses what would put people's data at risk before a port opens.
func (c *Config) checkServe() error {
	host, _, err := net.SplitHostPort(c.Addr)
	if err != nil {
		return usagef("--addr: %q is not host:port, for example 127.0.0.1:8080", c.Addr)
	}
	loopback := isLoopback(host)
	if err := errors.Join(c.checkTLS(), c.checkMetrics()); err != nil {
		return usageError{err}
	}
	if c.PublicURL != "" {
		public, err := url.Parse(c.PublicURL)
		if err != nil || public.Host == "" || (public.Scheme != "https" && public.Scheme != "http") {
			return usagef("--public-url: %q is not an address such as https://gsl.example.cl", c.PublicURL)
		}
		if public.Scheme == "http" && !isLoopback(public.Hostname()) {
			return usagef("--public-url: %q has no TLS; a session cookie may only travel over https", c.PublicURL)
		}
	}
	if c.Demo && !loopback && !c.DemoPublic {
		return usagef("the demo's passwords are printed in the README: it listens only on a loopback address (give --demo-public if others may see it)")
	}
	if !loopback && c.PublicURL == "" && !c.DemoPublic {
		return usagef("--addr %s can be reached by others: put a TLS proxy before it and give --public-url https://…, or give --acme-domains, or --tls-cert and --tls-key", c.Addr)
	}
	if _, err := c.replica(); err != nil {
		return err
	}
	if err := c.checkClamd(); err != nil {
		return err
	}
	return c.checkMail()
}

func isLoopback(host string) bool {
	if strings.EqualFold(host, "localhost") {
		return true
	}
	ip, err := netip.ParseAddr(host)
	return err == nil && ip.IsLoopback()
}

// isEmptyDir reports whether a directory holds nothing or is not there yet.
func isEmptyDir(dir string) (bool, error) {
	entries, err := os.ReadDir(dir)
	if errors.Is(err, os.ErrNotExist) {
		return true, nil
	}
	return len(entries) == 0, err
}
