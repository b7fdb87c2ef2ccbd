-- +goose Up
-- Instants are UTC microseconds, dates are days since 1970-01-01, money is minor units, yes/no is 1/0.
-- "None" is '' or 0, so that both engines order and compare alike. Keep this file and its twin in the
-- other engine's folder word for word the same but for types; a test compares them.

CREATE TABLE settings (
  key text COLLATE "C" NOT NULL PRIMARY KEY,
  value text COLLATE "C" NOT NULL
);

CREATE TABLE resellers (
  id text COLLATE "C" NOT NULL PRIMARY KEY,
  name text COLLATE "C" NOT NULL,
  created_at bigint NOT NULL
);

CREATE TABLE consoles (
  id text COLLATE "C" NOT NULL PRIMARY KEY,
  account_id text COLLATE "C" NOT NULL UNIQUE,
  name text COLLATE "C" NOT NULL,
  reseller_id text COLLATE "C" NOT NULL REFERENCES resellers (id),
  state text COLLATE "C" NOT NULL CHECK (state IN ('ACTIVE', 'SUSPENDED')),
  lock_version bigint NOT NULL DEFAULT 0,
  created_at bigint NOT NULL
);

CREATE TABLE people (
  id text COLLATE "C" NOT NULL PRIMARY KEY,
  email text COLLATE "C" NOT NULL UNIQUE,
  name text COLLATE "C" NOT NULL,
  password_hash text COLLATE "C" NOT NULL,
  language text COLLATE "C" NOT NULL,
  time_zone text COLLATE "C" NOT NULL,
  theme text COLLATE "C" NOT NULL,
  operator bigint NOT NULL CHECK (operator IN (0, 1)),
  created_at bigint NOT NULL
);

CREATE TABLE memberships (
  console_id text COLLATE "C" NOT NULL REFERENCES consoles (id),
  person_id text COLLATE "C" NOT NULL REFERENCES people (id),
  role text COLLATE "C" NOT NULL,
  created_at bigint NOT NULL,
  PRIMARY KEY (console_id, person_id)
);
CREATE INDEX memberships_person ON memberships (person_id);

CREATE TABLE sessions (
  token text COLLATE "C" NOT NULL PRIMARY KEY,
  data text COLLATE "C" NOT NULL,
  expires_at bigint NOT NULL
);
CREATE INDEX sessions_expiry ON sessions (expires_at);

CREATE TABLE one_time_links (
  hash text COLLATE "C" NOT NULL PRIMARY KEY,
  purpose text COLLATE "C" NOT NULL CHECK (purpose IN ('SETUP', 'PASSWORD')),
  person_id text COLLATE "C" NOT NULL,
  expires_at bigint NOT NULL,
  used_at bigint NOT NULL DEFAULT 0
);

CREATE TABLE attempts (
  key text COLLATE "C" NOT NULL PRIMARY KEY,
  failures bigint NOT NULL,
  blocked_until bigint NOT NULL,
  last_at bigint NOT NULL
);

CREATE TABLE legal_entities (
  id text COLLATE "C" NOT NULL PRIMARY KEY,
  reseller_id text COLLATE "C" NOT NULL REFERENCES resellers (id),
  name text COLLATE "C" NOT NULL,
  country text COLLATE "C" NOT NULL,
  created_at bigint NOT NULL
);

CREATE TABLE agreements (
  console_id text COLLATE "C" NOT NULL REFERENCES consoles (id),
  legal_entity_id text COLLATE "C" NOT NULL REFERENCES legal_entities (id),
  signed_at bigint NOT NULL,
  signed_by text COLLATE "C" NOT NULL,
  PRIMARY KEY (console_id, legal_entity_id)
);

CREATE TABLE billing_accounts (
  console_id text COLLATE "C" NOT NULL REFERENCES consoles (id),
  id text COLLATE "C" NOT NULL,
  name text COLLATE "C" NOT NULL,
  currency text COLLATE "C" NOT NULL,
  product_group text COLLATE "C" NOT NULL CHECK (product_group IN ('GOOGLE_WORKSPACE', 'GOOGLE_CLOUD')),
  legal_entity_id text COLLATE "C" NOT NULL REFERENCES legal_entities (id),
  state text COLLATE "C" NOT NULL CHECK (state IN ('ACTIVE', 'PENDING', 'PROBATION', 'CLOSED')),
  created_at bigint NOT NULL,
  PRIMARY KEY (console_id, id)
);

