package demo

import (
	"context"
	"time"

	"gsl/app/kit/actor"
	"gsl/app/kit/calendar"
	"gsl/app/report"
	"gsl/tenants"
)

// askApproval makes the heads of the municipality approve reports before they are issued.
func (s *Stage) askApproval(ctx context.Context, clerk, head actor.Actor) error {
	rule := report.ApprovalRule{Needed: true, HeadName: head.Name, HeadPosition: "Jefatura de Asistencia Social"}
	was, err := s.Settings.Approval(ctx, clerk)
	if err != nil || was == rule {
		return err
	}
	_, err = s.Settings.SaveApproval(ctx, clerk, rule, "off||")
	return err
}

// opinion and requests of the reports of the demo.
const (
	demoOpinion = "Desde lo observado en la entrevista y en la visita domiciliaria, el hogar enfrenta una disminución de sus ingresos que no le permite cubrir alimentación y servicios básicos. La persona ha cumplido los compromisos acordados y cuenta con una red familiar que acompaña, aunque sin capacidad económica.\n\nSe estima pertinente otorgar el apoyo solicitado mientras se concreta la incorporación a los programas a los que el hogar puede acceder."
	demoHealth  = "La persona mantiene controles en el CESFAM. No se informan otras condiciones que requieran apoyo inmediato."
	demoRequest = "Otorgar canasta de alimentos por dos meses."
	demoSecond  = "Evaluar ayuda para el pago de la cuenta de agua."
)

// howLongReportsWait is after how many days a report of the demo is approved; the
// younger ones wait for their head.
const howLongReportsWait = 60

// writeReport writes and signs the report that the plan asked for; the head
// approves it in time.
func writeReport(sc *scene) error {
	if sc.head.IsNobody() {
		return nil
	}
	var reports []report.Report
	err := sc.worker.Municipality.View(sc.ctx, func(tx *tenants.Tx) (err error) {
		for i := range sc.plan.Items {
			found, err := report.OfItem(tx, sc.plan.Items[i].ID)
			if err != nil {
				return err
			}
			reports = append(reports, found...)
		}
		return nil
	})
	if err != nil {
		return err
	}
	for i := range reports {
		if err := sc.writeOne(reports[i].ID); err != nil {
			return err
		}
	}
	return nil
}

func (sc *scene) writeOne(id string) error {
	page := report.Page{Name: "demo", Seen: 1}
	_, err := sc.Report.Save(sc.ctx, sc.worker, id, []report.Sent{
		{Part: report.PurposePart, Page: page, Edit: func(c *report.Content) { c.Purpose.Addressee = "Dirección de Desarrollo Comunitario" }},
		{Part: report.SocioeconomicPart, Page: page, Edit: func(c *report.Content) { c.Socioeconomic.Chosen = true }},
		{Part: report.HousingPart, Page: page, Edit: func(c *report.Content) { c.Housing.Chosen = true }},
		{Part: report.HealthPart, Page: page, Edit: func(c *report.Content) { c.Health.Chosen, c.Health.Text = true, demoHealth }},
		{Part: report.OpinionPart, Page: page, Edit: func(c *report.Content) { c.Opinion.Text = demoOpinion }},
		{Part: report.RequestsPart, Page: page, Edit: func(c *report.Content) {
			c.Requests.List = []report.Request{{ID: "1", Text: demoRequest}, {ID: "2", Text: demoSecond}}
		}},
	})
	if err != nil {
		return err
	}
	sc.Clock.Forward(25 * time.Minute)
	form := report.SignForm{Profession: "Trabajadora social", Registration: "14.208", HeadName: sc.head.Name, HeadPosition: "Jefatura de Asistencia Social"}
	if _, err := sc.Signing.Sign(sc.ctx, sc.worker, id, form); err != nil {
		return err
	}
	if calendar.On(sc.Clock.Now()).DaysUntil(sc.today) < howLongReportsWait {
		return nil
	}
	sc.Clock.Forward(3 * time.Hour)
	_, err = sc.Signing.Approve(sc.ctx, sc.head, id, report.Decision{Comment: "Conforme.", Issue: true})
	return err
}
