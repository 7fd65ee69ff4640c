// Package static holds what the browser loads: our script and icon, and in
// vendor/ what `make assets` builds and copies from npm (style sheet, htmx, icon
// sprite, each also gzipped). It is served under the hash of its content, so a
// browser keeps it for ever and a new binary is seen at once.
package static

import (
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"fmt"
	"io/fs"
	"path"
	"strings"
	"sync"
)

//go:embed favicon.svg vendor
var embedded embed.FS

// needed is what a page cannot do without; the rest of vendor/ is served too.
var needed = []string{"app.css", "rooms.css", "app.js", "keep.js", "htmx.min.js", "hx-csp.min.js", "icons.svg", "icons-more.svg"}

// File is one file ready to be sent.
type File struct {
	Type   string // content type
	Plain  []byte
	Packed []byte // gzip, nil when it does not pay
}

type shelf struct {
	files map[string]File   // by "<hash>/<name>"
	urls  map[string]string // by name
}

var stocked = sync.OnceValue(func() shelf { return stock(embedded) })

// URL is the path under which a file is served. For a file that was not built
// it is a path that answers 404.
func URL(name string) string {
	if url, ok := stocked().urls[name]; ok {
		return url
	}
	return "/static/0/" + name
}

// Get finds what is served under a path of URL (without "/static/").
func Get(key string) (File, bool) {
	f, ok := stocked().files[key]
	return f, ok
}

// icons finds the address of each icon: in the sprite of the pages one begins
// with, or in that of the rest.
var icons = sync.OnceValue(func() map[string]string { return iconsOf(stocked()) })

func iconsOf(s shelf) map[string]string {
	list := map[string]string{}
	for _, sprite := range []string{"icons.svg", "icons-more.svg"} {
		url := s.urls[sprite]
		drawn := string(s.files[strings.TrimPrefix(url, "/static/")].Plain)
		for _, symbol := range strings.Split(drawn, `<symbol id="`)[1:] {
			name, _, _ := strings.Cut(symbol, `"`)
			list[name] = url + "#" + name
		}
	}
	return list
}

// Icon is the address of an icon; of one that no sprite has, one that shows nothing.
func Icon(name string) string {
	if href, ok := icons()[name]; ok {
		return href
	}
	return URL("icons.svg") + "#" + name
}

// Check says in one line what to do when the third-party files are missing.
func Check() error { return check(stocked()) }

func check(s shelf) error {
	for _, name := range needed {
		if _, ok := s.urls[name]; !ok {
			return fmt.Errorf("static/vendor/%s is not in this binary: run `make assets` and build again", name)
		}
	}
	return nil
}

func stock(files fs.FS) shelf {
	s := shelf{files: map[string]File{}, urls: map[string]string{}}
	_ = fs.WalkDir(files, ".", func(at string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() || types[path.Ext(at)] == "" {
			return err
		}
		return s.add(files, at)
	})
	return s
}

func (s shelf) add(files fs.FS, at string) error {
	content, err := fs.ReadFile(files, at)
	if err != nil {
		return err
	}
	packed, err := fs.ReadFile(files, at+".gz")
	if err != nil {
		packed = nil // small or already packed: sent plain
	}
	sum := sha256.Sum256(content)
	name := strings.TrimPrefix(at, "vendor/")
	key := hex.EncodeToString(sum[:6]) + "/" + name
	s.files[key] = File{Type: types[path.Ext(at)], Plain: content, Packed: packed}
	s.urls[name] = "/static/" + key
	return nil
}

var types = map[string]string{
	".css":   "text/css; charset=utf-8",
	".js":    "text/javascript; charset=utf-8",
	".svg":   "image/svg+xml",
	".woff2": "font/woff2",
}
