-- +goose Up
-- Where a customer is reached when its own domain is not: the second address of the field's public APIs.
ALTER TABLE customers ADD COLUMN alternate_email text COLLATE "C" NOT NULL DEFAULT '';
