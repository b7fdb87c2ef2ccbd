-- +goose Up
-- An undo is a migration of its own and names the one that it answers. A case that asks for one says which, and what came of it.
ALTER TABLE migrations ADD COLUMN answers_id TEXT NOT NULL DEFAULT '';

CREATE TABLE case_undos (
  console_id TEXT NOT NULL,
  case_id TEXT NOT NULL,
  migration_id TEXT NOT NULL,
  from_console_id TEXT NOT NULL REFERENCES consoles (id),
  to_console_id TEXT NOT NULL REFERENCES consoles (id),
  decision TEXT NOT NULL DEFAULT '' CHECK (decision IN ('', 'APPROVED', 'REJECTED')),
  consent TEXT NOT NULL DEFAULT '' CHECK (consent IN ('', 'AGREED', 'WITHOUT')),
  reason TEXT NOT NULL DEFAULT '',
  undo_id TEXT NOT NULL DEFAULT '',
  billing_date INTEGER NOT NULL DEFAULT 0,
  decided_at INTEGER NOT NULL DEFAULT 0,
  PRIMARY KEY (console_id, case_id),
  FOREIGN KEY (console_id, case_id) REFERENCES cases (console_id, id),
  CHECK ((decision = 'APPROVED') = (undo_id <> '')),
  CHECK ((decision = 'APPROVED') = (consent <> '')),
  CHECK ((decision = '') = (decided_at = 0))
) STRICT;
CREATE INDEX case_undos_migration ON case_undos (console_id, migration_id);
