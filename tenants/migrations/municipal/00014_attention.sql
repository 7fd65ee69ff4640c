-- +goose Up
-- What a topic is preset for: categories and subcategories of the catalogue,
-- and desks ("desk:rsh"), apart by spaces. The version keeps two editors apart.
ALTER TABLE topic ADD COLUMN suggests TEXT NOT NULL DEFAULT '';
ALTER TABLE topic ADD COLUMN version INTEGER NOT NULL DEFAULT 1;
UPDATE topic SET suggests = CASE code
    WHEN 'T01' THEN 'A desk:rsh'
    WHEN 'T02' THEN 'subsidios_sociales desk:subsidies'
    WHEN 'T03' THEN 'alimentacion'
    WHEN 'T04' THEN 'salud'
    WHEN 'T05' THEN 'vivienda_y_habitabilidad'
    WHEN 'T06' THEN 'servicios_basicos'
    WHEN 'T07' THEN 'educacion'
    WHEN 'T08' THEN 'funerarios'
    WHEN 'T10' THEN 'desk:care'
    WHEN 'T16' THEN 'emergencia_y_otros'
    ELSE '' END;

-- The attention from start to finish. Rebuilt, because SQLite cannot widen a
-- CHECK: people are attended at home too.
CREATE TABLE attention_whole (
    id                TEXT PRIMARY KEY,                -- ULID: its order is the order of opening
    file_id           TEXT NOT NULL REFERENCES file (id),
    desk              TEXT NOT NULL,                   -- code of the unit; of a desk without one, its role
    desk_name         TEXT NOT NULL,                   -- the unit as it was called that day, '' for none
    day               TEXT NOT NULL,                   -- civil date
    channel           TEXT NOT NULL DEFAULT 'in_person' CHECK (channel IN ('in_person', 'phone', 'video', 'home', 'mail')),
    topic             TEXT REFERENCES topic (code),    -- NULL until it is known
    state             TEXT NOT NULL DEFAULT 'open' CHECK (state IN ('open', 'finished', 'discarded')),
    outcome           TEXT NOT NULL DEFAULT '' CHECK (outcome IN ('', 'oriented', 'referred', 'casework')),
    note              TEXT NOT NULL DEFAULT '',        -- for colleagues; never printed
    told              TEXT NOT NULL DEFAULT '',        -- for the person; stands on the paper
    next_on           TEXT,                            -- civil date on which the person comes back
    rep_name          TEXT NOT NULL DEFAULT '',        -- who came for the person, '' for the person
    rep_run           TEXT NOT NULL DEFAULT '',        -- as people read it, '' for none
    rep_relationship  TEXT NOT NULL DEFAULT '',
    rep_authorisation TEXT NOT NULL DEFAULT '',
    year              INTEGER,                         -- of the number
    number            INTEGER CHECK (number > 0),      -- given when a worker finishes it; kept when it is reopened
    opened_at         TEXT NOT NULL,
    opened_by         TEXT NOT NULL,                   -- user of the roster
    opened_by_name    TEXT NOT NULL,
    last_by           TEXT NOT NULL,                   -- who looked the person up last
    last_at           TEXT NOT NULL,
    finished_at       TEXT,
    finished_by_name  TEXT NOT NULL DEFAULT '',        -- '' for what ended by itself
    reopened          INTEGER NOT NULL DEFAULT 0,      -- how often
    CHECK ((state = 'finished') = (outcome <> '')),
    CHECK ((state = 'open') = (finished_at IS NULL)),
    CHECK ((year IS NULL) = (number IS NULL)),
    CHECK (rep_name <> '' OR rep_run = '' AND rep_relationship = '' AND rep_authorisation = '')
) STRICT, WITHOUT ROWID;
INSERT INTO attention_whole (id, file_id, desk, desk_name, day, channel, topic, state, outcome, note, opened_at, opened_by, opened_by_name, last_by, last_at, finished_at)
    SELECT id, file_id, desk, desk_name, day, channel, topic, state, outcome, note, opened_at, opened_by, opened_by_name, last_by, last_at, finished_at FROM attention;
DROP TABLE attention;
ALTER TABLE attention_whole RENAME TO attention;

-- A desk has one open attention of a person at a time.
CREATE UNIQUE INDEX attention_open ON attention (file_id, desk) WHERE state = 'open';
-- Those left open at the day's end.
CREATE INDEX attention_stale ON attention (day) WHERE state = 'open';
CREATE INDEX attention_file ON attention (file_id, id);
CREATE INDEX attention_day ON attention (day, last_at);
CREATE UNIQUE INDEX attention_number ON attention (year, number) WHERE number IS NOT NULL;

-- What of the catalogue was explained, as it was that day: the paper says the
-- same years later.
CREATE TABLE attention_item (
    attention_id TEXT NOT NULL REFERENCES attention (id),
    code         TEXT NOT NULL,                        -- of the catalogue
    name         TEXT NOT NULL,
    provider     TEXT NOT NULL,
    contact      TEXT NOT NULL,
    requirements TEXT NOT NULL,                        -- JSON list of documents
    at           TEXT NOT NULL,
    by_name      TEXT NOT NULL,
    PRIMARY KEY (attention_id, code)
) STRICT, WITHOUT ROWID;

-- The waiting list of a desk, one ticket a person and visit. The name of
-- somebody without a file is blanked after the day.
CREATE TABLE ticket (
    id             TEXT PRIMARY KEY,                   -- ULID: its order is the order of arrival
    desk           TEXT NOT NULL,                      -- as in attention
    day            TEXT NOT NULL,                      -- civil date
    number         INTEGER NOT NULL CHECK (number > 0), -- 1, 2, 3 … of the desk's day
    file_id        TEXT REFERENCES file (id),          -- NULL for somebody not identified
    name           TEXT NOT NULL DEFAULT '',           -- what to call out for somebody without a file
    priority       TEXT NOT NULL DEFAULT '' CHECK (priority IN ('', 'older', 'disability', 'pregnancy', 'carer')),
    state          TEXT NOT NULL DEFAULT 'waiting' CHECK (state IN ('waiting', 'called', 'attended', 'absent', 'left')),
    added_at       TEXT NOT NULL,
    added_by_name  TEXT NOT NULL,
    called_at      TEXT,
    called_by      TEXT NOT NULL DEFAULT '',           -- user of the roster
    called_by_name TEXT NOT NULL DEFAULT '',
    ended_at       TEXT,
    CHECK (state IN ('waiting', 'left') OR called_at IS NOT NULL),
    CHECK ((state IN ('attended', 'absent', 'left')) = (ended_at IS NOT NULL)),
    UNIQUE (desk, day, number)
) STRICT, WITHOUT ROWID;
-- Nobody waits twice at a desk, and a worker calls one person at a time.
CREATE UNIQUE INDEX ticket_once ON ticket (desk, day, file_id) WHERE file_id IS NOT NULL AND state IN ('waiting', 'called');
CREATE UNIQUE INDEX ticket_called ON ticket (desk, day, called_by) WHERE state = 'called';
CREATE INDEX ticket_day ON ticket (desk, day, state, id);
-- Names to blank after their day.
CREATE INDEX ticket_named ON ticket (day) WHERE name <> '';
