package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"mime/multipart"
	"net/http"
	"os"
	"os/exec"
	"regexp"
	"syscall"
	"time"

	"gsl/app/demo"
)

// uploaded is what papers that are handed in cost in memory.
type uploaded struct {
	Name    string
	Count   int
	MB      float64 // of each
	Seconds float64
	Anon    float64 // MB that the server's own memory grew at most meanwhile
	Total   float64 // MB with the pages of files, which the system takes back
	Goal    float64 // MB for Anon, 0 for none
}

// The uploads that are measured: the largest there is, alone and several at a
// time, and a year of an office's.
const (
	largestUpload = 25<<20 - 4096
	manyUploads   = 1000
	perFile       = 250 // so many hang on one file
)

// holders are RUNs that nobody in the demo has.
var holders = []string{"12.345.678-5", "11.111.111-1", "22.222.222-2", "9.876.543-3", "7.654.321-6"}

func (b *bench) measureUploads(ctx context.Context) (err error) {
	kept, err := b.data.demo(ctx)
	if err != nil {
		return err
	}
	data, err := b.data.copy(kept)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(data)) }()
	addr, err := freeAddr(ctx)
	if err != nil {
		return err
	}
	server := exec.CommandContext(ctx, binary, "serve", "--data", data, "--addr", addr, "--demo") //nolint:gosec // our own binary
	if err := server.Start(); err != nil {
		return err
	}
	defer func() {
		_ = server.Process.Signal(syscall.SIGTERM)
		err = errors.Join(err, server.Wait())
	}()
	if err := answered(ctx, addr, "/readyz"); err != nil {
		return err
	}
	account, err := caseManager(b.data.scale)
	if err != nil {
		return err
	}
	v, err := signIn(addr, account.RUN.Format(), demo.Password)
	if err != nil {
		return err
	}
	return b.upload(v, server.Process.Pid)
}

func (b *bench) upload(v *visitor, pid int) error {
	files := make([]string, len(holders))
	for i, run := range holders {
		var err error
		if files[i], err = v.open(run); err != nil {
			return err
		}
	}
	atWork := uploaded{Count: perFile, MB: 0.2} // a server that has just begun holds less than any work needs
	if err := atWork.run(v, pid, files[4:]); err != nil {
		return err
	}
	for _, part := range []uploaded{
		{Name: "the largest there is", Count: 3, MB: largestUpload / 1e6, Goal: 16},
		{Name: "of every size", Count: manyUploads, MB: 0.2, Goal: 16},
	} {
		note("%d uploads of %.1f MB", part.Count, part.MB)
		if err := part.run(v, pid, files); err != nil {
			return err
		}
		b.results.Uploads = append(b.results.Uploads, part)
	}
	return nil
}

// run hands papers in one after the other, and looks at the server's memory.
func (u *uploaded) run(v *visitor, pid int, files []string) error {
	before, err := memoryOf(pid)
	if err != nil {
		return err
	}
	stop := watchMemory(pid)
	begin := time.Now()
	for i := range u.Count {
		if _, err = v.handIn(files[i/perFile%len(files)], int(u.MB*1e6), i); err != nil {
			break
		}
	}
	u.Seconds = time.Since(begin).Seconds()
	peak := stop()
	u.Anon, u.Total = peak.anon-before.anon, peak.total-before.total
	return err
}

var openedFile = regexp.MustCompile(`/files/([0-9A-Z]{26})/`)

// open looks a RUN up and gives its file.
func (v *visitor) open(run string) (string, error) {
	r, err := v.client.PostForm("http://"+v.addr+"/lookup", map[string][]string{"run": {run}, "_token": {v.token}})
	if err != nil {
		return "", err
	}
	defer func() { _ = r.Body.Close() }()
	found := openedFile.FindStringSubmatch(r.Request.URL.Path)
	if found == nil {
		return "", fmt.Errorf("looking up %s led to %s (%d)", run, r.Request.URL.Path, r.StatusCode)
	}
	return found[1], nil
}

// handIn sends a paper of so many bytes, which nobody holds in memory here.
func (v *visitor) handIn(file string, size, n int) (int, error) {
	out, in := io.Pipe()
	form := multipart.NewWriter(in)
	go func() { _ = in.CloseWithError(v.writeForm(form, size, n)) }()
	r, err := v.client.Post("http://"+v.addr+"/files/"+file+"/documents", form.FormDataContentType(), out)
	if err != nil {
		return 0, err
	}
	defer func() { _ = r.Body.Close() }()
	if _, err := io.Copy(io.Discard, r.Body); err != nil {
		return 0, err
	}
	if r.StatusCode != http.StatusOK {
		return r.StatusCode, fmt.Errorf("an upload of %d bytes answered %d", size, r.StatusCode)
	}
	return r.StatusCode, nil
}

// writeForm writes a PDF that is like no other.
func (v *visitor) writeForm(form *multipart.Writer, size, n int) error {
	err := errors.Join(form.WriteField("_token", v.token), form.WriteField("kind", "other"))
	part, failed := form.CreateFormFile("file", "documento.pdf")
	if err = errors.Join(err, failed); err != nil {
		return err
	}
	if _, err := fmt.Fprintf(part, "%%PDF-1.7\n%% %d of %d\n", n, size); err != nil {
		return err
	}
	for left := size; left > 0; left -= len(filler) {
		if _, err := part.Write(filler[:min(left, len(filler))]); err != nil {
			return err
		}
	}
	_, err = io.WriteString(part, "\n%%EOF\n")
	return errors.Join(err, form.Close())
}

var filler = bytes.Repeat([]byte("una linea de un documento cualquiera\n"), 1000)

func (r *results) printUploads(w io.Writer) {
	if len(r.Uploads) == 0 {
		return
	}
	row(w)
	row(w, "uploads", "papers", "MB each", "papers/s", "own memory grew MB", "with file pages MB")
	for _, u := range r.Uploads {
		row(w, u.Name, u.Count, one(u.MB), one(float64(u.Count)/u.Seconds), one(u.Anon), one(u.Total))
	}
}
