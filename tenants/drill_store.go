package tenants

import (
	"context"
	"time"
)

// Safekeeping is how a file is kept safe: what the last drill and the last copy
// of the second line came to.
type Safekeeping struct {
	File           string
	MunicipalityID string
	DrillAt        time.Time // zero: never yet
	DrillGoodAt    time.Time // the last one that went well
	DrillErr       string
	DrillTook      time.Duration
	CopyAt         time.Time
	CopyGoodAt     time.Time
	CopyErr        string
	CopyBytes      int64
}

// Safekeeping gives it for every file, by name.
func (f *Files) Safekeeping(ctx context.Context) (map[string]Safekeeping, error) {
	all := map[string]Safekeeping{}
	err := f.national.View(ctx, func(tx *Tx) error {
		rows, err := tx.Query(`SELECT file, municipality_id, drill_at, drill_good_at, drill_error, drill_ms,
			copy_at, copy_good_at, copy_error, copy_bytes FROM safekeeping`)
		if err != nil {
			return err
		}
		defer func() { _ = rows.Close() }()
		for rows.Next() {
			s, err := scanSafekeeping(rows)
			if err != nil {
				return err
			}
			all[s.File] = s
		}
		return rows.Err()
	})
	return all, err
}

func scanSafekeeping(rows *Rows) (s Safekeeping, err error) {
	var drill, drillGood, copied, copyGood string
	var took int64
	err = rows.Scan(&s.File, &s.MunicipalityID, &drill, &drillGood, &s.DrillErr, &took, &copied, &copyGood, &s.CopyErr, &s.CopyBytes)
	s.DrillAt, s.DrillGoodAt, s.CopyAt, s.CopyGoodAt = parseTime(drill), parseTime(drillGood), parseTime(copied), parseTime(copyGood)
	s.DrillTook = time.Duration(took) * time.Millisecond
	return s, err
}

func (f *Files) keepDrill(ctx context.Context, d Drill) error {
	at, why := formatTime(d.At), said(d.Err)
	return f.national.Update(ctx, func(tx *Tx) error {
		_, err := tx.Exec(`INSERT INTO safekeeping (file, municipality_id, drill_at, drill_good_at, drill_error, drill_ms)
			VALUES (?1, ?2, ?3, CASE WHEN ?4 = '' THEN ?3 ELSE '' END, ?4, ?5)
			ON CONFLICT (file) DO UPDATE SET drill_at = ?3, drill_error = ?4, drill_ms = ?5,
				drill_good_at = CASE WHEN ?4 = '' THEN ?3 ELSE drill_good_at END`,
			d.File, d.MunicipalityID, at, why, d.Took.Milliseconds())
		if err != nil {
			return err
		}
		_, err = tx.Exec(`INSERT INTO replica (file, drill_at, drill_error) VALUES (?1, ?2, ?3)
			ON CONFLICT (file) DO UPDATE SET drill_at = ?2, drill_error = ?3`, d.File, at, why)
		return err
	})
}

func (f *Files) keepCopied(ctx context.Context, d *DB, bytes int64, failed error) error {
	return f.national.Update(ctx, func(tx *Tx) error {
		_, err := tx.Exec(`INSERT INTO safekeeping (file, municipality_id, copy_at, copy_good_at, copy_error, copy_bytes)
			VALUES (?1, ?2, ?3, CASE WHEN ?4 = '' THEN ?3 ELSE '' END, ?4, ?5)
			ON CONFLICT (file) DO UPDATE SET copy_at = ?3, copy_error = ?4,
				copy_good_at = CASE WHEN ?4 = '' THEN ?3 ELSE copy_good_at END,
				copy_bytes = CASE WHEN ?4 = '' THEN ?5 ELSE copy_bytes END`,
			d.name, d.owner, formatTime(f.opt.Clock()), said(failed), bytes)
		return err
	})
}

func formatTime(at time.Time) string { return at.UTC().Format("2006-01-02T15:04:05.000Z") }

// said is an error in one line, "" for none.
func said(err error) string {
	if err == nil {
		return ""
	}
	const most = 500
	text := []rune(err.Error())
	return string(text[:min(len(text), most)])
}
