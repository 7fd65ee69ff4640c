-- +goose Up
-- A restore: the files of a municipality as they were, made beside the live
-- ones, looked over, then put in their place or thrown away. No names: counts,
-- dates and checks.
CREATE TABLE restore (
    id              TEXT PRIMARY KEY,            -- UUID, the folder's name
    municipality_id TEXT NOT NULL REFERENCES municipality (id),
    source          TEXT NOT NULL CHECK (source IN ('replica', 'copy')),
    wanted_at       TEXT NOT NULL DEFAULT '',    -- as it was then, '' as late as there is
    state           TEXT NOT NULL CHECK (state IN ('running', 'ready', 'failed', 'swapped', 'discarded')),
    until_at        TEXT NOT NULL DEFAULT '',    -- of the last change that is in it
    report          TEXT NOT NULL DEFAULT '',    -- JSON: what was counted and checked
    error           TEXT NOT NULL DEFAULT '',    -- for operators
    kept            TEXT NOT NULL DEFAULT '',    -- folder of the file that was swapped out
    asked_by        TEXT NOT NULL,
    asked_by_name   TEXT NOT NULL,
    asked_at        TEXT NOT NULL,
    ready_at        TEXT NOT NULL DEFAULT '',
    ended_by        TEXT NOT NULL DEFAULT '',
    ended_by_name   TEXT NOT NULL DEFAULT '',
    ended_at        TEXT NOT NULL DEFAULT ''
) STRICT;
CREATE INDEX restore_asked ON restore (asked_at);
CREATE INDEX restore_municipality ON restore (municipality_id, state);
-- One at a time: two copies of one municipality are one too many to judge.
CREATE UNIQUE INDEX restore_under_way ON restore (municipality_id) WHERE state IN ('running', 'ready');

-- Who looks into which copy now. It outlives a restart: nobody may find himself
-- back in the live file without having asked.
CREATE TABLE restore_look (
    membership_id TEXT PRIMARY KEY,
    restore_id    TEXT NOT NULL REFERENCES restore (id),
    user_name     TEXT NOT NULL,
    since_at      TEXT NOT NULL
) STRICT, WITHOUT ROWID;

-- How each file is kept safe: the last drill of its replica and the last copy of
-- the second line.
CREATE TABLE safekeeping (
    file            TEXT PRIMARY KEY,            -- relative to the data directory
    municipality_id TEXT NOT NULL DEFAULT '',    -- '' for the files of all
    drill_at        TEXT NOT NULL DEFAULT '',
    drill_good_at   TEXT NOT NULL DEFAULT '',    -- the last one that went well
    drill_error     TEXT NOT NULL DEFAULT '',
    drill_ms        INTEGER NOT NULL DEFAULT 0,
    copy_at         TEXT NOT NULL DEFAULT '',
    copy_good_at    TEXT NOT NULL DEFAULT '',
    copy_error      TEXT NOT NULL DEFAULT '',
    copy_bytes      INTEGER NOT NULL DEFAULT 0
) STRICT, WITHOUT ROWID;

-- When each job of the schedule was done last, so that a restart does not miss one.
CREATE TABLE job (
    name    TEXT PRIMARY KEY,
    day     TEXT NOT NULL,                       -- the day of Santiago it was done for
    done_at TEXT NOT NULL
) STRICT, WITHOUT ROWID;

-- Where a file stood before a newer version changed its tables: the way back.
CREATE TABLE restore_point (
    file  TEXT NOT NULL,
    name  TEXT NOT NULL,                         -- before-00018
    epoch INTEGER NOT NULL,
    txid  TEXT NOT NULL,
    at    TEXT NOT NULL,
    PRIMARY KEY (file, name)
) STRICT, WITHOUT ROWID;
