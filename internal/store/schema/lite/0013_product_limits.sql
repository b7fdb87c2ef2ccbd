-- +goose Up
-- Products of one edition share a cap of seats per customer, and a trial of a product is free for so many days.
ALTER TABLE skus ADD COLUMN edition TEXT NOT NULL DEFAULT '';
ALTER TABLE skus ADD COLUMN edition_seats INTEGER NOT NULL DEFAULT 0 CHECK (edition_seats >= 0);
ALTER TABLE skus ADD COLUMN trial_days INTEGER NOT NULL DEFAULT 0 CHECK (trial_days >= 0);
