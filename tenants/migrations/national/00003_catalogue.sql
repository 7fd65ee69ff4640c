-- +goose Up
-- The six categories; each has a management path in the program, its words are data.
CREATE TABLE catalogue_category (
    code       TEXT PRIMARY KEY CHECK (code IN ('A', 'B', 'C', 'D', 'E', 'F')),
    name       TEXT NOT NULL,               -- "Gestionar beneficio en especie"
    short_name TEXT NOT NULL                -- "En especie", on the pop-up's tab
) STRICT, WITHOUT ROWID;

CREATE TABLE catalogue_subcategory (
    category TEXT NOT NULL,
    code     TEXT NOT NULL,                 -- ASCII slug of the name, for addresses
    position INTEGER NOT NULL,
    name     TEXT NOT NULL,
    PRIMARY KEY (category, code)
) STRICT, WITHOUT ROWID;

-- National items, the same in every municipality. A change is a new version, so
-- that a past decision can be explained as of its day.
CREATE TABLE catalogue_item (
    code          TEXT NOT NULL,
    valid_from    TEXT NOT NULL DEFAULT '',              -- first day, '' since ever
    valid_to      TEXT NOT NULL DEFAULT '',              -- last day, '' until further notice
    category      TEXT NOT NULL,
    subcategory   TEXT NOT NULL DEFAULT '',              -- slug, '' none
    name          TEXT NOT NULL,
    description   TEXT NOT NULL DEFAULT '',
    provider      TEXT NOT NULL DEFAULT '',              -- unit or institution
    unit          TEXT NOT NULL DEFAULT '',              -- what one of it is: unidad, set, aporte
    reference_clp INTEGER CHECK (reference_clp >= 0),    -- for one unit; NULL not known
    interval_days INTEGER NOT NULL DEFAULT 0 CHECK (interval_days >= 0), -- 0 none
    requirements  TEXT NOT NULL DEFAULT '',              -- documents, one a line
    legal_basis   TEXT NOT NULL DEFAULT '',
    ris_code      TEXT NOT NULL DEFAULT '',              -- the national benefit it stands for
    contact       TEXT NOT NULL DEFAULT '',
    spots         INTEGER NOT NULL DEFAULT 0 CHECK (spots >= 0), -- each period, 0 not limited
    spots_period  TEXT NOT NULL DEFAULT 'month' CHECK (spots_period IN ('month', 'quarter', 'year')),
    PRIMARY KEY (code, valid_from)
) STRICT, WITHOUT ROWID;

-- Criteria are rows: an item asks for every requirement; a requirement is met
-- when its subject passes all the tests of one alternative. With any_member the
-- subject is one and the same member.
CREATE TABLE catalogue_criterion (
    code        TEXT NOT NULL,
    valid_from  TEXT NOT NULL,
    requirement INTEGER NOT NULL,
    alternative INTEGER NOT NULL,
    position    INTEGER NOT NULL,
    scope       TEXT NOT NULL CHECK (scope IN ('person', 'any_member', 'household')),
    attribute   TEXT NOT NULL,
    operator    TEXT NOT NULL CHECK (operator IN ('<', '<=', '>', '>=', '=', 'is', 'within', 'not_within')),
    value       TEXT NOT NULL,
    PRIMARY KEY (code, valid_from, requirement, alternative, position),
    FOREIGN KEY (code, valid_from) REFERENCES catalogue_item (code, valid_from) ON DELETE CASCADE
) STRICT, WITHOUT ROWID;

-- What is asked when the item is added, beyond the standard fields of its category.
CREATE TABLE catalogue_field (
    code       TEXT NOT NULL,
    valid_from TEXT NOT NULL,
    position   INTEGER NOT NULL,
    label      TEXT NOT NULL,
    type       TEXT NOT NULL CHECK (type IN ('text', 'number', 'date', 'member', 'file', 'choice')),
    required   INTEGER NOT NULL CHECK (required IN (0, 1)),
    choices    TEXT NOT NULL DEFAULT '',    -- one a line
    PRIMARY KEY (code, valid_from, position),
    FOREIGN KEY (code, valid_from) REFERENCES catalogue_item (code, valid_from) ON DELETE CASCADE
) STRICT, WITHOUT ROWID;
