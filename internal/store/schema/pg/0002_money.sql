-- +goose Up
-- The money of issued invoices, closed months and the ledger, and what was added with it. Databases of step 1 are in use:
-- every row stays. A table of which SQLite cannot alter a CHECK is built again, with those that refer to it.

ALTER TABLE billing_accounts ADD COLUMN payment_days bigint NOT NULL DEFAULT 30 CHECK (payment_days BETWEEN 0 AND 365);

ALTER TABLE connections ADD COLUMN sent_at bigint NOT NULL DEFAULT 0;
ALTER TABLE connections ADD COLUMN main_name text COLLATE "C" NOT NULL DEFAULT '';
ALTER TABLE connections ADD COLUMN main_reseller text COLLATE "C" NOT NULL DEFAULT '';
ALTER TABLE connections ADD COLUMN source_name text COLLATE "C" NOT NULL DEFAULT '';
ALTER TABLE connections ADD COLUMN source_reseller text COLLATE "C" NOT NULL DEFAULT '';
ALTER TABLE connections ADD COLUMN evaluation text COLLATE "C" NOT NULL DEFAULT '' CHECK (evaluation IN ('', 'QUEUED', 'RUNNING', 'AGAIN'));
ALTER TABLE connections ADD COLUMN evaluation_at bigint NOT NULL DEFAULT 0;
UPDATE connections SET
  main_name = (SELECT k.name FROM consoles k WHERE k.id = main_id),
  main_reseller = (SELECT r.name FROM consoles k JOIN resellers r ON r.id = k.reseller_id WHERE k.id = main_id),
  source_name = (SELECT k.name FROM consoles k WHERE k.id = source_id),
  source_reseller = (SELECT r.name FROM consoles k JOIN resellers r ON r.id = k.reseller_id WHERE k.id = source_id)
  WHERE ended_at > 0;

DROP INDEX customers_ready;
DROP INDEX customers_not_ready;
-- These begin with state as customers_list does: SQLite takes no index that knows fewer of the columns asked for.
CREATE INDEX customers_ready ON customers (console_id, state, sort_name, id)
  WHERE state = 'LIVE' AND migration_id = '' AND blockers = 0 AND evaluated_at > 0;
CREATE INDEX customers_not_ready ON customers (console_id, state, sort_name, id)
  WHERE state = 'LIVE' AND migration_id = '' AND (blockers <> 0 OR evaluated_at = 0);

CREATE INDEX subscriptions_due ON subscriptions (console_id, (CASE WHEN state = 'TRIAL' THEN trial_end ELSE term_end END), id)
  WHERE moved = 0 AND state <> 'CANCELLED' AND CASE WHEN state = 'TRIAL' THEN trial_end ELSE term_end END > 0;
CREATE INDEX subscriptions_vendor_suspended ON subscriptions (console_id, customer_id)
  WHERE moved = 0 AND suspension_reason = 'VENDOR_INITIATED';
CREATE INDEX charges_month ON charges (console_id, invoice_month, id);
CREATE INDEX migrations_scheduled ON migrations (billing_date) WHERE state = 'SCHEDULED';

CREATE TABLE issuers (
  id text COLLATE "C" NOT NULL PRIMARY KEY,
  code text COLLATE "C" NOT NULL UNIQUE,
  name text COLLATE "C" NOT NULL,
  currency text COLLATE "C" NOT NULL UNIQUE,
  registration_number text COLLATE "C" NOT NULL,
  tax_rounding text COLLATE "C" NOT NULL CHECK (tax_rounding IN ('HALF_UP', 'FLOOR', 'CEILING')),
  created_at bigint NOT NULL
);

CREATE TABLE invoice_numbers (
  issuer_id text COLLATE "C" NOT NULL REFERENCES issuers (id),
  year bigint NOT NULL,
  last bigint NOT NULL CHECK (last > 0),
  PRIMARY KEY (issuer_id, year)
);

