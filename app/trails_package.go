package app

import (
	"context"
	"io"

	"gsl/app/attention"
	"gsl/app/benefit"
	"gsl/app/casework"
	"gsl/app/diagnosis"
	"gsl/app/document"
	"gsl/app/kit/actor"
	"gsl/app/kit/held"
	"gsl/app/kit/i18n"
	"gsl/app/people"
	"gsl/app/plan"
	"gsl/app/referral"
	"gsl/app/report"
	"gsl/app/screening"
	"gsl/app/trail"
	"gsl/app/visit"
	"gsl/tenants"
)

// connectPackage says what each room holds of a person, in the order in which the
// person reads it. A new room that holds something adds its line.
func (a *App) connectPackage() {
	a.Trail.Parts = []trail.Part{
		{Name: "identificacion", Key: "package.part.identification", Of: people.Held},
		{Name: "hogar", Key: "package.part.households", Of: screening.Held},
		{Name: "atenciones", Key: "package.part.attentions", Of: attention.Held},
		{Name: "derivaciones", Key: "package.part.referrals", Of: referral.Held},
		{Name: "planes", Key: "package.part.plans", Of: plan.Held},
		{Name: "beneficios", Key: "package.part.benefits", Of: benefit.Held},
		{Name: "responsables", Key: "package.part.case", Of: casework.Held},
		{Name: "diagnosticos", Key: "package.part.diagnosis", Of: diagnosis.Held},
		{Name: "objetivos", Key: "package.part.goals", Of: diagnosis.HeldGoals},
		{Name: "visitas", Key: "package.part.visits", Of: visit.Held},
		{Name: "informes", Key: "package.part.reports", Of: report.Held},
		{Name: "bitacora", Key: "package.part.notes", Of: casework.HeldNotes},
		{Name: "solicitudes", Key: "package.part.requests", Of: trail.HeldRequests},
	}
	a.Trail.Papers, a.Trail.Reports, a.Trail.Confidential = papersOfFile, a.signedReports, casework.ConfidentialNotes
}

// papersOfFile are the documents of a file, whatever they were handed in for.
func papersOfFile(tx *tenants.Tx, who actor.Actor, f people.File) ([]trail.Paper, error) {
	all, err := document.OfFile(tx, f.ID)
	list := make([]trail.Paper, 0, len(all))
	m, ctx := who.Municipality, tx.Context()
	for i := range all {
		d := &all[i]
		r := held.Of(d.Name, d.UploadedAt)
		r.Add("kind", held.Coded{Code: string(d.Kind), Text: document.KindText(ctx, d.Kind)}).Add("type", d.Type).Add("size", d.Size).Add("by", d.UploadedByName).Add("expires_on", d.ExpiresOn)
		list = append(list, trail.Paper{Name: d.Filename(), Size: d.Size, Record: r,
			Send: func(ctx context.Context, out io.Writer) error { return document.Send(ctx, m, d, out) }})
	}
	return list, err
}

// signedReports are the signed social reports of a file, those that were annulled
// too, the newest first. Each is read and printed when it is sent: no more than
// one is held at a time.
func (a *App) signedReports(tx *tenants.Tx, who actor.Actor, f people.File) ([]trail.Paper, error) {
	all, err := report.OfFile(tx, f.ID)
	var list []trail.Paper
	for i := range all {
		if r := &all[i]; !r.Signature.At.IsZero() {
			sheet := report.Sheet{Report: *r}
			one := held.Of(i18n.Tf(tx.Context(), "held.report", map[string]any{"Purpose": r.Purpose}), r.Signature.At)
			one.Add("folio", r.Folio()).Add("by", r.Author.Name).Add("verification", r.Signature.Code)
			list = append(list, trail.Paper{Name: sheet.Name(), Record: one, Send: a.sendReport(who.Municipality, r.ID)})
		}
	}
	return list, err
}

// sendReport prints a report as its person gets it.
func (a *App) sendReport(m *tenants.Municipality, id string) func(context.Context, io.Writer) error {
	return func(ctx context.Context, out io.Writer) error {
		var sheet report.Sheet
		err := m.View(ctx, func(tx *tenants.Tx) (err error) {
			sheet, err = a.Signing.Handed(tx, id)
			return err
		})
		if err != nil {
			return err
		}
		body, err := report.Printer{Press: a.press, Base: a.Letters.Base}.Print(ctx, m, &sheet)
		if err == nil {
			_, err = out.Write(body)
		}
		return err
	}
}
