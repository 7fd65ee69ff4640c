-- +goose Up
-- How the municipality presents itself: on top of its pages and of what it prints.
CREATE TABLE profile (
    id            INTEGER PRIMARY KEY CHECK (id = 1),
    official_name TEXT NOT NULL DEFAULT '',     -- "Ilustre Municipalidad de Limache"; '' the usual
    address       TEXT NOT NULL DEFAULT '',
    phone         TEXT NOT NULL DEFAULT '',
    email         TEXT NOT NULL DEFAULT '',
    shield        BLOB,                         -- PNG of at most 240 pixels, drawn by us
    mark          BLOB,                         -- the same for the top of a page: at most 96 pixels
    version       INTEGER NOT NULL DEFAULT 0    -- grows with each change
) STRICT;
INSERT INTO profile (id) VALUES (1);
