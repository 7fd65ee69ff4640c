-- +goose Up
-- The municipal benefit registry: who received what, when, how much. Clustered
-- by holder (canonical RUN or provisional ID), because that is how it is read.
CREATE TABLE benefit_grant (
    holder      TEXT NOT NULL,
    granted_on  TEXT NOT NULL,
    id          TEXT NOT NULL,
    item_code   TEXT NOT NULL DEFAULT '',  -- of the catalogue; '' for a name of old that maps to none
    name        TEXT NOT NULL,             -- the catalogue's; the file's own when it maps to no item
    recorded_as TEXT NOT NULL DEFAULT '',  -- what the imported file calls it
    category    TEXT NOT NULL DEFAULT '',
    subcategory TEXT NOT NULL DEFAULT '',
    kind        TEXT NOT NULL CHECK (kind IN ('in_kind', 'cash')),
    quantity    INTEGER NOT NULL DEFAULT 1,
    unit        TEXT NOT NULL DEFAULT '',
    amount_clp  INTEGER NOT NULL DEFAULT 0,
    provider    TEXT NOT NULL DEFAULT '',
    decree      TEXT NOT NULL DEFAULT '',
    note        TEXT NOT NULL DEFAULT '',
    source      TEXT NOT NULL CHECK (source IN ('import', 'plan')),
    origin      TEXT NOT NULL,             -- plan item, or the fingerprint of the imported row: it enters once
    recorded_at TEXT NOT NULL,
    PRIMARY KEY (holder, granted_on, id)
) STRICT, WITHOUT ROWID;
CREATE UNIQUE INDEX benefit_grant_origin ON benefit_grant (source, origin);
