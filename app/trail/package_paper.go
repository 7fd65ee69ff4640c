package trail

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"strings"
	"unicode/utf8"

	"gsl/app/kit/calendar"
	"gsl/app/kit/held"
	"gsl/app/kit/i18n"
	"gsl/app/kit/pdf"
	"gsl/app/people"
	"gsl/templates/layout"
	"gsl/tenants"
)

// looks sends who has looked, a chunk at a time however long the list is, and keeps
// what the paper shows.
func (h *Handing) looks(ctx context.Context, a *archive) (gathered, error) {
	g := gathered{key: "package.part.looks"}
	err := a.add("datos/consultas.json", false, func(w io.Writer) error {
		k, err := h.service.know(ctx, h.who, h.file)
		if err != nil {
			return err
		}
		ask := Asked{}
		for {
			list, next, err := h.service.read(ctx, h.who, k, ask, chunk)
			if err != nil {
				return err
			}
			if err := g.take(ctx, w, list); err != nil {
				return err
			}
			if ask.Before = next; next == 0 {
				return g.end(w)
			}
		}
	})
	return g, err
}

func (g *gathered) take(ctx context.Context, w io.Writer, list []Look) error {
	for i := range list {
		r := heldLook(ctx, &list[i])
		start := ",\n"
		if g.total == 0 {
			start = "[\n"
		}
		text, err := json.Marshal(r)
		if err == nil {
			_, err = fmt.Fprintf(w, "%s%s", start, text)
		}
		if err != nil {
			return err
		}
		if g.total++; g.total <= mostOnPaper {
			g.records = append(g.records, r)
		}
	}
	return nil
}

func (g *gathered) end(w io.Writer) error {
	end := "\n]\n"
	if g.total == 0 {
		end = "[]\n"
	}
	_, err := io.WriteString(w, end)
	return err
}

// heldLook is a look without its marks, which are about the worker.
func heldLook(ctx context.Context, l *Look) held.Record {
	r := held.Of(nameOf(ctx, l), l.From)
	r.Add("to", l.To).Add("role", held.Coded{Code: l.Role, Text: layout.RoleName(ctx, l.Role)}).Add("unit", l.Unit).
		Add("pages", pagesOf(ctx, l)).Add("times", l.Times).Add("reason", reasonOf(ctx, l))
	return r
}

// HeldRequests is what the person asked about their data.
func HeldRequests(tx *tenants.Tx, f people.File) ([]held.Record, error) {
	all, err := RequestsOf(tx, f.ID)
	list := make([]held.Record, 0, len(all))
	for i := range all {
		list = append(list, heldRequest(tx.Context(), &all[i]))
	}
	return list, err
}

func heldRequest(ctx context.Context, r *Request) held.Record {
	one := held.Of(i18n.Tf(ctx, "held.request", map[string]any{"Folio": r.Folio(), "Kind": kindText(ctx, r.Kind)}), r.CreatedAt)
	one.Add("folio", r.Folio()).Add("kind", held.Coded{Code: string(r.Kind), Text: kindText(ctx, r.Kind)}).Add("asked", r.Asked).
		Add("channel", held.Coded{Code: r.Channel, Text: i18n.T(ctx, channelKeys[r.Channel])}).
		Add("proof", held.Coded{Code: r.Proof, Text: i18n.T(ctx, proofKeys[r.Proof])}).Add("agent", r.Agent).
		Add("received_on", r.Received).Add("due_on", r.Due).Add("by", r.CreatedByName)
	if r.Answered {
		one.Add("outcome", held.Coded{Code: string(r.Answer.Outcome), Text: i18n.T(ctx, outcomeKeys[r.Answer.Outcome])}).
			Add("answer", r.Answer.Text).Add("answered_on", r.AnsweredOn).Add("answered_by", r.AnsweredBy)
	}
	return one
}

