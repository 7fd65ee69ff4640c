package web

import (
	"context"
	"errors"
	"io"
	"mime"
	"mime/multipart"
	"net/http"
	"strconv"
	"time"

	"gsl/app/kit/fault"
)

// Uploaded is a file that a form brought; it is gone when the answer is sent.
type Uploaded struct {
	multipart.File
	Name string // as the browser sent it
	Size int64
}

// Uploaded gives the file of a field; false when none was chosen. More than one
// under the same name is fault.Invalid.
func (c *Ctx) Uploaded(field string) (Uploaded, bool, error) {
	if _, err := c.Form(); err != nil {
		return Uploaded{}, false, err
	}
	if c.request.MultipartForm == nil {
		return Uploaded{}, false, nil
	}
	list := c.request.MultipartForm.File[field]
	switch {
	case len(list) == 0, len(list) == 1 && list[0].Filename == "" && list[0].Size == 0:
		return Uploaded{}, false, nil
	case len(list) > 1:
		return Uploaded{}, false, fault.InvalidField(field, "web.field.repeated")
	}
	file, err := list[0].Open()
	if err != nil {
		return Uploaded{}, false, err
	}
	return Uploaded{File: file, Name: list[0].Filename, Size: list[0].Size}, true, nil
}

// UploadedAll gives the files of a field that takes several, none when none was
// chosen. Who asks closes them.
func (c *Ctx) UploadedAll(field string) ([]Uploaded, error) {
	if _, err := c.Form(); err != nil || c.request.MultipartForm == nil {
		return nil, err
	}
	var list []Uploaded
	for _, head := range c.request.MultipartForm.File[field] {
		if head.Filename == "" && head.Size == 0 {
			continue
		}
		file, err := head.Open()
		if err != nil {
			return list, err
		}
		list = append(list, Uploaded{File: file, Name: head.Filename, Size: head.Size})
	}
	return list, nil
}

// Stream is a file on its way out, too long to be held in memory.
type Stream struct {
	Type   string
	Name   string // made by us: it says nothing of a person
	Inline bool   // shown by the browser rather than kept
	Size   int64  // Unknown for what is made while it is sent
}

// Unknown is the size of a stream that nobody can tell before its end. What goes
// wrong then breaks the connection off: half of it must not look whole.
const Unknown int64 = -1

// What is shown of a file may do nothing: no script, no style, no request, in an
// origin of its own.
const lockedPolicy = "default-src 'none'; sandbox; form-action 'self'; frame-ancestors 'none'; base-uri 'none'; " +
	"require-trusted-types-for 'script'"

// A PDF is drawn by the browser's own viewer, which runs apart from the page and
// refuses to start in a sandbox: it is shown under a policy that is the same but
// for that word, or it could only be kept, and copies of people's papers would lie
// in the folder for downloads of every desk.
const viewerPolicy = "default-src 'none'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'; " +
	"require-trusted-types-for 'script'"

const pdfType = "application/pdf"

// policy is what a file may do.
func (s *Stream) policy() string {
	if s.Inline && s.Type == pdfType {
		return viewerPolicy
	}
	return lockedPolicy
}

// How long a slow line may take for the largest file.
const streamTime = 10 * time.Minute

// Stream answers with a file that write sends piece by piece, after the handler
// has returned and given its turn to somebody else.
func (c *Ctx) Stream(s Stream, write func(ctx context.Context, out io.Writer) error) error {
	how := "attachment"
	if s.Inline {
		how = "inline"
	}
	h := c.x.Header()
	h["Content-Security-Policy"] = []string{s.policy()}
	h["Content-Type"] = []string{s.Type}
	h["Content-Disposition"] = []string{mime.FormatMediaType(how, map[string]string{"filename": s.Name})}
	if c.partial = s.Size == Unknown; !c.partial {
		h["Content-Length"] = []string{strconv.FormatInt(s.Size, 10)}
	}
	c.x.WriteHeader(http.StatusOK)
	c.flow = write
	return nil
}

// stream sends what Stream has announced. The peer may go away; what else goes
// wrong can only be told to the log, and the short answer tells the peer.
func (c *Ctx) stream() {
	if c.flow == nil {
		return
	}
	_ = http.NewResponseController(c.x).SetWriteDeadline(time.Now().Add(streamTime)) // the real clock: it is the connection's
	ctx, cancel := context.WithTimeout(c.ctx, streamTime)
	defer cancel()
	err := c.flow(ctx, c.x)
	if err != nil && !errors.Is(err, context.Canceled) {
		c.x.cause = err
	}
	if err != nil && c.partial {
		panic(http.ErrAbortHandler) // finish writes the line of the log
	}
}
