-- +goose Up
-- An undo is a migration of its own and names the one that it answers. A case that asks for one says which, and what came of it.
ALTER TABLE migrations ADD COLUMN answers_id text COLLATE "C" NOT NULL DEFAULT '';

CREATE TABLE case_undos (
  console_id text COLLATE "C" NOT NULL,
  case_id text COLLATE "C" NOT NULL,
  migration_id text COLLATE "C" NOT NULL,
  from_console_id text COLLATE "C" NOT NULL REFERENCES consoles (id),
  to_console_id text COLLATE "C" NOT NULL REFERENCES consoles (id),
  decision text COLLATE "C" NOT NULL DEFAULT '' CHECK (decision IN ('', 'APPROVED', 'REJECTED')),
  consent text COLLATE "C" NOT NULL DEFAULT '' CHECK (consent IN ('', 'AGREED', 'WITHOUT')),
  reason text COLLATE "C" NOT NULL DEFAULT '',
  undo_id text COLLATE "C" NOT NULL DEFAULT '',
  billing_date bigint NOT NULL DEFAULT 0,
  decided_at bigint NOT NULL DEFAULT 0,
  PRIMARY KEY (console_id, case_id),
  FOREIGN KEY (console_id, case_id) REFERENCES cases (console_id, id),
  CHECK ((decision = 'APPROVED') = (undo_id <> '')),
  CHECK ((decision = 'APPROVED') = (consent <> '')),
  CHECK ((decision = '') = (decided_at = 0))
);
CREATE INDEX case_undos_migration ON case_undos (console_id, migration_id);
