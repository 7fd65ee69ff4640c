package web_test

import (
	"net/http"
	"net/http/httptest"
	"testing"

	"gsl/app/kit/fault"
	"gsl/app/kit/web"
	"gsl/app/kit/web/webtest"
)

// What was answered is counted by the pattern of its route, never by its path.
func TestAnswersAreCountedByPattern(t *testing.T) {
	gate := &webtest.Gate{In: &web.Session{Actor: camila, TokenKey: []byte("0123456789abcdef")}}
	server := web.New(web.Config{Gate: gate, SignedIn: webtest.SignedIn, Lookup: webtest.ReadFile})
	server.Router().GET("/files/:file", 3, func(c *web.Ctx) error { return c.Text(http.StatusOK, "ok") })
	server.Router().GET("/broken", 3, func(*web.Ctx) error { return fault.New(fault.Internal, "fault.internal") })
	for path, times := range map[string]int{"/files/A": 2, "/files/B": 1, "/broken": 1, "/nowhere/at/all": 3} {
		for range times {
			server.ServeHTTP(httptest.NewRecorder(), httptest.NewRequest(http.MethodGet, path, nil))
		}
	}
	got := map[string]web.RouteFigures{}
	for _, f := range server.Figures() {
		got[f.Method+" "+f.Path] = f
	}
	if f := got["GET /files/:file"]; f.Answers["2xx"] != 3 || f.Count != 3 || f.Seconds <= 0 || f.Buckets[10] != 3 {
		t.Errorf("%+v", f)
	}
	if f := got["GET /broken"]; f.Answers["5xx"] != 1 {
		t.Errorf("%+v", f)
	}
	if f := got[" "]; f.Answers["4xx"] != 3 {
		t.Errorf("%+v", f)
	}
	for _, q := range server.Queues() {
		if q.Most == 0 || q.Running != 0 || q.Waiting != 0 || q.Refused != 0 {
			t.Errorf("%+v", q)
		}
	}
}
