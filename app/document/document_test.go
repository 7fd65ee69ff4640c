package document_test

import (
	"archive/zip"
	"bytes"
	"context"
	"crypto/sha256"
	"errors"
	"image"
	"image/jpeg"
	"image/png"
	"io"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"testing"
	"time"

	"gsl/app/access"
	"gsl/app/document"
	"gsl/app/kit/actor"
	"gsl/app/kit/audit"
	"gsl/app/kit/fault"
	"gsl/app/kit/web"
	"gsl/app/kit/web/webtest"
	"gsl/templates/layout"
	"gsl/tenants"
	"gsl/tenants/tenantstest"
)

const owner = "01J0000000000000000000OWNR"

// room is a municipality with a file and a service whose owners of the kind
// "test" are seen by everybody but those of the unit "blind".
type room struct {
	t       *testing.T
	m       *tenants.Municipality
	clock   *tenantstest.Clock
	service *document.Service
	file    string
}

func newRoom(t *testing.T) *room {
	t.Helper()
	files, clock := tenantstest.NewWithClock(t)
	r := &room{t: t, m: tenantstest.Municipality(t, files, "05802"), clock: clock, service: document.NewService(), file: "01J000000000000000000FILE1"}
	see := func(_ *tenants.Tx, who actor.Actor, id string) error {
		if who.UnitID == "blind" || id != owner {
			return fault.New(fault.NotFound, "fault.not_found")
		}
		return nil
	}
	hand := func(_ *tenants.Tx, who actor.Actor, _ string) error {
		if who.UnitID == "reader" {
			return fault.New(fault.Forbidden, "fault.forbidden")
		}
		return nil
	}
	r.service.Owners["test"] = document.Keeper{See: see, Hand: hand, Tell: func(_ *tenants.Tx, _ actor.Actor, id string) (document.Told, error) {
		return document.Told{FileID: r.file, Text: "Visita del 12-11-2026", Href: "/visits/" + id}, nil
	}}
	r.service.Owners[document.OfTheFile] = document.Keeper{See: func(*tenants.Tx, actor.Actor, string) error { return nil }, Hand: hand,
		Tell: func(_ *tenants.Tx, _ actor.Actor, id string) (document.Told, error) {
			return document.Told{FileID: id}, nil
		}}
	r.service.Frame = func(ctx context.Context, who actor.Actor, fileID, section, what string) (*layout.FileFrame, error) {
		if fileID != r.file {
			return nil, fault.New(fault.NotFound, "fault.not_found")
		}
		return &layout.FileFrame{FileID: fileID, Name: "María González"}, audit.Looked(ctx, who, audit.View{File: fileID, What: what})
	}
	r.update(func(tx *tenants.Tx) error {
		_, err := tx.Exec(`INSERT INTO file (id, run, created_at, created_by) VALUES (?,?,?,?)`, r.file, 12345678, "2026-11-21T15:00:00Z", "u")
		return err
	})
	return r
}

func (r *room) update(work func(*tenants.Tx) error) {
	r.t.Helper()
	if err := r.m.Update(context.Background(), work); err != nil {
		r.t.Fatal(err)
	}
}

func (r *room) worker(unit string) actor.Actor {
	return actor.Actor{UserID: "01J00000000000000000000USR", Name: "Camila Rojas", Role: access.CaseManager, UnitID: unit,
		Permissions: access.PermissionsOf(access.CaseManager, unit), Municipality: r.m}
}

// upload is a file as a form brings it.
func upload(name string, body []byte) (string, document.File, int64) {
	return name, bytes.NewReader(body), int64(len(body))
}

func (r *room) arrive(name string, body []byte) (document.Content, error) {
	n, f, size := upload(name, body)
	return r.service.Arrive(context.Background(), r.m, n, f, size)
}

func (r *room) attach(name string, body []byte) document.Document {
	r.t.Helper()
	content, err := r.arrive(name, body)
	if err != nil {
		r.t.Fatal(err)
	}
	var d document.Document
	r.update(func(tx *tenants.Tx) (err error) {
		d, err = r.service.Attach(tx, r.worker("social"), document.New{Content: content, Owner: document.Owner{Kind: "test", ID: owner},
			FileID: r.file, Kind: document.Income, Name: name})
		return err
	})
	return d
}

