package store

import (
	"context"
	"time"

	"psc/internal/console"
)

// WebhookMessage is an event that is to be sent to a webhook, or what is kept of one that was.
type WebhookMessage struct {
	ConsoleID, WebhookID string
	ID                   string // of the message: the same however often it is sent
	Lane                 string // what it is about: those about one thing are sent in the order of their IDs
	Type                 string
	CustomerID           string // empty: of no customer in particular
	At                   time.Time
	Body                 string
	State                MessageState
	Tries                int64 // since it was queued last
	Attempts             int64 // in all
	NextAt               time.Time
	LastAt               time.Time
	LastCode             int64
	Problem              string
	SettledAt            time.Time
}

// MessageState is what became of a message.
type MessageState string

// The states of a message.
const (
	MessageWaiting   MessageState = "WAITING"
	MessageDelivered MessageState = "DELIVERED"
	MessageFailed    MessageState = "FAILED" // given up
)

// MessageStates are all of them.
var MessageStates = []MessageState{MessageWaiting, MessageDelivered, MessageFailed}

// InsertWebhookMessages adds messages with one statement.
func (tx *Tx) InsertWebhookMessages(ctx context.Context, consoleID string, list []WebhookMessage) error {
	return insertAll(ctx, tx, "webhook_messages", list, func(m WebhookMessage) map[string]any {
		return map[string]any{
			"console_id": consoleID, "webhook_id": m.WebhookID, "id": m.ID, "lane": m.Lane, "type": m.Type, "customer_id": m.CustomerID,
			"at": micros(m.At), "body": m.Body, "next_at": micros(m.At),
		}
	}, "")
}

const selectMessage = `SELECT m.console_id, m.webhook_id, m.id, m.lane, m.type, m.customer_id, m.at, m.body, m.state, m.tries, m.attempts,
	m.next_at, m.last_at, m.last_code, m.problem, m.settled_at FROM webhook_messages m `

func scanMessage(r Rows) (m WebhookMessage, err error) {
	var at, next, last, settled int64
	err = r.Scan(&m.ConsoleID, &m.WebhookID, &m.ID, &m.Lane, &m.Type, &m.CustomerID, &at, &m.Body, &m.State, &m.Tries, &m.Attempts,
		&next, &last, &m.LastCode, &m.Problem, &settled)
	m.At, m.NextAt, m.LastAt, m.SettledAt = instant(at), instant(next), instant(last), instant(settled)
	return m, err
}

// DueWebhookMessages returns the next messages that may be sent to a webhook: the first that waits of each lane, if it is due.
func (tx *Tx) DueWebhookMessages(ctx context.Context, consoleID, webhookID string, now time.Time, limit int) ([]WebhookMessage, error) {
	return all(ctx, tx, scanMessage, selectMessage+`WHERE m.console_id = $1 AND m.webhook_id = $2 AND m.state = 'WAITING' AND m.next_at <= $3
			AND NOT EXISTS (SELECT 1 FROM webhook_messages b WHERE b.console_id = m.console_id AND b.webhook_id = m.webhook_id
				AND b.lane = m.lane AND b.state = 'WAITING' AND b.id < m.id)
		ORDER BY m.next_at, m.id LIMIT $4`, consoleID, webhookID, micros(now), limit)
}

// NextWebhookMessage returns when the next message of a webhook after now is due; zero: none waits.
func (tx *Tx) NextWebhookMessage(ctx context.Context, consoleID, webhookID string, now time.Time) (time.Time, error) {
	at, err := one(ctx, tx, scalar[int64], `SELECT coalesce(min(next_at), 0) FROM webhook_messages
		WHERE console_id = $1 AND webhook_id = $2 AND state = 'WAITING' AND next_at > $3`, consoleID, webhookID, micros(now))
	return instant(at), err
}

// WebhookAttempt is one time that a message was sent.
type WebhookAttempt struct {
	N       int64
	At      time.Time
	Code    int64  // of the answer; zero: there was none
	Problem string // why it does not count as delivered
	Millis  int64
}

// SettleWebhookMessage stores what came of sending a message, as its last attempt says, and when those behind it may be sent.
func (tx *Tx) SettleWebhookMessage(ctx context.Context, m WebhookMessage, a WebhookAttempt) error {
	if _, err := tx.exec(ctx, `INSERT INTO webhook_attempts (console_id, webhook_id, message_id, n, at, code, problem, millis)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8)`, m.ConsoleID, m.WebhookID, m.ID, a.N, micros(a.At), a.Code, a.Problem, a.Millis); err != nil {
		return err
	}
	if _, err := tx.exec(ctx, `UPDATE webhook_messages SET state = $4, tries = $5, attempts = $6, next_at = $7, last_at = $8, last_code = $9,
			problem = $10, settled_at = $11 WHERE console_id = $1 AND webhook_id = $2 AND id = $3`,
		m.ConsoleID, m.WebhookID, m.ID, m.State, m.Tries, m.Attempts, micros(m.NextAt), micros(a.At), a.Code, a.Problem, micros(m.SettledAt)); err != nil {
		return err
	}
	behind := m.NextAt
	if m.State != MessageWaiting {
		behind = m.SettledAt
	}
	_, err := tx.exec(ctx, `UPDATE webhook_messages SET next_at = $5
		WHERE console_id = $1 AND webhook_id = $2 AND lane = $3 AND id > $4 AND state = 'WAITING' AND next_at <> $5`,
		m.ConsoleID, m.WebhookID, m.Lane, m.ID, micros(behind))
	return err
}

