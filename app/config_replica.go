package app

import (
	"errors"
	"log/slog"
	"os"
	"path/filepath"

	"gsl/tenants"
)

// replicaFile is litestream.yml in the data directory, where nobody names another.
const replicaFile = "litestream.yml"

// replica reads where every file is replicated to: what --litestream names, or
// litestream.yml in the data directory, or, when there is none, a folder in it.
// nil: nothing is replicated, as while a demo is made.
func (c *Config) replica() (*tenants.ReplicaConfig, error) {
	if c.unsynced || c.Litestream == "off" {
		return nil, nil
	}
	path := c.Litestream
	if path == "" {
		path = filepath.Join(c.Data, replicaFile)
		if _, err := os.Stat(path); errors.Is(err, os.ErrNotExist) {
			return tenants.DefaultReplicaConfig(c.Data), nil
		}
	}
	settings := c.settings
	if settings == nil {
		settings = func(string) string { return "" }
	}
	config, err := tenants.ReadReplicaConfigWith(path, settings)
	if err != nil {
		return nil, usageError{err}
	}
	return config, nil
}

// tellReplica says where the replicas go, and that a folder on the same disk is
// no backup: it helps against a mistake, not against a lost machine.
func (c *Config) tellReplica(log *slog.Logger, replica *tenants.ReplicaConfig) {
	switch {
	case replica == nil:
		log.Warn("nothing is replicated: a lost disk is lost work")
	case replica.SameDisk(c.Data):
		log.Warn("replicas on the same disk are no backup: name another place in litestream.yml", "target", replica.Target())
	default:
		log.Info("every file is replicated", "target", replica.Target())
	}
}
