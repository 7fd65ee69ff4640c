-- +goose Up
-- The signed link with which an institution answers a referral without an account.
-- The token itself is nowhere: whoever reads this file cannot answer.
CREATE TABLE referral_link (
    id              TEXT PRIMARY KEY,
    referral_id     TEXT NOT NULL REFERENCES referral (id),
    token_hash      BLOB NOT NULL UNIQUE,
    email           TEXT NOT NULL,              -- of the institution when the link was made, '' when it is handed over
    made_at         TEXT NOT NULL,
    made_by         TEXT NOT NULL,              -- user of the roster
    made_by_name    TEXT NOT NULL,
    expires_at      TEXT NOT NULL,
    used_at         TEXT,
    revoked_at      TEXT,
    revoked_by_name TEXT NOT NULL DEFAULT '',   -- '' when the referral's own course ended it
    CHECK (used_at IS NULL OR revoked_at IS NULL)
) STRICT, WITHOUT ROWID;
-- A referral has one link at a time that can still be used.
CREATE UNIQUE INDEX referral_link_live ON referral_link (referral_id) WHERE used_at IS NULL AND revoked_at IS NULL;
CREATE INDEX referral_link_of ON referral_link (referral_id, id);

-- Letters by e-mail that wait to be sent, written with what they are about. A row
-- says what to write, never the text: that is made when it is sent.
CREATE TABLE mail_outbox (
    id         TEXT PRIMARY KEY,                -- ULID; part of the Message-ID, the same at each try
    kind       TEXT NOT NULL,                   -- "referral.link": who composes it
    ref        TEXT NOT NULL,                   -- of what it is about
    recipient  TEXT NOT NULL,
    state      TEXT NOT NULL DEFAULT 'waiting' CHECK (state IN ('waiting', 'sent', 'failed', 'dropped')),
    tries      INTEGER NOT NULL DEFAULT 0,
    next_at    TEXT NOT NULL,                   -- not before
    until      TEXT NOT NULL,                   -- not after
    trouble    TEXT NOT NULL DEFAULT '',        -- of the last try: a code, never a server's words
    created_at TEXT NOT NULL,
    ended_at   TEXT
) STRICT, WITHOUT ROWID;
CREATE INDEX mail_outbox_waiting ON mail_outbox (next_at) WHERE state = 'waiting';
CREATE INDEX mail_outbox_ref ON mail_outbox (kind, ref, id);
