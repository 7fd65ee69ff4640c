-- +goose Up
-- A social report: who it is about, where it stands, and what its signature,
-- approval, issue and annulment left. What it says stands in its parts.
CREATE TABLE report (
    id                  TEXT PRIMARY KEY,
    file_id             TEXT NOT NULL REFERENCES file (id),
    key                 TEXT NOT NULL DEFAULT '',   -- of the form that began it: sent twice, one report
    state               TEXT NOT NULL CHECK (state IN ('draft', 'signed', 'approved', 'issued', 'annulled')),
    version             INTEGER NOT NULL DEFAULT 1, -- grows with every change of this row
    year                INTEGER NOT NULL DEFAULT 0, -- of the folio; 0 until it is signed
    number              INTEGER NOT NULL DEFAULT 0, -- 1, 2, 3 … within the year, no gaps
    plan_id             TEXT NOT NULL DEFAULT '',   -- the plan that asked for it, '' for none
    item_id             TEXT NOT NULL DEFAULT '',
    previous_id         TEXT REFERENCES report (id), -- the report that this one takes the place of
    purpose_code        TEXT NOT NULL,              -- of the catalogue, category C; '' for none of it
    purpose             TEXT NOT NULL,              -- a copy of what the part says, for lists
    due_on              TEXT,                       -- the same
    unit                TEXT NOT NULL,              -- code of the unit that writes it
    unit_name           TEXT NOT NULL,
    created_at          TEXT NOT NULL,
    created_by          TEXT NOT NULL,
    created_by_name     TEXT NOT NULL,
    author_id           TEXT NOT NULL DEFAULT '',   -- who signed it
    author_name         TEXT NOT NULL DEFAULT '',
    author_profession   TEXT NOT NULL DEFAULT '',
    author_registration TEXT NOT NULL DEFAULT '',   -- number in the professional register
    signed_at           TEXT,
    sha256              TEXT NOT NULL DEFAULT '',   -- of what was signed
    code                TEXT NOT NULL DEFAULT '',   -- by which anybody can check the paper
    approval_needed     INTEGER NOT NULL DEFAULT 0 CHECK (approval_needed IN (0, 1)),
    head_name           TEXT NOT NULL DEFAULT '',   -- who approves, as the paper says it
    head_position       TEXT NOT NULL DEFAULT '',
    approved_at         TEXT,
    approved_by         TEXT NOT NULL DEFAULT '',
    approved_by_name    TEXT NOT NULL DEFAULT '',
    comment             TEXT NOT NULL DEFAULT '',   -- the head's last words on it
    issued_at           TEXT,
    issued_by           TEXT NOT NULL DEFAULT '',
    issued_by_name      TEXT NOT NULL DEFAULT '',
    annulled_at         TEXT,
    annulled_by         TEXT NOT NULL DEFAULT '',
    annulled_by_name    TEXT NOT NULL DEFAULT '',
    annul_reason        TEXT NOT NULL DEFAULT '',
    CHECK (state IN ('draft', 'annulled') OR number > 0),
    CHECK ((number > 0) = (year > 0)),
    CHECK ((state = 'annulled') = (annulled_at IS NOT NULL)),
    CHECK (state <> 'annulled' OR annul_reason <> '')
) STRICT;
CREATE INDEX report_of ON report (file_id, id);
CREATE INDEX report_item ON report (item_id) WHERE item_id <> '';
CREATE INDEX report_due ON report (created_by, due_on) WHERE state = 'draft' AND due_on IS NOT NULL;
CREATE UNIQUE INDEX report_once ON report (file_id, key) WHERE key <> '';
CREATE UNIQUE INDEX report_folio ON report (year, number) WHERE number > 0;
CREATE UNIQUE INDEX report_code ON report (code) WHERE code <> '';
CREATE TRIGGER report_no_delete BEFORE DELETE ON report BEGIN SELECT RAISE(ABORT, 'reports are kept'); END;

-- One part of what a report says: while somebody types it, this one row changes.
CREATE TABLE report_part (
    report_id       TEXT NOT NULL REFERENCES report (id),
    part            TEXT NOT NULL CHECK (part IN ('purpose', 'household', 'socioeconomic', 'housing', 'health', 'education', 'networks', 'opinion', 'requests')),
    version         INTEGER NOT NULL DEFAULT 1,     -- grows with every save
    body            TEXT NOT NULL,                  -- JSON
    page            TEXT NOT NULL DEFAULT '',       -- the open page that wrote it last
    turn            INTEGER NOT NULL DEFAULT 0,     -- its saves are numbered: one that comes late changes nothing
    changed_at      TEXT NOT NULL,
    changed_by      TEXT NOT NULL,
    changed_by_name TEXT NOT NULL,
    PRIMARY KEY (report_id, part)
) STRICT;
CREATE TRIGGER report_part_no_delete BEFORE DELETE ON report_part BEGIN SELECT RAISE(ABORT, 'reports are kept'); END;
CREATE TRIGGER report_part_frozen BEFORE UPDATE ON report_part
WHEN (SELECT state FROM report WHERE id = OLD.report_id) <> 'draft'
BEGIN SELECT RAISE(ABORT, 'only a draft is written'); END;

-- What somebody typed in a part that somebody else had written meanwhile: kept
-- aside until one of both decides. It goes when that is done.
CREATE TABLE report_aside (
    report_id TEXT NOT NULL REFERENCES report (id),
    part      TEXT NOT NULL,
    user_id   TEXT NOT NULL,
    name      TEXT NOT NULL,
    body      TEXT NOT NULL,                        -- JSON
    at        TEXT NOT NULL,
    PRIMARY KEY (report_id, part, user_id)
) STRICT;

-- Where a report stood since when, who moved it, and what was said about it.
CREATE TABLE report_history (
    report_id TEXT NOT NULL REFERENCES report (id),
    seq       INTEGER NOT NULL,
    at        TEXT NOT NULL,
    user_id   TEXT NOT NULL,
    name      TEXT NOT NULL,
    role      TEXT NOT NULL,
    was       TEXT NOT NULL,                        -- '' for a new one
    became    TEXT NOT NULL,
    note      TEXT NOT NULL,
    PRIMARY KEY (report_id, seq)
) STRICT, WITHOUT ROWID;
CREATE TRIGGER report_history_no_update BEFORE UPDATE ON report_history BEGIN SELECT RAISE(ABORT, 'history is append-only'); END;
CREATE TRIGGER report_history_no_delete BEFORE DELETE ON report_history BEGIN SELECT RAISE(ABORT, 'history is append-only'); END;
