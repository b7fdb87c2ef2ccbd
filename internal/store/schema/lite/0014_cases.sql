-- +goose Up
-- What consoles bring before the vendor, what was said about it, and the files that came along.
CREATE TABLE cases (
  console_id TEXT NOT NULL REFERENCES consoles (id),
  id TEXT NOT NULL,
  number INTEGER NOT NULL CHECK (number > 0),
  kind TEXT NOT NULL,
  title TEXT NOT NULL,
  customer_id TEXT NOT NULL,
  customer_name TEXT NOT NULL,
  state TEXT NOT NULL CHECK (state IN ('OPEN', 'WAITING_FOR_PARTNER', 'WAITING_FOR_OPERATOR', 'RESOLVED', 'CLOSED')),
  opened_by TEXT NOT NULL,
  by_operator INTEGER NOT NULL CHECK (by_operator IN (0, 1)),
  opened_at INTEGER NOT NULL,
  changed_at INTEGER NOT NULL,
  assignee_id TEXT NOT NULL DEFAULT '',
  assignee TEXT NOT NULL DEFAULT '',
  PRIMARY KEY (console_id, id),
  UNIQUE (console_id, number)
) STRICT;
CREATE INDEX cases_state ON cases (console_id, state, id);
CREATE INDEX cases_customer ON cases (console_id, customer_id, id) WHERE customer_id <> '';
CREATE INDEX cases_queue ON cases (state, id);

CREATE TABLE case_entries (
  console_id TEXT NOT NULL,
  id TEXT NOT NULL,
  case_id TEXT NOT NULL,
  at INTEGER NOT NULL,
  action TEXT NOT NULL,
  by_name TEXT NOT NULL,
  by_operator INTEGER NOT NULL CHECK (by_operator IN (0, 1)),
  internal INTEGER NOT NULL CHECK (internal IN (0, 1)),
  text TEXT NOT NULL,
  PRIMARY KEY (console_id, id),
  FOREIGN KEY (console_id, case_id) REFERENCES cases (console_id, id)
) STRICT;
CREATE INDEX case_entries_case ON case_entries (console_id, case_id, id);

CREATE TABLE case_files (
  console_id TEXT NOT NULL,
  id TEXT NOT NULL,
  case_id TEXT NOT NULL,
  entry_id TEXT NOT NULL,
  name TEXT NOT NULL,
  type TEXT NOT NULL,
  size INTEGER NOT NULL CHECK (size > 0),
  bytes BLOB NOT NULL,
  PRIMARY KEY (console_id, id),
  FOREIGN KEY (console_id, case_id) REFERENCES cases (console_id, id)
) STRICT;
CREATE INDEX case_files_case ON case_files (console_id, case_id, id);
