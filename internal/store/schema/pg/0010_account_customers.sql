-- +goose Up
-- Whoever counts the customers of an account reads them in order and stops where it has enough.

DROP INDEX subscriptions_account;
CREATE INDEX subscriptions_account ON subscriptions (console_id, billing_account_id, customer_id);
