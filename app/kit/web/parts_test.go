package web_test

import (
	"bytes"
	"context"
	"errors"
	"io"
	"log/slog"
	"net/http"
	"strings"
	"testing"

	"github.com/a-h/templ"
	"golang.org/x/net/html"

	"gsl/app/kit/i18n"
	"gsl/app/kit/web"
	"gsl/app/kit/web/webtest"
	"gsl/templates/layout"
	"gsl/templates/ui"
)

// poison is what an attacker would like to see come out as it went in.
var poison = []string{
	`"><script>alert(1)</script>`, `' onload='alert(1)`, `" autofocus onfocus="alert(1)`, `{{constructor.constructor('x')()}}`,
	`=cmd|'/c calc'!A1`, `javascript:alert(1)`, `</textarea><img src=x onerror=alert(1)>`, `<!--`, `]]>`, `&lt;b&gt;`, `a" hx-get="/evil`,
	"\u2028\u202e", `</title><svg onload=alert(1)>`, `<template><b>`, "\n\nnew line",
}

// parts are all shared components, filled with one text wherever they take one.
func parts(p string) map[string]templ.Component {
	bad := ui.Input{Name: p, ID: p, Label: p, Value: p, Hint: p, Error: p, Placeholder: p, Class: p, Autocomplete: p, InputMode: p, Required: true}
	options := []ui.Option{{Value: p, Text: p, Hint: p}, {Value: "b", Text: "b"}}
	typed := func(kind string) ui.Input { in := bad; in.Type = kind; return in }
	file := &layout.FileFrame{FileID: p, Name: p, Initials: p, RUN: p, Tramo: p, Facts: []ui.Fact{{Icon: p, Text: p}},
		Alerts:   []ui.Tag{{Text: p, Kind: ui.TagKind(p), Icon: p}},
		Sections: []layout.Section{{Key: p, Label: p, Href: p, Icon: p, Count: 1, Circle: p}, {Key: "b", Label: p, Disabled: true}}}
	inside := func(c templ.Component) templ.Component {
		return templ.ComponentFunc(func(ctx context.Context, w io.Writer) error {
			return c.Render(templ.WithChildren(ctx, templ.NopComponent), w)
		})
	}
	return map[string]templ.Component{
		"icon": ui.Icon(p), "tag": ui.Tag{Text: p, Kind: ui.TagKind(p), Icon: p}, "circle": ui.Circle(p), "panel": inside(ui.Panel(p, p, p)),
		"empty": ui.Empty(p, p, p), "swap": inside(ui.Swap(p, p)), "token": ui.Token(), "resume": ui.ResumeField(), "dialog": inside(ui.Dialog(p, p)),
		"field": ui.Field(bad), "money": ui.Field(typed("money")), "date": ui.Field(typed("date")), "odd type": ui.Field(typed(p)), "hidden": ui.Field(typed("hidden")),
		"text area": ui.TextArea(bad), "select": ui.Select(bad, options), "checkbox": ui.Checkbox(bad, true), "radios": ui.Radios(bad, options),
		"summary": ui.ErrorSummary(ui.Errors{{Name: p, Label: p, Text: p}}),
		"rail":    layout.Rail(file, p), "person": layout.PersonHeader(file), "status": layout.StatusPart(&layout.Notice{Text: p, Error: true}),
		"trouble":  layout.TroublePage(layout.Trouble{Title: p, What: p, Todo: p, Details: []string{p}, RequestID: p}),
		"part":     layout.TroublePart(layout.Trouble{Title: p, What: p, Todo: p, Details: []string{p}}),
		"resumed":  layout.Resume(layout.Interrupted{Path: p, Fields: []layout.TypedField{{Name: p, Value: p, Shown: true}}}),
		"document": layout.Document(layout.Page{Title: p, Section: p, File: file, Aside: ui.Icon(p)}, ui.Field(bad)),
		"help":     layout.HelpPage(),
	}
}

// screen is the context of a page; every text in it is p too.
func screen(ctx context.Context, p string) context.Context {
	ctx = i18n.With(templ.WithNonce(ctx, "N0NCE"), i18n.Spanish)
	ctx = ui.With(ctx, &ui.Request{Token: "t0ken", Resume: p})
	return layout.With(ctx, &layout.Shell{SignedIn: true, UserName: p, Role: p, Unit: p, Municipality: p, Lookup: true, Demo: true,
		Notice: &layout.Notice{Text: p}, Memberships: []layout.Membership{{ID: p, Municipality: p, Role: p, Unit: p}}})
}

func render(t *testing.T, ctx context.Context, c templ.Component) string {
	t.Helper()
	var out bytes.Buffer
	if err := c.Render(ctx, &out); err != nil {
		t.Fatal(err)
	}
	return out.String()
}

// A poisoned page has the same elements and attributes as a harmless one.
func TestPartsEncodeWhatTheyShow(t *testing.T) {
	for name, harmless := range parts("harmless") {
		want := skeleton(t, render(t, screen(t.Context(), "harmless"), harmless))
		for _, p := range poison {
			got := render(t, screen(t.Context(), p), parts(p)[name])
			if s := skeleton(t, got); s != want {
				t.Errorf("%s with %q:\n%s\nwant\n%s", name, p, s, want)
			}
		}
	}
}

