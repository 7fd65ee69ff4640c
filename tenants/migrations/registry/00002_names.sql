-- +goose Up
-- The names of the registry's people as words, each with the commune in front
-- ("05802maria"), so that a municipality searches its own people at the cost of
-- its own people. The row's number is the RUN. It is made anew in the background
-- when the registry has changed.
CREATE VIRTUAL TABLE member_name USING fts5 (words, content='', detail='none', columnsize=0, prefix='6 7 8 9',
    tokenize="unicode61 remove_diacritics 2");
CREATE VIRTUAL TABLE member_word USING fts5vocab (member_name, row);

-- Which revision of the registry the names are of: another one is not searched.
CREATE TABLE name_state (
    only     INTEGER PRIMARY KEY CHECK (only = 1),
    revision INTEGER NOT NULL,   -- grows with every import
    indexed  INTEGER NOT NULL    -- the revision that the names were taken from, 0 for none
) STRICT;
INSERT INTO name_state (only, revision, indexed) VALUES (1, 1, 0);
