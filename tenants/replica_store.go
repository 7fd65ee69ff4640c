package tenants

import (
	"context"
	"strconv"
	"time"

	"gsl/tenants/internal/replica"
)

func formatEpoch(epoch int64) string { return strconv.FormatInt(epoch, 10) }

// filesOf names what is replicated under one epoch: both files of a
// municipality, or the one shared file national or registry.
func filesOf(id string) []string {
	if id == "national" || id == "registry" {
		return []string{id + ".db"}
	}
	return []string{"municipalities/" + id + ".db", "municipalities/" + id + ".access.db"}
}

// epoch is the history to which a municipality's files are replicated now; id may
// be national or registry. Without a row it is the first.
func (f *Files) epoch(ctx context.Context, id string) (epoch int64, err error) {
	err = f.national.View(ctx, func(tx *Tx) error {
		epoch, err = epochOf(tx, filesOf(id)[0])
		return err
	})
	return epoch, err
}

func epochOf(tx *Tx, file string) (epoch int64, err error) {
	err = tx.QueryRow(`SELECT epoch FROM replica WHERE file = ?`, file).Scan(&epoch)
	if NotFound(err) {
		return 1, nil
	}
	return epoch, err
}

// epochs reads the epoch of every file that is past its first.
func epochs(tx *Tx, into map[string]int64) error {
	rows, err := tx.Query(`SELECT file, epoch FROM replica WHERE epoch > 1`)
	if err != nil {
		return err
	}
	defer func() { _ = rows.Close() }()
	for rows.Next() {
		var file string
		var epoch int64
		if err := rows.Scan(&file, &epoch); err != nil {
			return err
		}
		into[file] = epoch
	}
	return rows.Err()
}

// nextEpoch writes the first epoch after the one of now that is at least least.
func nextEpoch(tx *Tx, id string, least int64) (epoch int64, err error) {
	if epoch, err = epochOf(tx, filesOf(id)[0]); err != nil {
		return 0, err
	}
	epoch = max(epoch+1, least)
	for _, file := range filesOf(id) {
		_, err := tx.Exec(`INSERT INTO replica (file, epoch) VALUES (?,?)
			ON CONFLICT (file) DO UPDATE SET epoch = excluded.epoch, target = '', txid = '', synced_at = '', stamp = '', since = '', error = ''`, file, epoch)
		if err != nil {
			return 0, err
		}
	}
	return epoch, nil
}

// replicaRow is what is written down of a file that is closed.
type replicaRow struct {
	file, target, stamp string
	state               replica.State
}

func keepReplica(tx *Tx, r replicaRow) error {
	why := ""
	if r.state.Err != nil {
		why = r.state.Err.Error()
	}
	_, err := tx.Exec(`INSERT INTO replica (file, target, txid, synced_at, stamp, since, error) VALUES (?1,?2,?3,?4,?5,?6,?7)
		ON CONFLICT (file) DO UPDATE SET target = ?2, stamp = ?5, error = ?7,
			txid = CASE WHEN ?3 != '' OR target != ?2 THEN ?3 ELSE txid END,
			synced_at = CASE WHEN ?4 != '' OR target != ?2 THEN ?4 ELSE synced_at END,
			since = CASE WHEN ?6 = '' THEN '' WHEN since != '' AND since < ?6 THEN since ELSE ?6 END`,
		r.file, r.target, r.state.TXID, formatMoment(r.state.SyncedAt), r.stamp, formatMoment(r.state.Since), why)
	return err
}

// settled is what is written down of a file: where it was replicated to, and how
// it looked when all of it was there.
type settled struct{ target, stamp string }

func settledFiles(tx *Tx) (map[string]settled, error) {
	rows, err := tx.Query(`SELECT file, target, stamp FROM replica`)
	if err != nil {
		return nil, err
	}
	defer func() { _ = rows.Close() }()
	all := map[string]settled{}
	for rows.Next() {
		var file string
		var s settled
		if err := rows.Scan(&file, &s.target, &s.stamp); err != nil {
			return nil, err
		}
		all[file] = s
	}
	return all, rows.Err()
}

func replicaStatuses(tx *Tx) ([]ReplicaStatus, error) {
	rows, err := tx.Query(`WITH every (file, municipality_id) AS (
			SELECT 'national.db', '' UNION ALL SELECT 'registry.db', ''
			UNION ALL SELECT 'municipalities/' || id || '.db', id FROM municipality WHERE status != 'provisioning'
			UNION ALL SELECT 'municipalities/' || id || '.access.db', id FROM municipality WHERE status != 'provisioning')
		SELECT e.file, e.municipality_id, coalesce(r.epoch, 1), coalesce(r.target, ''), coalesce(r.txid, ''), coalesce(r.synced_at, ''),
			coalesce(r.since, ''), coalesce(r.error, ''), coalesce(s.drill_at, ''), coalesce(s.drill_error, '')
		FROM every e LEFT JOIN replica r ON r.file = e.file LEFT JOIN safekeeping s ON s.file = e.file ORDER BY e.file`)
	if err != nil {
		return nil, err
	}
	defer func() { _ = rows.Close() }()
	now := time.Now()
	var list []ReplicaStatus
	for rows.Next() {
		var s ReplicaStatus
		var synced, since, drill string
		if err := rows.Scan(&s.File, &s.MunicipalityID, &s.Epoch, &s.Target, &s.TXID, &synced, &since, &s.Err, &drill, &s.DrillErr); err != nil {
			return nil, err
		}
		s.SyncedAt, s.DrillAt = parseTime(synced), parseTime(drill)
		if from := parseTime(since); !from.IsZero() {
			s.Lag = max(now.Sub(from), time.Nanosecond)
		}
		list = append(list, s)
	}
	return list, rows.Err()
}

// formatMoment writes a time of the machine's clock, which sorts as text.
func formatMoment(at time.Time) string {
	if at.IsZero() {
		return ""
	}
	return at.UTC().Format("2006-01-02T15:04:05.000Z")
}

func parseTime(text string) time.Time {
	at, err := time.Parse(time.RFC3339Nano, text)
	if err != nil {
		return time.Time{}
	}
	return at
}
