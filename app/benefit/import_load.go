package benefit

import (
	"cmp"
	"regexp"
	"slices"
	"strconv"

	"gsl/app/kit/audit"
	"gsl/app/kit/sheet"
	"gsl/tenants"
)

// Columns of a municipal register; the order of columns.
const (
	colRUN = iota
	colPerson
	colCode
	colName
	colKind
	colOn
	colQuantity
	colUnit
	colAmount
	colProvider
	colCategory
	colSubcategory
	colDecree
	colNote
)

var columns = []sheet.Column{
	{Name: "run", Aliases: []string{"rut", "rol único nacional", "rut beneficiario", "run beneficiario"}, Required: true},
	{Name: "name", Aliases: []string{"nombre", "nombre completo", "beneficiario", "beneficiaria"}}, // known from the RUN; not kept
	{Name: "benefit_code", Aliases: []string{"código beneficio", "código de beneficio", "código"}},
	{Name: "benefit_name", Aliases: []string{"beneficio", "ayuda", "nombre beneficio", "nombre del beneficio", "tipo de ayuda", "prestación"}, Required: true},
	{Name: "kind", Aliases: []string{"tipo", "modalidad", "forma de entrega"}},
	{Name: "granted_on", Aliases: []string{"fecha entrega", "fecha de entrega", "fecha", "fecha otorgamiento"}, Required: true},
	{Name: "quantity", Aliases: []string{"cantidad"}},
	{Name: "unit", Aliases: []string{"unidad"}},
	{Name: "amount_clp", Aliases: []string{"monto", "valor", "monto total", "amount"}},
	{Name: "provider", Aliases: []string{"proveedor", "institución", "unidad responsable"}},
	{Name: "category", Aliases: []string{"categoría"}},
	{Name: "subcategory", Aliases: []string{"subcategoría"}},
	{Name: "decree", Aliases: []string{"decreto", "decreto alcaldicio", "número de decreto", "n decreto"}},
	{Name: "note", Aliases: []string{"observación", "observaciones", "glosa", "nota", "comentario"}},
}

var kinds = map[string]string{
	"": "", "in_kind": InKind, "cash": Cash,
	"in kind": InKind, "especie": InKind, "en especie": InKind, "especies": InKind,
	"dinero": Cash, "en dinero": Cash, "efectivo": Cash, "aporte economico": Cash, "transferencia": Cash, "pago": Cash,
}

var provisionalID = regexp.MustCompile(`^SR-[0-9A-Z]{1,10}-[0-9]{4}-[0-9]{1,9}$`)

// nameless is what rows that map to no item have in common.
type nameless struct{ name, kind string }

// missed counts a row whose name stands for no item.
func (im *importing) missed(g *Grant) {
	key := nameless{g.RecordedAs, g.Kind}
	if _, known := im.unmapped[key]; !known && len(im.unmapped) >= maxUnmapped {
		key = nameless{kind: g.Kind} // a register of nothing but free text
	}
	im.unmapped[key]++
}

// reportUnmapped lists the unmapped names, most frequent first, with what they may mean.
func (im *importing) reportUnmapped() {
	for key, rows := range im.unmapped {
		u := Unmapped{Name: key.name, Kind: key.kind, Rows: rows}
		if key.name != "" {
			u.Nearest = im.names.nearest(key.name, key.kind, suggestions)
		}
		im.report.Unmapped = append(im.report.Unmapped, u)
	}
	slices.SortFunc(im.report.Unmapped, func(a, b Unmapped) int {
		return cmp.Or(cmp.Compare(b.Rows, a.Rows), cmp.Compare(a.Name, b.Name), cmp.Compare(a.Kind, b.Kind))
	})
}

// load writes the chunk and its entry in the trail of changes. When it fails the
// transaction is undone, and so is what it added to the report.
func (im *importing) load(tx *tenants.Tx) (err error) {
	before := im.report
	defer func() {
		if err != nil {
			im.report.New, im.report.Changed, im.report.Unchanged = before.New, before.Changed, before.Unchanged
		}
	}()
	for i := range im.chunk {
		if err := im.grant(tx, im.chunk[i]); err != nil {
			return err
		}
	}
	added, changed := im.report.New-before.New, im.report.Changed-before.Changed
	if added+changed == 0 {
		return nil
	}
	return audit.Record(tx, im.who, audit.Change{Action: "benefit.import", Object: im.report.File,
		Detail: map[string]string{"new": strconv.FormatInt(added, 10), "changed": strconv.FormatInt(changed, 10)}})
}

func (im *importing) grant(tx *tenants.Tx, g Grant) error {
	g.ID = tx.NewID()
	added, err := insert(tx, g)
	if err != nil {
		return err
	}
	if added {
		im.report.New++
		return nil
	}
	changed, err := assignItem(tx, g)
	if changed {
		im.report.Changed++
	} else {
		im.report.Unchanged++
	}
	return err
}