CREATE TABLE invoices (
  console_id text COLLATE "C" NOT NULL,
  id text COLLATE "C" NOT NULL,
  number text COLLATE "C" NOT NULL,
  year bigint NOT NULL,
  seq bigint NOT NULL CHECK (seq > 0),
  issuer_id text COLLATE "C" NOT NULL REFERENCES issuers (id),
  issuer_name text COLLATE "C" NOT NULL,
  registration_number text COLLATE "C" NOT NULL,
  tax_rounding text COLLATE "C" NOT NULL,
  billing_account_id text COLLATE "C" NOT NULL,
  account_name text COLLATE "C" NOT NULL,
  legal_entity_name text COLLATE "C" NOT NULL,
  currency text COLLATE "C" NOT NULL,
  month bigint NOT NULL,
  net bigint NOT NULL,
  taxes text COLLATE "C" NOT NULL,
  gross bigint NOT NULL,
  applied bigint NOT NULL CHECK (applied >= 0),
  due bigint NOT NULL CHECK (due >= 0),
  balance bigint NOT NULL CHECK (balance >= 0),
  line_count bigint NOT NULL,
  issued_on bigint NOT NULL,
  due_on bigint NOT NULL,
  issued_at bigint NOT NULL,
  PRIMARY KEY (console_id, id),
  UNIQUE (console_id, billing_account_id, month),
  FOREIGN KEY (console_id, billing_account_id) REFERENCES billing_accounts (console_id, id)
);
CREATE INDEX invoices_month ON invoices (console_id, month);

CREATE TABLE invoice_lines (
  console_id text COLLATE "C" NOT NULL,
  invoice_id text COLLATE "C" NOT NULL,
  id text COLLATE "C" NOT NULL,
  line_type text COLLATE "C" NOT NULL,
  customer_id text COLLATE "C" NOT NULL,
  customer_name text COLLATE "C" NOT NULL,
  domain text COLLATE "C" NOT NULL,
  subscription_id text COLLATE "C" NOT NULL,
  sku_id text COLLATE "C" NOT NULL,
  sku_name text COLLATE "C" NOT NULL,
  plan text COLLATE "C" NOT NULL,
  purchase_order_id text COLLATE "C" NOT NULL,
  billing_account_id text COLLATE "C" NOT NULL,
  from_date bigint NOT NULL,
  to_date bigint NOT NULL,
  per_days bigint NOT NULL,
  seats bigint NOT NULL,
  price_num bigint NOT NULL,
  price_den bigint NOT NULL,
  currency text COLLATE "C" NOT NULL,
  amount bigint NOT NULL,
  credit bigint NOT NULL CHECK (credit IN (0, 1)),
  supplied_date bigint NOT NULL,
  lot_id text COLLATE "C" NOT NULL,
  migration_id text COLLATE "C" NOT NULL,
  counterparty_id text COLLATE "C" NOT NULL,
  charge_id text COLLATE "C" NOT NULL,
  PRIMARY KEY (console_id, invoice_id, id)
);
CREATE INDEX invoice_lines_order ON invoice_lines (console_id, invoice_id, customer_name, customer_id, subscription_id, from_date, id);
CREATE INDEX invoice_lines_charge ON invoice_lines (console_id, charge_id) WHERE charge_id <> '';

CREATE TABLE balance_movements (
  console_id text COLLATE "C" NOT NULL,
  id text COLLATE "C" NOT NULL,
  billing_account_id text COLLATE "C" NOT NULL,
  currency text COLLATE "C" NOT NULL,
  amount bigint NOT NULL,
  invoice_id text COLLATE "C" NOT NULL,
  at bigint NOT NULL,
  PRIMARY KEY (console_id, id),
  FOREIGN KEY (console_id, billing_account_id) REFERENCES billing_accounts (console_id, id)
);
CREATE INDEX balance_movements_account ON balance_movements (console_id, billing_account_id);

CREATE TABLE ledger_entries (
  console_id text COLLATE "C" NOT NULL,
  group_id text COLLATE "C" NOT NULL,
  account text COLLATE "C" NOT NULL CHECK (account IN ('RECEIVABLE', 'BALANCE', 'UNBILLED', 'DEFERRED', 'CLEARING', 'REVENUE', 'TAX', 'PAID_OUT')),
  billing_account_id text COLLATE "C" NOT NULL,
  lot_id text COLLATE "C" NOT NULL,
  migration_id text COLLATE "C" NOT NULL,
  currency text COLLATE "C" NOT NULL,
  amount bigint NOT NULL,
  booked_on bigint NOT NULL,
  PRIMARY KEY (console_id, group_id, account)
);
CREATE INDEX ledger_entries_account ON ledger_entries (console_id, billing_account_id, booked_on)
  WHERE account IN ('RECEIVABLE', 'BALANCE');
CREATE INDEX ledger_entries_lot ON ledger_entries (console_id, lot_id) WHERE lot_id <> '';

