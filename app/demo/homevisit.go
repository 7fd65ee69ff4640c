package demo

import (
	"bytes"
	"context"
	"fmt"
	"image"
	"image/color"
	"image/jpeg"
	"time"

	"gsl/app/access"
	"gsl/app/agenda"
	"gsl/app/kit/actor"
	"gsl/app/kit/calendar"
	"gsl/app/visit"
	"gsl/tenants"
)

// seeHomes lets the case managers go and see how people live: visits that plans
// agreed on and a few by themselves, made, in vain, still to come and without a
// day; and what they wrote down to follow up.
func (s *Stage) seeHomes(ctx context.Context, cast company, today calendar.Date) error {
	now := s.Clock.Now()
	defer s.Clock.Set(now)
	for _, role := range []string{access.CaseManager, second} {
		who := cast[role]
		if who.IsNobody() {
			continue
		}
		files, err := s.visitByItself(ctx, who, today)
		if err != nil {
			return err
		}
		if err := s.goThrough(ctx, who, today); err != nil {
			return err
		}
		s.Clock.Set(now)
		if err := s.note(ctx, who, files, today); err != nil {
			return err
		}
	}
	return nil
}

// byItself is how many visits a case manager decides that no plan agreed on.
const byItself = 6

// casesOf are the files of a case manager's last plans.
func casesOf(ctx context.Context, who actor.Actor, today calendar.Date) (files, addresses []string, err error) {
	err = who.Municipality.View(ctx, func(tx *tenants.Tx) error {
		files, addresses, err = caseFiles(tx, who.UserID, today.AddDays(-21).String(), byItself)
		return err
	})
	return files, addresses, err
}

// visitByItself decides visits three weeks ago.
func (s *Stage) visitByItself(ctx context.Context, who actor.Actor, today calendar.Date) ([]string, error) {
	files, addresses, err := casesOf(ctx, who, today)
	if err != nil {
		return nil, err
	}
	s.Clock.Set(openingHour(workday(today.AddDays(-21))).Add(time.Hour))
	for i, file := range files {
		s.Clock.Forward(7 * time.Minute)
		_, err := s.Visit.Schedule(ctx, who, file, visit.New{Key: fmt.Sprint("demo ", i), Form: visit.Form{Worker: who.UserID, Day: workday(today.AddDays(-14)),
			Clock: fmt.Sprintf("%02d:30", 9+i), Address: addresses[i], Purpose: purposes[i%len(purposes)]}})
		if err != nil {
			return nil, err
		}
	}
	return files, nil
}

var purposes = []string{"Conocer las condiciones de la vivienda y la composición del hogar.", "Verificar daños por filtraciones antes de solicitar materiales.",
	"Evaluar el cuidado de una persona mayor que vive sola.", "Entregar información y actualizar antecedentes para el informe social."}

// goThrough gives the visits of a worker their day, and makes those of days that
// are over.
func (s *Stage) goThrough(ctx context.Context, who actor.Actor, today calendar.Date) error {
	var waiting []visit.Visit
	err := who.Municipality.View(ctx, func(tx *tenants.Tx) (err error) {
		waiting, err = visit.Waiting(tx, visit.Span{From: today, Workers: []string{who.UserID}})
		return err
	})
	for i := range waiting {
		if err == nil {
			err = s.fate(ctx, who, &waiting[i], i, today)
		}
	}
	return err
}

// fate is what becomes of the visits, one after the other round and round.
func (s *Stage) fate(ctx context.Context, who actor.Actor, v *visit.Visit, i int, today calendar.Date) error {
	past, coming := workday(today.AddDays(-3-i%4)), calendar.AddWorkingDays(today, 1+i%4)
	young := today.AddDays(-10).Before(calendar.On(v.CreatedAt))
	switch {
	case i%7 == 6:
		return nil // still without a day, or late
	case i%7 == 1 || i%7 == 3 || i%7 == 4 || young:
		return s.appoint(ctx, who, v, coming, i)
	}
	s.Clock.Set(openingHour(past.AddDays(-1)))
	if err := s.appoint(ctx, who, v, past, i); err != nil {
		return err
	}
	s.Clock.Set(openingHour(past).Add(time.Duration(1+i%5) * time.Hour))
	if i%7 == 2 {
		return s.inVain(ctx, who, v, past, coming)
	}
	if err := s.photograph(ctx, who, v); err != nil {
		return err
	}
	_, err := s.Visit.Finish(ctx, who, v.ID, seen(past, i))
	return err
}

