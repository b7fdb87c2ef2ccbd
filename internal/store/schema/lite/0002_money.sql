-- +goose Up
-- The money of issued invoices, closed months and the ledger, and what was added with it. Databases of step 1 are in use:
-- every row stays. A table of which SQLite cannot alter a CHECK is built again, with those that refer to it.

ALTER TABLE billing_accounts ADD COLUMN payment_days INTEGER NOT NULL DEFAULT 30 CHECK (payment_days BETWEEN 0 AND 365);

ALTER TABLE connections ADD COLUMN sent_at INTEGER NOT NULL DEFAULT 0;
ALTER TABLE connections ADD COLUMN main_name TEXT NOT NULL DEFAULT '';
ALTER TABLE connections ADD COLUMN main_reseller TEXT NOT NULL DEFAULT '';
ALTER TABLE connections ADD COLUMN source_name TEXT NOT NULL DEFAULT '';
ALTER TABLE connections ADD COLUMN source_reseller TEXT NOT NULL DEFAULT '';
ALTER TABLE connections ADD COLUMN evaluation TEXT NOT NULL DEFAULT '' CHECK (evaluation IN ('', 'QUEUED', 'RUNNING', 'AGAIN'));
ALTER TABLE connections ADD COLUMN evaluation_at INTEGER NOT NULL DEFAULT 0;
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
  id TEXT NOT NULL PRIMARY KEY,
  code TEXT NOT NULL UNIQUE,
  name TEXT NOT NULL,
  currency TEXT NOT NULL UNIQUE,
  registration_number TEXT NOT NULL,
  tax_rounding TEXT NOT NULL CHECK (tax_rounding IN ('HALF_UP', 'FLOOR', 'CEILING')),
  created_at INTEGER NOT NULL
) STRICT;

CREATE TABLE invoice_numbers (
  issuer_id TEXT NOT NULL REFERENCES issuers (id),
  year INTEGER NOT NULL,
  last INTEGER NOT NULL CHECK (last > 0),
  PRIMARY KEY (issuer_id, year)
) STRICT;

CREATE TABLE invoices (
  console_id TEXT NOT NULL,
  id TEXT NOT NULL,
  number TEXT NOT NULL,
  year INTEGER NOT NULL,
  seq INTEGER NOT NULL CHECK (seq > 0),
  issuer_id TEXT NOT NULL REFERENCES issuers (id),
  issuer_name TEXT NOT NULL,
  registration_number TEXT NOT NULL,
  tax_rounding TEXT NOT NULL,
  billing_account_id TEXT NOT NULL,
  account_name TEXT NOT NULL,
  legal_entity_name TEXT NOT NULL,
  currency TEXT NOT NULL,
  month INTEGER NOT NULL,
  net INTEGER NOT NULL,
  taxes TEXT NOT NULL,
  gross INTEGER NOT NULL,
  applied INTEGER NOT NULL CHECK (applied >= 0),
  due INTEGER NOT NULL CHECK (due >= 0),
  balance INTEGER NOT NULL CHECK (balance >= 0),
  line_count INTEGER NOT NULL,
  issued_on INTEGER NOT NULL,
  due_on INTEGER NOT NULL,
  issued_at INTEGER NOT NULL,
  PRIMARY KEY (console_id, id),
  UNIQUE (console_id, billing_account_id, month),
  FOREIGN KEY (console_id, billing_account_id) REFERENCES billing_accounts (console_id, id)
) STRICT;
CREATE INDEX invoices_month ON invoices (console_id, month);

CREATE TABLE invoice_lines (
  console_id TEXT NOT NULL,
  invoice_id TEXT NOT NULL,
  id TEXT NOT NULL,
  line_type TEXT NOT NULL,
  customer_id TEXT NOT NULL,
  customer_name TEXT NOT NULL,
  domain TEXT NOT NULL,
  subscription_id TEXT NOT NULL,
  sku_id TEXT NOT NULL,
  sku_name TEXT NOT NULL,
  plan TEXT NOT NULL,
  purchase_order_id TEXT NOT NULL,
  billing_account_id TEXT NOT NULL,
  from_date INTEGER NOT NULL,
  to_date INTEGER NOT NULL,
  per_days INTEGER NOT NULL,
  seats INTEGER NOT NULL,
  price_num INTEGER NOT NULL,
  price_den INTEGER NOT NULL,
  currency TEXT NOT NULL,
  amount INTEGER NOT NULL,
  credit INTEGER NOT NULL CHECK (credit IN (0, 1)),
  supplied_date INTEGER NOT NULL,
  lot_id TEXT NOT NULL,
  migration_id TEXT NOT NULL,
  counterparty_id TEXT NOT NULL,
  charge_id TEXT NOT NULL,
  PRIMARY KEY (console_id, invoice_id, id)
) STRICT;
CREATE INDEX invoice_lines_order ON invoice_lines (console_id, invoice_id, customer_name, customer_id, subscription_id, from_date, id);
CREATE INDEX invoice_lines_charge ON invoice_lines (console_id, charge_id) WHERE charge_id <> '';

CREATE TABLE balance_movements (
  console_id TEXT NOT NULL,
  id TEXT NOT NULL,
  billing_account_id TEXT NOT NULL,
  currency TEXT NOT NULL,
  amount INTEGER NOT NULL,
  invoice_id TEXT NOT NULL,
  at INTEGER NOT NULL,
  PRIMARY KEY (console_id, id),
  FOREIGN KEY (console_id, billing_account_id) REFERENCES billing_accounts (console_id, id)
) STRICT;
CREATE INDEX balance_movements_account ON balance_movements (console_id, billing_account_id);

