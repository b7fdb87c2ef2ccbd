-- +goose Up
-- Instants are UTC microseconds, dates are days since 1970-01-01, money is minor units, yes/no is 1/0.
-- "None" is '' or 0, so that both engines order and compare alike. Keep this file and its twin in the
-- other engine's folder word for word the same but for types; a test compares them.

CREATE TABLE settings (
  key TEXT NOT NULL PRIMARY KEY,
  value TEXT NOT NULL
) STRICT;

CREATE TABLE resellers (
  id TEXT NOT NULL PRIMARY KEY,
  name TEXT NOT NULL,
  created_at INTEGER NOT NULL
) STRICT;

CREATE TABLE consoles (
  id TEXT NOT NULL PRIMARY KEY,
  account_id TEXT NOT NULL UNIQUE,
  name TEXT NOT NULL,
  reseller_id TEXT NOT NULL REFERENCES resellers (id),
  state TEXT NOT NULL CHECK (state IN ('ACTIVE', 'SUSPENDED')),
  lock_version INTEGER NOT NULL DEFAULT 0,
  created_at INTEGER NOT NULL
) STRICT;

CREATE TABLE people (
  id TEXT NOT NULL PRIMARY KEY,
  email TEXT NOT NULL UNIQUE,
  name TEXT NOT NULL,
  password_hash TEXT NOT NULL,
  language TEXT NOT NULL,
  time_zone TEXT NOT NULL,
  theme TEXT NOT NULL,
  operator INTEGER NOT NULL CHECK (operator IN (0, 1)),
  created_at INTEGER NOT NULL
) STRICT;

CREATE TABLE memberships (
  console_id TEXT NOT NULL REFERENCES consoles (id),
  person_id TEXT NOT NULL REFERENCES people (id),
  role TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  PRIMARY KEY (console_id, person_id)
) STRICT;
CREATE INDEX memberships_person ON memberships (person_id);

CREATE TABLE sessions (
  token TEXT NOT NULL PRIMARY KEY,
  data TEXT NOT NULL,
  expires_at INTEGER NOT NULL
) STRICT;
CREATE INDEX sessions_expiry ON sessions (expires_at);

CREATE TABLE one_time_links (
  hash TEXT NOT NULL PRIMARY KEY,
  purpose TEXT NOT NULL CHECK (purpose IN ('SETUP', 'PASSWORD')),
  person_id TEXT NOT NULL,
  expires_at INTEGER NOT NULL,
  used_at INTEGER NOT NULL DEFAULT 0
) STRICT;

CREATE TABLE attempts (
  key TEXT NOT NULL PRIMARY KEY,
  failures INTEGER NOT NULL,
  blocked_until INTEGER NOT NULL,
  last_at INTEGER NOT NULL
) STRICT;

CREATE TABLE legal_entities (
  id TEXT NOT NULL PRIMARY KEY,
  reseller_id TEXT NOT NULL REFERENCES resellers (id),
  name TEXT NOT NULL,
  country TEXT NOT NULL,
  created_at INTEGER NOT NULL
) STRICT;

CREATE TABLE agreements (
  console_id TEXT NOT NULL REFERENCES consoles (id),
  legal_entity_id TEXT NOT NULL REFERENCES legal_entities (id),
  signed_at INTEGER NOT NULL,
  signed_by TEXT NOT NULL,
  PRIMARY KEY (console_id, legal_entity_id)
) STRICT;

CREATE TABLE billing_accounts (
  console_id TEXT NOT NULL REFERENCES consoles (id),
  id TEXT NOT NULL,
  name TEXT NOT NULL,
  currency TEXT NOT NULL,
  product_group TEXT NOT NULL CHECK (product_group IN ('GOOGLE_WORKSPACE', 'GOOGLE_CLOUD')),
  legal_entity_id TEXT NOT NULL REFERENCES legal_entities (id),
  state TEXT NOT NULL CHECK (state IN ('ACTIVE', 'PENDING', 'PROBATION', 'CLOSED')),
  payment_days INTEGER NOT NULL DEFAULT 30 CHECK (payment_days BETWEEN 0 AND 365),
  created_at INTEGER NOT NULL,
  PRIMARY KEY (console_id, id)
) STRICT;

CREATE TABLE skus (
  id TEXT NOT NULL PRIMARY KEY,
  product TEXT NOT NULL,
  name TEXT NOT NULL,
  product_group TEXT NOT NULL CHECK (product_group IN ('GOOGLE_WORKSPACE', 'GOOGLE_CLOUD')),
  add_on INTEGER NOT NULL CHECK (add_on IN (0, 1))
) STRICT;

