-- +goose Up
-- A case goes to another worker with what waits for it: visits still to be made and
-- follow-ups that the worker before had for the person. What is in others' hands
-- stays there. A form that somebody has open is then of an earlier version.
-- +goose StatementBegin
CREATE TRIGGER case_handed_on AFTER UPDATE OF worker_id ON case_file
WHEN NEW.worker_id <> OLD.worker_id AND NEW.worker_id <> '' AND OLD.worker_id <> '' AND NEW.status = 'assigned'
BEGIN
    INSERT INTO visit_history (visit_id, seq, at, user_id, name, role, was, became, worker, day, clock, note)
        SELECT v.id, (SELECT max(h.seq) + 1 FROM visit_history AS h WHERE h.visit_id = v.id), NEW.assigned_at, '', '', 'system', 'scheduled', 'scheduled', NEW.worker_name, v.day, v.clock, ''
        FROM visit AS v WHERE v.file_id = NEW.file_id AND v.status = 'scheduled' AND v.worker_id = OLD.worker_id;
    UPDATE visit SET worker_id = NEW.worker_id, worker_name = NEW.worker_name, unit = NEW.unit, version = version + 1
        WHERE file_id = NEW.file_id AND status = 'scheduled' AND worker_id = OLD.worker_id;
    UPDATE followup SET worker_id = NEW.worker_id, worker_name = NEW.worker_name, unit = NEW.unit, version = version + 1
        WHERE file_id = NEW.file_id AND status = 'open' AND worker_id = OLD.worker_id;
END;
-- +goose StatementEnd