CREATE TABLE skus (
  id text COLLATE "C" NOT NULL PRIMARY KEY,
  product text COLLATE "C" NOT NULL,
  name text COLLATE "C" NOT NULL,
  product_group text COLLATE "C" NOT NULL CHECK (product_group IN ('GOOGLE_WORKSPACE', 'GOOGLE_CLOUD')),
  add_on bigint NOT NULL CHECK (add_on IN (0, 1))
);

CREATE TABLE sku_blocks (
  sku_id text COLLATE "C" NOT NULL REFERENCES skus (id),
  plan text COLLATE "C" NOT NULL,
  code text COLLATE "C" NOT NULL CHECK (code IN ('HAS_GOOGLE_CLOUD', 'HAS_VOICE_COMMITMENT')),
  PRIMARY KEY (sku_id, plan)
);

CREATE TABLE offers (
  sku_id text COLLATE "C" NOT NULL REFERENCES skus (id),
  plan text COLLATE "C" NOT NULL,
  currency text COLLATE "C" NOT NULL,
  price_num bigint NOT NULL,
  price_den bigint NOT NULL CHECK (price_den > 0),
  PRIMARY KEY (sku_id, plan, currency)
);

CREATE TABLE sku_authorizations (
  console_id text COLLATE "C" NOT NULL REFERENCES consoles (id),
  sku_id text COLLATE "C" NOT NULL REFERENCES skus (id),
  granted_at bigint NOT NULL,
  PRIMARY KEY (console_id, sku_id)
);

CREATE TABLE connections (
  id text COLLATE "C" NOT NULL PRIMARY KEY,
  main_id text COLLATE "C" NOT NULL REFERENCES consoles (id),
  source_id text COLLATE "C" NOT NULL REFERENCES consoles (id),
  state text COLLATE "C" NOT NULL CHECK (state IN ('INVITED', 'CONNECTED', 'CLOSED', 'CANCELLED', 'DECLINED', 'EXPIRED')),
  reason text COLLATE "C" NOT NULL,
  invited_by_id text COLLATE "C" NOT NULL,
  invited_by_name text COLLATE "C" NOT NULL,
  invited_at bigint NOT NULL,
  expires_at bigint NOT NULL,
  accepted_at bigint NOT NULL DEFAULT 0,
  may_start_at bigint NOT NULL DEFAULT 0,
  ended_at bigint NOT NULL DEFAULT 0,
  ended_by text COLLATE "C" NOT NULL DEFAULT '',
  evaluated_at bigint NOT NULL DEFAULT 0,
  shares_orders bigint NOT NULL DEFAULT 0 CHECK (shares_orders IN (0, 1)),
  reminders bigint NOT NULL DEFAULT 0,
  wait_noticed bigint NOT NULL DEFAULT 0 CHECK (wait_noticed IN (0, 1)),
  version bigint NOT NULL DEFAULT 0,
  CHECK (main_id <> source_id),
  CHECK ((state IN ('INVITED', 'CONNECTED')) = (ended_at = 0)),
  CHECK (state NOT IN ('CONNECTED', 'CLOSED') OR accepted_at > 0),
  CHECK (may_start_at >= accepted_at)
);
CREATE UNIQUE INDEX connections_one_main ON connections (source_id) WHERE state = 'CONNECTED';
CREATE UNIQUE INDEX connections_open_pair ON connections (main_id, source_id) WHERE state IN ('INVITED', 'CONNECTED');
CREATE INDEX connections_main ON connections (main_id, invited_at);
CREATE INDEX connections_source ON connections (source_id, invited_at);
CREATE INDEX connections_due ON connections (state, expires_at);

CREATE TABLE customers (
  console_id text COLLATE "C" NOT NULL REFERENCES consoles (id),
  id text COLLATE "C" NOT NULL,
  domain text COLLATE "C" NOT NULL,
  name text COLLATE "C" NOT NULL,
  sort_name text COLLATE "C" NOT NULL,
  search_text text COLLATE "C" NOT NULL,
  state text COLLATE "C" NOT NULL CHECK (state IN ('LIVE', 'MOVED')),
  contact_name text COLLATE "C" NOT NULL,
  contact_email text COLLATE "C" NOT NULL,
  phone text COLLATE "C" NOT NULL,
  country text COLLATE "C" NOT NULL,
  postal_code text COLLATE "C" NOT NULL,
  address text COLLATE "C" NOT NULL,
  language text COLLATE "C" NOT NULL,
  crm_id text COLLATE "C" NOT NULL,
  tos_accepted_at bigint NOT NULL,
  created_at bigint NOT NULL,
  migration_id text COLLATE "C" NOT NULL DEFAULT '',
  blockers bigint NOT NULL DEFAULT 0,
  evaluated_at bigint NOT NULL DEFAULT 0,
  moved_at bigint NOT NULL DEFAULT 0,
  moved_by text COLLATE "C" NOT NULL DEFAULT '',
  version bigint NOT NULL DEFAULT 0,
  PRIMARY KEY (console_id, id),
  CHECK ((state = 'MOVED') = (moved_at > 0)),
  CHECK (state = 'LIVE' OR migration_id = '')
);
CREATE UNIQUE INDEX customers_domain ON customers (console_id, domain) WHERE state = 'LIVE';
CREATE INDEX customers_list ON customers (console_id, state, sort_name, id);
CREATE INDEX customers_ready ON customers (console_id, sort_name, id)
  WHERE state = 'LIVE' AND migration_id = '' AND blockers = 0;
