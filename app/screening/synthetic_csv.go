package screening

import (
	"encoding/csv"
	"io"
	"strconv"

	"gsl/app/kit/fault"
	"gsl/app/kit/sheet"
)

// WriteSynthetic writes the registry that Synthesize makes as the two files that
// Import reads: RSH, one row per person, and RIS. It is for benchmarks and for
// those who want to see what the files look like. opt.Today has to be given.
func WriteSynthetic(opt SynthOptions, persons, benefits io.Writer) (SynthReport, error) {
	if opt.Today.IsZero() {
		return SynthReport{}, fault.New(fault.Invalid, "sheet.missing")
	}
	makers, err := makersOf(opt)
	if err != nil {
		return SynthReport{}, err
	}
	w := &synthWriter{people: csv.NewWriter(persons), benefits: csv.NewWriter(benefits)}
	w.header()
	for _, m := range makers {
		m.reset()
		for m.made < m.place.Households {
			w.household(m)
		}
	}
	w.people.Flush()
	w.benefits.Flush()
	if err := w.people.Error(); err != nil {
		return w.report, err
	}
	return w.report, w.benefits.Error()
}

type synthWriter struct {
	people, benefits *csv.Writer
	rows             []personRow
	received         []Benefit
	report           SynthReport
}

func (w *synthWriter) header() {
	for columns, to := range map[*[]sheet.Column]*csv.Writer{&personColumns: w.people, &benefitColumns: w.benefits} {
		var names []string
		for _, c := range *columns {
			names = append(names, c.Name)
		}
		_ = to.Write(names) // Flush tells
	}
}

func (w *synthWriter) household(m *maker) {
	w.rows = m.household(w.rows[:0])
	w.received = m.benefits(w.received[:0], w.rows)
	w.report.Households++
	w.report.People += int64(len(w.rows))
	w.report.Benefits += int64(len(w.received))
	for i := range w.rows {
		_ = w.people.Write(w.rows[i].fields())
	}
	for i := range w.received {
		_ = w.benefits.Write(w.received[i].fields())
	}
}

// fields gives a row as the file has it, in the order of personColumns.
func (r *personRow) fields() []string {
	h, p := &r.home, &r.person
	return []string{h.Folio, p.RUN.String(), p.GivenNames, p.Surnames, p.BirthDate.String(), p.Sex, p.Nationality, p.Relationship,
		bit(p.Head), strconv.Itoa(h.Tramo), strconv.FormatInt(p.Income, 10), p.Education, bit(p.Student), p.HealthInsurance, p.Pension,
		p.Occupation, bit(p.Disability), p.Dependency, bit(p.Carer), bit(p.Pregnant), p.Phone, p.Email, h.Address, h.CommuneCode,
		h.DwellingType, h.Tenure, h.Water, strconv.Itoa(h.Rooms), h.DataDate.String()}
}

// fields gives a row as the file has it, in the order of benefitColumns.
func (b *Benefit) fields() []string {
	return []string{b.RUN.String(), b.Code, b.Name, b.Provider, b.On.String(), strconv.FormatInt(b.Amount, 10), strconv.FormatInt(b.Quantity, 10), b.Unit}
}

func bit(set bool) string {
	if set {
		return "1"
	}
	return "0"
}
