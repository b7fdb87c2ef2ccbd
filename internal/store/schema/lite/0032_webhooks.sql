-- +goose Up
-- Where a console's events are sent. The secrets sign what is sent, so they are kept as they are; the old one signs too until
-- old_until. Whoever sends holds the webhook (held_by) until held_until; nobody else sends before that.
CREATE TABLE webhooks (
  console_id TEXT NOT NULL REFERENCES consoles (id),
  id TEXT NOT NULL,
  url TEXT NOT NULL,
  description TEXT NOT NULL,
  types TEXT NOT NULL,
  state TEXT NOT NULL CHECK (state IN ('ENABLED', 'DISABLED')),
  reason TEXT NOT NULL CHECK (reason IN ('', 'BY_HAND', 'GONE', 'FAILING')),
  secret TEXT NOT NULL,
  old_secret TEXT NOT NULL DEFAULT '',
  old_until INTEGER NOT NULL DEFAULT 0,
  created_by TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  version INTEGER NOT NULL DEFAULT 1,
  failing_since INTEGER NOT NULL DEFAULT 0,
  held_by TEXT NOT NULL DEFAULT '',
  held_until INTEGER NOT NULL DEFAULT 0,
  removed_at INTEGER NOT NULL DEFAULT 0,
  PRIMARY KEY (console_id, id),
  CHECK ((state = 'DISABLED') = (reason <> '')),
  CHECK (removed_at = 0 OR secret = '')
) STRICT;

-- What is to be sent to a webhook, and what became of it. Those of one lane are sent one after the other, in the order of
-- their IDs.
CREATE TABLE webhook_messages (
  console_id TEXT NOT NULL,
  webhook_id TEXT NOT NULL,
  id TEXT NOT NULL,
  lane TEXT NOT NULL,
  type TEXT NOT NULL,
  customer_id TEXT NOT NULL,
  at INTEGER NOT NULL,
  body TEXT NOT NULL,
  state TEXT NOT NULL DEFAULT 'WAITING' CHECK (state IN ('WAITING', 'DELIVERED', 'FAILED')),
  tries INTEGER NOT NULL DEFAULT 0,
  attempts INTEGER NOT NULL DEFAULT 0,
  next_at INTEGER NOT NULL,
  last_at INTEGER NOT NULL DEFAULT 0,
  last_code INTEGER NOT NULL DEFAULT 0,
  problem TEXT NOT NULL DEFAULT '',
  settled_at INTEGER NOT NULL DEFAULT 0,
  PRIMARY KEY (console_id, webhook_id, id),
  FOREIGN KEY (console_id, webhook_id) REFERENCES webhooks (console_id, id),
  CHECK ((state = 'WAITING') = (settled_at = 0)),
  CHECK (tries <= attempts)
) STRICT;
CREATE INDEX webhook_messages_due ON webhook_messages (console_id, webhook_id, next_at) WHERE state = 'WAITING';
CREATE INDEX webhook_messages_lane ON webhook_messages (console_id, webhook_id, lane, id) WHERE state = 'WAITING';
CREATE INDEX webhook_messages_state ON webhook_messages (console_id, webhook_id, state, id);
CREATE INDEX webhook_messages_type ON webhook_messages (console_id, webhook_id, type, id);
CREATE INDEX webhook_messages_settled ON webhook_messages (settled_at) WHERE state <> 'WAITING';

-- Each time that a message was sent.
CREATE TABLE webhook_attempts (
  console_id TEXT NOT NULL,
  webhook_id TEXT NOT NULL,
  message_id TEXT NOT NULL,
  n INTEGER NOT NULL,
  at INTEGER NOT NULL,
  code INTEGER NOT NULL,
  problem TEXT NOT NULL,
  millis INTEGER NOT NULL,
  PRIMARY KEY (console_id, webhook_id, message_id, n),
  FOREIGN KEY (console_id, webhook_id, message_id) REFERENCES webhook_messages (console_id, webhook_id, id)
) STRICT;
