package report

import (
	"context"
	"strconv"
	"strings"
	"unicode/utf8"

	"gsl/app/access"
	"gsl/app/kit/actor"
	"gsl/app/kit/audit"
	"gsl/app/kit/calendar"
	"gsl/app/kit/fault"
	"gsl/app/people"
	"gsl/app/screening"
	"gsl/tenants"
)

// New is what a report begins with.
type New struct {
	Key            string // of the form: sent twice, one report
	PlanID, ItemID string // "" for one that no plan asked for
	Code, Purpose  string // of the catalogue, category C; both may be blank until it is signed
	Addressee      string
	Detail         string
	DueOn          calendar.Date
	PreviousID     string // the report that this one takes the place of
}

// The longest short answer and the longest text, in characters.
const (
	maxShort = 200
	maxText  = 40_000
)

// Draft begins a report, filled with what is known of the household. The same
// form sent twice begins one.
func (s *Service) Draft(ctx context.Context, who actor.Actor, fileID string, n New) (r Report, err error) {
	if err := may(who, access.ManagePlan); err != nil {
		return Report{}, err
	}
	err = who.Municipality.Update(ctx, func(tx *tenants.Tx) (err error) {
		r, err = s.DraftTx(tx, who, fileID, n)
		return err
	})
	return r, err
}

// DraftTx is Draft within a transaction: checkout makes the drafts of a plan so.
func (s *Service) DraftTx(tx *tenants.Tx, who actor.Actor, fileID string, n New) (Report, error) {
	f, err := people.Open(tx, fileID)
	if err != nil {
		return Report{}, err
	}
	if known, ok, err := ofKey(tx, fileID, n.Key); err != nil || ok {
		return known, err
	}
	if utf8.RuneCountInString(n.Addressee) > maxShort {
		return Report{}, fault.InvalidFields(fault.Field{Name: "addressee", Key: "report.error.long", Args: map[string]any{"Max": maxShort}})
	}
	c, err := s.begin(tx, f, n)
	if err != nil {
		return Report{}, err
	}
	r := Report{ID: tx.NewID(), FileID: f.ID, State: Draft, Version: 1, PlanID: n.PlanID, ItemID: n.ItemID, PreviousID: n.PreviousID,
		PurposeCode: n.Code, Purpose: n.Purpose, DueOn: n.DueOn, Unit: who.UnitID, UnitName: who.UnitName,
		CreatedAt: tx.Now, CreatedBy: who.UserID, CreatedByName: who.Name}
	if err := insertReport(tx, &r, n.Key); err != nil {
		return r, err
	}
	if err := insertParts(tx, who, r.ID, &c); err != nil {
		return r, err
	}
	if err := remember(tx, who, &r, "", ""); err != nil {
		return r, err
	}
	return r, audit.Record(tx, who, audit.Change{Action: "report.create", Object: r.ID, File: f.ID, Detail: map[string]string{"purpose": r.Purpose, "plan": r.PlanID}})
}

// begin gives what a new report says: what was asked for, the household as the
// registry last had it, and what the last diagnosis says.
func (s *Service) begin(tx *tenants.Tx, f people.File, n New) (Content, error) {
	c := Content{Purpose: Purpose{Code: n.Code, Name: n.Purpose, Addressee: n.Addressee, Detail: clean(n.Detail), Due: n.DueOn.Chilean()}}
	h, _, ok, err := screening.Last(tx, f.ID)
	if err != nil {
		return c, err
	}
	if ok {
		c.fromRegistry(&h)
	} else {
		c.Household.Members = []Member{{ID: "1", Name: f.Name(), RUN: f.Number(), Born: f.BirthDate.Chilean()}}
	}
	c.Requests.List = []Request{{ID: "1"}}
	if s.Assess == nil {
		return c, nil
	}
	a, ok, err := s.Assess(tx, f.ID)
	if err == nil && ok {
		c.assess(a)
	}
	return c, err
}

// fromRegistry fills the tables with a household as the registry has it.
func (c *Content) fromRegistry(h *screening.Household) {
	c.Household.DataDate = h.DataDate.Chilean()
	for i := range h.Members {
		m := &h.Members[i]
		c.Household.Members = append(c.Household.Members, Member{ID: strconv.Itoa(i + 1), Name: m.Name(), RUN: m.RUN.Format(), Born: m.BirthDate.Chilean(),
			Relationship: m.Relationship, Education: m.Education, Occupation: m.Occupation, Health: m.HealthInsurance})
		if m.Income > 0 {
			c.Socioeconomic.Incomes = append(c.Socioeconomic.Incomes, Income{ID: strconv.Itoa(i + 1), Who: m.Name(), Source: or(m.Pension, m.Occupation), Amount: strconv.FormatInt(m.Income, 10)})
		}
	}
	c.Housing.Type, c.Housing.Tenure, c.Housing.Water = h.DwellingType, h.Tenure, h.Water
	if h.Rooms > 0 {
		c.Housing.Rooms = strconv.Itoa(h.Rooms)
	}
}

// assess fills the sections with what a diagnosis says; those with a text are chosen.
func (c *Content) assess(a Assessment) {
	for p, text := range a.Texts {
		if section := c.section(p); section != nil && text != "" {
			section.Chosen, section.Text = true, clip(clean(text), maxText)
		}
	}
	c.Networks.Ecomap = a.Ecomap
	c.Networks.Chosen = c.Networks.Chosen || a.Ecomap
}

// section gives the optional section of a part, nil for a part that is always there.
func (c *Content) section(p Part) *Section {
	switch p {
	case SocioeconomicPart:
		return &c.Socioeconomic.Section
	case HousingPart:
		return &c.Housing.Section
	case HealthPart:
		return &c.Health
	case EducationPart:
		return &c.Education
	case NetworksPart:
		return &c.Networks.Section
	case PurposePart, HouseholdPart, OpinionPart, RequestsPart:
	}
	return nil
}

// identify is who the report is about, as the file and the registry have it now.
func identify(tx *tenants.Tx, fileID string) (Identification, error) {
	f, err := people.Open(tx, fileID)
	if err != nil {
		return Identification{}, err
	}
	h, _, ok, err := screening.Last(tx, fileID)
	if err != nil {
		return Identification{}, err
	}
	id := Identification{Name: f.Name(), Number: f.Number(), Born: f.BirthDate.Chilean(), Age: f.Age(calendar.On(tx.Now)), Sex: f.Sex, Nationality: f.Nationality,
		Address: f.Address, Commune: communeName(f.CommuneCode), Phone: people.FormatPhone(f.Phone)}
	if ok {
		id.Tramo, id.Registry = h.Tramo, h.Folio
	}
	return id, nil
}

func or(text, otherwise string) string {
	if strings.TrimSpace(text) == "" {
		return otherwise
	}
	return text
}
