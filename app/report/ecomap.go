package report

import (
	"context"
	"strings"

	"gsl/app/diagnosis"
	"gsl/app/kit/i18n"
	"gsl/tenants"
)

// EcomapOf draws the support network of a file as a report is to print it, nil
// when nobody stands in it.
func EcomapOf(tx *tenants.Tx, fileID string) (*Ecomap, error) {
	e, err := diagnosis.EcomapOf(tx, fileID)
	if err != nil || len(e.Ties) == 0 {
		return nil, err //nolint:nilnil // nothing to draw
	}
	l := e.Layout()
	ctx := i18n.With(tx.Context(), i18n.Spanish)
	drawn := &Ecomap{Width: l.Width, Height: l.Height, Centre: nodeOf(&l.Centre)}
	for i := range e.Ties {
		drawn.Ties = append(drawn.Ties, tieOf(ctx, &e.Ties[i], &l, i))
	}
	return drawn, nil
}

func nodeOf(n *diagnosis.Node) EcomapNode {
	return EcomapNode{X: n.X, Y: n.Y, Width: n.Width, Height: n.Height, Text: strings.Join(n.Text, " ")}
}

func tieOf(ctx context.Context, t *diagnosis.Tie, l *diagnosis.Layout, i int) EcomapTie {
	tie := EcomapTie{Node: nodeOf(&l.Nodes[i]), Name: t.Name, KindText: t.Kind.Text(ctx), Tie: string(t.Strength), Note: t.Note}
	if points := l.Lines[i].Points; len(points) > 1 {
		first, last := points[0], points[len(points)-1]
		tie.From, tie.To = [2]float64{first.X, first.Y}, [2]float64{last.X, last.Y}
	}
	return tie
}
