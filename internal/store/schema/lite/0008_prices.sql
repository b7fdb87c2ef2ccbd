-- +goose Up
-- What an offer costs from a billing date on; until the first of these dates it costs what offers says.
CREATE TABLE offer_prices (
  sku_id TEXT NOT NULL,
  plan TEXT NOT NULL,
  currency TEXT NOT NULL,
  from_date INTEGER NOT NULL,
  price_num INTEGER NOT NULL CHECK (price_num >= 0),
  price_den INTEGER NOT NULL CHECK (price_den > 0),
  PRIMARY KEY (sku_id, plan, currency, from_date),
  FOREIGN KEY (sku_id, plan, currency) REFERENCES offers (sku_id, plan, currency)
) STRICT;

-- The date up to which the subscriptions of a console have taken the prices that hold from a date on.
ALTER TABLE consoles ADD COLUMN priced_to INTEGER NOT NULL DEFAULT 0;
