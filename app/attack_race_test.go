package app

import (
	"context"
	"io"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"testing"

	"gsl/app/access"
	"gsl/app/kit/audit"
)

// atOnce sends the form n times side by side and counts the statuses.
func (v *visitor) atOnce(n int, path func(i int) string, form func(i int) url.Values) map[int]int {
	v.t.Helper()
	var wait sync.WaitGroup
	var mu sync.Mutex
	counts := map[int]int{}
	token := v.token
	for i := range n {
		wait.Go(func() {
			sent := form(i)
			sent.Set("_token", token)
			r, err := http.NewRequestWithContext(context.Background(), http.MethodPost, v.base+path(i), strings.NewReader(sent.Encode()))
			if err != nil {
				return
			}
			r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
			response, err := v.client.Do(r)
			if err != nil {
				return
			}
			_, _ = io.Copy(io.Discard, response.Body)
			_ = response.Body.Close()
			mu.Lock()
			counts[response.StatusCode]++
			mu.Unlock()
		})
	}
	wait.Wait()
	return counts
}

func always[T any](value T) func(int) T { return func(int) T { return value } }

func fixed(pairs ...string) func(int) url.Values {
	return func(int) url.Values {
		form := url.Values{}
		for i := 0; i < len(pairs); i += 2 {
			form.Set(pairs[i], pairs[i+1])
		}
		return form
	}
}

// Fifty at once have the effect of one, and leave the trail of one.
func TestFiftyAtOnceAreOne(t *testing.T) {
	h := newHouse(t)
	v := h.as(access.CaseManager, "05802")
	file := h.newcomer(v)
	cart := "/files/" + file + "/cart"
	v.get(cart)
	const lines = `SELECT count(*) FROM cart_item l JOIN cart c ON c.id = l.cart_id WHERE l.removed_at IS NULL AND c.file_id = '`
	step := func(what string, got map[int]int, query, want string) {
		t.Helper()
		for status := range got {
			if status != http.StatusSeeOther && status != http.StatusConflict {
				t.Errorf("%s: %v", what, got)
			}
		}
		if found := h.one("05802", query); found != want {
			t.Errorf("%s: %s, want %s", what, found, want)
		}
	}
	step("add", v.atOnce(50, always(cart+"/items"), fixed("item", "E801")), lines+file+`'`, "1")
	step("trail of the add", nil, `SELECT count(*) FROM audit WHERE action = 'cart.add' AND file_id = '`+file+`'`, "1")
	line := h.one("05802", `SELECT l.id FROM cart_item l JOIN cart c ON c.id = l.cart_id WHERE c.file_id = '`+file+`'`)
	v.atOnce(50, func(i int) string { return cart + "/items/" + line + []string{"/remove", "/restore"}[i%2] }, fixed())
	step("restore", v.atOnce(50, always(cart+"/items/"+line+"/restore"), fixed()), lines+file+`'`, "1")
	step("edit", v.atOnce(50, always(cart+"/items/"+line), fixed("note", "la misma nota")), `SELECT note FROM cart_item WHERE id = '`+line+`'`, "la misma nota")

	plan, item := strings.Split(h.fill("05802", "/plans/:plan/items/:item"), "/items/")[0], h.pendingItem()
	v.get(plan)
	step("save", v.atOnce(50, always("/plans/"+h.planOf(item)+"/items"), fixed("status["+item+"]", "withdrawn", "reason["+item+"]", "porque sí")),
		`SELECT count(*) FROM plan_history WHERE item_id = '`+item+`' AND became = 'withdrawn'`, "1")

	director := h.as(access.Director, "05802")
	waiting := h.one("05802", `SELECT id FROM plan_item WHERE approval = 'waiting' AND status = 'pending' LIMIT 1`)
	director.get("/approvals")
	step("approve", director.atOnce(50, always("/plans/"+h.planOf(waiting)+"/items/"+waiting+"/approve"), fixed()),
		`SELECT count(*) FROM plan_history WHERE item_id = '`+waiting+`' AND became = 'approved'`, "1")
	if err := audit.Verify(context.Background(), h.municipality("05802")); err != nil {
		t.Error(err)
	}
}

func (h *house) pendingItem() string {
	return h.one("05802", `SELECT id FROM plan_item WHERE status = 'pending' AND approval = '' ORDER BY id LIMIT 1`)
}

func (h *house) planOf(item string) string {
	return h.one("05802", `SELECT plan_id FROM plan_item WHERE id = '`+item+`'`)
}

