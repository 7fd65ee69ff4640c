-- +goose Up
-- A case file: everything the municipality holds on one person. Opened by the first lookup.
CREATE TABLE file (
    id             TEXT PRIMARY KEY,                -- ULID, the one that stands in URLs
    run            INTEGER UNIQUE,                  -- body of the RUN; NULL for a person without one
    provisional_id TEXT UNIQUE,                     -- SR-<municipality>-<year>-<n>; NULL for a person with a RUN
    given_names    TEXT NOT NULL DEFAULT '',
    surnames       TEXT NOT NULL DEFAULT '',
    birth_date     TEXT,                            -- civil date
    sex            TEXT NOT NULL DEFAULT '',
    nationality    TEXT NOT NULL DEFAULT '',
    phone          TEXT NOT NULL DEFAULT '',
    email          TEXT NOT NULL DEFAULT '',
    address        TEXT NOT NULL DEFAULT '',
    commune_code   TEXT NOT NULL DEFAULT '',
    folio          TEXT NOT NULL DEFAULT '',        -- household in the social registry, '' when unknown
    source         TEXT NOT NULL DEFAULT '' CHECK (source IN ('', 'registry', 'desk')), -- who said the name
    version        INTEGER NOT NULL DEFAULT 1,      -- grows with each change: two people at one form
    created_at     TEXT NOT NULL,
    created_by     TEXT NOT NULL,                   -- user of the roster
    CHECK ((run IS NULL) <> (provisional_id IS NULL))
) STRICT, WITHOUT ROWID;

-- How much an operator has looked up in the running day and minute.
CREATE TABLE lookup_tally (
    user_id   TEXT PRIMARY KEY,
    day       TEXT NOT NULL,                        -- civil date
    in_day    INTEGER NOT NULL,
    minute    TEXT NOT NULL,                        -- instant, cut to the minute
    in_minute INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
