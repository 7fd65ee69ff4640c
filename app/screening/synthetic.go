package screening

import (
	"context"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"

	"gsl/app/kit/calendar"
	"gsl/app/kit/fault"
	"gsl/app/kit/territory"
	"gsl/tenants"
)

// SynthOptions says which made-up registry to make. The same options give the
// same people, to the last digit.
type SynthOptions struct {
	Seed   uint64
	Places []SynthPlace
	Today  calendar.Date // ages and dates count from here; zero: the registry's clock
	// Progress hears from time to time how many households are in; nil: nobody asks.
	Progress func(households int64)
}

// SynthPlace is a commune and how many households it gets.
type SynthPlace struct {
	Commune    string // CUT code
	Households int
}

// SynthReport counts what the registry holds of it, what was there before too.
type SynthReport struct{ Households, People, Benefits int64 }

// Synthesize fills the registry with people who never were: families with their
// RUNs, addresses, incomes, and the national benefits they would get. It loads
// them as an import does; places that are complete already are passed over, so
// it may be cut short and run again. All places are given in one call: that is
// what keeps their people apart, and what makes it fast.
func (im *Importer) Synthesize(ctx context.Context, opt SynthOptions) (SynthReport, error) {
	if !im.busy.TryLock() {
		return SynthReport{}, fault.New(fault.Conflict, "registry.busy")
	}
	defer im.busy.Unlock()
	s := &session{db: im.db, chunk: im.chunk}
	if opt.Progress != nil {
		s.opt.Progress = func(ImportProgress) { opt.Progress(s.report.Households.New + s.report.Households.Unchanged) }
	}
	if err := s.begin(ctx); err != nil {
		return SynthReport{}, err
	}
	if opt.Today.IsZero() {
		opt.Today = s.today
	}
	makers, err := makersOf(opt)
	if err != nil {
		return SynthReport{}, err
	}
	missing, err := s.missing(ctx, makers)
	if err != nil {
		return SynthReport{}, err
	}
	if err := s.loadPeople(ctx, synthPeople(missing, s.chunk)); err != nil {
		return SynthReport{}, err
	}
	if err := s.loadBenefits(ctx, synthBenefits(makers, s.chunk)); err != nil {
		return SynthReport{}, err
	}
	return s.counted(ctx)
}

// missing gives the makers whose last household is not in the registry yet:
// households go in by their number.
func (s *session) missing(ctx context.Context, makers []*maker) ([]*maker, error) {
	var list []*maker
	err := s.db.View(ctx, func(tx *tenants.Tx) error {
		list = list[:0]
		for _, m := range makers {
			_, err := readHome(tx, m.folio(m.place.Households))
			if err != nil && !tenants.NotFound(err) {
				return err
			}
			if err != nil {
				list = append(list, m)
			}
		}
		return nil
	})
	return list, err
}

func (s *session) counted(ctx context.Context) (report SynthReport, err error) {
	err = s.db.View(ctx, func(tx *tenants.Tx) (err error) {
		report, err = countRegistry(tx)
		return err
	})
	return report, err
}

// synthPeople produces the people of the makers as a file's reader does.
func synthPeople(makers []*maker, chunk int) func(context.Context, *pipe[personRow]) error {
	return func(ctx context.Context, p *pipe[personRow]) error {
		for _, m := range makers {
			m.reset()
			for m.made < m.place.Households {
				b, err := p.take(ctx)
				if err != nil {
					return err
				}
				for m.made < m.place.Households && len(b.rows) < chunk {
					b.rows = m.household(b.rows)
				}
				b.read = int64(len(b.rows))
				sortPeople(b.rows)
				p.send(b)
			}
		}
		return nil
	}
}

// synthBenefits makes the same households once more, for what they receive.
func synthBenefits(makers []*maker, chunk int) func(context.Context, *pipe[Benefit]) error {
	return func(ctx context.Context, p *pipe[Benefit]) error {
		lot := &benefitLot{chunk: chunk}
		var rows []personRow
		for _, m := range makers {
			m.reset()
			for m.made < m.place.Households {
				rows = m.household(rows[:0])
				lot.rows = m.benefits(lot.rows, rows)
				if !lot.full() {
					continue
				}
				if err := lot.send(ctx, p, batch[Benefit]{}); err != nil {
					return err
				}
			}
		}
		return lot.send(ctx, p, batch[Benefit]{})
	}
}

// maker makes the households of one commune, one after the other.
type maker struct {
	opt     SynthOptions
	place   SynthPlace
	streets []string
	part    int  // its share of the RUNs
	dice    dice // for the people
	luck    dice // for what they receive: the people are the same without it
	runs    runMaker
	made    int
}

// makersOf gives a maker for each place, by commune: so folios ascend.
func makersOf(opt SynthOptions) ([]*maker, error) {
	places := slices.Clone(opt.Places)
	slices.SortFunc(places, func(a, b SynthPlace) int { return strings.Compare(a.Commune, b.Commune) })
	var list []*maker
	for i, place := range places {
		if _, ok := territory.ByCode(place.Commune); !ok {
			return nil, fmt.Errorf("screening: no commune %s", place.Commune)
		}
		if i > 0 && places[i-1].Commune == place.Commune {
			return nil, fmt.Errorf("screening: commune %s twice", place.Commune)
		}
		list = append(list, &maker{opt: opt, place: place, streets: streetsOf(place.Commune), part: i})
	}
	return list, nil
}

// reset starts over: the same households again.
func (m *maker) reset() {
	var code uint64
	for _, c := range []byte(m.place.Commune) {
		code = code*10 + uint64(c-'0')
	}
	m.dice = dice{rand.New(rand.NewPCG(m.opt.Seed, code))}   //nolint:gosec // made-up people need no secret
	m.luck = dice{rand.New(rand.NewPCG(m.opt.Seed+1, code))} //nolint:gosec // nor here
	m.runs = runMaker{part: m.part, parts: len(m.opt.Places)}
	m.made = 0
}

// firstMadeUp keeps made-up folios away from those of extracts, which number a
// commune's households from 1: an extract loaded into a demo meets nobody's home.
const firstMadeUp = 5_000_000

// folio of the n-th household, from 1: commune and number, as extracts have it.
func (m *maker) folio(n int) string { return fmt.Sprintf("%s%07d", m.place.Commune, firstMadeUp+n) }

// dice is chance that the seed decides.
type dice struct{ *rand.Rand }

// chance is true in so many of a hundred cases.
func (d dice) chance(percent int) bool { return d.IntN(100) < percent }

// between gives a number from low to high, both included.
func (d dice) between(low, high int) int { return low + d.IntN(high-low+1) }

func (d dice) pick(list []string) string { return list[d.IntN(len(list))] }

// weighted picks by weight.
func (d dice) weighted(list []weight) string {
	total := 0
	for _, w := range list {
		total += w.n
	}
	at := d.IntN(total)
	for _, w := range list {
		if at -= w.n; at < 0 {
			return w.value
		}
	}
	return list[0].value
}

type weight struct {
	value string
	n     int
}
