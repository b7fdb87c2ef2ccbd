-- +goose Up
ALTER TABLE audit_events ADD COLUMN topic text COLLATE "C" NOT NULL DEFAULT '';
UPDATE audit_events SET topic = CASE
  WHEN action LIKE 'agreement.%' THEN 'agreement'
  WHEN action LIKE 'balance.%' THEN 'balance'
  WHEN action LIKE 'billing_account.%' THEN 'billing_account'
  WHEN action LIKE 'catalog.%' THEN 'catalog'
  WHEN action LIKE 'clock.%' THEN 'clock'
  WHEN action LIKE 'connection.%' THEN 'connection'
  WHEN action LIKE 'console.%' THEN 'console'
  WHEN action LIKE 'customer.%' THEN 'customer'
  WHEN action LIKE 'invoice.%' THEN 'invoice'
  WHEN action LIKE 'issuer.%' THEN 'issuer'
  WHEN action LIKE 'legal_entity.%' THEN 'legal_entity'
  WHEN action LIKE 'migration.%' THEN 'migration'
  WHEN action LIKE 'order.%' THEN 'order'
  WHEN action LIKE 'person.%' THEN 'person'
  WHEN action LIKE 'setting.%' THEN 'setting'
  WHEN action LIKE 'sku.%' THEN 'sku'
  WHEN action LIKE 'subscription.%' THEN 'subscription'
  ELSE '' END;
CREATE INDEX audit_events_topic ON audit_events (console_id, topic, id);
CREATE INDEX audit_events_side ON audit_events (console_id, side, id);
CREATE INDEX audit_events_person ON audit_events (console_id, person_id, id);
CREATE INDEX customers_moved_domain ON customers (console_id, domain) WHERE state = 'MOVED';
