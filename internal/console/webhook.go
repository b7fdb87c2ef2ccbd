package console

import (
	"slices"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"psc/internal/fault"
)

// Webhook is an address of a console's own to which its events are sent, after the Standard Webhooks specification. Its
// secret is not here: it is shown once, and signs.
type Webhook struct {
	ConsoleID    string
	ID           string
	URL          string
	Description  string
	Types        []string // of EventTypes; none: all of them
	State        WebhookState
	Reason       WebhookReason // why it is disabled
	OldUntil     time.Time     // until when the secret before the present one signs too
	CreatedBy    string        // by name
	CreatedAt    time.Time
	FailingSince time.Time // zero: the last thing sent arrived
	Version      int64     // grows with each change
}

// WebhookState says whether events are sent.
type WebhookState string

// The states of a webhook.
const (
	WebhookEnabled  WebhookState = "ENABLED"
	WebhookDisabled WebhookState = "DISABLED"
)

// WebhookReason is why a webhook is disabled.
type WebhookReason string

// The reasons.
const (
	WebhookByHand  WebhookReason = "BY_HAND"
	WebhookGone    WebhookReason = "GONE"    // it answered 410
	WebhookFailing WebhookReason = "FAILING" // nothing arrived for days
)

// MostWebhooks is how many a console can have.
const MostWebhooks = 10

const maxWebhookDescription = 200

// WebhookTest is the type of an event that somebody has sent to try a webhook out.
const WebhookTest = "webhook.test"

// EventTypes are the types of events that webhooks can ask for: the actions of the trail, and what is told of each customer
// or invoice of a long piece of work. What somebody has sent to a webhook by hand is not among them.
var EventTypes = []string{
	"customer.created", "customer.edited", "customer.renamed", "customer.deleted", "customer.imported", "customer.import_begun", "customer.import_cancelled",
	"customer.tos_accepted", "customer.identity_provisioned", "customer.transfer_token", "customer.transfer_token_revoked", "customer.taken_over",
	"customer.transferred_away", "customer.transferred_out", "customer.exported", "customer.list_exported",
	"subscription.bought", "subscription.activated", "subscription.paid", "subscription.seats_changed", "subscription.plan_changed",
	"subscription.sku_changed", "subscription.renewal_changed", "subscription.suspended", "subscription.ended",
	"order.placed", "order.fulfilled", "order.rejected", "order.cancelled",
	"migration.started", "migration.cancelled", "migration.scheduled", "migration.schedule_withdrawn", "migration.run_started",
	"migration.run_paused", "migration.run_resumed", "migration.run_cancelled", "migration.run_finished", "migration.completed", "migration.returned",
	"migration.choices_imported", "migration.choices_cleared", "migration.asked", "migration.undone", "migration.undone_without",
	"connection.invited", "connection.accepted", "connection.declined", "connection.cancelled", "connection.expired",
	"connection.closed", "connection.orders_shared", "connection.orders_unshared",
	"billing_account.requested", "billing_account.created", "billing_account.approved", "billing_account.restricted",
	"billing_account.restored", "billing_account.closed", "billing_account.terms",
	"invoice.close_begun", "invoice.issued", "invoice.closed", "balance.transferred", "balance.paid_out",
	"agreement.signed", "legal_entity.created", "sku.granted",
	"case.opened", "case.replied", "case.resolved", "case.reopened", "case.closed", "case.undo_rejected",
	"person.invited", "person.invite_withdrawn", "person.created", "person.operator_ended", "person.role_granted", "person.role_set", "person.role_made",
	"person.role_changed", "person.role_archived", "person.suspended", "person.reactivated", "person.removed",
	"person.password_changed", "person.password_reset_offered",
	"access.token_made", "access.token_revoked", "access.account_made", "access.account_removed", "access.secret_made", "access.key_made",
	"access.webhook_made", "access.webhook_changed", "access.webhook_removed", "access.webhook_secret", "access.webhook_disabled",
	"console.created", "console.suspended", "console.reactivated",
}

// EventType returns the type of what stands in the trail under an action.
func EventType(action string) string {
	parts := strings.SplitN(action, ".", 3)
	return strings.Join(parts[:min(len(parts), 2)], ".")
}

// Wants reports whether events of a type are sent to the webhook.
func (w Webhook) Wants(eventType string) bool {
	if w.State != WebhookEnabled {
		return false
	}
	if len(w.Types) == 0 {
		return slices.Contains(EventTypes, eventType)
	}
	return slices.Contains(w.Types, eventType)
}

// CheckWebhook returns the webhook as it is kept, with its types in their order and each once, or refuses it with the fault
// "webhook.invalid". Whether its address is one is not asked here.
func CheckWebhook(w Webhook) (Webhook, []fault.Field) {
	var wrong []fault.Field
	w.URL, w.Description = strings.TrimSpace(w.URL), strings.TrimSpace(w.Description)
	if utf8.RuneCountInString(w.Description) > maxWebhookDescription || strings.ContainsFunc(w.Description, unicode.IsControl) {
		wrong = append(wrong, fault.Field{Name: "description", Key: "webhook.about", Args: fault.Args{"Most": maxWebhookDescription}})
	}
	for _, t := range w.Types {
		if !slices.Contains(EventTypes, t) {
			wrong = append(wrong, fault.Field{Name: "types", Key: "webhook.type", Args: fault.Args{"Typed": clip(t, 60)}})
			break
		}
	}
	w.Types = slices.DeleteFunc(slices.Clone(EventTypes), func(t string) bool { return !slices.Contains(w.Types, t) })
	return w, wrong
}

// webhookPauses are how long a message waits after each try that failed, as the specification suggests: three days in all.
var webhookPauses = []time.Duration{
	5 * time.Second, 5 * time.Minute, 30 * time.Minute, 2 * time.Hour, 5 * time.Hour, 10 * time.Hour, 14 * time.Hour, 20 * time.Hour, 24 * time.Hour,
}

// WebhookPause returns how long a message waits after so many tries that failed, and whether there is another one.
func WebhookPause(tries int64) (time.Duration, bool) {
	if tries < 1 || tries > int64(len(webhookPauses)) {
		return 0, false
	}
	return webhookPauses[tries-1], true
}

// WebhookPatience is for how long nothing may arrive before a webhook is disabled.
const WebhookPatience = 5 * 24 * time.Hour
