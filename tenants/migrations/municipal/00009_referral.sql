-- +goose Up
-- A referral: one person's request on its way to a unit or an institution, and
-- its answer on the way back. What was asked stays as it was asked, but for a
-- correction after it was returned; every step is a row of its history.
CREATE TABLE referral (
    id               TEXT PRIMARY KEY,
    file_id          TEXT NOT NULL REFERENCES file (id),
    key              TEXT NOT NULL DEFAULT '',       -- what makes a form that is sent twice make one; '' none
    year             INTEGER NOT NULL,
    number           INTEGER NOT NULL CHECK (number > 0), -- 1, 2, 3 … within the year, no gaps
    origin           TEXT NOT NULL,                  -- unit code of the sender's desk, of a desk without unit its role
    origin_name      TEXT NOT NULL,                  -- as it was called that day, '' for a desk without unit
    created_by       TEXT NOT NULL,
    created_by_name  TEXT NOT NULL,
    created_at       TEXT NOT NULL,
    unit             TEXT NOT NULL,                  -- code of the destination; '' for one that is known by name only
    unit_name        TEXT NOT NULL,
    kind             TEXT NOT NULL CHECK (kind IN ('integrated', 'municipal', 'institution')),
    code             TEXT NOT NULL,                  -- of the catalogue; '' when casework itself is asked for
    name             TEXT NOT NULL,
    category         TEXT NOT NULL,
    subcategory      TEXT NOT NULL,
    provider         TEXT NOT NULL,
    member           TEXT NOT NULL DEFAULT '',       -- holder of the household member concerned
    member_name      TEXT NOT NULL DEFAULT '',
    fields           TEXT NOT NULL,                  -- JSON list of the item's own fields with label and value
    requirements     TEXT NOT NULL,                  -- JSON list of documents
    note             TEXT NOT NULL DEFAULT '',
    override_reason  TEXT NOT NULL DEFAULT '',       -- why it was made against the advice
    source           TEXT NOT NULL CHECK (source IN ('plan', 'attention', 'screening', 'own')),
    plan_id          TEXT NOT NULL DEFAULT '',
    plan_item_id     TEXT NOT NULL DEFAULT '',
    attention_id     TEXT NOT NULL DEFAULT '',
    protocol_id      TEXT NOT NULL DEFAULT '',
    protocol_version INTEGER NOT NULL DEFAULT 0,
    spot_period      TEXT NOT NULL DEFAULT '',       -- '' no spot reserved
    state            TEXT NOT NULL CHECK (state IN ('sent', 'received', 'in-progress', 'waiting', 'answered', 'closed', 'returned', 'cancelled')),
    waiting_for      TEXT NOT NULL DEFAULT '' CHECK (waiting_for IN ('', 'documents', 'waiting-list')),
    waiting_since    TEXT,
    documents_due    TEXT,                           -- last day to bring what is missing
    promise          INTEGER NOT NULL CHECK (promise >= 0), -- working days in which an answer is promised
    due              TEXT NOT NULL,                  -- last day of the promise; moves when a wait ends
    paused_days      INTEGER NOT NULL DEFAULT 0,     -- working days that the clock stood still
    outcome          TEXT NOT NULL DEFAULT '' CHECK (outcome IN ('', 'granted', 'not-granted', 'did-not-attend', 'withdrawn', 'not-applicable')),
    reason_code      TEXT NOT NULL DEFAULT '',
    reason           TEXT NOT NULL DEFAULT '',       -- of the last step that needs one
    answer_note      TEXT NOT NULL DEFAULT '',
    answered_at      TEXT,
    answered_by      TEXT NOT NULL DEFAULT '',
    answered_by_name TEXT NOT NULL DEFAULT '',
    assigned         TEXT NOT NULL DEFAULT '',       -- who of the unit handles it
    assigned_name    TEXT NOT NULL DEFAULT '',
    external_number  TEXT NOT NULL DEFAULT '',       -- of the destination's own system
    external_status  TEXT NOT NULL DEFAULT '',
    external_on      TEXT,
    version          INTEGER NOT NULL DEFAULT 1,
    changed_at       TEXT NOT NULL,
    reopened         INTEGER NOT NULL DEFAULT 0,
    UNIQUE (year, number),
    CHECK ((state = 'waiting') = (waiting_for <> '')),
    CHECK ((state IN ('answered', 'closed')) = (outcome <> '')),
    CHECK ((outcome <> '') = (answered_at IS NOT NULL)),
    CHECK (outcome IN ('', 'granted') AND state NOT IN ('returned', 'cancelled') OR reason <> '')
) STRICT;
CREATE UNIQUE INDEX referral_key ON referral (file_id, key) WHERE key <> '';
CREATE INDEX referral_file ON referral (file_id, id, state);
CREATE INDEX referral_plan ON referral (plan_id, id) WHERE plan_id <> '';
-- The blocks of the inbox, each in the order it is read in; what filters ask for
-- stands in the index, so that rows that are not shown are not read.
CREATE INDEX referral_new ON referral (unit, due, id, code, assigned) WHERE state = 'sent';
CREATE INDEX referral_progress ON referral (unit, due, id, code, assigned) WHERE state IN ('received', 'in-progress');
CREATE INDEX referral_running ON referral (unit, due, id, code, assigned) WHERE state IN ('sent', 'received', 'in-progress');
CREATE INDEX referral_waiting ON referral (unit, due, id, code, assigned) WHERE state = 'waiting';
CREATE INDEX referral_answered ON referral (unit, answered_at, id, code, assigned) WHERE state IN ('answered', 'closed');
CREATE INDEX referral_returned ON referral (unit, changed_at, id, code, assigned) WHERE state = 'returned';
-- The same for who sent them.
CREATE INDEX referral_out_open ON referral (origin, due, id, code, unit) WHERE state IN ('sent', 'received', 'in-progress', 'waiting');
CREATE INDEX referral_out_answered ON referral (origin, answered_at, id, code, unit) WHERE state = 'answered';
CREATE INDEX referral_out_returned ON referral (origin, changed_at, id, code, unit) WHERE state = 'returned';
CREATE INDEX referral_out_over ON referral (origin, changed_at, id, code, unit) WHERE state IN ('closed', 'cancelled');
CREATE INDEX referral_answer_of ON referral (created_by, answered_at, id) WHERE answered_at IS NOT NULL;
-- What the clock ends by itself.
CREATE INDEX referral_acknowledge ON referral (answered_at) WHERE state = 'answered';
CREATE INDEX referral_documents ON referral (documents_due) WHERE state = 'waiting' AND documents_due IS NOT NULL;

