-- +goose Up
-- People see the transfer tokens of a customer, and take back one that went astray.
ALTER TABLE transfer_tokens ADD COLUMN id TEXT NOT NULL DEFAULT '';
ALTER TABLE transfer_tokens ADD COLUMN created_by TEXT NOT NULL DEFAULT '';
ALTER TABLE transfer_tokens ADD COLUMN created_at INTEGER NOT NULL DEFAULT 0;
ALTER TABLE transfer_tokens ADD COLUMN revoked_at INTEGER NOT NULL DEFAULT 0;
UPDATE transfer_tokens SET id = 'trt_' || substr(hash, 1, 20);
CREATE INDEX transfer_tokens_customer ON transfer_tokens (console_id, customer_id, id);
