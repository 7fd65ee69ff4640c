-- +goose Up
-- A home visit: agreed in a plan, or decided by itself. What was agreed of it is
-- here until somebody was at the door; what was found there is here from then on.
CREATE TABLE visit (
    id              TEXT PRIMARY KEY,           -- ULID: its order is that in which visits were decided
    file_id         TEXT NOT NULL REFERENCES file (id),
    plan_id         TEXT NOT NULL DEFAULT '',   -- the plan and its item that it fulfils, '' for a visit by itself
    item_id         TEXT NOT NULL DEFAULT '',
    previous_id     TEXT NOT NULL DEFAULT '',   -- the visit that found nobody, which this one repeats
    key             TEXT NOT NULL,              -- of the form that made it: sent twice it is one visit
    status          TEXT NOT NULL CHECK (status IN ('scheduled', 'done', 'nobody-home', 'address-not-found', 'refused', 'cancelled')),
    version         INTEGER NOT NULL DEFAULT 1,
    worker_id       TEXT NOT NULL,              -- who goes, of the roster
    worker_name     TEXT NOT NULL,
    unit            TEXT NOT NULL,              -- code of the unit that visits
    day             TEXT,                       -- NULL: still to be given a day
    clock           TEXT NOT NULL DEFAULT '',   -- "15:30", '' at any hour of the day
    address         TEXT NOT NULL,
    purpose         TEXT NOT NULL,
    companion       TEXT NOT NULL DEFAULT '',
    visited_on      TEXT,                       -- when somebody was at the door
    visited_clock   TEXT NOT NULL DEFAULT '',
    present         TEXT NOT NULL DEFAULT '[]', -- JSON: names of who was at home
    findings        TEXT NOT NULL DEFAULT '{}', -- JSON: question of the checklist → answer
    note            TEXT NOT NULL DEFAULT '',
    reason          TEXT NOT NULL DEFAULT '',   -- why it was cancelled
    created_at      TEXT NOT NULL,
    created_by      TEXT NOT NULL,
    created_by_name TEXT NOT NULL,
    ended_at        TEXT,                       -- recorded or cancelled
    ended_by_name   TEXT NOT NULL DEFAULT '',
    CHECK ((item_id = '') = (plan_id = '')),
    CHECK ((status = 'scheduled') = (ended_at IS NULL)),
    CHECK ((status IN ('scheduled', 'cancelled')) = (visited_on IS NULL))
) STRICT, WITHOUT ROWID;
CREATE INDEX visit_file ON visit (file_id, id);
CREATE UNIQUE INDEX visit_key ON visit (key);
-- One item waits for one visit.
CREATE UNIQUE INDEX visit_item_open ON visit (item_id) WHERE status = 'scheduled' AND item_id <> '';
CREATE INDEX visit_item ON visit (item_id, id) WHERE item_id <> '';
-- Agendas and day sheets are read by who goes, or by unit, and by day.
CREATE INDEX visit_worker ON visit (worker_id, day, clock, id);
CREATE INDEX visit_unit ON visit (unit, day, clock, id);
-- What waits: for its day, and of days that are over, to be recorded.
CREATE INDEX visit_waiting ON visit (worker_id, day) WHERE status = 'scheduled';
CREATE INDEX visit_unit_waiting ON visit (unit, day) WHERE status = 'scheduled';
CREATE INDEX visit_file_waiting ON visit (file_id) WHERE status = 'scheduled';

-- What happened to a visit: who, when, from, to, why.
CREATE TABLE visit_history (
    visit_id TEXT NOT NULL REFERENCES visit (id),
    seq      INTEGER NOT NULL,
    at       TEXT NOT NULL,
    user_id  TEXT NOT NULL,
    name     TEXT NOT NULL,
    role     TEXT NOT NULL,
    was      TEXT NOT NULL,                     -- status; '' when it was decided
    became   TEXT NOT NULL,
    worker   TEXT NOT NULL,                     -- name of who goes, from then on
    day      TEXT,                              -- as agreed then
    clock    TEXT NOT NULL,
    note     TEXT NOT NULL,                     -- the reason, or what was added to a visit that is over
    PRIMARY KEY (visit_id, seq)
) STRICT, WITHOUT ROWID;
CREATE TRIGGER visit_history_no_update BEFORE UPDATE ON visit_history BEGIN SELECT RAISE(ABORT, 'history is append-only'); END;
CREATE TRIGGER visit_history_no_delete BEFORE DELETE ON visit_history BEGIN SELECT RAISE(ABORT, 'history is append-only'); END;
CREATE TRIGGER visit_no_delete BEFORE DELETE ON visit BEGIN SELECT RAISE(ABORT, 'visits are kept'); END;
-- What was found stays as it was found.
CREATE TRIGGER visit_ended_stays BEFORE UPDATE OF status, visited_on, visited_clock, present, findings, note, reason ON visit
WHEN OLD.status <> 'scheduled' BEGIN SELECT RAISE(ABORT, 'a visit that is over stays as it was recorded'); END;

-- What somebody is typing at the door, until the visit is recorded.
CREATE TABLE visit_draft (
    visit_id TEXT PRIMARY KEY REFERENCES visit (id),
    body     TEXT NOT NULL,                     -- JSON: the form as it stands
    page     TEXT NOT NULL,                     -- the window that writes
    seq      INTEGER NOT NULL,                  -- grows with each time it is kept
    user_id  TEXT NOT NULL,
    name     TEXT NOT NULL,
    at       TEXT NOT NULL
) STRICT, WITHOUT ROWID;

-- A follow-up: what a worker has to remember on a day, of a person or not.
CREATE TABLE followup (
    id           TEXT PRIMARY KEY,
    file_id      TEXT REFERENCES file (id),     -- NULL: of nobody in particular
    key          TEXT NOT NULL,                 -- of the form that made it
    status       TEXT NOT NULL CHECK (status IN ('open', 'done', 'dropped')),
    version      INTEGER NOT NULL DEFAULT 1,
    worker_id    TEXT NOT NULL,
    worker_name  TEXT NOT NULL,
    unit         TEXT NOT NULL,
    day          TEXT NOT NULL,
    clock        TEXT NOT NULL DEFAULT '',
    text         TEXT NOT NULL,
    created_at   TEXT NOT NULL,
    ended_at     TEXT,
    CHECK ((status = 'open') = (ended_at IS NULL))
) STRICT, WITHOUT ROWID;
CREATE UNIQUE INDEX followup_key ON followup (key);
CREATE INDEX followup_file ON followup (file_id, id) WHERE file_id IS NOT NULL;
CREATE INDEX followup_worker ON followup (worker_id, day, clock, id);
CREATE INDEX followup_unit ON followup (unit, day, clock, id);
CREATE INDEX followup_open ON followup (worker_id, day) WHERE status = 'open';
CREATE INDEX followup_unit_open ON followup (unit, day) WHERE status = 'open';
