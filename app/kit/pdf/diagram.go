package pdf

import (
	"math"
	"strings"
)

// Diagram is a drawing of things and the ties between them, already laid out in
// units of its own; it is drawn as wide as the page, and never higher than half
// of one.
type Diagram struct {
	Width, Height float64
	Nodes         []Node
	Ties          []Tie
	Legend        []TieWord // which line means what: a drawing says nothing by colour alone
}

// Node is a thing: a box around its centre, with words in it.
type Node struct {
	X, Y, W, H float64
	Round      bool // an ellipse
	Title      string
	Text       string
	Ink, Tint  Color
}

// Tie is a line between two points.
type Tie struct {
	X1, Y1, X2, Y2 float64
	Kind           TieKind
}

// TieKind is how a line is drawn.
type TieKind uint8

// The kinds of ties.
const (
	PlainTie    TieKind = iota
	StrongTie           // thick
	WeakTie             // dashed
	ConflictTie         // a zigzag
)

// TieWord is a kind of line with its word.
type TieWord struct {
	Kind TieKind
	Word string
}

const (
	diagramHeight = bodyHeight / 2
	legendHeight  = 7.0
)

// Diagram draws it in the middle of the page's width.
func (s *Sheet) Diagram(d Diagram) {
	if d.Width <= 0 || d.Height <= 0 {
		return
	}
	scale := min(bodyWidth/d.Width, diagramHeight/d.Height)
	w, h := d.Width*scale, d.Height*scale
	s.Space(1)
	s.Keep(h + legendHeight)
	c := canvas{s, marginLeft + (bodyWidth-w)/2, s.f.GetY(), scale}
	for _, tie := range d.Ties {
		c.tie(tie)
	}
	for i := range d.Nodes {
		c.node(&d.Nodes[i])
	}
	s.legend(d.Legend, c.y+h+4)
	s.f.SetXY(marginLeft, c.y+h+legendHeight)
}

// canvas is a place on the page with a scale.
type canvas struct {
	s     *Sheet
	x, y  float64
	scale float64
}

func (c *canvas) tie(t Tie) {
	c.s.tie(t.Kind, c.x+t.X1*c.scale, c.y+t.Y1*c.scale, c.x+t.X2*c.scale, c.y+t.Y2*c.scale)
}

// tie draws a line in millimetres of the page.
func (s *Sheet) tie(kind TieKind, x1, y1, x2, y2 float64) {
	switch kind {
	case StrongTie:
		s.line(Ink, 1.1)
		s.f.Line(x1, y1, x2, y2)
	case WeakTie:
		s.line(Muted, 0.3)
		s.f.SetDashPattern([]float64{1.4, 1.2}, 0)
		s.f.Line(x1, y1, x2, y2)
		s.f.SetDashPattern(nil, 0)
	case ConflictTie:
		s.line(Red, 0.4)
		s.zigzag(x1, y1, x2, y2)
	case PlainTie:
		s.line(Ink, 0.4)
		s.f.Line(x1, y1, x2, y2)
	}
}

// zigzag goes from point to point in teeth of about two millimetres.
func (s *Sheet) zigzag(x1, y1, x2, y2 float64) {
	const tooth, height = 1.1, 0.9
	length := math.Hypot(x2-x1, y2-y1)
	n := max(int(length/tooth), 1)
	if length == 0 {
		return
	}
	dx, dy := (x2-x1)/length, (y2-y1)/length
	s.f.MoveTo(x1, y1)
	for i := 1; i < n; i++ {
		side := height
		if i%2 == 0 {
			side = -height
		}
		along := length * float64(i) / float64(n)
		s.f.LineTo(x1+dx*along-dy*side, y1+dy*along+dx*side)
	}
	s.f.LineTo(x2, y2)
	s.f.DrawPath("D")
}

const nodeSize = 7.6 // points

func (c *canvas) node(n *Node) {
	s := c.s
	w, h := n.W*c.scale, n.H*c.scale
	cx, cy := c.x+n.X*c.scale, c.y+n.Y*c.scale
	s.fill(n.Tint)
	s.line(n.Ink, 0.35)
	inner := w - 2.4
	if n.Round {
		s.f.Ellipse(cx, cy, w/2, h/2, 0, "FD")
		inner = w * 0.8
	} else {
		s.f.RoundedRect(cx-w/2, cy-h/2, w, h, min(1.6, h/2, w/2), "1234", "FD")
	}
	c.words(n, cx, cy, inner, max(int(h*0.86/leading(nodeSize)), 1))
}

// words sets as many lines as fit, in the middle of the node.
func (c *canvas) words(n *Node, cx, cy, width float64, most int) {
	s := c.s
	s.font("B", nodeSize, n.Ink)
	title := short(s.wrap(n.Title, width), most)
	s.font("", nodeSize-0.8, n.Ink)
	text := short(s.wrap(n.Text, width), most-len(title))
	y := cy - float64(len(title)+len(text))*leading(nodeSize)/2 + nodeSize*point
	for i, line := range append(title, text...) {
		s.font("B", nodeSize, n.Ink)
		if i >= len(title) {
			s.font("", nodeSize-0.8, n.Ink)
		}
		s.f.Text(cx-s.f.GetStringWidth(line)/2, y, line)
		y += leading(nodeSize)
	}
}

// short keeps the first lines; the table beside a drawing has the whole words.
func short(lines []string, most int) []string {
	if most <= 0 {
		return nil
	}
	if len(lines) <= most {
		return lines
	}
	kept := append([]string(nil), lines[:most]...)
	last := []rune(kept[most-1])
	if len(last) > 3 {
		last = last[:len(last)-2]
	}
	kept[most-1] = strings.TrimRight(string(last), " ") + "…"
	return kept
}

func (s *Sheet) legend(words []TieWord, y float64) {
	x := marginLeft
	for _, w := range words {
		s.tie(w.Kind, x, y-1, x+9, y-1)
		s.font("", 8, Muted)
		text := printable(w.Word)
		s.f.Text(x+10.5, y, text)
		x += 10.5 + s.f.GetStringWidth(text) + 7
	}
}

// watermark stands behind everything on each page: DRAFT, ANNULLED.
func (s *Sheet) watermark() {
	if s.doc.Mark == "" {
		return
	}
	cx, cy := pageWidth/2, pageHeight/2
	text := printable(s.doc.Mark)
	s.font("B", 88, Color{247, 222, 222})
	if width := s.f.GetStringWidth(text); width > pageHeight*0.72 {
		s.f.SetFontSize(88 * pageHeight * 0.72 / width)
	}
	s.f.TransformBegin()
	s.f.TransformRotate(52, cx, cy)
	s.f.Text(cx-s.f.GetStringWidth(text)/2, cy+88*point/3, text)
	s.f.TransformEnd()
}
