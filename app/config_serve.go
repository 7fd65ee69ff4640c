package app

import (
	"flag"
	"fmt"
	"log/slog"
	"net"
	"net/netip"
	"strings"
)

// serveFlags declares what only a server is told.
func serveFlags(flags *flag.FlagSet, config *Config) {
	flags.StringVar(&config.Addr, "addr", config.Addr, "host:port to listen on (GSL_ADDR)")
	flags.StringVar(&config.PublicURL, "public-url", config.PublicURL, "how browsers reach the server, https://… (GSL_PUBLIC_URL)")
	flags.BoolVar(&config.Demo, "demo", false, "serve fictitious data; made first when the data directory is empty")
	flags.BoolVar(&config.DemoPublic, "demo-public", false, "allow the demo on an address that others can reach")
	flags.Var((*networks)(&config.Proxies), "proxies", "whose X-Forwarded-For is believed, such as 127.0.0.1,10.0.0.0/8 (GSL_PROXIES)")
	flags.DurationVar(&config.IdleAfter, "idle-after", config.IdleAfter, "a municipality unused this long is closed (GSL_IDLE_AFTER)")
	flags.IntVar(&config.MaxOpen, "max-open", config.MaxOpen, "municipalities open at once (GSL_MAX_OPEN)")
	flags.IntVar(&config.Checkpoint, "wal-autocheckpoint", config.Checkpoint, "pages of the WAL at which a commit moves it into the file (GSL_WAL_AUTOCHECKPOINT)")
	flags.IntVar(&config.GCPercent, "gc-percent", config.GCPercent, "growth of the heap between two collections; 0 leaves Go's own (GSL_GC_PERCENT)")
	flags.Var(&config.LogLevel, "log-level", "debug, info, warn or error (GSL_LOG_LEVEL)")
	flags.StringVar(&config.MetricsAddr, "metrics-addr", config.MetricsAddr, "host:port for Prometheus, /metrics; none: no metrics (GSL_METRICS_ADDR)")
	tlsFlags(flags, &config.TLS)
	mailFlags(flags, &config.Mail)
	clamdFlags(flags, &config.Clamd)
}

// serverDefaults reads what only a server is told from the layers below the flags.
func serverDefaults(config *Config, getenv func(string) string) error {
	config.MetricsAddr, config.metricsToken = getenv("GSL_METRICS_ADDR"), getenv("GSL_METRICS_TOKEN")
	if text := getenv("GSL_LOG_LEVEL"); text != "" {
		if err := config.LogLevel.Set(text); err != nil {
			return usagef("GSL_LOG_LEVEL: %q is none of debug, info, warn and error", text)
		}
	}
	config.TLS, config.Clamd = tlsDefaults(getenv), clamdDefaults(getenv)
	return nil
}

// logLevel is a slog.Level as a flag.
type logLevel struct{ slog.Level }

// Set reads a level by its name.
func (l *logLevel) Set(text string) error { return l.UnmarshalText([]byte(text)) }

// String is the name in small letters.
func (l *logLevel) String() string { return strings.ToLower(l.Level.String()) }

// networks is a list of addresses and networks as a flag.
type networks []netip.Prefix

// Set reads the whole list.
func (n *networks) Set(text string) (err error) {
	*n, err = proxies(text)
	return err
}

// String is the list as Set reads it.
func (n *networks) String() string {
	texts := make([]string, len(*n))
	for i, prefix := range *n {
		texts[i] = prefix.String()
	}
	return strings.Join(texts, ",")
}

// leastToken is the length that makes a token of the metrics hard to guess.
const leastToken = 16

// checkMetrics lets nobody but this machine read the metrics without a token:
// they tell how much an office works.
func (c *Config) checkMetrics() error {
	if c.MetricsAddr == "" {
		return nil
	}
	host, _, err := net.SplitHostPort(c.MetricsAddr)
	if err != nil {
		return usagef("--metrics-addr: %q is not host:port, for example 127.0.0.1:9464", c.MetricsAddr)
	}
	if c.metricsToken != "" && len(c.metricsToken) < leastToken {
		return usagef("GSL_METRICS_TOKEN: at least %d characters", leastToken)
	}
	if c.metricsToken == "" && !isLoopback(host) {
		return usagef("--metrics-addr %s can be reached by others: put a token into GSL_METRICS_TOKEN, or its file into GSL_METRICS_TOKEN_FILE", c.MetricsAddr)
	}
	return nil
}

// effective lists what the server goes by and where each setting comes from.
// Secrets are said to be there, and no more.
func effective(flags *flag.FlagSet, below *layers) []string {
	given := map[string]bool{}
	flags.Visit(func(f *flag.Flag) { given[f.Name] = true })
	var lines []string
	flags.VisitAll(func(f *flag.Flag) {
		from := "default"
		if name := envName.FindString(f.Usage); name != "" && below.origin(name) != "" {
			from = below.origin(name)
		}
		if given[f.Name] {
			from = "flag"
		}
		if f.Name != "check" {
			lines = append(lines, fmt.Sprintf("%-20s %-34s %s", f.Name, first(f.Value.String(), "-"), from))
		}
	})
	for _, name := range secretSettings {
		if from := below.origin(name); from != "" {
			lines = append(lines, fmt.Sprintf("%-20s %-34s %s", name, "set", from))
		}
	}
	return lines
}
