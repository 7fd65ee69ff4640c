package app

import (
	"context"
	"crypto/subtle"
	"maps"
	"net/http"
	"slices"
	"sort"
	"strings"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
	"github.com/prometheus/client_golang/prometheus/promhttp"

	"gsl/app/kit/calendar"
	"gsl/tenants"
)

// Metrics are read when Prometheus asks; nothing is counted twice, and nothing
// names a person. A municipality appears only by the name of its file, and only
// while its replica is behind.

// metricsHandler answers /metrics, with the token where one is set.
func (a *App) metricsHandler() http.Handler {
	registry := prometheus.NewRegistry()
	registry.MustRegister(collectors.NewGoCollector(), collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}), &watch{a: a})
	give := promhttp.HandlerFor(registry, promhttp.HandlerOpts{MaxRequestsInFlight: 4, Timeout: 10 * time.Second})
	mux := http.NewServeMux()
	mux.HandleFunc("GET /metrics", func(w http.ResponseWriter, r *http.Request) {
		if !a.knowsToken(r) {
			w.Header().Set("WWW-Authenticate", "Bearer")
			http.Error(w, "the token of GSL_METRICS_TOKEN, as a bearer", http.StatusUnauthorized)
			return
		}
		give.ServeHTTP(w, r)
	})
	return mux
}

func (a *App) knowsToken(r *http.Request) bool {
	if a.config.metricsToken == "" {
		return true
	}
	token, _ := strings.CutPrefix(r.Header.Get("Authorization"), "Bearer ")
	return subtle.ConstantTimeCompare([]byte(token), []byte(a.config.metricsToken)) == 1
}

// watch collects the program's own metrics.
type watch struct{ a *App }

// Describe says nothing beforehand: routes come and go with the version.
func (w *watch) Describe(chan<- *prometheus.Desc) {}

// collectWait bounds what a look at national.db may take.
const collectWait = 5 * time.Second

// Collect reads everything.
func (w *watch) Collect(out chan<- prometheus.Metric) {
	ctx, cancel := context.WithTimeout(context.Background(), collectWait)
	defer cancel()
	m := meter{out: out}
	m.gauge("gsl_build_info", "Version that runs.", 1, "version", version, "commit", commit)
	w.requests(m)
	w.sqlite(m)
	w.people(m)
	w.machine(m)
	w.certificate(m)
	w.municipalities(ctx, m)
	w.replicas(ctx, m)
	w.jobs(ctx, m)
	reasons, _ := w.a.reasons(ctx)
	m.gauge("gsl_ready", "1 while the server can work.", flag01(len(reasons) == 0))
}

func (w *watch) requests(m meter) {
	for _, f := range w.a.server.Figures() {
		for _, class := range slices.Sorted(maps.Keys(f.Answers)) {
			m.counter("gsl_requests_total", "Answers by pattern of the route.", float64(f.Answers[class]), "method", f.Method, "route", f.Path, "status", class)
		}
		m.histogram("gsl_request_seconds", "How long answers took.", f.Count, f.Seconds, f.Buckets, "method", f.Method, "route", f.Path)
	}
	for _, q := range w.a.server.Queues() {
		m.gauge("gsl_queue_running", "Requests at work behind a door.", float64(q.Running), "door", q.Name)
		m.gauge("gsl_queue_limit", "How many may work there at once.", float64(q.Most), "door", q.Name)
		m.gauge("gsl_queue_waiting", "Requests that wait there.", float64(q.Waiting), "door", q.Name)
		m.counter("gsl_queue_refused_total", "Requests answered 503 because too many waited.", float64(q.Refused), "door", q.Name)
	}
}

