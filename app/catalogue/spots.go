package catalogue

import (
	"gsl/app/kit/i18n"
	views "gsl/templates/catalogue"
	"gsl/templates/ui"
)

// Spots is what an agreement about an item leaves to be given in its period.
type Spots struct {
	Left    int
	Known   bool // the number of spots is limited
	Expired bool // the agreement is over: referring asks for a reason
}

// codesOf are the codes of the cards that an answer shows.
func codesOf(v *views.View) []string {
	var codes []string
	for _, g := range v.Groups {
		for i := range g.Cards {
			codes = append(codes, g.Cards[i].Code)
		}
	}
	return codes
}

// tellSpots puts on each card how many spots are left, or that the agreement is over.
func (s *shelf) tellSpots(v *views.View, left map[string]Spots) {
	for _, g := range v.Groups {
		for i := range g.Cards {
			if spots, ok := left[g.Cards[i].Code]; ok {
				g.Cards[i].Spots = s.spotsTag(spots)
			}
		}
	}
}

func (w *words) spotsTag(spots Spots) ui.Tag {
	switch {
	case spots.Expired:
		return ui.Tag{Text: w.t("catalogue.protocol_expired"), Kind: ui.Danger, Icon: "calendar-x"}
	case !spots.Known:
		return ui.Tag{}
	case spots.Left == 0:
		return ui.Tag{Text: w.t("catalogue.left.none"), Kind: ui.Danger, Icon: "exclamation-circle"}
	}
	return ui.Tag{Text: i18n.Tf(w.ctx, "catalogue.left", map[string]any{"Count": spots.Left}), Kind: ui.Info, Icon: "ticket-perforated"}
}

// tellExplained lets the desk mark what it explained to the person.
func (s *shelf) tellExplained(v *views.View, explained map[string]bool) {
	v.Explain = &views.Explain{Action: "/files/" + s.fileID + "/explained", Back: s.path(v.Category, v.Subcategory), Finish: "/files/" + s.fileID + "/finish"}
	for _, g := range v.Groups {
		for i := range g.Cards {
			g.Cards[i].Explained = explained[g.Cards[i].Code]
		}
	}
}
