package diagnosis

import (
	"math"
	"strings"
	"unicode/utf8"
)

// Layout is where everything of an ecomap stands, in units of about a pixel: a
// page draws it as it is, a paper scales it to its width. Nothing overlaps.
type Layout struct {
	Width, Height float64
	Centre        Node
	Nodes         []Node // as Ecomap.Ties
	Lines         []Line // as Ecomap.Ties: from the centre to the node
}

// Node is a box with its text, broken into lines that fit it.
type Node struct {
	X, Y, Width, Height float64 // X, Y: the middle
	Text                []string
	Kind                Kind // "" for the centre
}

// Line is a tie. A strong one is drawn thick, a weak one with dashes; Points of a
// conflicting one go to and fro, so that it can be told without colour.
type Line struct {
	Strength Strength
	Points   []Point
}

// Point is a place of a drawing.
type Point struct{ X, Y float64 }

// The measures of a drawing. charWidth is that of a letter of 13 pixels.
const (
	drawingWidth = 880
	lowest       = 400 // height of a drawing with few ties
	boxWidth     = 152
	boxHeight    = 56
	gapBetween   = 10
	margin       = 6
	charWidth    = 7.2
	boxLines     = 2
	onOval       = 10 // ties; more stand along the edges
	centreLines  = 3
)

// Layout places the ties around the person: a few on an oval, the first on top,
// that grows until no box touches another; many along the edges of the drawing.
func (e *Ecomap) Layout() Layout {
	if n := len(e.Ties); n > onOval {
		places, height := along(n)
		return e.place(places, height)
	}
	for height := float64(lowest); ; height += 40 {
		if l := e.place(oval(len(e.Ties), height), height); !l.touches() {
			return l
		}
	}
}

// place puts the ties at places.
func (e *Ecomap) place(places []Point, height float64) Layout {
	l := Layout{Width: drawingWidth, Height: height}
	l.Centre = Node{X: l.Width / 2, Y: height / 2, Width: boxWidth + 16, Height: boxHeight + 24, Text: wrap(e.Centre, boxWidth, centreLines)}
	for i, at := range places {
		t := &e.Ties[i]
		n := Node{X: at.X, Y: at.Y, Width: boxWidth, Height: boxHeight, Text: wrap(t.Name, boxWidth-12, boxLines), Kind: t.Kind}
		l.Nodes = append(l.Nodes, n)
		l.Lines = append(l.Lines, lineTo(l.Centre, n, t.Strength))
	}
	return l
}

// oval gives n places around the middle, the first on top.
func oval(n int, height float64) []Point {
	rx, ry := float64(drawingWidth-boxWidth)/2-margin, (height-boxHeight)/2-margin
	var list []Point
	for _, angle := range angles(n, rx, ry) {
		sin, cos := math.Sincos(angle)
		list = append(list, Point{drawingWidth/2 + rx*sin, height/2 - ry*cos})
	}
	return list
}

// along gives n places along the edges, clockwise from the upper left, and the
// height that they need.
func along(n int) (list []Point, height float64) {
	const step = boxHeight + gapBetween + 2
	across := min(5, (n+3)/4)
	right, left := (n-2*across+1)/2, (n-2*across)/2
	height = max(lowest, float64(right+2)*step+2*margin)
	x := func(i int) float64 {
		return margin + boxWidth/2 + float64(i)*(drawingWidth-boxWidth-2*margin)/float64(across-1)
	}
	y := func(i, of int) float64 {
		return margin + boxHeight/2 + float64(i+1)*(height-boxHeight-2*margin)/float64(of+1)
	}
	for i := range across {
		list = append(list, Point{x(i), y(-1, 1)})
	}
	for i := range right {
		list = append(list, Point{x(across - 1), y(i, right)})
	}
	for i := range across {
		list = append(list, Point{x(across - 1 - i), y(1, 1)})
	}
	for i := range left {
		list = append(list, Point{x(0), y(left-1-i, left)})
	}
	return list, height
}

// angles divides an oval into n equal ways from the top, by its length: equal
// angles would crowd the boxes at its ends.
func angles(n int, rx, ry float64) []float64 {
	const steps = 720
	lengths := make([]float64, steps+1)
	x, y := 0.0, -ry
	for i := 1; i <= steps; i++ {
		sin, cos := math.Sincos(2 * math.Pi * float64(i) / steps)
		lengths[i] = lengths[i-1] + math.Hypot(rx*sin-x, -ry*cos-y)
		x, y = rx*sin, -ry*cos
	}
	list := make([]float64, n)
	at := 0
	for i := range list {
		for lengths[at] < lengths[steps]*float64(i)/float64(n) {
			at++
		}
		list[i] = 2 * math.Pi * float64(at) / steps
	}
	return list
}

// touches reports whether a box is nearer to another than it should be.
func (l *Layout) touches() bool {
	all := append([]Node{l.Centre}, l.Nodes...)
	for i := range all {
		for j := range all[:i] {
			a, b := &all[i], &all[j]
			if math.Abs(a.X-b.X) < (a.Width+b.Width)/2+gapBetween && math.Abs(a.Y-b.Y) < (a.Height+b.Height)/2+gapBetween {
				return true
			}
		}
	}
	return false
}

// lineTo goes from the edge of the centre to the edge of a node.
func lineTo(centre, n Node, s Strength) Line {
	from, to := edge(centre, n), edge(n, centre)
	if s == Conflicting {
		return Line{s, zigzag(from, to)}
	}
	return Line{s, []Point{from, to}}
}

// edge is where the line from a box to another leaves it.
func edge(of, towards Node) Point {
	dx, dy := towards.X-of.X, towards.Y-of.Y
	scale := math.Inf(1)
	if dx != 0 {
		scale = of.Width / 2 / math.Abs(dx)
	}
	if dy != 0 {
		scale = math.Min(scale, of.Height/2/math.Abs(dy))
	}
	return Point{of.X + dx*scale, of.Y + dy*scale}
}

// zigzag goes to and fro around the straight way.
func zigzag(from, to Point) []Point {
	const wave, swing = 9.0, 5.0
	length := math.Hypot(to.X-from.X, to.Y-from.Y)
	n := max(3, int(length/wave))
	points := []Point{from}
	for i := 1; i < n; i++ {
		part, side := float64(i)/float64(n), swing
		if i%2 == 0 {
			side = -swing
		}
		points = append(points, Point{from.X + (to.X-from.X)*part - side*(to.Y-from.Y)/length, from.Y + (to.Y-from.Y)*part + side*(to.X-from.X)/length})
	}
	return append(points, to)
}

// wrap breaks a text into at most so many lines of a width; what does not fit
// ends in "…". The table beside the drawing has all of it.
func wrap(text string, width float64, most int) []string {
	room := int(width / charWidth)
	var lines []string
	line := ""
	for _, word := range words(text, room) {
		switch joined := strings.TrimSpace(line + " " + word); {
		case utf8.RuneCountInString(joined) <= room:
			line = joined
		case len(lines) == most-1:
			return append(lines, cut(line+" "+word, room))
		default:
			lines, line = append(lines, line), word
		}
	}
	return append(lines, line)
}

// words are those of a text; one that is longer than a line is broken.
func words(text string, room int) []string {
	var list []string
	for _, word := range strings.Fields(text) {
		runes := []rune(word)
		for len(runes) > room {
			list, runes = append(list, string(runes[:room])), runes[room:]
		}
		list = append(list, string(runes))
	}
	return list
}

func cut(text string, room int) string {
	runes := []rune(strings.TrimSpace(text))
	return strings.TrimSpace(string(runes[:min(len(runes), room-1)])) + "…"
}
