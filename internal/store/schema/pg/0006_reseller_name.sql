-- +goose Up
-- One reseller of each name: two consoles that were made at once could make two. The older one keeps what both have.

UPDATE consoles SET reseller_id = (SELECT min(s.id) FROM resellers r JOIN resellers s ON s.name = r.name
  WHERE r.id = consoles.reseller_id);
UPDATE legal_entities SET reseller_id = (SELECT min(s.id) FROM resellers r JOIN resellers s ON s.name = r.name
  WHERE r.id = legal_entities.reseller_id);
DELETE FROM resellers WHERE id NOT IN (SELECT min(id) FROM resellers GROUP BY name);
CREATE UNIQUE INDEX resellers_name ON resellers (name);
