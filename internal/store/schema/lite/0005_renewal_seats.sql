-- +goose Up
-- How many seats an annual plan has from its renewal on, which is when they fall; 0: as many as there are.
ALTER TABLE subscriptions ADD COLUMN renewal_seats INTEGER NOT NULL DEFAULT 0 CHECK (renewal_seats >= 0);
