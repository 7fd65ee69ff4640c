package diagnosis

import (
	"fmt"
	"math"
	"strings"
	"testing"
	"unicode/utf8"
)

// However many ties there are, no box touches another or leaves the drawing.
func TestNothingOfAnEcomapOverlaps(t *testing.T) {
	for n := range mostTies + 1 {
		e := Ecomap{Centre: "María Eugenia González Pérez de la Fuente y Errázuriz"}
		for i := range n {
			e.Ties = append(e.Ties, Tie{Kind: Kinds()[i%len(Kinds())], Strength: Strengths()[i%3], Name: fmt.Sprintf("Junta de vecinos número %d de la población", i)})
		}
		l := e.Layout()
		if len(l.Nodes) != n || len(l.Lines) != n || l.touches() {
			t.Fatalf("%d ties: %d boxes, %d lines, touching: %v", n, len(l.Nodes), len(l.Lines), l.touches())
		}
		for i, node := range l.Nodes {
			if node.X-node.Width/2 < 0 || node.X+node.Width/2 > l.Width || node.Y-node.Height/2 < 0 || node.Y+node.Height/2 > l.Height {
				t.Errorf("%d ties: box %d leaves the drawing", n, i)
			}
			points := l.Lines[i].Points
			if first := points[0]; math.Abs(first.X-l.Centre.X) > l.Centre.Width/2+0.1 || math.Abs(first.Y-l.Centre.Y) > l.Centre.Height/2+0.1 {
				t.Errorf("%d ties: line %d does not begin at the centre", n, i)
			}
			if last := points[len(points)-1]; math.Abs(last.X-node.X) > node.Width/2+0.1 || math.Abs(last.Y-node.Y) > node.Height/2+0.1 {
				t.Errorf("%d ties: line %d does not end at its box", n, i)
			}
			if zigzag := len(points) > 2; zigzag != (l.Lines[i].Strength == Conflicting) {
				t.Errorf("%d ties: a %s tie is drawn with %d points", n, l.Lines[i].Strength, len(points))
			}
		}
		if l.Height > 760 {
			t.Errorf("%d ties need a height of %.0f", n, l.Height)
		}
	}
}

func TestTextsAreBroken(t *testing.T) {
	for text, want := range map[string]string{
		"Ana":                    "Ana",
		"Junta de Vecinos N° 12": "Junta de Vecinos N°|12",
		"Programa de Protección Especial de la Niñez": "Programa de|Protección Especia…",
		strings.Repeat("á", 30):                       strings.Repeat("á", 19) + "|" + strings.Repeat("á", 11),
		"":                                            "",
	} {
		lines := wrap(text, 140, 2)
		if got := strings.Join(lines, "|"); got != want {
			t.Errorf("%q is broken into %q, want %q", text, got, want)
		}
		for _, line := range lines {
			if utf8.RuneCountInString(line) > 19 {
				t.Errorf("%q is too long", line)
			}
		}
	}
}
