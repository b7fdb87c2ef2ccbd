-- +goose Up
-- What clients sign in with. A service account is a program that works in one console; tokens are a person's own, the secrets
-- and keys of service accounts, and the short-lived access tokens that those are exchanged for (issued_by).
CREATE TABLE service_accounts (
  console_id TEXT NOT NULL REFERENCES consoles (id),
  id TEXT NOT NULL,
  name TEXT NOT NULL,
  scopes TEXT NOT NULL,
  created_by TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  removed_at INTEGER NOT NULL DEFAULT 0,
  PRIMARY KEY (console_id, id)
) STRICT;
CREATE UNIQUE INDEX service_accounts_id ON service_accounts (id);

CREATE TABLE api_tokens (
  console_id TEXT NOT NULL REFERENCES consoles (id),
  id TEXT NOT NULL,
  kind TEXT NOT NULL CHECK (kind IN ('TOKEN', 'SECRET', 'KEY', 'ACCESS')),
  name TEXT NOT NULL,
  person_id TEXT NOT NULL,
  service_account_id TEXT NOT NULL,
  issued_by TEXT NOT NULL,
  scopes TEXT NOT NULL,
  hash TEXT NOT NULL,
  public_key TEXT NOT NULL,
  created_by TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  expires_at INTEGER NOT NULL,
  last_used_at INTEGER NOT NULL DEFAULT 0,
  revoked_at INTEGER NOT NULL DEFAULT 0,
  PRIMARY KEY (console_id, id),
  CHECK (person_id <> '' OR service_account_id <> ''),
  CHECK ((kind = 'ACCESS') = (issued_by <> '')),
  CHECK ((kind = 'KEY') = (public_key <> '')),
  CHECK ((kind = 'KEY') = (hash = ''))
) STRICT;
CREATE UNIQUE INDEX api_tokens_hash ON api_tokens (hash) WHERE hash <> '';
CREATE UNIQUE INDEX api_tokens_id ON api_tokens (id);
CREATE INDEX api_tokens_person ON api_tokens (person_id) WHERE person_id <> '';

-- Requests that carry a key: each is carried out once. Its answer follows the first thing that it writes.
CREATE TABLE api_requests (
  console_id TEXT NOT NULL REFERENCES consoles (id),
  caller TEXT NOT NULL,
  key TEXT NOT NULL,
  method TEXT NOT NULL,
  hash TEXT NOT NULL,
  state TEXT NOT NULL CHECK (state IN ('BEGUN', 'ANSWERED', 'UNANSWERED')),
  answer BLOB,
  at INTEGER NOT NULL,
  PRIMARY KEY (console_id, caller, key),
  CHECK ((state = 'ANSWERED') = (answer IS NOT NULL))
) STRICT;
CREATE INDEX api_requests_at ON api_requests (at);
