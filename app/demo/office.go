package demo

import (
	"context"
	"fmt"
	"strings"
	"time"

	"gsl/app/access"
	"gsl/app/kit/calendar"
	"gsl/app/referral"
)

// addresses are the units that work by letter, as the administration wrote them
// down: nobody's addresses, nobody's numbers.
var addresses = []struct {
	unit, contact, mailbox, address string
	link                            bool
}{
	{"vivienda", "Encargada de vivienda", "vivienda", "Edificio consistorial, 2.º piso", false},
	{"omil", "Ejecutivo de intermediación laboral", "omil", "Edificio consistorial, 1.er piso", false},
	{"ninez", "Coordinadora de la Oficina Local de la Niñez", "oln", "Casa de la Familia", false},
	{"mujer", "Encargada del Centro de la Mujer", "centromujer", "Casa de la Familia", true},
	{"personas-mayores", "Encargado de Personas Mayores", "mayores", "Centro comunitario", false},
	{"discapacidad", "Encargada de Discapacidad", "discapacidad", "Centro comunitario", false},
	{"migrantes", "Oficina de Migrantes", "migrantes", "Edificio consistorial, 1.er piso", false},
	{"salud", "Asistente social del CESFAM", "some", "CESFAM", true},
	{"serviu", "Mesa de atención a municipios", "municipios.serviu", "SERVIU regional", true},
	{"ips", "Coordinación de sucursal", "sucursal.ips", "Sucursal ChileAtiende", true},
	{"caj", "Consultorio jurídico", "consultorio.caj", "Consultorio jurídico municipal", true},
	{"fosis", "Gestora territorial", "gestora.fosis", "FOSIS regional", true},
	{"senama", "Coordinación regional", "regional.senama", "SENAMA regional", true},
	{"sernameg", "Coordinación regional", "regional.sernameg", "SernamEG regional", true},
	{"red-asistencial", "Servicio social del hospital", "social.hospital", "Hospital", false},
}

// furnish is what the administration sets up before the first person comes:
// where units are reached, and whether people are called in order.
func (s *Stage) furnish(ctx context.Context, cast company, place Place) error {
	clerk := cast[access.Counterpart]
	if err := s.askApproval(ctx, clerk, cast[access.UnitHead]); err != nil {
		return err
	}
	units, err := s.Settings.Units.Directory(ctx, clerk)
	if err != nil {
		return err
	}
	town := strings.ToLower(strings.ReplaceAll(place.Name, " ", ""))
	for i, a := range addresses {
		for _, u := range units {
			if u.Code != a.unit {
				continue
			}
			form := referral.UnitForm{Name: u.Name, Kind: u.Kind, Contact: a.contact, Phone: fmt.Sprintf("+56 2 2000 00%02d", i+1), Address: a.address,
				Email: a.mailbox + "@" + town + ".example.invalid", Channel: referral.ByPaper, Active: true, Version: u.Version}
			if a.link {
				form.Channel = referral.ByLink
			}
			if _, err := s.Settings.Units.Edit(ctx, clerk, u.Code, form); err != nil {
				return fmt.Errorf("unit %s: %w", u.Code, err)
			}
		}
	}
	general, err := s.Settings.General(ctx, clerk)
	if err != nil || !place.Queue {
		return err
	}
	mark := general.Mark()
	general.WaitingList = true
	_, err = s.Settings.Save(ctx, clerk, general, mark)
	return err
}

// agreement is a protocol's life up to today. Days count from today: those in
// the past are negative.
type agreement struct {
	unit, title    string
	spots          int64
	days           int64 // working days of the answer
	from, to       int
	paper          string // who signed for the counterpart, "" not yet
	approved       bool
	rows           []referral.CriterionRow
	documents      string
	renewedAt      int    // the day on which a new version took over; 0: none
	ended          string // why it was ended
	unsent, asOnly bool   // still a draft; for what social work refers only
}

var agreements = []agreement{
	{unit: "vivienda", title: "Orientación y postulación a subsidio habitacional", spots: 8, days: 10, from: -330, to: 200, paper: "Rodolfo Anabalón Parra", approved: true,
		documents: "Cédula de identidad\nLibreta de ahorro para la vivienda"},
	{unit: "educacion", title: "Becas y apoyo escolar", days: 7, from: -340, to: 300, paper: "Claudia Riffo Mena", approved: true, documents: "Certificado de alumno regular",
		rows: []referral.CriterionRow{{Scope: "any_member", Condition: "younger", Value: "25"}}},
	{unit: "serviu", title: "Casos de vivienda con orden de desalojo", days: 15, from: -325, to: 38, paper: "Marcelo Opazo Lillo", approved: true, asOnly: true,
		documents: "Informe social\nNotificación judicial"},
	{unit: "mujer", title: "Atención a mujeres que viven violencia", days: 3, from: -345, to: 120, paper: "Andrea Sanhueza Coloma", approved: true, renewedAt: -60},
	{unit: "caj", title: "Orientación jurídica gratuita", days: 10, from: -350, to: -17, paper: "Gabriel Ossandón Rey", approved: true},
	{unit: "sernameg", title: "Casas de acogida", days: 2, from: -320, to: 45, paper: "Fernanda Leighton Pino", approved: true, ended: "La institución cambió su red de casas de acogida: se acuerda un protocolo nuevo."},
	{unit: "personas-mayores", title: "Clubes y talleres de personas mayores", days: 8, from: 10, to: 375, paper: "Sergio Inostroza Faúndez"},
	{unit: "fosis", title: "Programas de emprendimiento", spots: 5, days: 20, from: 15, to: 380},
	{unit: access.RSHUnit, title: "Solicitudes al Registro Social de Hogares", days: 5, from: 5, to: 370},
	{unit: "salud", title: "Controles de salud pendientes", days: 10, from: 20, to: 385, unsent: true},
}

