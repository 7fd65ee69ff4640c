package plan

import (
	"context"
	"maps"

	"gsl/app/catalogue"
	"gsl/app/kit/actor"
	"gsl/app/kit/calendar"
	"gsl/app/kit/fault"
	"gsl/tenants"
)

// Quota is how much of an item the municipality gives in a period: places that
// plans take at checkout and that come back when the item is withdrawn or not
// achieved. The zero Quota is no limit.
type Quota struct {
	Spots  int
	Period string // month, quarter, year
}

// firstDay is the day on which the period began in which the day lies.
func (q Quota) firstDay(day calendar.Date) calendar.Date {
	month := day.Month()
	switch q.Period {
	case "quarter":
		month -= (month - 1) % 3
	case "year":
		month = 1
	}
	first, _ := calendar.NewDate(day.Year(), month, 1) // the first of a month exists
	return first
}

// Spots says of catalogue items what is left of them: of aid what plans have not
// taken, of the rest what protocols leave. It is the hook of the pop-up.
func (s *Service) Spots(ctx context.Context, who actor.Actor, codes []string) (map[string]catalogue.Spots, error) {
	said, err := s.referrals.Spots(ctx, who, codes)
	if err != nil {
		return nil, err
	}
	left, err := s.SpotsLeft(ctx, who, codes)
	if err != nil {
		return nil, err
	}
	if said == nil {
		said = make(map[string]catalogue.Spots, len(left))
	}
	for code, n := range left {
		said[code] = catalogue.Spots{Known: true, Left: n}
	}
	return said, nil
}

// SpotsLeft says of the items of municipal aid that have spots how many are left
// in their period, never below zero. What has none is not in the answer.
func (s *Service) SpotsLeft(ctx context.Context, who actor.Actor, codes []string) (map[string]int, error) {
	quotas, err := s.quotas(ctx, who, codes)
	if err != nil || len(quotas) == 0 {
		return nil, err
	}
	var left map[string]int
	err = who.Municipality.View(ctx, func(tx *tenants.Tx) (err error) {
		left, err = spotsLeft(tx, quotas)
		return err
	})
	return left, err
}

// quotas gives the limits of those codes that have one.
func (s *Service) quotas(ctx context.Context, who actor.Actor, codes []string) (map[string]Quota, error) {
	quotas := map[string]Quota{}
	for _, code := range codes {
		it, err := s.catalogue.Item(ctx, who, code)
		switch {
		case fault.Is(err, fault.NotFound):
		case err != nil:
			return nil, err
		case it.Spots > 0 && it.Kind() != "":
			quotas[code] = Quota{it.Spots, it.SpotsPeriod}
		}
	}
	return quotas, nil
}

// spotsLeft counts what the plans of the period have taken.
func spotsLeft(tx *tenants.Tx, quotas map[string]Quota) (map[string]int, error) {
	if len(quotas) == 0 {
		return map[string]int{}, nil
	}
	since := make(map[string]string, len(quotas))
	for code, quota := range quotas {
		since[code] = quota.firstDay(calendar.On(tx.Now)).String()
	}
	taken, err := spotsTaken(tx, since)
	left := make(map[string]int, len(quotas))
	for code, quota := range quotas {
		left[code] = max(0, quota.Spots-taken[code])
	}
	return left, err
}

// warnOfSpots adds to the lines for which no spot is left what the worker has
// to answer to. Two lines of an item take two spots.
func warnOfSpots(lines []Line, left map[string]int) {
	left = maps.Clone(left)
	for i := range lines {
		n, limited := left[lines[i].Code]
		if !limited {
			continue
		}
		if n <= 0 {
			lines[i].warn(Advice{Kind: NoSpots})
		}
		left[lines[i].Code] = n - 1
	}
}
