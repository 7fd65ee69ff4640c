package catalogue

import "gsl/tenants"

// Template is a local catalogue that a new municipality can begin with: that of
// another one, as it is today.
type Template struct {
	drawers, items, criteria, fields [][]any
}

// Items is how many items it has.
func (t *Template) Items() int { return len(t.items) }

// ReadTemplate reads a municipality's own items that are in force, without their
// contacts: those are the other municipality's people.
func ReadTemplate(tx *tenants.Tx) (t *Template, err error) {
	t = &Template{}
	if t.drawers, err = readRows(tx.Query(templateDrawers)); err != nil {
		return nil, err
	}
	if t.items, err = readRows(tx.Query(templateItems)); err != nil {
		return nil, err
	}
	if t.criteria, err = readRows(tx.Query(templateCriteria)); err != nil {
		return nil, err
	}
	t.fields, err = readRows(tx.Query(templateFields))
	return t, err
}

// BeginWith puts the template, in the first transaction of a new municipality,
// in the place of the items that Seed gave it; nil leaves it with the national
// items alone.
func BeginWith(tx *tenants.Tx, t *Template) error {
	if err := clearLocal(tx); err != nil || t == nil {
		return err
	}
	return writeTemplate(tx, t)
}
