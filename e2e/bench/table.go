package main

import (
	"fmt"
	"io"
	"runtime"
	"strings"
	"text/tabwriter"
)

// The names that the goals are looked up by.
const (
	screeningPage = "screening page"
	silently      = ", audit taken out"
	planPDF       = "plan PDF"
	cartAdd       = "cart add"
)

// results is everything that a run found.
type results struct {
	Pages   []measured
	Desks   *deskResults
	Rush    *rushed
	Imports []imported
	Starts  []started

	Nation   *nation
	Restores []restored
	Uploads  []uploaded
}

func (r *results) print(out io.Writer) {
	w := tabwriter.NewWriter(out, 0, 0, 2, ' ', tabwriter.AlignRight)
	_, _ = fmt.Fprintf(out, "\n%d cores, %s. bare = a net/http handler that returns the same bytes and headers, in the same process.\n"+
		"Medians; \"others\" is what other programs took of the machine meanwhile: above a few per cent the figures of that line are theirs too.\n", runtime.NumCPU(), runtime.Version())
	printPages(w, "path", r.Pages)
	r.printDesks(w)
	r.printRush(w)
	r.printImports(w)
	r.printStarts(w)
	r.printNation(w)
	r.printRestores(w)
	r.printUploads(w)
	r.printGoals(w)
	_ = w.Flush() // to the terminal
}

func row(w io.Writer, cells ...any) {
	for _, cell := range cells {
		_, _ = fmt.Fprint(w, cell, "\t")
	}
	_, _ = fmt.Fprintln(w)
}

// printDesks prints what desks do with the referrals of a large municipality.
func (r *results) printDesks(w io.Writer) {
	if r.Desks == nil {
		return
	}
	printPages(w, fmt.Sprintf("with %d referrals, %d named files", benchReferrals, benchNames), r.Desks.Pages)
	row(w)
	row(w, "poll", "requests/s", "p50 ms", "p99 ms", "CPU µs", "of one core", "others")
	p := r.Desks.Poll
	row(w, fmt.Sprintf("%d sessions every %d s", pollSessions, pollInterval), whole(p.Rate), two(p.P50/1000), two(p.P99/1000), whole(p.CPU), share100(r.Desks.ofCore()), share100(p.Others))
}

// sameClass is the share of the screening page's rate from which another page is
// of its class: a list of fifty rows with their forms may cost twice as much.
const sameClass = 0.5

// ofCore is what the polls of all sessions take of one core: what the whole
// process used while they came at that rate.
func (d *deskResults) ofCore() float64 { return d.Poll.CPU * d.Poll.Rate / 1e6 }

func printPages(w io.Writer, title string, list []measured) {
	if len(list) == 0 {
		return
	}
	row(w)
	row(w, title, "KB", "requests/s", "p50 ms", "p99 ms", "CPU µs", "allocations", "bare req/s", "bare CPU µs", "of bare req/s", "bare/its CPU", "others")
	for _, m := range list {
		row(w, m.Name, one(float64(m.Size)/1024), whole(m.Page.Rate), two(m.Page.P50/1000), two(m.Page.P99/1000), whole(m.Page.CPU), whole(m.Page.Allocs),
			whole(m.Bare.Rate), one(m.Bare.CPU), share100(m.ofBare()), share100(m.Bare.CPU/m.Page.CPU), share100(max(m.Page.Others, m.Bare.Others)))
	}
}

func (m *measured) ofBare() float64 { return m.Page.Rate / m.Bare.Rate }

func (r *results) printRush(w io.Writer) {
	if r.Rush == nil {
		return
	}
	row(w)
	row(w, "rush", "requests/s", "p50 ms", "p99 ms", "max ms", "PDF p50 ms", "PDF p99 ms", "PDFs/s", "rows/s imported", "others")
	p := r.Rush.Page
	row(w, fmt.Sprintf("screening at %d/s", rushRate), whole(p.Rate), two(p.P50/1000), two(p.P99/1000), two(p.Max/1000),
		two(r.Rush.PDF.P50/1000), two(r.Rush.PDF.P99/1000), whole(r.Rush.PDF.Rate), whole(r.Rush.Imported), share100(p.Others))
}

func (r *results) printImports(w io.Writer) {
	if len(r.Imports) == 0 {
		return
	}
	row(w)
	row(w, "import", "rows", "rows/s", "sqlite3 .import rows/s", "of the shell", "own memory MB", "with file pages MB")
	for _, i := range r.Imports {
		shell, ratio := "", ""
		if i.Shell > 0 {
			shell, ratio = whole(i.Shell), share100(i.Ours/i.Shell)
		}
		row(w, i.Name, i.Rows, whole(i.Ours), shell, ratio, one(i.AnonPeak), one(i.TotalPeak))
	}
}

