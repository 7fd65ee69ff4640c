package document

import (
	"context"
	"crypto/sha256"
	"errors"
	"io"
	"runtime"
	"sync/atomic"
	"time"

	"gsl/app/access"
	"gsl/app/kit/actor"
	"gsl/app/kit/audit"
	"gsl/app/kit/fault"
	"gsl/app/kit/picture"
	"gsl/templates/layout"
	"gsl/tenants"
)

// Service is what one can do with documents. The hooks are filled once, before
// the first request.
type Service struct {
	// Owners says for each kind of owner whose papers they are. A document of a
	// kind that is not here is nobody's.
	Owners map[string]Keeper
	// Why gives what the actor reads the file for: the open attention, "" for none.
	Why func(tx *tenants.Tx, who actor.Actor, fileID string) (string, error)
	// Frame opens a file for a page about it; the view is in the trail when it returns.
	Frame func(ctx context.Context, who actor.Actor, fileID, section, what string) (*layout.FileFrame, error)
	// Files lists the files whose papers the actor is reminded of: those of the own cases.
	Files func(tx *tenants.Tx, who actor.Actor) ([]string, error)
	// Names gives the person of each file, as a list shows them.
	Names func(tx *tenants.Tx, who actor.Actor, fileIDs []string) (map[string]Person, error)
	// Scanner looks for what harms in a file that arrives; nil: nobody looks.
	Scanner *Scanner

	drawing chan struct{} // one likeness is drawn at a time
	taken   atomic.Int64  // bytes of papers since their garbage was collected
}

// NewService makes the service.
func NewService() *Service {
	return &Service{Owners: map[string]Keeper{}, drawing: make(chan struct{}, 1)}
}

// Content is a file that has arrived whole and waits to become a document.
type Content struct {
	ID   string
	Type string
	Size int64

	scan string
}

const (
	heavy     = 8 << 20        // bytes of papers after which their garbage is collected
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
	c := Content{Type: kind, Size: size}
	if c.scan, err = s.Scanner.look(ctx, f, size); err != nil {
		return Content{}, err
	}
	likeness, err := s.likeness(ctx, kind, f, size)
	if err != nil {
		return Content{}, err
	}
	if _, err := f.Seek(0, io.SeekStart); err != nil {
		return Content{}, err
	}
	err = m.Update(ctx, func(tx *tenants.Tx) (err error) {
		if _, err = sweep(tx, tx.Now.Add(-orphanAge)); err != nil {
			return err
		}
		c.ID, err = beginContent(tx, &c, likeness)
		return err
	})
	if err != nil {
		return Content{}, err
	}
	return c, s.fillContent(ctx, m, c, f)
}

// lighten collects what writing and copying papers left, each time that much of them
// was taken. The server lets garbage gather for the sake of its pages; that of papers
// would gather with it until the process is several times as large as what lives in it.
func (s *Service) lighten(taken int) {
	if s.taken.Add(int64(taken)) < heavy {
		return
	}
	s.taken.Store(0)
	runtime.GC()
}

func (s *Service) fillContent(ctx context.Context, m *tenants.Municipality, c Content, f io.Reader) error {
	sum, buffer, total := sha256.New(), make([]byte, min(pieceSize, max(c.Size, 1))), int64(0)
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
		s.lighten(length)
	}
	if total != c.Size {
		return refuse("document.error.damaged")
	}
	return m.Update(ctx, func(tx *tenants.Tx) error { return endContent(tx, c.ID, sum.Sum(nil)) })
}

// likeness draws a picture small. One that cannot be drawn has none: it is kept
// all the same.
func (s *Service) likeness(ctx context.Context, kind string, f io.ReaderAt, size int64) ([]byte, error) {
	if kind != JPEG && kind != PNG && kind != WebP {
		return nil, nil
	}
	select {
	case s.drawing <- struct{}{}:
		defer func() { <-s.drawing }()
	case <-ctx.Done():
		return nil, ctx.Err()
	}
	body, err := picture.Small(ctx, f, size, likenessSide)
	if err != nil {
		return nil, ctx.Err()
	}
	return body, nil
}

