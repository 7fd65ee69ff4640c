package web_test

import (
	"context"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"gsl/app/kit/actor"
	"gsl/app/kit/web"
	"gsl/app/kit/web/webtest"
)

// While a file flows to a slow reader, its handler's turn is somebody else's.
func TestAFileOnItsWayHoldsNoTurn(t *testing.T) {
	started, finish := make(chan struct{}), make(chan struct{})
	gate := &webtest.Gate{In: &web.Session{Actor: actor.Actor{UserID: "u", Permissions: actor.Of(webtest.SignedIn, webtest.ReadFile)}, TokenKey: []byte("0123456789abcdef")}}
	c := webtest.WithConfig(t, web.Config{MaxRunning: 1, MaxWaiting: 1}, gate, func(r *web.Router) {
		r.GET("/file", webtest.ReadFile, func(c *web.Ctx) error {
			return c.Stream(web.Stream{Type: "application/pdf", Name: "a.pdf", Size: 8}, func(_ context.Context, out io.Writer) error {
				close(started)
				<-finish
				_, err := io.WriteString(out, "%PDF-1.7")
				return err
			})
		})
		r.GET("/page", webtest.ReadFile, func(c *web.Ctx) error { return c.Text(http.StatusOK, "here") })
	})
	done := make(chan *http.Response)
	go func() {
		w := httptest.NewRecorder()
		c.Server.ServeHTTP(w, httptest.NewRequest(http.MethodGet, "/file", nil))
		done <- w.Result()
	}()
	<-started
	if got := c.Get("/page"); got.Status != http.StatusOK {
		t.Errorf("meanwhile: %d", got.Status)
	}
	close(finish)
	got := <-done
	defer func() { _ = got.Body.Close() }()
	body, err := io.ReadAll(got.Body)
	if err != nil || string(body) != "%PDF-1.7" || !strings.HasPrefix(got.Header.Get("Content-Security-Policy"), "default-src 'none'; sandbox;") {
		t.Errorf("%q %v %v", body, got.Header, err)
	}
}

// What a route's check refuses costs no reading and no turn.
func TestACheckComesBeforeTheBody(t *testing.T) {
	c := webtest.New(t, actor.Actor{}, func(r *web.Router) {
		r.POST("/give", webtest.Public, func(c *web.Ctx) error { return c.Text(http.StatusOK, "taken") }, web.Upload(),
			web.Check(func(c *web.Ctx) error {
				if c.Query("well") == "" {
					return c.Text(http.StatusNotFound, "no")
				}
				return nil
			}))
	})
	q := httptest.NewRequest(http.MethodPost, "/give", failing{t})
	q.Header.Set("Content-Type", "multipart/form-data; boundary=b")
	if got := c.Do(q); got.Status != http.StatusNotFound || got.Body != "no" {
		t.Errorf("refused with %d %q", got.Status, got.Body)
	}
	q = httptest.NewRequest(http.MethodPost, "/give?well=1", strings.NewReader("a=1"))
	q.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	if got := c.Do(q); got.Status != http.StatusOK {
		t.Errorf("taken with %d", got.Status)
	}
}

type failing struct{ t *testing.T }

func (f failing) Read([]byte) (int, error) {
	f.t.Error("the body was read")
	return 0, io.EOF
}
