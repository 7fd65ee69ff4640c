-- +goose Up
-- A diagnosis: how a social worker judges the life of a household, dimension by
-- dimension, on a day. A file has one draft, that its workers share; what was
-- finished never changes, and a later judgement is a diagnosis of its own.
CREATE TABLE diagnosis (
    id              TEXT PRIMARY KEY,
    file_id         TEXT NOT NULL REFERENCES file (id),
    state           TEXT NOT NULL DEFAULT 'draft' CHECK (state IN ('draft', 'done', 'discarded')),
    started_at      TEXT NOT NULL,
    started_by      TEXT NOT NULL,
    started_by_name TEXT NOT NULL,
    done_at         TEXT,                          -- when it was finished, or discarded
    done_by         TEXT NOT NULL DEFAULT '',
    done_by_name    TEXT NOT NULL DEFAULT '',
    unit_name       TEXT NOT NULL DEFAULT '',      -- where who finished it worked
    risk            TEXT NOT NULL DEFAULT '' CHECK (risk IN ('', 'low', 'medium', 'high', 'critical')),  -- that counts: the worker's own, else the rules'
    verdict         TEXT NOT NULL DEFAULT '',      -- JSON: what the rules said, by which rule, because of what
    marks           TEXT NOT NULL DEFAULT '[]',    -- JSON: what the rules knew of the household
    ecomap          TEXT NOT NULL DEFAULT '[]',    -- JSON: the ties of that day
    CHECK ((state = 'draft') = (done_at IS NULL)),
    CHECK ((state = 'done') = (risk <> ''))
) STRICT, WITHOUT ROWID;
CREATE UNIQUE INDEX diagnosis_draft ON diagnosis (file_id) WHERE state = 'draft';
-- The header of the person's pages asks for the risk of the last one.
CREATE INDEX diagnosis_of ON diagnosis (file_id, state, done_at, risk);

-- What a diagnosis says of one dimension; "whole" is what it says of all together:
-- its summary, and the risk that the worker sees where that is not the rules'.
CREATE TABLE diagnosis_part (
    diagnosis_id    TEXT NOT NULL REFERENCES diagnosis (id),
    dimension       TEXT NOT NULL CHECK (dimension IN ('family', 'income', 'housing', 'health', 'education', 'care', 'networks', 'whole')),
    level           TEXT NOT NULL DEFAULT '' CHECK (CASE dimension WHEN 'whole' THEN level IN ('', 'low', 'medium', 'high', 'critical')
                        ELSE level IN ('', 'adequate', 'at_risk', 'critical') END),
    situation       TEXT NOT NULL DEFAULT '',
    note            TEXT NOT NULL DEFAULT '',
    known           TEXT NOT NULL DEFAULT '',      -- what the registries said when the draft began
    changed_at      TEXT NOT NULL,
    changed_by_name TEXT NOT NULL,
    page            TEXT NOT NULL DEFAULT '',      -- on which it was written last: see attention.page
    PRIMARY KEY (diagnosis_id, dimension)
) STRICT, WITHOUT ROWID;

CREATE TRIGGER diagnosis_stays BEFORE UPDATE OF state, started_at, started_by, started_by_name, done_at, done_by, done_by_name, unit_name, risk, verdict, marks, ecomap
ON diagnosis WHEN OLD.state <> 'draft' BEGIN SELECT RAISE(ABORT, 'a finished diagnosis stays'); END;
CREATE TRIGGER diagnosis_no_delete BEFORE DELETE ON diagnosis BEGIN SELECT RAISE(ABORT, 'diagnoses are kept'); END;
CREATE TRIGGER diagnosis_part_stays BEFORE UPDATE ON diagnosis_part
WHEN (SELECT state FROM diagnosis WHERE id = OLD.diagnosis_id) <> 'draft' BEGIN SELECT RAISE(ABORT, 'a finished diagnosis stays'); END;
CREATE TRIGGER diagnosis_part_late BEFORE INSERT ON diagnosis_part
WHEN (SELECT state FROM diagnosis WHERE id = NEW.diagnosis_id) <> 'draft' BEGIN SELECT RAISE(ABORT, 'a finished diagnosis stays'); END;
CREATE TRIGGER diagnosis_part_no_delete BEFORE DELETE ON diagnosis_part BEGIN SELECT RAISE(ABORT, 'diagnoses are kept'); END;