// skeleton is a page without its texts and values: elements and attribute names.
func skeleton(t *testing.T, page string) string {
	t.Helper()
	root, err := html.Parse(strings.NewReader(page))
	if err != nil {
		t.Fatal(err)
	}
	var out strings.Builder
	for n := range root.Descendants() {
		switch n.Type {
		case html.ElementNode:
			out.WriteString("<" + n.Data)
			for _, a := range n.Attr {
				out.WriteString(" " + a.Key)
				if (a.Key == "href" || a.Key == "action") && strings.HasPrefix(a.Val, "javascript:") {
					t.Errorf("%s=%q", a.Key, a.Val)
				}
			}
			out.WriteString(">")
		case html.CommentNode:
			out.WriteString("<!---->")
		}
	}
	return out.String()
}

func TestPartsKeepTheRulesOfEveryPage(t *testing.T) {
	for name, part := range parts("a") {
		if name == "document" {
			continue // its parts share one name and id here
		}
		for _, fault := range webtest.Faults(render(t, screen(t.Context(), "a"), part)) {
			t.Errorf("%s: %s", name, fault)
		}
	}
	page := layout.Document(layout.Page{Title: "x", File: frame()}, ui.Field(ui.Input{Name: "note", Label: "Nota"}))
	for _, fault := range webtest.Faults(render(t, screen(t.Context(), "a"), page)) {
		t.Errorf("document: %s", fault)
	}
}

func TestFaultsAreFound(t *testing.T) {
	for bad, want := range map[string]string{
		`<button hx-post="/x">a</button>`:                                "ui.HX",
		`<button hx-post="/x" hx-nonce="">a</button>`:                    "ui.HX",
		`<b onclick="x()">a</b>`:                                         "onclick",
		`<b hx-nonce="n" hx-on:click="x()">a</b>`:                        "hx-on",
		`<b hx-nonce="n" hx-vals="js:{a:1}">a</b>`:                       "hx-vals",
		`<b hx-nonce="n" hx-trigger="click[ctrlKey]">a</b>`:              "hx-trigger",
		`<b style="color:red">a</b>`:                                     "style",
		`<script>x()</script>`:                                           "code",
		`<input name="_token" type="hidden"><form method="post"></form>`: "ui.Token",
		`<i id="a"></i><i id="a"></i>`:                                   "twice",
		`<input name="a">`:                                               "label",
		`<a href=" JavaScript:x()">a</a>`:                                "href",
	} {
		if got := strings.Join(webtest.Faults(bad), "\n"); !strings.Contains(got, want) {
			t.Errorf("%s: %q", bad, got)
		}
	}
}

func TestATextAreaKeepsItsFirstLine(t *testing.T) {
	got := render(t, screen(t.Context(), "a"), ui.TextArea(ui.Input{Name: "note", Label: "Nota", Value: "\nhola"}))
	if !strings.Contains(got, ">\n\nhola</textarea>") { // the parser drops the first line end
		t.Error(got)
	}
}

func TestAFieldTellsItsErrorToEverybody(t *testing.T) {
	got := render(t, screen(t.Context(), "a"), ui.Field(ui.Input{Name: "run", Label: "RUN", Hint: "Con guion", Error: "Revise", Required: true}))
	for _, want := range []string{`for="f-run"`, `id="f-run"`, `aria-describedby="f-run-error f-run-hint"`, `aria-invalid="true"`, `id="f-run-error"`, ` required`} {
		if !strings.Contains(got, want) {
			t.Errorf("lacks %s in %s", want, got)
		}
	}
}

func TestAFragmentDoesNotUseAutofocus(t *testing.T) {
	list := ui.Errors{{Name: "a", Text: "x"}}
	page := render(t, screen(t.Context(), "a"), ui.ErrorSummary(list))
	part := render(t, ui.With(t.Context(), &ui.Request{Fragment: true}), ui.ErrorSummary(list))
	if !strings.Contains(page, "autofocus") || strings.Contains(part, "autofocus") || !strings.Contains(part, "data-focus") {
		t.Errorf("page %s\nfragment %s", page, part)
	}
}

// A quiet route writes no line while all is well, and tells of trouble as any.
func TestAQuietRouteIsQuiet(t *testing.T) {
	var log bytes.Buffer
	trouble := false
	client := webtest.WithConfig(t, web.Config{Log: slog.New(slog.NewTextHandler(&log, nil))},
		&webtest.Gate{In: &web.Session{Actor: camila}}, func(r *web.Router) {
			r.GET("/pulse", webtest.ReadFile, func(c *web.Ctx) error {
				if trouble {
					return errors.New("disk on fire")
				}
				return c.Nothing()
			}, web.Quiet())
		})
	if got := client.Get("/pulse"); got.Status != http.StatusNoContent || got.Body != "" || log.Len() > 0 {
		t.Errorf("%d %q, logged %q", got.Status, got.Body, &log)
	}
	trouble = true
	if client.Get("/pulse"); !strings.Contains(log.String(), "disk on fire") {
		t.Error("the trouble is not in the log")
	}
}
