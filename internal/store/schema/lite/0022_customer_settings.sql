-- +goose Up
-- How a person likes to see the customers of a console, and the filters that it keeps under names.
CREATE TABLE customer_settings (
  console_id TEXT NOT NULL REFERENCES consoles (id),
  person_id TEXT NOT NULL REFERENCES people (id),
  columns TEXT NOT NULL,
  page_size INTEGER NOT NULL,
  PRIMARY KEY (console_id, person_id)
) STRICT;
CREATE TABLE customer_filters (
  console_id TEXT NOT NULL REFERENCES consoles (id),
  person_id TEXT NOT NULL REFERENCES people (id),
  name TEXT NOT NULL,
  query TEXT NOT NULL,
  PRIMARY KEY (console_id, person_id, name)
) STRICT;