-- The rules by which the risk follows from the levels. The first that is met
-- counts; when none is, the risk is low.
CREATE TABLE risk_rule (
    position   INTEGER PRIMARY KEY,
    risk       TEXT NOT NULL CHECK (risk IN ('medium', 'high', 'critical')),
    level      TEXT NOT NULL CHECK (level IN ('at_risk', 'critical')),  -- this level or worse
    at_least   INTEGER NOT NULL CHECK (at_least BETWEEN 1 AND 7),       -- in so many dimensions
    dimensions TEXT NOT NULL DEFAULT '[]',                              -- JSON: of these; empty: of all
    mark       TEXT NOT NULL DEFAULT '' CHECK (mark IN ('', 'minors', 'dependency', 'older_alone', 'pregnancy', 'disability', 'crowding'))  -- and the household has this
) STRICT;
INSERT INTO risk_rule (position, risk, level, at_least, dimensions, mark) VALUES
    (10, 'critical', 'critical', 1, '["family"]', 'minors'),
    (20, 'critical', 'critical', 1, '["care"]', 'dependency'),
    (30, 'critical', 'critical', 3, '[]', ''),
    (40, 'high', 'critical', 2, '[]', ''),
    (50, 'high', 'critical', 1, '["family","health","care"]', ''),
    (60, 'high', 'at_risk', 1, '["networks","care"]', 'older_alone'),
    (70, 'high', 'at_risk', 4, '[]', ''),
    (80, 'medium', 'critical', 1, '[]', ''),
    (90, 'medium', 'at_risk', 1, '["family"]', 'minors'),
    (100, 'medium', 'at_risk', 2, '[]', '');

-- The support network of a person: who there is, and how the tie is.
CREATE TABLE ecomap_tie (
    id              TEXT PRIMARY KEY,
    file_id         TEXT NOT NULL REFERENCES file (id),
    key             TEXT NOT NULL UNIQUE,          -- of the form that added it: sent twice, it is one
    kind            TEXT NOT NULL CHECK (kind IN ('family', 'friends', 'neighbours', 'school', 'health', 'work', 'community', 'faith', 'municipality', 'institution')),
    name            TEXT NOT NULL,
    tie             TEXT NOT NULL CHECK (tie IN ('strong', 'weak', 'conflicting')),
    note            TEXT NOT NULL DEFAULT '',
    created_at      TEXT NOT NULL,
    changed_at      TEXT NOT NULL,
    changed_by_name TEXT NOT NULL,
    version         INTEGER NOT NULL DEFAULT 1,
    removed_at      TEXT
) STRICT, WITHOUT ROWID;
CREATE INDEX ecomap_tie_of ON ecomap_tie (file_id, id);
CREATE TABLE ecomap_history (
    tie_id  TEXT NOT NULL REFERENCES ecomap_tie (id),
    seq     INTEGER NOT NULL,
    at      TEXT NOT NULL,
    user_id TEXT NOT NULL,
    by_name TEXT NOT NULL,
    role    TEXT NOT NULL,
    what    TEXT NOT NULL CHECK (what IN ('added', 'changed', 'removed', 'restored')),
    kind    TEXT NOT NULL,
    name    TEXT NOT NULL,
    tie     TEXT NOT NULL,
    note    TEXT NOT NULL,
    PRIMARY KEY (tie_id, seq)
) STRICT, WITHOUT ROWID;
CREATE TRIGGER ecomap_tie_no_delete BEFORE DELETE ON ecomap_tie BEGIN SELECT RAISE(ABORT, 'ties are kept'); END;
CREATE TRIGGER ecomap_history_no_update BEFORE UPDATE ON ecomap_history BEGIN SELECT RAISE(ABORT, 'history is append-only'); END;
CREATE TRIGGER ecomap_history_no_delete BEFORE DELETE ON ecomap_history BEGIN SELECT RAISE(ABORT, 'history is append-only'); END;

