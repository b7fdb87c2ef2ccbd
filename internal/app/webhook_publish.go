package app

import (
	"cmp"
	"context"
	"encoding/json"
	"time"

	"psc/internal/civil"
	"psc/internal/console"
	"psc/internal/migration"
	"psc/internal/store"
)

// trail appends an event to the trail of its console, and hands it to the console's webhooks in the same transaction: a
// message exists exactly if the event does, so that none is lost whatever order transactions end in.
func (a *App) trail(ctx context.Context, tx *store.Tx, e store.Event) error {
	if err := tx.InsertEvent(ctx, e); err != nil {
		return err
	}
	return a.publish(ctx, tx, e.ConsoleID, []store.Event{e})
}

// publish hands events of a console to those of its webhooks that want them, with one statement for all of a webhook.
func (a *App) publish(ctx context.Context, tx *store.Tx, consoleID string, events []store.Event) error {
	webhooks, err := tx.Webhooks(ctx, consoleID)
	if err != nil || len(webhooks) == 0 {
		return err
	}
	c, err := tx.Console(ctx, consoleID)
	if err != nil {
		return err
	}
	for _, w := range webhooks {
		var list []store.WebhookMessage
		for _, e := range events {
			if w.Wants(console.EventType(e.Action)) {
				list = append(list, a.webhookMessage(c, w, e))
			}
		}
		if len(list) == 0 {
			continue
		}
		if err := tx.InsertWebhookMessages(ctx, consoleID, list); err != nil {
			return err
		}
		if err := sendSoon(ctx, tx, consoleID, w.ID); err != nil {
			return err
		}
	}
	return nil
}

// webhookBody is what is sent: thin, with the names that the API answers for.
type webhookBody struct {
	Type      string      `json:"type"`
	Timestamp time.Time   `json:"timestamp"` // of business time
	Data      webhookData `json:"data"`
}

type webhookData struct {
	Console    string            `json:"console"`
	EventID    string            `json:"event_id,omitempty"` // in the trail
	Resource   string            `json:"resource,omitempty"`
	CustomerID string            `json:"customer_id,omitempty"`
	Subject    string            `json:"subject"`
	Side       store.EventSide   `json:"side"`
	Facts      map[string]string `json:"facts,omitempty"`
}

// webhookMessage is an event as it is sent to a webhook.
func (a *App) webhookMessage(c console.Console, w Webhook, e store.Event) store.WebhookMessage {
	name := "consoles/" + string(c.AccountID)
	body := webhookBody{Type: console.EventType(e.Action), Timestamp: e.At, Data: webhookData{
		Console: name, EventID: e.ID, CustomerID: e.CustomerID, Subject: e.Subject, Side: e.Side, Facts: e.Data,
	}}
	if e.CustomerID != "" {
		if via := e.Data["Connection"]; via != "" {
			name += "/connections/" + via + "/migrations/" + e.CustomerID
		} else {
			name += "/customers/" + e.CustomerID
		}
		body.Data.Resource = name
	}
	text, err := json.Marshal(body)
	if err != nil {
		panic(err) // of texts and an instant
	}
	now := a.Wall.Now()
	id := a.MessageIDs.New("msg", now)
	return store.WebhookMessage{
		WebhookID: w.ID, ID: id, Lane: cmp.Or(e.CustomerID, e.Subject, id), Type: body.Type, CustomerID: e.CustomerID, At: now, Body: string(text),
	}
}

// publishMoved tells the webhooks of both consoles of each customer that a chunk of a run has moved or given back.
func (a *App) publishMoved(
	ctx context.Context, tx *store.Tx, now time.Time, op store.Operation, items []store.RunItem, back []store.Return, d civil.Date,
) error {
	reasons := map[string]migration.Code{}
	for _, r := range back {
		reasons[r.MigrationID] = r.Reason
	}
	for _, consoleID := range []string{op.ConsoleID, op.SourceID} {
		events := make([]store.Event, len(items))
		for i, item := range items {
			e := store.Event{
				ConsoleID: consoleID, At: now, Side: store.SideSystem, Action: "migration.completed", Subject: item.MigrationID,
				CustomerID: item.CustomerID, Data: map[string]string{"Connection": op.ConnectionID, "Run": op.ID},
			}
			if reason, returned := reasons[item.MigrationID]; returned {
				e.Action, e.Data["Reason"] = "migration.returned", string(reason)
			} else {
				e.Data["BillingDate"] = d.String()
			}
			events[i] = e
		}
		if err := a.publish(ctx, tx, consoleID, events); err != nil {
			return err
		}
	}
	return nil
}

// publishInvoice tells the webhooks of a console of an invoice that was issued.
func (a *App) publishInvoice(ctx context.Context, tx *store.Tx, inv store.Invoice) error {
	return a.publish(ctx, tx, inv.ConsoleID, []store.Event{{
		ConsoleID: inv.ConsoleID, At: a.Clock.Now(), Side: store.SideSystem, Action: "invoice.issued", Subject: inv.ID, Data: map[string]string{
			"Number": inv.Number, "Month": inv.Month.String(), "Currency": string(inv.Gross.Currency),
		},
	}})
}
