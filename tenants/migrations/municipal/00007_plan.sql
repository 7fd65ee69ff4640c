-- +goose Up
-- The cart: what worker and citizen may agree on. One draft per file.
CREATE TABLE cart (
    id         TEXT PRIMARY KEY,
    file_id    TEXT NOT NULL REFERENCES file (id),
    status     TEXT NOT NULL DEFAULT 'draft' CHECK (status IN ('draft', 'checked-out', 'discarded')),
    version    INTEGER NOT NULL DEFAULT 1,   -- grows with every change: what was reviewed is what is agreed
    created_at TEXT NOT NULL,
    changed_at TEXT NOT NULL
) STRICT;
CREATE UNIQUE INDEX cart_draft ON cart (file_id) WHERE status = 'draft';
CREATE INDEX cart_file ON cart (file_id);

-- A line of the cart. What the catalogue said at adding is frozen into it.
CREATE TABLE cart_item (
    cart_id         TEXT NOT NULL REFERENCES cart (id),
    id              TEXT NOT NULL,
    position        INTEGER NOT NULL,           -- order of adding
    identity        TEXT NOT NULL,              -- hash of code, member and fields: the same again is this line
    code            TEXT NOT NULL,              -- of the catalogue
    name            TEXT NOT NULL,
    category        TEXT NOT NULL CHECK (category IN ('A', 'B', 'C', 'D', 'E', 'F')),
    subcategory     TEXT NOT NULL,
    provider        TEXT NOT NULL,
    unit            TEXT NOT NULL,
    unit_price      INTEGER CHECK (unit_price >= 0),      -- pesos; NULL: no reference
    requirements    TEXT NOT NULL,              -- JSON list of documents
    member          TEXT NOT NULL,              -- holder of the member concerned; '' for nobody in particular
    member_name     TEXT NOT NULL,
    quantity        INTEGER NOT NULL CHECK (quantity BETWEEN 1 AND 999),
    amount          INTEGER CHECK (amount BETWEEN 0 AND 100000000), -- pesos as typed; NULL: quantity × unit price
    note            TEXT NOT NULL,
    fields          TEXT NOT NULL,              -- JSON list of the item's own fields with label and value
    override_reason TEXT NOT NULL,              -- why it was added against the advice; '' when there was none
    advice          TEXT NOT NULL,              -- JSON list: what the reason answers to
    added_at        TEXT NOT NULL,
    added_by        TEXT NOT NULL,
    added_by_name   TEXT NOT NULL,
    removed_at      TEXT,
    removed_by_name TEXT NOT NULL DEFAULT '',
    PRIMARY KEY (cart_id, id)
) STRICT, WITHOUT ROWID;
CREATE UNIQUE INDEX cart_item_once ON cart_item (cart_id, identity) WHERE removed_at IS NULL;

-- The plan: a cart after checkout. Identity and municipality are as they were agreed.
CREATE TABLE plan (
    id              TEXT PRIMARY KEY,
    file_id         TEXT NOT NULL REFERENCES file (id),
    cart_id         TEXT NOT NULL UNIQUE REFERENCES cart (id),   -- a cart becomes one plan
    checkout_key    TEXT NOT NULL,
    year            INTEGER NOT NULL,
    number          INTEGER NOT NULL CHECK (number > 0),          -- 1, 2, 3 … within the year, no gaps
    status          TEXT NOT NULL CHECK (status IN ('open', 'closed')),
    version         INTEGER NOT NULL DEFAULT 1,                   -- grows with every save
    agreed          TEXT NOT NULL CHECK (agreed IN ('signed', 'phone', 'video', 'mail')),
    previous_id     TEXT REFERENCES plan (id),
    person_name     TEXT NOT NULL,
    person_document TEXT NOT NULL,              -- as people read it: RUN or provisional ID
    person_address  TEXT NOT NULL,
    created_at      TEXT NOT NULL,
    created_by      TEXT NOT NULL,
    created_by_name TEXT NOT NULL,
    unit            TEXT NOT NULL,
    unit_name       TEXT NOT NULL,
    changed_at      TEXT NOT NULL,
    closed_at       TEXT,
    CHECK ((status = 'closed') = (closed_at IS NOT NULL)),
    UNIQUE (year, number),
    UNIQUE (file_id, checkout_key)
) STRICT;
CREATE INDEX plan_file ON plan (file_id, year, number);
CREATE INDEX plan_mine ON plan (created_by, id) WHERE status = 'open';
CREATE INDEX plan_previous ON plan (previous_id) WHERE previous_id IS NOT NULL;

