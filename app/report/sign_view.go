package report

import (
	"context"

	"gsl/app/access"
	"gsl/app/kit/actor"
	"gsl/app/kit/calendar"
	"gsl/app/kit/i18n"
	"gsl/app/people"
	views "gsl/templates/report"
	"gsl/templates/ui"
)

// presentDesk puts a draft before its author.
func presentDesk(ctx context.Context, who actor.Actor, d *Desk) *views.Sign {
	r := &d.Report
	v := &views.Sign{ID: r.ID, Edit: editHref(r.ID), Returned: r.Approval.Comment, Name: who.Name, Mark: d.Form.Mark,
		Approval: d.asksApproval(), Own: d.Approval.Needed && d.Own,
		Form: views.SignForm{Profession: d.Form.Profession, Registration: d.Form.Registration, HeadName: d.Form.HeadName, HeadPosition: d.Form.HeadPosition}}
	if v.Returned != "" {
		v.By = i18n.T(ctx, "signature.sign.returned")
	}
	f := Frozen{SignedAt: d.now, Content: d.Content, Ecomap: d.Ecomap}
	v.Blocks = presentBlocks(ctx, &f)
	for _, field := range d.Missing {
		v.Missing = append(v.Missing, views.Lack{Text: i18n.Tf(ctx, field.Key, field.Args), Href: editHref(r.ID) + "#" + ui.FieldID(field.Name)})
	}
	return v
}

// standTag is a state in word, icon and colour; of one that waits for its head it
// says so.
func standTag(ctx context.Context, r *Report) ui.Tag {
	tag := stateTag(ctx, r.State)
	if r.State == Signed && r.Approval.Needed {
		tag.Text, tag.Kind, tag.Icon = i18n.T(ctx, "signature.state.waits"), ui.Warning, "hourglass-split"
	}
	return tag
}

// presentSheet puts a report as it was signed into words, with what the reader may do.
func presentSheet(ctx context.Context, who actor.Actor, s *Sheet) *views.Sheet {
	r := &s.Report
	v := &views.Sheet{ID: r.ID, Title: i18n.T(ctx, "signature.sheet.draft"), State: standTag(ctx, r), PDF: sheetHref(r.ID) + ".pdf", Papers: papersHref(r),
		Lead: leadText(ctx, who, s), Blocks: presentBlocks(ctx, &s.Frozen), Acts: actsOf(who, s)}
	if folio := r.Folio(); folio != "" {
		v.Title = i18n.Tf(ctx, "signature.sheet.title", map[string]any{"Folio": folio})
	}
	if r.Signature.Code != "" {
		v.Code, v.Check = r.Signature.Code, "/v/"+r.Signature.Code
	}
	if r.State == Annulled {
		v.Ended = i18n.Tf(ctx, "signature.sheet.ended", map[string]any{"At": i18n.DateTime(ctx, r.Annulment.At), "Name": r.Annulment.Name, "Reason": r.Annulment.Reason})
	}
	v.Facts = sheetFacts(ctx, r)
	v.Previous, v.Next = versions(ctx, s)
	for i := len(s.History) - 1; i >= 0; i-- {
		e := &s.History[i]
		v.History = append(v.History, views.SheetLine{At: i18n.DateTime(ctx, e.At), By: e.By, Text: i18n.T(ctx, historyKey(e)), Note: e.Note})
	}
	return v
}

func sheetFacts(ctx context.Context, r *Report) (list []views.SheetFact) {
	add := func(key, value string) {
		if value != "" {
			list = append(list, views.SheetFact{Label: i18n.T(ctx, key), Value: value})
		}
	}
	add("signature.sheet.author", r.Author.Name)
	add("signature.profession", r.Author.Profession)
	add("signature.registration", r.Author.Registration)
	if r.Approval.Needed {
		add("signature.head_name", r.Approval.HeadName)
		add("signature.head_position", r.Approval.HeadPosition)
	}
	return list
}

