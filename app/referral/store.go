package referral

import (
	"encoding/json"
	"time"

	"gsl/app/kit/actor"
	"gsl/app/kit/calendar"
	"gsl/app/kit/fault"
	"gsl/app/people"
	"gsl/tenants"
)

const referralColumns = `r.id, r.file_id, r.year, r.number, r.origin, r.origin_name, r.created_by, r.created_by_name, r.created_at,
	r.unit, r.unit_name, r.kind, r.code, r.name, r.category, r.subcategory, r.provider, r.member, r.member_name, r.fields, r.requirements,
	r.note, r.override_reason, r.source, r.plan_id, r.plan_item_id, r.attention_id, r.protocol_id, r.protocol_version, r.spot_period,
	r.state, r.waiting_for, r.waiting_since, r.documents_due, r.promise, r.due, r.paused_days, r.outcome, r.reason_code, r.reason,
	r.answer_note, r.answered_at, r.answered_by, r.answered_by_name, r.assigned, r.assigned_name, r.external_number, r.external_status,
	r.external_on, r.version, r.changed_at, r.reopened`

type scanner interface{ Scan(dest ...any) error }

func scanReferral(row scanner) (Referral, error) {
	var r Referral
	var fields, requirements string
	err := row.Scan(r.columns(&fields, &requirements)...)
	if err != nil {
		return r, err
	}
	if err := readList(fields, &r.Fields); err != nil {
		return r, err
	}
	return r, readList(requirements, &r.Requirements)
}

// columns are the places of referralColumns.
func (r *Referral) columns(fields, requirements *string) []any {
	return []any{&r.ID, &r.FileID, &r.Year, &r.Number, &r.Origin, &r.OriginName, &r.CreatedBy, &r.CreatedByName, scanTime{&r.CreatedAt},
		&r.Unit, &r.UnitName, &r.Kind, &r.Code, &r.Name, &r.Category, &r.Subcategory, &r.Provider, &r.Member, &r.MemberName, fields, requirements,
		&r.Note, &r.OverrideReason, &r.Source, &r.PlanID, &r.PlanItemID, &r.AttentionID, &r.ProtocolID, &r.ProtocolVersion, &r.SpotPeriod,
		&r.State, &r.WaitingFor, scanTime{&r.WaitingSince}, &r.DocumentsDue, &r.Promise, &r.Due, &r.PausedDays, &r.Outcome, &r.ReasonCode, &r.Reason,
		&r.AnswerNote, scanTime{&r.AnsweredAt}, &r.AnsweredBy, &r.AnsweredByName, &r.Assigned, &r.AssignedName, &r.ExternalNumber, &r.ExternalStatus,
		&r.ExternalOn, &r.Version, scanTime{&r.ChangedAt}, &r.Reopened}
}

// readList reads a JSON list; an empty one costs nothing.
func readList[T any](text string, into *[]T) error {
	if text == "[]" || text == "" {
		return nil
	}
	return json.Unmarshal([]byte(text), into)
}

func writeList[T any](list []T) (string, error) {
	if len(list) == 0 {
		return "[]", nil
	}
	text, err := json.Marshal(list)
	return string(text), err
}

func stamp(t time.Time) string { return t.UTC().Format("2006-01-02T15:04:05.000Z") }

func stampOrNull(t time.Time) any {
	if t.IsZero() {
		return nil
	}
	return stamp(t)
}

// scanTime reads an instant; NULL is the zero time.
type scanTime struct{ to *time.Time }

func (s scanTime) Scan(value any) error {
	text, _ := value.(string)
	return s.ScanText([]byte(text))
}

