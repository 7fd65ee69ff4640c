package report

import (
	"strings"

	"gsl/app/kit/pdf"
	"gsl/tenants"
)

// Ecomap is the support network as it was when the report was signed, with where
// everything stands in its drawing, in units of about a pixel.
type Ecomap struct {
	Width  float64     `json:"width"`
	Height float64     `json:"height"`
	Centre EcomapNode  `json:"centre"`
	Ties   []EcomapTie `json:"ties"`
}

// EcomapNode is a box around its middle.
type EcomapNode struct {
	X      float64 `json:"x"`
	Y      float64 `json:"y"`
	Width  float64 `json:"width"`
	Height float64 `json:"height"`
	Text   string  `json:"text"` // as much of the name as fits
}

// EcomapTie is one line of it, with the box at its end.
type EcomapTie struct {
	Node     EcomapNode `json:"node"`
	From     [2]float64 `json:"from"` // where the line begins, at the centre's edge
	To       [2]float64 `json:"to"`
	Name     string     `json:"name"`
	KindText string     `json:"kind"` // in Spanish: the paper's language
	Tie      string     `json:"tie"`  // strong, weak, conflicting
	Note     string     `json:"note"`
}

// ecomap gives the drawing that a report is to print, nil for none.
func (s *Signing) ecomap(tx *tenants.Tx, fileID string, c *Content) (*Ecomap, error) {
	if s.Ecomap == nil || !c.Networks.Chosen || !c.Networks.Ecomap {
		return nil, nil //nolint:nilnil // nothing is to be printed
	}
	return s.Ecomap(tx, fileID)
}

var tieKinds = map[string]pdf.TieKind{"strong": pdf.StrongTie, "weak": pdf.WeakTie, "conflicting": pdf.ConflictTie}

func (p *paper) diagram() pdf.Diagram {
	e := p.f.Ecomap
	d := pdf.Diagram{Width: e.Width, Height: e.Height, Legend: p.legend(), Nodes: []pdf.Node{e.Centre.draw(pdf.Blue)}}
	for i := range e.Ties {
		t := &e.Ties[i]
		d.Nodes = append(d.Nodes, t.Node.draw(pdf.Ink))
		d.Ties = append(d.Ties, pdf.Tie{X1: t.From[0], Y1: t.From[1], X2: t.To[0], Y2: t.To[1], Kind: tieKinds[t.Tie]})
	}
	return d
}

func (n *EcomapNode) draw(ink pdf.Color) pdf.Node {
	return pdf.Node{X: n.X, Y: n.Y, W: n.Width, H: n.Height, Title: strings.ReplaceAll(n.Text, "\n", " "), Ink: ink, Tint: pdf.Shade}
}
