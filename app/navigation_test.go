package app

import (
	"net/http"
	"testing"
)

// A line of the menu leads to a page, and whoever sees it may open it.
func TestTheMenuLeadsToPages(t *testing.T) {
	h := newHouse(t)
	for i := range pages {
		page, found := &pages[i], false
		for _, route := range h.app.Routes() {
			if route.Method == http.MethodGet && route.Path == page.Href {
				found = true
				if route.Permission != page.permission {
					t.Errorf("%s asks for permission %d, its line in the menu for %d", page.Href, route.Permission, page.permission)
				}
			}
		}
		if !found {
			t.Errorf("%s is in the menu and is no page", page.Href)
		}
	}
}
