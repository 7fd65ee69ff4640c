package app

import (
	"net/http"
	"net/http/httptest"
	"net/url"
	"syscall"
	"testing"

	"gsl/app/access"
)

// One screening through the whole program, without a network: what it asks of
// memory is what every page of a file asks.
func BenchmarkScreeningPage(b *testing.B) {
	h := newHouse(b)
	h.ask(b, h.as(access.CaseManager, "05802"), h.fill("05802", "/files/:file/screening"))
}

// The board of a unit of twenty-five workers with twenty thousand cases, each with
// a plan.
func BenchmarkBoardPage(b *testing.B) {
	h := newHouse(b)
	h.exec("05802", `WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 20000)
		INSERT INTO file (id, provisional_id, given_names, surnames, created_at, created_by)
		SELECT printf('0F%024d', i), printf('SR-00001-2000-%d', i), 'Rosa Elena', 'Quilodrán Ñancucheo', '2026-01-01T00:00:00Z', 'x' FROM n`)
	h.exec("05802", `INSERT INTO cart (id, file_id, status, created_at, changed_at) SELECT id, id, 'checked-out', created_at, created_at FROM file WHERE id LIKE '0F%'`)
	h.exec("05802", `INSERT INTO plan (id, file_id, cart_id, checkout_key, year, number, status, agreed, person_name, person_document, person_address,
			created_at, created_by, created_by_name, unit, unit_name, changed_at)
		SELECT id, id, id, id, 1999, CAST(substr(id, 3) AS INTEGER), 'open', 'signed', '', '', '', created_at, 'x', 'x', 'social', '', created_at FROM file WHERE id LIKE '0F%'`)
	h.exec("05802", `INSERT INTO case_file (id, file_id, unit, status, worker_id, worker_name, opened_at, opened_by, opened_by_name, assigned_at, moved_at)
		SELECT id, id, ?, 'assigned', 'w' || (i % 25), 'Persona ' || (i % 25), at, 'x', 'x', at, at
		FROM (SELECT CAST(substr(id, 3) AS INTEGER) AS i, id, strftime('%Y-%m-%dT%H:%M:%fZ', 'now', '-' || (CAST(substr(id, 3) AS INTEGER) * 37 % 700) || ' days') AS at FROM file WHERE id LIKE '0F%')`, access.SocialUnit)
	h.ask(b, h.as(access.UnitHead, "05802"), "/cases")
}

// ask measures one page.
func (h *house) ask(b *testing.B, v *visitor, path string) {
	b.Helper()
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
	before := processorTime(b)
	for b.Loop() {
		ask()
	}
	b.ReportMetric(float64(processorTime(b)-before)/1000/float64(b.N), "cpu-µs/op")
}

// processorTime is what the process took of the processors, in nanoseconds: it
// holds still on a machine that others use too.
func processorTime(tb testing.TB) int64 {
	tb.Helper()
	var used syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &used); err != nil {
		tb.Fatal(err)
	}
	return used.Utime.Nano() + used.Stime.Nano()
}
