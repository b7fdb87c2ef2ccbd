-- +goose Up
-- With its token a customer lets another reseller have its subscriptions. Only the hash is kept.
CREATE TABLE transfer_tokens (
  console_id TEXT NOT NULL REFERENCES consoles (id),
  hash TEXT NOT NULL,
  customer_id TEXT NOT NULL,
  expires_at INTEGER NOT NULL,
  used_at INTEGER NOT NULL DEFAULT 0,
  PRIMARY KEY (console_id, hash)
) STRICT;
CREATE UNIQUE INDEX transfer_tokens_hash ON transfer_tokens (hash);
