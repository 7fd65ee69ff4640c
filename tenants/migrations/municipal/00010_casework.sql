-- +goose Up
-- A case: casework on one file, with one responsible worker. A file has one that
-- is open; what was closed stays.
CREATE TABLE case_file (
    id             TEXT PRIMARY KEY,
    file_id        TEXT NOT NULL REFERENCES file (id),
    unit           TEXT NOT NULL,               -- code of the unit that works on it
    status         TEXT NOT NULL CHECK (status IN ('unassigned', 'assigned', 'closed')),
    worker_id      TEXT NOT NULL DEFAULT '',    -- the responsible worker, of the roster
    worker_name    TEXT NOT NULL DEFAULT '',
    origin         TEXT NOT NULL DEFAULT '',    -- the referral that named the worker, while nobody else did
    opened_at      TEXT NOT NULL,
    opened_by      TEXT NOT NULL,
    opened_by_name TEXT NOT NULL,
    assigned_at    TEXT,                        -- since when the worker is responsible
    moved_at       TEXT NOT NULL,               -- when something was last done for the person: see the trigger
    closed_at      TEXT,
    CHECK (status <> 'assigned' OR worker_id <> ''),
    CHECK (status <> 'unassigned' OR worker_id = ''),
    CHECK ((worker_id = '') = (assigned_at IS NULL)),
    CHECK ((status = 'closed') = (closed_at IS NOT NULL))
) STRICT, WITHOUT ROWID;
CREATE UNIQUE INDEX case_open ON case_file (file_id) WHERE status <> 'closed';
CREATE INDEX case_file_of ON case_file (file_id, id);
-- Lists are read by who waits longest.
CREATE INDEX case_mine ON case_file (worker_id, moved_at, id) WHERE status = 'assigned';
CREATE INDEX case_unit ON case_file (unit, moved_at, id) WHERE status <> 'closed';
CREATE INDEX case_load ON case_file (unit, worker_id, worker_name) WHERE status <> 'closed';

-- Who was responsible since when, and why that changed.
CREATE TABLE case_history (
    case_id  TEXT NOT NULL REFERENCES case_file (id),
    seq      INTEGER NOT NULL,
    at       TEXT NOT NULL,
    user_id  TEXT NOT NULL,                     -- who did it
    name     TEXT NOT NULL,
    role     TEXT NOT NULL,
    unit     TEXT NOT NULL,                     -- of the case after the change
    was      TEXT NOT NULL,                     -- name of the responsible worker before, '' for none
    became   TEXT NOT NULL,
    worker   TEXT NOT NULL,                     -- id of the responsible worker after
    reason   TEXT NOT NULL,
    PRIMARY KEY (case_id, seq)
) STRICT, WITHOUT ROWID;
CREATE TRIGGER case_history_no_update BEFORE UPDATE ON case_history BEGIN SELECT RAISE(ABORT, 'history is append-only'); END;
CREATE TRIGGER case_history_no_delete BEFORE DELETE ON case_history BEGIN SELECT RAISE(ABORT, 'history is append-only'); END;
CREATE TRIGGER case_no_delete BEFORE DELETE ON case_file BEGIN SELECT RAISE(ABORT, 'cases are kept'); END;

-- Whatever is done for a person moves the case: each change leaves its entry in
-- the trail. To open the file, to keep what a registry says, to call the person's
-- number, to hand the case on, and what the clock ends by itself, is not to do
-- something for the person.
-- +goose StatementBegin
CREATE TRIGGER case_moved AFTER INSERT ON audit
WHEN NEW.file_id <> '' AND NEW.role <> 'system' AND NEW.action NOT IN ('people.file_opened', 'screening.kept', 'attention.discard')
    AND NEW.action NOT GLOB 'case.*' AND NEW.action NOT GLOB 'attention.ticket_*'
BEGIN
    UPDATE case_file SET moved_at = NEW.at WHERE file_id = NEW.file_id AND status <> 'closed';
END;
-- +goose StatementEnd

-- Files with an open plan are cases already: their worker is who made the newest.
INSERT INTO case_file (id, file_id, unit, status, worker_id, worker_name, opened_at, opened_by, opened_by_name, assigned_at, moved_at)
SELECT p.id, p.file_id, p.unit, 'assigned', p.created_by, p.created_by_name, p.created_at, p.created_by, p.created_by_name, p.created_at, max(p.changed_at)
FROM plan AS p
WHERE p.status = 'open' AND p.id = (SELECT max(n.id) FROM plan AS n WHERE n.file_id = p.file_id AND n.status = 'open')
GROUP BY p.id;
INSERT INTO case_history (case_id, seq, at, user_id, name, role, unit, was, became, worker, reason)
SELECT id, 1, opened_at, opened_by, opened_by_name, 'case_manager', unit, '', worker_name, worker_id, '' FROM case_file;