// FailWebhookMessages gives up everything that waits for a webhook.
func (tx *Tx) FailWebhookMessages(ctx context.Context, consoleID, webhookID string, now time.Time) error {
	_, err := tx.exec(ctx, `UPDATE webhook_messages SET state = 'FAILED', settled_at = $3
		WHERE console_id = $1 AND webhook_id = $2 AND state = 'WAITING'`, consoleID, webhookID, micros(now))
	return err
}

// WebhookMessageFilter says which messages of a webhook are asked for; what is empty asks for nothing in particular.
type WebhookMessageFilter struct {
	State  MessageState
	Type   string
	Before string // a message ID: only what is older
}

// WebhookMessages returns the messages of a webhook that the filter asks for, the newest first.
func (tx *Tx) WebhookMessages(ctx context.Context, consoleID, webhookID string, f WebhookMessageFilter, limit int) ([]WebhookMessage, error) {
	w := conditions{where: `WHERE console_id = $1 AND webhook_id = $2`, args: []any{consoleID, webhookID}}
	w.and(f.State != "", `state = %s`, f.State)
	w.and(f.Type != "", `type = %s`, f.Type)
	w.and(f.Before != "", `id < %s`, f.Before)
	return all(ctx, tx, scanMessage, selectMessage+w.where+` ORDER BY id DESC LIMIT `+w.next(limit), w.args...)
}

// WebhookMessage returns a message, or ErrNone.
func (tx *Tx) WebhookMessage(ctx context.Context, consoleID, webhookID, id string) (WebhookMessage, error) {
	return one(ctx, tx, scanMessage, selectMessage+`WHERE console_id = $1 AND webhook_id = $2 AND id = $3`, consoleID, webhookID, id)
}

// WebhookAttempts returns the attempts of a message, the newest first.
func (tx *Tx) WebhookAttempts(ctx context.Context, consoleID, webhookID, messageID string) ([]WebhookAttempt, error) {
	return all(ctx, tx, func(r Rows) (a WebhookAttempt, err error) {
		var at int64
		err = r.Scan(&a.N, &at, &a.Code, &a.Problem, &a.Millis)
		a.At = instant(at)
		return a, err
	}, `SELECT n, at, code, problem, millis FROM webhook_attempts WHERE console_id = $1 AND webhook_id = $2 AND message_id = $3
		ORDER BY n DESC`, consoleID, webhookID, messageID)
}

const requeued = `UPDATE webhook_messages SET state = 'WAITING', settled_at = 0, tries = 0, next_at = $3
	WHERE console_id = $1 AND webhook_id = $2 AND `

// ReplayWebhookMessage has a message sent once more, as soon as those before it are.
func (tx *Tx) ReplayWebhookMessage(ctx context.Context, consoleID, webhookID, id string, now time.Time) error {
	_, err := tx.exec(ctx, requeued+`id = $4`, consoleID, webhookID, micros(now), id)
	return err
}

// ReplayFailedMessages has everything sent once more that was made since an instant and given up; it returns how many those are.
func (tx *Tx) ReplayFailedMessages(ctx context.Context, consoleID, webhookID string, since, now time.Time) (int64, error) {
	return tx.exec(ctx, requeued+`state = 'FAILED' AND at >= $4`, consoleID, webhookID, micros(now), micros(since))
}

// WebhooksWithDue returns the enabled webhooks, of all consoles, for which something due waits.
func (tx *Tx) WebhooksWithDue(ctx context.Context, now time.Time) ([]console.Webhook, error) {
	return all(ctx, tx, scanWebhook, selectWebhook+`WHERE state = 'ENABLED' AND removed_at = 0
		AND EXISTS (SELECT 1 FROM webhook_messages m WHERE m.console_id = webhooks.console_id AND m.webhook_id = webhooks.id
			AND m.state = 'WAITING' AND m.next_at <= $1)`, micros(now))
}

// DeleteWebhookMessages forgets what was settled before an instant.
func (tx *Tx) DeleteWebhookMessages(ctx context.Context, before time.Time) error {
	if _, err := tx.exec(ctx, `DELETE FROM webhook_attempts WHERE (console_id, webhook_id, message_id) IN
		(SELECT console_id, webhook_id, id FROM webhook_messages WHERE state <> 'WAITING' AND settled_at < $1)`, micros(before)); err != nil {
		return err
	}
	_, err := tx.exec(ctx, `DELETE FROM webhook_messages WHERE state <> 'WAITING' AND settled_at < $1`, micros(before))
	return err
}
