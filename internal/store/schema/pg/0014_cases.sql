-- +goose Up
-- What consoles bring before the vendor, what was said about it, and the files that came along.
CREATE TABLE cases (
  console_id text COLLATE "C" NOT NULL REFERENCES consoles (id),
  id text COLLATE "C" NOT NULL,
  number bigint NOT NULL CHECK (number > 0),
  kind text COLLATE "C" NOT NULL,
  title text COLLATE "C" NOT NULL,
  customer_id text COLLATE "C" NOT NULL,
  customer_name text COLLATE "C" NOT NULL,
  state text COLLATE "C" NOT NULL CHECK (state IN ('OPEN', 'WAITING_FOR_PARTNER', 'WAITING_FOR_OPERATOR', 'RESOLVED', 'CLOSED')),
  opened_by text COLLATE "C" NOT NULL,
  by_operator bigint NOT NULL CHECK (by_operator IN (0, 1)),
  opened_at bigint NOT NULL,
  changed_at bigint NOT NULL,
  assignee_id text COLLATE "C" NOT NULL DEFAULT '',
  assignee text COLLATE "C" NOT NULL DEFAULT '',
  PRIMARY KEY (console_id, id),
  UNIQUE (console_id, number)
);
CREATE INDEX cases_state ON cases (console_id, state, id);
CREATE INDEX cases_customer ON cases (console_id, customer_id, id) WHERE customer_id <> '';
CREATE INDEX cases_queue ON cases (state, id);

CREATE TABLE case_entries (
  console_id text COLLATE "C" NOT NULL,
  id text COLLATE "C" NOT NULL,
  case_id text COLLATE "C" NOT NULL,
  at bigint NOT NULL,
  action text COLLATE "C" NOT NULL,
  by_name text COLLATE "C" NOT NULL,
  by_operator bigint NOT NULL CHECK (by_operator IN (0, 1)),
  internal bigint NOT NULL CHECK (internal IN (0, 1)),
  text text COLLATE "C" NOT NULL,
  PRIMARY KEY (console_id, id),
  FOREIGN KEY (console_id, case_id) REFERENCES cases (console_id, id)
);
CREATE INDEX case_entries_case ON case_entries (console_id, case_id, id);

CREATE TABLE case_files (
  console_id text COLLATE "C" NOT NULL,
  id text COLLATE "C" NOT NULL,
  case_id text COLLATE "C" NOT NULL,
  entry_id text COLLATE "C" NOT NULL,
  name text COLLATE "C" NOT NULL,
  type text COLLATE "C" NOT NULL,
  size bigint NOT NULL CHECK (size > 0),
  bytes bytea NOT NULL,
  PRIMARY KEY (console_id, id),
  FOREIGN KEY (console_id, case_id) REFERENCES cases (console_id, id)
);
CREATE INDEX case_files_case ON case_files (console_id, case_id, id);
