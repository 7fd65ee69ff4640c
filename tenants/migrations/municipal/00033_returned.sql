-- +goose Up
-- What came back to who wrote it: returned for correction, or approved and not
-- issued yet. Few at any time, and asked for by every workbench.
CREATE INDEX report_returned ON report (created_by) WHERE state = 'draft' AND comment <> '';
CREATE INDEX report_unissued ON report (author_id) WHERE state = 'approved';
