-- +goose Up
-- A file that is restricted (violence, a member of the staff, somebody known) is
-- opened by whoever answers for it, and by others only after they wrote down why.
-- What was marked stays as it was marked; lifting it is written beside.
CREATE TABLE file_restriction (
    id             TEXT PRIMARY KEY,
    file_id        TEXT NOT NULL REFERENCES file (id),
    kind           TEXT NOT NULL CHECK (kind IN ('violence', 'staff', 'public_figure', 'other')),
    reason         TEXT NOT NULL CHECK (reason <> ''),
    unit           TEXT NOT NULL,                    -- of the head who marked it: its head answers for it
    unit_name      TEXT NOT NULL,
    marked_at      TEXT NOT NULL,
    marked_by      TEXT NOT NULL,                    -- user of the roster
    marked_by_name TEXT NOT NULL,
    lifted_at      TEXT,
    lifted_by_name TEXT NOT NULL DEFAULT '',
    lift_reason    TEXT NOT NULL DEFAULT '',
    CHECK ((lifted_at IS NULL) = (lift_reason = '')),
    CHECK ((lifted_at IS NULL) = (lifted_by_name = ''))
) STRICT, WITHOUT ROWID;
CREATE UNIQUE INDEX file_restriction_one ON file_restriction (file_id) WHERE lifted_at IS NULL;
CREATE INDEX file_restriction_of ON file_restriction (file_id, id);
CREATE TRIGGER file_restriction_marked BEFORE UPDATE OF id, kind, reason, unit, unit_name, marked_at, marked_by, marked_by_name ON file_restriction
    BEGIN SELECT RAISE(ABORT, 'what was marked is not rewritten'); END;
CREATE TRIGGER file_restriction_lifted BEFORE UPDATE OF lifted_at, lifted_by_name, lift_reason ON file_restriction WHEN OLD.lifted_at IS NOT NULL
    BEGIN SELECT RAISE(ABORT, 'what was lifted stays lifted'); END;
CREATE TRIGGER file_restriction_no_delete BEFORE DELETE ON file_restriction BEGIN SELECT RAISE(ABORT, 'restrictions are kept'); END;

-- Who opened such a file, why, and until when; and what the head said of it.
CREATE TABLE file_opening (
    id               TEXT PRIMARY KEY,               -- ULID: its order is the order of opening
    file_id          TEXT NOT NULL REFERENCES file (id),
    user_id          TEXT NOT NULL,                  -- of the roster
    name             TEXT NOT NULL,
    role             TEXT NOT NULL,
    unit             TEXT NOT NULL,
    unit_name        TEXT NOT NULL,
    reason           TEXT NOT NULL CHECK (reason <> ''),
    opened_at        TEXT NOT NULL,
    until            TEXT NOT NULL,
    shut_at          TEXT,                           -- shut by the same person before its time
    verdict          TEXT NOT NULL DEFAULT '' CHECK (verdict IN ('', 'right', 'wrong')),
    reviewed_at      TEXT,
    reviewed_by      TEXT NOT NULL DEFAULT '',       -- user of the roster
    reviewed_by_name TEXT NOT NULL DEFAULT '',
    review_note      TEXT NOT NULL DEFAULT '',
    CHECK ((verdict = '') = (reviewed_at IS NULL)),
    CHECK (verdict <> 'wrong' OR review_note <> ''),
    CHECK (user_id <> reviewed_by)                   -- nobody judges the own opening
) STRICT, WITHOUT ROWID;
CREATE INDEX file_opening_of ON file_opening (file_id, user_id, until);
CREATE INDEX file_opening_waiting ON file_opening (id) WHERE verdict = '';
CREATE TRIGGER file_opening_said BEFORE UPDATE OF id, user_id, name, role, unit, unit_name, reason, opened_at, until ON file_opening
    BEGIN SELECT RAISE(ABORT, 'an opening is not rewritten'); END;
CREATE TRIGGER file_opening_shut BEFORE UPDATE OF shut_at ON file_opening WHEN OLD.shut_at IS NOT NULL
    BEGIN SELECT RAISE(ABORT, 'an opening is shut once'); END;
CREATE TRIGGER file_opening_judged BEFORE UPDATE OF verdict, reviewed_at, reviewed_by, reviewed_by_name, review_note ON file_opening WHEN OLD.verdict <> ''
    BEGIN SELECT RAISE(ABORT, 'a review is not rewritten'); END;
CREATE TRIGGER file_opening_no_delete BEFORE DELETE ON file_opening BEGIN SELECT RAISE(ABORT, 'openings are kept'); END;

-- To protect a file, to open it and to look at who did is not to do something for
-- the person: it moves no case.
DROP TRIGGER case_moved;
-- +goose StatementBegin
CREATE TRIGGER case_moved AFTER INSERT ON audit
WHEN NEW.file_id <> '' AND NEW.role <> 'system' AND NEW.action NOT IN ('people.file_opened', 'screening.kept', 'attention.discard')
    AND NEW.action NOT GLOB 'case.*' AND NEW.action NOT GLOB 'attention.ticket_*' AND NEW.action NOT GLOB 'restriction.*'
BEGIN
    UPDATE case_file SET moved_at = NEW.at WHERE file_id = NEW.file_id AND status <> 'closed';
END;
-- +goose StatementEnd
