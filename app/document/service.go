package document

import (
	"context"
	"crypto/sha256"
	"errors"
	"io"
	"time"

	"gsl/app/access"
	"gsl/app/kit/actor"
	"gsl/app/kit/audit"
	"gsl/app/kit/fault"
	"gsl/tenants"
)

// See says whether the actor may see an owner: nil, or fault.NotFound.
type See func(tx *tenants.Tx, who actor.Actor, ownerID string) error

// Service is what one can do with documents. The hooks are filled once, before
// the first request.
type Service struct {
	// Owners says for each kind of owner who may see one. A document of a kind
	// that is not here is nobody's.
	Owners map[string]See
	// Why gives what the actor reads the file for: the open attention, "" for none.
	Why func(tx *tenants.Tx, who actor.Actor, fileID string) (string, error)
}

// NewService makes the service.
func NewService() *Service { return &Service{Owners: map[string]See{}} }

// Content is a file that has arrived whole and waits to become a document.
type Content struct {
	ID   string
	Type string
	Size int64
}

const (
	pieceSize = 512 << 10      // bytes of a piece, and of what one upload or download holds in memory
	orphanAge = 24 * time.Hour // how long a content waits to become a document
)

// Arrive stores a file that a form brought, piece by piece, each durable by
// itself, after looking at what it really is. It runs outside any transaction;
// Attach makes the content a document. fault.Invalid names the field "file" and
// says why it is not kept.
func (s *Service) Arrive(ctx context.Context, m *tenants.Municipality, name string, f File, size int64) (Content, error) {
	kind, err := examine(name, f, size)
	if err != nil {
		return Content{}, err
	}
	if _, err := f.Seek(0, io.SeekStart); err != nil {
		return Content{}, err
	}
	c := Content{Type: kind, Size: size}
	err = m.Update(ctx, func(tx *tenants.Tx) (err error) {
		if _, err = sweep(tx, tx.Now.Add(-orphanAge)); err != nil {
			return err
		}
		c.ID, err = beginContent(tx, kind, size)
		return err
	})
	if err != nil {
		return Content{}, err
	}
	return c, fillContent(ctx, m, c, f)
}

func fillContent(ctx context.Context, m *tenants.Municipality, c Content, f io.Reader) error {
	sum, buffer, total := sha256.New(), make([]byte, pieceSize), int64(0)
	for n := 0; ; n++ {
		length, err := io.ReadFull(f, buffer)
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil && !errors.Is(err, io.ErrUnexpectedEOF) {
			return err
		}
		body := buffer[:length]
		sum.Write(body)
		total += int64(length)
		if err := m.Update(ctx, func(tx *tenants.Tx) error { return addPiece(tx, c.ID, n, body) }); err != nil {
			return err
		}
	}
	if total != c.Size {
		return refuse("document.error.damaged")
	}
	return m.Update(ctx, func(tx *tenants.Tx) error { return endContent(tx, c.ID, sum.Sum(nil)) })
}

// mostOfOwner is how many documents hang on one thing.
const mostOfOwner = 50

// Room answers fault.Invalid, about the field file, when nothing more can hang on
// the owner. Who takes a file asks before it arrives: what cannot become a
// document is not worth its place on the disk.
func Room(tx *tenants.Tx, owner Owner) error {
	n, err := countOf(tx, owner)
	if err == nil && n >= mostOfOwner {
		err = fault.InvalidFields(fault.Field{Name: "file", Key: "document.error.many", Args: map[string]any{"Max": mostOfOwner}})
	}
	return err
}

// Attach makes a content that arrived a document, in the transaction of the act
// it belongs to. The caller has checked that the actor may act on the owner. The
// same content handed in again for the same owner is the document that is there.
func (s *Service) Attach(tx *tenants.Tx, who actor.Actor, n New) (Document, error) {
	if err := n.check(); err != nil {
		return Document{}, err
	}
	sum, err := sumOf(tx, n.Content.ID)
	if err != nil {
		return Document{}, err
	}
	if known, found, err := same(tx, n.Owner, sum); err != nil {
		return known, err
	} else if found {
		return known, dropContent(tx, n.Content.ID)
	}
	if err := Room(tx, n.Owner); err != nil {
		return Document{}, err
	}
	id, err := insertDocument(tx, who, &n, sum)
	if err != nil {
		return Document{}, err
	}
	err = audit.Record(tx, who, audit.Change{Action: "document.add", Object: id, File: n.FileID,
		Detail: map[string]string{"owner": n.Owner.Kind, "of": n.Owner.ID, "kind": string(n.Kind), "type": n.Content.Type}})
	if err != nil {
		return Document{}, err
	}
	return byID(tx, id)
}

// Exists answers fault.NotFound when there is no such document here, or the
// actor may not see what it hangs on.
func (s *Service) Exists(ctx context.Context, who actor.Actor, id string) error {
	return who.Municipality.View(ctx, func(tx *tenants.Tx) error {
		_, err := s.visible(tx, who, id)
		return err
	})
}

func (s *Service) visible(tx *tenants.Tx, who actor.Actor, id string) (Document, error) {
	d, err := byID(tx, id)
	if err != nil {
		return d, err
	}
	see := s.Owners[d.Owner.Kind]
	if see == nil {
		return Document{}, fault.New(fault.NotFound, "fault.not_found")
	}
	return d, see(tx, who, d.Owner.ID)
}

// Open gives a document that the actor may see; the look is in the trail when it
// returns. Send reads its content.
func (s *Service) Open(ctx context.Context, who actor.Actor, id string) (d Document, err error) {
	if who.Municipality == nil || !who.Can(access.ReadFile) {
		return d, fault.New(fault.Forbidden, "fault.forbidden")
	}
	why := ""
	err = who.Municipality.View(ctx, func(tx *tenants.Tx) (err error) { //nolint:contextcheck // the transaction carries it
		if d, err = s.visible(tx, who, id); err != nil || s.Why == nil {
			return err
		}
		why, err = s.Why(tx, who, d.FileID)
		return err
	})
	if err != nil {
		return Document{}, err
	}
	return d, audit.Looked(ctx, who, audit.View{File: d.FileID, What: "document", Why: why})
}

var errCut = errors.New("document: a piece is missing")

// Send writes the content of an opened document. Each piece is read by itself:
// a slow line keeps no transaction open.
func Send(ctx context.Context, m *tenants.Municipality, d Document, out io.Writer) error {
	for n, left := 0, d.Size; left > 0; n++ {
		var body []byte
		err := m.View(ctx, func(tx *tenants.Tx) (err error) {
			body, err = piece(tx, d.ContentID, n)
			return err
		})
		if err == nil && len(body) == 0 {
			err = errCut
		}
		if err != nil {
			return err
		}
		if _, err := out.Write(body); err != nil {
			return err
		}
		left -= int64(len(body))
	}
	return nil
}
