package cli

import (
	"context"
	"strconv"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"psc/internal/app"
	"psc/internal/civil"
	"psc/internal/fault"
)

type webhookJSON struct {
	ID             string     `json:"id"`
	URL            string     `json:"url"`
	Description    string     `json:"description"`
	EventTypes     []string   `json:"event_types"` // none: all
	State          string     `json:"state"`
	Reason         string     `json:"reason,omitempty"`
	CreatedBy      string     `json:"created_by"`
	CreatedAt      time.Time  `json:"created_at"`
	FailingSince   *time.Time `json:"failing_since"`
	OldSecretUntil *time.Time `json:"old_secret_until"`
	Secret         string     `json:"secret,omitempty"` // a new one only
}

func webhookOf(w app.Webhook) webhookJSON {
	return webhookJSON{
		ID: w.ID, URL: w.URL, Description: w.Description, EventTypes: append([]string{}, w.Types...), State: string(w.State), Reason: string(w.Reason),
		CreatedBy: w.CreatedBy, CreatedAt: w.CreatedAt, FailingSince: unlessZero(w.FailingSince), OldSecretUntil: unlessZero(w.OldUntil),
	}
}

func unlessZero(t time.Time) *time.Time {
	if t.IsZero() {
		return nil
	}
	return &t
}

func webhookCommand(t *Terminal) *cobra.Command {
	return t.slice("webhook", listWebhooks(t), showWebhook(t), createWebhook(t), updateWebhook(t), deleteWebhook(t), rotateWebhook(t),
		testWebhook(t), listDeliveries(t), showDelivery(t), replayDeliveries(t))
}

func listWebhooks(t *Terminal) *cobra.Command {
	return t.verb("webhook", "list", inConsole, cobra.NoArgs, func(ctx context.Context, s *session, _ []string) error {
		found, err := s.Webhooks(ctx, s.actor)
		if err != nil {
			return err
		}
		tab := table{columns: []string{"webhook", "url", "state", "events"}}
		for _, w := range found {
			tab.add(w.ID, w.URL, s.webhookState(w), s.webhookTypes(w))
		}
		return s.Table(collected(found, webhookOf), tab)
	})
}

func (t *Terminal) webhookState(w app.Webhook) string {
	if w.Reason != "" {
		return t.Say.T("webhook_state." + string(w.Reason))
	}
	return t.Say.T("webhook_state." + string(w.State))
}

func (t *Terminal) webhookTypes(w app.Webhook) string {
	if len(w.Types) == 0 {
		return t.Say.T("webhook_page.all_types")
	}
	return strings.Join(w.Types, " ")
}

func showWebhook(t *Terminal) *cobra.Command {
	return t.verb("webhook", "show WEBHOOK", inConsole, cobra.ExactArgs(1), func(ctx context.Context, s *session, args []string) error {
		w, err := s.Webhook(ctx, s.actor, args[0])
		if err != nil {
			return err
		}
		if s.JSON {
			return s.Write(webhookOf(w))
		}
		s.record("webhook", w.ID, "url", w.URL, "note", w.Description, "state", s.webhookState(w), "events", s.webhookTypes(w),
			"failing_since", t.when(w.FailingSince), "old_secret", t.when(w.OldUntil), "created", t.when(w.CreatedAt))
		return nil
	})
}

// fieldFlags are the flags for what is decided of a webhook.
func (t *Terminal) fieldFlags(cmd *cobra.Command, f *app.WebhookFields) {
	t.text(cmd, &f.Description, "note", "")
	cmd.Flags().StringSliceVar(&f.Types, "events", nil, t.flagHelp("events"))
}

func createWebhook(t *Terminal) *cobra.Command {
	var f app.WebhookFields
	cmd := t.verb("webhook", "create URL", inConsole, cobra.ExactArgs(1), func(ctx context.Context, s *session, args []string) error {
		f.URL = args[0]
		secret, w, err := s.MakeWebhook(ctx, s.actor, f)
		if err != nil {
			return err
		}
		return s.webhookSecret(w, secret)
	})
	t.fieldFlags(cmd, &f)
	return cmd
}

