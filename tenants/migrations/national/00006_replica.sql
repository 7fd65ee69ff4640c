-- +goose Up

-- Where each file stands with its replica: what is known without asking the place where the replicas are.
CREATE TABLE replica (
    file        TEXT PRIMARY KEY,             -- relative to the data directory
    epoch       INTEGER NOT NULL DEFAULT 1,   -- the history that is written to; a restore begins the next
    target      TEXT NOT NULL DEFAULT '',     -- where it was replicated to the last time
    txid        TEXT NOT NULL DEFAULT '',     -- up to which transaction it is there
    synced_at   TEXT NOT NULL DEFAULT '',
    stamp       TEXT NOT NULL DEFAULT '',     -- of the files when all of it was there; another one: something is missing
    since       TEXT NOT NULL DEFAULT '',     -- since when something is missing
    error       TEXT NOT NULL DEFAULT '',     -- why
    drill_at    TEXT NOT NULL DEFAULT '',     -- when it was restored the last time to see whether it can be
    drill_error TEXT NOT NULL DEFAULT ''
) STRICT, WITHOUT ROWID;

-- Whether legal acts are acknowledged only once they are replicated.
ALTER TABLE municipality ADD COLUMN legal INTEGER NOT NULL DEFAULT 0 CHECK (legal IN (0, 1));
