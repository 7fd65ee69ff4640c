package pdf

import (
	"fmt"
	"strings"

	"codeberg.org/go-pdf/fpdf"
)

// Color is an RGB value.
type Color struct{ R, G, B int }

// The colours of the screen, dark enough for a laser printer.
var (
	Ink       = Color{10, 19, 45}
	Muted     = Color{75, 89, 108}
	Rule      = Color{205, 214, 226}
	Shade     = Color{244, 247, 250}
	Blue      = Color{0, 111, 179}
	Red       = Color{198, 40, 40}
	RedTint   = Color{253, 236, 236}
	Green     = Color{30, 125, 67}
	GreenTint = Color{231, 245, 236}
	Grey      = Color{91, 107, 128}
	Closed    = Color{11, 87, 208}
)

// Sheet is where the body of a document is drawn, from top to bottom.
type Sheet struct {
	f    *fpdf.Fpdf
	doc  Document
	head Letterhead
}

// shieldImage is the name of the municipality's own shield within a document.
const shieldImage = "shield"

const point = 0.3528 // millimetres

func leading(size float64) float64 { return size * point * 1.28 }

func (s *Sheet) font(style string, size float64, c Color) {
	s.f.SetFont(family, style, size)
	s.f.SetTextColor(c.R, c.G, c.B)
}

func (s *Sheet) fill(c Color) { s.f.SetFillColor(c.R, c.G, c.B) }

func (s *Sheet) line(c Color, width float64) {
	s.f.SetDrawColor(c.R, c.G, c.B)
	s.f.SetLineWidth(width)
}

func (s *Sheet) textRight(right, y float64, text string) {
	s.f.Text(right-s.f.GetStringWidth(text), y, text)
}

// room is what is left of the page.
func (s *Sheet) room() float64 { return pageHeight - marginBottom - s.f.GetY() }

// Keep starts a new page unless so much height is left on this one.
func (s *Sheet) Keep(height float64) {
	if s.room() < height {
		s.f.AddPage()
	}
}

// Space leaves a gap, none at the top of a page.
func (s *Sheet) Space(height float64) {
	if s.f.GetY() > marginTop+0.1 {
		s.f.SetY(s.f.GetY() + height)
	}
}

// Heading is a title within the body; it never stands alone at the foot.
func (s *Sheet) Heading(text string) {
	s.Space(3)
	s.Keep(26)
	y := s.f.GetY()
	s.font("B", 10.5, Ink)
	s.f.Text(marginLeft, y+4, printable(text))
	s.f.SetXY(marginLeft, y+6.5)
}

// Text is a paragraph over the whole width; it may run over pages.
func (s *Sheet) Text(text string, size float64, c Color) {
	s.font("", size, c)
	for _, line := range s.wrap(text, bodyWidth) {
		s.Keep(leading(size))
		y := s.f.GetY()
		s.font("", size, c) // a new page's letterhead has set its own
		s.f.Text(marginLeft, y+size*point, line)
		s.f.SetXY(marginLeft, y+leading(size))
	}
}

// wrap cuts text into lines of the current font that fit the width; a word
// that is wider than the line is broken.
func (s *Sheet) wrap(text string, width float64) []string {
	var lines []string
	for _, paragraph := range strings.Split(printable(strings.TrimSpace(text)), "\n") {
		if paragraph == "" {
			continue
		}
		for _, line := range s.f.SplitText(paragraph, width) {
			lines = append(lines, strings.TrimRight(line, " "))
		}
	}
	return lines
}

// letterhead stands on every page: who issues, what it is, its number and date.
func (s *Sheet) letterhead() {
	s.watermark()
	s.emblem(marginLeft, 9.5)
	s.font("B", 12, Ink)
	s.f.Text(marginLeft+15, 16, printable(s.doc.Issuer))
	s.font("", 8.5, Muted)
	s.f.Text(marginLeft+15, 20.6, printable(s.doc.Unit))
	right := pageWidth - marginRight
	s.font("B", 12, Ink)
	s.textRight(right, 16, printable(s.doc.Title))
	s.font("", 8.5, Muted)
	s.textRight(right, 20.6, printable(s.doc.Number+" · "+s.doc.Date))
	s.stripe(27)
	s.f.SetXY(marginLeft, marginTop)
}

