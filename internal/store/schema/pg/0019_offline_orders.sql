-- +goose Up
-- An order of an offline subscription waits for the vendor with all that was ordered, and can be rejected with a reason.
CREATE TABLE orders_2 (
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
  state text COLLATE "C" NOT NULL CHECK (state IN ('OPEN', 'FULFILLED', 'CANCELLED', 'REJECTED')),
  billing_account_id text COLLATE "C" NOT NULL DEFAULT '',
  purchase_order_id text COLLATE "C" NOT NULL DEFAULT '',
  renewal text COLLATE "C" NOT NULL DEFAULT '',
  max_seats bigint NOT NULL DEFAULT 0,
  reason text COLLATE "C" NOT NULL DEFAULT '',
  PRIMARY KEY (console_id, id),
  FOREIGN KEY (console_id, customer_id) REFERENCES customers (console_id, id)
);
INSERT INTO orders_2 (console_id, id, customer_id, subscription_id, at, billing_date, operator_type, by_name, action, sku_id, plan,
  seats_before, seats_after, state)
SELECT console_id, id, customer_id, subscription_id, at, billing_date, operator_type, by_name, action, sku_id, plan,
  seats_before, seats_after, state FROM orders;
DROP TABLE orders;
ALTER TABLE orders_2 RENAME TO orders;
CREATE INDEX orders_customer ON orders (console_id, customer_id, id);
CREATE INDEX orders_open ON orders (console_id, customer_id) WHERE state = 'OPEN';
