-- +goose Up
-- A protocol: the agreement with seven clauses between a unit of the
-- municipality and a counterpart. A row is one version of its text; the versions
-- of one agreement share its number, and what was referred keeps the version
-- that governed it.
CREATE TABLE protocol (
    id                TEXT PRIMARY KEY,
    agreement         TEXT NOT NULL,               -- id of the first version
    year              INTEGER NOT NULL,
    number            INTEGER NOT NULL CHECK (number > 0), -- 1, 2, 3 … within the year, of the agreement
    version           INTEGER NOT NULL CHECK (version > 0),
    revision          INTEGER NOT NULL DEFAULT 1,  -- grows with every save: what was read is what is signed
    state             TEXT NOT NULL CHECK (state IN ('draft', 'in-signature', 'in-force', 'ended')),
    title             TEXT NOT NULL,
    unit              TEXT NOT NULL,               -- of the municipality: its head signs
    unit_name         TEXT NOT NULL,
    all_desks         INTEGER NOT NULL CHECK (all_desks IN (0, 1)), -- governs what any desk refers, else the unit's only
    counterpart       TEXT NOT NULL,               -- unit or institution that receives
    counterpart_name  TEXT NOT NULL,
    eligibility       TEXT NOT NULL DEFAULT '',    -- what the criteria rows cannot say
    spots             INTEGER NOT NULL DEFAULT 0 CHECK (spots >= 0), -- in each period, 0 not limited
    spots_period      TEXT NOT NULL DEFAULT 'month' CHECK (spots_period IN ('month', 'quarter', 'year')),
    documents         TEXT NOT NULL DEFAULT '',    -- one a line
    process           TEXT NOT NULL DEFAULT '',
    answer            TEXT NOT NULL DEFAULT '',    -- the counter-referral
    citizen_days      INTEGER NOT NULL DEFAULT 0 CHECK (citizen_days >= 0), -- working days, 0 not said
    answer_days       INTEGER NOT NULL DEFAULT 0 CHECK (answer_days >= 0),
    valid_from        TEXT NOT NULL DEFAULT '',    -- first day
    valid_to          TEXT NOT NULL DEFAULT '',    -- last day
    evaluation        TEXT NOT NULL DEFAULT '',    -- when and how both look at the figures
    created_at        TEXT NOT NULL,
    created_by        TEXT NOT NULL,
    created_by_name   TEXT NOT NULL,
    changed_at        TEXT NOT NULL,
    changed_by_name   TEXT NOT NULL,
    changed_in        TEXT NOT NULL DEFAULT '',    -- the open form that saved it last: it may save again, whatever it has heard of its own saves
    approved_at       TEXT NOT NULL DEFAULT '',
    approved_by       TEXT NOT NULL DEFAULT '',
    approved_by_name  TEXT NOT NULL DEFAULT '',
    replaced_on       TEXT NOT NULL DEFAULT '',    -- first day of the next version, '' none: until then this one governs
    ended_at          TEXT NOT NULL DEFAULT '',
    ended_by_name     TEXT NOT NULL DEFAULT '',
    reason            TEXT NOT NULL DEFAULT '',    -- why it was sent back or ended, the last time
    CHECK (state <> 'ended' OR reason <> ''),
    CHECK ((state = 'in-force') <= (approved_at <> '')),
    UNIQUE (agreement, version),
    UNIQUE (year, number, version)
) STRICT;
-- Of one agreement one text is being written, however often it is asked for.
CREATE UNIQUE INDEX protocol_writing ON protocol (agreement) WHERE state IN ('draft', 'in-signature');
CREATE INDEX protocol_governing ON protocol (counterpart) WHERE state = 'in-force';

-- The catalogue items it covers, with their names of then; none: all of the counterpart's.
CREATE TABLE protocol_item (
    protocol_id TEXT NOT NULL REFERENCES protocol (id),
    code        TEXT NOT NULL,
    name        TEXT NOT NULL,
    PRIMARY KEY (protocol_id, code)
) STRICT, WITHOUT ROWID;

