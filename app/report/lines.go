package report

import (
	"context"
	"strings"

	"gsl/app/kit/i18n"
)

// lines give a part in lines that can be read: what somebody else wrote, beside
// what was typed here.
func (c *Content) lines(ctx context.Context, p Part) (list []string) {
	switch p {
	case PurposePart:
		u := &c.Purpose
		list = filled(u.Name, u.Addressee, u.Due, u.Detail)
	case HouseholdPart:
		for _, m := range c.Household.Members {
			list = append(list, strings.Join(filled(m.Name, m.RUN, m.Born, m.Relationship, m.Education, m.Occupation, m.Health), " · "))
		}
	case SocioeconomicPart:
		for _, in := range c.Socioeconomic.Incomes {
			list = append(list, strings.Join(filled(in.Who, in.Source, in.Amount), " · "))
		}
	case HousingPart:
		h := &c.Housing
		list = filled(strings.Join(filled(h.Type, h.Tenure, h.Rooms, h.Water), " · "))
	case OpinionPart:
		list = filled(c.Opinion.Text)
	case RequestsPart:
		list = c.Asked()
	case NetworksPart:
		if c.Networks.Ecomap {
			list = []string{i18n.T(ctx, "report.ecomap")}
		}
	case HealthPart, EducationPart:
	}
	if section := c.section(p); section != nil {
		if !section.Chosen {
			list = append([]string{i18n.T(ctx, "report.clash.off")}, list...)
		}
		list = append(list, filled(section.Text)...)
	}
	return list
}

// lacks reports whether a part keeps the report from being signed, or is a chosen
// section in which nothing stands.
func (c *Content) lacks(p Part) bool {
	switch p {
	case PurposePart:
		return c.Purpose.Name == "" || c.Purpose.Addressee == ""
	case HouseholdPart:
		return c.Household.Heads() == 0 || len(c.Household.wrong()) > 0
	case SocioeconomicPart:
		return c.Socioeconomic.Text == "" && len(c.Socioeconomic.Incomes) == 0 || len(c.Socioeconomic.wrong()) > 0
	case OpinionPart:
		return c.Opinion.Text == ""
	case RequestsPart:
		return len(c.Asked()) == 0
	case HousingPart, HealthPart, EducationPart, NetworksPart:
	}
	section := c.section(p)
	return section.Text == "" && (p != NetworksPart || !c.Networks.Ecomap)
}
