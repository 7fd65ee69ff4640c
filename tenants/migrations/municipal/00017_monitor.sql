-- +goose Up
-- The figures of a year are read from these alone: no row of a person is touched.
CREATE INDEX attention_figures ON attention (day, desk, topic, outcome, channel) WHERE state = 'finished';
CREATE INDEX referral_made ON referral (created_at, origin, unit, unit_name);
CREATE INDEX referral_replies ON referral (answered_at, created_at, origin, unit, unit_name, outcome, paused_days, promise) WHERE answered_at IS NOT NULL;
