package app

import (
	"context"
	"flag"
	"log/slog"
	"net"
	"net/netip"
	"time"

	"gsl/app/document"
	"gsl/app/kit/clamd"
)

// clamdConfig is the antivirus that looks at every file that arrives.
type clamdConfig struct {
	Address string // --clamd, GSL_CLAMD: unix:/run/clamav/clamd.ctl or tcp:host:3310; "": nobody looks
	Absent  string // --clamd-absent, GSL_CLAMD_ABSENT: what becomes of files when it does not answer
}

// What becomes of a file that nobody could look at.
const (
	refuseFiles = "refuse"
	acceptFiles = "accept"
)

func clamdDefaults(getenv func(string) string) clamdConfig {
	return clamdConfig{Address: getenv("GSL_CLAMD"), Absent: first(getenv("GSL_CLAMD_ABSENT"), refuseFiles)}
}

func clamdFlags(flags *flag.FlagSet, c *clamdConfig) {
	flags.StringVar(&c.Address, "clamd", c.Address, "ClamAV that looks at every upload, unix:/run/clamav/clamd.ctl or tcp:host:3310; none: nobody looks (GSL_CLAMD)")
	flags.StringVar(&c.Absent, "clamd-absent", first(c.Absent, refuseFiles), "what becomes of uploads when it does not answer: refuse or accept (GSL_CLAMD_ABSENT)")
}

// checkClamd refuses an antivirus that would never be found, and one to which
// people's papers would travel in the clear over somebody else's net.
func (c *Config) checkClamd() error {
	if c.Clamd.Absent != "" && c.Clamd.Absent != refuseFiles && c.Clamd.Absent != acceptFiles {
		return usagef("--clamd-absent: %q is neither refuse nor accept", c.Clamd.Absent)
	}
	if c.Clamd.Address == "" {
		return nil
	}
	client, err := clamd.Parse(c.Clamd.Address)
	if err != nil {
		return usagef("--clamd: %v", err)
	}
	if ip, err := netip.ParseAddr(client.Host()); err == nil && !ip.IsLoopback() && !ip.IsPrivate() && !ip.IsLinkLocalUnicast() {
		return usagef("--clamd %s: its protocol is not encrypted; use a ClamAV on this machine or in its private net", c.Clamd.Address)
	}
	return nil
}

// clamdFindings says whether the antivirus answers.
func clamdFindings(ctx context.Context, c clamdConfig) []finding {
	client, err := clamd.Parse(c.Address)
	if err != nil {
		return nil // none, or refused already
	}
	ctx, cancel := context.WithTimeout(ctx, 2*time.Second)
	defer cancel()
	var list []finding
	if err := client.Ping(ctx); err != nil {
		list = append(list, finding{"antivirus", "no ClamAV answers at " + c.Address + ": uploads would be handled by --clamd-absent " + c.Absent})
	}
	if net.ParseIP(client.Host()) == nil && client.Host() != "" && !isLoopback(client.Host()) {
		list = append(list, finding{"antivirus", "uploads travel to " + client.Host() + " without encryption: let it be in the private net of this machine"})
	}
	return list
}

// scanner is the antivirus as the room of documents asks it; nil for none.
func (c *Config) scanner(log *slog.Logger) *document.Scanner {
	client, err := clamd.Parse(c.Clamd.Address)
	if err != nil {
		return nil
	}
	return &document.Scanner{Look: client.Look, Lenient: c.Clamd.Absent == acceptFiles, Log: log}
}
