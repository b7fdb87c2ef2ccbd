-- +goose Up
-- When the organisation of a customer was given accounts, and the e-mail address of their first administrator. It goes along when the
-- customer moves.
ALTER TABLE customers ADD COLUMN identity_at bigint NOT NULL DEFAULT 0;
ALTER TABLE customers ADD COLUMN identity_admin text COLLATE "C" NOT NULL DEFAULT '';
