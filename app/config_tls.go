package app

import (
	"flag"
	"net"
	"net/url"
	"strings"
)

// tlsConfig is how the server speaks TLS itself; the zero value leaves it to a
// proxy.
type tlsConfig struct {
	Cert, Key    string // PEM files, read again when they change
	Domains      string // for ACME: the names, with commas
	Email        string // whom the authority writes to
	Directory    string // of another authority than Let's Encrypt
	DirectoryCA  string // PEM file: who vouches for that authority
	RedirectAddr string // plain HTTP that leads to the public address
}

func (c tlsConfig) on() bool      { return c.Cert != "" || c.Key != "" || c.Domains != "" }
func (c tlsConfig) byFiles() bool { return c.Cert != "" || c.Key != "" }

func (c tlsConfig) domains() []string {
	return strings.FieldsFunc(c.Domains, func(r rune) bool { return r == ',' || r == ' ' })
}

func tlsDefaults(getenv func(string) string) tlsConfig {
	return tlsConfig{Cert: getenv("GSL_TLS_CERT"), Key: getenv("GSL_TLS_KEY"), Domains: getenv("GSL_ACME_DOMAINS"),
		Email: getenv("GSL_ACME_EMAIL"), Directory: getenv("GSL_ACME_DIRECTORY"), DirectoryCA: getenv("GSL_ACME_CA"),
		RedirectAddr: getenv("GSL_REDIRECT_ADDR")}
}

func tlsFlags(flags *flag.FlagSet, c *tlsConfig) {
	flags.StringVar(&c.Cert, "tls-cert", c.Cert, "PEM file of the certificate and its chain; read again when it changes (GSL_TLS_CERT)")
	flags.StringVar(&c.Key, "tls-key", c.Key, "PEM file of its key (GSL_TLS_KEY)")
	flags.StringVar(&c.Domains, "acme-domains", c.Domains, "names to get certificates for by ACME, with commas; you agree to the authority's terms (GSL_ACME_DOMAINS)")
	flags.StringVar(&c.Email, "acme-email", c.Email, "whom the authority writes to (GSL_ACME_EMAIL)")
	flags.StringVar(&c.Directory, "acme-directory", c.Directory, "another authority than Let's Encrypt, https://… (GSL_ACME_DIRECTORY)")
	flags.StringVar(&c.DirectoryCA, "acme-ca", c.DirectoryCA, "PEM file that vouches for that authority (GSL_ACME_CA)")
	flags.StringVar(&c.RedirectAddr, "redirect-addr", c.RedirectAddr, "host:port of plain HTTP that leads to the public address, such as :80 (GSL_REDIRECT_ADDR)")
}

// checkTLS refuses half a configuration, and gives the public address that
// follows from the names.
func (c *Config) checkTLS() error {
	t := &c.TLS
	switch {
	case (t.Cert == "") != (t.Key == ""):
		return usagef("--tls-cert and --tls-key belong together")
	case t.byFiles() && t.Domains != "":
		return usagef("give certificate files or --acme-domains, not both")
	case t.Domains == "" && (t.Email != "" || t.Directory != "" || t.DirectoryCA != ""):
		return usagef("--acme-…: give --acme-domains too")
	case t.Directory != "" && !strings.HasPrefix(t.Directory, "https://"):
		return usagef("--acme-directory: %q is not an address such as https://…", t.Directory)
	}
	for _, name := range t.domains() {
		if strings.ContainsAny(name, "/:*") || !strings.Contains(name, ".") {
			return usagef("--acme-domains: %q is no name such as gsl.example.cl", name)
		}
	}
	if c.PublicURL == "" && t.Domains != "" {
		c.PublicURL = "https://" + t.domains()[0]
	}
	if t.on() && !strings.HasPrefix(c.PublicURL, "https://") {
		return usagef("with TLS give --public-url https://…: cookies and redirects go by it")
	}
	return c.checkRedirect()
}

func (c *Config) checkRedirect() error {
	if c.TLS.RedirectAddr == "" {
		return nil
	}
	if _, _, err := net.SplitHostPort(c.TLS.RedirectAddr); err != nil {
		return usagef("--redirect-addr: %q is not host:port, for example :80", c.TLS.RedirectAddr)
	}
	if u, err := url.Parse(c.PublicURL); err != nil || u.Scheme != "https" {
		return usagef("--redirect-addr: where to? give --public-url https://…")
	}
	return nil
}
