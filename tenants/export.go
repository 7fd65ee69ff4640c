package tenants

import (
	"context"
	"path/filepath"
)

// The names of the two files of a municipality in what it is handed over as.
const (
	ExportedMain   = "main.db"
	ExportedAccess = "access.db"
)

// CopyInto writes both files of the municipality into a folder, packed, each as
// of one moment, while people go on working. What stands there is not encrypted:
// whoever asks for it does that, and removes it.
func (m *Municipality) CopyInto(ctx context.Context, dir string) error {
	if err := m.main.vacuumInto(ctx, filepath.Join(dir, ExportedMain)); err != nil {
		return err
	}
	return m.access.vacuumInto(ctx, filepath.Join(dir, ExportedAccess))
}
