-- +goose Up
-- How a case ended, and which one it goes on from. What is closed stays as it is;
-- only a file that is merged takes its cases along.
ALTER TABLE case_file ADD COLUMN close_reason TEXT NOT NULL DEFAULT ''
    CHECK (close_reason IN ('', 'objectives_met', 'moved_away', 'declined', 'died', 'transferred'));
ALTER TABLE case_file ADD COLUMN summary TEXT NOT NULL DEFAULT '';
ALTER TABLE case_file ADD COLUMN closed_by TEXT NOT NULL DEFAULT '';
ALTER TABLE case_file ADD COLUMN closed_by_name TEXT NOT NULL DEFAULT '';
ALTER TABLE case_file ADD COLUMN previous TEXT NOT NULL DEFAULT ''; -- the closed case that it goes on from
ALTER TABLE case_history ADD COLUMN what TEXT NOT NULL DEFAULT '' CHECK (what IN ('', 'closed', 'reopened'));
-- +goose StatementBegin
CREATE TRIGGER case_closed_stays BEFORE UPDATE OF unit, status, worker_id, worker_name, closed_at, close_reason, summary ON case_file
WHEN OLD.status = 'closed'
BEGIN
    SELECT RAISE(ABORT, 'a closed case stays as it is');
END;
-- +goose StatementEnd

-- Boards count the open cases of a unit by worker, age and last movement, and
-- list them by age as well as by movement.
DROP INDEX case_load;
CREATE INDEX case_board ON case_file (unit, worker_id, worker_name, opened_at, moved_at) WHERE status <> 'closed';
CREATE INDEX case_age ON case_file (unit, opened_at, id) WHERE status <> 'closed';

-- A mark that changes whenever a board would count otherwise: when a case is
-- opened, closed or handed on, and with its first movement of a day. It is drawn
-- by lot, so that a file that was restored has none that another state had.
CREATE TABLE case_mark (one INTEGER PRIMARY KEY CHECK (one = 1), mark INTEGER NOT NULL) STRICT;
INSERT INTO case_mark VALUES (1, random());
-- +goose StatementBegin
CREATE TRIGGER case_mark_new AFTER INSERT ON case_file
BEGIN
    UPDATE case_mark SET mark = random();
END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER case_mark_changed AFTER UPDATE OF unit, status, worker_id, worker_name, moved_at ON case_file
WHEN NEW.status <> OLD.status OR NEW.worker_id <> OLD.worker_id OR NEW.unit <> OLD.unit OR NEW.worker_name <> OLD.worker_name
    OR substr(NEW.moved_at, 1, 10) <> substr(OLD.moved_at, 1, 10)
BEGIN
    UPDATE case_mark SET mark = random();
END;
-- +goose StatementEnd

