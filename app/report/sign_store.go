package report

import (
	"time"

	"gsl/app/kit/fault"
	"gsl/tenants"
)

// nextNumber gives the next number of the year. The transaction that asks has the
// file for itself until it commits, and takes the number back when it does not:
// there are no gaps.
func nextNumber(tx *tenants.Tx, year int) (n int, err error) {
	err = tx.QueryRow(`SELECT coalesce(max(number), 0) + 1 FROM report WHERE year = ?`, year).Scan(&n)
	return n, err
}

// signedText is one text that was signed.
type signedText struct {
	ReportID string
	Revision int
	Code     string
	Text     []byte
	Seal     Seal
	At       time.Time
	By       string
}

// keepText keeps what was signed, as the next revision of its report.
func keepText(tx *tenants.Tx, t *signedText) error {
	_, err := tx.Exec(`INSERT INTO report_text (report_id, revision, code, text, sha256, method, value, signed_at, signed_by)
		SELECT ?1, coalesce(max(revision), 0) + 1, ?2, ?3, ?4, ?5, ?6, ?7, ?8 FROM report_text WHERE report_id = ?1`,
		t.ReportID, t.Code, string(t.Text), t.Seal.Digest, t.Seal.Method, t.Seal.Value, stamp(t.At), t.By)
	return err
}

const textColumns = `report_id, revision, code, text, sha256, method, value, signed_at, signed_by`

func scanText(row scanner) (t signedText, err error) {
	var words string
	err = row.Scan(&t.ReportID, &t.Revision, &t.Code, &words, &t.Seal.Digest, &t.Seal.Method, &t.Seal.Value, scanTime{&t.At}, &t.By)
	t.Text = []byte(words)
	if tenants.NotFound(err) {
		err = fault.New(fault.NotFound, "fault.not_found")
	}
	return t, err
}

// lastText gives what was signed last of a report.
func lastText(tx *tenants.Tx, id string) (signedText, error) {
	return scanText(tx.QueryRow(`SELECT `+textColumns+` FROM report_text WHERE report_id = ? ORDER BY revision DESC LIMIT 1`, id))
}

// textOf gives what was signed with a code.
func textOf(tx *tenants.Tx, code string) (signedText, error) {
	return scanText(tx.QueryRow(`SELECT `+textColumns+` FROM report_text WHERE code = ?`, code))
}

// lastAuthor gives the profession and registration that somebody last signed with.
func lastAuthor(tx *tenants.Tx, userID string) (profession, registration string, err error) {
	err = tx.QueryRow(`SELECT author_profession, author_registration FROM report WHERE author_id = ? AND author_id <> '' ORDER BY signed_at DESC LIMIT 1`, userID).
		Scan(&profession, &registration)
	if tenants.NotFound(err) {
		err = nil
	}
	return profession, registration, err
}

// Replacement is a version that takes the place of another report.
type Replacement struct {
	ReportID, PreviousID string
	Reason               string
	At                   time.Time
	By, Name             string // id and name
}

func insertReplacement(tx *tenants.Tx, r *Replacement) error {
	_, err := tx.Exec(`INSERT INTO report_replacement (report_id, previous_id, reason, at, by_id, by_name) VALUES (?,?,?,?,?,?)`,
		r.ReportID, r.PreviousID, r.Reason, stamp(r.At), r.By, r.Name)
	return err
}

func scanReplacement(row scanner) (r Replacement, err error) {
	return r, row.Scan(&r.ReportID, &r.PreviousID, &r.Reason, scanTime{&r.At}, &r.By, &r.Name)
}

// replacing gives why a report takes the place of another; ok is false for one that does not.
func replacing(tx *tenants.Tx, id string) (r Replacement, ok bool, err error) {
	r, err = scanReplacement(tx.QueryRow(`SELECT report_id, previous_id, reason, at, by_id, by_name FROM report_replacement WHERE report_id = ?`, id))
	if tenants.NotFound(err) {
		return r, false, nil
	}
	return r, err == nil, err
}

// successor gives the newest version of a report that is not annulled; ok is false for none.
func successor(tx *tenants.Tx, id string) (r Report, ok bool, err error) {
	r, err = scanReport(tx.QueryRow(`SELECT `+reportColumns+` FROM report_replacement AS v JOIN report AS r ON r.id = v.report_id
		WHERE v.previous_id = ? AND r.state <> 'annulled' ORDER BY r.id DESC LIMIT 1`, id))
	if tenants.NotFound(err) {
		return Report{}, false, nil
	}
	return r, err == nil, err
}

// waitingOf lists the signed reports of a unit that wait for its head, the longest first.
func waitingOf(tx *tenants.Tx, unit string, limit int) ([]Report, error) {
	rows, err := tx.Query(`SELECT `+reportColumns+` FROM report AS r
		WHERE r.unit = ? AND r.state = 'signed' AND r.approval_needed = 1 ORDER BY r.signed_at, r.id LIMIT ?`, unit, limit)
	if err != nil {
		return nil, err
	}
	return collect(rows, scanReport)
}

func countWaitingOf(tx *tenants.Tx, unit string) (n int, err error) {
	err = tx.QueryRow(`SELECT count(*) FROM report WHERE unit = ? AND state = 'signed' AND approval_needed = 1`, unit).Scan(&n)
	return n, err
}

// The settings of approval.
const (
	ApprovalKey     = "report_approval"
	HeadNameKey     = "report_head_name"
	HeadPositionKey = "report_head_position"
)

// ApprovalOf gives what the municipality says of approval.
func ApprovalOf(tx *tenants.Tx) (ApprovalRule, error) {
	rule := DefaultApproval
	rows, err := tx.Query(`SELECT key, value FROM setting WHERE key IN (?, ?, ?)`, ApprovalKey, HeadNameKey, HeadPositionKey)
	if err != nil {
		return rule, err
	}
	defer func() { _ = rows.Close() }()
	for rows.Next() {
		var key, value string
		if err := rows.Scan(&key, &value); err != nil {
			return rule, err
		}
		switch key {
		case ApprovalKey:
			rule.Needed = value == "on"
		case HeadNameKey:
			rule.HeadName = value
		case HeadPositionKey:
			rule.HeadPosition = value
		}
	}
	return rule, rows.Err()
}
