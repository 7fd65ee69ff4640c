package report

import (
	"context"

	"github.com/a-h/templ"

	"gsl/app/kit/i18n"
	"gsl/templates/ui"
)

// relationships are how people are kin, as the social registry words it.
var relationships = []string{"Jefe/a de hogar", "Cónyuge", "Conviviente", "Hijo/a", "Hijastro/a", "Padre o madre", "Suegro/a", "Hermano/a", "Nieto/a", "Abuelo/a", "Yerno o nuera", "Otro familiar", "No familiar"}

// focused gives the attributes of the element with which the writing goes on
// after a button renewed its part.
func focused(ctx context.Context, p Part, id string) templ.OrderedAttributes {
	if p.Focus != id || id == "" {
		return nil
	}
	return ui.Focus(ctx)
}

// cellKind is what the browser needs for a kind of cell.
func cellKind(ctx context.Context, kind string) templ.Attributes {
	switch kind {
	case "run":
		return templ.Attributes{"data-type": "run"}
	case "date":
		return templ.Attributes{"data-type": "date", "inputmode": "numeric", "placeholder": i18n.T(ctx, "ui.date_example")}
	case "money":
		return templ.Attributes{"data-type": "money", "inputmode": "numeric"}
	case "relationship":
		return templ.Attributes{"list": "relationships"}
	}
	return templ.Attributes{}
}

// emptyHint says what to do where there is no report yet.
func emptyHint(ctx context.Context, v *List) string {
	if v.New == nil {
		return i18n.T(ctx, "report.none_read")
	}
	return i18n.T(ctx, "report.none_todo")
}