// webhookSecret hands out what is new, this once; of --quiet it leaves the webhook's ID.
func (s *session) webhookSecret(w app.Webhook, secret string) error {
	j := webhookOf(w)
	j.Secret = secret
	return s.Result(j, w.ID, s.Say.T("cli.webhook.made", "ID", w.ID, "Secret", secret))
}

// updateWebhook changes what its flags say, and leaves the rest.
func updateWebhook(t *Terminal) *cobra.Command {
	var f app.WebhookFields
	var disable, enable bool
	var cmd *cobra.Command
	cmd = t.verb("webhook", "update WEBHOOK", inConsole, cobra.ExactArgs(1), func(ctx context.Context, s *session, args []string) error {
		was, err := s.Webhook(ctx, s.actor, args[0])
		if err != nil {
			return err
		}
		changed := cmd.Flags().Changed
		if !changed("url") {
			f.URL = was.URL
		}
		if !changed("note") {
			f.Description = was.Description
		}
		if !changed("events") {
			f.Types = was.Types
		}
		f.Disabled = disable || was.Reason != "" && !enable
		w, err := s.ChangeWebhook(ctx, s.actor, was.ID, was.Version, f)
		if err != nil {
			return err
		}
		return s.Result(webhookOf(w), w.ID, s.Say.T("webhook_page.saved"))
	})
	t.text(cmd, &f.URL, "url", "")
	t.fieldFlags(cmd, &f)
	t.yes(cmd, &disable, "disable")
	t.yes(cmd, &enable, "enable")
	cmd.MarkFlagsMutuallyExclusive("disable", "enable")
	return cmd
}

func deleteWebhook(t *Terminal) *cobra.Command {
	return t.verb("webhook", "delete WEBHOOK", inConsole, cobra.ExactArgs(1), func(ctx context.Context, s *session, args []string) error {
		if err := s.RemoveWebhook(ctx, s.actor, args[0]); err != nil {
			return err
		}
		return s.said(args[0], "webhook_page.removed")
	})
}

func rotateWebhook(t *Terminal) *cobra.Command {
	return t.verb("webhook", "rotate WEBHOOK", inConsole, cobra.ExactArgs(1), func(ctx context.Context, s *session, args []string) error {
		secret, w, err := s.RotateWebhookSecret(ctx, s.actor, args[0])
		if err != nil {
			return err
		}
		return s.webhookSecret(w, secret)
	})
}

func testWebhook(t *Terminal) *cobra.Command {
	return t.verb("webhook", "test WEBHOOK", inConsole, cobra.ExactArgs(1), func(ctx context.Context, s *session, args []string) error {
		id, err := s.TestWebhook(ctx, s.actor, args[0])
		if err != nil {
			return err
		}
		return s.said(id, "webhook_page.tested")
	})
}

type deliveryJSON struct {
	ID         string        `json:"id"`
	EventType  string        `json:"event_type"`
	CustomerID string        `json:"customer_id,omitempty"`
	At         time.Time     `json:"at"`
	State      string        `json:"state"`
	Attempts   int64         `json:"attempt_count"`
	NextAt     *time.Time    `json:"next_attempt_at"`
	Code       int64         `json:"last_response_code"`
	Problem    string        `json:"last_problem,omitempty"`
	Payload    string        `json:"payload,omitempty"`  // of one
	Tries      []attemptJSON `json:"attempts,omitempty"` // of one
}

type attemptJSON struct {
	At      time.Time `json:"at"`
	Code    int64     `json:"response_code"`
	Problem string    `json:"problem,omitempty"`
	Millis  int64     `json:"duration_millis"`
}