CREATE TABLE ledger_entries (
  console_id TEXT NOT NULL,
  group_id TEXT NOT NULL,
  account TEXT NOT NULL CHECK (account IN ('RECEIVABLE', 'BALANCE', 'UNBILLED', 'DEFERRED', 'CLEARING', 'REVENUE', 'TAX', 'PAID_OUT')),
  billing_account_id TEXT NOT NULL,
  lot_id TEXT NOT NULL,
  migration_id TEXT NOT NULL,
  currency TEXT NOT NULL,
  amount INTEGER NOT NULL,
  booked_on INTEGER NOT NULL,
  PRIMARY KEY (console_id, group_id, account)
) STRICT;
CREATE INDEX ledger_entries_account ON ledger_entries (console_id, billing_account_id, booked_on)
  WHERE account IN ('RECEIVABLE', 'BALANCE');
CREATE INDEX ledger_entries_lot ON ledger_entries (console_id, lot_id) WHERE lot_id <> '';

CREATE TABLE operator_events (
  id TEXT NOT NULL PRIMARY KEY,
  at INTEGER NOT NULL,
  person_id TEXT NOT NULL,
  person_name TEXT NOT NULL,
  action TEXT NOT NULL,
  subject TEXT NOT NULL,
  data TEXT NOT NULL
) STRICT;

CREATE TABLE role_grants (
  console_id TEXT NOT NULL REFERENCES consoles (id),
  email TEXT NOT NULL,
  role TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  PRIMARY KEY (console_id, email)
) STRICT;
CREATE INDEX role_grants_email ON role_grants (email);

-- Who holds a lot has the highest of its numbers, and the same with segments: they go on counting when they move on.
-- What a console held is released to the day on which it gave it away, what one holds to the day on which it came.
CREATE TABLE lots_2 (
  console_id TEXT NOT NULL,
  id TEXT NOT NULL,
  seq INTEGER NOT NULL,
  subscription_id TEXT NOT NULL,
  customer_id TEXT NOT NULL,
  billing_account_id TEXT NOT NULL,
  from_date INTEGER NOT NULL,
  to_date INTEGER NOT NULL,
  seats INTEGER NOT NULL,
  price_num INTEGER NOT NULL,
  price_den INTEGER NOT NULL,
  term_days INTEGER NOT NULL,
  currency TEXT NOT NULL,
  charged INTEGER NOT NULL CHECK (charged BETWEEN 0 AND 1000000000000000),
  held_from INTEGER NOT NULL,
  held_to INTEGER NOT NULL,
  released_to INTEGER NOT NULL,
  migration_id TEXT NOT NULL,
  PRIMARY KEY (console_id, id, seq),
  FOREIGN KEY (console_id, subscription_id) REFERENCES subscriptions (console_id, id),
  CHECK (from_date < to_date),
  CHECK (held_from <= held_to),
  CHECK (released_to BETWEEN from_date AND to_date)
) STRICT;
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
  console_id TEXT NOT NULL REFERENCES consoles (id),
  id TEXT NOT NULL,
  kind TEXT NOT NULL CHECK (kind IN ('COMPLETE_MIGRATIONS', 'IMPORT', 'CLOSE_MONTH')),
  state TEXT NOT NULL CHECK (state IN ('RUNNING', 'PAUSED', 'DONE', 'FAILED')),
  connection_id TEXT NOT NULL,
  source_id TEXT NOT NULL,
  total INTEGER NOT NULL,
  done INTEGER NOT NULL DEFAULT 0,
  returned INTEGER NOT NULL DEFAULT 0,
  next_seq INTEGER NOT NULL DEFAULT 1,
  result TEXT NOT NULL DEFAULT '',
  started_by_id TEXT NOT NULL,
  started_by TEXT NOT NULL,
  started_at INTEGER NOT NULL,
  ended_at INTEGER NOT NULL DEFAULT 0,
  first_billing_date INTEGER NOT NULL DEFAULT 0,
  last_billing_date INTEGER NOT NULL DEFAULT 0,
  PRIMARY KEY (console_id, id),
  CHECK (done >= 0 AND returned >= 0),
  CHECK ((state IN ('DONE', 'FAILED')) = (ended_at > 0))
) STRICT;
CREATE TABLE operation_returns_2 (
  console_id TEXT NOT NULL,
  operation_id TEXT NOT NULL,
  migration_id TEXT NOT NULL,
  customer_id TEXT NOT NULL,
  customer_name TEXT NOT NULL,
  domain TEXT NOT NULL,
  reason TEXT NOT NULL,
  at INTEGER NOT NULL,
  PRIMARY KEY (console_id, operation_id, migration_id),
  FOREIGN KEY (console_id, operation_id) REFERENCES operations_2 (console_id, id)
) STRICT;
CREATE TABLE uploads_2 (
  console_id TEXT NOT NULL,
  operation_id TEXT NOT NULL,
  seq INTEGER NOT NULL,
  bytes BLOB NOT NULL,
  PRIMARY KEY (console_id, operation_id, seq),
  FOREIGN KEY (console_id, operation_id) REFERENCES operations_2 (console_id, id)
) STRICT;
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
