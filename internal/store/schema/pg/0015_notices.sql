-- +goose Up
-- A notice has a topic, which a person can switch off for the bell and for e-mail, and is read one by one too. Mails wait
-- until they are sent; notices of readiness and of renewals know what has been told.

ALTER TABLE notices ADD COLUMN topic text COLLATE "C" NOT NULL DEFAULT '';
UPDATE notices SET topic = CASE
  WHEN kind IN ('connection.invited', 'connection.cancelled') THEN 'invite_received'
  WHEN kind = 'connection.reminder' THEN 'invite_expiring'
  WHEN kind = 'connection.accepted' THEN 'invite_accepted'
  WHEN kind IN ('connection.declined', 'connection.expired') THEN 'invite_declined'
  WHEN kind LIKE 'connection.closed%' THEN 'connection_closed'
  WHEN kind = 'connection.wait_over' THEN 'wait_over'
  WHEN kind = 'migration.started' THEN 'started'
  WHEN kind LIKE 'migration.schedule%' THEN 'scheduled'
  WHEN kind = 'migration.run_finished' THEN 'run_finished'
  WHEN kind LIKE 'migration.asked.%' OR kind = 'billing_account.requested' THEN 'asked'
  WHEN kind LIKE 'invoice.%' THEN 'invoices'
  WHEN kind LIKE 'subscription.%' THEN 'renewals'
  WHEN kind LIKE 'billing_account.%' THEN 'accounts'
  WHEN kind LIKE 'case.%' THEN 'cases'
  WHEN kind LIKE 'import.%' THEN 'imports'
  ELSE '' END;

CREATE TABLE notice_marks (
  console_id text COLLATE "C" NOT NULL,
  person_id text COLLATE "C" NOT NULL REFERENCES people (id),
  notice_id text COLLATE "C" NOT NULL,
  PRIMARY KEY (console_id, person_id, notice_id),
  FOREIGN KEY (console_id, notice_id) REFERENCES notices (console_id, id)
);

CREATE TABLE notice_choices (
  person_id text COLLATE "C" NOT NULL REFERENCES people (id),
  topic text COLLATE "C" NOT NULL,
  bell bigint NOT NULL CHECK (bell IN (0, 1)),
  mail bigint NOT NULL CHECK (mail IN (0, 1)),
  PRIMARY KEY (person_id, topic)
);

CREATE TABLE mails (
  id text COLLATE "C" NOT NULL PRIMARY KEY,
  at bigint NOT NULL,
  console_id text COLLATE "C" NOT NULL,
  notice_id text COLLATE "C" NOT NULL,
  person_id text COLLATE "C" NOT NULL,
  email text COLLATE "C" NOT NULL,
  language text COLLATE "C" NOT NULL,
  kind text COLLATE "C" NOT NULL,
  data text COLLATE "C" NOT NULL,
  secret text COLLATE "C" NOT NULL,
  state text COLLATE "C" NOT NULL DEFAULT 'WAITING' CHECK (state IN ('WAITING', 'SENT', 'REFUSED', 'DROPPED')),
  settled_at bigint NOT NULL DEFAULT 0,
  problem text COLLATE "C" NOT NULL DEFAULT '',
  CHECK ((state = 'WAITING') = (settled_at = 0)),
  CHECK (state = 'WAITING' OR secret = '')
);
CREATE UNIQUE INDEX mails_once ON mails (console_id, notice_id, person_id) WHERE notice_id <> '';

ALTER TABLE customers ADD COLUMN told_ready bigint NOT NULL DEFAULT 0 CHECK (told_ready IN (0, 1, 2));
ALTER TABLE consoles ADD COLUMN renewals_told bigint NOT NULL DEFAULT 0;
