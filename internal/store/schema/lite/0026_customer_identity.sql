-- +goose Up
-- When the organisation of a customer was given accounts, and the e-mail address of their first administrator. It goes along when the
-- customer moves.
ALTER TABLE customers ADD COLUMN identity_at INTEGER NOT NULL DEFAULT 0;
ALTER TABLE customers ADD COLUMN identity_admin TEXT NOT NULL DEFAULT '';