-- The log of a case: what was done or said on a day. A note is never changed; what
-- was wrong or missing is added to it.
CREATE TABLE case_note (
    id           TEXT PRIMARY KEY,
    file_id      TEXT NOT NULL REFERENCES file (id),
    case_id      TEXT NOT NULL REFERENCES case_file (id),
    kind         TEXT NOT NULL CHECK (kind IN ('call', 'coordination', 'meeting', 'interview', 'other')),
    on_day       TEXT NOT NULL,                 -- when it was, not when it was written
    body         TEXT NOT NULL CHECK (body <> ''),
    confidential INTEGER NOT NULL CHECK (confidential IN (0, 1)),
    amends       TEXT NOT NULL DEFAULT '',      -- the note that this one corrects or completes
    key          TEXT NOT NULL UNIQUE,          -- of the form: sent twice it is one note
    written_at   TEXT NOT NULL,
    user_id      TEXT NOT NULL,
    name         TEXT NOT NULL,
    role         TEXT NOT NULL,
    unit         TEXT NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX case_note_of ON case_note (file_id, on_day, id) WHERE amends = '';
CREATE INDEX case_note_added ON case_note (amends, id) WHERE amends <> '';
CREATE INDEX case_note_all ON case_note (file_id);
CREATE TABLE case_note_participant (
    note_id TEXT NOT NULL REFERENCES case_note (id),
    seq     INTEGER NOT NULL,
    name    TEXT NOT NULL CHECK (name <> ''),
    place   TEXT NOT NULL,                      -- institution or role, '' when nobody said
    PRIMARY KEY (note_id, seq)
) STRICT, WITHOUT ROWID;
CREATE TABLE case_note_agreement (
    note_id     TEXT NOT NULL REFERENCES case_note (id),
    seq         INTEGER NOT NULL,
    what        TEXT NOT NULL CHECK (what <> ''),
    responsible TEXT NOT NULL,
    due         TEXT,                           -- civil date
    PRIMARY KEY (note_id, seq)
) STRICT, WITHOUT ROWID;
-- +goose StatementBegin
CREATE TRIGGER case_note_no_update BEFORE UPDATE ON case_note
WHEN NEW.id <> OLD.id OR NEW.case_id <> OLD.case_id OR NEW.kind <> OLD.kind OR NEW.on_day <> OLD.on_day OR NEW.body <> OLD.body
    OR NEW.confidential <> OLD.confidential OR NEW.amends <> OLD.amends OR NEW.written_at <> OLD.written_at OR NEW.user_id <> OLD.user_id
    OR NEW.name <> OLD.name OR NEW.role <> OLD.role OR NEW.unit <> OLD.unit OR NEW.key <> OLD.key
BEGIN
    SELECT RAISE(ABORT, 'notes are append-only');
END;
-- +goose StatementEnd
CREATE TRIGGER case_note_no_delete BEFORE DELETE ON case_note BEGIN SELECT RAISE(ABORT, 'notes are append-only'); END;
CREATE TRIGGER case_note_participant_no_update BEFORE UPDATE ON case_note_participant BEGIN SELECT RAISE(ABORT, 'notes are append-only'); END;
CREATE TRIGGER case_note_participant_no_delete BEFORE DELETE ON case_note_participant BEGIN SELECT RAISE(ABORT, 'notes are append-only'); END;
CREATE TRIGGER case_note_agreement_no_update BEFORE UPDATE ON case_note_agreement BEGIN SELECT RAISE(ABORT, 'notes are append-only'); END;
CREATE TRIGGER case_note_agreement_no_delete BEFORE DELETE ON case_note_agreement BEGIN SELECT RAISE(ABORT, 'notes are append-only'); END;

-- What somebody is typing and has not written down yet: theirs alone.
CREATE TABLE case_note_draft (
    key      TEXT PRIMARY KEY,                  -- that the note will have
    file_id  TEXT NOT NULL REFERENCES file (id),
    user_id  TEXT NOT NULL,
    form     TEXT NOT NULL CHECK (json_valid(form)),
    saved_at TEXT NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX case_note_draft_of ON case_note_draft (file_id, user_id, saved_at);

-- Working lists: cases that one works through. One has a condition, or the cases
-- that somebody chose; who made it may share it with the unit.
CREATE TABLE case_list (
    id         TEXT PRIMARY KEY,
    unit       TEXT NOT NULL,
    owner_id   TEXT NOT NULL,
    owner_name TEXT NOT NULL,
    name       TEXT NOT NULL CHECK (name <> ''),
    shared     INTEGER NOT NULL CHECK (shared IN (0, 1)),
    condition  TEXT NOT NULL,                   -- as it stands in the address of a list; '' for cases that were chosen
    made_at    TEXT NOT NULL,
    removed_at TEXT
) STRICT, WITHOUT ROWID;
CREATE INDEX case_list_of ON case_list (unit, name) WHERE removed_at IS NULL;
CREATE TABLE case_list_item (
    list_id    TEXT NOT NULL REFERENCES case_list (id),
    case_id    TEXT NOT NULL REFERENCES case_file (id),
    added_at   TEXT NOT NULL,
    added_by   TEXT NOT NULL,
    done_at    TEXT,                            -- worked through
    done_by    TEXT NOT NULL DEFAULT '',
    PRIMARY KEY (list_id, case_id)
) STRICT, WITHOUT ROWID;
