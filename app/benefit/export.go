package benefit

import (
	"context"
	"io"
	"strconv"

	"gsl/app/access"
	"gsl/app/kit/actor"
	"gsl/app/kit/audit"
	"gsl/app/kit/fault"
	"gsl/app/kit/sheet"
	"gsl/tenants"
)

// Export writes the municipal benefit registry as CSV with the columns that
// Import reads, and says how many rows. No cell starts a formula. That it was
// taken out is in the trail of changes. Errors: fault.Forbidden.
func (s *Service) Export(ctx context.Context, who actor.Actor, m *tenants.Municipality, to io.Writer) (int64, error) {
	if !who.Can(access.ImportBenefits) && !who.Can(access.Administer) {
		return 0, fault.New(fault.Forbidden, "fault.forbidden")
	}
	var rows int64
	w := sheet.NewWriter(to)
	if err := w.Write("run", "benefit_code", "benefit_name", "provider", "granted_on", "amount_clp", "quantity", "unit",
		"category", "subcategory", "kind", "decree", "note"); err != nil {
		return 0, err
	}
	err := m.View(ctx, func(tx *tenants.Tx) error {
		return each(tx, func(g *Grant) error {
			rows++
			return w.Write(g.Holder, g.ItemCode, g.Name, g.Provider, g.On.String(), strconv.FormatInt(g.Amount, 10),
				strconv.FormatInt(g.Quantity, 10), g.Unit, g.Category, g.Subcategory, g.Kind, g.Decree, g.Note)
		})
	})
	if err != nil {
		return rows, err
	}
	if err := w.Flush(); err != nil {
		return rows, err
	}
	return rows, m.Update(ctx, func(tx *tenants.Tx) error {
		return audit.Record(tx, who, audit.Change{Action: "benefit.export", Object: m.ID, Detail: map[string]string{"rows": strconv.FormatInt(rows, 10)}})
	})
}