-- What a case is for, and what the family has agreed to do.
CREATE TABLE goal (
    id              TEXT PRIMARY KEY,
    file_id         TEXT NOT NULL REFERENCES file (id),
    key             TEXT NOT NULL UNIQUE,
    dimension       TEXT NOT NULL DEFAULT '' CHECK (dimension IN ('', 'family', 'income', 'housing', 'health', 'education', 'care', 'networks')),
    text            TEXT NOT NULL,
    due_on          TEXT,                          -- civil date
    state           TEXT NOT NULL DEFAULT 'open' CHECK (state IN ('open', 'achieved', 'not_achieved', 'withdrawn')),
    reason          TEXT NOT NULL DEFAULT '',
    created_at      TEXT NOT NULL,
    created_by_name TEXT NOT NULL,
    changed_at      TEXT NOT NULL,
    changed_by_name TEXT NOT NULL,
    version         INTEGER NOT NULL DEFAULT 1
) STRICT, WITHOUT ROWID;
CREATE INDEX goal_of ON goal (file_id, id);
CREATE TABLE commitment (
    id              TEXT PRIMARY KEY,
    file_id         TEXT NOT NULL REFERENCES file (id),
    key             TEXT NOT NULL UNIQUE,
    goal_id         TEXT REFERENCES goal (id),     -- NULL for one that stands by itself
    text            TEXT NOT NULL,
    by_whom         TEXT NOT NULL,                 -- who of the family has agreed to it
    due_on          TEXT,                          -- civil date
    state           TEXT NOT NULL DEFAULT 'open' CHECK (state IN ('open', 'achieved', 'not_achieved', 'withdrawn')),
    reason          TEXT NOT NULL DEFAULT '',
    created_at      TEXT NOT NULL,
    created_by_name TEXT NOT NULL,
    changed_at      TEXT NOT NULL,
    changed_by_name TEXT NOT NULL,
    version         INTEGER NOT NULL DEFAULT 1
) STRICT, WITHOUT ROWID;
CREATE INDEX commitment_of ON commitment (file_id, id);
-- The week of a worker has what falls due.
CREATE INDEX commitment_due ON commitment (due_on, file_id) WHERE state = 'open' AND due_on IS NOT NULL;
CREATE INDEX goal_due ON goal (due_on, file_id) WHERE state = 'open' AND due_on IS NOT NULL;

-- The plan items by which a goal, or a commitment, is pursued.
CREATE TABLE pursuit (
    owner_id TEXT NOT NULL,                        -- the goal or commitment
    item_id  TEXT NOT NULL,                        -- of plan_item
    PRIMARY KEY (owner_id, item_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX pursuit_item ON pursuit (item_id);

CREATE TABLE goal_history (
    owner_id TEXT NOT NULL,                        -- the goal or commitment
    seq      INTEGER NOT NULL,
    at       TEXT NOT NULL,
    user_id  TEXT NOT NULL,
    by_name  TEXT NOT NULL,
    role     TEXT NOT NULL,
    was      TEXT NOT NULL,                        -- '' when it began
    became   TEXT NOT NULL,
    text     TEXT NOT NULL,
    due_on   TEXT,
    reason   TEXT NOT NULL,
    PRIMARY KEY (owner_id, seq)
) STRICT, WITHOUT ROWID;
CREATE TRIGGER goal_no_delete BEFORE DELETE ON goal BEGIN SELECT RAISE(ABORT, 'goals are kept'); END;
CREATE TRIGGER commitment_no_delete BEFORE DELETE ON commitment BEGIN SELECT RAISE(ABORT, 'commitments are kept'); END;
CREATE TRIGGER goal_history_no_update BEFORE UPDATE ON goal_history BEGIN SELECT RAISE(ABORT, 'history is append-only'); END;
CREATE TRIGGER goal_history_no_delete BEFORE DELETE ON goal_history BEGIN SELECT RAISE(ABORT, 'history is append-only'); END;