// ScanText is Scan for text that is only lent.
func (s scanTime) ScanText(text []byte) error {
	if len(text) == 0 {
		*s.to = time.Time{}
		return nil
	}
	t, err := time.Parse(time.RFC3339, string(text))
	*s.to = t.UTC()
	return err
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

// ByID gives a referral; fault.NotFound when this municipality has none of the
// id. Who asks for somebody asks Sees too.
func ByID(tx *tenants.Tx, id string) (Referral, error) {
	r, err := scanReferral(tx.QueryRow(`SELECT `+referralColumns+` FROM referral AS r WHERE r.id = ?`, id))
	if tenants.NotFound(err) {
		return r, fault.New(fault.NotFound, "fault.not_found")
	}
	return r, err
}

// OfFile gives the referrals of a file, newest first.
func OfFile(tx *tenants.Tx, fileID string) ([]Referral, error) {
	rows, err := tx.Query(`SELECT `+referralColumns+` FROM referral AS r WHERE r.file_id = ? ORDER BY r.id DESC`, fileID)
	if err != nil {
		return nil, err
	}
	return collect(rows, scanReferral)
}

// OfPlan gives the referrals made for items of a plan, oldest first.
func OfPlan(tx *tenants.Tx, planID string) ([]Referral, error) {
	rows, err := tx.Query(`SELECT `+referralColumns+` FROM referral AS r WHERE r.plan_id = ? AND r.plan_id <> '' ORDER BY r.id`, planID)
	if err != nil {
		return nil, err
	}
	return collect(rows, scanReferral)
}

// byKey gives the id of the referral that a form already made, "" for none.
func byKey(tx *tenants.Tx, fileID, key string) (id string, err error) {
	if key == "" {
		return "", nil
	}
	err = tx.QueryRow(`SELECT id FROM referral WHERE file_id = ? AND key = ? AND key <> ''`, fileID, key).Scan(&id)
	if tenants.NotFound(err) {
		return "", nil
	}
	return id, err
}

// nextNumber counts the municipality's referrals of a year. There is one writer
// and referrals are never deleted, so the numbers have neither gaps nor doubles.
func nextNumber(tx *tenants.Tx, year int) (n int, err error) {
	err = tx.QueryRow(`SELECT coalesce(max(number), 0) + 1 FROM referral WHERE year = ?`, year).Scan(&n)
	return n, err
}

func insertReferral(tx *tenants.Tx, r *Referral, key string) error {
	fields, err := writeList(r.Fields)
	if err != nil {
		return err
	}
	requirements, err := writeList(r.Requirements)
	if err != nil {
		return err
	}
	_, err = tx.Exec(`INSERT INTO referral (id, file_id, key, year, number, origin, origin_name, created_by, created_by_name, created_at,
		unit, unit_name, kind, code, name, category, subcategory, provider, member, member_name, fields, requirements, note,
		override_reason, source, plan_id, plan_item_id, attention_id, protocol_id, protocol_version, spot_period, state, promise, due,
		assigned, assigned_name, version, changed_at)
		VALUES (?,?,?,?,?,?,?,?,?,?, ?,?,?,?,?,?,?,?,?,?,?,?,?, ?,?,?,?,?,?,?,?,?,?,?, ?,?,?,?)`,
		r.ID, r.FileID, key, r.Year, r.Number, r.Origin, r.OriginName, r.CreatedBy, r.CreatedByName, stamp(r.CreatedAt),
		r.Unit, r.UnitName, string(r.Kind), r.Code, r.Name, r.Category, r.Subcategory, r.Provider, r.Member, r.MemberName, fields, requirements, r.Note,
		r.OverrideReason, string(r.Source), r.PlanID, r.PlanItemID, r.AttentionID, r.ProtocolID, r.ProtocolVersion, r.SpotPeriod, string(r.State), r.Promise, r.Due,
		r.Assigned, r.AssignedName, r.Version, stamp(r.ChangedAt))
	return err
}

// saveProgress writes how a referral stands, and what a resend corrected.
func saveProgress(tx *tenants.Tx, r *Referral) error {
	fields, err := writeList(r.Fields)
	if err != nil {
		return err
	}
	requirements, err := writeList(r.Requirements)
	if err != nil {
		return err
	}
	_, err = tx.Exec(`UPDATE referral SET fields = ?, requirements = ?, member = ?, member_name = ?, note = ?, protocol_id = ?, protocol_version = ?, spot_period = ?, state = ?,
		waiting_for = ?, waiting_since = ?, documents_due = ?, promise = ?, due = ?, paused_days = ?, outcome = ?, reason_code = ?,
		reason = ?, answer_note = ?, answered_at = ?, answered_by = ?, answered_by_name = ?, assigned = ?, assigned_name = ?,
		external_number = ?, external_status = ?, external_on = ?, version = ?, changed_at = ?, reopened = ? WHERE id = ?`,
		fields, requirements, r.Member, r.MemberName, r.Note, r.ProtocolID, r.ProtocolVersion, r.SpotPeriod, string(r.State),
		string(r.WaitingFor), stampOrNull(r.WaitingSince), r.DocumentsDue, r.Promise, r.Due, r.PausedDays, string(r.Outcome), string(r.ReasonCode),
		r.Reason, r.AnswerNote, stampOrNull(r.AnsweredAt), r.AnsweredBy, r.AnsweredByName, r.Assigned, r.AssignedName,
		r.ExternalNumber, r.ExternalStatus, r.ExternalOn, r.Version, stamp(r.ChangedAt), r.Reopened, r.ID)
	return err
}

// addEntry appends a line to the history.
func addEntry(tx *tenants.Tx, who actor.Actor, id string, e Entry) error {
	_, err := tx.Exec(`INSERT INTO referral_history (referral_id, seq, version, verb, was, became, outcome, detail, reason, note, at, user_id, name, role, unit)
		SELECT ?1, coalesce(max(seq), 0) + 1, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ? FROM referral_history WHERE referral_id = ?1`,
		id, e.Version, string(e.Verb), string(e.Was), string(e.Became), string(e.Outcome), e.Detail, e.Reason, e.Note, stamp(tx.Now),
		who.UserID, who.Name, who.Role, who.UnitID)
	return err
}

const entryColumns = `seq, version, verb, was, became, outcome, detail, reason, note, at, user_id, name, role, unit`

func scanEntry(row scanner) (e Entry, err error) {
	err = row.Scan(&e.Seq, &e.Version, &e.Verb, &e.Was, &e.Became, &e.Outcome, &e.Detail, &e.Reason, &e.Note, scanTime{&e.At}, &e.UserID, &e.Name, &e.Role, &e.Unit)
	return e, err
}

// HistoryOf gives a referral's history, oldest first.
func HistoryOf(tx *tenants.Tx, id string) ([]Entry, error) {
	rows, err := tx.Query(`SELECT `+entryColumns+` FROM referral_history WHERE referral_id = ? ORDER BY seq`, id)
	if err != nil {
		return nil, err
	}
	return collect(rows, scanEntry)
}

func lastEntry(tx *tenants.Tx, id string) (Entry, error) {
	return scanEntry(tx.QueryRow(`SELECT `+entryColumns+` FROM referral_history WHERE referral_id = ? ORDER BY seq DESC LIMIT 1`, id))
}

// UnderWayOfFile counts the referrals of the file ?1 that are under way: a list
// after IN would be made into a table on every page of a file.
const UnderWayOfFile = `(SELECT count(*) FROM referral WHERE file_id = ?1 AND state <> 'answered' AND state <> 'closed' AND state <> 'cancelled')`

// running gives the file's newest referral of the item to the unit that has no
// answer yet, nil for none.
func running(tx *tenants.Tx, fileID, code, unit string) (*Referral, error) {
	r, err := scanReferral(tx.QueryRow(`SELECT `+referralColumns+` FROM referral AS r WHERE r.file_id = ? AND r.code = ? AND r.unit = ?
		AND r.state IN ('sent', 'received', 'in-progress', 'waiting', 'returned') ORDER BY r.id DESC LIMIT 1`, fileID, code, unit))
	if tenants.NotFound(err) {
		return nil, nil //nolint:nilnil // that nothing is under way is no error
	}
	return &r, err
}

// overripe lists the referrals of which the clock may ask something: answered
// longer ago than ten working days can be short of, or late with documents.
func overripe(tx *tenants.Tx, today calendar.Date, limit int) ([]string, error) {
	rows, err := tx.Query(`SELECT id FROM referral WHERE state = 'answered' AND answered_at < ?1
		UNION ALL SELECT id FROM referral WHERE state = 'waiting' AND documents_due IS NOT NULL AND documents_due < ?2 LIMIT ?3`,
		stamp(beginning(today.AddDays(-AcknowledgeDays))), today, limit)
	if err != nil {
		return nil, err
	}
	return collect(rows, func(row scanner) (id string, err error) {
		err = row.Scan(&id)
		return id, err
	})
}

// FileOf gives the file that a referral is of; "" when there is none with the id.
func FileOf(tx *tenants.Tx, id string) (string, error) {
	return people.OfFile(tx.QueryRow(`SELECT file_id FROM referral WHERE id = ?`, id))
}
