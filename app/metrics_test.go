//go:build linux

package app

import (
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"go.yaml.in/yaml/v3"

	"gsl/app/access"
)

// scrape reads the metrics as Prometheus does.
func (h *house) scrape(t *testing.T, token string) (int, string) {
	t.Helper()
	r := httptest.NewRequest(http.MethodGet, "/metrics", nil)
	if token != "" {
		r.Header.Set("Authorization", "Bearer "+token)
	}
	w := httptest.NewRecorder()
	h.app.metricsHandler().ServeHTTP(w, r)
	return w.Code, w.Body.String()
}

// What the desks do is counted by pattern, and no metric names a person or an
// office's work: the canary of the logs is theirs too.
func TestMetricsCountAndNameNobody(t *testing.T) {
	h := newHouse(t)
	v := h.as(access.CaseManager, "05802")
	run, words := h.canary()
	file := h.lookup(v, run)
	v.get("/files/" + file + "/screening")
	v.get("/nowhere/" + run.String())
	_, text := h.scrape(t, "")
	for _, want := range []string{
		`gsl_requests_total{method="GET",route="/files/:file/screening",status="2xx"} 1`,
		`gsl_requests_total{method="",route="",status="4xx"} 1`,
		`gsl_logins_total{outcome="ok"} 1`, `gsl_municipalities{status="active"} 3`, `gsl_sqlite_open_files{kind="national"} 1`,
		`gsl_ready 1`, `gsl_job_failing{job="drill"} 0`, `gsl_registry_resting 0`, `gsl_queue_limit{door="inside"} 64`, `go_goroutines`, `process_open_fds`,
	} {
		if !strings.Contains(text, want) {
			t.Errorf("no %s in\n%s", want, text)
		}
	}
	for _, word := range append([]string{file, run.String(), run.Format(), "Limache"}, words...) {
		if strings.Contains(text, word) {
			t.Errorf("the metrics hold %q", word)
		}
	}
}

// With a token nobody reads without it.
func TestMetricsAskForTheirToken(t *testing.T) {
	h := newHouse(t)
	h.app.config.metricsToken = "a token that nobody guesses"
	for token, want := range map[string]int{"": http.StatusUnauthorized, "another": http.StatusUnauthorized, h.app.config.metricsToken: http.StatusOK} {
		if got, _ := h.scrape(t, token); got != want {
			t.Errorf("%q: %d", token, got)
		}
	}
}

// Every metric that the dashboard shows or an alert watches is one that there
// is: a misspelt name would never warn anybody.
func TestDashboardAndAlertsNameMetricsThatThereAre(t *testing.T) {
	h := newHouse(t)
	h.as(access.CaseManager, "05802")
	_, text := h.scrape(t, "")
	known := regexp.MustCompile(`(?m)^# TYPE (\S+)`).FindAllStringSubmatch(text, -1)
	var names []string
	for _, m := range known {
		names = append(names, m[1])
	}
	// Those that are only there when something is so, named in metrics.go.
	source, err := os.ReadFile("metrics.go")
	if err != nil {
		t.Fatal(err)
	}
	names = append(names, regexp.MustCompile(`gsl_[a-z_]+`).FindAllString(string(source), -1)...)
	for _, path := range []string{"../deploy/grafana/gsl.json", "../deploy/alerts.yml"} {
		content, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		used := regexp.MustCompile(`\b(gsl|go|process)_[a-z_]+[a-z]`).FindAllString(string(content), -1)
		if len(used) < 10 {
			t.Errorf("%s names %d metrics only", path, len(used))
		}
		for _, name := range used {
			base := name
			for _, suffix := range []string{"_bucket", "_sum", "_count"} {
				base = strings.TrimSuffix(base, suffix)
			}
			if !slices.Contains(names, name) && !slices.Contains(names, base) {
				t.Errorf("%s: there is no metric %s", path, name)
			}
		}
	}
}

func TestTheDashboardIsJSON(t *testing.T) {
	content, err := os.ReadFile("../deploy/grafana/gsl.json")
	if err != nil {
		t.Fatal(err)
	}
	var board struct {
		Title  string
		Panels []struct {
			Title   string
			GridPos struct{ W, H, X, Y int }
			Targets []struct{ Expr string }
		}
	}
	if err := json.Unmarshal(content, &board); err != nil {
		t.Fatal(err)
	}
	if board.Title == "" || len(board.Panels) < 8 {
		t.Errorf("%q with %d panels", board.Title, len(board.Panels))
	}
	for _, p := range board.Panels {
		if p.Title == "" || p.GridPos.W == 0 || p.GridPos.X+p.GridPos.W > 24 {
			t.Errorf("%+v", p)
		}
	}
}

// What an operator copies can be read, and keeps the image from being more than it is.
func TestFilesForOperatorsCanBeRead(t *testing.T) {
	for _, path := range []string{"../compose.yaml", "../deploy/alerts.yml"} {
		content, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		var any map[string]any
		if err := yaml.Unmarshal(content, &any); err != nil {
			t.Errorf("%s: %v", path, err)
		}
	}
	t.Setenv("LITESTREAM_ACCESS_KEY_ID", "key")
	t.Setenv("LITESTREAM_SECRET_ACCESS_KEY", "muy secreta")
	code, out, errOut := gslEnv(t, map[string]string{"GSL_DATA": t.TempDir()}, "serve", "--check", "--litestream", "../deploy/litestream.s3.yml")
	if code != exitDone || !strings.Contains(out, "replicas go to s3 gsl/chile") || strings.Contains(out, "secreta") {
		t.Errorf("%d %q %q", code, out, errOut)
	}
}

// promtool, where it is installed, reads the rules as Prometheus does.
func TestAlertRulesAreGood(t *testing.T) {
	tool, err := exec.LookPath("promtool")
	if err != nil {
		t.Skip("promtool is not installed")
	}
	if out, err := exec.Command(tool, "check", "rules", filepath.Join("..", "deploy", "alerts.yml")).CombinedOutput(); err != nil {
		t.Errorf("%v\n%s", err, out)
	}
	h := newHouse(t)
	h.as(access.CaseManager, "05802")
	_, text := h.scrape(t, "")
	lint := exec.Command(tool, "check", "metrics")
	lint.Stdin = strings.NewReader(text)
	if out, err := lint.CombinedOutput(); err != nil {
		t.Errorf("%v\n%s", err, out)
	}
}

// The metrics answer at an address of their own, and nowhere else.
func TestMetricsHaveAnAddressOfTheirOwn(t *testing.T) {
	h := newHouse(t)
	if got := h.visitor().get("/metrics"); got.status != http.StatusNotFound {
		t.Errorf("the desks' address answers /metrics with %d", got.status)
	}
	metrics := listenLoopback(t)
	desks := listenLoopback(t)
	h.app.doors = &doors{desks: desks, metrics: metrics}
	h.serveOn(t, desks)
	answer, err := http.Get("http://" + metrics.Addr().String() + "/metrics")
	if err != nil {
		t.Fatal(err)
	}
	defer answer.Body.Close()
	text, _ := io.ReadAll(answer.Body)
	if answer.StatusCode != http.StatusOK || !strings.Contains(string(text), "gsl_build_info") {
		t.Errorf("%d %s", answer.StatusCode, text)
	}
}
