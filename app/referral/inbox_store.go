package referral

import (
	"encoding/json"

	"gsl/app/kit/calendar"
	"gsl/tenants"
)

const rowColumns = `SELECT r.id, f.given_names, f.surnames, r.year, r.number, r.origin, r.origin_name, r.created_by_name, r.created_at,
	r.unit_name, r.name, r.member_name, r.state, r.waiting_for, r.waiting_since, r.documents_due, r.due, r.outcome, r.answered_at, r.assigned_name, r.changed_at
	FROM referral AS r JOIN file AS f ON f.id = r.file_id `

// What the boxes hold. ?1 is the unit or the desk, ?2 the item (” any), ?3 who
// handles it (a JSON list, '[]' anybody), ?4 and ?5 the window of due days, ?6
// and ?7 where the page before ended, ?8 how many.
const (
	inNew      = `WHERE r.unit = ?1 AND r.state = 'sent' `
	inProgress = `WHERE r.unit = ?1 AND r.state IN ('received', 'in-progress') `
	inRunning  = `WHERE r.unit = ?1 AND r.state IN ('sent', 'received', 'in-progress') `
	inWaiting  = `WHERE r.unit = ?1 AND r.state = 'waiting' `
	inAnswered = `WHERE r.unit = ?1 AND r.state IN ('answered', 'closed') `
	inReturned = `WHERE r.unit = ?1 AND r.state = 'returned' `

	outOpen     = `WHERE r.origin = ?1 AND r.unit <> ?1 AND r.state IN ('sent', 'received', 'in-progress', 'waiting') `
	outAnswered = `WHERE r.origin = ?1 AND r.unit <> ?1 AND r.state = 'answered' `
	outReturned = `WHERE r.origin = ?1 AND r.state = 'returned' `
	outOver     = `WHERE r.origin = ?1 AND r.unit <> ?1 AND r.state IN ('closed', 'cancelled') `

	filtered   = `AND (?2 = '' OR r.code = ?2) AND (?3 = '[]' OR r.assigned IN (SELECT value FROM json_each(?3))) `
	byDue      = filtered + `AND r.due BETWEEN ?4 AND ?5 AND (r.due, r.id) > (?6, ?7) ORDER BY r.due, r.id LIMIT ?8`
	byAnswered = filtered + `AND r.due BETWEEN ?4 AND ?5 AND (r.answered_at, r.id) < (?6, ?7) ORDER BY r.answered_at DESC, r.id DESC LIMIT ?8`
	byChange   = filtered + `AND r.due BETWEEN ?4 AND ?5 AND (r.changed_at, r.id) < (?6, ?7) ORDER BY r.changed_at DESC, r.id DESC LIMIT ?8`
)

// rowsOf reads one page of a box.
func rowsOf(tx *tenants.Tx, place string, q Query, assigned []string, today calendar.Date, limit int) ([]Row, error) {
	list, err := jsonList(assigned)
	if err != nil {
		return nil, err
	}
	from, to := q.window(today)
	key, id := q.cursor()
	if q.Box == BoxOverdue {
		to = min(to, today.AddDays(-1).String())
	}
	if key == "" && !q.Box.byDue() {
		key = "9999"
	}
	rows, err := queryBox(tx, q.Box, place, q.Item, list, from, to, key, id, limit)
	if err != nil {
		return nil, err
	}
	defer func() { _ = rows.Close() }()
	reader, page := newRowReader(), make([]Row, 0, limit) // the rows are large: no place is made twice
	for rows.Next() {
		if err := reader.read(rows); err != nil {
			return nil, err
		}
		page = append(page, reader.row)
	}
	return page, rows.Err()
}

// queryBox runs the query of a box.
func queryBox(tx *tenants.Tx, b Box, args ...any) (*tenants.Rows, error) {
	switch b {
	case BoxNew:
		return tx.Query(rowColumns+inNew+byDue, args...)
	case BoxProgress:
		return tx.Query(rowColumns+inProgress+byDue, args...)
	case BoxOverdue:
		return tx.Query(rowColumns+inRunning+byDue, args...)
	case BoxWaiting:
		return tx.Query(rowColumns+inWaiting+byDue, args...)
	case BoxAnswered:
		return tx.Query(rowColumns+inAnswered+byAnswered, args...)
	case BoxReturned:
		return tx.Query(rowColumns+inReturned+byChange, args...)
	case OutAnswered:
		return tx.Query(rowColumns+outAnswered+byAnswered, args...)
	case OutReturned:
		return tx.Query(rowColumns+outReturned+byChange, args...)
	case OutOver:
		return tx.Query(rowColumns+outOver+byChange, args...)
	}
	return tx.Query(rowColumns+outOpen+byDue, args...)
}