func (s *Stage) appoint(ctx context.Context, who actor.Actor, v *visit.Visit, day calendar.Date, i int) error {
	f := visit.Form{Worker: who.UserID, Day: day, Clock: []string{"10:00", "11:30", "15:00", ""}[i%4], Address: v.Address, Purpose: v.Purpose}
	if i%3 == 0 {
		f.Companion = "Paula Rivas, monitora de Apoyos y Cuidados"
	}
	_, err := s.Visit.Move(ctx, who, v.ID, f, 0)
	return err
}

// inVain finds nobody and decides another visit.
func (s *Stage) inVain(ctx context.Context, who actor.Actor, v *visit.Visit, past, coming calendar.Date) error {
	if _, err := s.Visit.Finish(ctx, who, v.ID, &visit.Written{Result: string(visit.NobodyHome), On: past.Chilean(), At: "12:10",
		Note: "Se tocó dos veces; una vecina dice que trabaja hasta las 18 horas. Se deja aviso bajo la puerta."}); err != nil {
		return err
	}
	_, err := s.Visit.Schedule(ctx, who, v.FileID, visit.New{Key: "again " + v.ID, Item: v.ItemID, Previous: v.ID,
		Form: visit.Form{Worker: who.UserID, Day: coming, Clock: "17:45", Address: v.Address, Purpose: v.Purpose}})
	return err
}

// seen is what was found behind a door.
func seen(on calendar.Date, i int) *visit.Written {
	w := &visit.Written{Result: string(visit.Done), On: on.Chilean(), At: "10:40", Others: "Dueña de casa", Findings: map[string]string{
		"dwelling_kind": "house", "tenure": "rented", "walls": "fair", "roof": "fair", "floor": "good", "damp": "no", "sleepers": "4", "bedrooms": "2", "beds": "own",
		"relatives": "one", "water": "network", "sewer": "network", "bathroom": "own", "power": "meter", "heating": "safe", "risk": "no", "access": "fit", "care": "nobody"},
		Note: "La vivienda es sencilla y está ordenada. La familia confirma los datos del registro y entrega comprobantes de arriendo."}
	if i%2 == 0 {
		for code, answer := range map[string]string{"dwelling_kind": "emergency", "tenure": "lent", "roof": "bad", "damp": "yes", "sleepers": "6", "bedrooms": "1", "beds": "shared",
			"relatives": "more", "power": "unsafe", "heating": "open", "risk": "yes"} {
			w.Findings[code] = answer
		}
		w.Note = "Filtraciones en el techo del dormitorio, humedad en los muros y conexión eléctrica insegura. Los niños duermen en una cama junto a la abuela. Se acuerda evaluar materiales y revisar la instalación eléctrica."
	}
	return w
}

// photograph keeps a picture of a wall.
func (s *Stage) photograph(ctx context.Context, who actor.Actor, v *visit.Visit) error {
	wall := image.NewRGBA(image.Rect(0, 0, 640, 480))
	for y := range 480 {
		for x := range 640 {
			shade := uint8(190 - (x/40+y/40)%2*18 - y/12) //nolint:gosec // between 132 and 190
			wall.Set(x, y, color.RGBA{shade, shade - 12, shade - 40, 255})
		}
	}
	var b bytes.Buffer
	if err := jpeg.Encode(&b, wall, nil); err != nil {
		return err
	}
	return s.Visit.Photograph(ctx, who, v.ID, visit.Photo{File: bytes.NewReader(b.Bytes()), Name: "muro-dormitorio.jpg", Size: int64(b.Len())})
}

// note writes down what is to be followed up.
func (s *Stage) note(ctx context.Context, who actor.Actor, files []string, today calendar.Date) error {
	now := s.Clock.Now()
	for i, f := range []struct {
		made, in int // working days: when it was written, and for when
		clock    string
		text     string
		file     bool
	}{
		{-6, 4, "", "Llamar para saber si le pagaron el subsidio.", true}, {-3, 3, "09:15", "Confirmar la hora con el consultorio.", true},
		{-2, 3, "", "Pedir certificado de residencia a la junta de vecinos.", true}, {-1, 3, "12:00", "Reunión de coordinación con Vivienda.", false}, {-1, 5, "", "Revisar casos sin movimiento.", false},
	} {
		day := workday(today.AddDays(f.made))
		s.Clock.Set(openingHour(day).Add(time.Duration(20+i) * time.Minute))
		file := ""
		if f.file && len(files) > 0 {
			file = files[i%len(files)]
		}
		form := agenda.Form{Day: calendar.AddWorkingDays(day, f.in), Clock: f.clock, Text: f.text}
		if _, err := s.Agenda.Write(ctx, who, file, form, fmt.Sprint("demo ", i)); err != nil {
			return err
		}
	}
	s.Clock.Set(now)
	return nil
}