func (r *room) count(query string) (n int) {
	r.t.Helper()
	err := r.m.View(context.Background(), func(tx *tenants.Tx) error { return tx.QueryRow(query).Scan(&n) })
	if err != nil {
		r.t.Fatal(err)
	}
	return n
}

func paper(size int) []byte {
	body := append([]byte("%PDF-1.7\n"), bytes.Repeat([]byte("0123456789abcde\n"), size/16)...)
	return append(body, "%%EOF\n"...)
}

func picture(encode func(*bytes.Buffer, image.Image) error) []byte {
	var b bytes.Buffer
	if err := encode(&b, image.NewGray(image.Rect(0, 0, 8, 8))); err != nil {
		panic(err)
	}
	return b.Bytes()
}

var (
	photo = picture(func(b *bytes.Buffer, i image.Image) error { return jpeg.Encode(b, i, nil) })
	scan  = picture(func(b *bytes.Buffer, i image.Image) error { return png.Encode(b, i) })
)

// packed makes a zip of pairs of name and text.
func packed(parts ...string) []byte {
	var b bytes.Buffer
	w := zip.NewWriter(&b)
	for i := 0; i < len(parts); i += 2 {
		part, _ := w.Create(parts[i])
		_, _ = part.Write([]byte(parts[i+1]))
	}
	_ = w.Close()
	return b.Bytes()
}

// What a file is, its content says; a name that promises something else is a
// reason to ask.
func TestAFileIsWhatItsContentSays(t *testing.T) {
	r := newRoom(t)
	bomb := packed("word/document.xml", strings.Repeat("\x00", 40<<20))
	vast := bytes.Clone(scan)
	copy(vast[16:], []byte{0, 1, 0x86, 0xa0, 0, 1, 0x86, 0xa0}) // IHDR: 100.000 × 100.000; its checksum is wrong then, too
	for _, test := range []struct {
		name string
		body []byte
		want string // media type, or the key of the refusal
	}{
		{"carta.pdf", paper(100), document.PDF},
		{"CARTA.PDF", paper(100), document.PDF},
		{"foto.jpg", photo, document.JPEG},
		{"foto.jpeg", photo, document.JPEG},
		{"foto.png", scan, document.PNG},
		{"foto.webp", webp(' ', 8, 8), document.WebP},
		{"oficio.docx", packed("[Content_Types].xml", "x", "word/document.xml", "x"), document.Docx},
		{"nomina.xlsx", packed("[Content_Types].xml", "x", "xl/workbook.xml", "x"), document.Xlsx},
		{"oficio.odt", packed("mimetype", document.Odt, "content.xml", "x"), document.Odt},
		{"nomina.ods", packed("mimetype", document.Ods, "content.xml", "x"), document.Ods},

		{"foto.pdf", photo, "document.error.name"},
		{"carta.jpg", paper(100), "document.error.name"},
		{"carta", paper(100), "document.error.name"},
		{"carta.pdf.exe", paper(100), "document.error.name"},
		{"oficio.docx", packed("xl/workbook.xml", "x"), "document.error.name"},
		{"pagina.pdf", []byte("<html><script>alert(1)</script>"), "document.error.kind"},
		{"dibujo.png", []byte(`<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>`), "document.error.kind"},
		{"programa.docx", []byte("MZ\x90\x00\x03"), "document.error.kind"},
		{"viejo.doc", []byte("\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1........"), "document.error.kind"},
		{"archivo.docx", packed("carpeta/cosa.txt", "x"), "document.error.kind"},
		{"carta.pdf", []byte("%PDF-1.7\nsolo el comienzo"), "document.error.damaged"},
		{"foto.jpg", photo[:20], "document.error.damaged"},
		{"foto.png", scan[:12], "document.error.damaged"},
		{"oficio.docx", packed("word/document.xml", "x")[:40], "document.error.damaged"},
		{"oficio.docx", packed("word/document.xml", "x", "word/vbaProject.bin", "x"), "document.error.macros"},
		{"oficio.docx", bomb, "document.error.bomb"},
		{"vacio.pdf", nil, "document.error.empty"},
		{"largo.pdf", paper(document.Largest), "document.error.large"},
	} {
		content, err := r.arrive(test.name, test.body)
		got := content.Type
		if f := (*fault.Error)(nil); errors.As(err, &f) && len(f.Fields) == 1 && f.Fields[0].Name == "file" {
			got = f.Fields[0].Key
		} else if err != nil {
			t.Errorf("%s: %v", test.name, err)
		}
		if got != test.want {
			t.Errorf("%s of %d bytes: %q, want %q", test.name, len(test.body), got, test.want)
		}
	}
	if _, err := r.arrive("vasto.png", vast); !fault.Is(err, fault.Invalid) {
		t.Errorf("a picture of ten thousand million points: %v", err)
	}
}

