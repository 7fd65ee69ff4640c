package diagnosis

import (
	"encoding/json"
	"slices"
	"time"

	"gsl/app/kit/actor"
	"gsl/app/kit/fault"
	"gsl/tenants"
)

// stamp has milliseconds, as the trail of changes has.
func stamp(t time.Time) string { return t.UTC().Format("2006-01-02T15:04:05.000Z") }

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

// scanJSON reads what was kept as JSON; "" leaves it as it is.
type scanJSON struct{ to any }

// Scan reads the text.
func (s scanJSON) Scan(value any) error {
	text, ok := value.(string)
	if !ok || text == "" {
		return nil
	}
	return json.Unmarshal([]byte(text), s.to)
}

func jsonList(ids []string) (string, error) {
	text, err := json.Marshal(ids)
	return string(text), err
}

type scanner interface{ Scan(dest ...any) error }

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

const diagnosisColumns = `id, file_id, state, started_at, started_by_name, done_at, done_by, done_by_name, unit_name, risk, verdict, marks, ecomap`

func scanDiagnosis(row scanner) (d Diagnosis, err error) {
	return d, row.Scan(&d.ID, &d.FileID, &d.State, scanTime{&d.StartedAt}, &d.StartedBy, scanTime{&d.DoneAt}, &d.DoneByID, &d.DoneBy, &d.Unit,
		&d.Risk, scanJSON{&d.Verdict}, scanJSON{&d.Marks}, scanJSON{&d.Ties})
}

// load gives a diagnosis with its parts; fault.NotFound when this municipality
// has none of the id. What was discarded is not there any more.
func load(tx *tenants.Tx, id string) (Diagnosis, error) {
	d, err := scanDiagnosis(tx.QueryRow(`SELECT `+diagnosisColumns+` FROM diagnosis WHERE id = ? AND state <> 'discarded'`, id))
	if tenants.NotFound(err) {
		return d, fault.New(fault.NotFound, "fault.not_found")
	}
	if err != nil {
		return d, err
	}
	return d, fill(tx, &d)
}

// fill reads the parts of a diagnosis, in the order of the screen.
func fill(tx *tenants.Tx, d *Diagnosis) error {
	rows, err := tx.Query(`SELECT dimension, level, situation, note, known, changed_at, changed_by_name, page FROM diagnosis_part WHERE diagnosis_id = ?`, d.ID)
	if err != nil {
		return err
	}
	d.Parts, err = collect(rows, func(row scanner) (p Part, err error) {
		return p, row.Scan(&p.Dimension, &p.Level, &p.Situation, &p.Note, &p.Known, scanTime{&p.ChangedAt}, &p.ChangedBy, &p.page)
	})
	order := append(Dimensions(), Whole)
	slices.SortFunc(d.Parts, func(a, b Part) int { return slices.Index(order, a.Dimension) - slices.Index(order, b.Dimension) })
	return err
}

// draftOf gives the draft of a file; ok is false for none.
func draftOf(tx *tenants.Tx, fileID string) (d Diagnosis, ok bool, err error) {
	d, err = scanDiagnosis(tx.QueryRow(`SELECT `+diagnosisColumns+` FROM diagnosis WHERE file_id = ? AND state = 'draft'`, fileID))
	if tenants.NotFound(err) {
		return Diagnosis{}, false, nil
	}
	if err != nil {
		return d, false, err
	}
	return d, true, fill(tx, &d)
}

// doneOf gives the newest finished diagnoses of a file, the newest first.
func doneOf(tx *tenants.Tx, fileID string, limit int) ([]Diagnosis, error) {
	rows, err := tx.Query(`SELECT `+diagnosisColumns+` FROM diagnosis WHERE file_id = ? AND state = 'done' ORDER BY done_at DESC, id DESC LIMIT ?`, fileID, limit)
	if err != nil {
		return nil, err
	}
	list, err := collect(rows, scanDiagnosis)
	for i := range list {
		if err == nil {
			err = fill(tx, &list[i])
		}
	}
	return list, err
}

// RiskOfFile is the risk of the last finished diagnosis of the file ?1: 1 high, 2 critical, else 0.
const RiskOfFile = `(CASE (SELECT risk FROM diagnosis WHERE file_id = ?1 AND state = 'done' ORDER BY done_at DESC LIMIT 1)
	WHEN 'high' THEN 1 WHEN 'critical' THEN 2 ELSE 0 END)`

// insertDraft begins a draft, each dimension with what is known of it.
func insertDraft(tx *tenants.Tx, who actor.Actor, fileID string, known map[Dimension]string) (id string, err error) {
	id = tx.NewID()
	if _, err = tx.Exec(`INSERT INTO diagnosis (id, file_id, started_at, started_by, started_by_name) VALUES (?,?,?,?,?)`,
		id, fileID, stamp(tx.Now), who.UserID, who.Name); err != nil {
		return "", err
	}
	for _, of := range append(Dimensions(), Whole) {
		if _, err = tx.Exec(`INSERT INTO diagnosis_part (diagnosis_id, dimension, situation, known, changed_at, changed_by_name) VALUES (?1,?2,?3,?3,?4,?5)`,
			id, of, known[of], stamp(tx.Now), who.Name); err != nil {
			return "", err
		}
	}
	return id, nil
}

// writePart keeps what was typed of one dimension.
func writePart(tx *tenants.Tx, who actor.Actor, id string, p *Part) error {
	_, err := tx.Exec(`UPDATE diagnosis_part SET level = ?, situation = ?, note = ?, changed_at = ?, changed_by_name = ?, page = ?
		WHERE diagnosis_id = ? AND dimension = ?`, p.Level, p.Situation, p.Note, stamp(tx.Now), who.Name, p.page, id, p.Dimension)
	return err
}

// finish ends a draft: with all that explains it later, or discarded.
func finish(tx *tenants.Tx, who actor.Actor, d *Diagnosis) error {
	texts := make([]string, 3)
	for i, value := range []any{d.Verdict, d.Marks, d.Ties} {
		text, err := json.Marshal(value)
		if err != nil {
			return err
		}
		texts[i] = string(text)
	}
	_, err := tx.Exec(`UPDATE diagnosis SET state = ?, done_at = ?, done_by = ?, done_by_name = ?, unit_name = ?, risk = ?, verdict = ?, marks = ?, ecomap = ?
		WHERE id = ? AND state = 'draft'`, d.State, stamp(tx.Now), who.UserID, who.Name, who.UnitName, d.Risk, texts[0], texts[1], texts[2], d.ID)
	return err
}

// rulesOf gives the municipality's rules in their order.
func rulesOf(tx *tenants.Tx) ([]Rule, error) {
	rows, err := tx.Query(`SELECT position, risk, level, at_least, dimensions, mark FROM risk_rule ORDER BY position`)
	if err != nil {
		return nil, err
	}
	return collect(rows, func(row scanner) (r Rule, err error) {
		return r, row.Scan(&r.Position, &r.Risk, &r.Level, &r.AtLeast, scanJSON{&r.Dimensions}, &r.Mark)
	})
}
