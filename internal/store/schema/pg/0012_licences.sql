-- +goose Up
-- How many licences a console had on the last day of a month, and on the latest day of the present one: the home page draws
-- them, at the same cost however many subscriptions there are.
CREATE TABLE licence_counts (
  console_id text COLLATE "C" NOT NULL,
  month bigint NOT NULL,
  counted_on bigint NOT NULL,
  licences bigint NOT NULL CHECK (licences >= 0),
  PRIMARY KEY (console_id, month)
);
