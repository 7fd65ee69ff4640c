package layout

import (
	"github.com/a-h/templ"

	"gsl/templates/ui"
)

// NavItem is a page outside the files that the user may open.
type NavItem struct {
	LabelKey string // translation key
	Href     string
	Icon     string
}

// Navigation is the menu of these pages: drawn once, for everybody who may open
// the same ones.
func Navigation(items []NavItem) templ.Component { return ui.NewMould(navigation(items)) }