CREATE INDEX customers_not_ready ON customers (console_id, sort_name, id)
  WHERE state = 'LIVE' AND migration_id = '' AND blockers <> 0;

CREATE TABLE subscriptions (
  console_id text COLLATE "C" NOT NULL,
  id text COLLATE "C" NOT NULL,
  customer_id text COLLATE "C" NOT NULL,
  external_id text COLLATE "C" NOT NULL,
  sku_id text COLLATE "C" NOT NULL REFERENCES skus (id),
  product_group text COLLATE "C" NOT NULL,
  plan text COLLATE "C" NOT NULL CHECK (plan IN ('FLEXIBLE', 'ANNUAL_MONTHLY_PAY', 'ANNUAL_YEARLY_PAY')),
  state text COLLATE "C" NOT NULL CHECK (state IN ('ACTIVE', 'SUSPENDED', 'TRIAL', 'CANCELLED')),
  suspension_reason text COLLATE "C" NOT NULL,
  channel text COLLATE "C" NOT NULL CHECK (channel IN ('ONLINE', 'OFFLINE')),
  seats bigint NOT NULL CHECK (seats >= 0),
  max_seats bigint NOT NULL,
  currency text COLLATE "C" NOT NULL,
  price_num bigint NOT NULL CHECK (price_num >= 0),
  price_den bigint NOT NULL CHECK (price_den > 0),
  billing_account_id text COLLATE "C" NOT NULL,
  purchase_order_id text COLLATE "C" NOT NULL,
  renewal text COLLATE "C" NOT NULL,
  start_date bigint NOT NULL,
  term_start bigint NOT NULL,
  term_end bigint NOT NULL,
  trial_end bigint NOT NULL,
  moved bigint NOT NULL DEFAULT 0 CHECK (moved IN (0, 1)),
  created_at bigint NOT NULL,
  PRIMARY KEY (console_id, id),
  FOREIGN KEY (console_id, customer_id) REFERENCES customers (console_id, id),
  FOREIGN KEY (console_id, billing_account_id) REFERENCES billing_accounts (console_id, id),
  CHECK ((state = 'SUSPENDED') = (suspension_reason <> ''))
);
CREATE INDEX subscriptions_customer ON subscriptions (console_id, customer_id);
CREATE INDEX subscriptions_external ON subscriptions (console_id, external_id) WHERE external_id <> '';
CREATE INDEX subscriptions_account ON subscriptions (console_id, billing_account_id);

CREATE TABLE segments (
  console_id text COLLATE "C" NOT NULL,
  subscription_id text COLLATE "C" NOT NULL,
  seq bigint NOT NULL,
  customer_id text COLLATE "C" NOT NULL,
  billing_account_id text COLLATE "C" NOT NULL,
  from_date bigint NOT NULL,
  to_date bigint NOT NULL,
  plan text COLLATE "C" NOT NULL,
  state text COLLATE "C" NOT NULL,
  suspension_reason text COLLATE "C" NOT NULL,
  channel text COLLATE "C" NOT NULL,
  seats bigint NOT NULL,
  price_num bigint NOT NULL,
  price_den bigint NOT NULL,
  carried bigint NOT NULL DEFAULT 0 CHECK (carried IN (0, 1)),
  migration_id text COLLATE "C" NOT NULL,
  PRIMARY KEY (console_id, subscription_id, seq),
  FOREIGN KEY (console_id, subscription_id) REFERENCES subscriptions (console_id, id),
  CHECK (from_date <= to_date)
);
CREATE INDEX segments_account ON segments (console_id, billing_account_id, to_date);

