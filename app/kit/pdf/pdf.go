// Package pdf prints municipal documents: Letter paper, letterhead and page
// n/N on every sheet, tables whose head repeats, signatures that stay
// together. The same content gives the same bytes, so that a document can be
// compared with its copy. Lengths are millimetres, text sizes points.
package pdf

import (
	"bytes"
	"context"
	"fmt"
	"time"

	"codeberg.org/go-pdf/fpdf"

	"gsl/tenants"
)

// Letter paper with the margins of a document that is filed in a folder.
const (
	pageWidth    = 215.9
	pageHeight   = 279.4
	marginLeft   = 20.0
	marginRight  = 16.0
	marginTop    = 34.0 // below the letterhead
	marginBottom = 20.0 // above the foot
	bodyWidth    = pageWidth - marginLeft - marginRight
	bodyHeight   = pageHeight - marginTop - marginBottom
)

// Press prints one document at a time: a document takes some 10 MB while it is
// made, and ten desks printing at once must not slow the others down.
type Press struct {
	turn chan struct{}
	// Letterhead gives what a municipality puts on its papers; nil for nothing of its own.
	Letterhead func(ctx context.Context, owner *tenants.Municipality) (Letterhead, error)
}

// Letterhead is what a municipality puts on its papers; what is blank is as usual.
type Letterhead struct {
	Issuer  string // "Ilustre Municipalidad de Limache"
	Contact string // one line for the foot
	Shield  []byte // PNG
}

// NewPress makes the process's press.
func NewPress() *Press { return &Press{turn: make(chan struct{}, 1)} }

// Document is what stands around the body of a document.
type Document struct {
	Owner   *tenants.Municipality // whose letterhead it has; nil for the plain one
	Issuer  string                // "Municipalidad de Limache"
	Unit    string                // below the issuer
	Title   string                // "Plan de intervención"
	Number  string                // "N° 2026-0184"
	Date    string                // beside the number
	PageOf  string                // "Página %d de %s": the page's number and how many there are
	Subject string
	Mark    string    // behind the text of every page: "ANULADO"; "" for nothing
	Check   string    // at the foot of every page: by which code it can be checked; "" for none
	Lang    string    // BCP 47
	Changed time.Time // of the content; the document's creation date
}

// Print waits for its turn, lets body draw and gives the file.
func (p *Press) Print(ctx context.Context, doc Document, body func(*Sheet)) ([]byte, error) {
	var head Letterhead
	if p.Letterhead != nil && doc.Owner != nil {
		var err error
		if head, err = p.Letterhead(ctx, doc.Owner); err != nil {
			return nil, err
		}
	}
	if head.Issuer != "" {
		doc.Issuer = head.Issuer
	}
	select {
	case p.turn <- struct{}{}:
		defer func() { <-p.turn }()
	case <-ctx.Done():
		return nil, ctx.Err()
	}
	sheet := newSheet(doc, head)
	body(sheet)
	var out bytes.Buffer
	out.Grow(96 << 10)
	if err := sheet.f.Output(&out); err != nil {
		return nil, fmt.Errorf("pdf: %w", err)
	}
	return out.Bytes(), nil
}

// total stands for the number of pages until it is known.
const total = "{nb}"

func newSheet(doc Document, head Letterhead) *Sheet {
	f := fpdf.New("P", "mm", "Letter", "")
	f.SetMargins(marginLeft, marginTop, marginRight)
	f.SetAutoPageBreak(false, marginBottom) // Sheet breaks pages itself, between rows
	f.SetCellMargin(0)
	f.AliasNbPages(total)
	faces := fonts()
	f.AddUTF8FontFromBytes(family, "", faces.regular)
	f.AddUTF8FontFromBytes(family, "B", faces.bold)
	f.SetCatalogSort(true)
	f.SetCreationDate(doc.Changed.UTC())
	f.SetModificationDate(doc.Changed.UTC())
	f.SetProducer("Gestión Social Local", true)
	f.SetTitle(printable(doc.Title+" "+doc.Number), true)
	f.SetAuthor(printable(doc.Issuer), true)
	f.SetSubject(printable(doc.Subject), true)
	f.SetLang(doc.Lang)
	s := &Sheet{f: f, doc: doc, head: head}
	if head.Shield != nil {
		f.RegisterImageOptionsReader(shieldImage, fpdf.ImageOptions{ImageType: "PNG"}, bytes.NewReader(head.Shield))
	}
	f.SetHeaderFunc(s.letterhead)
	f.SetFooterFunc(s.foot)
	f.AddPage()
	return s
}
