package demo

import (
	"context"
	"fmt"

	"gsl/app/kit/calendar"
	"gsl/app/screening"
)

// populate fills the registry with the people of all places.
func (s *Stage) populate(ctx context.Context, places []Place, seed uint64, progress func(string)) (screening.SynthReport, error) {
	opt := screening.SynthOptions{Seed: seed, Today: calendar.On(s.Clock.Now())}
	total := 0
	for _, place := range places {
		opt.Places = append(opt.Places, screening.SynthPlace{Commune: place.Code, Households: place.Households})
		total += place.Households
	}
	step := int64(max(1, total/10))
	next := step
	opt.Progress = func(done int64) {
		if done >= next {
			next = done + step
			progress(fmt.Sprintf("registro social: %d de %d hogares", done, total))
		}
	}
	return screening.NewImporter(s.Files.Registry()).Synthesize(ctx, opt)
}
