package pdf

import (
	"fmt"

	"github.com/boombuler/barcode/qr"
)

// Proof is how whoever holds the paper finds out whether it is what it says.
type Proof struct {
	Title string
	URL   string // what the QR says; an address of ours, with nothing personal in it
	Code  string // the same to be typed
	Lines []string
}

const (
	proofSize = 27.0 // the square of the QR, its white border included
	quiet     = 4    // modules of border that readers need
)

// Proof draws the QR with its words beside it, on one page.
func (s *Sheet) Proof(p Proof) error {
	s.Space(3)
	s.Keep(proofSize + 5)
	y := s.f.GetY()
	s.line(Rule, 0.25)
	s.f.RoundedRect(marginLeft, y, bodyWidth, proofSize+3, 1.6, "1234", "D")
	if err := s.qr(p.URL, marginLeft+1.5, y+1.5, proofSize); err != nil {
		return err
	}
	x, width := marginLeft+proofSize+5, bodyWidth-proofSize-9
	s.font("B", 10, Ink)
	s.f.Text(x, y+6, printable(p.Title))
	s.font("B", 12.5, Ink)
	s.f.Text(x, y+12, printable(p.Code))
	at := y + 16.4
	for _, text := range p.Lines {
		s.font("", 7.8, Muted)
		for _, line := range s.wrap(text, width) {
			s.f.Text(x, at, line)
			at += leading(7.8)
		}
	}
	s.f.SetXY(marginLeft, y+proofSize+3)
	return nil
}

// qr draws the text as a QR in a square: a rectangle for each run of dark
// modules, sharp at any size and smaller than a picture.
func (s *Sheet) qr(text string, x, y, side float64) error {
	code, err := qr.Encode(text, qr.M, qr.Auto)
	if err != nil {
		return fmt.Errorf("pdf: QR: %w", err)
	}
	n := code.Bounds().Dx()
	module := side / float64(n+2*quiet)
	dark := func(col, row int) bool {
		r, _, _, _ := code.At(col, row).RGBA()
		return r == 0
	}
	s.fill(Color{0, 0, 0})
	for row := range n {
		for col := 0; col < n; col++ {
			from := col
			for col < n && dark(col, row) {
				col++
			}
			if col > from { // a hair wider, so that no white line shows between rows
				s.f.Rect(x+float64(from+quiet)*module, y+float64(row+quiet)*module, float64(col-from)*module, module*1.02, "F")
			}
		}
	}
	return nil
}
