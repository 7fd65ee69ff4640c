-- +goose Up
-- Whose file this is; checked at every open against the name of the file.
CREATE TABLE municipality (
    only INTEGER PRIMARY KEY CHECK (only = 1),
    id   TEXT NOT NULL,
    code TEXT NOT NULL,
    name TEXT NOT NULL
) STRICT;

CREATE TABLE setting (
    key   TEXT PRIMARY KEY,
    value TEXT NOT NULL
) STRICT, WITHOUT ROWID;

-- The trail of changes: append-only, each row's hash covers the row before.
CREATE TABLE audit (
    seq     INTEGER PRIMARY KEY,
    at      TEXT NOT NULL,
    user_id TEXT NOT NULL,
    role    TEXT NOT NULL,
    unit    TEXT NOT NULL,
    action  TEXT NOT NULL,              -- "cart.add", "plan.create", …
    object  TEXT NOT NULL,              -- id of what was changed
    file_id TEXT NOT NULL DEFAULT '',   -- the case file concerned, '' for none
    detail  TEXT NOT NULL DEFAULT '',   -- JSON: from, to, reason
    request TEXT NOT NULL DEFAULT '',
    hash    BLOB NOT NULL
) STRICT;
CREATE INDEX audit_file ON audit (file_id, seq) WHERE file_id <> '';
CREATE TRIGGER audit_no_update BEFORE UPDATE ON audit BEGIN SELECT RAISE(ABORT, 'audit is append-only'); END;
CREATE TRIGGER audit_no_delete BEFORE DELETE ON audit BEGIN SELECT RAISE(ABORT, 'audit is append-only'); END;
