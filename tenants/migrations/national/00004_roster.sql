-- +goose Up
-- The roster as pages need it: people who were invited and have no password yet,
-- names as they are compared, who uses what. A password of '' fits nothing.
ALTER TABLE user ADD COLUMN email TEXT NOT NULL DEFAULT '';         -- where an invitation goes, '' handed over
ALTER TABLE user ADD COLUMN folded TEXT NOT NULL DEFAULT '';        -- surnames and given names without accents; '' until the program filled it
ALTER TABLE user ADD COLUMN signed_in_at TEXT NOT NULL DEFAULT '';  -- last sign-in, '' never
ALTER TABLE user ADD COLUMN seen_at TEXT NOT NULL DEFAULT '';       -- last activity, to some ten minutes
CREATE INDEX user_folded ON user (folded, id);

-- A membership that is switched off for now, and when it was last worked in.
ALTER TABLE membership ADD COLUMN disabled_at TEXT;
ALTER TABLE membership ADD COLUMN signed_in_at TEXT NOT NULL DEFAULT '';
ALTER TABLE membership ADD COLUMN seen_at TEXT NOT NULL DEFAULT '';
DROP INDEX membership_municipality;
CREATE INDEX membership_municipality ON membership (municipality_id, role);

UPDATE user SET signed_in_at = last.at, seen_at = last.at
    FROM (SELECT object, max(at) AS at FROM audit WHERE action = 'login.ok' GROUP BY object) AS last
    WHERE last.object = user.id;
UPDATE membership SET signed_in_at = last.at, seen_at = last.at
    FROM (SELECT json_extract(detail, '$.membership') AS id, max(at) AS at FROM audit
          WHERE action = 'login.ok' AND json_valid(detail) GROUP BY 1) AS last
    WHERE last.id = membership.id;

-- One open invitation for each person: a new one takes the place of the former.
-- Only hashes of its links are here; one is shown to who invites, others are made
-- when letters leave. The first that is used ends them all.
CREATE TABLE invitation (
    id         TEXT PRIMARY KEY,
    user_id    TEXT NOT NULL UNIQUE REFERENCES user (id),
    made_by    TEXT NOT NULL,
    made_at    TEXT NOT NULL,
    expires_at TEXT NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE invitation_link (
    hash          BLOB PRIMARY KEY,             -- SHA-256 of the token
    invitation_id TEXT NOT NULL REFERENCES invitation (id) ON DELETE CASCADE
) STRICT, WITHOUT ROWID;
CREATE INDEX invitation_link_of ON invitation_link (invitation_id);

-- Letters of the whole installation that wait to be sent, as in a municipality's file.
CREATE TABLE mail_outbox (
    id         TEXT PRIMARY KEY,                -- ULID; part of the Message-ID, the same at each try
    kind       TEXT NOT NULL,                   -- "access.invitation": who composes it
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

-- The trail is read by whom it is about, by who did it, and by kind.
CREATE INDEX audit_object ON audit (object, seq);
CREATE INDEX audit_user ON audit (user_id, seq);
CREATE INDEX audit_kind ON audit (substr(action, 1, instr(action || '.', '.') - 1), seq);
