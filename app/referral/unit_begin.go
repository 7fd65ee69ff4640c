package referral

import (
	"gsl/app/kit/actor"
	"gsl/app/kit/audit"
	"gsl/app/kit/fault"
	"gsl/tenants"
)

// Modules are the codes of the units whose inbox a municipality may have or not.
func Modules() []string { return []string{"families", "care"} }

// UsualUnits are the units of a municipality that work by letter and that a new
// one begins with, unless it says that it has none such.
func UsualUnits() []Unit {
	return []Unit{
		{Code: "vivienda", Name: "Vivienda (EGIS municipal)"},
		{Code: "omil", Name: "Oficina Municipal de Intermediación Laboral (OMIL)"},
		{Code: "ninez", Name: "Oficina Local de la Niñez"},
		{Code: "mujer", Name: "Centro de la Mujer"},
		{Code: "discapacidad", Name: "Oficina de Discapacidad"},
		{Code: "personas-mayores", Name: "Oficina de Personas Mayores"},
		{Code: "migrantes", Name: "Oficina de Migrantes"},
		{Code: "educacion", Name: "Becas y educación"},
		{Code: "asuntos-indigenas", Name: "Asuntos Indígenas"},
		{Code: "salud", Name: "Salud municipal (CESFAM)"},
		{Code: "chile-crece-contigo", Name: "Chile Crece Contigo"},
	}
}

// Begin gives a new municipality, in its first transaction, the inboxes of its
// modules, and switches off the usual units that it does not have: they can be
// switched on later. A code that is neither is fault.Invalid.
func Begin(tx *tenants.Tx, who actor.Actor, modules, without []string) error {
	for _, code := range modules {
		u, err := UnitByCode(tx, code)
		if err != nil {
			return err
		}
		if !u.Module() {
			return fault.InvalidField("module", "settings.error.no_module")
		}
		if u.Kind == Integrated {
			continue
		}
		if err := setModule(tx, who, &u, true); err != nil {
			return err
		}
	}
	for _, code := range without {
		if err := leaveOut(tx, who, code); err != nil {
			return err
		}
	}
	return nil
}

func leaveOut(tx *tenants.Tx, who actor.Actor, code string) error {
	u, err := UnitByCode(tx, code)
	if err != nil || !u.Active {
		return err
	}
	if u.Kind != Municipal {
		return fault.InvalidField("without", "settings.error.kind")
	}
	u.Active = false
	if _, err := updateUnit(tx, u); err != nil {
		return err
	}
	return audit.Record(tx, who, audit.Change{Action: "unit.edit", Object: u.Code, Detail: map[string]string{"active": "true → false"}})
}