CREATE TABLE sku_blocks (
  sku_id TEXT NOT NULL REFERENCES skus (id),
  plan TEXT NOT NULL,
  code TEXT NOT NULL CHECK (code IN ('HAS_GOOGLE_CLOUD', 'HAS_VOICE_COMMITMENT')),
  PRIMARY KEY (sku_id, plan)
) STRICT;

CREATE TABLE offers (
  sku_id TEXT NOT NULL REFERENCES skus (id),
  plan TEXT NOT NULL,
  currency TEXT NOT NULL,
  price_num INTEGER NOT NULL,
  price_den INTEGER NOT NULL CHECK (price_den > 0),
  PRIMARY KEY (sku_id, plan, currency)
) STRICT;

CREATE TABLE sku_authorizations (
  console_id TEXT NOT NULL REFERENCES consoles (id),
  sku_id TEXT NOT NULL REFERENCES skus (id),
  granted_at INTEGER NOT NULL,
  PRIMARY KEY (console_id, sku_id)
) STRICT;

CREATE TABLE connections (
  id TEXT NOT NULL PRIMARY KEY,
  main_id TEXT NOT NULL REFERENCES consoles (id),
  source_id TEXT NOT NULL REFERENCES consoles (id),
  state TEXT NOT NULL CHECK (state IN ('INVITED', 'CONNECTED', 'CLOSED', 'CANCELLED', 'DECLINED', 'EXPIRED')),
  reason TEXT NOT NULL,
  invited_by_id TEXT NOT NULL,
  invited_by_name TEXT NOT NULL,
  invited_at INTEGER NOT NULL,
  expires_at INTEGER NOT NULL,
  accepted_at INTEGER NOT NULL DEFAULT 0,
  may_start_at INTEGER NOT NULL DEFAULT 0,
  ended_at INTEGER NOT NULL DEFAULT 0,
  ended_by TEXT NOT NULL DEFAULT '',
  evaluated_at INTEGER NOT NULL DEFAULT 0,
  shares_orders INTEGER NOT NULL DEFAULT 0 CHECK (shares_orders IN (0, 1)),
  reminders INTEGER NOT NULL DEFAULT 0,
  wait_noticed INTEGER NOT NULL DEFAULT 0 CHECK (wait_noticed IN (0, 1)),
  sent_at INTEGER NOT NULL DEFAULT 0,
  main_name TEXT NOT NULL DEFAULT '',
  main_reseller TEXT NOT NULL DEFAULT '',
  source_name TEXT NOT NULL DEFAULT '',
  source_reseller TEXT NOT NULL DEFAULT '',
  evaluation TEXT NOT NULL DEFAULT '' CHECK (evaluation IN ('', 'QUEUED', 'RUNNING', 'AGAIN')),
  evaluation_at INTEGER NOT NULL DEFAULT 0,
  version INTEGER NOT NULL DEFAULT 0,
  CHECK (main_id <> source_id),
  CHECK ((state IN ('INVITED', 'CONNECTED')) = (ended_at = 0)),
  CHECK (state NOT IN ('CONNECTED', 'CLOSED') OR accepted_at > 0),
  CHECK (may_start_at >= accepted_at)
) STRICT;
CREATE UNIQUE INDEX connections_one_main ON connections (source_id) WHERE state = 'CONNECTED';
CREATE UNIQUE INDEX connections_open_pair ON connections (main_id, source_id) WHERE state IN ('INVITED', 'CONNECTED');
CREATE INDEX connections_main ON connections (main_id, invited_at);
CREATE INDEX connections_source ON connections (source_id, invited_at);
CREATE INDEX connections_due ON connections (state, expires_at);

