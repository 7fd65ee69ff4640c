package app

import (
	"net/http"
	"net/http/httptest"
	"net/url"
	"testing"

	"gsl/app/access"
)

// One screening through the whole program, without a network: what it asks of
// memory is what every page of a file asks.
func BenchmarkScreeningPage(b *testing.B) {
	h := newHouse(b)
	v := h.as(access.CaseManager, "05802")
	path := h.fill("05802", "/files/:file/screening")
	home, err := url.Parse(h.url)
	if err != nil {
		b.Fatal(err)
	}
	handler, cookies := h.app.Handler(), v.client.Jar.Cookies(home)
	ask := func() {
		r := httptest.NewRequest(http.MethodGet, path, nil)
		for _, cookie := range cookies {
			r.AddCookie(cookie)
		}
		w := httptest.NewRecorder()
		if handler.ServeHTTP(w, r); w.Code != http.StatusOK {
			b.Fatalf("the page answered %d", w.Code)
		}
	}
	ask()
	b.ReportAllocs()
	for b.Loop() {
		ask()
	}
}