func (r *results) printStarts(w io.Writer) {
	if len(r.Starts) == 0 {
		return
	}
	row(w)
	row(w, "start", "first 200 ms", "ready ms", "idle RssAnon MB", "idle RSS MB")
	for _, s := range r.Starts {
		row(w, s.Name, whole(s.First), whole(s.Ready), one(s.Anon), one(s.Total))
	}
}

// goal is a promise of the design with what was found.
type goal struct {
	what string
	want string
	text string
	met  bool
}

func (r *results) printGoals(w io.Writer) {
	row(w)
	row(w, "goal", "wanted", "found", "")
	for _, g := range r.goals() {
		verdict := "met"
		if !g.met {
			verdict = "MISSED"
		}
		row(w, g.what, g.want, g.text, verdict)
	}
}

func (r *results) goals() (list []goal) {
	atLeast := func(what string, want, found float64) {
		list = append(list, goal{what: what, want: "≥ " + share100(want), text: share100(found), met: found >= want})
	}
	atMost := func(what, unit string, want, found float64) {
		list = append(list, goal{what: what, want: fmt.Sprintf("≤ %.0f %s", want, unit), text: one(found) + " " + unit, met: found <= want})
	}
	for i := range r.Pages {
		switch m := &r.Pages[i]; m.Name {
		case screeningPage:
			atLeast("screening page, audit durable, of bare", 0.10, m.ofBare())
		case screeningPage + silently:
			atLeast("screening page, audit taken out, of bare", 0.18, m.ofBare())
		case cartAdd:
			atMost("cart add p99", "ms", 20, m.Page.P99/1000)
		case planPDF:
			atMost("plan PDF p50", "ms", 10, m.Page.P50/1000)
		}
	}
	if r.Desks != nil {
		for i := range r.Desks.Pages {
			switch m := &r.Desks.Pages[i]; m.Name {
			case besideInbox:
				atLeast("inbox page, of the screening page's requests/s", sameClass, r.Desks.Pages[i-1].Page.Rate/m.Page.Rate)
			case boardPage:
				if i+1 < len(r.Desks.Pages) {
					atLeast(fmt.Sprintf("caseload board of %d, of the screening page's requests/s", benchCases), sameClass, m.Page.Rate/r.Desks.Pages[i+1].Page.Rate)
				}
			case reportPDF:
				atMost("report PDF of six pages p50", "ms", 25, m.Page.P50/1000)
			case typeSave:
				atMost("report, a save while typing p99", "ms", 15, m.Page.P99/1000)
			case closeAnswer:
				atMost("answer that closes a plan p99", "ms", 25, m.Page.P99/1000)
			case searchWhole:
				atMost("search by beginnings of names p99", "ms", 5, m.Page.P99/1000)
			case searchTypo:
				atMost("search with one letter wrong p99", "ms", 25, m.Page.P99/1000)
			}
		}
		list = append(list, goal{what: fmt.Sprintf("polls of %d sessions, of one core", pollSessions), want: "≤ 10.0 %", text: share100(r.Desks.ofCore()), met: r.Desks.ofCore() <= 0.10})
	}
	if r.Rush != nil {
		atMost(fmt.Sprintf("screening p99 at %d/s with import and PDFs", rushRate), "ms", 50, r.Rush.Page.P99/1000)
	}
	for _, i := range r.Imports {
		if i.Shell > 0 {
			atLeast("import of "+i.Name+", of the shell", 0.70, i.Ours/i.Shell)
		}
	}
	list = append(list, r.nationGoals()...)
	for _, back := range r.Restores {
		atMost("restore, "+back.Name, "s", back.Goal, back.Seconds)
	}
	for _, u := range r.Uploads {
		atMost("memory of uploads "+u.Name, "MB", u.Goal, u.Anon)
	}
	for _, s := range r.Starts {
		if strings.HasPrefix(s.Name, "demo") {
			atMost("start to first answer", "ms", 150, s.First)
		} else {
			atMost("ready with 345 municipalities", "ms", 1000, s.Ready)
		}
		atMost("idle RssAnon, "+s.Name, "MB", 30, s.Anon)
	}
	return list
}

func whole(x float64) string    { return fmt.Sprintf("%.0f", x) }
func one(x float64) string      { return fmt.Sprintf("%.1f", x) }
func two(x float64) string      { return fmt.Sprintf("%.2f", x) }
func share100(x float64) string { return fmt.Sprintf("%.1f %%", x*100) }
