package trail

import (
	"archive/zip"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"hash"
	"io"
	"strings"
	"time"

	"gsl/app/access"
	"gsl/app/kit/actor"
	"gsl/app/kit/audit"
	"gsl/app/kit/calendar"
	"gsl/app/kit/fault"
	"gsl/app/kit/held"
	"gsl/app/kit/i18n"
	"gsl/app/kit/pdf"
	"gsl/app/people"
	"gsl/tenants"
)

// Part is what one room holds of a person.
type Part struct {
	Name string // of the file in the package, without ending
	Key  string // translation key of its heading
	// Of gives the records, the newest first, in the language of the transaction's context.
	Of func(tx *tenants.Tx, f people.File) ([]held.Record, error)
}

// Paper is a document of the file as it came in.
type Paper struct {
	Name string // made by us
	held.Record
	Size int64
	Send func(ctx context.Context, out io.Writer) error
}

// Handing is a person's whole file on its way to them. Its entry in the register
// and in the trails is written; Write may begin.
type Handing struct {
	service *Service
	press   *pdf.Press
	who     actor.Actor
	request Request
	file    people.File
	now     time.Time
}

// hands reports whether the whole file answers such a request.
func (r *Request) hands() bool {
	return r.FileID != "" && (r.Kind == Access || r.Kind == Portability)
}

// Hand begins to hand the whole file of a request's person over. That it was handed
// over, by whom and when, is durable when it returns. fault.Invalid: the request
// asks for something else, or there is no file.
func (s *Service) Hand(ctx context.Context, who actor.Actor, press *pdf.Press, id string) (*Handing, error) {
	if err := may(who, access.AnswerAccess); err != nil {
		return nil, err
	}
	h := &Handing{service: s, press: press, who: who}
	err := who.Municipality.Update(ctx, func(tx *tenants.Tx) (err error) {
		if h.request, err = requestByID(tx, id); err != nil {
			return err
		}
		if !h.request.hands() {
			return fault.New(fault.Invalid, "request.error.no_package")
		}
		if h.file, err = people.Open(tx, h.request.FileID); err != nil {
			return err
		}
		h.now = tx.Now
		if err = addEntry(tx, who, id, "package", ""); err != nil {
			return err
		}
		return audit.Record(tx, who, audit.Change{Action: "request.package", Object: id, File: h.file.ID, Detail: map[string]string{"folio": h.request.Folio()}})
	})
	if err != nil {
		return nil, err
	}
	return h, audit.Looked(ctx, who, audit.View{File: h.file.ID, What: "package", Why: id})
}

// Name is what the package is called: it says the folio and nothing of the person.
func (h *Handing) Name() string { return "ficha-" + h.request.Folio() + ".zip" }

// entry is a file of the package in its table of contents.
type entry struct {
	Name   string `json:"name"`
	Size   int64  `json:"size"`
	SHA256 string `json:"sha256"`
}

// archive is a zip on its way out that notes what it holds.
type archive struct {
	out     *zip.Writer
	at      time.Time
	entries []entry
}

// add writes one file, piece by piece, and notes its hash.
func (a *archive) add(name string, packed bool, write func(io.Writer) error) error {
	method := zip.Deflate
	if packed { // pictures and papers are already
		method = zip.Store
	}
	w, err := a.out.CreateHeader(&zip.FileHeader{Name: name, Method: method, Modified: a.at})
	if err != nil {
		return err
	}
	c := &counter{out: w, sum: sha256.New()}
	if err := write(c); err != nil {
		return err
	}
	a.entries = append(a.entries, entry{name, c.size, hex.EncodeToString(c.sum.Sum(nil))})
	return nil
}

// counter notes length and hash of what passes.
type counter struct {
	out  io.Writer
	sum  hash.Hash
	size int64
}

func (c *counter) Write(p []byte) (int, error) {
	n, err := c.out.Write(p)
	c.sum.Write(p[:n])
	c.size += int64(n)
	return n, err
}

// gathered is what the paper says of one part.
type gathered struct {
	key     string
	records []held.Record
	total   int
}

// mostOnPaper is how many records of one part the paper shows; all stand in the
// files for machines.
const mostOnPaper = 1000

// Write sends the package: each part is read by itself and sent before the next is
// read, so that a slow line keeps no transaction open and little in memory.
func (h *Handing) Write(ctx context.Context, out io.Writer) error {
	ctx = i18n.With(ctx, i18n.Spanish) // what a municipality hands over is in Spanish
	a := &archive{out: zip.NewWriter(out), at: h.now.In(calendar.Santiago)}
	papers, err := h.papers(ctx, h.service.Papers)
	if err != nil {
		return err
	}
	reports, err := h.papers(ctx, h.service.Reports)
	if err != nil {
		return err
	}
	if err := a.add("LEAME.txt", false, func(w io.Writer) error { return h.readme(ctx, w) }); err != nil {
		return err
	}
	parts, err := h.parts(ctx, a)
	if err != nil {
		return err
	}
	signed, err := h.documents(ctx, a, "informes", "package.part.papers", reports)
	if err != nil {
		return err
	}
	docs, err := h.documents(ctx, a, "documentos", "package.part.documents", papers)
	if err != nil {
		return err
	}
	looks, err := h.looks(ctx, a)
	if err != nil {
		return err
	}
	if err := h.paper(ctx, a, append(parts, signed, docs, looks)); err != nil {
		return err
	}
	if err := h.contents(a); err != nil {
		return err
	}
	return a.out.Close()
}

