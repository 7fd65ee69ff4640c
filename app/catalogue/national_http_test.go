package catalogue

import (
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"gsl/app/kit/web"
	"gsl/app/kit/web/webtest"
)

func (m *ministry) client(lang string) *webtest.Client {
	gate := &webtest.Gate{In: &web.Session{Actor: m.admin, TokenKey: []byte("0123456789abcdef"), Language: lang, ExpiresAt: time.Now().Add(time.Hour)}}
	return webtest.WithGate(m.t, gate, NewEditorHandlers(m.editor).Mount)
}

var (
	markField = regexp.MustCompile(`name="mark" value="([^"]+)"`)
	keyField  = regexp.MustCompile(`name="key" value="([^"]+)"`)
	pickField = regexp.MustCompile(`name="pick" [^>]*value="([^"]+)"`)
)

// typed is the form of D101 as a page shows it, with another name.
func typed(t *testing.T, page, name string) url.Values {
	t.Helper()
	mark := markField.FindStringSubmatch(page)
	if mark == nil {
		t.Fatal("the page has no form")
	}
	return url.Values{"mark": {mark[1]}, "do": {"save"}, "place": {"D/subsidios_sociales"}, "name": {name}, "provider": {"Subsidios Sociales"}, "reference": {"22007"},
		"spots_period": {"month"}, "join[0]": {"and"}, "scope[0]": {"household"}, "condition[0]": {"tramo_max"}, "value[0]": {"60 %"}}
}

// From the form to everybody's catalogue; two tabs, a slip, and a second press.
func TestEditedThroughThePages(t *testing.T) {
	m := newMinistry(t)
	who := m.worker(t, "05802")
	c := m.client("es-CL")
	m.client("en").Get("/admin/catalogue/items/D101/edit").Contains(t, `value="22007"`) // as it is read back
	page := c.Get("/admin/catalogue/items/D101/edit")
	slip := typed(t, page.Body, "Otro")
	slip.Set("value[0]", "45")
	got := c.PostForm("/admin/catalogue/items/D101", slip)
	if got.Status != http.StatusUnprocessableEntity {
		t.Fatalf("a wrong bracket answered %d", got.Status)
	}
	got.Contains(t, "Criterio 1", "Escriba un tramo", `value="45"`, `value="Otro"`)
	slip.Set("do", "add")
	if got = c.PostHX("/admin/catalogue/items/D101", slip); got.Status != http.StatusOK || !strings.Contains(got.Body, `name="condition[1]"`) {
		t.Errorf("adding a row answered %d", got.Status)
	}
	if got = c.PostForm("/admin/catalogue/items/D101", typed(t, page.Body, "De la una")); got.Status != http.StatusSeeOther {
		t.Fatalf("saving answered %d: %s", got.Status, got.Body)
	}
	got = c.PostForm("/admin/catalogue/items/D101", typed(t, page.Body, "De la otra"))
	if got.Status != http.StatusConflict {
		t.Fatalf("the other tab answered %d", got.Status)
	}
	got.Contains(t, "Nadia Nacional", "De la una", "De la otra")
	review := c.Get("/admin/catalogue/review")
	review.Contains(t, "De la una", "nueva versión", "desde hoy")
	form := url.Values{"key": {keyField.FindStringSubmatch(review.Body)[1]}, "pick": {pickField.FindStringSubmatch(review.Body)[1]}, "reason": {"Oficio 12"}}
	var where string
	for range 2 {
		if got = c.PostForm("/admin/catalogue/publish", form); got.Status != http.StatusSeeOther || where != "" && got.Header.Get("Location") != where {
			t.Fatalf("publishing answered %d, %s: %s", got.Status, got.Header.Get("Location"), got.Body)
		}
		where = got.Header.Get("Location")
	}
	if m.item(who, "D101").Name != "De la una" {
		t.Error("the municipality does not have it")
	}
	c.Get(where).Contains(t, "De la una", "Oficio 12", "Nadia Nacional")
	form.Set("key", "ANOTHER")
	if got = c.PostForm("/admin/catalogue/publish", form); got.Status != http.StatusConflict {
		t.Errorf("a draft that is gone answered %d", got.Status)
	}
	c.Get("/admin/catalogue?q=de+la+una&category=D").Contains(t, "1 ítem")
	if got = c.Get("/admin/catalogue/items/D999"); got.Status != http.StatusNotFound {
		t.Errorf("an unknown item answered %d", got.Status)
	}
}
