-- +goose Up
-- What clients sign in with. A service account is a program that works in one console; tokens are a person's own, the secrets
-- and keys of service accounts, and the short-lived access tokens that those are exchanged for (issued_by).
CREATE TABLE service_accounts (
  console_id text COLLATE "C" NOT NULL REFERENCES consoles (id),
  id text COLLATE "C" NOT NULL,
  name text COLLATE "C" NOT NULL,
  scopes text COLLATE "C" NOT NULL,
  created_by text COLLATE "C" NOT NULL,
  created_at bigint NOT NULL,
  removed_at bigint NOT NULL DEFAULT 0,
  PRIMARY KEY (console_id, id)
);
CREATE UNIQUE INDEX service_accounts_id ON service_accounts (id);

CREATE TABLE api_tokens (
  console_id text COLLATE "C" NOT NULL REFERENCES consoles (id),
  id text COLLATE "C" NOT NULL,
  kind text COLLATE "C" NOT NULL CHECK (kind IN ('TOKEN', 'SECRET', 'KEY', 'ACCESS')),
  name text COLLATE "C" NOT NULL,
  person_id text COLLATE "C" NOT NULL,
  service_account_id text COLLATE "C" NOT NULL,
  issued_by text COLLATE "C" NOT NULL,
  scopes text COLLATE "C" NOT NULL,
  hash text COLLATE "C" NOT NULL,
  public_key text COLLATE "C" NOT NULL,
  created_by text COLLATE "C" NOT NULL,
  created_at bigint NOT NULL,
  expires_at bigint NOT NULL,
  last_used_at bigint NOT NULL DEFAULT 0,
  revoked_at bigint NOT NULL DEFAULT 0,
  PRIMARY KEY (console_id, id),
  CHECK (person_id <> '' OR service_account_id <> ''),
  CHECK ((kind = 'ACCESS') = (issued_by <> '')),
  CHECK ((kind = 'KEY') = (public_key <> '')),
  CHECK ((kind = 'KEY') = (hash = ''))
);
CREATE UNIQUE INDEX api_tokens_hash ON api_tokens (hash) WHERE hash <> '';
CREATE UNIQUE INDEX api_tokens_id ON api_tokens (id);
CREATE INDEX api_tokens_person ON api_tokens (person_id) WHERE person_id <> '';

-- Requests that carry a key: each is carried out once. Its answer follows the first thing that it writes.
CREATE TABLE api_requests (
  console_id text COLLATE "C" NOT NULL REFERENCES consoles (id),
  caller text COLLATE "C" NOT NULL,
  key text COLLATE "C" NOT NULL,
  method text COLLATE "C" NOT NULL,
  hash text COLLATE "C" NOT NULL,
  state text COLLATE "C" NOT NULL CHECK (state IN ('BEGUN', 'ANSWERED', 'UNANSWERED')),
  answer bytea,
  at bigint NOT NULL,
  PRIMARY KEY (console_id, caller, key),
  CHECK ((state = 'ANSWERED') = (answer IS NOT NULL))
);
CREATE INDEX api_requests_at ON api_requests (at);
