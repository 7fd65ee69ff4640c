package static

import (
	"strings"
	"testing"
	"testing/fstest"
)

func TestAFileIsServedUnderItsContent(t *testing.T) {
	file := func(text string) *fstest.MapFile { return &fstest.MapFile{Data: []byte(text)} }
	one := stock(fstest.MapFS{"vendor/app.css": file("a{}"), "vendor/app.css.gz": file("packed"), "vendor/README": file("x"), "favicon.svg": file("<svg/>")})
	two := stock(fstest.MapFS{"vendor/app.css": file("b{}")})
	url := one.urls["app.css"]
	if !strings.HasPrefix(url, "/static/") || url == two.urls["app.css"] {
		t.Errorf("%s and %s", url, two.urls["app.css"])
	}
	got := one.files[strings.TrimPrefix(url, "/static/")]
	if string(got.Plain) != "a{}" || string(got.Packed) != "packed" || got.Type != "text/css; charset=utf-8" {
		t.Errorf("%+v", got)
	}
	if len(one.files) != 2 || one.files[strings.TrimPrefix(one.urls["favicon.svg"], "/static/")].Packed != nil {
		t.Errorf("served: %v", one.urls)
	}
}

func TestWhatWasNotBuiltIsSaidInOneLine(t *testing.T) {
	if err := check(stock(fstest.MapFS{})); err == nil || !strings.Contains(err.Error(), "make assets") || strings.Contains(err.Error(), "\n") {
		t.Errorf("%v", err)
	}
	full := fstest.MapFS{}
	for _, name := range needed {
		full["vendor/"+name] = &fstest.MapFile{Data: []byte(name)}
	}
	if err := check(stock(full)); err != nil {
		t.Error(err)
	}
}

func TestAnIconIsFoundInItsSprite(t *testing.T) {
	list := iconsOf(stock(fstest.MapFS{
		"vendor/icons.svg":      &fstest.MapFile{Data: []byte(`<svg><symbol id="search" viewBox="0 0 16 16"></symbol></svg>`)},
		"vendor/icons-more.svg": &fstest.MapFile{Data: []byte(`<svg><symbol id="funnel"></symbol><symbol id="reply"></symbol></svg>`)},
	}))
	if len(list) != 3 || !strings.HasSuffix(list["search"], "/icons.svg#search") || !strings.HasSuffix(list["reply"], "/icons-more.svg#reply") {
		t.Errorf("%v", list)
	}
}
