package main

import (
	"context"
	"database/sql"
	"errors"
	"sync/atomic"
	"syscall"
	"time"
)

// control is a writer that does what the program must not: it says yes before
// the disk has the row (synchronous=NORMAL).
type control struct {
	db      *sql.DB
	written atomic.Int64
	cancel  context.CancelFunc
	ended   chan struct{}
}

func startControl(ctx context.Context, path string) (*control, error) {
	db, err := sql.Open("sqlite", "file:"+path+"?_pragma=journal_mode(wal)&_pragma=synchronous(NORMAL)")
	if err != nil {
		return nil, err
	}
	db.SetMaxOpenConns(1)
	if _, err := db.Exec(`CREATE TABLE row (n INTEGER PRIMARY KEY, body TEXT NOT NULL)`); err != nil {
		return nil, errors.Join(err, db.Close())
	}
	if _, err := db.Exec(`PRAGMA wal_checkpoint(TRUNCATE)`); err != nil { // the empty table is on the disk: what it loses are rows
		return nil, errors.Join(err, db.Close())
	}
	syscall.Sync()
	working, cancel := context.WithCancel(ctx)
	c := &control{db: db, cancel: cancel, ended: make(chan struct{})}
	go c.write(working)
	return c, nil
}

// write adds a row every five milliseconds, numbered one after the other.
func (c *control) write(ctx context.Context) {
	defer close(c.ended)
	for n := int64(1); pause(ctx, 5*time.Millisecond) == nil; n++ {
		if _, err := c.db.Exec(`INSERT INTO row (n, body) VALUES (?, hex(randomblob(100)))`, n); err != nil {
			return
		}
		c.written.Store(n)
	}
}

// found is how many of its rows a copy of the disk holds.
func (c *control) found(path string) (n int64, err error) {
	db, err := sql.Open("sqlite", "file:"+path)
	if err != nil {
		return 0, err
	}
	defer func() { err = errors.Join(err, db.Close()) }()
	err = db.QueryRow(`SELECT coalesce(max(n), 0) FROM row`).Scan(&n)
	return n, err
}

func (c *control) stop() {
	c.cancel()
	<-c.ended
	_ = c.db.Close()
}
