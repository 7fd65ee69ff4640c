package app

import (
	"context"
	"net/http"
	"net/url"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"gsl/app/access"
	"gsl/app/kit/audit"
	"gsl/tenants"
)

var person = regexp.MustCompile(`[A-ZÁÉÍÓÚÑ][a-záéíóúñü]+`)

// views counts the rows of the trail of views about a file.
func (h *house) views(code, file string) int {
	h.t.Helper()
	n := 0
	err := h.municipality(code).Access().View(context.Background(), func(tx *tenants.Tx) error {
		return tx.QueryRow(`SELECT count(*) FROM access_view WHERE file_id = ?`, file).Scan(&n)
	})
	if err != nil {
		h.t.Fatal(err)
	}
	return n
}

func (h *house) changes(code string) int {
	h.t.Helper()
	n, err := strconv.Atoi(h.one(code, `SELECT count(*) FROM audit`))
	if err != nil {
		h.t.Fatal(err)
	}
	return n
}

// Whatever answers with something of a person leaves a row of who looked: pages,
// fragments, papers and forms that come back. Each change leaves a row of what
// was changed; what was refused leaves none.
func TestNothingIsSeenOrChangedWithoutATrail(t *testing.T) {
	h := newHouse(t)
	v := h.as(access.CaseManager, "05802")
	line := h.fill("05802", "/files/:file/cart/items/:id")
	cart := strings.Split(line, "/items/")[0]
	base := strings.TrimSuffix(cart, "/cart")
	file := strings.TrimPrefix(base, "/files/")
	plan := h.fill("05802", "/plans/:plan")
	of := h.one("05802", `SELECT file_id FROM plan WHERE id = '`+strings.TrimPrefix(plan, "/plans/")+`'`)
	item := h.fill("05802", "/plans/:plan/items/:item")[len(plan+"/items/"):]
	given := strings.Fields(h.one("05802", `SELECT given_names FROM file WHERE id = '`+file+`'`))[0]
	if !person.MatchString(given) {
		t.Fatal("the file has no name: the test would prove nothing")
	}
	v.get(cart)
	for _, step := range []struct {
		method, path, file string
		form               url.Values
		status, changes    int
	}{
		{"GET", base + "/screening", file, nil, 200, 0},
		{"GET", cart, file, nil, 200, 0},
		{"GET", base + "/checkout", file, nil, 200, 0},
		{"GET", base + "/plan", file, nil, 200, 0},
		{"GET", base + "/history", file, nil, 200, 0},
		{"GET", base + "/catalogue", file, nil, 200, 0},
		{"GET", line, file, nil, 200, 0},
		{"HEAD", cart, file, nil, 200, 0},
		{"GET", plan, of, nil, 200, 0},
		{"GET", plan + ".pdf", of, nil, 200, 0},
		{"POST", cart + "/items", file, url.Values{"item": {"D101"}}, 422, 0}, // it lists the household
		{"POST", cart + "/items", file, url.Values{"item": {"D203"}, "reason": {"a"}, "request": {"b"}}, 0, 1},
		{"POST", line, file, url.Values{"zzz": {"1"}}, 422, 0},
		{"POST", line, file, url.Values{"note": {"otra"}}, 0, 1},
		{"POST", line, file, url.Values{"note": {"otra"}}, 0, 0},
		{"POST", line + "/remove", file, url.Values{}, 0, 1},
		{"POST", line + "/restore", file, url.Values{}, 0, 1},
		{"POST", base + "/checkout", file, url.Values{"key": {"x"}, "agreed": {"zzz"}}, 422, 0},
		{"POST", plan + "/items", of, url.Values{"status[" + item + "]": {"zzz"}}, 422, 0},
	} {
		for _, header := range []http.Header{nil, {"Hx-Request": {"true"}}} {
			if header != nil && step.changes > 0 {
				continue // done already
			}
			seen, changed := h.views("05802", step.file), h.changes("05802")
			got := v.send(step.method, step.path, step.form, header)
			seen, changed = h.views("05802", step.file)-seen, h.changes("05802")-changed
			if step.status != 0 && got.status != step.status || got.status >= 500 {
				t.Errorf("%s %s answered %d:\n%s", step.method, step.path, got.status, got.body)
			}
			if seen == 0 || changed != step.changes {
				t.Errorf("%s %s %v: %d views, %d changes", step.method, step.path, header, seen, changed)
			}
		}
	}
	if err := audit.Verify(context.Background(), h.municipality("05802")); err != nil {
		t.Error(err)
	}
}
