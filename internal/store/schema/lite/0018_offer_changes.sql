-- +goose Up
-- A subscription can change its product: at once, or at the renewal of its term ('': the same product again).
ALTER TABLE subscriptions ADD COLUMN renewal_sku_id TEXT NOT NULL DEFAULT '';

-- So the days, the lots and the charges of a subscription say of which product they are.
ALTER TABLE segments ADD COLUMN sku_id TEXT NOT NULL DEFAULT '';
ALTER TABLE lots ADD COLUMN sku_id TEXT NOT NULL DEFAULT '';
ALTER TABLE charges ADD COLUMN sku_id TEXT NOT NULL DEFAULT '';
UPDATE segments SET sku_id = (SELECT s.sku_id FROM subscriptions s
  WHERE s.console_id = segments.console_id AND s.id = segments.subscription_id);
UPDATE lots SET sku_id = (SELECT s.sku_id FROM subscriptions s WHERE s.console_id = lots.console_id AND s.id = lots.subscription_id);
UPDATE charges SET sku_id = (SELECT s.sku_id FROM subscriptions s
  WHERE s.console_id = charges.console_id AND s.id = charges.subscription_id);

-- 1: what a dearer product costs more of seats that other lots have paid for.
ALTER TABLE lots ADD COLUMN upgrade INTEGER NOT NULL DEFAULT 0 CHECK (upgrade IN (0, 1));
