-- +goose Up
-- What is done in bulk is one event; each migration remembers which events tell of it: their IDs, or what they are about.
ALTER TABLE migrations ADD COLUMN marks TEXT NOT NULL DEFAULT '';
UPDATE migrations SET marks = CASE WHEN id LIKE '%-_______' THEN substr(id, 1, length(id) - 7) ELSE '' END || ' ' || run_id;
CREATE INDEX audit_events_subject ON audit_events (console_id, subject) WHERE customer_id = '' AND topic = 'migration';
