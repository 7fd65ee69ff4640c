package report

import (
	"context"
	"crypto/rand"

	"gsl/app/access"
	"gsl/app/document"
	"gsl/app/kit/actor"
	"gsl/app/kit/i18n"
	views "gsl/templates/report"
	"gsl/templates/ui"
)

// stateTags are the words of the states, as the domain's glossary has them.
var stateTags = map[State]struct {
	key, icon string
	kind      ui.TagKind
}{
	Draft:    {"report.state.draft", "pencil", ui.Warning},
	Signed:   {"report.state.signed", "pen", ui.Info},
	Approved: {"report.state.approved", "check2-square", ui.Info},
	Issued:   {"report.state.issued", "check-circle", ui.Success},
	Annulled: {"report.state.annulled", "x-circle", ui.Plain},
}

func stateTag(ctx context.Context, s State) ui.Tag {
	t := stateTags[s]
	return ui.Tag{Text: i18n.T(ctx, t.key), Icon: t.icon, Kind: t.kind}
}

// Brief says a report in a few words: "Informe · Borrador", with its folio once it has one.
func Brief(ctx context.Context, r *Report) string {
	return line(i18n.Tf(ctx, "report.brief", map[string]any{"Folio": r.Folio(), "State": i18n.T(ctx, stateTags[r.State].key)}))
}

// Task says what a report waits for: "Devuelto para corregir · Ayuda social".
func Task(ctx context.Context, r *Report) string {
	purpose := or(r.Purpose, i18n.T(ctx, "report.untitled"))
	switch {
	case r.State == Draft && r.Approval.Comment != "":
		return i18n.Tf(ctx, "report.task.returned", map[string]any{"Purpose": purpose})
	case r.State == Approved:
		return i18n.Tf(ctx, "report.task.approved", map[string]any{"Purpose": purpose})
	}
	return purpose
}

// Href is where a report is worked on: a draft is written, the others are read.
func Href(who actor.Actor, r *Report) string {
	if r.State == Draft && who.Can(access.ManagePlan) {
		return "/reports/" + r.ID + "/edit"
	}
	return "/reports/" + r.ID
}

// papersHref is where the documents of a report are seen and handed in.
func papersHref(r *Report) string {
	return "/files/" + r.FileID + "/documents?of=" + document.Owner{Kind: document.OfAReport, ID: r.ID}.String()
}

// presentList puts the reports of a file into words.
func presentList(ctx context.Context, who actor.Actor, list *List, form *newForm) *views.List {
	v := &views.List{}
	writes := who.Can(access.ManagePlan)
	if writes {
		v.New = &views.New{Action: "/files/" + list.File.ID + "/reports", Key: or(form.Key, rand.Text()), Purposes: purposeOptions(ctx, list.purposes, form.Purpose),
			Addressee: form.Addressee, Due: form.Due.Chilean(), Open: len(list.Reports) == 0 && len(list.Waiting) == 0 || form.Key != ""}
		for _, it := range list.Waiting {
			v.Waiting = append(v.Waiting, views.Waiting{Item: it.ItemID, Text: it.Name, Plan: it.Folio, Href: "/plans/" + it.PlanID})
		}
	}
	for i := range list.Reports {
		v.Rows = append(v.Rows, presentRow(ctx, who, &list.Reports[i], list))
	}
	return v
}

func presentRow(ctx context.Context, who actor.Actor, l *Listed, list *List) views.Row {
	writes := who.Can(access.ManagePlan)
	row := views.Row{Key: string(l.State), Purpose: or(l.Purpose, i18n.T(ctx, "report.untitled")), State: stateTag(ctx, l.State), Folio: l.Folio(), Reason: l.Annulment.Reason,
		Due: i18n.Date(ctx, l.DueOn), Late: l.State == Draft && !l.DueOn.IsZero() && l.DueOn.Before(list.Today),
		Written: i18n.Tf(ctx, "report.written", map[string]any{"At": i18n.DateTime(ctx, l.WrittenAt), "Name": l.WrittenBy}),
		Href:    Href(who, &l.Report), Action: i18n.T(ctx, "report.open")}
	if l.State == Draft && writes {
		row.Action = i18n.T(ctx, "report.write_on")
	}
	if l.State == Draft && l.Approval.Comment != "" {
		row.Reason = i18n.T(ctx, "signature.sign.returned") + " " + l.Approval.Comment
	}
	return row
}