// parts writes what each room holds for machines, and keeps what the paper shows.
func (h *Handing) parts(ctx context.Context, a *archive) ([]gathered, error) {
	list := make([]gathered, 0, len(h.service.Parts)+2)
	for _, part := range h.service.Parts {
		var records []held.Record
		err := h.who.Municipality.View(ctx, func(tx *tenants.Tx) (err error) {
			records, err = part.Of(tx, h.file)
			return err
		})
		if err != nil {
			return nil, fmt.Errorf("package: %s: %w", part.Name, err)
		}
		if err := a.add("datos/"+part.Name+".json", false, func(w io.Writer) error { return writeRecords(w, records) }); err != nil {
			return nil, err
		}
		list = append(list, gathered{part.Key, records[:min(len(records), mostOnPaper)], len(records)})
	}
	return list, nil
}

// writeRecords writes a list one record at a time.
func writeRecords(w io.Writer, records []held.Record) error {
	for i := range records {
		start := ",\n"
		if i == 0 {
			start = "[\n"
		}
		text, err := json.Marshal(records[i])
		if err == nil {
			_, err = fmt.Fprintf(w, "%s%s", start, text)
		}
		if err != nil {
			return err
		}
	}
	end := "\n]\n"
	if len(records) == 0 {
		end = "[]\n"
	}
	_, err := io.WriteString(w, end)
	return err
}

// papers lists papers of the file.
func (h *Handing) papers(ctx context.Context, of func(*tenants.Tx, actor.Actor, people.File) ([]Paper, error)) (list []Paper, err error) {
	if of == nil {
		return nil, nil
	}
	err = h.who.Municipality.View(ctx, func(tx *tenants.Tx) error {
		list, err = of(tx, h.who, h.file)
		return err
	})
	return list, err
}

// dataNames are the files for machines that list what stands in a folder.
var dataNames = map[string]string{"documentos": "documentos", "informes": "informes-firmados"}

// documents sends papers into a folder, one after the other, each piece by piece.
func (h *Handing) documents(ctx context.Context, a *archive, folder, key string, papers []Paper) (gathered, error) {
	g := gathered{key: key, total: len(papers)}
	for i := range papers {
		p := &papers[i]
		name := fmt.Sprintf("%s/%03d-%s", folder, i+1, p.Name)
		if err := a.add(name, true, func(w io.Writer) error { return p.Send(ctx, w) }); err != nil {
			return g, err
		}
		p.Add("file", name).Add("sha256", a.entries[len(a.entries)-1].SHA256)
		g.records = append(g.records, p.Record)
	}
	return g, a.add("datos/"+dataNames[folder]+".json", false, func(w io.Writer) error { return writeRecords(w, g.records) })
}

// contents closes the package with what is in it, so that a missing or changed
// file shows.
func (h *Handing) contents(a *archive) error {
	files := a.entries
	return a.add("indice.json", false, func(w io.Writer) error {
		e := json.NewEncoder(w)
		e.SetIndent("", "  ")
		return e.Encode(map[string]any{
			"municipality": h.who.Municipality.Name, "request": h.request.Folio(), "made_at": h.now.UTC().Format(time.RFC3339), "files": files,
		})
	})
}

// readme says in plain words what is in the package and what is not.
func (h *Handing) readme(ctx context.Context, w io.Writer) error {
	args := map[string]any{"Name": h.who.Municipality.Name, "Folio": h.request.Folio(), "On": i18n.DateTime(ctx, h.now), "Person": people.DisplayName(ctx, h.file), "Number": h.file.Number()}
	lines := []string{i18n.Tf(ctx, "package.readme", args), ""}
	for _, key := range []string{"package.readme.pdf", "package.readme.json", "package.readme.reports", "package.readme.documents", "package.readme.index"} {
		lines = append(lines, "- "+i18n.T(ctx, key))
	}
	lines = append(lines, "", i18n.T(ctx, "package.readme.left"))
	left, err := h.service.left(ctx, h.who, h.file)
	if err != nil {
		return err
	}
	for _, text := range left {
		lines = append(lines, "- "+text)
	}
	lines = append(lines, "", i18n.T(ctx, "package.readme.rights"), "")
	_, err = io.WriteString(w, strings.Join(lines, "\r\n"))
	return err
}

// left says what stays out of the package, with the reason.
func (s *Service) left(ctx context.Context, who actor.Actor, f people.File) ([]string, error) {
	list := []string{i18n.T(ctx, "package.left.others")}
	if s.Confidential == nil {
		return append(list, i18n.T(ctx, "package.left.notes")), nil
	}
	n := 0
	err := who.Municipality.View(ctx, func(tx *tenants.Tx) (err error) {
		n, err = s.Confidential(tx, f)
		return err
	})
	if n > 0 {
		return append(list, i18n.Tf(ctx, "package.left.confidential", map[string]any{"Count": n})), err
	}
	return append(list, i18n.T(ctx, "package.left.notes")), err
}
