package referral

import (
	"context"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	"gsl/app/kit/web"
	"gsl/app/kit/web/webtest"
)

// BenchmarkInboxPage is the page of each box with 50,000 referrals in the file,
// through every middleware.
func BenchmarkInboxPage(b *testing.B) {
	h := newHouse(b)
	if err := Synthesize(context.Background(), h.limache, h.crowd(2000), 50_000, 1); err != nil {
		b.Fatal(err)
	}
	gate := &webtest.Gate{In: &web.Session{Actor: h.staff[rshDesk], TokenKey: []byte("0123456789abcdef"), Language: "es-CL", ExpiresAt: time.Now().Add(time.Hour)}}
	server := web.New(web.Config{Gate: gate, SignedIn: webtest.SignedIn, Lookup: webtest.ReadFile})
	NewHandlers(h.service).Mount(server.Router())
	for _, box := range []Box{BoxNew, BoxOverdue, BoxAnswered} {
		b.Run(string(box), func(b *testing.B) {
			request := httptest.NewRequest(http.MethodGet, "/inbox?box="+string(box), nil)
			b.ReportAllocs()
			for b.Loop() {
				answer := httptest.NewRecorder()
				if server.ServeHTTP(answer, request); answer.Code != http.StatusOK {
					b.Fatal(answer.Code)
				}
			}
		})
	}
}