func (w *watch) sqlite(m meter) {
	for _, f := range w.a.Files.Figures() {
		for _, n := range []struct {
			name, help string
			value      uint64
		}{
			{"gsl_sqlite_reads_total", "Read transactions.", f.Views},
			{"gsl_sqlite_updates_total", "Changes that were asked for.", f.Updates},
			{"gsl_sqlite_commits_total", "Commits forced to the disk; changes share them.", f.Commits},
			{"gsl_sqlite_busy_total", "Changes refused because too many waited for the file.", f.Busy},
			{"gsl_sqlite_condemned_total", "Openings given up: damaged, missing, or the disk failed.", f.Condemned},
		} {
			m.counter(n.name, n.help, float64(n.value), "kind", f.Kind)
		}
		m.gauge("gsl_sqlite_open_files", "Files open now.", float64(f.Open), "kind", f.Kind)
		m.gauge("gsl_sqlite_waiting", "Changes that wait for their turn.", float64(f.Waiting), "kind", f.Kind)
		m.gauge("gsl_sqlite_wal_bytes", "All journals together.", float64(f.WAL), "kind", f.Kind)
		m.gauge("gsl_sqlite_wal_largest_bytes", "The largest journal.", float64(f.LargestWAL), "kind", f.Kind)
	}
}

func (w *watch) people(m meter) {
	l := w.a.Access.Logins()
	for outcome, n := range map[string]uint64{"ok": l.OK, "code": l.Code, "wrong": l.Wrong, "throttled": l.Throttled, "failed": l.Failed} {
		m.counter("gsl_logins_total", "Tries to sign in by how they ended.", float64(n), "outcome", outcome)
	}
	resting := false
	if guard, ok := w.a.registry.(interface{ Resting() bool }); ok {
		resting = guard.Resting()
	}
	m.gauge("gsl_registry_resting", "1 while the social registry fails and is not asked.", flag01(resting))
	m.gauge("gsl_mail_waiting", "Outboxes with letters to be sent.", float64(w.a.courier.Waiting()))
}

func (w *watch) machine(m meter) {
	var found machine
	found.ask(w.a.config.Data)
	m.gauge("gsl_disk_free_bytes", "Room where the data are.", float64(found.disk))
	m.gauge("gsl_disk_full", "1 while nothing can be saved.", flag01(w.a.Files.Full()))
	m.gauge("gsl_memory_limit_bytes", "Memory that the program may use.", float64(found.memory))
}

func (w *watch) certificate(m meter) {
	if w.a.doors == nil || w.a.doors.security == nil || w.a.doors.security.files == nil {
		return // a proxy's, or renewed by ACME a month before its end
	}
	files := w.a.doors.security.files
	m.gauge("gsl_tls_certificate_end_timestamp_seconds", "When the certificate in use ends.", float64(files.expires().Unix()))
	m.gauge("gsl_tls_reload_failed", "1 while the certificate files are bad and the old ones are in use.", flag01(files.failed.Load()))
}

func (w *watch) municipalities(ctx context.Context, m meter) {
	list, err := w.a.Files.Municipalities(ctx)
	if err != nil {
		return // gsl_ready says so
	}
	count := map[tenants.Status]int{tenants.Provisioning: 0, tenants.Active: 0, tenants.Suspended: 0, tenants.Archived: 0}
	for _, who := range list {
		count[who.Status]++
	}
	for status, n := range count {
		m.gauge("gsl_municipalities", "Municipalities by where they stand.", float64(n), "status", string(status))
	}
}

// mostBehind is how many files that are behind are named.
const mostBehind = 20

// behindAfter is the lag from which on a replica counts as behind.
const behindAfter = 10 * time.Second

