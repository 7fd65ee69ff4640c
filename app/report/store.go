package report

import (
	"time"

	"gsl/app/kit/actor"
	"gsl/app/kit/fault"
	"gsl/tenants"
)

// stamp has milliseconds, as the trail of changes has.
func stamp(t time.Time) string { return t.UTC().Format("2006-01-02T15:04:05.000Z") }

func orNull(t time.Time) any {
	if t.IsZero() {
		return nil
	}
	return stamp(t)
}

// orNone keeps what is not there as NULL.
func orNone(id string) any {
	if id == "" {
		return nil
	}
	return id
}

// scanTime reads an instant; NULL is the zero time.
type scanTime struct{ to *time.Time }

// Scan reads the text.
func (s scanTime) Scan(value any) error {
	text, ok := value.(string)
	if !ok || text == "" {
		*s.to = time.Time{}
		return nil
	}
	t, err := time.Parse(time.RFC3339, text)
	*s.to = t.UTC()
	return err
}

const reportColumns = `r.id, r.file_id, r.state, r.version, r.year, r.number, r.plan_id, r.item_id, coalesce(r.previous_id, ''), r.purpose_code, r.purpose, r.due_on,
	r.unit, r.unit_name, r.created_at, r.created_by, r.created_by_name, r.author_id, r.author_name, r.author_profession, r.author_registration,
	r.signed_at, r.sha256, r.code, r.approval_needed, r.head_name, r.head_position, r.approved_at, r.approved_by, r.approved_by_name, r.comment,
	r.issued_at, r.issued_by, r.issued_by_name, r.annulled_at, r.annulled_by, r.annulled_by_name, r.annul_reason`

type scanner interface{ Scan(dest ...any) error }

func scanReport(row scanner) (r Report, err error) {
	return r, row.Scan(r.fields()...)
}

func (r *Report) fields() []any {
	return []any{&r.ID, &r.FileID, &r.State, &r.Version, &r.Year, &r.Number, &r.PlanID, &r.ItemID, &r.PreviousID, &r.PurposeCode, &r.Purpose, &r.DueOn,
		&r.Unit, &r.UnitName, scanTime{&r.CreatedAt}, &r.CreatedBy, &r.CreatedByName,
		&r.Author.ID, &r.Author.Name, &r.Author.Profession, &r.Author.Registration,
		scanTime{&r.Signature.At}, &r.Signature.Digest, &r.Signature.Code,
		&r.Approval.Needed, &r.Approval.HeadName, &r.Approval.HeadPosition, scanTime{&r.Approval.At}, &r.Approval.By, &r.Approval.Name, &r.Approval.Comment,
		scanTime{&r.Issue.At}, &r.Issue.By, &r.Issue.Name,
		scanTime{&r.Annulment.At}, &r.Annulment.By, &r.Annulment.Name, &r.Annulment.Reason}
}

// ByID gives the report; fault.NotFound when this municipality has none.
func ByID(tx *tenants.Tx, id string) (Report, error) {
	r, err := scanReport(tx.QueryRow(`SELECT `+reportColumns+` FROM report r WHERE r.id = ?`, id))
	if tenants.NotFound(err) {
		return r, fault.New(fault.NotFound, "fault.not_found")
	}
	return r, err
}

// OfFile lists the reports of a file, the newest first. The caller has made sure
// that the actor may read them.
func OfFile(tx *tenants.Tx, fileID string) ([]Report, error) {
	rows, err := tx.Query(`SELECT `+reportColumns+` FROM report r WHERE r.file_id = ? ORDER BY r.id DESC`, fileID)
	if err != nil {
		return nil, err
	}
	return collect(rows, scanReport)
}

// OfItem lists the reports that were made for a plan item, the newest first.
func OfItem(tx *tenants.Tx, itemID string) ([]Report, error) {
	rows, err := tx.Query(`SELECT `+reportColumns+` FROM report r WHERE r.item_id = ? AND r.item_id <> '' ORDER BY r.id DESC`, itemID)
	if err != nil {
		return nil, err
	}
	return collect(rows, scanReport)
}

// ofKey gives the report of a file that the form with the key began; ok is false for none.
func ofKey(tx *tenants.Tx, fileID, key string) (r Report, ok bool, err error) {
	r, err = scanReport(tx.QueryRow(`SELECT `+reportColumns+` FROM report r WHERE r.file_id = ? AND r.key = ? AND r.key <> ''`, fileID, key))
	if tenants.NotFound(err) {
		return Report{}, false, nil
	}
	return r, err == nil, err
}