-- Every step: who, when, from, to, why. Replayed, it gives the present.
CREATE TABLE referral_history (
    referral_id TEXT NOT NULL REFERENCES referral (id),
    seq         INTEGER NOT NULL,
    version     INTEGER NOT NULL,                    -- of the referral after the step
    verb        TEXT NOT NULL,
    was         TEXT NOT NULL,                       -- '' when it was made
    became      TEXT NOT NULL,
    outcome     TEXT NOT NULL DEFAULT '',
    detail      TEXT NOT NULL DEFAULT '',            -- what is waited for; to whom it was assigned; the external number
    reason      TEXT NOT NULL DEFAULT '',
    note        TEXT NOT NULL DEFAULT '',
    at          TEXT NOT NULL,
    user_id     TEXT NOT NULL,                       -- '' for the program itself
    name        TEXT NOT NULL,
    role        TEXT NOT NULL,
    unit        TEXT NOT NULL,
    PRIMARY KEY (referral_id, seq)
) STRICT, WITHOUT ROWID;
CREATE TRIGGER referral_history_no_update BEFORE UPDATE ON referral_history BEGIN SELECT RAISE(ABORT, 'history is append-only'); END;
CREATE TRIGGER referral_history_no_delete BEFORE DELETE ON referral_history BEGIN SELECT RAISE(ABORT, 'history is append-only'); END;
CREATE TRIGGER referral_asked BEFORE UPDATE OF year, number, origin, origin_name, created_by, created_by_name, created_at, code, name,
    category, subcategory, provider, source, plan_id, plan_item_id, attention_id ON referral
    BEGIN SELECT RAISE(ABORT, 'what was asked is not rewritten'); END;
CREATE TRIGGER referral_no_delete BEFORE DELETE ON referral BEGIN SELECT RAISE(ABORT, 'referrals are kept'); END;