func TestNamesAreMadeHarmless(t *testing.T) {
	r := newRoom(t)
	for i, test := range []struct{ in, want string }{
		{`C:\Users\Ana\informe.pdf`, "informe.pdf"},
		{"../../etc/passwd.pdf", "passwd.pdf"},
		{"fac\u202etura\x00.pdf", "factura.pdf"},
		{"  mi   carta .pdf", "mi carta .pdf"},
		{strings.Repeat("ñ", 300) + ".pdf", strings.Repeat("ñ", 115) + "….pdf"},
	} {
		d := r.attach(test.in, paper(100+16*i))
		if d.Name != test.want {
			t.Errorf("%q is shown as %q, want %q", test.in, d.Name, test.want)
		}
		if got := d.Filename(); !strings.HasPrefix(got, "ingresos-2026-11-21-") || !strings.HasSuffix(got, ".pdf") || strings.Contains(got, "informe") {
			t.Errorf("a download is called %q", got)
		}
	}
}

func TestTheSameContentIsOneDocument(t *testing.T) {
	r := newRoom(t)
	first, again := r.attach("carta.pdf", paper(2<<20)), r.attach("otra.pdf", paper(2<<20))
	if first.ID != again.ID || r.count(`SELECT count(*) FROM document`) != 1 {
		t.Error("handed in twice, two documents")
	}
	if n := r.count(`SELECT count(*) FROM audit WHERE action = 'document.add'`); n != 1 {
		t.Errorf("%d entries in the trail of changes", n)
	}
	if n := r.count(`SELECT count(*) FROM content`); n != 1 {
		t.Fatalf("%d contents: the second stays on the disk", n)
	}
	// What no document needs is swept a day later, by the next that arrives.
	if _, err := r.arrive("nadie.pdf", paper(700)); err != nil {
		t.Fatal(err)
	}
	r.clock.Advance(25 * time.Hour)
	r.attach("nueva.pdf", paper(500))
	if n := r.count(`SELECT count(*) FROM content`); n != 2 {
		t.Errorf("%d contents after the sweep", n)
	}
	if n := r.count(`SELECT count(*) FROM content_piece WHERE content_id NOT IN (SELECT id FROM content)`); n != 0 {
		t.Errorf("%d pieces of nothing", n)
	}
}

// Who wants to fill the disk finds an end: so much hangs on one thing, and no more.
func TestSoManyDocumentsAndNoMore(t *testing.T) {
	r := newRoom(t)
	for i := range 50 {
		r.attach("carta.pdf", paper(500+16*i))
	}
	r.attach("otra vez.pdf", paper(500)) // is there already
	content, err := r.arrive("carta.pdf", paper(2_000))
	if err != nil {
		t.Fatal(err)
	}
	err = r.m.Update(context.Background(), func(tx *tenants.Tx) error {
		_, err := r.service.Attach(tx, r.worker("social"), document.New{Content: content, Owner: document.Owner{Kind: "test", ID: owner}, FileID: r.file, Kind: document.Other})
		return err
	})
	if !fault.Is(err, fault.Invalid) || r.count(`SELECT count(*) FROM document`) != 50 {
		t.Errorf("one more: %v", err)
	}
}

// A content that broke off, or never became a document, is nobody's paper.
func TestHalfAContentIsNoDocument(t *testing.T) {
	r := newRoom(t)
	name, f, size := upload("carta.pdf", paper(3<<20))
	ctx, cancel := context.WithCancel(context.Background())
	_, err := r.service.Arrive(ctx, r.m, name, &stopping{File: f, after: 2, stop: cancel}, size)
	if err == nil {
		t.Fatal("arrived although the sender went away")
	}
	id := ""
	_ = r.m.View(context.Background(), func(tx *tenants.Tx) error { return tx.QueryRow(`SELECT id FROM content`).Scan(&id) })
	err = r.m.Update(context.Background(), func(tx *tenants.Tx) error {
		_, err := r.service.Attach(tx, r.worker("social"), document.New{Content: document.Content{ID: id}, Owner: document.Owner{Kind: "test", ID: owner}, FileID: r.file, Kind: document.Other})
		return err
	})
	if !fault.Is(err, fault.NotFound) {
		t.Errorf("half a content: %v", err)
	}
}

