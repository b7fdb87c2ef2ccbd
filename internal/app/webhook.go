package app

import (
	"context"
	"encoding/base64"
	"fmt"
	"io"
	"maps"
	"net/netip"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"psc/internal/console"
	"psc/internal/fault"
	"psc/internal/store"
)

// Webhook is where a console's events are sent.
type Webhook = console.Webhook

// WebhookFields are what somebody decides of a webhook.
type WebhookFields struct {
	URL         string
	Description string
	Types       []string // none: all of them
	Disabled    bool
}

// webhookOverlap is how long the secret before the present one signs too.
const webhookOverlap = 24 * time.Hour

// Webhooks returns the webhooks of the actor's console, the oldest first, for who manages users.
func (a *App) Webhooks(ctx context.Context, actor console.Actor) (list []Webhook, err error) {
	if err := actor.May(console.ManageUsers); err != nil {
		return nil, err
	}
	err = a.DB.View(ctx, func(tx *store.Tx) error {
		list, err = tx.Webhooks(ctx, actor.ConsoleID)
		return err
	})
	return list, err
}

// Webhook returns one webhook of the actor's console.
func (a *App) Webhook(ctx context.Context, actor console.Actor, id string) (w Webhook, err error) {
	err = a.DB.View(ctx, func(tx *store.Tx) error {
		w, err = ownWebhook(ctx, tx, actor, id)
		return err
	})
	return w, err
}

// ownWebhook returns a webhook that the actor may manage.
func ownWebhook(ctx context.Context, tx *store.Tx, actor console.Actor, id string) (w Webhook, err error) {
	if err := actor.May(console.ManageUsers); err != nil {
		return w, err
	}
	w, err = tx.Webhook(ctx, actor.ConsoleID, id)
	return w, found(err, "webhook.not_found")
}

// MakeWebhook has the events of the actor's console sent to an address, and returns the secret that signs them.
func (a *App) MakeWebhook(ctx context.Context, actor console.Actor, f WebhookFields) (secret string, w Webhook, err error) {
	if err := actor.May(console.ManageUsers); err != nil {
		return "", w, err
	}
	if w, err = a.fillWebhook(Webhook{ConsoleID: actor.ConsoleID, CreatedBy: actor.Name, Version: 1}, f); err != nil {
		return "", w, err
	}
	if secret, err = a.webhookSecret(); err != nil {
		return "", w, err
	}
	w.CreatedAt = a.Wall.Now()
	w.ID = a.IDs.New("whk", w.CreatedAt)
	return secret, w, a.DB.Update(ctx, func(tx *store.Tx) error {
		if err := tx.LockConsoles(ctx, actor.ConsoleID); err != nil {
			return err
		}
		there, err := tx.Webhooks(ctx, actor.ConsoleID)
		if err != nil {
			return err
		}
		if len(there) >= console.MostWebhooks {
			return fault.New(fault.Precondition, "webhook.too_many", fault.Args{"Most": console.MostWebhooks})
		}
		if err := a.recordWebhook(ctx, tx, actor, "access.webhook_made", w, nil); err != nil {
			return err
		}
		return tx.InsertWebhook(ctx, w, secret)
	})
}

// ChangeWebhook changes what is decided of a webhook, unless somebody has changed it since the version that was seen (zero:
// whatever was seen). What waits for a webhook that is disabled is given up; it can be sent again later.
func (a *App) ChangeWebhook(ctx context.Context, actor console.Actor, id string, seen int64, f WebhookFields) (w Webhook, err error) {
	err = a.DB.Update(ctx, func(tx *store.Tx) error {
		was, err := ownWebhook(ctx, tx, actor, id)
		if err != nil {
			return err
		}
		if seen != 0 && seen != was.Version {
			return tooLate()
		}
		if w, err = a.fillWebhook(was, f); err != nil {
			return err
		}
		if ok, err := tx.ChangeWebhook(ctx, w); err != nil || !ok {
			return orTooLate(err)
		}
		if w.Version++; w.State == console.WebhookDisabled {
			if err := tx.FailWebhookMessages(ctx, w.ConsoleID, w.ID, a.Wall.Now()); err != nil {
				return err
			}
		}
		return a.recordWebhook(ctx, tx, actor, "access.webhook_changed", w, nil)
	})
	return w, err
}

