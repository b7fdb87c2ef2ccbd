-- +goose Up
-- What the list of customers is sorted by stands beside each customer: the seats of what has not ended, and the nearest end
-- of a term, or 2932896 if there is none.
ALTER TABLE customers ADD COLUMN seats INTEGER NOT NULL DEFAULT 0;
ALTER TABLE customers ADD COLUMN next_renewal INTEGER NOT NULL DEFAULT 2932896;
UPDATE customers SET (seats, next_renewal) = (SELECT COALESCE(CAST(sum(s.seats) AS INTEGER), 0),
    COALESCE(min(CASE WHEN s.term_end > 0 THEN s.term_end END), 2932896)
  FROM subscriptions s WHERE s.console_id = customers.console_id AND s.customer_id = customers.id AND s.state <> 'CANCELLED');
-- No customer has moved before all time: these indexes are for who says so, which is the list. They would not be told from the
-- primary key by SQLite, which would take them where customers are looked for by ID.
CREATE INDEX customers_by_domain ON customers (console_id, state, domain, id) WHERE moved_at >= 0;
CREATE INDEX customers_by_created ON customers (console_id, state, created_at, id) WHERE moved_at >= 0;
CREATE INDEX customers_by_renewal ON customers (console_id, state, next_renewal, id) WHERE moved_at >= 0;
CREATE INDEX customers_by_seats ON customers (console_id, state, seats, id) WHERE moved_at >= 0;

-- What a filter asks for and few have is found from here; of what many have, the list in its order soon has a page.
CREATE INDEX customers_migrating ON customers (console_id, state, sort_name, id) WHERE migration_id <> '';
CREATE INDEX subscriptions_facets ON subscriptions (console_id, currency, plan, state, suspension_reason, sku_id, customer_id)
  WHERE created_at >= 0;
