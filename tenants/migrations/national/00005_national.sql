-- +goose Up
-- An order to make a municipality, written before anything is made: what is cut
-- short is found here at the next start, and finished. One for each municipality.
CREATE TABLE provision (
    code            TEXT PRIMARY KEY,           -- CUT: commune, province or region
    municipality_id TEXT NOT NULL UNIQUE,
    options         TEXT NOT NULL,              -- JSON: model, modules, units left out, template
    counterpart     TEXT NOT NULL DEFAULT '',   -- JSON of who is to be invited; '' nobody, or invited
    ordered_at      TEXT NOT NULL,
    ordered_by      TEXT NOT NULL,              -- id of the user, "console"
    ordered_by_name TEXT NOT NULL,
    files_at        TEXT,                       -- its files stand
    done_at         TEXT,
    trouble         TEXT NOT NULL DEFAULT ''    -- why it did not go on the last time: for operators
) STRICT, WITHOUT ROWID;
CREATE INDEX provision_open ON provision (code) WHERE done_at IS NULL;

-- Many municipalities from one table.
CREATE TABLE provision_batch (
    id              TEXT PRIMARY KEY,           -- ULID
    file            TEXT NOT NULL,              -- its name
    ignored         TEXT NOT NULL DEFAULT '',   -- columns that nothing was done with
    state           TEXT NOT NULL DEFAULT 'checked' CHECK (state IN ('checked', 'running', 'stopped', 'done')),
    created_at      TEXT NOT NULL,
    created_by      TEXT NOT NULL,
    created_by_name TEXT NOT NULL,
    started_at      TEXT,
    ended_at        TEXT,
    links_at        TEXT                        -- the links were handed out, once
) STRICT, WITHOUT ROWID;

CREATE TABLE provision_line (
    batch_id    TEXT NOT NULL REFERENCES provision_batch (id) ON DELETE CASCADE,
    line        INTEGER NOT NULL,               -- of the file
    code        TEXT NOT NULL,                  -- CUT, '' when it could not be read
    name        TEXT NOT NULL,
    options     TEXT NOT NULL DEFAULT '',       -- JSON, as in provision
    counterpart TEXT NOT NULL DEFAULT '',       -- JSON; '' none, or the result was handed out
    state       TEXT NOT NULL CHECK (state IN ('bad', 'waiting', 'there', 'done', 'failed')),
    problems    TEXT NOT NULL DEFAULT '',       -- JSON: column, value, reason
    PRIMARY KEY (batch_id, line)
) STRICT, WITHOUT ROWID;
CREATE INDEX provision_line_state ON provision_line (batch_id, state, line);

-- What the list of all municipalities shows of each, written by a job now and
-- then: a page reads this and opens no municipality's file.
CREATE TABLE municipality_summary (
    municipality_id TEXT PRIMARY KEY REFERENCES municipality (id),
    folded     TEXT NOT NULL,                   -- name as it is compared
    search     TEXT NOT NULL,                   -- name, code, province and region, folded
    region     TEXT NOT NULL,                   -- CUT, two digits
    users      INTEGER NOT NULL DEFAULT 0,      -- who may work there today
    last_at    TEXT NOT NULL DEFAULT '',        -- when somebody last worked, '' never
    bytes      INTEGER NOT NULL DEFAULT 0,      -- of both files
    schema     INTEGER NOT NULL DEFAULT 0,      -- of the main file, 0 not known
    lag        INTEGER NOT NULL DEFAULT -1,     -- seconds that the replica is behind, -1 not replicated
    drill_at   TEXT NOT NULL DEFAULT '',        -- when a restore was last tried and good, '' never
    health     INTEGER NOT NULL DEFAULT 1,      -- 0 well, 1 not looked at yet, 2 wants a look, 3 bad
    trouble    TEXT NOT NULL DEFAULT '',        -- codes of what is wrong, by spaces
    checked_at TEXT NOT NULL
) STRICT, WITHOUT ROWID;

-- To whom a municipality's exports are encrypted: the public half of an age key
-- whose other half the municipality keeps.
CREATE TABLE municipality_recipient (
    municipality_id TEXT PRIMARY KEY REFERENCES municipality (id),
    recipient       TEXT NOT NULL,
    set_at          TEXT NOT NULL,
    set_by          TEXT NOT NULL,
    set_by_name     TEXT NOT NULL
) STRICT, WITHOUT ROWID;

-- Encrypted copies of a municipality's files, kept until somebody deletes them.
CREATE TABLE municipality_export (
    id              TEXT PRIMARY KEY,           -- ULID; the file's name
    municipality_id TEXT NOT NULL REFERENCES municipality (id),
    state           TEXT NOT NULL DEFAULT 'making' CHECK (state IN ('making', 'ready', 'failed', 'deleted')),
    locked_to       TEXT NOT NULL,              -- the recipient, or "passphrase"
    bytes           INTEGER NOT NULL DEFAULT 0,
    sha256          TEXT NOT NULL DEFAULT '',
    created_at      TEXT NOT NULL,
    created_by      TEXT NOT NULL,
    created_by_name TEXT NOT NULL,
    ended_at        TEXT
) STRICT, WITHOUT ROWID;
CREATE INDEX municipality_export_of ON municipality_export (municipality_id, id);

-- Why a municipality stands as it does: who suspended or archived it, and when.
CREATE TABLE municipality_standing (
    municipality_id TEXT PRIMARY KEY REFERENCES municipality (id),
    since           TEXT NOT NULL,
    by_name         TEXT NOT NULL,
    reason          TEXT NOT NULL
) STRICT, WITHOUT ROWID;
