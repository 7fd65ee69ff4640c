package app

import (
	"context"
	"crypto/tls"
	"errors"
	"flag"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"strings"
	"time"

	"gsl/app/access"
	"gsl/app/kit/web"
	"gsl/tenants"
)

// mountHealth adds what a proxy or a container engine asks. Neither says
// anything about anybody.
func (a *App) mountHealth(r *web.Router) {
	r.GET("/healthz", access.Public, a.alive, web.AtOnce())
	r.GET("/readyz", access.Public, a.ready, web.AtOnce())
}

// alive says that the process answers.
func (a *App) alive(c *web.Ctx) error { return plain(c, http.StatusOK, "ok\n") }

// ready says whether the desks can work, and each thing that is wrong on a line
// of its own. A lost registry only makes the work poorer: that is said, and no
// reason to send people away.
func (a *App) ready(c *web.Ctx) error {
	broken, poorer := a.reasons(c.Context())
	status, head := http.StatusOK, "ready"
	if len(broken) > 0 {
		status, head = http.StatusServiceUnavailable, "not ready"
		c.Writer().Header().Set("Retry-After", "5")
	}
	return plain(c, status, strings.Join(append(append([]string{head}, broken...), poorer...), "\n")+"\n")
}

// reasons says why the desks cannot work, and what makes their work poorer. It
// names files and municipalities' numbers, never what an error carries: anybody
// may ask.
func (a *App) reasons(ctx context.Context) (broken, poorer []string) {
	if a.stopping.Load() {
		broken = append(broken, "stopping: requests that began are finished")
	}
	if err := answers(ctx, a.Files.National()); err != nil {
		broken = append(broken, "national.db: "+kind(err)+"; nobody can sign in: gsl verify, gsl restore")
	}
	if a.server.Busy() {
		broken = append(broken, "busy: so many wait that more are turned away")
	}
	if err := answers(ctx, a.Files.Registry()); err != nil {
		poorer = append(poorer, "registry: "+kind(err)+"; screenings show what is kept: restore it, or gsl import registry")
	}
	if a.Files.Full() {
		broken = append(broken, "disk full: reading goes on, nothing can be saved: make room")
	}
	return broken, poorer
}

func answers(ctx context.Context, db *tenants.DB) error {
	return db.View(ctx, func(*tenants.Tx) error { return nil })
}

// kind is what is wrong with a file, without its cause.
func kind(err error) string {
	var file *tenants.FileError
	if errors.As(err, &file) {
		return strings.TrimPrefix(file.Kind.Error(), "tenants: ")
	}
	return "does not answer"
}

func plain(c *web.Ctx, status int, text string) error {
	c.Writer().Header().Set("Content-Type", "text/plain; charset=utf-8")
	c.Writer().WriteHeader(status)
	_, err := io.WriteString(c.Writer(), text)
	return err
}

// prepareHealth makes the command that a container engine runs to see whether
// the server answers: the image holds no other program that could ask.
func prepareHealth(flags *flag.FlagSet, config *Config) work {
	flags.StringVar(&config.Addr, "addr", config.Addr, "host:port the server listens on (GSL_ADDR)")
	tlsFlags(flags, &config.TLS)
	ready := flags.Bool("ready", false, "ask whether the desks can work, not only whether the server answers")
	return func(ctx context.Context, term terminal, _ []string) error {
		return askHealth(ctx, *config, term, *ready)
	}
}

const healthWait = 3 * time.Second

func askHealth(ctx context.Context, config Config, term terminal, ready bool) error {
	ctx, cancel := context.WithTimeout(ctx, healthWait)
	defer cancel()
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, healthURL(config, ready), nil)
	if err != nil {
		return usagef("--addr: %v", err)
	}
	// It asks itself, by a name that no certificate is for, and sends nothing.
	client := &http.Client{Transport: &http.Transport{TLSClientConfig: &tls.Config{InsecureSkipVerify: true, ServerName: ownName(config)}}} //nolint:gosec // see above
	answer, err := client.Do(request)
	if err != nil {
		return err
	}
	defer func() { _ = answer.Body.Close() }()
	text, _ := io.ReadAll(io.LimitReader(answer.Body, 4<<10)) // what came of it says enough
	say(term, "%s", text)
	if answer.StatusCode != http.StatusOK {
		return fmt.Errorf("the server answered %d", answer.StatusCode)
	}
	return nil
}

// healthURL reaches the server from the machine it runs on.
func healthURL(config Config, ready bool) string {
	to := url.URL{Scheme: "http", Host: config.Addr, Path: "/healthz"}
	if host, port, err := net.SplitHostPort(config.Addr); err == nil && (host == "" || host == "0.0.0.0" || host == "::") {
		to.Host = net.JoinHostPort("127.0.0.1", port)
	}
	if config.TLS.on() {
		to.Scheme = "https"
	}
	if ready {
		to.Path = "/readyz"
	}
	return to.String()
}

// ownName is what a server with ACME wants to hear before it answers.
func ownName(config Config) string {
	if names := config.TLS.domains(); len(names) > 0 {
		return names[0]
	}
	return ""
}
