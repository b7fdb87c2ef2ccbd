-- +goose Up
-- Where a console's events are sent. The secrets sign what is sent, so they are kept as they are; the old one signs too until
-- old_until. Whoever sends holds the webhook (held_by) until held_until; nobody else sends before that.
CREATE TABLE webhooks (
  console_id text COLLATE "C" NOT NULL REFERENCES consoles (id),
  id text COLLATE "C" NOT NULL,
  url text COLLATE "C" NOT NULL,
  description text COLLATE "C" NOT NULL,
  types text COLLATE "C" NOT NULL,
  state text COLLATE "C" NOT NULL CHECK (state IN ('ENABLED', 'DISABLED')),
  reason text COLLATE "C" NOT NULL CHECK (reason IN ('', 'BY_HAND', 'GONE', 'FAILING')),
  secret text COLLATE "C" NOT NULL,
  old_secret text COLLATE "C" NOT NULL DEFAULT '',
  old_until bigint NOT NULL DEFAULT 0,
  created_by text COLLATE "C" NOT NULL,
  created_at bigint NOT NULL,
  version bigint NOT NULL DEFAULT 1,
  failing_since bigint NOT NULL DEFAULT 0,
  held_by text COLLATE "C" NOT NULL DEFAULT '',
  held_until bigint NOT NULL DEFAULT 0,
  removed_at bigint NOT NULL DEFAULT 0,
  PRIMARY KEY (console_id, id),
  CHECK ((state = 'DISABLED') = (reason <> '')),
  CHECK (removed_at = 0 OR secret = '')
);

-- What is to be sent to a webhook, and what became of it. Those of one lane are sent one after the other, in the order of
-- their IDs.
CREATE TABLE webhook_messages (
  console_id text COLLATE "C" NOT NULL,
  webhook_id text COLLATE "C" NOT NULL,
  id text COLLATE "C" NOT NULL,
  lane text COLLATE "C" NOT NULL,
  type text COLLATE "C" NOT NULL,
  customer_id text COLLATE "C" NOT NULL,
  at bigint NOT NULL,
  body text COLLATE "C" NOT NULL,
  state text COLLATE "C" NOT NULL DEFAULT 'WAITING' CHECK (state IN ('WAITING', 'DELIVERED', 'FAILED')),
  tries bigint NOT NULL DEFAULT 0,
  attempts bigint NOT NULL DEFAULT 0,
  next_at bigint NOT NULL,
  last_at bigint NOT NULL DEFAULT 0,
  last_code bigint NOT NULL DEFAULT 0,
  problem text COLLATE "C" NOT NULL DEFAULT '',
  settled_at bigint NOT NULL DEFAULT 0,
  PRIMARY KEY (console_id, webhook_id, id),
  FOREIGN KEY (console_id, webhook_id) REFERENCES webhooks (console_id, id),
  CHECK ((state = 'WAITING') = (settled_at = 0)),
  CHECK (tries <= attempts)
);
CREATE INDEX webhook_messages_due ON webhook_messages (console_id, webhook_id, next_at) WHERE state = 'WAITING';
CREATE INDEX webhook_messages_lane ON webhook_messages (console_id, webhook_id, lane, id) WHERE state = 'WAITING';
CREATE INDEX webhook_messages_state ON webhook_messages (console_id, webhook_id, state, id);
CREATE INDEX webhook_messages_type ON webhook_messages (console_id, webhook_id, type, id);
CREATE INDEX webhook_messages_settled ON webhook_messages (settled_at) WHERE state <> 'WAITING';

-- Each time that a message was sent.
CREATE TABLE webhook_attempts (
  console_id text COLLATE "C" NOT NULL,
  webhook_id text COLLATE "C" NOT NULL,
  message_id text COLLATE "C" NOT NULL,
  n bigint NOT NULL,
  at bigint NOT NULL,
  code bigint NOT NULL,
  problem text COLLATE "C" NOT NULL,
  millis bigint NOT NULL,
  PRIMARY KEY (console_id, webhook_id, message_id, n),
  FOREIGN KEY (console_id, webhook_id, message_id) REFERENCES webhook_messages (console_id, webhook_id, id)
);
