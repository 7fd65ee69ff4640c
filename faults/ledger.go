package main

import (
	"encoding/json"
	"os"
	"sync"
	"time"
)

// entry is one effect that the program said yes to, and what must be found of it.
type entry struct {
	Town string    `json:"town"` // id of the municipality
	Kind string    `json:"kind"` // see the queries of judge_store.go
	ID   string    `json:"id"`
	Want string    `json:"want"`
	At   time.Time `json:"at"`
}

// ledger is the list of everything acknowledged, outside the data directory. An
// entry is forced to the disk before the worker goes on.
type ledger struct {
	mu   sync.Mutex
	file *os.File
	list []entry
}

func openLedger(path string) (*ledger, error) {
	file, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_APPEND, 0o600)
	return &ledger{file: file}, err
}

func (l *ledger) add(e entry) error {
	e.At = time.Now().UTC()
	line, err := json.Marshal(e)
	if err != nil {
		return err
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	if _, err := l.file.Write(append(line, '\n')); err != nil {
		return err
	}
	if err := l.file.Sync(); err != nil {
		return err
	}
	l.list = append(l.list, e)
	return nil
}

// all is what stands in the ledger now: entries are only ever added.
func (l *ledger) all() []entry {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.list[:len(l.list):len(l.list)]
}

func (l *ledger) close() error { return l.file.Close() }
