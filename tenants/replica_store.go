package tenants

import (
	"context"
	"strconv"
	"time"
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

func replicaStatuses(tx *Tx) ([]ReplicaStatus, error) {
	rows, err := tx.Query(`SELECT file, epoch, target, txid, synced_at, since, error, drill_at, drill_error FROM replica ORDER BY file`)
	if err != nil {
		return nil, err
	}
	defer func() { _ = rows.Close() }()
	var list []ReplicaStatus
	for rows.Next() {
		var s ReplicaStatus
		var synced, since, drill string
		if err := rows.Scan(&s.File, &s.Epoch, &s.Target, &s.TXID, &synced, &since, &s.Err, &drill, &s.DrillErr); err != nil {
			return nil, err
		}
		s.SyncedAt, s.DrillAt = parseTime(synced), parseTime(drill)
		if from := parseTime(since); !from.IsZero() {
			s.Lag = max(tx.Now.Sub(from), 0)
		}
		list = append(list, s)
	}
	return list, rows.Err()
}

func parseTime(text string) time.Time {
	at, err := time.Parse(time.RFC3339Nano, text)
	if err != nil {
		return time.Time{}
	}
	return at
}