// fillWebhook returns the webhook as the fields have it, or the fault "webhook.invalid".
func (a *App) fillWebhook(w Webhook, f WebhookFields) (Webhook, error) {
	w.URL, w.Description, w.Types = f.URL, f.Description, f.Types
	w, wrong := console.CheckWebhook(w)
	if problem := a.webhookAddress(w.URL); problem != "" {
		wrong = append([]fault.Field{{Name: "url", Key: problem}}, wrong...)
	}
	if len(wrong) > 0 {
		return w, &fault.Error{Kind: fault.Invalid, Key: "webhook.invalid", Fields: wrong}
	}
	switch {
	case !f.Disabled:
		if w.State != console.WebhookEnabled {
			w.FailingSince = time.Time{}
		}
		w.State, w.Reason = console.WebhookEnabled, ""
	case w.State != console.WebhookDisabled:
		w.State, w.Reason = console.WebhookDisabled, console.WebhookByHand
	}
	return w, nil
}

const maxWebhookURL = 2000

// webhookAddress returns what is wrong with an address; empty: nothing. Without TLS, only what runs on the machine of a
// sandbox is sent to.
func (a *App) webhookAddress(text string) string {
	u, err := url.Parse(text)
	if err != nil || u.Hostname() == "" || u.User != nil || u.Fragment != "" || len(text) > maxWebhookURL {
		return "webhook.url"
	}
	ip, err := netip.ParseAddr(u.Hostname())
	here := u.Hostname() == "localhost" || err == nil && ip.IsLoopback()
	if u.Scheme == "https" || u.Scheme == "http" && here && a.Config.Sandbox {
		return ""
	}
	return "webhook.https"
}

// webhookSecret makes a secret in the form of the specification.
func (a *App) webhookSecret() (string, error) {
	var b [32]byte
	if _, err := io.ReadFull(a.Random, b[:]); err != nil {
		return "", fmt.Errorf("make a secret: %w", err)
	}
	return "whsec_" + base64.StdEncoding.EncodeToString(b[:]), nil
}

// RotateWebhookSecret gives a webhook a new secret, which it returns. For a day both sign.
func (a *App) RotateWebhookSecret(ctx context.Context, actor console.Actor, id string) (secret string, w Webhook, err error) {
	if secret, err = a.webhookSecret(); err != nil {
		return "", w, err
	}
	return secret, w, a.DB.Update(ctx, func(tx *store.Tx) error {
		if w, err = ownWebhook(ctx, tx, actor, id); err != nil {
			return err
		}
		until := a.Wall.Now().Add(webhookOverlap)
		if ok, err := tx.SetWebhookSecret(ctx, w, secret, until); err != nil || !ok {
			return orTooLate(err)
		}
		w.OldUntil, w.Version = until, w.Version+1
		return a.recordWebhook(ctx, tx, actor, "access.webhook_secret", w, nil)
	})
}

// RemoveWebhook takes a webhook out of use. What waits for it is given up.
func (a *App) RemoveWebhook(ctx context.Context, actor console.Actor, id string) error {
	now := a.Wall.Now()
	actor.Suspended = false // it takes, and gives nothing
	return a.DB.Update(ctx, func(tx *store.Tx) error {
		w, err := ownWebhook(ctx, tx, actor, id)
		if err != nil {
			return err
		}
		if ok, err := tx.RemoveWebhook(ctx, w.ConsoleID, w.ID, now); err != nil || !ok {
			return orTooLate(err)
		}
		if err := tx.FailWebhookMessages(ctx, w.ConsoleID, w.ID, now); err != nil {
			return err
		}
		return a.recordWebhook(ctx, tx, actor, "access.webhook_removed", w, nil)
	})
}

func (a *App) recordWebhook(ctx context.Context, tx *store.Tx, actor console.Actor, action string, w Webhook, more map[string]string) error {
	data := map[string]string{"URL": hostOf(w.URL)}
	maps.Copy(data, more)
	return a.record(ctx, tx, a.Clock.Now(), actor, entry{Action: action, Subject: w.ID, Data: data})
}

// hostOf returns where an address leads, without its path and query: who may see the trail need not know them, and they are
// often secrets.
func hostOf(address string) string {
	u, err := url.Parse(address)
	if err != nil {
		return ""
	}
	return u.Scheme + "://" + u.Host
}

// WebhookMessage is an event that is to be sent to a webhook, or was.
type WebhookMessage = store.WebhookMessage

// WebhookMessageStates are what can become of a message.
var WebhookMessageStates = store.MessageStates

// WebhookAttempt is one time that a message was sent.
type WebhookAttempt = store.WebhookAttempt

// WebhookQuery says which messages of a webhook are asked for; what is empty asks for nothing in particular.
type WebhookQuery struct {
	State  store.MessageState
	Type   string
	Before string // a message ID: only what is older
}

// In returns the query for messages in a state, which is typed; empty: in any.
func (q WebhookQuery) In(state string) (WebhookQuery, error) {
	q.State = store.MessageState(state)
	if state != "" && !slices.Contains(store.MessageStates, q.State) {
		return q, fault.InvalidField("state", "webhook.state", fault.Args{"States": "WAITING, DELIVERED, FAILED"})
	}
	return q, nil
}

