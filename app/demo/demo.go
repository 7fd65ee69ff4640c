package demo

import (
	"context"
	"fmt"
	"time"

	"gsl/app/access"
	"gsl/app/agenda"
	"gsl/app/attention"
	"gsl/app/benefit"
	"gsl/app/casework"
	"gsl/app/catalogue"
	"gsl/app/diagnosis"
	"gsl/app/document"
	"gsl/app/kit/calendar"
	"gsl/app/kit/territory"
	"gsl/app/people"
	"gsl/app/plan"
	"gsl/app/referral"
	"gsl/app/report"
	"gsl/app/screening"
	"gsl/app/settings"
	"gsl/app/trail"
	"gsl/app/visit"
	"gsl/tenants"
)

// Place is a municipality of the demo and how large it is made.
type Place struct {
	Code       string // CUT
	Name       string
	Model      int // management model
	Households int
	Stories    int  // people who came to a desk in the last four months
	Full       bool // one account of each role; else a case manager only
	Visits     int  // attentions of the last twelve months, with what came of them
	Queue      bool // people are called in order
}

// Scale names a size of the demo.
type Scale string

// The scales: three municipalities to try; one as large as the largest commune;
// the whole country.
const (
	Small   Scale = "small"
	Commune Scale = "commune"
	Nation  Scale = "nation"
)

// Seed is the one of the README's RUNs.
const Seed uint64 = 2026

// small is the three municipalities that every scale but commune has.
var small = []Place{
	{Code: "05802", Name: "Limache", Model: 1, Households: 800, Stories: 60, Full: true, Visits: 260, Queue: true},
	{Code: "06304", Name: "Lolol", Model: 2, Households: 300, Stories: 30, Full: true, Visits: 140, Queue: true},
	{Code: "13201", Name: "Puente Alto", Model: 1, Households: 900, Stories: 60, Full: true, Visits: 260},
}

// Places gives the municipalities of a scale, false for a scale that is none.
func Places(scale Scale) ([]Place, bool) {
	switch scale {
	case Small:
		return small, true
	case Commune:
		return []Place{{Code: "13201", Name: "Puente Alto", Model: 1, Households: 200_000, Stories: 2_000, Full: true, Visits: 300}}, true
	case Nation:
		return nation(), true
	}
	return nil, false
}

// nation gives the 345 municipalities and a million households among them.
func nation() []Place {
	all := territory.Municipalities()
	list := append([]Place(nil), small...)
	share := 1_000_000 / len(all)
	for i := range list {
		list[i].Households = share
	}
	for _, m := range all {
		if m.Code != small[0].Code && m.Code != small[1].Code && m.Code != small[2].Code {
			list = append(list, Place{Code: m.Code, Name: m.Name, Model: 1, Households: share, Stories: 4})
		}
	}
	list[0].Households += 1_000_000 - share*len(all)
	return list
}

// Stage is the program that the stories are played on. Its clock is Clock, so
// that four months of work carry the dates on which they would have been done.
type Stage struct {
	Files     *tenants.Files
	Access    *access.Service
	People    *people.Service
	Catalogue *catalogue.Service
	Screening *screening.Service
	Plan      *plan.Service
	Benefit   *benefit.Service
	Referral  *referral.Service
	Letters   *referral.Letters
	Attention *attention.Service
	Casework  *casework.Service
	Visit     *visit.Service
	Agenda    *agenda.Service
	Report    *report.Service
	Signing   *report.Signing
	Settings  *settings.Service
	Trail     *trail.Service
	Diagnosis *diagnosis.Service
	Document  *document.Service
	Clock     *Clock
}

// Report is what was made.
type Report struct {
	Accounts   []Account
	Households int
	People     int
}

// Create makes the demo of the scale on the stage of an empty data directory.
// progress gets a sentence now and then.
func Create(ctx context.Context, stage *Stage, scale Scale, seed uint64, progress func(string)) (Report, error) {
	places, ok := Places(scale)
	if !ok {
		return Report{}, fmt.Errorf("no scale %q: small, commune or nation", scale)
	}
	report := Report{Accounts: Accounts(places)}
	today := stage.Clock.Now()
	if err := stage.provision(ctx, places); err != nil {
		return report, err
	}
	if err := enrol(ctx, stage.Access, append(Accounts(places), colleagues(places)...)); err != nil {
		return report, err
	}
	made, err := stage.populate(ctx, places, seed, progress)
	if err != nil {
		return report, err
	}
	report.Households, report.People = int(made.Households), int(made.People)
	for i, place := range places {
		if len(places) <= len(small) || i%50 == 49 {
			progress(fmt.Sprintf("%s: personas atendidas (%d de %d municipalidades)", place.Name, i+1, len(places)))
		}
		if err := stage.play(ctx, place, seed); err != nil {
			return report, fmt.Errorf("%s: %w", place.Name, err)
		}
		stage.Clock.Set(today)
	}
	return report, nil
}

func (s *Stage) provision(ctx context.Context, places []Place) error {
	for _, place := range places {
		m, ok := territory.MunicipalityOf(place.Code)
		if !ok {
			return fmt.Errorf("no commune %s", place.Code)
		}
		if _, err := s.Files.Provision(ctx, tenants.Identity{Code: m.Code, Name: m.Name, Kind: "municipality",
			Model: place.Model, Communes: m.Communes}); err != nil {
			return fmt.Errorf("%s: %w", place.Name, err)
		}
	}
	return nil
}

// daysOfStories is how far back the work of the demo goes.
const daysOfStories = 120

// openingHour of a day, in Santiago.
func openingHour(day calendar.Date) time.Time {
	t := day.Time()
	return time.Date(t.Year(), t.Month(), t.Day(), 9, 0, 0, 0, calendar.Santiago)
}
