-- +goose Up
-- Roles that a console makes of privileges, separated by spaces. The ID stands in memberships and grants where the name of a
-- built-in role does.
CREATE TABLE custom_roles (
  console_id TEXT NOT NULL REFERENCES consoles (id),
  id TEXT NOT NULL,
  name TEXT NOT NULL,
  privileges TEXT NOT NULL,
  archived INTEGER NOT NULL CHECK (archived IN (0, 1)),
  created_at INTEGER NOT NULL,
  PRIMARY KEY (console_id, id)
) STRICT;
CREATE UNIQUE INDEX custom_roles_name ON custom_roles (console_id, name) WHERE archived = 0;
