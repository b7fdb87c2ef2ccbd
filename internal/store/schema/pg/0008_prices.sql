-- +goose Up
-- What an offer costs from a billing date on; until the first of these dates it costs what offers says.
CREATE TABLE offer_prices (
  sku_id text COLLATE "C" NOT NULL,
  plan text COLLATE "C" NOT NULL,
  currency text COLLATE "C" NOT NULL,
  from_date bigint NOT NULL,
  price_num bigint NOT NULL CHECK (price_num >= 0),
  price_den bigint NOT NULL CHECK (price_den > 0),
  PRIMARY KEY (sku_id, plan, currency, from_date),
  FOREIGN KEY (sku_id, plan, currency) REFERENCES offers (sku_id, plan, currency)
);

-- The date up to which the subscriptions of a console have taken the prices that hold from a date on.
ALTER TABLE consoles ADD COLUMN priced_to bigint NOT NULL DEFAULT 0;