CREATE TABLE customers (
  console_id TEXT NOT NULL REFERENCES consoles (id),
  id TEXT NOT NULL,
  domain TEXT NOT NULL,
  name TEXT NOT NULL,
  sort_name TEXT NOT NULL,
  search_text TEXT NOT NULL,
  state TEXT NOT NULL CHECK (state IN ('LIVE', 'MOVED')),
  contact_name TEXT NOT NULL,
  contact_email TEXT NOT NULL,
  phone TEXT NOT NULL,
  country TEXT NOT NULL,
  postal_code TEXT NOT NULL,
  address TEXT NOT NULL,
  language TEXT NOT NULL,
  crm_id TEXT NOT NULL,
  tos_accepted_at INTEGER NOT NULL,
  created_at INTEGER NOT NULL,
  migration_id TEXT NOT NULL DEFAULT '',
  blockers INTEGER NOT NULL DEFAULT 0,
  evaluated_at INTEGER NOT NULL DEFAULT 0,
  moved_at INTEGER NOT NULL DEFAULT 0,
  moved_by TEXT NOT NULL DEFAULT '',
  version INTEGER NOT NULL DEFAULT 0,
  PRIMARY KEY (console_id, id),
  CHECK ((state = 'MOVED') = (moved_at > 0)),
  CHECK (state = 'LIVE' OR migration_id = '')
) STRICT;
CREATE UNIQUE INDEX customers_domain ON customers (console_id, domain) WHERE state = 'LIVE';
CREATE INDEX customers_list ON customers (console_id, state, sort_name, id);
-- These begin with state as customers_list does: SQLite takes no index that knows fewer of the columns asked for.
CREATE INDEX customers_ready ON customers (console_id, state, sort_name, id)
  WHERE state = 'LIVE' AND migration_id = '' AND blockers = 0 AND evaluated_at > 0;
CREATE INDEX customers_not_ready ON customers (console_id, state, sort_name, id)
  WHERE state = 'LIVE' AND migration_id = '' AND (blockers <> 0 OR evaluated_at = 0);

CREATE TABLE subscriptions (
  console_id TEXT NOT NULL,
  id TEXT NOT NULL,
  customer_id TEXT NOT NULL,
  external_id TEXT NOT NULL,
  sku_id TEXT NOT NULL REFERENCES skus (id),
  product_group TEXT NOT NULL,
  plan TEXT NOT NULL CHECK (plan IN ('FLEXIBLE', 'ANNUAL_MONTHLY_PAY', 'ANNUAL_YEARLY_PAY')),
  state TEXT NOT NULL CHECK (state IN ('ACTIVE', 'SUSPENDED', 'TRIAL', 'CANCELLED')),
  suspension_reason TEXT NOT NULL,
  channel TEXT NOT NULL CHECK (channel IN ('ONLINE', 'OFFLINE')),
  seats INTEGER NOT NULL CHECK (seats >= 0),
  max_seats INTEGER NOT NULL,
  currency TEXT NOT NULL,
  price_num INTEGER NOT NULL CHECK (price_num >= 0),
  price_den INTEGER NOT NULL CHECK (price_den > 0),
  billing_account_id TEXT NOT NULL,
  purchase_order_id TEXT NOT NULL,
  renewal TEXT NOT NULL,
  start_date INTEGER NOT NULL,
  term_start INTEGER NOT NULL,
  term_end INTEGER NOT NULL,
  trial_end INTEGER NOT NULL,
  moved INTEGER NOT NULL DEFAULT 0 CHECK (moved IN (0, 1)),
  created_at INTEGER NOT NULL,
  PRIMARY KEY (console_id, id),
  FOREIGN KEY (console_id, customer_id) REFERENCES customers (console_id, id),
  FOREIGN KEY (console_id, billing_account_id) REFERENCES billing_accounts (console_id, id),
  CHECK ((state = 'SUSPENDED') = (suspension_reason <> ''))
) STRICT;
CREATE INDEX subscriptions_customer ON subscriptions (console_id, customer_id);
CREATE INDEX subscriptions_external ON subscriptions (console_id, external_id) WHERE external_id <> '';
CREATE INDEX subscriptions_due ON subscriptions (console_id, (CASE WHEN state = 'TRIAL' THEN trial_end ELSE term_end END), id)
  WHERE moved = 0 AND state <> 'CANCELLED' AND CASE WHEN state = 'TRIAL' THEN trial_end ELSE term_end END > 0;
CREATE INDEX subscriptions_vendor_suspended ON subscriptions (console_id, customer_id)
  WHERE moved = 0 AND suspension_reason = 'VENDOR_INITIATED';
CREATE INDEX subscriptions_account ON subscriptions (console_id, billing_account_id);

