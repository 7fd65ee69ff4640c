package plan

import (
	"gsl/app/kit/fault"
	"gsl/tenants"
)

// Place is where an item stands: what other rooms say of it.
type Place struct {
	PlanID, FileID string
	Folio          string // of the plan
	Name           string // of the item, as agreed
}

// PlaceOf gives where an item stands; fault.NotFound when this municipality has
// no such item.
func PlaceOf(tx *tenants.Tx, itemID string) (Place, error) {
	var p Plan
	var place Place
	err := tx.QueryRow(`SELECT p.id, p.file_id, p.year, p.number, i.name FROM plan_item AS i JOIN plan AS p ON p.id = i.plan_id WHERE i.id = ?`, itemID).
		Scan(&place.PlanID, &place.FileID, &p.Year, &p.Number, &place.Name)
	if tenants.NotFound(err) {
		return place, fault.New(fault.NotFound, "fault.not_found")
	}
	place.Folio = p.Folio()
	return place, err
}
