package app

import (
	"fmt"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"gsl/app/access"
)

// typist writes a report as the page does: letter after letter, each save with
// all that stands in the field, at the latest a second and a half after the
// first letter that is not kept.
type typist struct {
	*visitor
	report string
	seen   string      // version of the part when the page was opened
	typed  []time.Time // when each letter was typed
	text   strings.Builder
}

// The page's own delay: see keepSoon in static/keep.js.
const keptAtTheLatest = 1500 * time.Millisecond

func (p *typist) letter(n int) {
	_, _ = fmt.Fprintf(&p.text, "%c", 'a'+n%26)
	p.typed = append(p.typed, time.Now())
}

func (p *typist) save(turn int) {
	got := p.post("/reports/"+p.report+"/parts/opinion", url.Values{"page": {"typist"}, "turn": {fmt.Sprint(turn)}, "seen[opinion]": {p.seen}, "opinion_text": {p.text.String()}})
	if got.status != http.StatusOK && got.status != http.StatusSeeOther {
		p.t.Fatalf("a save answered %d", got.status)
	}
}

// The program is killed while somebody types: all but what was typed in the last
// two seconds is there when it starts again.
func TestKilledWhileTypingLosesTwoSecondsAtMost(t *testing.T) {
	h := newHouse(t)
	report := h.report("05802")
	if err := h.app.Close(); err != nil {
		t.Fatal(err)
	}
	base, kill := program(t, h.config.Data)
	h.url = base
	p := &typist{visitor: h.as(access.CaseManager, "05802"), report: report}
	p.seen = regexp.MustCompile(`name="seen\[opinion\]" value="(\d+)"`).FindStringSubmatch(p.get("/reports/" + report + "/edit").body)[1]
	p.t = quiet{t} // when the program dies, requests fail
	var killed atomic.Int64
	time.AfterFunc(5*time.Second, func() { killed.Store(time.Now().UnixNano()); kill() })
	p.typeUntil(func() bool { return killed.Load() != 0 })
	kill() // waits until the process is gone
	h.open()

	kept := h.one("05802", `SELECT json_extract(body, '$.text') FROM report_part WHERE part = 'opinion' AND report_id = '`+report+`'`)
	if !strings.HasPrefix(p.text.String(), kept) || kept == "" || !regexp.MustCompile(`^[a-z]+$`).MatchString(kept) {
		t.Fatalf("kept %q of %q", kept, p.text.String())
	}
	end := time.Unix(0, killed.Load())
	for i, at := range p.typed {
		if i >= len(kept) && end.Sub(at) > 2*time.Second {
			t.Fatalf("letter %d is lost, typed %v before the end; %d of %d are kept", i, end.Sub(at), len(kept), len(p.typed))
		}
	}
}

// typeUntil types on until it is over, and keeps as the page does.
func (p *typist) typeUntil(over func() bool) {
	defer func() { _ = recover() }() // quiet.Fatalf: the program is gone
	var waiting time.Time
	fast := time.NewTicker(40 * time.Millisecond)
	defer fast.Stop()
	for n, turn := 0, 0; !over(); n++ {
		<-fast.C
		p.letter(n)
		if waiting.IsZero() {
			waiting = time.Now()
		}
		if time.Since(waiting) >= keptAtTheLatest {
			turn++
			waiting = time.Time{}
			p.save(turn)
		}
	}
}

// Every long form keeps itself by the same script, a part with a name of its own
// at a time; a page without one does not load it.
func TestLongFormsKeepThemselves(t *testing.T) {
	h := newHouse(t)
	const limache = "05802"
	manager := h.as(access.CaseManager, limache)
	file := h.one(limache, `SELECT file_id FROM case_file WHERE status = 'assigned' AND worker_id = '`+h.userOf(access.CaseManager, limache)+`' ORDER BY id LIMIT 1`)
	manager.post("/files/"+file+"/diagnosis/start", url.Values{})
	part := regexp.MustCompile(`id="[\w-]+" data-keep="(/[^"]+)"`)
	for path, draft := range map[string]string{
		"/files/" + file + "/notes":               "/files/" + file + "/notes/draft",
		"/files/" + file + "/diagnosis":           "/files/" + file + "/diagnosis/draft",
		"/visits/" + h.visit(limache) + "/record": "/visits/" + h.visit(limache) + "/draft",
		"/reports/" + h.report(limache) + "/edit": "/reports/" + h.report(limache) + "/parts/",
		"/files/" + file + "/screening":           "",
	} {
		page := manager.get(path)
		found := part.FindStringSubmatch(page.body)
		switch {
		case draft == "" && (found != nil || strings.Contains(page.body, "/keep.js")):
			t.Errorf("%s loads what it has no use for", path)
		case draft != "" && (found == nil || !strings.HasPrefix(found[1], draft) || !strings.Contains(page.body, `/keep.js"></script>`) || !strings.Contains(page.body, "data-kept")):
			t.Errorf("%s (%d) does not keep what is typed: %v", path, page.status, found)
		}
	}
}
