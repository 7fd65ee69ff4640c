-- +goose Up
CREATE TABLE municipality (
    id         TEXT PRIMARY KEY,            -- UUID, the file's name
    code       TEXT NOT NULL UNIQUE,        -- CUT code
    name       TEXT NOT NULL,
    kind       TEXT NOT NULL CHECK (kind IN ('municipality', 'regional_delegation', 'provincial_delegation')),
    model      INTEGER NOT NULL DEFAULT 1 CHECK (model IN (1, 2)),
    status     TEXT NOT NULL DEFAULT 'active' CHECK (status IN ('provisioning', 'active', 'suspended', 'archived')),
    created_at TEXT NOT NULL
) STRICT;

CREATE TABLE municipality_commune (
    municipality_id TEXT NOT NULL REFERENCES municipality (id),
    commune_code    TEXT NOT NULL,
    PRIMARY KEY (municipality_id, commune_code)
) STRICT, WITHOUT ROWID;