// stripe is the line in the colours of the public services.
func (s *Sheet) stripe(y float64) {
	s.fill(Blue)
	s.f.Rect(marginLeft, y, bodyWidth*0.38, 0.7, "F")
	s.fill(Color{254, 101, 101})
	s.f.Rect(marginLeft+bodyWidth*0.38, y, bodyWidth*0.17, 0.7, "F")
	s.fill(Ink)
	s.f.Rect(marginLeft+bodyWidth*0.55, y, bodyWidth*0.45, 0.7, "F")
}

// Where the shield stands.
const shieldWidth, shieldHeight = 11.0, 13.4

// emblem is the municipality's own shield, as large as its place allows, or the plain one.
func (s *Sheet) emblem(x, y float64) {
	if s.head.Shield == nil {
		s.shield(x, y)
		return
	}
	info := s.f.GetImageInfo(shieldImage)
	if info == nil || info.Width() <= 0 || info.Height() <= 0 {
		return
	}
	scale := min(shieldWidth/info.Width(), shieldHeight/info.Height())
	w, h := info.Width()*scale, info.Height()*scale
	s.f.ImageOptions(shieldImage, x+(shieldWidth-w)/2, y+(shieldHeight-h)/2, w, h, false, fpdf.ImageOptions{ImageType: "PNG"}, 0, "")
}

// shield is a plain municipal shield, for a municipality that gave no emblem:
// a house on a field, in the colours of the letterhead.
func (s *Sheet) shield(x, y float64) {
	const w, h = shieldWidth, shieldHeight
	s.fill(Ink)
	s.f.Beziergon([]fpdf.PointType{
		{X: x, Y: y}, {X: x + w/3, Y: y}, {X: x + 2*w/3, Y: y}, {X: x + w, Y: y},
		{X: x + w, Y: y + h*0.35}, {X: x + w*1.02, Y: y + h*0.78}, {X: x + w/2, Y: y + h},
		{X: x - w*0.02, Y: y + h*0.78}, {X: x, Y: y + h*0.35}, {X: x, Y: y},
	}, "F")
	s.fill(Color{255, 255, 255})
	cx := x + w/2
	s.f.Polygon([]fpdf.PointType{{X: cx, Y: y + 2.2}, {X: cx + 3.9, Y: y + 5.7}, {X: cx - 3.9, Y: y + 5.7}}, "F")
	s.f.Rect(cx-2.9, y+5.7, 5.8, 3.7, "F")
	s.fill(Blue)
	s.f.Rect(cx-0.8, y+6.9, 1.6, 2.5, "F")
}

func (s *Sheet) foot() {
	y := pageHeight - 12.0
	s.line(Rule, 0.2)
	s.f.Line(marginLeft, y-4, pageWidth-marginRight, y-4)
	s.font("", 7.5, Muted)
	s.f.Text(marginLeft, y, printable(s.doc.Title+" "+s.doc.Number+" · "+s.doc.Issuer))
	if s.head.Contact != "" {
		s.f.Text(marginLeft, y+3.6, printable(s.head.Contact))
	}
	if s.doc.Check != "" {
		s.textRight(pageWidth-marginRight, y+3.6, printable(s.doc.Check))
	}
	page := fmt.Sprintf(s.doc.PageOf, s.f.PageNo(), total)
	// The number of pages is put in at the end: leave the room of its digit.
	width := s.f.GetStringWidth(fmt.Sprintf(s.doc.PageOf, s.f.PageNo(), "0"))
	s.f.Text(pageWidth-marginRight-width, y, page)
}
