-- +goose Up
-- Roles that a console makes of privileges, separated by spaces. The ID stands in memberships and grants where the name of a
-- built-in role does.
CREATE TABLE custom_roles (
  console_id text COLLATE "C" NOT NULL REFERENCES consoles (id),
  id text COLLATE "C" NOT NULL,
  name text COLLATE "C" NOT NULL,
  privileges text COLLATE "C" NOT NULL,
  archived bigint NOT NULL CHECK (archived IN (0, 1)),
  created_at bigint NOT NULL,
  PRIMARY KEY (console_id, id)
);
CREATE UNIQUE INDEX custom_roles_name ON custom_roles (console_id, name) WHERE archived = 0;
