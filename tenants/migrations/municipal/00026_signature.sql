-- +goose Up
-- What was signed, word for word: the text that its digest was taken of. A report
-- that was returned for correction and signed again has one row for each signature.
CREATE TABLE report_text (
    report_id TEXT NOT NULL REFERENCES report (id),
    revision  INTEGER NOT NULL CHECK (revision > 0),
    code      TEXT NOT NULL UNIQUE,             -- by which anybody can check the paper
    text      TEXT NOT NULL,                    -- JSON: the report, its author and its code
    sha256    TEXT NOT NULL,                    -- of the text, in hexadecimal
    method    TEXT NOT NULL,                    -- of the signature: simple
    value     BLOB,                             -- what a signing service gave as its proof; NULL for the simple one
    signed_at TEXT NOT NULL,
    signed_by TEXT NOT NULL,                    -- user of the roster
    PRIMARY KEY (report_id, revision)
) STRICT;
CREATE TRIGGER report_text_no_update BEFORE UPDATE ON report_text BEGIN SELECT RAISE(ABORT, 'what was signed is kept'); END;
CREATE TRIGGER report_text_no_delete BEFORE DELETE ON report_text BEGIN SELECT RAISE(ABORT, 'what was signed is kept'); END;

-- A version of a report that takes the place of an earlier one, and why. The
-- earlier one is annulled when this one is issued.
CREATE TABLE report_replacement (
    report_id   TEXT PRIMARY KEY REFERENCES report (id),
    previous_id TEXT NOT NULL REFERENCES report (id),
    reason      TEXT NOT NULL CHECK (reason <> ''),
    at          TEXT NOT NULL,
    by_id       TEXT NOT NULL,
    by_name     TEXT NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX report_replaced ON report_replacement (previous_id);
CREATE TRIGGER report_replacement_no_update BEFORE UPDATE ON report_replacement BEGIN SELECT RAISE(ABORT, 'history is append-only'); END;
CREATE TRIGGER report_replacement_no_delete BEFORE DELETE ON report_replacement BEGIN SELECT RAISE(ABORT, 'history is append-only'); END;

-- A number that was given stays with its report, and what was annulled stays so.
CREATE TRIGGER report_folio_stays BEFORE UPDATE OF year, number ON report
WHEN OLD.number > 0 AND (NEW.number <> OLD.number OR NEW.year <> OLD.year)
BEGIN SELECT RAISE(ABORT, 'a folio is given once'); END;
CREATE TRIGGER report_annulled_stays BEFORE UPDATE OF state ON report
WHEN OLD.state = 'annulled' AND NEW.state <> 'annulled'
BEGIN SELECT RAISE(ABORT, 'an annulled report stays so'); END;

-- What waits for the head of a unit, the longest first; what somebody signed last.
CREATE INDEX report_waiting ON report (unit, signed_at, id) WHERE state = 'signed' AND approval_needed = 1;
CREATE INDEX report_author ON report (author_id, signed_at) WHERE author_id <> '';