CREATE TABLE segments (
  console_id TEXT NOT NULL,
  subscription_id TEXT NOT NULL,
  seq INTEGER NOT NULL,
  customer_id TEXT NOT NULL,
  billing_account_id TEXT NOT NULL,
  from_date INTEGER NOT NULL,
  to_date INTEGER NOT NULL,
  plan TEXT NOT NULL,
  state TEXT NOT NULL,
  suspension_reason TEXT NOT NULL,
  channel TEXT NOT NULL,
  seats INTEGER NOT NULL,
  price_num INTEGER NOT NULL,
  price_den INTEGER NOT NULL,
  carried INTEGER NOT NULL DEFAULT 0 CHECK (carried IN (0, 1)),
  migration_id TEXT NOT NULL,
  PRIMARY KEY (console_id, subscription_id, seq),
  FOREIGN KEY (console_id, subscription_id) REFERENCES subscriptions (console_id, id),
  CHECK (from_date <= to_date)
) STRICT;
CREATE INDEX segments_account ON segments (console_id, billing_account_id, to_date);

CREATE TABLE lots (
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
CREATE INDEX lots_subscription ON lots (console_id, subscription_id);

CREATE TABLE charges (
  console_id TEXT NOT NULL,
  id TEXT NOT NULL,
  billing_account_id TEXT NOT NULL,
  invoice_month INTEGER NOT NULL,
  line_type TEXT NOT NULL CHECK (line_type IN ('COMMITMENT', 'RENEWAL', 'TRANSFER_CREDIT', 'TRANSFER_CHARGE', 'CORRECTION')),
  customer_id TEXT NOT NULL,
  subscription_id TEXT NOT NULL,
  lot_id TEXT NOT NULL,
  migration_id TEXT NOT NULL,
  counterparty_id TEXT NOT NULL,
  from_date INTEGER NOT NULL,
  to_date INTEGER NOT NULL,
  per_days INTEGER NOT NULL,
  seats INTEGER NOT NULL,
  price_num INTEGER NOT NULL,
  price_den INTEGER NOT NULL,
  currency TEXT NOT NULL,
  amount INTEGER NOT NULL,
  supplied_date INTEGER NOT NULL,
  PRIMARY KEY (console_id, id),
  FOREIGN KEY (console_id, subscription_id) REFERENCES subscriptions (console_id, id),
  FOREIGN KEY (console_id, billing_account_id) REFERENCES billing_accounts (console_id, id)
) STRICT;
CREATE INDEX charges_invoice ON charges (console_id, billing_account_id, invoice_month);
CREATE INDEX charges_month ON charges (console_id, invoice_month, id);
CREATE INDEX charges_lot ON charges (console_id, lot_id);

CREATE TABLE billing_months (
  console_id TEXT NOT NULL REFERENCES consoles (id),
  month INTEGER NOT NULL,
  state TEXT NOT NULL CHECK (state IN ('OPEN', 'CLOSING', 'CLOSED')),
  writes INTEGER NOT NULL DEFAULT 0,
  closed_at INTEGER NOT NULL DEFAULT 0,
  PRIMARY KEY (console_id, month),
  CHECK ((state = 'CLOSED') = (closed_at > 0))
) STRICT;

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

CREATE TABLE orders (
  console_id TEXT NOT NULL,
  id TEXT NOT NULL,
  customer_id TEXT NOT NULL,
  subscription_id TEXT NOT NULL,
  at INTEGER NOT NULL,
  billing_date INTEGER NOT NULL,
  operator_type TEXT NOT NULL,
  by_name TEXT NOT NULL,
  action TEXT NOT NULL,
  sku_id TEXT NOT NULL,
  plan TEXT NOT NULL,
  seats_before INTEGER NOT NULL,
  seats_after INTEGER NOT NULL,
  state TEXT NOT NULL CHECK (state IN ('OPEN', 'FULFILLED', 'CANCELLED')),
  PRIMARY KEY (console_id, id),
  FOREIGN KEY (console_id, customer_id) REFERENCES customers (console_id, id)
) STRICT;
CREATE INDEX orders_customer ON orders (console_id, customer_id, id);
CREATE INDEX orders_open ON orders (console_id, customer_id) WHERE state = 'OPEN';

CREATE TABLE migrations (
  console_id TEXT NOT NULL,
  id TEXT NOT NULL,
  connection_id TEXT NOT NULL,
  to_console_id TEXT NOT NULL,
  customer_id TEXT NOT NULL,
  customer_name TEXT NOT NULL,
  sort_name TEXT NOT NULL,
  search_text TEXT NOT NULL,
  domain TEXT NOT NULL,
  kind TEXT NOT NULL CHECK (kind IN ('MOVE', 'UNDO')),
  state TEXT NOT NULL CHECK (state IN ('STARTED', 'SCHEDULED', 'MIGRATING', 'COMPLETED', 'CANCELLED')),
  started_at INTEGER NOT NULL,
  started_by TEXT NOT NULL,
  run_id TEXT NOT NULL DEFAULT '',
  run_seq INTEGER NOT NULL DEFAULT 0,
  return_reason TEXT NOT NULL DEFAULT '',
  billing_date INTEGER NOT NULL DEFAULT 0,
  ended_at INTEGER NOT NULL DEFAULT 0,
  ended_reason TEXT NOT NULL DEFAULT '',
  PRIMARY KEY (console_id, id),
  FOREIGN KEY (console_id, customer_id) REFERENCES customers (console_id, id),
  CHECK (console_id <> to_console_id),
  CHECK ((state IN ('COMPLETED', 'CANCELLED')) = (ended_at > 0)),
  CHECK (state <> 'MIGRATING' OR run_id <> ''),
  CHECK (state <> 'COMPLETED' OR billing_date <> 0)
) STRICT;
CREATE UNIQUE INDEX migrations_one_open ON migrations (console_id, customer_id)
  WHERE state IN ('STARTED', 'SCHEDULED', 'MIGRATING');
CREATE INDEX migrations_list ON migrations (console_id, connection_id, state, sort_name, id);
CREATE INDEX migrations_scheduled ON migrations (billing_date) WHERE state = 'SCHEDULED';
CREATE INDEX migrations_run ON migrations (console_id, run_id, run_seq);
CREATE INDEX migrations_customer ON migrations (console_id, customer_id, id);

CREATE TABLE migration_subscriptions (
  console_id TEXT NOT NULL,
  migration_id TEXT NOT NULL,
  subscription_id TEXT NOT NULL,
  from_account_id TEXT NOT NULL,
  from_legal_entity_id TEXT NOT NULL,
  to_account_id TEXT NOT NULL,
  to_legal_entity_id TEXT NOT NULL,
  PRIMARY KEY (console_id, migration_id, subscription_id),
  FOREIGN KEY (console_id, migration_id) REFERENCES migrations (console_id, id)
) STRICT;

CREATE TABLE operations (
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

CREATE INDEX operations_connection ON operations (console_id, connection_id, id);

CREATE TABLE operation_returns (
  console_id TEXT NOT NULL,
  operation_id TEXT NOT NULL,
  migration_id TEXT NOT NULL,
  customer_id TEXT NOT NULL,
  customer_name TEXT NOT NULL,
  domain TEXT NOT NULL,
  reason TEXT NOT NULL,
  at INTEGER NOT NULL,
  PRIMARY KEY (console_id, operation_id, migration_id),
  FOREIGN KEY (console_id, operation_id) REFERENCES operations (console_id, id)
) STRICT;

CREATE TABLE uploads (
  console_id TEXT NOT NULL,
  operation_id TEXT NOT NULL,
  seq INTEGER NOT NULL,
  bytes BLOB NOT NULL,
  PRIMARY KEY (console_id, operation_id, seq),
  FOREIGN KEY (console_id, operation_id) REFERENCES operations (console_id, id)
) STRICT;

CREATE TABLE audit_events (
  console_id TEXT NOT NULL REFERENCES consoles (id),
  id TEXT NOT NULL,
  at INTEGER NOT NULL,
  side TEXT NOT NULL CHECK (side IN ('OWN', 'MAIN', 'SOURCE', 'OPERATOR', 'SYSTEM')),
  person_id TEXT NOT NULL,
  person_name TEXT NOT NULL,
  action TEXT NOT NULL,
  subject TEXT NOT NULL,
  customer_id TEXT NOT NULL,
  data TEXT NOT NULL,
  PRIMARY KEY (console_id, id)
) STRICT;
CREATE INDEX audit_events_customer ON audit_events (console_id, customer_id, id) WHERE customer_id <> '';

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

CREATE TABLE notices (
  console_id TEXT NOT NULL REFERENCES consoles (id),
  id TEXT NOT NULL,
  at INTEGER NOT NULL,
  kind TEXT NOT NULL,
  audience TEXT NOT NULL,
  dedupe TEXT NOT NULL,
  data TEXT NOT NULL,
  PRIMARY KEY (console_id, id),
  UNIQUE (console_id, dedupe)
) STRICT;

CREATE TABLE notice_reads (
  console_id TEXT NOT NULL REFERENCES consoles (id),
  person_id TEXT NOT NULL REFERENCES people (id),
  read_until TEXT NOT NULL,
  PRIMARY KEY (console_id, person_id)
) STRICT;
