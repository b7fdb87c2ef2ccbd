-- +goose Up
-- The instant of business time at which a mail was written; at is the system's, by which it is sent and tried again.
ALTER TABLE mails ADD COLUMN written_at INTEGER NOT NULL DEFAULT 0;
UPDATE mails SET written_at = at;