CREATE TABLE operator_events (
  id text COLLATE "C" NOT NULL PRIMARY KEY,
  at bigint NOT NULL,
  person_id text COLLATE "C" NOT NULL,
  person_name text COLLATE "C" NOT NULL,
  action text COLLATE "C" NOT NULL,
  subject text COLLATE "C" NOT NULL,
  data text COLLATE "C" NOT NULL
);

CREATE TABLE role_grants (
  console_id text COLLATE "C" NOT NULL REFERENCES consoles (id),
  email text COLLATE "C" NOT NULL,
  role text COLLATE "C" NOT NULL,
  created_at bigint NOT NULL,
  PRIMARY KEY (console_id, email)
);
CREATE INDEX role_grants_email ON role_grants (email);

-- Who holds a lot has the highest of its numbers, and the same with segments: they go on counting when they move on.
-- What a console held is released to the day on which it gave it away, what one holds to the day on which it came.
CREATE TABLE lots_2 (
  console_id text COLLATE "C" NOT NULL,
  id text COLLATE "C" NOT NULL,
  seq bigint NOT NULL,
  subscription_id text COLLATE "C" NOT NULL,
  customer_id text COLLATE "C" NOT NULL,
  billing_account_id text COLLATE "C" NOT NULL,
  from_date bigint NOT NULL,
  to_date bigint NOT NULL,
  seats bigint NOT NULL,
  price_num bigint NOT NULL,
  price_den bigint NOT NULL,
  term_days bigint NOT NULL,
  currency text COLLATE "C" NOT NULL,
  charged bigint NOT NULL CHECK (charged BETWEEN 0 AND 1000000000000000),
  held_from bigint NOT NULL,
  held_to bigint NOT NULL,
  released_to bigint NOT NULL,
  migration_id text COLLATE "C" NOT NULL,
  PRIMARY KEY (console_id, id, seq),
  FOREIGN KEY (console_id, subscription_id) REFERENCES subscriptions (console_id, id),
  CHECK (from_date < to_date),
  CHECK (held_from <= held_to),
  CHECK (released_to BETWEEN from_date AND to_date)
);
INSERT INTO lots_2 (console_id, id, seq, subscription_id, customer_id, billing_account_id, from_date, to_date, seats, price_num,
    price_den, term_days, currency, charged, held_from, held_to, released_to, migration_id)
  SELECT console_id, id, CASE WHEN held_to = 2932896 THEN max(seq) OVER (PARTITION BY id) ELSE seq END, subscription_id, customer_id,
    billing_account_id, from_date, to_date, seats, price_num, price_den, term_days, currency, charged, held_from, held_to,
    CASE WHEN CASE WHEN held_to = 2932896 THEN held_from ELSE held_to END <= from_date THEN from_date
      WHEN CASE WHEN held_to = 2932896 THEN held_from ELSE held_to END >= to_date THEN to_date
      WHEN held_to = 2932896 THEN held_from ELSE held_to END, migration_id
  FROM lots;
DROP TABLE lots;
ALTER TABLE lots_2 RENAME TO lots;
CREATE INDEX lots_subscription ON lots (console_id, subscription_id);

UPDATE segments SET seq = top.seq
  FROM (SELECT subscription_id, max(seq) AS seq FROM segments GROUP BY subscription_id HAVING count(DISTINCT console_id) > 1) top
  WHERE segments.subscription_id = top.subscription_id AND segments.to_date = 2932896 AND segments.seq < top.seq;

-- What was charged so far is booked as it would have been: it waits for its invoice, what is prepaid is earned day by day,
-- and what went from console to console went through the clearing account of its migration.
INSERT INTO ledger_entries (console_id, group_id, account, billing_account_id, lot_id, migration_id, currency, amount, booked_on)
  SELECT h.console_id, CASE WHEN h.line_type IN ('COMMITMENT', 'RENEWAL') THEN h.lot_id || '/purchase' ELSE h.id END,
    CASE WHEN leg.sign = 1 THEN 'UNBILLED' WHEN h.line_type IN ('COMMITMENT', 'RENEWAL') THEN 'DEFERRED' ELSE 'CLEARING' END,
    h.billing_account_id, h.lot_id, CASE WHEN h.line_type IN ('COMMITMENT', 'RENEWAL') THEN '' ELSE h.migration_id END,
    h.currency, leg.sign * h.amount, h.from_date
  FROM charges h CROSS JOIN (SELECT 1 AS sign UNION ALL SELECT -1) leg;
