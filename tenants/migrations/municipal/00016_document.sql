-- +goose Up
-- What is kept of an uploaded file. It arrives piece by piece and is complete
-- once its hash is known; one that no document came to need is swept after a day.
CREATE TABLE content (
    id         TEXT PRIMARY KEY,
    type       TEXT NOT NULL,                  -- media type, found by looking into it
    size       INTEGER NOT NULL CHECK (size > 0),
    sha256     BLOB,                           -- NULL until every piece is there
    arrived_at TEXT NOT NULL
) STRICT, WITHOUT ROWID;

-- Its pieces, in order: nothing ever holds a whole file in memory.
CREATE TABLE content_piece (
    seq        INTEGER PRIMARY KEY,
    content_id TEXT NOT NULL REFERENCES content (id),
    n          INTEGER NOT NULL CHECK (n >= 0),
    body       BLOB NOT NULL
) STRICT;
CREATE UNIQUE INDEX content_piece_of ON content_piece (content_id, n);

-- A document of a case file: a content with what people say of it. It hangs on
-- what it was handed in for, and is seen by whoever may see that.
CREATE TABLE document (
    id               TEXT PRIMARY KEY,          -- ULID: its order is the order of arrival
    file_id          TEXT NOT NULL REFERENCES file (id),
    owner_kind       TEXT NOT NULL,             -- "referral", …
    owner_id         TEXT NOT NULL,
    content_id       TEXT NOT NULL REFERENCES content (id),
    sha256           BLOB NOT NULL,             -- of the content: the same again is this document
    kind             TEXT NOT NULL,             -- what it is: identity, income, health, …
    name             TEXT NOT NULL,             -- as the sender called it; shown on the page, never part of an address
    uploaded_at      TEXT NOT NULL,
    uploaded_by      TEXT NOT NULL,             -- user of the roster, or the link of an institution
    uploaded_by_name TEXT NOT NULL
) STRICT, WITHOUT ROWID;
CREATE UNIQUE INDEX document_once ON document (owner_kind, owner_id, sha256);
CREATE INDEX document_file ON document (file_id, id);
CREATE INDEX document_content ON document (content_id);
CREATE INDEX content_arrived ON content (arrived_at);