// stopping is a file whose sender goes away after some reads.
type stopping struct {
	document.File
	after int
	stop  func()
}

func (s *stopping) Read(p []byte) (int, error) {
	if s.after--; s.after == 0 {
		s.stop()
	}
	return s.File.Read(p)
}

func TestADocumentIsSentLockedDown(t *testing.T) {
	r := newRoom(t)
	c := webtest.New(t, r.worker("social"), r.mount)
	body := paper(3 << 20)
	d := r.attach("María González.pdf", body)
	got := c.Get("/documents/" + d.ID)
	if got.Status != http.StatusOK || got.Body != string(body) {
		t.Fatalf("answered %d with %d of %d bytes", got.Status, len(got.Body), len(body))
	}
	for name, want := range map[string]string{
		"Content-Type": document.PDF, "X-Content-Type-Options": "nosniff", "Cache-Control": "no-store",
		"Content-Disposition": `inline; filename=` + d.Filename(), "Referrer-Policy": "no-referrer",
	} {
		if got.Header.Get(name) != want {
			t.Errorf("%s is %q, want %q", name, got.Header.Get(name), want)
		}
	}
	if policy := got.Header.Get("Content-Security-Policy"); !strings.HasPrefix(policy, "default-src 'none'; form-action") || strings.Contains(policy, "allow") {
		t.Errorf("policy of a PDF that is shown %q", policy) // the browser's viewer does not start in a sandbox
	}
	picture := r.attach("foto.jpg", photo).ID
	shown := c.Get("/documents/" + picture)
	for what, got := range map[string]*webtest.Response{"picture": shown, "kept PDF": c.Get("/documents/" + d.ID + "?keep=1"), "kept workbook": c.Get("/documents/" + r.attach("nomina.xlsx", packed("xl/workbook.xml", "x")).ID)} {
		if policy := got.Header.Get("Content-Security-Policy"); !strings.HasPrefix(policy, "default-src 'none'; sandbox;") || strings.Contains(policy, "allow") {
			t.Errorf("policy of a %s %q", what, policy)
		}
		if how := got.Header.Get("Content-Disposition"); strings.HasPrefix(what, "kept") != strings.HasPrefix(how, "attachment; filename=ingresos-") {
			t.Errorf("a %s is sent as %q", what, how)
		}
	}
	if how := shown.Header.Get("Content-Disposition"); !strings.HasPrefix(how, "inline; filename=ingresos-") || shown.Body != string(photo) {
		t.Errorf("a picture is sent as %q", how)
	}
	if n := r.views("document"); n != 4 {
		t.Errorf("%d rows in the trail of views", n)
	}
}

// Who may not see what a document hangs on, and another municipality, get the
// 404 of a document that does not exist, and leave no row.
func TestADocumentIsSeenWithItsOwner(t *testing.T) {
	r := newRoom(t)
	d := r.attach("carta.pdf", paper(100))
	other := r.worker("social")
	other.Municipality = tenantstest.Municipality(t, tenantstest.New(t), "06304")
	nobody := r.worker("social")
	nobody.Permissions = actor.Of(access.SignedIn, access.Work)
	for what, who := range map[string]actor.Actor{"another unit": r.worker("blind"), "another municipality": other, "no permission": nobody} {
		if got := webtest.New(t, who, r.mount).Get("/documents/" + d.ID); got.Status != http.StatusNotFound {
			t.Errorf("%s: %d", what, got.Status)
		}
	}
	if got := webtest.New(t, r.worker("social"), r.mount).Get("/documents/01J0000000000000000000NONE"); got.Status != http.StatusNotFound {
		t.Errorf("unknown: %d", got.Status)
	}
	if n := r.views("document"); n != 0 {
		t.Errorf("%d rows in the trail of views", n)
	}
	if err := audit.Verify(context.Background(), r.m); err != nil {
		t.Error(err)
	}
}

