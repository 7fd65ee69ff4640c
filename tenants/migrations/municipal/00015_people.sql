-- +goose Up
-- People are found by name, by document and by phone; a person without RUN has
-- a provisional ID; their file is merged with the one of the RUN later on.

-- Names as words: any order, no accents. The index keeps no text of its own, so
-- its rows are numbered here; a name that is written again gets a new number, so
-- the newest words are those above a number.
CREATE TABLE file_entry (
    n       INTEGER PRIMARY KEY AUTOINCREMENT,
    file_id TEXT NOT NULL UNIQUE REFERENCES file (id)
) STRICT;
-- The year of birth is a word too: "maria gonzalez 1980".
CREATE VIRTUAL TABLE file_name USING fts5 (words, content='', contentless_delete=1, detail='none', prefix='1 2 3 4',
    tokenize="unicode61 remove_diacritics 2");
-- The words there are, for those who mistype one.
CREATE VIRTUAL TABLE file_word USING fts5vocab (file_name, row);

INSERT INTO file_entry (file_id) SELECT id FROM file WHERE given_names || surnames <> '' ORDER BY id;
INSERT INTO file_name (rowid, words) SELECT e.n, f.given_names || ' ' || f.surnames || ' ' || coalesce(substr(f.birth_date, 1, 4), '')
    FROM file_entry AS e JOIN file AS f ON f.id = e.file_id;

-- +goose StatementBegin
CREATE TRIGGER file_named AFTER INSERT ON file WHEN NEW.given_names || NEW.surnames <> '' BEGIN
    INSERT INTO file_entry (file_id) VALUES (NEW.id);
    INSERT INTO file_name (rowid, words) SELECT n, NEW.given_names || ' ' || NEW.surnames || ' ' || coalesce(substr(NEW.birth_date, 1, 4), '')
        FROM file_entry WHERE file_id = NEW.id;
END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER file_renamed AFTER UPDATE OF given_names, surnames, birth_date ON file
    WHEN OLD.given_names <> NEW.given_names OR OLD.surnames <> NEW.surnames OR OLD.birth_date IS NOT NEW.birth_date BEGIN
    DELETE FROM file_name WHERE rowid = (SELECT n FROM file_entry WHERE file_id = NEW.id);
    DELETE FROM file_entry WHERE file_id = NEW.id;
    INSERT INTO file_entry (file_id) SELECT NEW.id WHERE NEW.given_names || NEW.surnames <> '';
    INSERT INTO file_name (rowid, words) SELECT n, NEW.given_names || ' ' || NEW.surnames || ' ' || coalesce(substr(NEW.birth_date, 1, 4), '')
        FROM file_entry WHERE file_id = NEW.id;
END;
-- +goose StatementEnd

CREATE INDEX file_phone ON file (phone) WHERE phone <> '';
-- Who was born that day: among these one looks for the same person.
CREATE INDEX file_born ON file (birth_date) WHERE birth_date IS NOT NULL;

-- What a person without RUN shows: a passport, the ID of another country.
CREATE TABLE identity_document (
    key     TEXT NOT NULL,                          -- letters and digits only, upper case: how it is compared
    file_id TEXT NOT NULL REFERENCES file (id),
    kind    TEXT NOT NULL CHECK (kind IN ('passport', 'foreign_id', 'other')),
    number  TEXT NOT NULL,                          -- as it is written
    PRIMARY KEY (key, file_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX identity_document_file ON identity_document (file_id);

-- The provisional IDs: 1, 2, 3 … within the year, no gaps.
CREATE TABLE provisional (
    year    INTEGER NOT NULL,
    number  INTEGER NOT NULL CHECK (number > 0),
    file_id TEXT NOT NULL UNIQUE REFERENCES file (id),
    key     TEXT NOT NULL UNIQUE,                   -- of the form that made it: sent twice, one file
    reason  TEXT NOT NULL CHECK (reason IN ('foreign', 'unregistered', 'lost', 'unknown', 'other')), -- why there is no RUN
    anyway  TEXT NOT NULL DEFAULT '',               -- why it was made although somebody like them was found
    PRIMARY KEY (year, number)
) STRICT, WITHOUT ROWID;

-- A file that was merged leads to the one that survives; its id and its
-- provisional ID stay as aliases.
ALTER TABLE file ADD COLUMN merged_into TEXT REFERENCES file (id);
CREATE INDEX file_merged ON file (merged_into) WHERE merged_into IS NOT NULL;

-- Linking a provisional file to the file of a RUN: proposed by a desk, confirmed
-- by a head, undone when it was a mistake.
CREATE TABLE file_merge (
    id              TEXT PRIMARY KEY,
    from_id         TEXT NOT NULL REFERENCES file (id),  -- the provisional file
    into_id         TEXT NOT NULL REFERENCES file (id),  -- the file of the RUN
    state           TEXT NOT NULL CHECK (state IN ('proposed', 'declined', 'merged', 'undone')),
    proof           TEXT NOT NULL CHECK (proof IN ('id_card', 'certificate', 'registry', 'other')), -- what the RUN was read from
    note            TEXT NOT NULL DEFAULT '',
    proposed_at     TEXT NOT NULL,
    proposed_by     TEXT NOT NULL,
    carried         TEXT NOT NULL DEFAULT '',            -- JSON: what the surviving file did not know and took over
    version         INTEGER NOT NULL DEFAULT 1,
    CHECK (from_id <> into_id)
) STRICT, WITHOUT ROWID;
-- One at a time: while one is proposed or holds, there is no other.
CREATE UNIQUE INDEX file_merge_one ON file_merge (from_id) WHERE state IN ('proposed', 'merged');
CREATE INDEX file_merge_waiting ON file_merge (proposed_at) WHERE state = 'proposed';
CREATE INDEX file_merge_into ON file_merge (into_id);
CREATE INDEX file_merge_from ON file_merge (from_id);

-- Every step of it: who, when, from, to, why.
CREATE TABLE file_merge_history (
    merge_id TEXT NOT NULL REFERENCES file_merge (id),
    seq      INTEGER NOT NULL,
    was      TEXT NOT NULL,
    became   TEXT NOT NULL,
    note     TEXT NOT NULL,
    at       TEXT NOT NULL,
    user_id  TEXT NOT NULL,
    name     TEXT NOT NULL,
    role     TEXT NOT NULL,
    PRIMARY KEY (merge_id, seq)
) STRICT, WITHOUT ROWID;
CREATE TRIGGER file_merge_history_no_update BEFORE UPDATE ON file_merge_history BEGIN SELECT RAISE(ABORT, 'history is append-only'); END;
CREATE TRIGGER file_merge_history_no_delete BEFORE DELETE ON file_merge_history BEGIN SELECT RAISE(ABORT, 'history is append-only'); END;

-- Which rows changed hands, so that an undoing gives back these and no others.
CREATE TABLE file_merge_row (
    merge_id TEXT NOT NULL REFERENCES file_merge (id),
    kind     TEXT NOT NULL,                              -- table, or what a room calls it
    row_id   TEXT NOT NULL,
    PRIMARY KEY (merge_id, kind, row_id)
) STRICT, WITHOUT ROWID;
