package diagnosis

import (
	"context"
	"crypto/rand"
	"strings"

	"gsl/app/kit/calendar"
	"gsl/app/kit/i18n"
	views "gsl/templates/diagnosis"
	"gsl/templates/ui"
)

// formState is what a form that comes back carries beside the draft.
type formState struct {
	typed   *Typed // nil: as it is kept
	clashes []Clash
	errs    ui.Errors
	problem string
	see     string
}

// presentForm is the draft of a section.
func presentForm(ctx context.Context, sec *Section, st formState) *views.Form {
	d := *sec.Draft
	if st.typed != nil {
		d = st.typed.with(d)
	}
	base := "/files/" + d.FileID + "/diagnosis"
	v := &views.Form{Tabs: presentTabs(ctx, d.FileID, "diagnosis", len(sec.Ecomap.Ties), &sec.Goals),
		Action: base, Keep: base + "/draft", Discard: base + "/discard", ID: d.ID, Page: rand.Text(), Marks: joinMarks(sec.Marks),
		Meta:   i18n.Tf(ctx, "diagnosis.begun", map[string]any{"On": i18n.Date(ctx, calendar.On(d.StartedAt)), "Name": d.StartedBy}),
		Errors: st.errs, Problem: st.problem, See: st.see, Saved: lastSaved(ctx, sec.Draft)}
	var was *Diagnosis
	if len(sec.Done) > 0 {
		was = &sec.Done[0]
	}
	for _, of := range Dimensions() {
		p := presentPart(ctx, d.Part(of), was, st.errs)
		p.Seen, p.Clash = sec.Draft.Part(of).mark(), clashOf(ctx, st.clashes, of)
		if today := sec.Known[of]; today != "" && today != d.Part(of).Known && !strings.Contains(d.Part(of).Situation, today) {
			p.Today = today
		}
		v.Parts = append(v.Parts, p)
	}
	v.Whole = presentWhole(ctx, &d, was, st)
	v.Whole.Seen = sec.Draft.Part(Whole).mark()
	return v
}

func joinMarks(marks []Mark) string {
	list := make([]string, len(marks))
	for i, m := range marks {
		list[i] = string(m)
	}
	return strings.Join(list, ",")
}

// lastSaved says when and by whom the draft was written last.
func lastSaved(ctx context.Context, d *Diagnosis) string {
	last := &d.Parts[0]
	for i := range d.Parts {
		if d.Parts[i].ChangedAt.After(last.ChangedAt) {
			last = &d.Parts[i]
		}
	}
	return i18n.Tf(ctx, "diagnosis.saved_by", map[string]any{"At": i18n.DateTime(ctx, last.ChangedAt), "Name": last.ChangedBy})
}

func presentPart(ctx context.Context, p *Part, was *Diagnosis, errs ui.Errors) views.Part {
	of := p.Dimension
	name := dimensionText(ctx, of)
	v := views.Part{Code: string(of), Name: name, Icon: dimensionIcons[of], Level: string(p.Level), LevelError: errs.Of(field("level", of))}
	for _, l := range append([]Level{Unassessed}, Levels()...) {
		v.Levels = append(v.Levels, levelView(ctx, l))
	}
	v.Situation = textArea(ctx, "situation", of, "diagnosis.situation", p.Situation, maxText, errs)
	v.Situation.Hint = i18n.T(ctx, dimensionHintKeys[of])
	v.Note = textArea(ctx, "note", of, "diagnosis.note", p.Note, maxText, errs)
	if was != nil {
		v.Before = &views.Before{On: i18n.Tf(ctx, "diagnosis.before_on", map[string]any{"On": onDay(ctx, was)}), Cell: cellView(ctx, was.Part(of))}
	}
	return v
}

func textArea(ctx context.Context, name string, of Dimension, label, value string, most int, errs ui.Errors) ui.Input {
	full := field(name, of)
	return ui.Input{Name: full, Label: i18n.T(ctx, label), Value: value, Rows: rowsFor(value), MaxLength: most, Error: errs.Of(full)}
}

// rowsFor gives a text the room that it takes, within reason.
func rowsFor(text string) int { return min(12, max(3, 1+len(text)/55+strings.Count(text, "\n"))) }

func presentWhole(ctx context.Context, d, was *Diagnosis, st formState) views.Whole {
	whole := d.Part(Whole)
	w := views.Whole{Own: string(whole.Level), OwnError: st.errs.Of(field("level", Whole)), Clash: clashOf(ctx, st.clashes, Whole)}
	w.Summary = textArea(ctx, "situation", Whole, "diagnosis.summary", whole.Situation, maxSummary, st.errs)
	w.Summary.Hint = i18n.T(ctx, "diagnosis.summary_hint")
	w.Why = textArea(ctx, "note", Whole, "diagnosis.own_why", whole.Note, maxReason, st.errs)
	w.Why.Rows = 2
	w.Owns = []ui.Option{{Text: i18n.T(ctx, "diagnosis.own_none")}}
	for _, r := range Risks() {
		w.Owns = append(w.Owns, ui.Option{Value: string(r), Text: i18n.T(ctx, riskKeys[r])})
	}
	if was != nil {
		w.Before = was.Summary()
	}
	return w
}

func clashOf(ctx context.Context, clashes []Clash, of Dimension) *views.Clash {
	for i := range clashes {
		p := &clashes[i].Part
		if p.Dimension != of {
			continue
		}
		c := &views.Clash{By: i18n.Tf(ctx, "diagnosis.clash_by", map[string]any{"Name": p.ChangedBy, "At": i18n.DateTime(ctx, p.ChangedAt)}), Cell: cellView(ctx, p)}
		if of == Whole { // its level is a risk
			c.Level = levelView(ctx, Unassessed)
			if r := Risk(p.Level); r != "" {
				c.Level = riskView(ctx, r)
			}
		}
		return c
	}
	return nil
}
