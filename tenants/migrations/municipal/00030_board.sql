-- +goose Up
-- What changed in the counts of boards: a case less for whom it was with, one
-- more for whom it is with now. Who counted a board goes on from there instead of
-- counting all cases anew. The newest changes are enough: who comes from further
-- back counts. Each change is marked by lot, so that a file that was restored has
-- none that another state had.
DROP TRIGGER case_mark_new;
DROP TRIGGER case_mark_changed;
DROP TABLE case_mark;
CREATE TABLE case_change (
    seq         INTEGER PRIMARY KEY,
    mark        INTEGER NOT NULL DEFAULT (random()),
    n           INTEGER NOT NULL,               -- 1 or -1; 0 where the log begins
    unit        TEXT NOT NULL,
    worker_id   TEXT NOT NULL,
    worker_name TEXT NOT NULL,
    opened_at   TEXT NOT NULL,
    moved_at    TEXT NOT NULL
) STRICT;
INSERT INTO case_change (n, unit, worker_id, worker_name, opened_at, moved_at) VALUES (0, '', '', '', '', '');
-- +goose StatementBegin
CREATE TRIGGER case_change_new AFTER INSERT ON case_file WHEN NEW.status <> 'closed'
BEGIN
    INSERT INTO case_change (n, unit, worker_id, worker_name, opened_at, moved_at)
    VALUES (1, NEW.unit, NEW.worker_id, NEW.worker_name, NEW.opened_at, NEW.moved_at);
END;
-- +goose StatementEnd
-- Boards part cases at full hours: what moves within one changes no count.
-- +goose StatementBegin
CREATE TRIGGER case_change_changed AFTER UPDATE OF unit, status, worker_id, worker_name, opened_at, moved_at ON case_file
WHEN NEW.status <> OLD.status OR NEW.worker_id <> OLD.worker_id OR NEW.unit <> OLD.unit OR NEW.worker_name <> OLD.worker_name
    OR substr(NEW.opened_at, 1, 13) <> substr(OLD.opened_at, 1, 13) OR substr(NEW.moved_at, 1, 13) <> substr(OLD.moved_at, 1, 13)
BEGIN
    INSERT INTO case_change (n, unit, worker_id, worker_name, opened_at, moved_at)
    SELECT -1, OLD.unit, OLD.worker_id, OLD.worker_name, OLD.opened_at, OLD.moved_at WHERE OLD.status <> 'closed';
    INSERT INTO case_change (n, unit, worker_id, worker_name, opened_at, moved_at)
    SELECT 1, NEW.unit, NEW.worker_id, NEW.worker_name, NEW.opened_at, NEW.moved_at WHERE NEW.status <> 'closed';
END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER case_change_kept AFTER INSERT ON case_change
BEGIN
    DELETE FROM case_change WHERE seq <= NEW.seq - 1000;
END;
-- +goose StatementEnd
