-- +goose Up
-- The embedded social registry (RSH): the households of the country, or of the
-- communes that were loaded, and who lives in each. Blank text is '', not NULL.
CREATE TABLE household (
    folio         TEXT NOT NULL PRIMARY KEY,
    tramo         INTEGER NOT NULL CHECK (tramo IN (40, 50, 60, 70, 80, 90, 100)),
    address       TEXT NOT NULL,
    commune_code  TEXT NOT NULL,
    dwelling_type TEXT NOT NULL,
    tenure        TEXT NOT NULL,
    water         TEXT NOT NULL,
    rooms         INTEGER NOT NULL,
    data_date     TEXT NOT NULL,   -- of the registry's own data; a newer one replaces the household
    head_run      INTEGER NOT NULL -- the head whose row says all this, 0 when no head's row has come
) STRICT, WITHOUT ROWID;

-- Clustered by household: a screening reads all members at once.
CREATE TABLE member (
    folio            TEXT NOT NULL,
    run              INTEGER NOT NULL,
    given_names      TEXT NOT NULL,
    surnames         TEXT NOT NULL,
    birth_date       TEXT NOT NULL,
    sex              TEXT NOT NULL,
    nationality      TEXT NOT NULL,
    relationship     TEXT NOT NULL,
    head             INTEGER NOT NULL,
    income           INTEGER NOT NULL, -- pesos a month
    education        TEXT NOT NULL,
    student          INTEGER NOT NULL,
    health_insurance TEXT NOT NULL,
    pension          TEXT NOT NULL,
    occupation       TEXT NOT NULL,
    disability       INTEGER NOT NULL,
    dependency       TEXT NOT NULL,
    carer            INTEGER NOT NULL,
    pregnant         INTEGER NOT NULL,
    phone            TEXT NOT NULL,
    email            TEXT NOT NULL,
    PRIMARY KEY (folio, run)
) STRICT, WITHOUT ROWID;

-- Where a person lives, and that nobody lives in two households. The first load
-- of an empty registry drops it and makes it again at the end.
CREATE UNIQUE INDEX member_run ON member (run);

-- National benefits received (RIS), clustered by person. The same benefit of the
-- same day and amount is one row, however often it is loaded.
CREATE TABLE benefit (
    run        INTEGER NOT NULL,
    granted_on TEXT NOT NULL,
    code       TEXT NOT NULL,
    amount     INTEGER NOT NULL, -- pesos
    name       TEXT NOT NULL,
    provider   TEXT NOT NULL,
    quantity   INTEGER NOT NULL,
    unit       TEXT NOT NULL,
    PRIMARY KEY (run, granted_on, code, amount)
) STRICT, WITHOUT ROWID;

-- Households of the import under way that have to be looked at again when all
-- their rows have come: not exactly one head so far. Empty between imports.
CREATE TABLE import_suspect (
    folio TEXT NOT NULL PRIMARY KEY
) STRICT, WITHOUT ROWID;