// paper sends the whole file as somebody reads it.
func (h *Handing) paper(ctx context.Context, a *archive, parts []gathered) error {
	left, err := h.service.left(ctx, h.who, h.file)
	if err != nil {
		return err
	}
	proof, err := h.service.Prove(ctx, h.who)
	if err != nil {
		return err
	}
	body, err := h.press.Print(ctx, pdf.Document{
		Owner: h.who.Municipality, Issuer: i18n.Tf(ctx, "pdf.issuer", map[string]any{"Name": h.who.Municipality.Name}), Unit: h.who.UnitName,
		Title: i18n.T(ctx, "package.title"), Number: i18n.Tf(ctx, "package.number", map[string]any{"Folio": h.request.Folio()}),
		Date: calendar.On(h.now).Chilean(), PageOf: i18n.T(ctx, "pdf.page"), Subject: i18n.T(ctx, "package.title"), Lang: i18n.Spanish, Changed: h.now,
	}, func(s *pdf.Sheet) {
		s.Heading(i18n.T(ctx, "pdf.person"))
		s.Facts([]pdf.Fact{{Label: i18n.T(ctx, "pdf.name"), Value: people.DisplayName(ctx, h.file)}, {Label: i18n.T(ctx, "pdf.document"), Value: h.file.Number()}})
		s.Text(i18n.Tf(ctx, "package.intro", map[string]any{"Name": h.who.Municipality.Name, "Folio": h.request.Folio()}), 9.5, pdf.Ink)
		for i := range parts {
			drawPart(ctx, s, &parts[i])
		}
		drawProof(ctx, s, proof)
		s.Heading(i18n.T(ctx, "package.left.title"))
		s.Bullets(left)
		s.Space(3)
		s.Text(i18n.T(ctx, "package.readme.rights"), 8.5, pdf.Muted)
	})
	if err != nil {
		return err
	}
	return a.add("ficha.pdf", true, func(w io.Writer) error {
		_, err := w.Write(body)
		return err
	})
}

// partHeight is the room of a heading with the head of its table and a few lines: a
// head alone at the foot of a page says nothing.
const partHeight = 60.0

func drawPart(ctx context.Context, s *pdf.Sheet, g *gathered) {
	s.Keep(partHeight)
	s.Heading(i18n.Tf(ctx, "package.heading", map[string]any{"Name": i18n.T(ctx, g.key), "Total": i18n.Number(ctx, int64(g.total))}))
	if g.total == 0 {
		s.Text(i18n.T(ctx, "package.nothing"), 9, pdf.Muted)
		return
	}
	rows := make([]pdf.Row, 0, len(g.records))
	for i := range g.records {
		rows = append(rows, recordRow(ctx, &g.records[i]))
	}
	s.Table([]pdf.Column{{Title: i18n.T(ctx, "package.column.what"), Width: 0.30}, {Title: i18n.T(ctx, "package.column.detail"), Width: 0.70}}, rows)
	if g.total > len(g.records) {
		s.Text(i18n.Tf(ctx, "package.more", map[string]any{"Count": g.total - len(g.records)}), 8.5, pdf.Muted)
	}
}

var bold = pdf.Style{Bold: true, Size: 8.5, Ink: pdf.Ink}

// recordRow sets a record: what it is and when at the left, its values at the right.
func recordRow(ctx context.Context, r *held.Record) pdf.Row {
	what := []pdf.Para{{Text: r.Title, Style: bold}}
	if !r.At.IsZero() {
		what = append(what, pdf.Para{Text: i18n.DateTime(ctx, r.At), Style: small})
	}
	return pdf.Row{what, fieldParas(ctx, r.Fields)}
}

// A value of up to so many letters stands behind its word; longer ones below it.
const shortValue = 400

func fieldParas(ctx context.Context, fields []held.Field) []pdf.Para {
	var list []pdf.Para
	for i := range fields {
		f := &fields[i]
		if records := f.Records(); records != nil {
			list = append(list, pdf.Para{Text: f.Word(ctx) + ":", Style: bold})
			for k := range records {
				list = append(list, pdf.Para{Text: "• " + within(ctx, &records[k]), Style: plain})
			}
			continue
		}
		text := f.Text(ctx)
		if utf8.RuneCountInString(text) > shortValue {
			list = append(list, pdf.Para{Text: f.Word(ctx) + ":", Style: bold})
		} else {
			text = f.Word(ctx) + ": " + strings.ReplaceAll(text, "\n", ", ")
		}
		list = append(list, pdf.Para{Text: text, Style: plain})
	}
	return list
}

// within is a record of a record on one line.
func within(ctx context.Context, r *held.Record) string {
	parts := []string{r.Title}
	for i := range r.Fields {
		f := &r.Fields[i]
		if records := f.Records(); records != nil {
			for k := range records {
				parts = append(parts, within(ctx, &records[k]))
			}
			continue
		}
		parts = append(parts, f.Word(ctx)+": "+strings.ReplaceAll(f.Text(ctx), "\n", ", "))
	}
	return strings.Join(parts, " · ")
}
