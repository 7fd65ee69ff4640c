-- +goose Up
-- What the registries said of a person's household, kept each time it changed.
-- A row holds from taken_at until seen_at; rows are never rewritten but for seen_at.
CREATE TABLE snapshot (
    seq        INTEGER PRIMARY KEY,
    file_id    TEXT NOT NULL REFERENCES file (id),
    taken_at   TEXT NOT NULL,                       -- first time it was seen so
    seen_at    TEXT NOT NULL,                       -- last day it was confirmed
    registered INTEGER NOT NULL CHECK (registered IN (0, 1)), -- 0: the registry did not know the person
    folio      TEXT NOT NULL DEFAULT '',
    tramo      INTEGER NOT NULL DEFAULT 0,
    carer      INTEGER NOT NULL DEFAULT 0 CHECK (carer IN (0, 1)), -- of the person; the body has everybody's
    dependency TEXT NOT NULL DEFAULT '',
    data_date  TEXT,                                -- civil date of the registry's own data
    hash       BLOB NOT NULL,                       -- of the household, to notice a change without reading the body
    body       TEXT NOT NULL                        -- JSON of the household; of a person not registered only the benefits
) STRICT;
CREATE INDEX snapshot_file ON snapshot (file_id, seq);
