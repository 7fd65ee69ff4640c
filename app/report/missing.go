package report

import (
	"strings"

	"gsl/app/kit/fault"
	"gsl/app/people"
)

// Missing names what keeps a report from being signed: the fields of the editor,
// with what is wrong with each. None: it can be signed.
func (c *Content) Missing() []fault.Field {
	var wrong []fault.Field
	add := func(bad bool, name, key string) {
		if bad {
			wrong = append(wrong, fault.Field{Name: name, Key: key})
		}
	}
	add(c.Purpose.Name == "", "purpose", "report.missing.purpose")
	add(c.Purpose.Addressee == "", "addressee", "report.missing.addressee")
	add(c.Household.Heads() == 0, "member", "report.missing.member")
	wrong = append(wrong, c.Household.wrong()...)
	wrong = append(wrong, c.Socioeconomic.wrong()...)
	add(c.Opinion.Text == "", "opinion_text", "report.missing.opinion")
	add(len(c.Asked()) == 0, "request", "report.missing.request")
	return wrong
}

// Asked are the requests in which something stands.
func (c *Content) Asked() (list []string) {
	for i := range c.Requests.List {
		if text := strings.TrimSpace(c.Requests.List[i].Text); text != "" {
			list = append(list, text)
		}
	}
	return list
}

// wrong names what a table has that cannot be read.
func (h *Household) wrong() (wrong []fault.Field) {
	for i := range h.Members {
		m := &h.Members[i]
		if m.Blank() {
			continue
		}
		if m.Name == "" {
			wrong = append(wrong, fault.Field{Name: "member_name[" + m.ID + "]", Key: "report.missing.member_name"})
		}
		if _, ok := m.Birth(); m.Born != "" && !ok {
			wrong = append(wrong, fault.Field{Name: "member_born[" + m.ID + "]", Key: "report.missing.date"})
		}
		if _, err := people.ParseRUN(m.RUN); m.RUN != "" && err != nil && !strings.HasPrefix(m.RUN, "SR-") {
			wrong = append(wrong, fault.Field{Name: "member_run[" + m.ID + "]", Key: "report.missing.run"})
		}
	}
	return wrong
}

func (s *Socioeconomic) wrong() (wrong []fault.Field) {
	for i := range s.Incomes {
		in := &s.Incomes[i]
		if _, ok := in.Pesos(); s.Chosen && !in.Blank() && !ok {
			wrong = append(wrong, fault.Field{Name: "income_amount[" + in.ID + "]", Key: "report.missing.amount"})
		}
	}
	return wrong
}