// likenessSide is the longest side of a likeness, in points: twice what a page
// gives it, for sharp screens.
const likenessSide = 320

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
		return known, s.again(tx, who, &known, n.Content.ID)
	}
	if err := s.Room(tx, n.Owner); err != nil {
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

// again: what is handed in is there already. One that was taken out of sight comes
// back, because somebody wants it there.
func (s *Service) again(tx *tenants.Tx, who actor.Actor, d *Document, content string) error {
	if d.ContentID != content {
		if err := dropContent(tx, content); err != nil {
			return err
		}
	}
	if !d.Removed() {
		return nil
	}
	if err := restore(tx, who, d); err != nil {
		return err
	}
	d.RemovedAt = time.Time{}
	return nil
}

// Exists answers fault.NotFound when there is no such document here, or the
// actor may not see what it hangs on.
func (s *Service) Exists(ctx context.Context, who actor.Actor, id string) error {
	return who.Municipality.View(ctx, func(tx *tenants.Tx) error {
		_, err := s.known(tx, who, id)
		return err
	})
}

// known gives a document that the actor may know of, in sight or not.
func (s *Service) known(tx *tenants.Tx, who actor.Actor, id string) (Document, error) {
	d, err := byID(tx, id)
	if err != nil {
		return d, err
	}
	return d, s.Owners[d.Owner.Kind].see(tx, who, d.Owner.ID)
}

// visible gives a document that the actor may open.
func (s *Service) visible(tx *tenants.Tx, who actor.Actor, id string) (Document, error) {
	d, err := s.known(tx, who, id)
	if err == nil && d.Removed() {
		err = fault.New(fault.NotFound, "document.error.removed")
	}
	return d, err
}

// Open gives a document that the actor may see; the look is in the trail when it
// returns. Send reads its content.
func (s *Service) Open(ctx context.Context, who actor.Actor, id string) (d Document, err error) {
	d, why, err := s.find(ctx, who, id)
	if err != nil {
		return Document{}, err
	}
	return d, audit.Looked(ctx, who, audit.View{File: d.FileID, What: "document", Why: why})
}

// find gives a document that the actor may open, and why the file is read.
func (s *Service) find(ctx context.Context, who actor.Actor, id string) (d Document, why string, err error) {
	if who.Municipality == nil || !who.Can(access.ReadFile) {
		return d, "", fault.New(fault.Forbidden, "fault.forbidden")
	}
	err = who.Municipality.View(ctx, func(tx *tenants.Tx) (err error) {
		if d, err = s.visible(tx, who, id); err != nil || s.Why == nil {
			return err
		}
		why, err = s.Why(tx, who, d.FileID)
		return err
	})
	return d, why, err
}

// fresh is how long a page that showed a file speaks for the likenesses on it.
const fresh = 10 * time.Minute

// Likeness gives the small likeness of a document. The page that it stands on has
// left its row in the trail; who asks for a likeness without having been on a page
// of the file leaves one now.
func (s *Service) Likeness(ctx context.Context, who actor.Actor, id string) (body []byte, err error) {
	d, why, err := s.find(ctx, who, id)
	if err != nil {
		return nil, err
	}
	err = who.Municipality.View(ctx, func(tx *tenants.Tx) error {
		body, err = likenessOf(tx, d.ContentID)
		return err
	})
	if err != nil {
		return nil, err
	}
	seen, err := audit.LookedLately(ctx, who, d.FileID, fresh)
	if err != nil || seen {
		return body, err
	}
	return body, audit.Looked(ctx, who, audit.View{File: d.FileID, What: "document", Why: why})
}

var errCut = errors.New("document: a piece is missing")

// Send writes the content of an opened document. Each piece is read by itself:
// a slow line keeps no transaction open.
func Send(ctx context.Context, m *tenants.Municipality, d *Document, out io.Writer) error {
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
