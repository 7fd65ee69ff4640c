package app

import (
	"go/ast"
	"html"
	"net/http"
	"net/url"
	"os"
	"regexp"
	"strings"
	"testing"

	"gsl/app/access"
)

// guards stand on every answer, whatever it is and whoever asks.
var guards = map[string]string{
	"Content-Security-Policy":    "default-src 'none'",
	"X-Content-Type-Options":     "nosniff",
	"Referrer-Policy":            "no-referrer",
	"Cross-Origin-Opener-Policy": "same-origin",
	"Cache-Control":              "no-store",
}

func guarded(t *testing.T, what string, got reply) {
	t.Helper()
	for name, part := range guards {
		if !strings.Contains(got.header.Get(name), part) {
			t.Errorf("%s: %s is %q", what, name, got.header.Get(name))
		}
	}
	policy := got.header.Get("Content-Security-Policy")
	for _, part := range []string{"frame-ancestors 'none'", "base-uri 'none'", "form-action 'self'", "require-trusted-types-for 'script'"} {
		if !strings.Contains(policy, part) {
			t.Errorf("%s: the policy lacks %s", what, part)
		}
	}
	if strings.Contains(policy, "unsafe") || got.header.Get("Server") != "" || got.header.Get("X-Powered-By") != "" {
		t.Errorf("%s: %v", what, got.header)
	}
	for _, cookie := range got.header.Values("Set-Cookie") {
		if !strings.Contains(cookie, "HttpOnly") || !strings.Contains(cookie, "SameSite=Lax") || strings.Contains(cookie, "Domain=") {
			t.Errorf("%s: cookie %s", what, cookie)
		}
	}
}

// Every route, as a page and as a fragment, found and not found, signed in and
// not: guarded, out of every cache, and no page's title says of whom it is.
func TestEveryAnswerOfTheHouseIsGuarded(t *testing.T) {
	h := newHouse(t)
	v := h.as(access.CaseManager, "05802")
	names := strings.Split(h.one("05802", `SELECT group_concat(given_names || ' ' || surnames, '|') FROM (SELECT DISTINCT given_names, surnames FROM file WHERE given_names <> '')`), "|")
	for _, route := range h.app.Routes() {
		if leavesTheSession(route.Path) {
			continue
		}
		path := h.fill("05802", route.Path)
		for _, header := range []http.Header{nil, {"Hx-Request": {"true"}}} {
			for what, who := range map[string]*visitor{"signed in ": v, "nobody ": h.visitor()} {
				got := who.send(route.Method, path, url.Values{}, header)
				guarded(t, what+route.Method+" "+route.Path, got)
				title := html.UnescapeString(pageTitle.FindString(got.body))
				for _, name := range names {
					if strings.Contains(title, name) {
						t.Errorf("%s: the title is %s", route.Path, title)
					}
				}
			}
		}
	}
	for _, path := range []string{"/nothing", "/files/x/screening", "/plans/x.pdf", h.fill("05802", "/plans/:plan") + ".pdf"} {
		guarded(t, path, v.get(path))
	}
}

// The table of what was attacked names only tests that exist.
func TestTheSecurityTableNamesRealTests(t *testing.T) {
	table, err := os.ReadFile("SECURITY.md")
	if err != nil {
		t.Fatal(err)
	}
	known := map[string]bool{}
	for _, src := range sources(t) {
		for _, declared := range src.file.Decls {
			if f, ok := declared.(*ast.FuncDecl); ok && strings.HasSuffix(src.path, "_test.go") {
				known[f.Name.Name] = true
			}
		}
	}
	named := regexp.MustCompile(`\bTest[A-Z]\w+`).FindAllString(string(table), -1)
	if len(named) < 40 {
		t.Errorf("only %d tests are named", len(named))
	}
	for _, name := range named {
		if !known[name] {
			t.Errorf("there is no %s", name)
		}
	}
}
