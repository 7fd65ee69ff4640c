-- +goose Up
CREATE TABLE municipality (
    only INTEGER PRIMARY KEY CHECK (only = 1),
    id   TEXT NOT NULL,
    code TEXT NOT NULL,
    name TEXT NOT NULL
) STRICT;

-- The trail of views: who looked at which file, when, and why. Append-only, hash-chained.
CREATE TABLE access_view (
    seq     INTEGER PRIMARY KEY,
    at      INTEGER NOT NULL,          -- Unix milliseconds: a row per page, so it is kept short
    user_id TEXT NOT NULL,
    role    TEXT NOT NULL,
    unit    TEXT NOT NULL,
    file_id TEXT NOT NULL,
    what    TEXT NOT NULL,             -- the page: screening, plan, …
    why     TEXT NOT NULL DEFAULT '',  -- the open attention or task, '' for none
    request TEXT NOT NULL DEFAULT '',
    hash    BLOB NOT NULL
) STRICT;
CREATE INDEX access_view_file ON access_view (file_id, seq);
CREATE TRIGGER access_view_no_update BEFORE UPDATE ON access_view BEGIN SELECT RAISE(ABORT, 'access trail is append-only'); END;
CREATE TRIGGER access_view_no_delete BEFORE DELETE ON access_view BEGIN SELECT RAISE(ABORT, 'access trail is append-only'); END;