func deliveryOf(m app.WebhookMessage) deliveryJSON {
	d := deliveryJSON{
		ID: m.ID, EventType: m.Type, CustomerID: m.CustomerID, At: m.At, State: string(m.State), Attempts: m.Attempts, Code: m.LastCode, Problem: m.Problem,
	}
	if m.SettledAt.IsZero() {
		d.NextAt = &m.NextAt
	}
	return d
}

// answered is what was answered last: a code, or why there is none.
func answered(code int64, problem string) string {
	if code != 0 {
		return strconv.FormatInt(code, 10)
	}
	return problem
}

func listDeliveries(t *Terminal) *cobra.Command {
	var q app.WebhookQuery
	var outcome string
	var limit int64
	cmd := t.verb("webhook", "deliveries WEBHOOK", inConsole, cobra.ExactArgs(1), func(ctx context.Context, s *session, args []string) error {
		q, err := q.In(outcome)
		if err != nil {
			return err
		}
		found, more, err := s.WebhookMessages(ctx, s.actor, args[0], q, int(max(limit, 1)))
		if err != nil {
			return err
		}
		tab := table{columns: []string{"delivery", "at", "event_type", "state", "attempts", "answer"}}
		for _, m := range found {
			tab.add(m.ID, t.when(m.At), m.Type, s.Say.T("delivery_state."+string(m.State)), s.Say.Num(m.Attempts), answered(m.LastCode, m.Problem))
		}
		if err := s.Table(collected(found, deliveryOf), tab); err != nil {
			return err
		}
		t.more(more)
		return nil
	})
	t.text(cmd, &outcome, "outcome", "")
	t.text(cmd, &q.Type, "event-type", "")
	t.text(cmd, &q.Before, "before", "")
	t.number(cmd, &limit, "limit", app.PageSize)
	return cmd
}

func showDelivery(t *Terminal) *cobra.Command {
	return t.verb("webhook", "delivery WEBHOOK DELIVERY", inConsole, cobra.ExactArgs(2), func(ctx context.Context, s *session, args []string) error {
		m, tries, err := s.WebhookMessage(ctx, s.actor, args[0], args[1])
		if err != nil {
			return err
		}
		j := deliveryOf(m)
		j.Payload, j.Tries = m.Body, collected(tries, func(a app.WebhookAttempt) attemptJSON {
			return attemptJSON{a.At, a.Code, a.Problem, a.Millis}
		})
		if s.JSON {
			return s.Write(j)
		}
		s.record("delivery", m.ID, "event_type", m.Type, "customer_id", m.CustomerID, "at", t.when(m.At),
			"state", s.Say.T("delivery_state."+string(m.State)), "answer", answered(m.LastCode, m.Problem))
		s.Line(m.Body)
		tab := table{columns: []string{"at", "answer", "problem"}}
		for _, a := range tries {
			tab.add(t.when(a.At), answered(a.Code, ""), a.Problem)
		}
		return s.Table(j, tab)
	})
}

// replayDeliveries sends one delivery again, or all that were given up.
func replayDeliveries(t *Terminal) *cobra.Command {
	var since string
	cmd := t.verb("webhook", "replay WEBHOOK [DELIVERY]", inConsole, cobra.RangeArgs(1, 2), func(ctx context.Context, s *session, args []string) error {
		n := int64(1)
		if len(args) == 2 {
			if err := s.ReplayWebhookMessage(ctx, s.actor, args[0], args[1]); err != nil {
				return err
			}
			return s.said(args[1], "webhook_page.replayed", "Count", n)
		}
		var from time.Time
		if since != "" {
			d, err := civil.Parse(since)
			if err != nil {
				return fault.InvalidField("since", "cli.date", fault.Args{"Value": since})
			}
			from = d.Start(s.Config.BillingZone)
		}
		n, err := s.ReplayFailedMessages(ctx, s.actor, args[0], from)
		if err != nil {
			return err
		}
		return s.said(args[0], "webhook_page.replayed", "Count", n)
	})
	t.text(cmd, &since, "since", "")
	return cmd
}
