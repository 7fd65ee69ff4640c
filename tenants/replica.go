package tenants

import (
	"context"
	"strings"
	"time"

	"gsl/tenants/internal/replica"
)

// ReplicaConfig says where the replicas go: litestream.yml, read.
type ReplicaConfig = replica.Config

// ReadReplicaConfig reads litestream.yml; an error names the line.
func ReadReplicaConfig(path string) (*ReplicaConfig, error) { return replica.Read(path, nil) }

// DefaultReplicaConfig is what counts without a litestream.yml: replicas in the
// data directory. Say to the operator that on the same disk they are no backup.
func DefaultReplicaConfig(dir string) *ReplicaConfig { return replica.Default(dir) }

// ReplicaStatus is how one file stands with its replica.
type ReplicaStatus struct {
	File           string // relative to the data directory
	MunicipalityID string // "" for the shared files
	Epoch          int64
	Target         string        // where the replica is, without secrets; "": there is none
	SameDisk       bool          // the replica lies on the disk of the file: it is no backup
	TXID           string        // up to which transaction the file is there; "": not at all yet
	SyncedAt       time.Time     // when everything in it was there the last time
	Lag            time.Duration // since when something is missing; 0: nothing is
	Err            string        // why, when the last attempt failed
	DrillAt        time.Time     // when it was restored the last time to see whether it can be
	DrillErr       string        // what was wrong with that; "": nothing
}

// prefixOf is where the replica of a file lies below the target; "" for a file
// that has none, such as a restored copy.
func prefixOf(name string, epoch int64) string {
	at := "/e" + formatEpoch(epoch)
	switch id, municipal := strings.CutPrefix(name, "municipalities/"); {
	case name == "national.db" || name == "registry.db":
		return strings.TrimSuffix(name, ".db") + at
	case !municipal:
		return ""
	case strings.HasSuffix(id, ".access.db"):
		return "municipalities/" + strings.TrimSuffix(id, ".access.db") + at + "/access"
	default:
		return "municipalities/" + strings.TrimSuffix(id, ".db") + at + "/main"
	}
}

// Replicas says how every file stands with its replica: from memory and
// national.db, never by asking the place where the replicas are.
func (f *Files) Replicas(ctx context.Context) ([]ReplicaStatus, error) {
	var list []ReplicaStatus
	err := f.national.View(ctx, func(tx *Tx) (err error) {
		list, err = replicaStatuses(tx)
		return err
	})
	return list, err
}

// newEpoch begins a new history for the files of a municipality, which the
// caller holds: what was sent under the old one stays as it is, and what an old
// process still sends ends up there. id may be national or registry.
func (f *Files) newEpoch(ctx context.Context, id string) (epoch int64, err error) {
	err = f.national.Update(ctx, func(tx *Tx) error {
		epoch, err = nextEpoch(tx, id, 1)
		return err
	})
	return epoch, err
}