-- An agreed action. Immutable but for its management: status, approval, delivery.
CREATE TABLE plan_item (
    plan_id            TEXT NOT NULL REFERENCES plan (id),
    id                 TEXT NOT NULL,
    position           INTEGER NOT NULL,
    code               TEXT NOT NULL,
    name               TEXT NOT NULL,
    category           TEXT NOT NULL CHECK (category IN ('A', 'B', 'C', 'D', 'E', 'F')),
    subcategory        TEXT NOT NULL,
    provider           TEXT NOT NULL,
    unit               TEXT NOT NULL,
    requirements       TEXT NOT NULL,
    member             TEXT NOT NULL,
    member_name        TEXT NOT NULL,
    quantity           INTEGER NOT NULL CHECK (quantity BETWEEN 1 AND 999),
    amount             INTEGER CHECK (amount BETWEEN 0 AND 100000000), -- pesos, the whole line; NULL: not known
    note               TEXT NOT NULL,
    fields             TEXT NOT NULL,
    override_reason    TEXT NOT NULL,
    advice             TEXT NOT NULL,
    added_by           TEXT NOT NULL,
    added_by_name      TEXT NOT NULL,
    status             TEXT NOT NULL CHECK (status IN ('pending', 'in-progress', 'confirmed', 'not-achieved', 'withdrawn')),
    reason             TEXT NOT NULL DEFAULT '',   -- of the last status; never blank for not-achieved and withdrawn
    changed_at         TEXT NOT NULL,
    changed_by_name    TEXT NOT NULL,
    changed_version    INTEGER NOT NULL,           -- the plan's version that set the status
    approval           TEXT NOT NULL DEFAULT '' CHECK (approval IN ('', 'waiting', 'approved', 'rejected')),
    approval_level     TEXT NOT NULL DEFAULT '' CHECK (approval_level IN ('', 'head', 'director')),
    approval_at        TEXT,
    approval_by_name   TEXT NOT NULL DEFAULT '',
    approval_reason    TEXT NOT NULL DEFAULT '',
    limit_amount       INTEGER NOT NULL,           -- pesos that may be confirmed without (more) approval: the threshold in force at checkout
    delivered_on       TEXT,
    delivered_quantity INTEGER CHECK (delivered_quantity BETWEEN 1 AND 999),
    delivered_amount   INTEGER CHECK (delivered_amount BETWEEN 0 AND 100000000),
    CHECK (status NOT IN ('not-achieved', 'withdrawn') OR reason <> ''),
    PRIMARY KEY (plan_id, id)
) STRICT, WITHOUT ROWID;
CREATE INDEX plan_item_waiting ON plan_item (approval_level, plan_id) WHERE approval = 'waiting';

-- Every change of state: who, when, from, to, why. Replayed, it gives the present.
CREATE TABLE plan_history (
    plan_id TEXT NOT NULL REFERENCES plan (id),
    seq     INTEGER NOT NULL,
    version INTEGER NOT NULL,                      -- of the plan after the change
    item_id TEXT NOT NULL,                         -- '' for the plan itself
    what    TEXT NOT NULL CHECK (what IN ('plan', 'status', 'approval')),
    was     TEXT NOT NULL,
    became  TEXT NOT NULL,
    reason  TEXT NOT NULL,
    at      TEXT NOT NULL,
    user_id TEXT NOT NULL,
    name    TEXT NOT NULL,
    role    TEXT NOT NULL,
    PRIMARY KEY (plan_id, seq)
) STRICT, WITHOUT ROWID;
CREATE TRIGGER plan_history_no_update BEFORE UPDATE ON plan_history BEGIN SELECT RAISE(ABORT, 'history is append-only'); END;
CREATE TRIGGER plan_history_no_delete BEFORE DELETE ON plan_history BEGIN SELECT RAISE(ABORT, 'history is append-only'); END;
-- An agreed action is not rewritten.
CREATE TRIGGER plan_item_agreed BEFORE UPDATE OF code, name, category, subcategory, provider, unit, requirements, member, member_name,
    quantity, amount, note, fields, override_reason, advice, added_by, added_by_name ON plan_item
    BEGIN SELECT RAISE(ABORT, 'agreed items are immutable'); END;
CREATE TRIGGER plan_item_no_delete BEFORE DELETE ON plan_item BEGIN SELECT RAISE(ABORT, 'agreed items are immutable'); END;
CREATE TRIGGER plan_item_finished BEFORE UPDATE OF status ON plan_item WHEN OLD.status IN ('confirmed', 'not-achieved', 'withdrawn') AND NEW.status <> OLD.status
    BEGIN SELECT RAISE(ABORT, 'a finished item stays finished'); END;
CREATE TRIGGER plan_no_delete BEFORE DELETE ON plan BEGIN SELECT RAISE(ABORT, 'plans are kept'); END;