CREATE TABLE lots (
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
  migration_id text COLLATE "C" NOT NULL,
  PRIMARY KEY (console_id, id, seq),
  FOREIGN KEY (console_id, subscription_id) REFERENCES subscriptions (console_id, id),
  CHECK (from_date < to_date),
  CHECK (held_from <= held_to)
);
CREATE INDEX lots_subscription ON lots (console_id, subscription_id);

CREATE TABLE charges (
  console_id text COLLATE "C" NOT NULL,
  id text COLLATE "C" NOT NULL,
  billing_account_id text COLLATE "C" NOT NULL,
  invoice_month bigint NOT NULL,
  line_type text COLLATE "C" NOT NULL CHECK (line_type IN ('COMMITMENT', 'RENEWAL', 'TRANSFER_CREDIT', 'TRANSFER_CHARGE', 'CORRECTION')),
  customer_id text COLLATE "C" NOT NULL,
  subscription_id text COLLATE "C" NOT NULL,
  lot_id text COLLATE "C" NOT NULL,
  migration_id text COLLATE "C" NOT NULL,
  counterparty_id text COLLATE "C" NOT NULL,
  from_date bigint NOT NULL,
  to_date bigint NOT NULL,
  per_days bigint NOT NULL,
  seats bigint NOT NULL,
  price_num bigint NOT NULL,
  price_den bigint NOT NULL,
  currency text COLLATE "C" NOT NULL,
  amount bigint NOT NULL,
  supplied_date bigint NOT NULL,
  PRIMARY KEY (console_id, id),
  FOREIGN KEY (console_id, subscription_id) REFERENCES subscriptions (console_id, id),
  FOREIGN KEY (console_id, billing_account_id) REFERENCES billing_accounts (console_id, id)
);
CREATE INDEX charges_invoice ON charges (console_id, billing_account_id, invoice_month);
CREATE INDEX charges_lot ON charges (console_id, lot_id);

CREATE TABLE billing_months (
  console_id text COLLATE "C" NOT NULL REFERENCES consoles (id),
  month bigint NOT NULL,
  state text COLLATE "C" NOT NULL CHECK (state IN ('OPEN', 'CLOSING', 'CLOSED')),
  writes bigint NOT NULL DEFAULT 0,
  closed_at bigint NOT NULL DEFAULT 0,
  PRIMARY KEY (console_id, month),
  CHECK ((state = 'CLOSED') = (closed_at > 0))
);

CREATE TABLE orders (
  console_id text COLLATE "C" NOT NULL,
  id text COLLATE "C" NOT NULL,
  customer_id text COLLATE "C" NOT NULL,
  subscription_id text COLLATE "C" NOT NULL,
  at bigint NOT NULL,
  billing_date bigint NOT NULL,
  operator_type text COLLATE "C" NOT NULL,
  by_name text COLLATE "C" NOT NULL,
  action text COLLATE "C" NOT NULL,
  sku_id text COLLATE "C" NOT NULL,
  plan text COLLATE "C" NOT NULL,
  seats_before bigint NOT NULL,
  seats_after bigint NOT NULL,
  state text COLLATE "C" NOT NULL CHECK (state IN ('OPEN', 'FULFILLED', 'CANCELLED')),
  PRIMARY KEY (console_id, id),
  FOREIGN KEY (console_id, customer_id) REFERENCES customers (console_id, id)
);
CREATE INDEX orders_customer ON orders (console_id, customer_id, id);
CREATE INDEX orders_open ON orders (console_id, customer_id) WHERE state = 'OPEN';

CREATE TABLE migrations (
  console_id text COLLATE "C" NOT NULL,
  id text COLLATE "C" NOT NULL,
  connection_id text COLLATE "C" NOT NULL,
  to_console_id text COLLATE "C" NOT NULL,
  customer_id text COLLATE "C" NOT NULL,
  customer_name text COLLATE "C" NOT NULL,
  sort_name text COLLATE "C" NOT NULL,
  search_text text COLLATE "C" NOT NULL,
  domain text COLLATE "C" NOT NULL,
  kind text COLLATE "C" NOT NULL CHECK (kind IN ('MOVE', 'UNDO')),
  state text COLLATE "C" NOT NULL CHECK (state IN ('STARTED', 'SCHEDULED', 'MIGRATING', 'COMPLETED', 'CANCELLED')),
  started_at bigint NOT NULL,
  started_by text COLLATE "C" NOT NULL,
  run_id text COLLATE "C" NOT NULL DEFAULT '',
  run_seq bigint NOT NULL DEFAULT 0,
  return_reason text COLLATE "C" NOT NULL DEFAULT '',
  billing_date bigint NOT NULL DEFAULT 0,
  ended_at bigint NOT NULL DEFAULT 0,
  ended_reason text COLLATE "C" NOT NULL DEFAULT '',
  PRIMARY KEY (console_id, id),
  FOREIGN KEY (console_id, customer_id) REFERENCES customers (console_id, id),
  CHECK (console_id <> to_console_id),
  CHECK ((state IN ('COMPLETED', 'CANCELLED')) = (ended_at > 0)),
  CHECK (state <> 'MIGRATING' OR run_id <> ''),
  CHECK (state <> 'COMPLETED' OR billing_date <> 0)
);
CREATE UNIQUE INDEX migrations_one_open ON migrations (console_id, customer_id)
  WHERE state IN ('STARTED', 'SCHEDULED', 'MIGRATING');
