-- +goose Up
-- Why a credit balance was used stands in the statement, not only in the trail.
ALTER TABLE balance_movements ADD COLUMN note text COLLATE "C" NOT NULL DEFAULT '';