func (w *watch) replicas(ctx context.Context, m meter) {
	list, err := w.a.Files.Replicas(ctx)
	if err != nil {
		return
	}
	count := map[string]int{"ok": 0, "behind": 0, "failed": 0, "none": 0}
	var sameDisk, undrilled, badDrills int
	var oldest time.Time
	for _, r := range list {
		count[standing(r)]++
		sameDisk += int(flag01(r.SameDisk))
		badDrills += int(flag01(r.DrillErr != ""))
		switch {
		case r.DrillAt.IsZero():
			undrilled++
		case oldest.IsZero() || r.DrillAt.Before(oldest):
			oldest = r.DrillAt
		}
	}
	for state, n := range count {
		m.gauge("gsl_replica_files", "Files by how they stand with their replica.", float64(n), "state", state)
	}
	m.gauge("gsl_replica_same_disk_files", "Files whose replica lies on their own disk: no backup.", float64(sameDisk))
	m.gauge("gsl_drill_missing_files", "Files that were never restored to see whether they can be.", float64(undrilled))
	m.gauge("gsl_drill_failed_files", "Files whose last drill failed.", float64(badDrills))
	if !oldest.IsZero() {
		m.gauge("gsl_drill_oldest_timestamp_seconds", "The longest ago of all files' last drills.", float64(oldest.Unix()))
	}
	w.behind(m, list)
}

// behind names the files that are furthest behind.
func (w *watch) behind(m meter, list []tenants.ReplicaStatus) {
	sort.SliceStable(list, func(i, j int) bool { return list[i].Lag > list[j].Lag })
	worst := 0.0
	for i, r := range list {
		if i == 0 {
			worst = r.Lag.Seconds()
		}
		if i < mostBehind && r.Lag > behindAfter {
			m.gauge("gsl_replica_lag_seconds", "Since when something of a file is missing in its replica; those behind only.", r.Lag.Seconds(), "file", r.File)
		}
	}
	m.gauge("gsl_replica_lag_max_seconds", "The largest lag of all files.", worst)
}

func standing(r tenants.ReplicaStatus) string {
	switch {
	case r.Target == "":
		return "none"
	case r.Err != "":
		return "failed"
	case r.Lag > behindAfter:
		return "behind"
	}
	return "ok"
}

func (w *watch) jobs(ctx context.Context, m meter) {
	list, err := w.a.scheduler.Figures(ctx)
	if err != nil {
		return
	}
	for _, j := range list {
		m.gauge("gsl_job_last_day_timestamp_seconds", "The last day that a job of the night was done for.", dayStart(j.Last), "job", j.Name)
		m.gauge("gsl_job_failing", "1 while its last try failed.", flag01(j.Failing), "job", j.Name)
		m.gauge("gsl_job_running", "1 while it runs.", flag01(j.Running), "job", j.Name)
	}
}

func dayStart(d calendar.Date) float64 {
	if d.IsZero() {
		return 0
	}
	return float64(time.Date(d.Year(), time.Month(d.Month()), d.Day(), 0, 0, 0, 0, calendar.Santiago).Unix())
}

func flag01(on bool) float64 {
	if on {
		return 1
	}
	return 0
}

// meter makes metrics of plain numbers. Labels are pairs of name and value.
type meter struct{ out chan<- prometheus.Metric }

func (m meter) describe(name, help string, labels []string) (*prometheus.Desc, []string) {
	var names, values []string
	for i := 0; i+1 < len(labels); i += 2 {
		names, values = append(names, labels[i]), append(values, labels[i+1])
	}
	return prometheus.NewDesc(name, help, names, nil), values
}

func (m meter) gauge(name, help string, value float64, labels ...string) {
	desc, values := m.describe(name, help, labels)
	m.out <- prometheus.MustNewConstMetric(desc, prometheus.GaugeValue, value, values...)
}

func (m meter) counter(name, help string, value float64, labels ...string) {
	desc, values := m.describe(name, help, labels)
	m.out <- prometheus.MustNewConstMetric(desc, prometheus.CounterValue, value, values...)
}

func (m meter) histogram(name, help string, count uint64, sum float64, buckets map[float64]uint64, labels ...string) {
	desc, values := m.describe(name, help, labels)
	m.out <- prometheus.MustNewConstHistogram(desc, count, sum, buckets, values...)
}
