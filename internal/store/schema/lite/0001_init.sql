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
CREATE INDEX customers_ready ON customers (console_id, sort_name, id)
  WHERE state = 'LIVE' AND migration_id = '' AND blockers = 0;
CREATE INDEX customers_not_ready ON customers (console_id, sort_name, id)
  WHERE state = 'LIVE' AND migration_id = '' AND blockers <> 0;

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
  migration_id TEXT NOT NULL,
  PRIMARY KEY (console_id, id, seq),
  FOREIGN KEY (console_id, subscription_id) REFERENCES subscriptions (console_id, id),
  CHECK (from_date < to_date),
  CHECK (held_from <= held_to)
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
  kind TEXT NOT NULL CHECK (kind IN ('COMPLETE_MIGRATIONS', 'IMPORT')),
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
