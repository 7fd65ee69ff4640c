package trail_test

import (
	"archive/zip"
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"runtime"
	"strings"
	"testing"
	"time"

	"gsl/app/kit/actor"
	"gsl/app/kit/audit"
	"gsl/app/kit/fault"
	"gsl/app/kit/held"
	"gsl/app/kit/pdf"
	"gsl/app/people"
	"gsl/app/trail"
	"gsl/tenants"
)

// holds fills the hooks with what two rooms and a shelf of documents hold.
func (o *office) holds(papers int, send func(ctx context.Context, out io.Writer) error) {
	o.service.Parts = []trail.Part{
		{Name: "identificacion", Key: "package.part.identification", Of: people.Held},
		{Name: "atenciones", Key: "package.part.attentions", Of: func(*tenants.Tx, people.File) ([]held.Record, error) {
			r := held.Of("Atención A-2026-00001", at("2026-11-18 09:00"))
			r.Add("topic", "Vivienda").Add("note", strings.Repeat("Contó con detalle. ", 60)).Add("outcome", held.Coded{Code: "oriented", Text: "Se orientó"})
			return []held.Record{r}, nil
		}},
		{Name: "solicitudes", Key: "package.part.requests", Of: trail.HeldRequests},
	}
	o.service.Papers = func(*tenants.Tx, actor.Actor, people.File) ([]trail.Paper, error) {
		var list []trail.Paper
		for i := range papers {
			list = append(list, trail.Paper{Name: fmt.Sprintf("identidad-%d.pdf", i), Record: held.Of("cédula.pdf", time.Time{}), Send: send})
		}
		return list, nil
	}
	o.service.Confidential = func(*tenants.Tx, people.File) (int, error) { return 2, nil }
}

func small(_ context.Context, out io.Writer) error {
	_, err := io.WriteString(out, "%PDF-1.7 una cédula")
	return err
}

func unpack(t *testing.T, body []byte) map[string][]byte {
	t.Helper()
	z, err := zip.NewReader(bytes.NewReader(body), int64(len(body)))
	if err != nil {
		t.Fatal(err)
	}
	files := map[string][]byte{}
	for _, f := range z.File {
		r, err := f.Open()
		if err != nil {
			t.Fatal(err)
		}
		if files[f.Name], err = io.ReadAll(r); err != nil {
			t.Fatal(err)
		}
	}
	return files
}

// The package: all that is held, for people and for machines, with its contents
// noted, what is left out said, and its own traces.
func TestTheWholeFileIsHandedOver(t *testing.T) {
	o := newOffice(t)
	o.holds(2, small)
	o.look(o.luis, "2026-11-18 22:10", "screening", "")
	r := o.receive(asking("k"))
	got := o.as(o.counterpart).PostForm("/requests/"+r.ID+"/package", url.Values{})
	if got.Status != http.StatusOK || got.Header.Get("Content-Type") != "application/zip" || got.Header.Get("Content-Disposition") != "attachment; filename=ficha-S-2026-0001.zip" {
		t.Fatal(got.Status, got.Header, got.Body)
	}
	files := unpack(t, []byte(got.Body))
	for _, name := range []string{"LEAME.txt", "ficha.pdf", "indice.json", "datos/identificacion.json", "datos/atenciones.json", "datos/solicitudes.json", "datos/documentos.json",
		"datos/consultas.json", "documentos/001-identidad-0.pdf", "documentos/002-identidad-1.pdf"} {
		if files[name] == nil {
			t.Errorf("no %s in %v", name, len(files))
		}
	}
	for _, want := range []string{"María Eugenia González Pérez", "S-2026-0001", "2 notas confidenciales", "solo se indica el nombre y el parentesco"} {
		if !strings.Contains(string(files["LEAME.txt"]), want) {
			t.Errorf("LEAME.txt lacks %q:\n%s", want, files["LEAME.txt"])
		}
	}
	checkIndex(t, files)
	checkData(t, files)
	text := pdfText(t, string(files["ficha.pdf"]))
	for _, want := range []string{"Ficha completa", "Vivienda", "Se orientó", "12.345.678-5", "Luis Moraga", "cédula.pdf", "Lo que no se entrega", "El registro está íntegro"} {
		if !strings.Contains(text, want) {
			t.Errorf("the paper lacks %q:\n%s", want, text)
		}
	}
	if strings.Contains(text+string(files["datos/consultas.json"]), "outside-hours") || strings.Contains(text, "horario habitual") {
		t.Error("the marks of workers were handed over")
	}
	if o.count(`SELECT count(*) FROM data_request_history WHERE what = 'package'`) != 1 || o.count(`SELECT count(*) FROM audit WHERE action = 'request.package'`) != 1 {
		t.Error("the handing over left no entry")
	}
	views, err := audit.Views(background, o.head, o.file.ID, 0, 1)
	if err != nil || len(views) != 1 || views[0].Action != "package" || views[0].Object != r.ID {
		t.Errorf("%+v %v", views, err)
	}
}

