-- +goose Up
-- A change of a national item that somebody writes: one for each item. What it
-- says is JSON, because it is a form until it is published; what is published
-- stands in the rows of catalogue_item.
CREATE TABLE catalogue_draft (
    code            TEXT PRIMARY KEY,
    retires         INTEGER NOT NULL DEFAULT 0 CHECK (retires IN (0, 1)),
    valid_from      TEXT NOT NULL DEFAULT '',   -- first day, '' the day it is published
    content         TEXT NOT NULL,              -- JSON
    revision        INTEGER NOT NULL,
    changed_by      TEXT NOT NULL,
    changed_by_name TEXT NOT NULL,
    changed_at      TEXT NOT NULL
) STRICT, WITHOUT ROWID;

-- What was published at once, for every municipality: who, when and why.
CREATE TABLE catalogue_publication (
    id              INTEGER PRIMARY KEY,
    key             TEXT NOT NULL UNIQUE,       -- of the form: sent twice, published once
    at              TEXT NOT NULL,
    user_id         TEXT NOT NULL,
    user_name       TEXT NOT NULL,
    reason          TEXT NOT NULL
) STRICT;
CREATE TRIGGER catalogue_publication_no_update BEFORE UPDATE ON catalogue_publication BEGIN SELECT RAISE(ABORT, 'publications are append-only'); END;
CREATE TRIGGER catalogue_publication_no_delete BEFORE DELETE ON catalogue_publication BEGIN SELECT RAISE(ABORT, 'publications are append-only'); END;

-- Its items: what each said before and after, whole, whatever becomes of the versions.
CREATE TABLE catalogue_publication_item (
    publication INTEGER NOT NULL REFERENCES catalogue_publication (id),
    code        TEXT NOT NULL,
    action      TEXT NOT NULL CHECK (action IN ('add', 'change', 'retire')),
    valid_from  TEXT NOT NULL,                  -- first day of the change
    before      TEXT NOT NULL DEFAULT '',       -- JSON, '' there was nothing
    after       TEXT NOT NULL DEFAULT '',       -- JSON, '' there is nothing
    PRIMARY KEY (publication, code)
) STRICT, WITHOUT ROWID;
CREATE INDEX catalogue_publication_item_code ON catalogue_publication_item (code, publication);
CREATE TRIGGER catalogue_publication_item_no_update BEFORE UPDATE ON catalogue_publication_item BEGIN SELECT RAISE(ABORT, 'publications are append-only'); END;
CREATE TRIGGER catalogue_publication_item_no_delete BEFORE DELETE ON catalogue_publication_item BEGIN SELECT RAISE(ABORT, 'publications are append-only'); END;

-- What the national administration tells those who work with the program.
CREATE TABLE announcement (
    id              TEXT PRIMARY KEY,
    text            TEXT NOT NULL,
    level           TEXT NOT NULL CHECK (level IN ('info', 'warning')),
    from_at         INTEGER NOT NULL,           -- Unix seconds
    to_at           INTEGER NOT NULL,
    municipalities  TEXT NOT NULL DEFAULT '',   -- ids, one a line; '' all
    roles           TEXT NOT NULL DEFAULT '',   -- codes, one a line; '' all
    created_by      TEXT NOT NULL,
    created_by_name TEXT NOT NULL,
    created_at      TEXT NOT NULL,
    changed_at      TEXT NOT NULL,
    revision        INTEGER NOT NULL DEFAULT 1,
    withdrawn_at    TEXT NOT NULL DEFAULT '',   -- '' it stands
    withdrawn_by_name TEXT NOT NULL DEFAULT ''
) STRICT, WITHOUT ROWID;
CREATE INDEX announcement_end ON announcement (to_at);

-- Who has read it and wants to see it no more.
CREATE TABLE announcement_dismissal (
    announcement_id TEXT NOT NULL REFERENCES announcement (id),
    user_id         TEXT NOT NULL REFERENCES user (id),
    at              TEXT NOT NULL,
    PRIMARY KEY (announcement_id, user_id)
) STRICT, WITHOUT ROWID;
