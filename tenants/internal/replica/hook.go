package replica

import (
	"context"
	"database/sql"
	"fmt"
	"reflect"
	"strings"
	"sync"
	"unsafe"

	"github.com/benbjohnson/litestream"
	"modernc.org/sqlite"
)

// Litestream opens its connections through database/sql. It asks only the first
// of them to leave the WAL where it is; when another closes the file last, the
// WAL is gone and the next opening costs a whole copy. And each keeps as many
// pages as if it read for people: it needs four, for its own row.

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
			_, err := conn.ExecContext(context.Background(), "PRAGMA cache_size=-16", nil)
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

// placeInWAL is where Litestream keeps the transaction that holds its place in the
// WAL; nil when it is not there, as in another version of Litestream.
var placeInWAL = func() []int {
	field, ok := reflect.TypeFor[litestream.DB]().FieldByName("rtx")
	if !ok || field.Type != reflect.TypeFor[*sql.Tx]() {
		return nil
	}
	return field.Index
}()

// forgetTables lets the connection that holds Litestream's place in the WAL forget
// what tables there are. It read them to begin, asks nothing of them until it begins
// the next time, and they are all that it has in memory: with 345 municipalities,
// 200 MB. Litestream has no setting for it, so its field is read; only the goroutine
// that runs the track, which is the one that calls, has Litestream change it.
func (t *Track) forgetTables() {
	if t.db == nil || placeInWAL == nil {
		return
	}
	field := reflect.ValueOf(t.db).Elem().FieldByIndex(placeInWAL)
	tx := *(**sql.Tx)(unsafe.Pointer(field.UnsafeAddr())) //nolint:gosec // its type was looked at
	if tx == nil || tx == t.holding {
		return
	}
	t.holding = tx
	ctx := context.WithoutCancel(t.ctx) // a moment, and whole
	for _, pragma := range []string{"PRAGMA writable_schema=RESET", "PRAGMA shrink_memory"} {
		if _, err := tx.ExecContext(ctx, pragma); err != nil {
			t.e.log.Warn("a replica keeps more in memory than it needs", "file", t.place.Path, "error", err)
			return
		}
	}
}
