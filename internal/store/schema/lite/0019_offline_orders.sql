-- +goose Up
-- An order of an offline subscription waits for the vendor with all that was ordered, and can be rejected with a reason.
CREATE TABLE orders_2 (
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
  state TEXT NOT NULL CHECK (state IN ('OPEN', 'FULFILLED', 'CANCELLED', 'REJECTED')),
  billing_account_id TEXT NOT NULL DEFAULT '',
  purchase_order_id TEXT NOT NULL DEFAULT '',
  renewal TEXT NOT NULL DEFAULT '',
  max_seats INTEGER NOT NULL DEFAULT 0,
  reason TEXT NOT NULL DEFAULT '',
  PRIMARY KEY (console_id, id),
  FOREIGN KEY (console_id, customer_id) REFERENCES customers (console_id, id)
) STRICT;
INSERT INTO orders_2 (console_id, id, customer_id, subscription_id, at, billing_date, operator_type, by_name, action, sku_id, plan,
  seats_before, seats_after, state)
SELECT console_id, id, customer_id, subscription_id, at, billing_date, operator_type, by_name, action, sku_id, plan,
  seats_before, seats_after, state FROM orders;
DROP TABLE orders;
ALTER TABLE orders_2 RENAME TO orders;
CREATE INDEX orders_customer ON orders (console_id, customer_id, id);
CREATE INDEX orders_open ON orders (console_id, customer_id) WHERE state = 'OPEN';