// An id of the same municipality, under the address of something else, is
// nobody's: lines of another cart, items of another plan, members of another
// household.
func TestIdsFitOnlyTheirOwn(t *testing.T) {
	h := newHouse(t)
	v, director := h.as(access.CaseManager, "05802"), h.as(access.Director, "05802")
	line := h.fill("05802", "/files/:file/cart/items/:id")
	mine := strings.Split(line, "/")[2]
	other := h.one("05802", `SELECT id FROM file WHERE id <> '`+mine+`' AND run IS NOT NULL ORDER BY id LIMIT 1`)
	foreign := strings.Replace(line, mine, other, 1)
	item := h.pendingItem()
	plan := h.one("05802", `SELECT id FROM plan WHERE status = 'open' AND id <> '`+h.planOf(item)+`' LIMIT 1`)
	v.get("/files/" + other + "/screening")
	v.get("/files/" + mine + "/screening")
	director.get("/approvals")
	stranger := h.one("05802", `SELECT printf('%d', run) FROM file WHERE id = '`+other+`'`)
	before := h.contents("05802")
	for _, c := range []struct {
		who    *visitor
		method string
		path   string
		form   url.Values
		status int
	}{
		{v, http.MethodGet, foreign, nil, http.StatusNotFound},
		{v, http.MethodPost, foreign, url.Values{"note": {"x"}}, http.StatusNotFound},
		{v, http.MethodPost, foreign + "/remove", url.Values{}, http.StatusNotFound},
		{v, http.MethodPost, foreign + "/restore", url.Values{}, http.StatusNotFound},
		{v, http.MethodDelete, foreign, nil, http.StatusNotFound},
		{v, http.MethodPost, "/plans/" + plan + "/items", url.Values{"status[" + item + "]": {"confirmed"}}, http.StatusUnprocessableEntity},
		{director, http.MethodPost, "/plans/" + plan + "/items/" + item + "/approve", url.Values{}, http.StatusNotFound},
		{director, http.MethodPost, "/plans/" + plan + "/items/" + item + "/reject", url.Values{"reason": {"x"}}, http.StatusNotFound},
		{director, http.MethodPost, "/plans/" + h.planOf(item) + "/items/" + item + "/approve", url.Values{}, http.StatusUnprocessableEntity}, // nobody has to
		{v, http.MethodPost, "/files/" + mine + "/cart/items", url.Values{"item": {"E801"}, "member": {stranger + "-0"}}, http.StatusUnprocessableEntity},
	} {
		if got := c.who.send(c.method, c.path, c.form, nil); got.status != c.status {
			t.Errorf("%s %s answered %d, want %d", c.method, c.path, got.status, c.status)
		}
	}
	if h.contents("05802") != before {
		t.Error("something was changed")
	}
}

// Acts of another role are refused whatever the form says, and change nothing.
func TestNobodyActsForAnotherRole(t *testing.T) {
	h := newHouse(t)
	line, plan, item := h.fill("05802", "/files/:file/cart/items/:id"), h.fill("05802", "/plans/:plan"), h.pendingItem()
	cart := strings.Split(line, "/items/")[0]
	waiting := h.one("05802", `SELECT id FROM plan_item WHERE approval = 'waiting' AND approval_level = 'head' AND status = 'pending' LIMIT 1`)
	decide := "/plans/" + h.planOf(waiting) + "/items/" + waiting
	h.lookAtAll(h.as(access.CaseManager, "05802"))
	before := h.contents("05802")
	for _, part := range everyRole {
		allowed := access.PermissionsOf(part.role, part.unit)
		v := h.as(part.role, "05802")
		v.get("/account")
		for _, act := range []struct {
			may  bool
			path string
			form url.Values
		}{
			{allowed.Has(access.ManageCart), cart + "/items", url.Values{"item": {"D203"}, "reason": {"a"}, "request": {"b"}}},
			{allowed.Has(access.ManageCart), line + "/remove", url.Values{}},
			{allowed.Has(access.ManageCart), strings.TrimSuffix(cart, "cart") + "checkout", url.Values{"key": {"k"}, "agreed": {"signed"}}},
			{allowed.Has(access.ManagePlan), plan + "/items", url.Values{"status[" + item + "]": {"in-progress"}}},
			{allowed.Has(access.ApproveBenefit), decide + "/approve", url.Values{}},
			{allowed.Has(access.ApproveBenefit), decide + "/reject", url.Values{"reason": {"a"}}},
		} {
			if act.may {
				continue // TestEveryRouteForEveryRole sends those
			}
			for _, header := range []http.Header{nil, {"Hx-Request": {"true"}}} {
				if got := v.send(http.MethodPost, act.path, act.form, header); got.status != http.StatusForbidden && got.status != http.StatusNotFound {
					t.Errorf("%s: POST %s answered %d", part.role, act.path, got.status)
				}
			}
		}
	}
	// A head of another unit than Asistencia Social reads, and decides on nothing.
	if access.PermissionsOf(access.UnitHead, access.RSHUnit).Has(access.ApproveBenefit) {
		t.Error("the head of the RSH unit approves aid")
	}
	if h.contents("05802") != before {
		t.Error("something was changed")
	}
}
