-- +goose Up
-- What people come for; each municipality edits its own list.
CREATE TABLE topic (
    code   TEXT PRIMARY KEY,
    name   TEXT NOT NULL,
    active INTEGER NOT NULL DEFAULT 1 CHECK (active IN (0, 1))
) STRICT, WITHOUT ROWID;

-- One visit, call or video call at a unit's desk.
CREATE TABLE attention (
    id             TEXT PRIMARY KEY,                -- ULID: its order is the order of opening
    file_id        TEXT NOT NULL REFERENCES file (id),
    desk           TEXT NOT NULL,                   -- code of the unit; of a desk without one, its role
    desk_name      TEXT NOT NULL,                   -- the unit as it was called that day, '' for none
    day            TEXT NOT NULL,                   -- civil date
    channel        TEXT NOT NULL DEFAULT 'in_person' CHECK (channel IN ('in_person', 'phone', 'video', 'mail')),
    topic          TEXT REFERENCES topic (code),    -- NULL until it is known
    state          TEXT NOT NULL DEFAULT 'open' CHECK (state IN ('open', 'finished', 'discarded')),
    outcome        TEXT NOT NULL DEFAULT '' CHECK (outcome IN ('', 'oriented', 'referred', 'casework')),
    note           TEXT NOT NULL DEFAULT '',
    opened_at      TEXT NOT NULL,
    opened_by      TEXT NOT NULL,                   -- user of the roster
    opened_by_name TEXT NOT NULL,
    last_by        TEXT NOT NULL,                   -- who looked the person up last
    last_at        TEXT NOT NULL,
    finished_at    TEXT,
    CHECK ((state = 'finished') = (outcome <> '')),
    CHECK ((state = 'open') = (finished_at IS NULL))
) STRICT, WITHOUT ROWID;

-- A desk has one open attention of a person at a time.
CREATE UNIQUE INDEX attention_open ON attention (file_id, desk) WHERE state = 'open';
-- Those left open at the day's end.
CREATE INDEX attention_stale ON attention (day) WHERE state = 'open';
CREATE INDEX attention_file ON attention (file_id, id);
CREATE INDEX attention_day ON attention (day, last_at);
