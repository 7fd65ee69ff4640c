package screening

import "gsl/app/kit/sheet"

// Columns of the RSH file, one row per person; the order of personColumns.
const (
	colFolio = iota
	colRUN
	colGivenNames
	colSurnames
	colBirthDate
	colSex
	colNationality
	colRelationship
	colHead
	colTramo
	colIncome
	colEducation
	colStudent
	colHealth
	colPension
	colOccupation
	colDisability
	colDependency
	colCarer
	colPregnant
	colPhone
	colEmail
	colAddress
	colCommune
	colDwelling
	colTenure
	colWater
	colRooms
	colDataDate
)

var runAliases = []string{"rut", "rol único nacional", "run persona", "rut persona"}

var personColumns = []sheet.Column{
	{Name: "folio", Aliases: []string{"folio rsh", "folio hogar", "número de folio", "household"}, Required: true},
	{Name: "run", Aliases: runAliases, Required: true},
	{Name: "given_names", Aliases: []string{"nombres", "nombre", "first names"}, Required: true},
	{Name: "surnames", Aliases: []string{"apellidos", "apellido", "last names"}, Required: true},
	{Name: "birth_date", Aliases: []string{"fecha de nacimiento", "fecha nacimiento", "nacimiento", "date of birth"}, Required: true},
	{Name: "sex", Aliases: []string{"sexo", "género", "gender"}},
	{Name: "nationality", Aliases: []string{"nacionalidad"}},
	{Name: "relationship", Aliases: []string{"parentesco", "relación con el jefe de hogar", "relación"}},
	{Name: "is_head", Aliases: []string{"jefe de hogar", "jefa de hogar", "jefe/a de hogar", "jefe hogar", "es jefe", "head"}, Required: true},
	{Name: "tramo", Aliases: []string{"tramo cse", "cse", "calificación socioeconómica", "bracket"}, Required: true},
	{Name: "income", Aliases: []string{"ingreso", "ingresos", "ingreso mensual"}},
	{Name: "education", Aliases: []string{"educación", "nivel educacional", "escolaridad"}},
	{Name: "student", Aliases: []string{"estudiante", "estudia"}},
	{Name: "health_insurance", Aliases: []string{"previsión de salud", "previsión", "salud", "health"}},
	{Name: "pension", Aliases: []string{"pensión"}},
	{Name: "occupation", Aliases: []string{"ocupación", "actividad"}},
	{Name: "disability", Aliases: []string{"discapacidad"}},
	{Name: "dependency", Aliases: []string{"dependencia"}},
	{Name: "carer", Aliases: []string{"cuidador", "cuidadora", "cuidador/a", "persona cuidadora"}},
	{Name: "pregnant", Aliases: []string{"embarazo", "embarazada", "gestante"}},
	{Name: "phone", Aliases: []string{"teléfono", "fono", "celular"}},
	{Name: "email", Aliases: []string{"correo", "correo electrónico", "mail"}},
	{Name: "address", Aliases: []string{"dirección", "domicilio"}},
	{Name: "commune_code", Aliases: []string{"código comuna", "código de comuna", "comuna", "cut", "commune"}, Required: true},
	{Name: "dwelling_type", Aliases: []string{"tipo de vivienda", "vivienda"}},
	{Name: "tenure", Aliases: []string{"tenencia", "tenencia de la vivienda"}},
	{Name: "water", Aliases: []string{"agua", "origen del agua"}},
	{Name: "rooms", Aliases: []string{"dormitorios", "piezas", "habitaciones"}},
	{Name: "data_date", Aliases: []string{"fecha de los datos", "fecha datos", "fecha de corte", "fecha corte", "fecha de actualización"}, Required: true},
}

// Columns of the RIS file; the order of benefitColumns.
const (
	colBenefitRUN = iota
	colBenefitCode
	colBenefitName
	colBenefitProvider
	colBenefitOn
	colBenefitAmount
	colBenefitQuantity
	colBenefitUnit
)

var benefitColumns = []sheet.Column{
	{Name: "run", Aliases: runAliases, Required: true},
	{Name: "benefit_code", Aliases: []string{"código beneficio", "código de beneficio", "código"}, Required: true},
	{Name: "benefit_name", Aliases: []string{"beneficio", "nombre beneficio", "nombre del beneficio"}, Required: true},
	{Name: "provider", Aliases: []string{"institución", "proveedor", "organismo"}},
	{Name: "granted_on", Aliases: []string{"fecha", "fecha entrega", "fecha de entrega", "fecha de pago", "fecha pago"}, Required: true},
	{Name: "amount_clp", Aliases: []string{"monto", "monto clp", "amount"}},
	{Name: "quantity", Aliases: []string{"cantidad"}},
	{Name: "unit", Aliases: []string{"unidad"}},
}

// sexes and dependencies are the words that files use, and ours. Exact forms
// stand first: they are found without folding.
var (
	sexes = map[string]string{
		"F": "F", "M": "M", "X": "X", "": "",
		"f": "F", "m": "M", "x": "X", "femenino": "F", "masculino": "M", "mujer": "F", "hombre": "M", "no binario": "X",
	}
	dependencies = map[string]string{
		"": "", "moderada": "moderada", "severa": "severa",
		"no": "", "ninguna": "", "sin dependencia": "", "leve": "leve", "grave": "severa", "0": "",
	}
)
