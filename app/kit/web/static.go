package web

import (
	"net/http"
	"strconv"
	"strings"

	"gsl/static"
)

// serveStatic sends an embedded file. Its hash is in its path, so it never changes.
func serveStatic(x *exchange, r *http.Request, path string, assets *stats) {
	x.route, x.stats = "/static", assets
	file, ok := static.Get(path)
	if !ok || (r.Method != http.MethodGet && r.Method != http.MethodHead) {
		http.Error(x, "404", http.StatusNotFound)
		return
	}
	h := x.Header()
	h["Cache-Control"] = []string{"public, max-age=31536000, immutable"}
	h["Content-Type"] = []string{file.Type}
	h["Vary"] = []string{"Accept-Encoding"}
	body := file.Plain
	if file.Packed != nil && acceptsGzip(r) {
		h["Content-Encoding"] = []string{"gzip"}
		body = file.Packed
	}
	h["Content-Length"] = []string{strconv.Itoa(len(body))}
	x.WriteHeader(http.StatusOK)
	if r.Method == http.MethodGet {
		_, _ = x.Write(body) // the peer went away: nobody is left to tell
	}
}

func acceptsGzip(r *http.Request) bool {
	for _, part := range strings.Split(r.Header.Get("Accept-Encoding"), ",") {
		name, quality, _ := strings.Cut(strings.TrimSpace(part), ";")
		if name == "gzip" && strings.TrimSpace(quality) != "q=0" {
			return true
		}
	}
	return false
}
