-- +goose Up
-- How a person likes to see the customers of a console, and the filters that it keeps under names.
CREATE TABLE customer_settings (
  console_id text COLLATE "C" NOT NULL REFERENCES consoles (id),
  person_id text COLLATE "C" NOT NULL REFERENCES people (id),
  columns text COLLATE "C" NOT NULL,
  page_size bigint NOT NULL,
  PRIMARY KEY (console_id, person_id)
);
CREATE TABLE customer_filters (
  console_id text COLLATE "C" NOT NULL REFERENCES consoles (id),
  person_id text COLLATE "C" NOT NULL REFERENCES people (id),
  name text COLLATE "C" NOT NULL,
  query text COLLATE "C" NOT NULL,
  PRIMARY KEY (console_id, person_id, name)
);
