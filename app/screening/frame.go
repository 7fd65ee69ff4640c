package screening

import (
	"context"
	"strconv"

	"gsl/app/kit/actor"
	"gsl/app/kit/i18n"
	"gsl/app/people"
	"gsl/templates/layout"
	"gsl/templates/ui"
	"gsl/tenants"
)

// OnFrame puts the tramo and what the household's snapshot warns of into the
// person's header, on every page of the file. It is people's hook.
func (s *Service) OnFrame(tx *tenants.Tx, _ actor.Actor, f people.File, frame *layout.FileFrame) error {
	m, known := tx.Context().Value(markersKey{}).(markers)
	if !known {
		var err error
		if m, err = markersOf(tx, f.ID); err != nil {
			return err
		}
	}
	frame.Tramo = tramoText(m.tramo)
	frame.Alerts = append(frame.Alerts, alerts(tx.Context(), m)...)
	return nil
}

type markersKey struct{}

// withMarkers spares the frame of the screening itself the reading of the last
// snapshot: the registry has just said the same.
func withMarkers(ctx context.Context, m markers) context.Context {
	return context.WithValue(ctx, markersKey{}, m)
}

// tramoText is a tramo as it is read, "40 %"; "" when unknown.
func tramoText(tramo int) string {
	if tramo == 0 {
		return ""
	}
	return strconv.Itoa(tramo) + "\u00a0%"
}

// alerts are what a desk must know before it says anything: carers have
// preferential attention.
func alerts(ctx context.Context, m markers) []ui.Tag {
	var list []ui.Tag
	if m.carer {
		list = append(list, ui.Tag{Text: i18n.T(ctx, "screening.alert.carer"), Icon: "heart", Kind: ui.Warning})
	}
	if m.dependency != "" {
		list = append(list, ui.Tag{Text: dependencyText(ctx, m.dependency), Icon: "person-wheelchair", Kind: ui.Warning})
	}
	return list
}

// dependencyText is the degree of dependency in words; the degree is the registry's.
func dependencyText(ctx context.Context, degree string) string {
	return i18n.Tf(ctx, "screening.dependency", map[string]any{"Degree": degree})
}
