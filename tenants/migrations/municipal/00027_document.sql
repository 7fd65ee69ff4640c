-- +goose Up
-- A paper may lose its validity, and be taken out of sight when it should not be
-- there: it is kept, with who did it and why, and nobody opens it.
ALTER TABLE document ADD COLUMN expires_on TEXT;                          -- the last day on which it is good, NULL for one that does not expire
ALTER TABLE document ADD COLUMN removed_at TEXT;                          -- NULL while it is in sight
ALTER TABLE document ADD COLUMN version INTEGER NOT NULL DEFAULT 1;       -- grows with every change; a form carries the one it was made from
CREATE INDEX document_expiry ON document (expires_on, id) WHERE expires_on IS NOT NULL AND removed_at IS NULL;

-- Papers hang on items of plans, and ask for them by their id alone.
CREATE INDEX plan_item_id ON plan_item (id);

-- What was done with it since it was handed in.
CREATE TABLE document_history (
    document_id TEXT NOT NULL REFERENCES document (id),
    seq         INTEGER NOT NULL,
    at          TEXT NOT NULL,
    user_id     TEXT NOT NULL,
    name        TEXT NOT NULL,
    role        TEXT NOT NULL,
    what        TEXT NOT NULL CHECK (what IN ('changed', 'removed', 'restored')),
    was         TEXT NOT NULL DEFAULT '',      -- kind and last day before, of a change
    became      TEXT NOT NULL DEFAULT '',
    reason      TEXT NOT NULL DEFAULT '',
    PRIMARY KEY (document_id, seq)
) STRICT, WITHOUT ROWID;
CREATE TRIGGER document_history_no_update BEFORE UPDATE ON document_history BEGIN SELECT RAISE(ABORT, 'history is append-only'); END;
CREATE TRIGGER document_history_no_delete BEFORE DELETE ON document_history BEGIN SELECT RAISE(ABORT, 'history is append-only'); END;
CREATE TRIGGER document_no_delete BEFORE DELETE ON document BEGIN SELECT RAISE(ABORT, 'documents are kept'); END;

-- What the antivirus said when a content arrived: '' nobody was asked, 'clean',
-- or 'missed' when it did not answer and the municipality's office takes files all the same.
ALTER TABLE content ADD COLUMN scan TEXT NOT NULL DEFAULT '';

-- The small likeness of a picture, made when it arrived.
CREATE TABLE content_thumbnail (
    content_id TEXT PRIMARY KEY REFERENCES content (id),
    body       BLOB NOT NULL                   -- JPEG
) STRICT;
