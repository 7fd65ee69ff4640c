-- +goose Up
-- What a person asks about the data that the municipality holds on them, and how it
-- was answered. The law gives 30 days.
CREATE TABLE data_request (
    id               TEXT PRIMARY KEY,
    year             INTEGER NOT NULL,
    number           INTEGER NOT NULL,
    file_id          TEXT REFERENCES file (id),  -- NULL: the municipality holds nothing on the person
    person_name      TEXT NOT NULL,              -- as they were on that day
    person_number    TEXT NOT NULL,
    kind             TEXT NOT NULL CHECK (kind IN ('access', 'rectification', 'erasure', 'objection', 'portability', 'blocking')),
    asked            TEXT NOT NULL,              -- in the person's words
    channel          TEXT NOT NULL CHECK (channel IN ('in_person', 'letter', 'email')),
    proof            TEXT NOT NULL CHECK (proof IN ('id_card', 'clave_unica', 'power', 'legal', 'other')),
    agent            TEXT NOT NULL DEFAULT '',   -- who asks for the person, '' the person
    answer_to        TEXT NOT NULL DEFAULT '',   -- address or mail for the answer, '' it is fetched
    received_on      TEXT NOT NULL,
    due_on           TEXT NOT NULL,
    state            TEXT NOT NULL CHECK (state IN ('open', 'answered')),
    outcome          TEXT NOT NULL DEFAULT '' CHECK (outcome IN ('', 'granted', 'partly', 'refused', 'no_data', 'withdrawn')),
    answer           TEXT NOT NULL DEFAULT '',
    delivery         TEXT NOT NULL DEFAULT '' CHECK (delivery IN ('', 'in_person', 'letter', 'email')),
    answered_on      TEXT,
    answered_by      TEXT NOT NULL DEFAULT '',
    answered_by_name TEXT NOT NULL DEFAULT '',
    key              TEXT NOT NULL UNIQUE,       -- of the form: sent twice, it is one request
    created_at       TEXT NOT NULL,
    created_by       TEXT NOT NULL,
    created_by_name  TEXT NOT NULL,
    UNIQUE (year, number),
    CHECK ((state = 'answered') = (outcome <> '')),
    CHECK ((state = 'answered') = (answered_on IS NOT NULL))
) STRICT, WITHOUT ROWID;
CREATE INDEX data_request_open ON data_request (due_on, id) WHERE state = 'open';
CREATE INDEX data_request_of ON data_request (file_id, id);
CREATE TRIGGER data_request_no_delete BEFORE DELETE ON data_request BEGIN SELECT RAISE(ABORT, 'requests are kept'); END;
CREATE TRIGGER data_request_answered BEFORE UPDATE ON data_request
WHEN OLD.state = 'answered' AND (NEW.state, NEW.outcome, NEW.answer, NEW.answered_on) IS NOT (OLD.state, OLD.outcome, OLD.answer, OLD.answered_on)
BEGIN SELECT RAISE(ABORT, 'an answer stays as it was given'); END;

CREATE TABLE data_request_history (
    request_id TEXT NOT NULL REFERENCES data_request (id),
    seq        INTEGER NOT NULL,
    at         TEXT NOT NULL,
    user_id    TEXT NOT NULL,
    name       TEXT NOT NULL,
    role       TEXT NOT NULL,
    what       TEXT NOT NULL CHECK (what IN ('received', 'note', 'package', 'answered')),
    note       TEXT NOT NULL DEFAULT '',
    PRIMARY KEY (request_id, seq)
) STRICT, WITHOUT ROWID;
CREATE TRIGGER data_request_history_no_update BEFORE UPDATE ON data_request_history BEGIN SELECT RAISE(ABORT, 'history is append-only'); END;
CREATE TRIGGER data_request_history_no_delete BEFORE DELETE ON data_request_history BEGIN SELECT RAISE(ABORT, 'history is append-only'); END;
