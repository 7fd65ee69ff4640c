package demo

import (
	"fmt"
	"time"

	"gsl/app/diagnosis"
	"gsl/app/kit/calendar"
)

// What case managers write of the people of their stories: levels and notes by
// dimension. The first of a pair is how it was, the second how it is some weeks later.
var judgements = [][]map[diagnosis.Dimension]diagnosis.Text{
	{
		{diagnosis.Family: {Level: diagnosis.AtRisk, Note: "Discusiones frecuentes por dinero; la hija mayor se hace cargo de los hermanos."},
			diagnosis.Income:   {Level: diagnosis.Critical, Note: "Perdió el trabajo de temporada; tres cuotas de luz impagas."},
			diagnosis.Housing:  {Level: diagnosis.AtRisk, Note: "Filtraciones en el techo de la pieza de los niños."},
			diagnosis.Health:   {Level: diagnosis.Adequate},
			diagnosis.Networks: {Level: diagnosis.AtRisk, Note: "La familia vive lejos; no participa en organizaciones."},
			diagnosis.Whole:    {Situation: "Familia unida pero sobrepasada por la cesantía. Urge cubrir alimentos y servicios mientras aparece trabajo estable."}},
		{diagnosis.Family: {Level: diagnosis.Adequate, Note: "El ambiente está más tranquilo desde que hay ingreso."},
			diagnosis.Income:    {Level: diagnosis.AtRisk, Note: "Entró a trabajar con contrato a plazo fijo; queda una cuota de luz."},
			diagnosis.Housing:   {Level: diagnosis.AtRisk, Note: "El techo se arregla con los materiales del plan; falta la mano de obra."},
			diagnosis.Health:    {Level: diagnosis.Adequate},
			diagnosis.Education: {Level: diagnosis.Adequate},
			diagnosis.Networks:  {Level: diagnosis.Adequate, Note: "Se acercó a la junta de vecinos."},
			diagnosis.Whole:     {Situation: "Mejora clara. Mantener seguimiento hasta que el contrato sea indefinido."}},
	},
	{
		{diagnosis.Care: {Level: diagnosis.AtRisk, Note: "Cuida sola todo el día; no ha podido ir a su propio control."},
			diagnosis.Health:   {Level: diagnosis.AtRisk, Note: "Hipertensión sin control desde marzo."},
			diagnosis.Income:   {Level: diagnosis.AtRisk, Note: "Vive de la pensión; los medicamentos se llevan un tercio."},
			diagnosis.Housing:  {Level: diagnosis.Adequate},
			diagnosis.Networks: {Level: diagnosis.Adequate, Note: "Una vecina la acompaña los martes."}},
	},
}

// network and promises are what is written beside them.
var network = []diagnosis.Tie{
	{Kind: diagnosis.KinKind, Name: "Hermana que vive en Quillota", Strength: diagnosis.Strong, Note: "Ayuda los fines de semana"},
	{Kind: diagnosis.NeighboursKind, Name: "Vecina del frente", Strength: diagnosis.Strong},
	{Kind: diagnosis.SchoolKind, Name: "Escuela básica", Strength: diagnosis.Weak, Note: "Sin reunión desde agosto"},
	{Kind: diagnosis.HealthKind, Name: "CESFAM", Strength: diagnosis.Strong},
	{Kind: diagnosis.KinKind, Name: "Padre de los hijos", Strength: diagnosis.Conflicting, Note: "No paga la pensión de alimentos"},
	{Kind: diagnosis.CommunityKind, Name: "Junta de vecinos", Strength: diagnosis.Weak},
}

// judge makes the diagnosis of the story, and the next one some weeks later; with
// the first comes the network, what the case is for and what the family promised.
func judge(which int) step {
	return func(sc *scene) error {
		for i, texts := range judgements[which] {
			if i > 0 {
				sc.Clock.Forward(40 * 24 * time.Hour)
				if sc.today.Before(calendar.On(sc.Clock.Now())) {
					return nil // still to come
				}
				if err := sc.pass(); err != nil {
					return err
				}
			}
			if err := sc.diagnose(texts); err != nil {
				return err
			}
			if i == 0 {
				if err := sc.promise(); err != nil {
					return err
				}
			}
		}
		return nil
	}
}

func (sc *scene) diagnose(texts map[diagnosis.Dimension]diagnosis.Text) error {
	if err := sc.Diagnosis.Start(sc.ctx, sc.worker, sc.file.ID); err != nil {
		return err
	}
	sec, err := sc.Diagnosis.Section(sc.ctx, sc.worker, sc.file.ID)
	if err != nil {
		return err
	}
	typed := diagnosis.Typed{DraftID: sec.Draft.ID, Texts: map[diagnosis.Dimension]diagnosis.Text{}}
	for of, text := range texts {
		if text.Situation == "" {
			text.Situation = sec.Draft.Part(of).Situation
		}
		typed.Texts[of] = text
	}
	sc.Clock.Forward(20 * time.Minute)
	_, err = sc.Diagnosis.Complete(sc.ctx, sc.worker, sc.file.ID, typed)
	return err
}

func (sc *scene) promise() error {
	for i, tie := range network {
		if err := sc.Diagnosis.AddTie(sc.ctx, sc.worker, sc.file.ID, fmt.Sprintf("%s-%d", sc.file.ID, i), tie); err != nil {
			return err
		}
	}
	due := calendar.On(sc.Clock.Now()).AddDays(45)
	goal := diagnosis.Goal{Dimension: diagnosis.Income, Aim: diagnosis.Aim{Text: "Que el hogar tenga un ingreso estable y los servicios al día", Due: due.AddDays(60)}}
	if len(sc.plan.Items) > 0 {
		goal.Items = []string{sc.plan.Items[0].ID}
	}
	if err := sc.Diagnosis.AddGoal(sc.ctx, sc.worker, sc.file.ID, sc.file.ID+"-goal", goal); err != nil {
		return err
	}
	aims, err := sc.Diagnosis.Aims(sc.ctx, sc.worker, sc.file.ID)
	if err != nil {
		return err
	}
	return sc.Diagnosis.AddCommitment(sc.ctx, sc.worker, sc.file.ID, sc.file.ID+"-promise",
		diagnosis.Commitment{GoalID: aims.Goals.Goals[0].ID, By: aims.Person, Aim: diagnosis.Aim{Text: "Inscribirse en la oficina de empleo y traer el comprobante", Due: due}})
}
