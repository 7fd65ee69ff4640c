package referral

import (
	"slices"
	"strings"
	"unicode/utf8"

	"gsl/app/access"
	"gsl/app/catalogue"
	"gsl/app/kit/calendar"
	"gsl/app/kit/fault"
)

// ProtocolForm is the seven clauses as somebody writes them. A draft may be
// unfinished: what is missing is asked for when it is sent to be signed.
type ProtocolForm struct {
	Revision    int64  // that was shown
	Key         string // of the open form: it knows its own saves, also one whose answer is still on the way
	Title       string
	AllDesks    bool
	Codes       []string // of the counterpart's items; none: all
	Rows        []CriterionRow
	Eligibility string
	Spots       int64
	Period      string
	Documents   string // one a line
	Process     string
	Answer      string
	CitizenDays int64
	AnswerDays  int64
	From, To    calendar.Date
	Evaluation  string
}

// The longest texts of a protocol, in characters.
const (
	maxTitle        = 120
	maxClause       = 2000
	maxDocument     = 160
	mostDocuments   = 20
	mostSpots       = 100_000
	mostYearsInside = 10
)

// write puts the form into the draft and says what is wrong with it. items are
// those of the counterpart.
func (p *Protocol) write(form ProtocolForm, items []ProtocolItem) []fault.Field {
	var wrong []fault.Field
	for _, text := range []struct {
		name string
		from string
		to   *string
		max  int
	}{
		{"title", tidy(form.Title), &p.Title, maxTitle},
		{"eligibility", form.Eligibility, &p.Eligibility, maxClause},
		{"process", form.Process, &p.Process, maxClause},
		{"answer", form.Answer, &p.Answer, maxClause},
		{"evaluation", form.Evaluation, &p.Evaluation, maxClause},
	} {
		*text.to = strings.TrimSpace(text.from)
		if utf8.RuneCountInString(*text.to) > text.max {
			wrong = append(wrong, longField(text.name, text.max))
		}
	}
	p.AllDesks, p.ChangedIn = form.AllDesks, form.Key
	p.From, p.To, p.Period = form.From, form.To, Period(form.Period)
	if !slices.Contains(periods, p.Period) {
		wrong = append(wrong, fault.Field{Name: "spots_period", Key: "web.field.choice"})
	}
	wrong = append(wrong, p.writeItems(form.Codes, items)...)
	wrong = append(wrong, p.writeDocuments(form.Documents)...)
	wrong = append(wrong, p.writeNumbers(form)...)
	criteria, bad := catalogue.ReadRows(form.Rows)
	p.Criteria = criteria
	return append(wrong, bad...)
}

func longField(name string, most int) fault.Field {
	return fault.Field{Name: name, Key: "protocol.error.long", Args: map[string]any{"Max": most}}
}

// writeItems keeps the names that the items have today. An item that the
// counterpart no longer has, and that the draft had already, stays.
func (p *Protocol) writeItems(codes []string, items []ProtocolItem) []fault.Field {
	known := slices.Concat(items, p.Items)
	p.Items = nil
	for _, code := range codes {
		at := slices.IndexFunc(known, func(it ProtocolItem) bool { return it.Code == code })
		if at < 0 {
			return []fault.Field{{Name: "item", Key: "protocol.error.item"}}
		}
		if !slices.ContainsFunc(p.Items, func(it ProtocolItem) bool { return it.Code == code }) {
			p.Items = append(p.Items, known[at])
		}
	}
	slices.SortFunc(p.Items, func(a, b ProtocolItem) int { return strings.Compare(a.Code, b.Code) })
	return nil
}

func (p *Protocol) writeDocuments(text string) []fault.Field {
	p.Documents = nil
	for line := range strings.Lines(text) {
		name := tidy(line)
		if name == "" || slices.Contains(p.Documents, name) {
			continue
		}
		if utf8.RuneCountInString(name) > maxDocument {
			return []fault.Field{{Name: "documents", Key: "protocol.error.document_long", Args: map[string]any{"Max": maxDocument}}}
		}
		p.Documents = append(p.Documents, name)
	}
	if len(p.Documents) > mostDocuments {
		return []fault.Field{{Name: "documents", Key: "protocol.error.documents", Args: map[string]any{"Max": mostDocuments}}}
	}
	return nil
}

func (p *Protocol) writeNumbers(form ProtocolForm) []fault.Field {
	var wrong []fault.Field
	whole := func(name string, n int64, most int64) int {
		if n < 0 || n > most {
			wrong = append(wrong, fault.Field{Name: name, Key: "protocol.error.between", Args: map[string]any{"Max": most}})
			return 0
		}
		return int(n)
	}
	p.Spots = whole("spots", form.Spots, mostSpots)
	p.CitizenDays = whole("citizen_days", form.CitizenDays, mostDays)
	p.AnswerDays = whole("answer_days", form.AnswerDays, mostDays)
	if p.Counterpart == access.RSHUnit && p.AnswerDays > rshDays {
		wrong = append(wrong, fault.Field{Name: "answer_days", Key: "protocol.error.rsh_days", Args: map[string]any{"Max": rshDays}})
	}
	if !p.From.IsZero() && !p.To.IsZero() {
		switch {
		case p.To.Before(p.From):
			wrong = append(wrong, fault.Field{Name: "valid_to", Key: "protocol.error.to_before"})
		case p.To.Year()-p.From.Year() > mostYearsInside:
			wrong = append(wrong, fault.Field{Name: "valid_to", Key: "protocol.error.to_far", Args: map[string]any{"Max": mostYearsInside}})
		}
	}
	return wrong
}

// form is the draft as the form shows it.
func (p *Protocol) form() ProtocolForm {
	form := ProtocolForm{Revision: p.Revision, Title: p.Title, AllDesks: p.AllDesks, Rows: catalogue.RowsOf(p.Criteria),
		Eligibility: p.Eligibility, Spots: int64(p.Spots), Period: string(p.Period), Documents: strings.Join(p.Documents, "\n"),
		Process: p.Process, Answer: p.Answer, CitizenDays: int64(p.CitizenDays), AnswerDays: int64(p.AnswerDays),
		From: p.From, To: p.To, Evaluation: p.Evaluation}
	for _, it := range p.Items {
		form.Codes = append(form.Codes, it.Code)
	}
	return form
}
