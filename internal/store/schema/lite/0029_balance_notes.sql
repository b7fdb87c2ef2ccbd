-- +goose Up
-- Why a credit balance was used stands in the statement, not only in the trail.
ALTER TABLE balance_movements ADD COLUMN note TEXT NOT NULL DEFAULT '';
