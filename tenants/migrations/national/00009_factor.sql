-- +goose Up
-- The second factor of those who have one: an app that shows codes (TOTP).
CREATE TABLE factor (
    user_id   TEXT PRIMARY KEY REFERENCES user (id),
    secret    BLOB NOT NULL,                -- sealed with a key of this installation, for this user
    last_step INTEGER NOT NULL,             -- 30-second step of the latest code that was used: neither it nor an earlier one works again
    since     TEXT NOT NULL
) STRICT, WITHOUT ROWID;

-- Codes on paper for who lost the app. Each works once; a row that was used stays.
CREATE TABLE recovery_code (
    user_id TEXT NOT NULL REFERENCES user (id),
    hash    TEXT NOT NULL,                  -- argon2id with its parameters and its salt, one salt for a set
    used_at TEXT,
    PRIMARY KEY (user_id, hash)
) STRICT, WITHOUT ROWID;

ALTER TABLE session ADD COLUMN confirmed_at TEXT NOT NULL DEFAULT ''; -- when the person last proved who they are
ALTER TABLE session ADD COLUMN address TEXT NOT NULL DEFAULT '';      -- of the browser at sign-in
