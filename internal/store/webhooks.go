package store

import (
	"context"
	"strings"
	"time"

	"psc/internal/console"
)

// InsertWebhook adds a webhook with the secret that signs what is sent to it.
func (tx *Tx) InsertWebhook(ctx context.Context, w console.Webhook, secret string) error {
	_, err := tx.exec(ctx, `INSERT INTO webhooks (console_id, id, url, description, types, state, reason, secret, created_by, created_at)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)`,
		w.ConsoleID, w.ID, w.URL, w.Description, strings.Join(w.Types, " "), w.State, w.Reason, secret, w.CreatedBy, micros(w.CreatedAt))
	return err
}

const selectWebhook = `SELECT console_id, id, url, description, types, state, reason, old_until, created_by, created_at,
	failing_since, version FROM webhooks `

func scanWebhook(r Rows) (w console.Webhook, err error) {
	var types string
	var old, created, failing int64
	err = r.Scan(&w.ConsoleID, &w.ID, &w.URL, &w.Description, &types, &w.State, &w.Reason, &old, &w.CreatedBy, &created, &failing, &w.Version)
	w.Types = strings.Fields(types)
	w.OldUntil, w.CreatedAt, w.FailingSince = instant(old), instant(created), instant(failing)
	return w, err
}

// Webhook returns a webhook of the console, or ErrNone.
func (tx *Tx) Webhook(ctx context.Context, consoleID, id string) (console.Webhook, error) {
	return one(ctx, tx, scanWebhook, selectWebhook+`WHERE console_id = $1 AND id = $2 AND removed_at = 0`, consoleID, id)
}

// Webhooks returns the webhooks of the console, the oldest first.
func (tx *Tx) Webhooks(ctx context.Context, consoleID string) ([]console.Webhook, error) {
	return all(ctx, tx, scanWebhook, selectWebhook+`WHERE console_id = $1 AND removed_at = 0 ORDER BY id`, consoleID)
}

// ChangeWebhook stores what somebody has changed of a webhook, if nobody else has since its version, and reports whether it
// did. Who is sending to it stops: it may be elsewhere now.
func (tx *Tx) ChangeWebhook(ctx context.Context, w console.Webhook) (bool, error) {
	n, err := tx.exec(ctx, `UPDATE webhooks SET url = $4, description = $5, types = $6, state = $7, reason = $8, failing_since = $9,
			version = version + 1, held_by = '', held_until = 0
		WHERE console_id = $1 AND id = $2 AND version = $3 AND removed_at = 0`,
		w.ConsoleID, w.ID, w.Version, w.URL, w.Description, strings.Join(w.Types, " "), w.State, w.Reason, micros(w.FailingSince))
	return n == 1, err
}

// SetWebhookSecret gives a webhook a new secret; the one before signs too until an instant.
func (tx *Tx) SetWebhookSecret(ctx context.Context, w console.Webhook, secret string, oldUntil time.Time) (bool, error) {
	n, err := tx.exec(ctx, `UPDATE webhooks SET old_secret = secret, old_until = $4, secret = $5, version = version + 1
		WHERE console_id = $1 AND id = $2 AND version = $3 AND removed_at = 0`,
		w.ConsoleID, w.ID, w.Version, micros(oldUntil), secret)
	return n == 1, err
}

// RemoveWebhook takes a webhook out of use and forgets its secrets.
func (tx *Tx) RemoveWebhook(ctx context.Context, consoleID, id string, now time.Time) (bool, error) {
	n, err := tx.exec(ctx, `UPDATE webhooks SET removed_at = $3, secret = '', old_secret = '', held_by = '', version = version + 1
		WHERE console_id = $1 AND id = $2 AND removed_at = 0`, consoleID, id, micros(now))
	return n == 1, err
}

// WebhookSecrets returns what signs for a webhook at now, the present secret first.
func (tx *Tx) WebhookSecrets(ctx context.Context, consoleID, id string, now time.Time) ([]string, error) {
	return all(ctx, tx, scalar[string], `SELECT s FROM (
			SELECT 0 AS n, secret AS s FROM webhooks WHERE console_id = $1 AND id = $2
			UNION ALL SELECT 1, old_secret FROM webhooks WHERE console_id = $1 AND id = $2 AND old_until > $3
		) x WHERE s <> '' ORDER BY n`, consoleID, id, micros(now))
}

// HoldWebhook lets whoever is named send to an enabled webhook until an instant, unless somebody else may. It reports whether
// it did.
func (tx *Tx) HoldWebhook(ctx context.Context, consoleID, id, by string, now, until time.Time) (bool, error) {
	n, err := tx.exec(ctx, `UPDATE webhooks SET held_by = $3, held_until = $5
		WHERE console_id = $1 AND id = $2 AND held_until <= $4 AND state = 'ENABLED' AND removed_at = 0`,
		consoleID, id, by, micros(now), micros(until))
	return n == 1, err
}

// WebhookHeldUntil returns until when somebody may send to an enabled webhook, or ErrNone.
func (tx *Tx) WebhookHeldUntil(ctx context.Context, consoleID, id string) (time.Time, error) {
	us, err := one(ctx, tx, scalar[int64], `SELECT held_until FROM webhooks
		WHERE console_id = $1 AND id = $2 AND state = 'ENABLED' AND removed_at = 0`, consoleID, id)
	return instant(us), err
}

// KeepWebhook is HoldWebhook for whoever holds it, and stores since when nothing has arrived. It reports whether it is still held.
func (tx *Tx) KeepWebhook(ctx context.Context, w console.Webhook, by string, until time.Time) (bool, error) {
	n, err := tx.exec(ctx, `UPDATE webhooks SET held_until = $4, failing_since = $5 WHERE console_id = $1 AND id = $2 AND held_by = $3`,
		w.ConsoleID, w.ID, by, micros(until), micros(w.FailingSince))
	return n == 1, err
}

// LeaveWebhook ends HoldWebhook: others may send from an instant on. Once nothing waits any more, that something did not
// arrive is past: what comes later is not judged by it.
func (tx *Tx) LeaveWebhook(ctx context.Context, consoleID, id, by string, from time.Time) error {
	_, err := tx.exec(ctx, `UPDATE webhooks SET held_by = '', held_until = $4, failing_since = CASE WHEN EXISTS (SELECT 1
			FROM webhook_messages m WHERE m.console_id = webhooks.console_id AND m.webhook_id = webhooks.id AND m.state = 'WAITING')
			THEN failing_since ELSE 0 END WHERE console_id = $1 AND id = $2 AND held_by = $3`,
		consoleID, id, by, micros(from))
	return err
}