// versions are the links to the report before and the one after.
func versions(ctx context.Context, s *Sheet) (previous, next *views.SheetLink) {
	if s.Previous != nil {
		previous = &views.SheetLink{Href: sheetHref(s.Previous.ID), Text: replaces(ctx, s.Previous, s.Instead)}
	}
	if n := s.Next; n != nil {
		next = &views.SheetLink{Href: sheetHref(n.ID), Text: i18n.T(ctx, "signature.sheet.next_draft")}
		if n.State == Issued {
			next.Text = i18n.Tf(ctx, "signature.sheet.replaced", map[string]any{"Folio": n.Folio()})
		}
	}
	return previous, next
}

// replaces says which report it takes the place of, and why.
func replaces(ctx context.Context, previous *Report, instead *Replacement) string {
	return i18n.Tf(ctx, "signature.sheet.replaces", map[string]any{"Folio": previous.Folio(), "Reason": instead.Reason})
}

// historyKey says a step in words.
func historyKey(e *Entry) string {
	if e.Became == Draft {
		if e.Was == "" {
			return "signature.history.begun"
		}
		return "signature.history.reopened"
	}
	return historyKeys[e.Became]
}

var historyKeys = map[State]string{
	Signed:   "signature.history.signed",
	Approved: "signature.history.approved",
	Issued:   "signature.history.issued",
	Annulled: "signature.history.annulled",
}

// leadText says what a state means, and who is next.
func leadText(ctx context.Context, who actor.Actor, s *Sheet) string {
	r := &s.Report
	args := map[string]any{"Head": r.Approval.HeadName, "Unit": r.UnitName}
	switch {
	case r.State == Draft:
		return i18n.T(ctx, "signature.lead.draft")
	case r.State == Annulled:
		return i18n.T(ctx, "signature.lead.annulled")
	case r.State == Issued:
		return i18n.T(ctx, "signature.lead.issued")
	case r.State == Approved, !r.Approval.Needed:
		return i18n.T(ctx, "signature.lead.issue")
	case heads(who, r.Unit):
		return i18n.T(ctx, "signature.lead.decide")
	}
	return i18n.Tf(ctx, "signature.lead.waits", args)
}

// actsOf is what the actor may do with the report as it stands.
func actsOf(who actor.Actor, s *Sheet) (a views.SheetActs) {
	r := &s.Report
	if r.State == Signed && r.decidable(who, "") == nil {
		a.Decide = &views.Decide{Code: r.Signature.Code, HeadName: r.Approval.HeadName, HeadPosition: r.Approval.HeadPosition}
	}
	if !who.Can(access.ManagePlan) {
		return a
	}
	a.Issue = r.State != Issued && r.issueRefusal() == ""
	if r.State == Signed && r.Author.ID == who.UserID {
		a.Withdraw = &views.Reason{}
	}
	if s.Next == nil && r.mayReplace(who) && (r.State == Approved || r.State == Issued || r.State == Annulled) && r.Number > 0 {
		a.Version = &views.Reason{}
	}
	if r.State != Annulled && r.Number > 0 && r.mayAnnul(who) {
		a.Annul = &views.Reason{}
	}
	return a
}

// presentWaiting lists what waits for a head.
func presentWaiting(ctx context.Context, who actor.Actor, list []Pending) *views.Approvals {
	v := &views.Approvals{Unit: who.UnitName}
	for i := range list {
		r := &list[i].Report
		v.Rows = append(v.Rows, views.ApprovalRow{Since: i18n.Date(ctx, calendar.On(r.Signature.At)), Days: list[i].since(ctx),
			Person: people.DisplayName(ctx, list[i].Person), Number: list[i].Person.Number(),
			Folio: r.Folio(), Purpose: list[i].purpose(ctx), By: r.Author.Name, Href: sheetHref(r.ID), PDF: sheetHref(r.ID) + ".pdf"})
	}
	return v
}

// purpose is what the report is for; of somebody whose file is shut, not even that.
func (p *Pending) purpose(ctx context.Context) string {
	if p.Person.Veiled {
		return people.VeiledAdvice(ctx)
	}
	return p.Report.Purpose
}

func (p *Pending) since(ctx context.Context) string {
	if p.Days == 0 {
		return i18n.T(ctx, "signature.waiting.today")
	}
	return i18n.Tf(ctx, "signature.waiting.days", map[string]any{"Count": p.Days})
}
