package app

import (
	"net/http"

	"gsl/app/access"
	"gsl/app/kit/fault"
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
func (a *App) alive(c *web.Ctx) error { return plain(c, "ok\n") }

// ready says that it can serve: the shared files answer and nobody told it to stop.
func (a *App) ready(c *web.Ctx) error {
	if a.stopping.Load() {
		return fault.New(fault.Unavailable, "fault.unavailable")
	}
	for _, db := range []*tenants.DB{a.Files.National(), a.Files.Registry()} {
		if err := db.View(c.Context(), func(*tenants.Tx) error { return nil }); err != nil {
			return fault.Wrap(err, fault.Unavailable, "fault.unavailable")
		}
	}
	if a.Files.Full() {
		return c.Text(http.StatusServiceUnavailable, "disk full: reading goes on, nothing can be saved\n")
	}
	return plain(c, "ready\n")
}

func plain(c *web.Ctx, text string) error {
	c.Writer().Header().Set("Content-Type", "text/plain; charset=utf-8")
	c.Writer().WriteHeader(http.StatusOK)
	_, err := c.Writer().Write([]byte(text))
	return err
}