func insertReport(tx *tenants.Tx, r *Report, key string) error {
	_, err := tx.Exec(`INSERT INTO report (id, file_id, key, state, plan_id, item_id, previous_id, purpose_code, purpose, due_on, unit, unit_name, created_at, created_by, created_by_name)
		VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?,?,?)`,
		r.ID, r.FileID, key, r.State, r.PlanID, r.ItemID, orNone(r.PreviousID), r.PurposeCode, r.Purpose, r.DueOn,
		r.Unit, r.UnitName, stamp(r.CreatedAt), r.CreatedBy, r.CreatedByName)
	return err
}

// write stores where a report stands: everything but what it was when it began.
// It is refused, as fault.Conflict, when somebody else moved it meanwhile.
func write(tx *tenants.Tx, r *Report) error {
	done, err := tx.Exec(`UPDATE report SET version = version + 1, state = ?2, year = ?3, number = ?4, purpose_code = ?5, purpose = ?6, due_on = ?7,
		author_id = ?8, author_name = ?9, author_profession = ?10, author_registration = ?11, signed_at = ?12, sha256 = ?13, code = ?14,
		approval_needed = ?15, head_name = ?16, head_position = ?17, approved_at = ?18, approved_by = ?19, approved_by_name = ?20, comment = ?21,
		issued_at = ?22, issued_by = ?23, issued_by_name = ?24, annulled_at = ?25, annulled_by = ?26, annulled_by_name = ?27, annul_reason = ?28
		WHERE id = ?1 AND version = ?29`,
		r.ID, r.State, r.Year, r.Number, r.PurposeCode, r.Purpose, r.DueOn,
		r.Author.ID, r.Author.Name, r.Author.Profession, r.Author.Registration, orNull(r.Signature.At), r.Signature.Digest, r.Signature.Code,
		r.Approval.Needed, r.Approval.HeadName, r.Approval.HeadPosition, orNull(r.Approval.At), r.Approval.By, r.Approval.Name, r.Approval.Comment,
		orNull(r.Issue.At), r.Issue.By, r.Issue.Name, orNull(r.Annulment.At), r.Annulment.By, r.Annulment.Name, r.Annulment.Reason, r.Version)
	if err != nil {
		return err
	}
	if n, err := done.RowsAffected(); err != nil || n == 0 {
		return fault.Wrap(err, fault.Conflict, "report.error.moved")
	}
	r.Version++
	return nil
}

// remember adds a line to the history of a report: it was, and became what it is now.
func remember(tx *tenants.Tx, who actor.Actor, r *Report, was State, note string) error {
	_, err := tx.Exec(`INSERT INTO report_history (report_id, seq, at, user_id, name, role, was, became, note)
		SELECT ?1, coalesce(max(seq), 0) + 1, ?2, ?3, ?4, ?5, ?6, ?7, ?8 FROM report_history WHERE report_id = ?1`,
		r.ID, stamp(tx.Now), who.UserID, who.Name, who.Role, was, r.State, note)
	return err
}

// HistoryOf gives the history of a report, oldest first.
func HistoryOf(tx *tenants.Tx, id string) ([]Entry, error) {
	rows, err := tx.Query(`SELECT at, name, role, was, became, note FROM report_history WHERE report_id = ? ORDER BY seq`, id)
	if err != nil {
		return nil, err
	}
	return collect(rows, func(row scanner) (e Entry, err error) {
		return e, row.Scan(scanTime{&e.At}, &e.By, &e.Role, &e.Was, &e.Became, &e.Note)
	})
}

func collect[T any](rows *tenants.Rows, scan func(scanner) (T, error)) ([]T, error) {
	defer func() { _ = rows.Close() }()
	var list []T
	for rows.Next() {
		one, err := scan(rows)
		if err != nil {
			return nil, err
		}
		list = append(list, one)
	}
	return list, rows.Err()
}

// listed gives the reports of a file with who wrote them last, the newest first.
func listed(tx *tenants.Tx, fileID string) ([]Listed, error) {
	rows, err := tx.Query(`SELECT `+reportColumns+`, p.changed_at, p.changed_by_name FROM report r JOIN report_part p ON p.report_id = r.id
		AND p.part = (SELECT l.part FROM report_part l WHERE l.report_id = r.id ORDER BY l.changed_at DESC, l.part LIMIT 1)
		WHERE r.file_id = ? ORDER BY r.id DESC`, fileID)
	if err != nil {
		return nil, err
	}
	return collect(rows, func(row scanner) (l Listed, err error) {
		return l, row.Scan(append(l.fields(), scanTime{&l.WrittenAt}, &l.WrittenBy)...)
	})
}

// UnderWayOfFile counts the reports of the file ?1 that are neither issued nor annulled: a
// list after IN would be made into a table on every page of a file.
const UnderWayOfFile = `(SELECT count(*) FROM report WHERE file_id = ?1 AND state <> 'issued' AND state <> 'annulled')`
