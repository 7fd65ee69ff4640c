-- +goose Up
-- The week of a worker asks what meetings agreed for its days.
CREATE INDEX case_note_agreement_due ON case_note_agreement (due) WHERE due IS NOT NULL;