CREATE INDEX migrations_list ON migrations (console_id, connection_id, state, sort_name, id);
CREATE INDEX migrations_run ON migrations (console_id, run_id, run_seq);
CREATE INDEX migrations_customer ON migrations (console_id, customer_id, id);

CREATE TABLE migration_subscriptions (
  console_id text COLLATE "C" NOT NULL,
  migration_id text COLLATE "C" NOT NULL,
  subscription_id text COLLATE "C" NOT NULL,
  from_account_id text COLLATE "C" NOT NULL,
  from_legal_entity_id text COLLATE "C" NOT NULL,
  to_account_id text COLLATE "C" NOT NULL,
  to_legal_entity_id text COLLATE "C" NOT NULL,
  PRIMARY KEY (console_id, migration_id, subscription_id),
  FOREIGN KEY (console_id, migration_id) REFERENCES migrations (console_id, id)
);

CREATE TABLE operations (
  console_id text COLLATE "C" NOT NULL REFERENCES consoles (id),
  id text COLLATE "C" NOT NULL,
  kind text COLLATE "C" NOT NULL CHECK (kind IN ('COMPLETE_MIGRATIONS', 'IMPORT')),
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

CREATE INDEX operations_connection ON operations (console_id, connection_id, id);

CREATE TABLE operation_returns (
  console_id text COLLATE "C" NOT NULL,
  operation_id text COLLATE "C" NOT NULL,
  migration_id text COLLATE "C" NOT NULL,
  customer_id text COLLATE "C" NOT NULL,
  customer_name text COLLATE "C" NOT NULL,
  domain text COLLATE "C" NOT NULL,
  reason text COLLATE "C" NOT NULL,
  at bigint NOT NULL,
  PRIMARY KEY (console_id, operation_id, migration_id),
  FOREIGN KEY (console_id, operation_id) REFERENCES operations (console_id, id)
);

CREATE TABLE uploads (
  console_id text COLLATE "C" NOT NULL,
  operation_id text COLLATE "C" NOT NULL,
  seq bigint NOT NULL,
  bytes bytea NOT NULL,
  PRIMARY KEY (console_id, operation_id, seq),
  FOREIGN KEY (console_id, operation_id) REFERENCES operations (console_id, id)
);

CREATE TABLE audit_events (
  console_id text COLLATE "C" NOT NULL REFERENCES consoles (id),
  id text COLLATE "C" NOT NULL,
  at bigint NOT NULL,
  side text COLLATE "C" NOT NULL CHECK (side IN ('OWN', 'MAIN', 'SOURCE', 'OPERATOR', 'SYSTEM')),
  person_id text COLLATE "C" NOT NULL,
  person_name text COLLATE "C" NOT NULL,
  action text COLLATE "C" NOT NULL,
  subject text COLLATE "C" NOT NULL,
  customer_id text COLLATE "C" NOT NULL,
  data text COLLATE "C" NOT NULL,
  PRIMARY KEY (console_id, id)
);
CREATE INDEX audit_events_customer ON audit_events (console_id, customer_id, id) WHERE customer_id <> '';

CREATE TABLE notices (
  console_id text COLLATE "C" NOT NULL REFERENCES consoles (id),
  id text COLLATE "C" NOT NULL,
  at bigint NOT NULL,
  kind text COLLATE "C" NOT NULL,
  audience text COLLATE "C" NOT NULL,
  dedupe text COLLATE "C" NOT NULL,
  data text COLLATE "C" NOT NULL,
  PRIMARY KEY (console_id, id),
  UNIQUE (console_id, dedupe)
);

CREATE TABLE notice_reads (
  console_id text COLLATE "C" NOT NULL REFERENCES consoles (id),
  person_id text COLLATE "C" NOT NULL REFERENCES people (id),
  read_until text COLLATE "C" NOT NULL,
  PRIMARY KEY (console_id, person_id)
);