-- Criteria are rows, as the catalogue's.
CREATE TABLE protocol_criterion (
    protocol_id TEXT NOT NULL REFERENCES protocol (id),
    requirement INTEGER NOT NULL,
    alternative INTEGER NOT NULL,
    position    INTEGER NOT NULL,
    scope       TEXT NOT NULL CHECK (scope IN ('person', 'any_member', 'household')),
    attribute   TEXT NOT NULL,
    operator    TEXT NOT NULL CHECK (operator IN ('<', '<=', '>', '>=', '=', 'is', 'within', 'not_within')),
    value       TEXT NOT NULL,
    PRIMARY KEY (protocol_id, requirement, alternative, position)
) STRICT, WITHOUT ROWID;

CREATE TABLE protocol_signature (
    protocol_id TEXT NOT NULL REFERENCES protocol (id),
    side        TEXT NOT NULL CHECK (side IN ('municipality', 'counterpart')),
    name        TEXT NOT NULL,
    position    TEXT NOT NULL,
    signed_on   TEXT NOT NULL,
    on_paper    INTEGER NOT NULL CHECK (on_paper IN (0, 1)), -- recorded here by by_name
    at          TEXT NOT NULL,
    by_id       TEXT NOT NULL,
    by_name     TEXT NOT NULL,
    PRIMARY KEY (protocol_id, side)
) STRICT, WITHOUT ROWID;

-- Every change of state: who, when, from, to, why.
CREATE TABLE protocol_history (
    protocol_id TEXT NOT NULL REFERENCES protocol (id),
    seq         INTEGER NOT NULL,
    what        TEXT NOT NULL CHECK (what IN ('created', 'sent', 'signed', 'returned', 'approved', 'replaced', 'ended')),
    note        TEXT NOT NULL,
    at          TEXT NOT NULL,
    user_id     TEXT NOT NULL,
    name        TEXT NOT NULL,
    role        TEXT NOT NULL,
    PRIMARY KEY (protocol_id, seq)
) STRICT, WITHOUT ROWID;
CREATE TRIGGER protocol_history_no_update BEFORE UPDATE ON protocol_history BEGIN SELECT RAISE(ABORT, 'history is append-only'); END;
CREATE TRIGGER protocol_history_no_delete BEFORE DELETE ON protocol_history BEGIN SELECT RAISE(ABORT, 'history is append-only'); END;
-- What was sent to be signed is not rewritten.
CREATE TRIGGER protocol_agreed BEFORE UPDATE OF agreement, year, number, version, revision, title, unit, unit_name, all_desks, counterpart, counterpart_name,
    eligibility, spots, spots_period, documents, process, answer, citizen_days, answer_days, valid_from, valid_to, evaluation ON protocol
    WHEN OLD.state <> 'draft' BEGIN SELECT RAISE(ABORT, 'only a draft is written'); END;
CREATE TRIGGER protocol_no_delete BEFORE DELETE ON protocol BEGIN SELECT RAISE(ABORT, 'protocols are kept'); END;
CREATE TRIGGER protocol_item_agreed BEFORE INSERT ON protocol_item WHEN (SELECT state FROM protocol WHERE id = NEW.protocol_id) <> 'draft'
    BEGIN SELECT RAISE(ABORT, 'only a draft is written'); END;
CREATE TRIGGER protocol_item_kept BEFORE DELETE ON protocol_item WHEN (SELECT state FROM protocol WHERE id = OLD.protocol_id) <> 'draft'
    BEGIN SELECT RAISE(ABORT, 'only a draft is written'); END;
CREATE TRIGGER protocol_criterion_agreed BEFORE INSERT ON protocol_criterion WHEN (SELECT state FROM protocol WHERE id = NEW.protocol_id) <> 'draft'
    BEGIN SELECT RAISE(ABORT, 'only a draft is written'); END;
CREATE TRIGGER protocol_criterion_kept BEFORE DELETE ON protocol_criterion WHEN (SELECT state FROM protocol WHERE id = OLD.protocol_id) <> 'draft'
    BEGIN SELECT RAISE(ABORT, 'only a draft is written'); END;

-- Spots are counted from the referrals that hold one, so that no count can drift.
CREATE INDEX referral_spot ON referral (protocol_id, spot_period) WHERE spot_period <> '';
-- And so is the evaluation.
CREATE INDEX referral_protocol ON referral (protocol_id, created_at) WHERE protocol_id <> '';
