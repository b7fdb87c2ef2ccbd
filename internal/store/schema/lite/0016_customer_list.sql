-- +goose Up
-- What the list of customers is sorted by stands beside each customer: the seats of what has not ended, and the nearest end
-- of a term, or 2932896 if there is none.
ALTER TABLE customers ADD COLUMN seats INTEGER NOT NULL DEFAULT 0;
ALTER TABLE customers ADD COLUMN next_renewal INTEGER NOT NULL DEFAULT 2932896;
UPDATE customers SET (seats, next_renewal) = (SELECT COALESCE(CAST(sum(s.seats) AS INTEGER), 0),
    COALESCE(min(CASE WHEN s.term_end > 0 THEN s.term_end END), 2932896)
  FROM subscriptions s WHERE s.console_id = customers.console_id AND s.customer_id = customers.id AND s.state <> 'CANCELLED');
CREATE INDEX customers_by_domain ON customers (console_id, state, domain, id);
CREATE INDEX customers_by_created ON customers (console_id, state, created_at, id);
CREATE INDEX customers_by_renewal ON customers (console_id, state, next_renewal, id);
CREATE INDEX customers_by_seats ON customers (console_id, state, seats, id);
-- Of indexes that seem to do as well SQLite takes the newest; these do better than those above.
DROP INDEX customers_ready;
DROP INDEX customers_not_ready;
CREATE INDEX customers_ready ON customers (console_id, state, sort_name, id)
  WHERE state = 'LIVE' AND migration_id = '' AND blockers = 0 AND evaluated_at > 0;
CREATE INDEX customers_not_ready ON customers (console_id, state, sort_name, id)
  WHERE state = 'LIVE' AND migration_id = '' AND (blockers <> 0 OR evaluated_at = 0);

-- What a filter asks for and few have is found from here; of what many have, the list in its order soon has a page.
CREATE INDEX customers_migrating ON customers (console_id, state, sort_name, id) WHERE migration_id <> '';
CREATE INDEX subscriptions_facets ON subscriptions (console_id, currency, plan, state, suspension_reason, sku_id, customer_id);
