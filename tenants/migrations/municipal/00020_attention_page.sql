-- +goose Up
-- The page on which an attention's texts were written last, by a name that the
-- page was given when it was made: what another page writes over it is shown first.
ALTER TABLE attention ADD COLUMN page TEXT NOT NULL DEFAULT '';
