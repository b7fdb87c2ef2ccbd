-- +goose Up
-- What the operator's list of consoles is searched by: the name, the reseller's and the account ID, folded as what is typed is.
ALTER TABLE consoles ADD COLUMN search_text TEXT NOT NULL DEFAULT '';
UPDATE consoles SET search_text = lower(name || ' ' || account_id || ' '
  || (SELECT r.name FROM resellers r WHERE r.id = consoles.reseller_id));
CREATE INDEX consoles_list ON consoles (name, id);
