package demo

import (
	"bytes"
	"context"
	"image"
	"image/color"
	"image/jpeg"
	"time"

	"gsl/app/access"
	"gsl/app/document"
	"gsl/app/kit/actor"
	"gsl/app/kit/calendar"
	"gsl/app/kit/pdf"
)

// slip is a paper that somebody handed in: so many days ago, good for so many
// more from today.
type slip struct {
	ago, good int // good 0: it does not expire
	kind      document.Kind
	name      string
	title     string // of the paper; "" for a photograph
	text      string
}

// slips of the files, one list after the other round and round: some expire soon,
// one has expired, one was of somebody else.
var slips = [][]slip{
	{{40, 9, document.Residence, "certificado de residencia.pdf", "Certificado de residencia", "La Junta de Vecinos certifica que la persona individualizada vive en el domicilio que indica, desde hace más de dos años."},
		{12, 0, document.Photo, "IMG_20261110_techumbre.jpg", "", ""}},
	{{50, -6, document.Income, "liquidación de sueldo.pdf", "Liquidación de remuneraciones", "Mes de septiembre. Total imponible $ 462.000. Descuentos previsionales $ 92.400. Líquido a pagar $ 369.600."},
		{8, 0, document.Receipt, "cotización ferretería.pdf", "Cotización", "12 planchas de zinc acanalado de 0,35 mm; 4 rollos de fieltro; fijaciones. Total $ 186.400, IVA incluido. Vale por 15 días."}},
	{{15, 400, document.Identity, "cédula por ambos lados.jpg", "", ""},
		{5, 0, document.Health, "certificado médico ajeno.pdf", "Certificado médico", "Paciente en control por patología crónica; se indica reposo relativo y control en 30 días."}},
}

// foreign is the paper that was handed in for the wrong person.
const foreign = "certificado médico ajeno.pdf"

// handIn hands in the papers of a case manager's files.
func (s *Stage) handIn(ctx context.Context, cast company, today calendar.Date) error {
	who, now := cast[access.CaseManager], s.Clock.Now()
	defer s.Clock.Set(now)
	files, _, err := casesOf(ctx, who, today)
	if err != nil {
		return err
	}
	press := pdf.NewPress()
	for i, file := range files {
		for _, p := range slips[i%len(slips)] {
			s.Clock.Set(openingHour(workday(today.AddDays(-p.ago))).Add(time.Duration(20+7*i) * time.Minute))
			if err := s.handInOne(ctx, who, press, file, &p, today); err != nil {
				return err
			}
		}
	}
	return nil
}

func (s *Stage) handInOne(ctx context.Context, who actor.Actor, press *pdf.Press, file string, p *slip, today calendar.Date) error {
	body, err := s.drawn(ctx, press, p)
	if err != nil {
		return err
	}
	h := document.Handed{FileID: file, Kind: p.kind}
	if p.good != 0 {
		h.ExpiresOn = today.AddDays(p.good)
	}
	kept, _, err := s.Document.Take(ctx, who, h, []document.Incoming{{File: bytes.NewReader(body), Name: p.name, Size: int64(len(body))}})
	if err != nil || p.name != foreign || len(kept) == 0 {
		return err
	}
	s.Clock.Forward(9 * time.Minute)
	_, err = s.Document.Remove(ctx, who, kept[0].ID, "Es de otra persona: se adjuntó por error en esta ficha.", kept[0].Version)
	return err
}

// drawn is the paper itself.
func (s *Stage) drawn(ctx context.Context, press *pdf.Press, p *slip) ([]byte, error) {
	if p.title == "" {
		return photograph(int64(len(p.name)))
	}
	return press.Print(ctx, pdf.Document{Issuer: "Documento ficticio de la demostración", Title: p.title, PageOf: "Página %d de %s", Lang: "es-CL", Changed: s.Clock.Now()},
		func(sheet *pdf.Sheet) { sheet.Text(p.text, 11, pdf.Ink) })
}

// photograph is a house under its sky, with as much detail as a test of likenesses
// needs; no two of different seeds are the same file.
func photograph(seed int64) ([]byte, error) {
	img := image.NewRGBA(image.Rect(0, 0, 1280, 960))
	for y := range 960 {
		for x := range 1280 {
			img.SetRGBA(x, y, colourAt(x, y, int(seed)))
		}
	}
	var b bytes.Buffer
	err := jpeg.Encode(&b, img, &jpeg.Options{Quality: 70})
	return b.Bytes(), err
}

func colourAt(x, y, seed int) color.RGBA {
	grain := uint8((x*7 + y*13 + seed) % 9) //nolint:gosec // at most eight
	switch {
	case y > 300 && y <= 430 && x > 240-(y-300)/3+60 && x < 1040+(y-300)/3-60:
		return color.RGBA{150 + grain, 62, 48, 255} // roof
	case x > 320 && x < 960 && y > 430 && y < 760:
		if x > 420 && x < 540 && y > 500 && y < 620 || x > 740 && x < 860 && y > 500 {
			return color.RGBA{70, 60 + grain, 52, 255} // window and door
		}
		return color.RGBA{214, 196 + grain, 160, 255} // wall
	case y < 640:
		return color.RGBA{140 + uint8(y/10), 180 + uint8(y/16), 222 + grain, 255} //nolint:gosec // below 255
	}
	return color.RGBA{112 + grain, 124, 74, 255} // ground
}