func (r *room) views(what string) (n int) {
	r.t.Helper()
	err := r.m.Access().View(context.Background(), func(tx *tenants.Tx) error {
		return tx.QueryRow(`SELECT count(*) FROM access_view WHERE what = ? AND file_id = ?`, what, r.file).Scan(&n)
	})
	if err != nil {
		r.t.Fatal(err)
	}
	return n
}

func (r *room) mount(router *web.Router) {
	router.Object(web.Object{Param: "document", See: access.ReadFile, Exists: r.service.Exists})
	document.NewHandlers(r.service).Mount(router)
	router.POST("/take", access.ReadFile, func(c *web.Ctx) error {
		f, chosen, err := c.Uploaded("file")
		if err != nil {
			return err
		}
		if !chosen {
			return c.Text(http.StatusOK, "nothing")
		}
		content, err := r.service.Arrive(c.Context(), r.m, f.Name, f, f.Size)
		if err != nil {
			return err
		}
		return c.Text(http.StatusOK, content.Type)
	}, web.Upload())
}

// post sends a form with files.
func post(c *webtest.Client, path string, fields map[string]string, files map[string][]byte, island ...bool) *webtest.Response {
	var body bytes.Buffer
	w := multipart.NewWriter(&body)
	_ = w.WriteField("_token", c.Token())
	for name, value := range fields {
		_ = w.WriteField(name, value)
	}
	for name, content := range files {
		part, _ := w.CreateFormFile("file", name)
		_, _ = part.Write(content)
	}
	_ = w.Close()
	q := httptest.NewRequest(http.MethodPost, path, &body)
	q.Header.Set("Content-Type", w.FormDataContentType())
	if len(island) > 0 {
		q.Header.Set("Hx-Request", "true")
	}
	return c.Do(q)
}

func TestAFormBringsAFile(t *testing.T) {
	r := newRoom(t)
	c := webtest.New(t, r.worker("social"), r.mount)
	for _, test := range []struct {
		files  map[string][]byte
		status int
		body   string
	}{
		{map[string][]byte{"carta.pdf": paper(2 << 20)}, 200, document.PDF},
		{map[string][]byte{"../../foto.jpg": photo}, 200, document.JPEG},
		{nil, 200, "nothing"},
		{map[string][]byte{"": nil}, 200, "nothing"},
		{map[string][]byte{"a.jpg": photo, "b.jpg": photo}, 422, ""},
		{map[string][]byte{"mentira.pdf": photo}, 422, "no corresponde a la terminación"},
		{map[string][]byte{"grande.pdf": paper(26 << 20)}, 413, ""},
	} {
		if got := post(c, "/take", nil, test.files); got.Status != test.status || !strings.Contains(got.Body, test.body) {
			t.Errorf("%d files: %d %.200s", len(test.files), got.Status, got.Body)
		}
	}
}

// Eight files of 25 MB at once, in and out again, are no flood of memory.
func TestLargeFilesAreNoFloodOfMemory(t *testing.T) {
	r := newRoom(t)
	name := filepath.Join(t.TempDir(), "largo.pdf")
	if err := os.WriteFile(name, paper(document.Largest-4096), 0o600); err != nil {
		t.Fatal(err)
	}
	runtime.GC()
	var before, now runtime.MemStats
	runtime.ReadMemStats(&before)
	peak, done := uint64(0), make(chan struct{})
	watched := make(chan struct{})
	go func() {
		defer close(watched)
		for {
			select {
			case <-done:
				return
			case <-time.After(2 * time.Millisecond):
				runtime.ReadMemStats(&now)
				peak = max(peak, now.HeapInuse)
			}
		}
	}()
	var wait sync.WaitGroup
	for range 8 {
		wait.Go(func() {
			f, err := os.Open(name)
			if err != nil {
				t.Error(err)
				return
			}
			defer func() { _ = f.Close() }()
			size, _ := f.Seek(0, io.SeekEnd)
			content, err := r.service.Arrive(context.Background(), r.m, "largo.pdf", f, size)
			if err != nil {
				t.Error(err)
				return
			}
			sum := sha256.New()
			if err := document.Send(context.Background(), r.m, &document.Document{ContentID: content.ID, Size: content.Size}, sum); err != nil {
				t.Error(err)
			}
		})
	}
	wait.Wait()
	close(done)
	<-watched
	grown := int64(peak) - int64(before.HeapInuse)
	if grown > 64<<20 {
		t.Errorf("200 MB in and out took %d MB of memory", grown>>20)
	}
}
