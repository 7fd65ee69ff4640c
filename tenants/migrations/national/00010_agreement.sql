-- +goose Up
-- What a municipality adds to the confidentiality agreement. A new text is a new
-- number, which everybody there accepts anew: agreement.version "<municipality>/<number>".
CREATE TABLE agreement_text (
    municipality_id TEXT NOT NULL REFERENCES municipality (id),
    number          INTEGER NOT NULL CHECK (number > 0),
    body            TEXT NOT NULL,              -- '' nothing is added any more
    made_by         TEXT NOT NULL,              -- of the roster
    made_by_name    TEXT NOT NULL,
    made_at         TEXT NOT NULL,
    PRIMARY KEY (municipality_id, number)
) STRICT, WITHOUT ROWID;
