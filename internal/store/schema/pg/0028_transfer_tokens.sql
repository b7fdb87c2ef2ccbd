-- +goose Up
-- With its token a customer lets another reseller have its subscriptions. Only the hash is kept.
CREATE TABLE transfer_tokens (
  console_id text COLLATE "C" NOT NULL REFERENCES consoles (id),
  hash text COLLATE "C" NOT NULL,
  customer_id text COLLATE "C" NOT NULL,
  expires_at bigint NOT NULL,
  used_at bigint NOT NULL DEFAULT 0,
  PRIMARY KEY (console_id, hash)
);
CREATE UNIQUE INDEX transfer_tokens_hash ON transfer_tokens (hash);
