package report

import (
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"strconv"
	"strings"
	"unicode/utf8"

	"gsl/app/kit/fault"
	"gsl/app/people"
)

// tidy gives a part the form in which it is kept: whatever way the same words
// came, they are the same bytes. Half a date or RUN stays as it was typed.
func (c *Content) tidy(p Part) {
	switch p {
	case PurposePart:
		u := &c.Purpose
		u.Code, u.Name, u.Addressee, u.Detail, u.Due = line(u.Code), line(u.Name), line(u.Addressee), clean(u.Detail), date(u.Due)
	case HouseholdPart:
		for i := range c.Household.Members {
			c.Household.Members[i].tidy()
		}
	case SocioeconomicPart:
		for i := range c.Socioeconomic.Incomes {
			c.Socioeconomic.Incomes[i].tidy()
		}
	case HousingPart:
		h := &c.Housing
		h.Type, h.Tenure, h.Rooms, h.Water = line(h.Type), line(h.Tenure), line(h.Rooms), line(h.Water)
	case OpinionPart:
		c.Opinion.Text = clean(c.Opinion.Text)
	case RequestsPart:
		for i := range c.Requests.List {
			c.Requests.List[i].Text = clean(c.Requests.List[i].Text)
		}
	case HealthPart, EducationPart, NetworksPart:
	}
	if section := c.section(p); section != nil {
		section.Text = clean(section.Text)
	}
}

func (m *Member) tidy() {
	m.Name, m.RUN, m.Born, m.Relationship = line(m.Name), number(m.RUN), date(m.Born), line(m.Relationship)
	m.Education, m.Occupation, m.Health = line(m.Education), line(m.Occupation), line(m.Health)
}

func (i *Income) tidy() {
	i.Who, i.Source, i.Amount = line(i.Who), line(i.Source), line(i.Amount)
	if n, ok := i.Pesos(); ok {
		i.Amount = thousands(n)
	}
}

// thousands writes pesos as people type them: 412.300.
func thousands(n int64) string {
	text := strconv.FormatInt(n, 10)
	for at := len(text) - 3; at > 0; at -= 3 {
		text = text[:at] + "." + text[at:]
	}
	return text
}

func date(typed string) string {
	if d, ok := readDate(typed); ok {
		return d.Chilean()
	}
	return line(typed)
}

// number is a person's RUN as people read it; what is none stays.
func number(typed string) string {
	if run, err := people.ParseRUN(typed); err == nil {
		return run.Format()
	}
	return line(typed)
}

// encode gives a part as it is kept.
func (c *Content) encode(p Part) (string, error) {
	c.tidy(p)
	body, err := json.Marshal(c.at(p))
	return string(body), err
}

// mark stands for what a part says: two that differ have another.
func mark(body string) string {
	sum := sha256.Sum256([]byte(body))
	return base64.RawURLEncoding.EncodeToString(sum[:9])
}

// refused names what of a part cannot be kept: what is too long, and a purpose
// that nobody offers.
func (c *Content) refused(p Part) []fault.Field {
	var l limits
	switch p {
	case PurposePart:
		u := &c.Purpose
		l.short("purpose", u.Name+u.Code)
		l.short("addressee", u.Addressee)
		l.short("due", u.Due)
		l.text("detail", u.Detail)
		if u.Code != "" && u.Name == "" {
			l.wrong = append(l.wrong, fault.Field{Name: "purpose", Key: "report.error.purpose"})
		}
	case HouseholdPart:
		l.household(&c.Household)
	case SocioeconomicPart:
		for _, in := range c.Socioeconomic.Incomes {
			l.short("income_source["+in.ID+"]", in.Who, in.Source, in.Amount)
		}
		l.rows("income", len(c.Socioeconomic.Incomes)+len(c.Socioeconomic.Removed))
	case HousingPart:
		l.short("housing_type", c.Housing.Type, c.Housing.Tenure, c.Housing.Rooms, c.Housing.Water)
	case OpinionPart:
		l.text("opinion_text", c.Opinion.Text)
	case RequestsPart:
		for _, r := range c.Requests.List {
			l.text("request_text["+r.ID+"]", r.Text)
		}
		l.rows("request", len(c.Requests.List)+len(c.Requests.Removed))
	case HealthPart, EducationPart, NetworksPart:
	}
	if section := c.section(p); section != nil {
		l.text(string(p)+"_text", section.Text)
	}
	return l.wrong
}

// limits gathers what is too long.
type limits struct{ wrong []fault.Field }

func (l *limits) short(name string, texts ...string) {
	for _, text := range texts {
		l.at(name, utf8.RuneCountInString(text), maxShort)
	}
}

func (l *limits) text(name, text string) { l.at(name, utf8.RuneCountInString(text), maxText) }

func (l *limits) at(name string, length, most int) {
	if length > most {
		l.wrong = append(l.wrong, fault.Field{Name: name, Key: "report.error.long", Args: map[string]any{"Max": most}})
	}
}

func (l *limits) rows(name string, n int) {
	if n > maxRows {
		l.wrong = append(l.wrong, fault.Field{Name: name, Key: "report.error.rows", Args: map[string]any{"Max": maxRows}})
	}
}

func (l *limits) household(h *Household) {
	for i := range h.Members {
		m := &h.Members[i]
		l.short("member_name["+m.ID+"]", m.Name, m.RUN, m.Born, m.Relationship, m.Education, m.Occupation, m.Health)
	}
	l.rows("member", len(h.Members)+len(h.Removed))
}

// both puts two versions of a part together: texts one under the other, of
// tables every row that either has.
func (c *Content) both(p Part, theirs *Content) {
	switch p {
	case PurposePart:
		c.Purpose.Detail = joined(theirs.Purpose.Detail, c.Purpose.Detail)
	case HouseholdPart:
		c.Household.Members = union(c.Household.Members, c.Household.Removed, theirs.Household.Members)
	case SocioeconomicPart:
		c.Socioeconomic.Incomes = union(c.Socioeconomic.Incomes, c.Socioeconomic.Removed, theirs.Socioeconomic.Incomes)
	case OpinionPart:
		c.Opinion.Text = joined(theirs.Opinion.Text, c.Opinion.Text)
	case RequestsPart:
		c.Requests.List = union(c.Requests.List, c.Requests.Removed, theirs.Requests.List)
	case HousingPart, HealthPart, EducationPart, NetworksPart:
	}
	if mine, other := c.section(p), theirs.section(p); mine != nil {
		mine.Chosen, mine.Text = mine.Chosen || other.Chosen, joined(other.Text, mine.Text)
	}
}

// joined puts one text under the other; one that the other holds adds nothing.
func joined(above, below string) string {
	switch {
	case strings.Contains(below, above):
		return below
	case strings.Contains(above, below):
		return above
	}
	return above + "\n\n" + below
}
