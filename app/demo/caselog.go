package demo

import (
	"context"
	"fmt"
	"time"

	"gsl/app/access"
	"gsl/app/casework"
	"gsl/app/kit/actor"
	"gsl/app/kit/calendar"
)

// entry is a note that the demo's workers write into the log of a case, so many
// days ago.
type entry struct {
	ago  int
	note casework.NoteForm
	more string // what was added to it later, "" for nothing
}

// entries are given to one case after the other, round and round.
var entries = []entry{
	{9, casework.NoteForm{Kind: "call", Text: "Llamó la hija: la semana próxima trae el certificado de alumno regular. Pide que se le avise si cambia la fecha de entrega."}, ""},
	{14, casework.NoteForm{Kind: "meeting", Text: "Reunión de caso por las inasistencias de los niños y la situación de la vivienda. La familia está de acuerdo con recibir apoyo.",
		Participants: "Carolina Muñoz, Escuela Básica\nRodrigo Fuentes, CESFAM\nPaula Ahumada, Oficina Local de la Niñez",
		Agreements: []casework.Agreed{
			{What: "Informar cada lunes las inasistencias", Responsible: "Carolina Muñoz"},
			{What: "Pedir hora de control para los dos niños", Responsible: "Rodrigo Fuentes"},
			{What: "Visita conjunta al domicilio", Responsible: "Oficina Local de la Niñez"}}}, "La hora de control quedó para el día 24, a las 10:00."},
	{5, casework.NoteForm{Kind: "coordination", Text: "Con Vivienda: la postulación está completa y entra en el llamado de este mes. Responden por correo cuando haya resultado."}, ""},
	{20, casework.NoteForm{Kind: "interview", Text: "Entrevista en la oficina. Relata que no puede pagar el arriendo desde hace dos meses y que la red familiar es escasa."}, ""},
	{3, casework.NoteForm{Kind: "interview", Confidential: true, Text: "Cuenta episodios de violencia de su ex pareja. Acepta orientación del Centro de la Mujer; no quiere que se llame al domicilio."}, ""},
	{7, casework.NoteForm{Kind: "call", Text: "Se llama para recordar los documentos que faltan. No contesta; se deja recado con una vecina."}, "Devolvió el llamado por la tarde: los trae el viernes."},
}

// logged is how many cases of each worker have notes.
const logged = 9

// keepLogs writes into the logs of the cases, closes those whose work is done and
// keeps two working lists.
func (s *Stage) keepLogs(ctx context.Context, cast company, today calendar.Date) error {
	now := s.Clock.Now()
	defer s.Clock.Set(now)
	for _, seat := range []string{access.CaseManager, second} {
		worker := cast[seat]
		if worker.IsNobody() {
			continue
		}
		s.Clock.Set(now)
		list, err := s.Casework.Cases(ctx, worker, casework.Ask{})
		if err != nil {
			return err
		}
		if err := s.writeLogs(ctx, worker, list.Rows, today); err != nil {
			return err
		}
		s.Clock.Set(now)
		if err := s.keepLists(ctx, worker, list.Rows); err != nil {
			return err
		}
	}
	return nil
}

// writeLogs gives the first cases two notes each, and closes one that is done.
func (s *Stage) writeLogs(ctx context.Context, worker actor.Actor, cases []casework.Row, today calendar.Date) error {
	done := false
	for i := range cases {
		c := &cases[i]
		if i >= logged && done {
			return nil
		}
		if i < logged {
			for j := range 2 {
				if err := s.writeNote(ctx, worker, c, &entries[(i+3*j)%len(entries)], today); err != nil {
					return fmt.Errorf("note of case %d: %w", i, err)
				}
			}
		}
		if c.Circle != "closed" || done {
			continue
		}
		done = true
		s.Clock.Set(openingHour(workday(today.AddDays(-1))).Add(5 * time.Hour))
		err := s.Casework.Close(ctx, worker, c.FileID, casework.CloseForm{Case: c.ID, Reason: string(casework.ObjectivesMet),
			Summary: "Se entregaron los apoyos acordados en el plan y la familia cuenta con la red de la escuela y del CESFAM. No quedan gestiones pendientes; si vuelve a necesitar apoyo, se abre un caso nuevo."})
		if err != nil {
			return err
		}
	}
	return nil
}

func (s *Stage) writeNote(ctx context.Context, worker actor.Actor, c *casework.Row, e *entry, today calendar.Date) error {
	at := workday(today.AddDays(-e.ago))
	s.Clock.Set(openingHour(at).Add(4*time.Hour + 12*time.Minute))
	form := e.note
	form.Key, form.On = "demo-"+c.ID[len(c.ID)-8:]+"-"+fmt.Sprint(e.ago), at.Chilean()
	n, err := s.Casework.AddNote(ctx, worker, c.FileID, form)
	if err != nil || e.more == "" {
		return err
	}
	s.Clock.Forward(3 * time.Hour)
	_, err = s.Casework.Amend(ctx, worker, n.ID, form.Key+"-2", e.more)
	return err
}

// keepLists keeps what a worker works through.
func (s *Stage) keepLists(ctx context.Context, worker actor.Actor, cases []casework.Row) error {
	lists := []casework.ListForm{{Name: "Sin movimiento de " + worker.Name, Condition: "still=1"}}
	var chosen []string
	for i := range cases {
		if cases[i].Circle == "open" && len(chosen) < 5 {
			chosen = append(chosen, cases[i].ID)
		}
	}
	if len(chosen) > 0 {
		lists = append(lists, casework.ListForm{Name: "Reunión de red · " + worker.Name, Shared: true, Cases: chosen})
	}
	for _, form := range lists {
		if _, err := s.Casework.SaveList(ctx, worker, form); err != nil {
			return err
		}
	}
	return nil
}
