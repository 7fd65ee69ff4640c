package diagnosis

import (
	"context"
	"strconv"
	"strings"

	"gsl/app/kit/i18n"
	views "gsl/templates/diagnosis"
)

// presentDrawing puts a layout into the numbers of an SVG. Its words are those of
// the table beside it, so it is one picture for who cannot see it.
func presentDrawing(ctx context.Context, e *Ecomap) *views.Drawing {
	if len(e.Ties) == 0 {
		return nil
	}
	l := e.Layout()
	d := &views.Drawing{Box: "0 0 " + number(l.Width) + " " + number(l.Height), Title: i18n.Tf(ctx, "diagnosis.ecomap_of", map[string]any{"Name": e.Centre}),
		Text: tiesText(ctx, e.Ties), Centre: presentNode(l.Centre, "", "centre")}
	for i, line := range l.Lines {
		d.Lines = append(d.Lines, views.Stroke{Class: "tie-" + string(line.Strength), Points: points(line.Points)})
		d.Nodes = append(d.Nodes, presentNode(l.Nodes[i], i18n.T(ctx, kindKeys[l.Nodes[i].Kind]), "kind-"+string(l.Nodes[i].Kind)))
	}
	for _, s := range Strengths() {
		if e.Count(s) > 0 {
			y := 9.0
			line := lineTo(Node{X: 0, Y: y}, Node{X: 60, Y: y}, s)
			d.Legend = append(d.Legend, views.Legend{Stroke: views.Stroke{Class: "tie-" + string(s), Points: points(line.Points)}, Text: i18n.T(ctx, strengthKeys[s])})
		}
	}
	return d
}

// Where the lines of a box's text stand, from its middle.
const (
	lineHeight  = 15
	captionRise = 15
	baseline    = 4.5
)

func presentNode(n Node, caption, class string) views.Node {
	v := views.Node{Class: class, X: number(n.X - n.Width/2), Y: number(n.Y - n.Height/2), Width: number(n.Width), Height: number(n.Height),
		MiddleX: number(n.X), Caption: caption}
	first := n.Y - float64(len(n.Text)-1)*lineHeight/2 + baseline
	if caption != "" {
		first += 7
		v.CaptionY = number(n.Y - captionRise + 2)
		if len(n.Text) == 1 {
			v.CaptionY = number(n.Y - 8)
		}
	}
	for i, text := range n.Text {
		v.Text = append(v.Text, views.TextLine{Y: number(first + float64(i)*lineHeight), Text: text})
	}
	return v
}

func points(list []Point) string {
	var b strings.Builder
	for i, p := range list {
		if i > 0 {
			b.WriteByte(' ')
		}
		b.WriteString(number(p.X) + "," + number(p.Y))
	}
	return b.String()
}

// number is short: a tenth of a pixel is more than anybody sees.
func number(f float64) string {
	return strings.TrimSuffix(strconv.FormatFloat(f, 'f', 1, 64), ".0")
}

// presentAside is what stands beside the last diagnosis.
func presentAside(ctx context.Context, sec *Section) *views.AsideView {
	base := "/files/" + sec.File.ID
	v := &views.AsideView{Drawing: presentDrawing(ctx, &sec.Ecomap), Ecomap: base + "/ecomap", Goals: base + "/goals", Writes: sec.Writes,
		Ties: tiesText(ctx, sec.Ecomap.Ties)}
	v.Aims = presentAims(ctx, sec)
	return v
}

func strengthView(ctx context.Context, s Strength) views.Level {
	return views.Level{Code: "tie-" + string(s), Text: i18n.T(ctx, strengthKeys[s]), Icon: strengthIcons[s]}
}