func checkIndex(t *testing.T, files map[string][]byte) {
	t.Helper()
	var index struct {
		Request string
		Files   []struct {
			Name, SHA256 string
			Size         int
		}
	}
	if err := json.Unmarshal(files["indice.json"], &index); err != nil || index.Request != "S-2026-0001" || len(index.Files) != len(files)-1 {
		t.Fatalf("%v %+v", err, index)
	}
	for _, f := range index.Files {
		sum := sha256.Sum256(files[f.Name])
		if f.Size != len(files[f.Name]) || f.SHA256 != hex.EncodeToString(sum[:]) {
			t.Errorf("%s is not as it is noted", f.Name)
		}
	}
}

func checkData(t *testing.T, files map[string][]byte) {
	t.Helper()
	for name, body := range files {
		var list []map[string]any
		if strings.HasPrefix(name, "datos/") {
			if err := json.Unmarshal(body, &list); err != nil {
				t.Errorf("%s: %v", name, err)
			}
		}
	}
	var looks []struct {
		Title, Reason string
		Role          held.Coded
	}
	if err := json.Unmarshal(files["datos/consultas.json"], &looks); err != nil || len(looks) < 2 || looks[len(looks)-1].Title != "Luis Moraga" || looks[len(looks)-1].Role.Code != "case_manager" {
		t.Errorf("%v %+v", err, looks)
	}
}

// Nobody but who answers requests gets it, and only for a request that asks for it.
func TestWhoGetsTheWholeFile(t *testing.T) {
	o := newOffice(t)
	o.holds(0, nil)
	r := o.receive(asking("k"))
	for _, who := range []actor.Actor{o.desk, o.camila, o.luis} {
		if _, err := o.service.Hand(background, who, pdf.NewPress(), r.ID); !fault.Is(err, fault.Forbidden) {
			t.Errorf("%s: %v", who.Role, err)
		}
	}
	stranger := o.head
	stranger.Municipality = lolol(o)
	if _, err := o.service.Hand(background, stranger, pdf.NewPress(), r.ID); !fault.Is(err, fault.NotFound) {
		t.Errorf("another municipality: %v", err)
	}
	erase := asking("k2")
	erase.Kind = trail.Erasure
	if _, err := o.service.Hand(background, o.head, pdf.NewPress(), o.receive(erase).ID); !fault.Is(err, fault.Invalid) {
		t.Errorf("for an erasure: %v", err)
	}
	if n := o.count(`SELECT count(*) FROM data_request_history WHERE what = 'package'`); n != 0 {
		t.Errorf("%d entries", n)
	}
}

// A package that breaks off does not look whole.
func TestAPackageThatBreaksOffIsNoPackage(t *testing.T) {
	o := newOffice(t)
	o.holds(2, func(_ context.Context, out io.Writer) error {
		_, _ = io.WriteString(out, "half")
		return errors.New("a piece is missing")
	})
	r := o.receive(asking("k"))
	var out bytes.Buffer
	h, err := o.service.Hand(background, o.head, pdf.NewPress(), r.ID)
	if err != nil {
		t.Fatal(err)
	}
	if err := h.Write(background, &out); err == nil {
		t.Error("written whole")
	}
	if _, err := zip.NewReader(bytes.NewReader(out.Bytes()), int64(out.Len())); err == nil {
		t.Error("it opens")
	}
	defer func() {
		if p := recover(); p != http.ErrAbortHandler {
			t.Errorf("the connection was not broken off: %v", p)
		}
	}()
	o.as(o.head).PostForm("/requests/"+r.ID+"/package", url.Values{})
}

// Two hundred megabytes of documents pass through without staying in memory.
func TestALargePackageStaysOutOfMemory(t *testing.T) {
	o := newOffice(t)
	piece := bytes.Repeat([]byte{7}, 512<<10)
	o.holds(40, func(_ context.Context, out io.Writer) error {
		for range 10 {
			if _, err := out.Write(piece); err != nil {
				return err
			}
		}
		return nil
	})
	h, err := o.service.Hand(background, o.head, pdf.NewPress(), o.receive(asking("k")).ID)
	if err != nil {
		t.Fatal(err)
	}
	var most memory
	if err := h.Write(background, &most); err != nil {
		t.Fatal(err)
	}
	if most.sent < 200<<20 {
		t.Errorf("only %d bytes", most.sent)
	}
	if grown := int64(most.peak) - int64(most.start); grown > 64<<20 {
		t.Errorf("the heap grew by %d MB", grown>>20)
	}
}

// memory counts what it is given and looks at the heap now and then.
type memory struct {
	sent, start, peak uint64
	writes            int
}

func (m *memory) Write(p []byte) (int, error) {
	m.sent += uint64(len(p))
	if m.writes%64 == 0 {
		var now runtime.MemStats
		runtime.ReadMemStats(&now)
		if m.start == 0 {
			m.start = now.HeapInuse
		}
		m.peak = max(m.peak, now.HeapInuse)
	}
	m.writes++
	return len(p), nil
}