// conclude lets the agreements of a municipality come to where they stand today.
func (s *Stage) conclude(ctx context.Context, cast company, today calendar.Date) error {
	for i := range agreements {
		a := &agreements[i]
		begun := min(a.from-25, -12)
		s.Clock.Set(openingHour(workday(today.AddDays(begun))).Add(time.Duration(i) * 20 * time.Minute))
		p, err := s.Referral.BeginProtocol(ctx, cast[access.UnitHead], referral.ProtocolParties{Unit: access.SocialUnit, Counterpart: a.unit, AllDesks: !a.asOnly})
		if err != nil {
			return fmt.Errorf("%s: %w", a.unit, err)
		}
		if err := s.pass(ctx, cast, a, p.ID, p.Revision, today.AddDays(a.from), today.AddDays(a.to)); err != nil {
			return fmt.Errorf("%s: %w", a.unit, err)
		}
		if err := s.goOn(ctx, cast, a, p.ID, today); err != nil {
			return fmt.Errorf("%s: %w", a.unit, err)
		}
	}
	return nil
}

// pass takes a draft as far as its agreement goes.
func (s *Stage) pass(ctx context.Context, cast company, a *agreement, id string, revision int64, from, to calendar.Date) error {
	head := cast[access.UnitHead]
	saved, err := s.Referral.SaveProtocol(ctx, head, id, referral.ProtocolForm{
		Revision: revision, Title: a.title, AllDesks: !a.asOnly, Rows: a.rows, Spots: a.spots, Period: string(referral.Monthly), Documents: a.documents,
		Eligibility: "Personas con domicilio en la comuna.",
		Process:     "Se deriva desde la plataforma con los antecedentes indicados; la contraparte contacta a la persona.",
		Answer:      "Se informa el resultado y, si no se otorga, el motivo.",
		CitizenDays: 5, AnswerDays: a.days, From: from, To: to, Evaluation: "Reunión semestral de ambas jefaturas con las cifras de esta página."})
	if err != nil || a.unsent {
		return err
	}
	p, err := s.Referral.SendProtocol(ctx, head, id, saved.Revision)
	if err != nil {
		return err
	}
	if _, err := s.Referral.SignProtocol(ctx, head, id, referral.SignatureForm{Revision: p.Revision, Side: referral.SideMunicipality}); err != nil || a.paper == "" {
		return err
	}
	s.Clock.Forward(4 * 24 * time.Hour)
	if _, err := s.Referral.SignProtocol(ctx, head, id, referral.SignatureForm{Revision: p.Revision, Side: referral.SideCounterpart,
		Name: a.paper, Position: "Jefatura", On: calendar.On(s.Clock.Now()).AddDays(-1)}); err != nil || !a.approved {
		return err
	}
	s.Clock.Forward(3 * 24 * time.Hour)
	_, err = s.Referral.ApproveProtocol(ctx, cast[access.Director], id, p.Revision)
	return err
}

// goOn is what became of an agreement in force: a new version, an early end.
func (s *Stage) goOn(ctx context.Context, cast company, a *agreement, id string, today calendar.Date) error {
	head := cast[access.UnitHead]
	if a.renewedAt != 0 {
		s.Clock.Set(openingHour(workday(today.AddDays(a.renewedAt - 20))))
		next, err := s.Referral.RenewProtocol(ctx, head, id)
		if err != nil {
			return err
		}
		newer := *a
		newer.days, newer.documents = a.days+1, "Relato escrito, si la persona lo desea"
		return s.pass(ctx, cast, &newer, next.ID, next.Revision, today.AddDays(a.renewedAt), today.AddDays(a.renewedAt+365))
	}
	if a.ended != "" {
		s.Clock.Set(openingHour(workday(today.AddDays(-25))))
		if _, err := s.Referral.EndProtocol(ctx, head, id, a.ended); err != nil {
			return err
		}
		_, err := s.Referral.RenewProtocol(ctx, head, id)
		return err
	}
	return nil
}