INSERT INTO ledger_entries (console_id, group_id, account, billing_account_id, lot_id, migration_id, currency, amount, booked_on)
  SELECT l.console_id, l.id || '/used/' || CAST(l.released_to AS text), leg.account, l.billing_account_id, l.id, '', l.currency,
    leg.sign * ((2 * l.charged * (l.to_date - l.came) + l.days) / (2 * l.days)
      - (2 * l.charged * (l.to_date - l.released_to) + l.days) / (2 * l.days)), l.released_to
  FROM (SELECT console_id, id, billing_account_id, currency, charged, to_date, to_date - from_date AS days, released_to, held_to,
      CASE WHEN held_from > from_date THEN held_from ELSE from_date END AS came FROM lots) l
    CROSS JOIN (SELECT 'DEFERRED' AS account, 1 AS sign UNION ALL SELECT 'REVENUE', -1) leg
  WHERE l.held_to <> 2932896 AND l.came < l.released_to;

CREATE TABLE operations_2 (
  console_id text COLLATE "C" NOT NULL REFERENCES consoles (id),
  id text COLLATE "C" NOT NULL,
  kind text COLLATE "C" NOT NULL CHECK (kind IN ('COMPLETE_MIGRATIONS', 'IMPORT', 'CLOSE_MONTH')),
  state text COLLATE "C" NOT NULL CHECK (state IN ('RUNNING', 'PAUSED', 'DONE', 'FAILED')),
  connection_id text COLLATE "C" NOT NULL,
  source_id text COLLATE "C" NOT NULL,
  total bigint NOT NULL,
  done bigint NOT NULL DEFAULT 0,
  returned bigint NOT NULL DEFAULT 0,
  next_seq bigint NOT NULL DEFAULT 1,
  result text COLLATE "C" NOT NULL DEFAULT '',
  started_by_id text COLLATE "C" NOT NULL,
  started_by text COLLATE "C" NOT NULL,
  started_at bigint NOT NULL,
  ended_at bigint NOT NULL DEFAULT 0,
  first_billing_date bigint NOT NULL DEFAULT 0,
  last_billing_date bigint NOT NULL DEFAULT 0,
  PRIMARY KEY (console_id, id),
  CHECK (done >= 0 AND returned >= 0),
  CHECK ((state IN ('DONE', 'FAILED')) = (ended_at > 0))
);
CREATE TABLE operation_returns_2 (
  console_id text COLLATE "C" NOT NULL,
  operation_id text COLLATE "C" NOT NULL,
  migration_id text COLLATE "C" NOT NULL,
  customer_id text COLLATE "C" NOT NULL,
  customer_name text COLLATE "C" NOT NULL,
  domain text COLLATE "C" NOT NULL,
  reason text COLLATE "C" NOT NULL,
  at bigint NOT NULL,
  PRIMARY KEY (console_id, operation_id, migration_id),
  FOREIGN KEY (console_id, operation_id) REFERENCES operations_2 (console_id, id)
);
CREATE TABLE uploads_2 (
  console_id text COLLATE "C" NOT NULL,
  operation_id text COLLATE "C" NOT NULL,
  seq bigint NOT NULL,
  bytes bytea NOT NULL,
  PRIMARY KEY (console_id, operation_id, seq),
  FOREIGN KEY (console_id, operation_id) REFERENCES operations_2 (console_id, id)
);
INSERT INTO operations_2 (console_id, id, kind, state, connection_id, source_id, total, done, returned, next_seq, result,
    started_by_id, started_by, started_at, ended_at, first_billing_date, last_billing_date)
  SELECT console_id, id, kind, state, connection_id, source_id, total, done, returned, next_seq, result,
    started_by_id, started_by, started_at, ended_at, first_billing_date, last_billing_date FROM operations;
INSERT INTO operation_returns_2 (console_id, operation_id, migration_id, customer_id, customer_name, domain, reason, at)
  SELECT console_id, operation_id, migration_id, customer_id, customer_name, domain, reason, at FROM operation_returns;
INSERT INTO uploads_2 (console_id, operation_id, seq, bytes)
  SELECT console_id, operation_id, seq, bytes FROM uploads;
DROP TABLE uploads;
DROP TABLE operation_returns;
DROP TABLE operations;
ALTER TABLE operations_2 RENAME TO operations;
ALTER TABLE operation_returns_2 RENAME TO operation_returns;
ALTER TABLE uploads_2 RENAME TO uploads;
CREATE INDEX operations_connection ON operations (console_id, connection_id, id);
