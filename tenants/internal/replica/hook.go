package replica

import (
	"context"
	"fmt"
	"strings"
	"sync"

	"modernc.org/sqlite"
)

// Litestream opens its connections through database/sql. It asks only the first
// of them to leave the WAL where it is; when another closes the file last, the
// WAL is gone and the next opening costs a whole copy. And each keeps as many
// pages as if it read for people.

var hooked sync.Once

// litestreamDSN is what Litestream's connections are told by, and no others.
const litestreamDSN = "_pragma=wal_autocheckpoint(0)"

// hook prepares every connection that Litestream makes.
func hook() {
	hooked.Do(func() {
		sqlite.RegisterConnectionHook(func(conn sqlite.ExecQuerierContext, dsn string) error {
			if !strings.Contains(dsn, litestreamDSN) {
				return nil
			}
			control, ok := conn.(sqlite.FileControl)
			if !ok {
				return fmt.Errorf("a %T cannot be told to keep the WAL", conn)
			}
			if _, err := control.FileControlPersistWAL("main", 1); err != nil {
				return err
			}
			_, err := conn.ExecContext(context.Background(), "PRAGMA cache_size=-128", nil)
			return err
		})
	})
}

// spare leaves Litestream the one connection that holds its place in the WAL: each
// has the tables of a municipality in memory, half a megabyte, and a checkpoint a
// minute can open its own.
func (t *Track) spare() {
	if db := t.db.SQLDB(); db != nil {
		db.SetMaxIdleConns(-1)
	}
}
