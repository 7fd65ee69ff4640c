package demo

import (
	"time"

	"gsl/app/access"
	"gsl/app/kit/calendar"
	"gsl/app/people"
	"gsl/app/trail"
)

// errandsAboutData are what people asked about their data: one is late, one is soon
// due, two were answered, one of them to somebody on whom nothing is held.
var errandsAboutData = []struct {
	head    int // of those who have a case manager; -1 somebody whom nobody does
	daysAgo int
	ask     trail.Asking
	answer  trail.Answer
}{
	{2, 52, trail.Asking{Kind: trail.Access, Asked: "Quiero una copia de todo lo que la municipalidad tiene sobre mí y saber quién lo ha visto.", Channel: "in_person", Proof: "id_card"},
		trail.Answer{Outcome: trail.Granted, Text: "Se entregó la ficha completa en un archivo y el documento con quién la ha consultado.", Delivery: "in_person"}},
	{-1, 40, trail.Asking{Kind: trail.Access, Asked: "Saber si tienen datos míos.", Channel: "email", Proof: "clave_unica", AnswerTo: "persona@example.invalid"},
		trail.Answer{Outcome: trail.NoData, Text: "La municipalidad no tiene registros de esta persona en la plataforma.", Delivery: "email"}},
	{5, 36, trail.Asking{Kind: trail.Rectification, Asked: "Mi dirección está equivocada: me cambié de casa en marzo.", Channel: "in_person", Proof: "id_card"}, trail.Answer{}},
	{8, 25, trail.Asking{Kind: trail.Access, Asked: "Una copia de mi ficha y de los documentos que entregué.", Channel: "in_person", Proof: "id_card"}, trail.Answer{}},
	{11, 3, trail.Asking{Kind: trail.Portability, Asked: "Mis datos en un archivo, porque me cambio de comuna.", Channel: "letter", Proof: "power", Agent: "Hija de la persona, con poder simple", AnswerTo: "Calle Nueva 12, Quillota"}, trail.Answer{}},
}

// askAboutData lets people ask what is held on them.
func (l *log) askAboutData() error {
	clerk := l.cast[access.Counterpart]
	for i := range errandsAboutData {
		e := &errandsAboutData[i]
		day := workday(l.today.AddDays(-e.daysAgo))
		l.Clock.Set(openingHour(day).Add(time.Duration(90+i*7) * time.Minute))
		from := trail.Stranger{RUN: people.RUNOf(9_876_543).Format(), Name: "Persona sin ficha"}
		if e.head >= 0 {
			from.RUN = l.known[e.head%len(l.known)].Format()
		}
		ask := e.ask
		ask.Received, ask.Key = day, "demo-"+day.String()
		r, err := l.Trail.ReceiveFrom(l.ctx, clerk, from, ask)
		if err != nil {
			return err
		}
		if e.answer.Outcome == "" {
			continue
		}
		l.Clock.Set(openingHour(workday(calendar.On(l.Clock.Now()).AddDays(9))))
		if err := l.Trail.Respond(l.ctx, clerk, r.ID, e.answer); err != nil {
			return err
		}
	}
	l.Clock.Set(l.now)
	return nil
}
