package referral

import (
	"context"

	"gsl/app/kit/calendar"
	"gsl/app/kit/i18n"
	"gsl/app/kit/pdf"
	"gsl/app/people"
	"gsl/tenants"
)

// Paper is the referral as a municipal document: the letter that goes to who has
// no inbox here, with a slip to answer on, or the comprobante of one that is
// already in another unit's inbox. Its name says the folio and nothing of the person.
func (l *Letters) Paper(ctx context.Context, m *tenants.Municipality, s *Sheet) (name string, file []byte, err error) {
	ctx = i18n.With(ctx, i18n.Spanish) // whatever the language of the screen
	p := paper{ctx: ctx, s: s, r: &s.Referral, municipality: m.Name}
	title, prefix := p.t("letter.title"), "carta-"
	if !s.Referral.ByLetter() {
		title, prefix = p.t("letter.receipt"), "comprobante-"
	}
	file, err = l.press.Print(ctx, pdf.Document{
		Owner: m, Issuer: i18n.Tf(ctx, "pdf.issuer", map[string]any{"Name": m.Name}), Unit: p.sender(),
		Title: title, Number: i18n.Tf(ctx, "pdf.number", map[string]any{"Folio": p.r.Folio()}),
		Date: calendar.On(s.Sent.At).Chilean(), PageOf: p.t("pdf.page"), Subject: title,
		Lang: i18n.Spanish, Changed: s.Sent.At, // nothing depends on who prints or when
	}, p.draw)
	return prefix + s.Referral.Folio() + ".pdf", file, err
}

// paper draws one referral.
type paper struct {
	ctx          context.Context
	s            *Sheet
	r            *Referral
	municipality string
}

func (p *paper) t(key string) string { return i18n.T(p.ctx, key) }

func (p *paper) tf(key string, values map[string]any) string { return i18n.Tf(p.ctx, key, values) }

func (p *paper) sender() string {
	if p.s.Sender.Name != "" {
		return p.s.Sender.Name
	}
	return p.t("letter.front_desk")
}

func (p *paper) draw(s *pdf.Sheet) {
	s.Heading(p.t("letter.to"))
	s.Facts(p.addressee())
	s.Heading(p.t("letter.person"))
	s.Facts(p.person())
	s.Heading(p.t("letter.asked"))
	s.Facts(p.asked())
	if p.r.Note != "" {
		s.Text(p.r.Note, 9.5, pdf.Ink)
	}
	if len(p.r.Requirements) > 0 {
		s.Heading(p.t("letter.requirements"))
		s.Bullets(p.r.Requirements)
	}
	if p.r.ByLetter() {
		p.askForAnswer(s)
	} else {
		p.whatFollows(s)
	}
}

// filled are the facts of which something is known.
func filled(list ...pdf.Fact) []pdf.Fact {
	var known []pdf.Fact
	for _, f := range list {
		if f.Value != "" {
			known = append(known, f)
		}
	}
	return known
}

func (p *paper) addressee() []pdf.Fact {
	u := p.s.Unit
	return filled(
		pdf.Fact{Label: p.t("letter.institution"), Value: p.r.UnitName},
		pdf.Fact{Label: p.t("letter.contact"), Value: u.Contact},
		pdf.Fact{Label: p.t("letter.address"), Value: u.Address},
		pdf.Fact{Label: p.t("letter.phone"), Value: people.FormatPhone(u.Phone)},
		pdf.Fact{Label: p.t("letter.email"), Value: u.Email},
	)
}

// person is who it is about and how to reach them, and nothing else.
func (p *paper) person() []pdf.Fact {
	f := p.s.Person
	name := f.Name()
	if name == "" {
		name = p.t("letter.unnamed")
	}
	member := p.r.MemberName
	if member == name {
		member = ""
	}
	return filled(
		pdf.Fact{Label: p.t("letter.name"), Value: name},
		pdf.Fact{Label: p.t("letter.document"), Value: f.Number()},
		pdf.Fact{Label: p.t("letter.phone"), Value: people.FormatPhone(f.Phone)},
		pdf.Fact{Label: p.t("letter.member"), Value: member},
	)
}

// asked is the item with its fields. The person it concerns stands above.
func (p *paper) asked() []pdf.Fact {
	list := []pdf.Fact{{Label: p.t("letter.item"), Value: p.r.Name}}
	for _, f := range p.r.Fields {
		value := f.Text
		if value == "" {
			value = f.Value
		}
		if value == "" || f.Value == p.r.Member && p.r.Member != "" {
			continue
		}
		list = append(list, pdf.Fact{Label: p.label(f), Value: value})
	}
	return list
}

func (p *paper) label(f FieldValue) string {
	if f.LabelKey != "" {
		return p.t(f.LabelKey)
	}
	return f.Label
}

// askForAnswer says how and until when to answer, who asks, and leaves the slip
// on which somebody answers by hand.
func (p *paper) askForAnswer(s *pdf.Sheet) {
	values := map[string]any{"Folio": p.r.Folio(), "Due": p.r.Due.Chilean(), "Municipality": p.municipality, "Desk": p.sender()}
	s.Heading(p.t("letter.how"))
	s.Text(p.tf("letter.how_text", values), 9.5, pdf.Ink)
	if where := p.where(); len(where) > 0 {
		s.Space(1.5)
		s.Facts(where)
	}
	p.sign(s)
	const slip = 64
	s.Keep(slip)
	s.Heading(p.t("letter.slip"))
	s.Text(p.tf("letter.slip_text", values), 8.5, pdf.Muted)
	s.Space(1.5)
	s.Choices(p.outcomes())
	s.Space(1)
	s.Lines(p.t("letter.slip_reason"), 2)
	s.Lines(p.t("letter.slip_name"), 1)
	s.Lines(p.t("letter.slip_signature"), 1)
}

func (p *paper) outcomes() []string {
	list := make([]string, len(Outcomes))
	for i, o := range Outcomes {
		list[i] = OutcomeText(p.ctx, o)
	}
	return list
}

// where the answer goes.
func (p *paper) where() []pdf.Fact {
	u := p.s.Sender
	return filled(
		pdf.Fact{Label: p.t("letter.contact"), Value: u.Contact},
		pdf.Fact{Label: p.t("letter.address"), Value: u.Address},
		pdf.Fact{Label: p.t("letter.phone"), Value: people.FormatPhone(u.Phone)},
		pdf.Fact{Label: p.t("letter.email"), Value: u.Email},
	)
}

// whatFollows tells the person what happens next.
func (p *paper) whatFollows(s *pdf.Sheet) {
	s.Heading(p.t("letter.next"))
	s.Text(p.tf("letter.next_text", map[string]any{"Folio": p.r.Folio(), "Due": p.r.Due.Chilean(), "Unit": p.r.UnitName}), 9.5, pdf.Ink)
	p.sign(s)
}

func (p *paper) sign(s *pdf.Sheet) {
	s.Signatures([]pdf.Signature{
		{Name: p.s.Sent.Name, Lines: []string{p.sender(), p.t("letter.signs_worker")}},
		{Name: p.t("letter.stamp"), Lines: []string{i18n.Tf(p.ctx, "pdf.issuer", map[string]any{"Name": p.municipality})}},
	})
}
