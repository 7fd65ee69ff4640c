package app

import (
	"flag"
	"net/url"
	"os"
	"strconv"
	"strings"

	"gsl/app/kit/mail"
)

// mailDefaults reads the mail server from the environment. The password is never
// a flag: the list of processes shows those to everybody on the machine.
func mailDefaults(getenv func(string) string) (mail.Config, error) {
	c := mail.Config{Host: getenv("GSL_SMTP_HOST"), User: getenv("GSL_SMTP_USER"), Password: getenv("GSL_SMTP_PASSWORD"),
		From: getenv("GSL_SMTP_FROM"), TLS: getenv("GSL_SMTP_TLS")}
	if text := getenv("GSL_SMTP_PORT"); text != "" {
		port, err := strconv.Atoi(text)
		if err != nil {
			return c, usagef("GSL_SMTP_PORT: %q is no port", text)
		}
		c.Port = port
	}
	if name := getenv("GSL_SMTP_PASSWORD_FILE"); name != "" {
		text, err := os.ReadFile(name) //nolint:gosec // the operator names it
		if err != nil {
			return c, usagef("GSL_SMTP_PASSWORD_FILE: %v", err)
		}
		c.Password = strings.TrimRight(string(text), "\r\n")
	}
	return c, nil
}

func mailFlags(flags *flag.FlagSet, c *mail.Config) {
	flags.StringVar(&c.Host, "smtp-host", c.Host, "mail server; without one, letters are printed (GSL_SMTP_HOST)")
	flags.IntVar(&c.Port, "smtp-port", c.Port, "its port; 0: 587, 465 or 25 by --smtp-tls (GSL_SMTP_PORT)")
	flags.StringVar(&c.User, "smtp-user", c.User, "who signs in; the password is in GSL_SMTP_PASSWORD or the file GSL_SMTP_PASSWORD_FILE (GSL_SMTP_USER)")
	flags.StringVar(&c.From, "smtp-from", c.From, "sender, such as \"Municipalidad <derivaciones@example.cl>\" (GSL_SMTP_FROM)")
	flags.StringVar(&c.TLS, "smtp-tls", first(c.TLS, mail.StartTLS), "starttls, tls, or none for a server on this machine (GSL_SMTP_TLS)")
}

// checkMail refuses mail that would go nowhere, in the clear, or to real people
// about made-up ones.
func (c *Config) checkMail() error {
	if !c.Mail.On() {
		return nil
	}
	if err := c.Mail.Check(); err != nil {
		return usagef("--smtp-…: %v", err)
	}
	local := isLoopback(c.Mail.Host)
	if c.Mail.TLS == mail.NoTLS && !local {
		return usagef("--smtp-tls none: only for a mail server on this machine; use starttls or tls")
	}
	if c.Demo && !local {
		return usagef("the demo's people do not exist, but the addresses of institutions may: it sends mail only to a server on this machine")
	}
	if public, err := url.Parse(c.PublicURL); !local && (err != nil || public.Host == "") {
		return usagef("--smtp-host: the links in letters need an address that others can open; give --public-url https://…")
	}
	return nil
}
