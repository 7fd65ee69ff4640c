package demo

import (
	"context"
	"fmt"

	"gsl/app/people"
	"gsl/app/screening"
	"gsl/tenants"
)

// Visitor is somebody to look up first: a RUN and what the screen will show.
type Visitor struct {
	RUN  people.RUN
	What string
}

// unregistered is a RUN that no commune of the demo gives to anybody.
const unregistered = 1_234_567

// Visitors picks people of Limache's registry whom nobody has attended yet, each
// with a different household, and somebody whom the registry does not know.
func Visitors(ctx context.Context, registry *tenants.DB) ([]Visitor, error) {
	source := screening.NewEmbedded(registry)
	heads, err := source.Heads(ctx, small[0].Code, small[0].Households)
	if err != nil {
		return nil, err
	}
	var list []Visitor
	for _, kind := range kinds {
		for i := min(len(heads), small[0].Stories); i < len(heads); i++ {
			h, err := source.Household(ctx, heads[i])
			if err != nil {
				return nil, err
			}
			if kind.is(&h) {
				list = append(list, Visitor{heads[i], fmt.Sprintf("%s (personas: %d, tramo %d %%)", kind.what, len(h.Members), h.Tramo)})
				break
			}
		}
	}
	return append(list, Visitor{people.RUNOf(unregistered), "persona que no está en el Registro Social de Hogares"}), nil
}

// kinds of households worth a look.
var kinds = []struct {
	what string
	is   func(*screening.Household) bool
}{
	{"familia con estudiantes", func(h *screening.Household) bool {
		return len(h.Members) >= 5 && h.Tramo == 40 && has(h, func(m screening.Member) bool { return m.Student })
	}},
	{"familia con una persona con dependencia y quien la cuida", func(h *screening.Household) bool {
		return has(h, func(m screening.Member) bool { return m.Dependency != "" }) && has(h, func(m screening.Member) bool { return m.Carer })
	}},
	{"persona que vive sola", func(h *screening.Household) bool { return len(h.Members) == 1 && h.Tramo <= 60 }},
	{"hogar de tramo alto", func(h *screening.Household) bool { return h.Tramo >= 80 && len(h.Members) >= 2 }},
}

func has(h *screening.Household, is func(screening.Member) bool) bool {
	for _, m := range h.Members {
		if is(m) {
			return true
		}
	}
	return false
}
