package screening

import (
	"time"

	"gsl/app/kit/held"
	"gsl/app/kit/i18n"
	"gsl/app/people"
	"gsl/tenants"
)

// Held is what the registries said of the person, each time it was something new,
// the newest first. Of the others who live there it says who they are to each other
// and no more: the rest is theirs to ask for.
func Held(tx *tenants.Tx, f people.File) ([]held.Record, error) {
	rows, err := tx.Query(`SELECT taken_at, seen_at, body FROM snapshot WHERE file_id = ? ORDER BY seq DESC`, f.ID)
	if err != nil {
		return nil, err
	}
	defer func() { _ = rows.Close() }()
	var list []held.Record
	for rows.Next() {
		var taken, seen, body string
		if err := rows.Scan(&taken, &seen, &body); err != nil {
			return nil, err
		}
		r, err := heldSnapshot(tx, f, taken, seen, body)
		if err != nil {
			return nil, err
		}
		list = append(list, r)
	}
	return list, rows.Err()
}

func heldSnapshot(tx *tenants.Tx, f people.File, taken, seen, body string) (held.Record, error) {
	at, err := time.Parse(time.RFC3339, taken)
	if err != nil {
		return held.Record{}, err
	}
	confirmed, err := time.Parse(time.RFC3339, seen)
	if err != nil {
		return held.Record{}, err
	}
	if body == "" {
		r := held.Of(i18n.T(tx.Context(), "held.unregistered"), at)
		r.Add("seen_at", confirmed)
		return r, nil
	}
	r := held.Of(i18n.T(tx.Context(), "held.household"), at)
	r.Add("seen_at", confirmed)
	h, err := decode(body)
	if err != nil {
		r.Add("text", body) // what cannot be read is handed over as it is kept
		return r, nil       //nolint:nilerr // see above
	}
	heldHousehold(&r, &h, f.RUN)
	return r, nil
}

func heldHousehold(r *held.Record, h *Household, own people.RUN) {
	r.Add("data_date", h.DataDate).Add("household_folio", h.Folio).Add("tramo", h.Tramo).Add("income", held.Pesos(h.Income)).
		Add("address", h.Address).Add("commune", h.CommuneCode).Add("dwelling_type", h.DwellingType).Add("tenure", h.Tenure).
		Add("water", h.Water).Add("rooms", h.Rooms)
	var members, benefits []held.Record
	for i := range h.Members {
		members = append(members, heldMember(&h.Members[i], own))
	}
	for i := range h.Benefits {
		if b := &h.Benefits[i]; b.RUN == own {
			one := held.Of(b.Name, time.Time{})
			one.Add("code", b.Code).Add("on", b.On).Add("provider", b.Provider).Add("amount", held.Pesos(b.Amount)).Add("quantity", b.Quantity).Add("unit", b.Unit)
			benefits = append(benefits, one)
		}
	}
	r.Add("members", members).Add("benefits", benefits)
}

func heldMember(m *Member, own people.RUN) held.Record {
	one := held.Of(m.Name(), time.Time{})
	one.Add("relationship", m.Relationship)
	if m.RUN != own {
		return one
	}
	one.Add("run", m.RUN.Format()).Add("birth_date", m.BirthDate).Add("sex", m.Sex).Add("nationality", m.Nationality).Add("income", held.Pesos(m.Income)).
		Add("education", m.Education).Add("student", m.Student).Add("health_insurance", m.HealthInsurance).Add("pension", m.Pension).
		Add("occupation", m.Occupation).Add("disability", m.Disability).Add("dependency", m.Dependency).Add("carer", m.Carer).
		Add("pregnant", m.Pregnant).Add("phone", people.FormatPhone(m.Phone)).Add("email", m.Email)
	return one
}