// rowReader reads the rows of a page, each into the same place; what stands in
// many of them (units, items, colleagues) is kept once.
type rowReader struct {
	row             Row
	given, surnames lent
	known           map[string]string
	into            []any
}

func newRowReader() *rowReader {
	p := rowReader{known: make(map[string]string, 32)}
	r := &p.row
	p.into = []any{&r.ID, &p.given, &p.surnames, &r.Year, &r.Number, p.word(&r.Origin), p.word(&r.OriginName), p.word(&r.CreatedByName), scanTime{&r.CreatedAt},
		p.word(&r.UnitName), p.word(&r.Name), &r.MemberName, p.word((*string)(&r.State)), p.word((*string)(&r.WaitingFor)), scanTime{&r.WaitingSince}, &r.DocumentsDue,
		&r.Due, p.word((*string)(&r.Outcome)), scanTime{&r.AnsweredAt}, p.word(&r.AssignedName), scanTime{&r.ChangedAt}}
	return &p
}

func (p *rowReader) read(row scanner) error {
	err := row.Scan(p.into...)
	if len(p.given) > 0 && len(p.surnames) > 0 {
		p.given = append(p.given, ' ')
	}
	p.row.Person = string(append(p.given, p.surnames...)) // people.JoinName, in one piece
	return err
}

func (p *rowReader) word(to *string) *word { return &word{to: to, known: p.known} }

// lent reads a text that is needed until the next row.
type lent []byte

// Scan reads what is no text.
func (l *lent) Scan(value any) error {
	text, _ := value.(string)
	return l.ScanText([]byte(text))
}

// ScanText is Scan for text that is only lent.
func (l *lent) ScanText(text []byte) error {
	*l = append((*l)[:0], text...)
	return nil
}

// word reads a text that many rows have.
type word struct {
	to    *string
	known map[string]string
}

// Scan reads what is no text.
func (w *word) Scan(value any) error {
	text, _ := value.(string)
	*w.to = text
	return nil
}

// ScanText is Scan for text that is only lent.
func (w *word) ScanText(text []byte) error {
	kept, ok := w.known[string(text)]
	if !ok {
		kept = string(text)
		w.known[kept] = kept
	}
	*w.to = kept
	return nil
}

// countBoxes counts what a unit and a desk have to do, from the indices alone.
func countBoxes(tx *tenants.Tx, unit, desk string, today calendar.Date) (c Counts, err error) {
	err = tx.QueryRow(`SELECT
		(SELECT count(*) FROM referral AS r `+inNew+`), (SELECT count(*) FROM referral AS r `+inProgress+`),
		(SELECT count(*) FROM referral AS r `+inRunning+` AND r.due < ?3), (SELECT count(*) FROM referral AS r `+inWaiting+`),
		(SELECT count(*) FROM referral AS r `+inReturned+`),
		(SELECT count(*) FROM referral AS r WHERE r.origin = ?2 AND r.unit <> ?2 AND r.state IN ('sent', 'received', 'in-progress', 'waiting')),
		(SELECT count(*) FROM referral AS r WHERE r.origin = ?2 AND r.unit <> ?2 AND r.state = 'answered'),
		(SELECT count(*) FROM referral AS r WHERE r.origin = ?2 AND r.state = 'returned')`, unit, desk, today).
		Scan(&c.New, &c.InProgress, &c.Overdue, &c.Waiting, &c.Back, &c.Sent, &c.Replies, &c.Returned)
	return c, err
}

// answersOf lists what others answered since an instant of what a user sent, the
// latest first.
func answersOf(tx *tenants.Tx, user, since string, limit int) ([]Referral, error) {
	rows, err := tx.Query(`SELECT `+referralColumns+` FROM referral AS r
		WHERE r.created_by = ?1 AND r.answered_by <> ?1 AND r.answered_at IS NOT NULL AND r.answered_at >= ?2
		ORDER BY r.answered_at DESC, r.id DESC LIMIT ?3`, user, since, limit)
	if err != nil {
		return nil, err
	}
	return collect(rows, scanReferral)
}

// answersTo is answersOf for everybody of a desk.
func answersTo(tx *tenants.Tx, desk, since string, limit int) ([]Referral, error) {
	rows, err := tx.Query(`SELECT `+referralColumns+` FROM referral AS r
		WHERE r.origin = ?1 AND r.unit <> ?1 AND r.state = 'answered' AND r.answered_at >= ?2 ORDER BY r.answered_at DESC, r.id DESC LIMIT ?3`, desk, since, limit)
	if err != nil {
		return nil, err
	}
	return collect(rows, scanReferral)
}

// jsonList writes a list as the one parameter in which a constant text of SQL takes it.
func jsonList(ids []string) (string, error) {
	if len(ids) == 0 {
		return "[]", nil
	}
	text, err := json.Marshal(ids)
	return string(text), err
}
