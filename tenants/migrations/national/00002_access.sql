-- +goose Up
-- The roster: everyone who may sign in. Nobody is ever deleted, so that a
-- history can name who acted.
CREATE TABLE user (
    id            TEXT PRIMARY KEY,
    run           INTEGER NOT NULL UNIQUE,      -- body of the RUN
    given_names   TEXT NOT NULL,
    surnames      TEXT NOT NULL,
    profession    TEXT NOT NULL DEFAULT '',
    registration  TEXT NOT NULL DEFAULT '',     -- number in the professional register
    password      TEXT NOT NULL,                -- argon2id with its parameters
    language      TEXT NOT NULL DEFAULT '',     -- es-CL, en, '' as the browser asks
    shortcuts     INTEGER NOT NULL DEFAULT 1,   -- keyboard shortcuts on
    membership_id TEXT NOT NULL DEFAULT '',     -- the one used last
    created_at    TEXT NOT NULL,
    disabled_at   TEXT
) STRICT;

-- How a municipality calls its units; a code without a row has the usual name.
CREATE TABLE unit (
    municipality_id TEXT NOT NULL REFERENCES municipality (id),
    code            TEXT NOT NULL,              -- social, rsh, subsidies, families, care, other
    name            TEXT NOT NULL,
    PRIMARY KEY (municipality_id, code)
) STRICT, WITHOUT ROWID;

CREATE TABLE membership (
    id              TEXT PRIMARY KEY,
    user_id         TEXT NOT NULL REFERENCES user (id),
    municipality_id TEXT REFERENCES municipality (id),  -- NULL for national roles
    role            TEXT NOT NULL,
    unit            TEXT NOT NULL DEFAULT '',
    from_on         TEXT NOT NULL,              -- first day
    to_on           TEXT,                       -- last day, NULL while it lasts
    created_at      TEXT NOT NULL
) STRICT;
CREATE INDEX membership_user ON membership (user_id);
CREATE INDEX membership_municipality ON membership (municipality_id);

-- Who is signed in. Only the hash of the id is here: the file does not open a session.
CREATE TABLE session (
    hash          BLOB PRIMARY KEY,             -- SHA-256 of the id
    user_id       TEXT NOT NULL REFERENCES user (id),
    membership_id TEXT NOT NULL REFERENCES membership (id),
    started_at    TEXT NOT NULL,                -- kept over a switch of role: the absolute limit counts from here
    seen_at       TEXT NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX session_user ON session (user_id);

-- Which text of the confidentiality agreement each person accepted, and when.
CREATE TABLE agreement (
    user_id     TEXT NOT NULL REFERENCES user (id),
    version     TEXT NOT NULL,
    accepted_at TEXT NOT NULL,
    PRIMARY KEY (user_id, version)
) STRICT, WITHOUT ROWID;

-- Keys that this installation made for itself (the signature of the cookie).
CREATE TABLE secret (
    name       TEXT PRIMARY KEY,
    value      BLOB NOT NULL,
    created_at TEXT NOT NULL
) STRICT, WITHOUT ROWID;

-- The trail of the roster and of sign-ins, with the columns of a municipality's
-- audit: the same code appends it and verifies it.
CREATE TABLE audit (
    seq     INTEGER PRIMARY KEY,
    at      TEXT NOT NULL,
    user_id TEXT NOT NULL,
    role    TEXT NOT NULL,
    unit    TEXT NOT NULL,
    action  TEXT NOT NULL,                      -- "login.ok", "user.disable", …
    object  TEXT NOT NULL,                      -- id of the user or membership, '' when unknown
    file_id TEXT NOT NULL DEFAULT '',           -- always '' here
    detail  TEXT NOT NULL DEFAULT '',
    request TEXT NOT NULL DEFAULT '',
    hash    BLOB NOT NULL
) STRICT;
CREATE TRIGGER audit_no_update BEFORE UPDATE ON audit BEGIN SELECT RAISE(ABORT, 'audit is append-only'); END;
CREATE TRIGGER audit_no_delete BEFORE DELETE ON audit BEGIN SELECT RAISE(ABORT, 'audit is append-only'); END;
