package screening

import (
	"gsl/app/kit/calendar"
	"gsl/tenants"
)

// appendRows is how many rows one statement adds when a table is filled: to
// start a statement and to walk down the table costs as much as a row.
const appendRows = 16

const (
	insertHome = `INSERT INTO household (folio, tramo, address, commune_code, dwelling_type, tenure, water, rooms, data_date, head_run) VALUES `
	homeRow    = `(?,?,?,?,?,?,?,?,?,?)`
	homeWidth  = 10
	homeRows4  = homeRow + `,` + homeRow + `,` + homeRow + `,` + homeRow
	homeRows16 = homeRows4 + `,` + homeRows4 + `,` + homeRows4 + `,` + homeRows4

	insertMember = `INSERT INTO member (folio, run, given_names, surnames, birth_date, sex, nationality, relationship, head, income,
		education, student, health_insurance, pension, occupation, disability, dependency, carer, pregnant, phone, email) VALUES `
	memberRow    = `(?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?)`
	memberWidth  = 21
	memberRows4  = memberRow + `,` + memberRow + `,` + memberRow + `,` + memberRow
	memberRows16 = memberRows4 + `,` + memberRows4 + `,` + memberRows4 + `,` + memberRows4

	// FAIL, because its error undoes the transaction: else SQLite would keep the
	// pages that a statement of many rows touches, to undo that statement alone.
	insertBenefit = `INSERT OR FAIL INTO benefit (run, granted_on, code, amount, name, provider, quantity, unit) VALUES `
	benefitRow    = `(?,?,?,?,?,?,?,?)`
	benefitWidth  = 8
	benefitRows4  = benefitRow + `,` + benefitRow + `,` + benefitRow + `,` + benefitRow
	benefitRows16 = benefitRows4 + `,` + benefitRows4 + `,` + benefitRows4 + `,` + benefitRows4
)

// homeAppender adds households that are certainly new. What it holds back is
// written by flush.
type homeAppender struct{ args []any }

func (a *homeAppender) add(tx *tenants.Tx, h *home) error {
	a.args = append(a.args, h.Folio, h.Tramo, h.Address, h.CommuneCode, h.DwellingType, h.Tenure, h.Water, h.Rooms, h.DataDate.String(), int64(h.Head.Body()))
	if len(a.args) < appendRows*homeWidth {
		return nil
	}
	_, err := tx.Exec(insertHome+homeRows16, a.args...)
	a.args = a.args[:0]
	return err
}

func (a *homeAppender) flush(tx *tenants.Tx) error {
	for at := 0; at < len(a.args); at += homeWidth {
		if _, err := tx.Exec(insertHome+homeRow, a.args[at:at+homeWidth]...); err != nil {
			return err
		}
	}
	a.args = a.args[:0]
	return nil
}

// memberAppender adds people who certainly live nowhere yet.
type memberAppender struct{ args []any }

func (a *memberAppender) add(tx *tenants.Tx, folio string, m *Member) error {
	a.args = append(a.args, folio, int64(m.RUN.Body()), m.GivenNames, m.Surnames, m.BirthDate.String(), m.Sex, m.Nationality, m.Relationship,
		m.Head, m.Income, m.Education, m.Student, m.HealthInsurance, m.Pension, m.Occupation, m.Disability, m.Dependency, m.Carer, m.Pregnant,
		m.Phone, m.Email)
	if len(a.args) < appendRows*memberWidth {
		return nil
	}
	_, err := tx.Exec(insertMember+memberRows16, a.args...)
	a.args = a.args[:0]
	return err
}

func (a *memberAppender) flush(tx *tenants.Tx) error {
	for at := 0; at < len(a.args); at += memberWidth {
		if _, err := tx.Exec(insertMember+memberRow, a.args[at:at+memberWidth]...); err != nil {
			return err
		}
	}
	a.args = a.args[:0]
	return nil
}

// benefitAppender adds benefits; those that are there already stay as they are.
// It holds pointers into the rows it was given, so that a row takes no memory.
type benefitAppender struct {
	args  []any
	runs  [appendRows]int64
	days  map[calendar.Date]*string // a file of years has some thousand
	added int64
}

func (a *benefitAppender) add(tx *tenants.Tx, b *Benefit) error {
	run := &a.runs[len(a.args)/benefitWidth]
	*run = int64(b.RUN.Body())
	a.args = append(a.args, run, a.day(b.On), &b.Code, &b.Amount, &b.Name, &b.Provider, &b.Quantity, &b.Unit)
	if len(a.args) < appendRows*benefitWidth {
		return nil
	}
	result, err := tx.Exec(insertBenefit+benefitRows16+` ON CONFLICT DO NOTHING`, a.args...)
	a.args = a.args[:0]
	return a.count(result, err)
}

// mostDays bounds the texts of dates that are kept.
const mostDays = 20_000

func (a *benefitAppender) day(d calendar.Date) *string {
	if text, ok := a.days[d]; ok {
		return text
	}
	if a.days == nil || len(a.days) >= mostDays {
		a.days = map[calendar.Date]*string{}
	}
	text := d.String()
	a.days[d] = &text
	return &text
}

func (a *benefitAppender) count(result tenants.Result, err error) error {
	if err != nil {
		return err
	}
	n, err := result.RowsAffected()
	a.added += n
	return err
}

// flush writes what is held back and says how many were new since the last one.
func (a *benefitAppender) flush(tx *tenants.Tx) (added int64, err error) {
	for at := 0; at < len(a.args); at += benefitWidth {
		result, err := tx.Exec(insertBenefit+benefitRow+` ON CONFLICT DO NOTHING`, a.args[at:at+benefitWidth]...)
		if err := a.count(result, err); err != nil {
			return 0, err
		}
	}
	added, a.args, a.added = a.added, a.args[:0], 0
	return added, nil
}