// WebhookMessages returns the next messages of a webhook of the actor's console, the newest first, and whether there are more.
func (a *App) WebhookMessages(ctx context.Context, actor console.Actor, id string, q WebhookQuery, limit int) (list []WebhookMessage, more bool, err error) {
	err = a.DB.View(ctx, func(tx *store.Tx) error {
		w, err := ownWebhook(ctx, tx, actor, id)
		if err != nil {
			return err
		}
		list, err = tx.WebhookMessages(ctx, w.ConsoleID, w.ID, store.WebhookMessageFilter(q), limit+1)
		return err
	})
	if more = len(list) > limit; more {
		list = list[:limit]
	}
	return list, more, err
}

// WebhookMessage returns one message with the attempts to send it, the newest first.
func (a *App) WebhookMessage(ctx context.Context, actor console.Actor, id, messageID string) (m WebhookMessage, tries []WebhookAttempt, err error) {
	err = a.DB.View(ctx, func(tx *store.Tx) error {
		w, err := ownWebhook(ctx, tx, actor, id)
		if err != nil {
			return err
		}
		if m, err = tx.WebhookMessage(ctx, w.ConsoleID, w.ID, messageID); err != nil {
			return found(err, "webhook.no_message")
		}
		tries, err = tx.WebhookAttempts(ctx, w.ConsoleID, w.ID, messageID)
		return err
	})
	return m, tries, err
}

// ReplayWebhookMessage sends a message once more, under the same ID.
func (a *App) ReplayWebhookMessage(ctx context.Context, actor console.Actor, id, messageID string) error {
	return a.resend(ctx, actor, id, "access.webhook_replayed", func(tx *store.Tx, w Webhook) (map[string]string, error) {
		m, err := tx.WebhookMessage(ctx, w.ConsoleID, w.ID, messageID)
		if err != nil {
			return nil, found(err, "webhook.no_message")
		}
		return map[string]string{"Count": "1", "Message": m.ID}, tx.ReplayWebhookMessage(ctx, w.ConsoleID, w.ID, m.ID, a.Wall.Now())
	})
}

// ReplayFailedMessages sends everything once more that was made since an instant and given up; it returns how many those are.
func (a *App) ReplayFailedMessages(ctx context.Context, actor console.Actor, id string, since time.Time) (n int64, err error) {
	err = a.resend(ctx, actor, id, "access.webhook_replayed", func(tx *store.Tx, w Webhook) (map[string]string, error) {
		if n, err = tx.ReplayFailedMessages(ctx, w.ConsoleID, w.ID, since, a.Wall.Now()); err == nil && n == 0 {
			err = fault.New(fault.Precondition, "webhook.none_failed", nil)
		}
		return map[string]string{"Count": strconv.FormatInt(n, 10)}, err
	})
	return n, err
}

// TestWebhook sends an event to a webhook that says nothing but that it is a test, and returns the ID of its message.
func (a *App) TestWebhook(ctx context.Context, actor console.Actor, id string) (messageID string, err error) {
	err = a.resend(ctx, actor, id, "access.webhook_tested", func(tx *store.Tx, w Webhook) (map[string]string, error) {
		c, err := tx.Console(ctx, w.ConsoleID)
		if err != nil {
			return nil, err
		}
		e := store.Event{ConsoleID: w.ConsoleID, At: a.Clock.Now(), Side: ownSide(actor), Action: console.WebhookTest, Subject: w.ID}
		m := a.webhookMessage(c, w, e)
		messageID = m.ID
		return nil, tx.InsertWebhookMessages(ctx, w.ConsoleID, []WebhookMessage{m})
	})
	return messageID, err
}

// resend has something sent to an enabled webhook.
func (a *App) resend(
	ctx context.Context, actor console.Actor, id, action string, queue func(*store.Tx, Webhook) (map[string]string, error),
) error {
	return a.DB.Update(ctx, func(tx *store.Tx) error {
		w, err := ownWebhook(ctx, tx, actor, id)
		if err != nil {
			return err
		}
		if w.State != console.WebhookEnabled {
			return fault.New(fault.Precondition, "webhook.disabled", nil)
		}
		data, err := queue(tx, w)
		if err != nil {
			return err
		}
		if err := a.recordWebhook(ctx, tx, actor, action, w, data); err != nil {
			return err
		}
		return sendSoon(ctx, tx, w.ConsoleID, w.ID)
	})
}

// shortProblem keeps of a problem what a page has room for.
func shortProblem(s string) string {
	const most = 300
	return strings.ToValidUTF8(s[:min(len(s), most)], "")
}
