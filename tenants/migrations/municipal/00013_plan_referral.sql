-- +goose Up
-- An item that was referred follows its referral. A finished item stays
-- finished, but for one case: while its plan is open, its referral was reopened
-- and is being worked on again.
DROP TRIGGER plan_item_finished;
CREATE TRIGGER plan_item_finished BEFORE UPDATE OF status ON plan_item
    WHEN OLD.status IN ('confirmed', 'not-achieved', 'withdrawn') AND NEW.status <> OLD.status AND NOT (
        OLD.status <> 'withdrawn' AND NEW.status = 'in-progress'
        AND EXISTS (SELECT 1 FROM plan AS p WHERE p.id = OLD.plan_id AND p.status = 'open')
        AND EXISTS (SELECT 1 FROM referral AS r WHERE r.plan_id = OLD.plan_id AND r.plan_item_id = OLD.id AND r.state = 'in-progress'))
    BEGIN SELECT RAISE(ABORT, 'a finished item stays finished'); END;
-- An item is referred once.
CREATE UNIQUE INDEX referral_plan_item ON referral (plan_item_id) WHERE plan_item_id <> '';

-- Spots of the catalogue's periods are counted by the day of the agreement. It
-- is the plan's own day, kept beside the item so that a count reads only its
-- index. What exists is at most four hours from UTC; no desk is open around midnight.
ALTER TABLE plan_item ADD COLUMN agreed_on TEXT NOT NULL DEFAULT '';
UPDATE plan_item SET agreed_on = (SELECT date(p.created_at, '-4 hours') FROM plan AS p WHERE p.id = plan_item.plan_id);
CREATE INDEX plan_item_spot ON plan_item (code, agreed_on) WHERE status NOT IN ('not-achieved', 'withdrawn');
CREATE TRIGGER plan_item_agreed_on BEFORE UPDATE OF agreed_on ON plan_item
    BEGIN SELECT RAISE(ABORT, 'agreed items are immutable'); END;
