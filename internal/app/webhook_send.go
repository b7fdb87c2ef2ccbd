package app

import (
	"context"
	"errors"
	"sync"
	"time"

	"psc/internal/console"
	"psc/internal/store"
)

// Courier takes a message to an address.
type Courier interface {
	Carry(ctx context.Context, p Parcel) Receipt
}

// Parcel is a message on its way.
type Parcel struct {
	ID      string
	At      time.Time // of this attempt
	URL     string
	Secrets []string // each signs
	Body    string
}

// Receipt is what an address answered.
type Receipt struct {
	Code    int    // zero: nothing
	Problem string // in English; empty: it arrived
}

// gone is the answer of an address that wants nothing any more.
const gone = 410

const (
	webhookRound   = 16               // messages under way at a time; each of another lane
	webhookHold    = 15 * time.Second // longer than a round takes
	webhookShift   = 15 * time.Second // after which a job leaves the rest to the next one
	webhookRest    = time.Minute      // of a webhook to which nothing of a whole round arrived
	webhookKept    = 30 * day
	webhookTooSoon = time.Second
)

// WebhookJob sends what waits for a webhook.
type WebhookJob struct {
	ConsoleID string `json:"console_id"`
	WebhookID string `json:"webhook_id"`
	At        int64  `json:"at"` // tells a job for later from one for now
}

// Kind implements store.Job.
func (WebhookJob) Kind() string { return store.KindWebhook }

// sendSoon enqueues the job for what has just been queued. It is not left out because another is at work: that one may have
// looked already.
func sendSoon(ctx context.Context, tx *store.Tx, consoleID, id string) error {
	return tx.Enqueue(ctx, WebhookJob{ConsoleID: consoleID, WebhookID: id}, store.JobOptions{Queue: store.QueueWebhook})
}

// sendAt enqueues a job for later, once for each second.
func sendAt(ctx context.Context, tx *store.Tx, job WebhookJob, at time.Time) error {
	at = at.Truncate(time.Second).Add(time.Second)
	job.At = at.Unix()
	return tx.Enqueue(ctx, job, store.JobOptions{Queue: store.QueueWebhook, Once: true, At: at})
}

// sendDue enqueues jobs for what is due and has none, because its process has died.
func (a *App) sendDue(ctx context.Context) error {
	now := a.Wall.Now()
	var list []Webhook
	err := a.DB.View(ctx, func(tx *store.Tx) (err error) {
		list, err = tx.WebhooksWithDue(ctx, now)
		return err
	})
	if err != nil || len(list) == 0 {
		return err
	}
	return a.DB.Update(ctx, func(tx *store.Tx) error {
		for _, w := range list {
			if err := sendAt(ctx, tx, WebhookJob{ConsoleID: w.ConsoleID, WebhookID: w.ID}, now); err != nil {
				return err
			}
		}
		return nil
	})
}

// sending is a job that holds a webhook.
type sending struct {
	WebhookJob

	by   string
	till time.Time
}

// RunWebhook works on one WebhookJob: it sends round after round, each of the first waiting message of several lanes, and writes
// down what became of a round before it begins the next. Nobody else sends to the webhook meanwhile. If the process dies, what
// was under way is sent once more, and still before what comes after it.
func (a *App) RunWebhook(ctx context.Context, job WebhookJob) error {
	now := a.Wall.Now()
	s := sending{WebhookJob: job, by: a.IDs.New("snd", now), till: now.Add(webhookShift)}
	held, err := a.holdWebhook(ctx, s, now)
	for held && err == nil {
		held, err = a.sendRound(ctx, s)
	}
	return err
}

// holdWebhook reports whether the job may send. If another does, it comes again when that may be over.
func (a *App) holdWebhook(ctx context.Context, s sending, now time.Time) (held bool, err error) {
	err = a.DB.Update(ctx, func(tx *store.Tx) error {
		if held, err = tx.HoldWebhook(ctx, s.ConsoleID, s.WebhookID, s.by, now, now.Add(webhookHold)); err != nil || held {
			return err
		}
		until, err := tx.WebhookHeldUntil(ctx, s.ConsoleID, s.WebhookID)
		if errors.Is(err, store.ErrNone) {
			return tx.CompleteJob(ctx)
		}
		if until.Sub(now) <= webhookHold {
			until = now.Add(webhookTooSoon) // whoever sends may be done before
		}
		return errors.Join(err, sendAt(ctx, tx, s.WebhookJob, until), tx.CompleteJob(ctx))
	})
	return held, err
}

// sendRound sends what may be sent now, and reports whether there may be more to do.
func (a *App) sendRound(ctx context.Context, s sending) (more bool, err error) {
	now := a.Wall.Now()
	var w Webhook
	var list []store.WebhookMessage
	var secrets []string
	if err := a.DB.View(ctx, func(tx *store.Tx) (err error) {
		if w, err = tx.Webhook(ctx, s.ConsoleID, s.WebhookID); err != nil {
			return err
		}
		if secrets, err = tx.WebhookSecrets(ctx, w.ConsoleID, w.ID, now); err != nil {
			return err
		}
		list, err = tx.DueWebhookMessages(ctx, w.ConsoleID, w.ID, now, webhookRound)
		return err
	}); err != nil && !errors.Is(err, store.ErrNone) { // removed
		return false, err
	}
	if len(list) == 0 || !now.Before(s.till) {
		return false, a.leaveWebhook(ctx, s, now)
	}
	receipts := a.carry(ctx, w, secrets, list)
	if ctx.Err() != nil {
		return false, ctx.Err()
	}
	err = a.DB.Update(ctx, func(tx *store.Tx) error {
		more, err = a.settleRound(ctx, tx, s, w, list, receipts)
		return err
	})
	return more, err
}

// leaveWebhook lets others send, and enqueues the job for what waits.
func (a *App) leaveWebhook(ctx context.Context, s sending, now time.Time) error {
	return a.DB.Update(ctx, func(tx *store.Tx) error {
		if err := tx.LeaveWebhook(ctx, s.ConsoleID, s.WebhookID, s.by, now); err != nil {
			return err
		}
		due, err := tx.DueWebhookMessages(ctx, s.ConsoleID, s.WebhookID, now, 1)
		if err != nil {
			return err
		}
		if len(due) > 0 {
			return errors.Join(sendSoon(ctx, tx, s.ConsoleID, s.WebhookID), tx.CompleteJob(ctx))
		}
		next, err := tx.NextWebhookMessage(ctx, s.ConsoleID, s.WebhookID, now)
		if err == nil && !next.IsZero() {
			err = sendAt(ctx, tx, s.WebhookJob, next)
		}
		return errors.Join(err, tx.CompleteJob(ctx))
	})
}

// attempted is an attempt with whether the address wants nothing any more.
type attempted struct {
	store.WebhookAttempt

	arrived, gone bool
}

// carry sends messages side by side.
func (a *App) carry(ctx context.Context, w Webhook, secrets []string, list []store.WebhookMessage) []attempted {
	out := make([]attempted, len(list))
	var all sync.WaitGroup
	for i, m := range list {
		all.Go(func() {
			from := a.Wall.Now()
			r := a.Courier.Carry(ctx, Parcel{ID: m.ID, At: from, URL: w.URL, Secrets: secrets, Body: m.Body})
			out[i] = attempted{
				WebhookAttempt: store.WebhookAttempt{
					N: m.Attempts + 1, At: from, Code: int64(r.Code), Problem: shortProblem(r.Problem), Millis: a.Wall.Now().Sub(from).Milliseconds(),
				},
				arrived: r.Problem == "", gone: r.Code == gone,
			}
		})
	}
	all.Wait()
	return out
}

// settleRound writes down what became of a round, if the job still holds the webhook, and reports whether it goes on.
func (a *App) settleRound(
	ctx context.Context, tx *store.Tx, s sending, w Webhook, list []store.WebhookMessage, tries []attempted,
) (bool, error) {
	now := a.Wall.Now()
	arrived, isGone := 0, false
	for _, t := range tries {
		isGone = isGone || t.gone
		if t.arrived {
			arrived++
		}
	}
	switch {
	case arrived > 0:
		w.FailingSince = time.Time{}
	case w.FailingSince.IsZero():
		w.FailingSince = now
	}
	if kept, err := tx.KeepWebhook(ctx, w, s.by, now.Add(webhookHold)); err != nil || !kept {
		return false, errors.Join(err, tx.CompleteJob(ctx))
	}
	for i, m := range list {
		if err := tx.SettleWebhookMessage(ctx, settled(m, tries[i], now), tries[i].WebhookAttempt); err != nil {
			return false, err
		}
	}
	switch {
	case isGone:
		return false, errors.Join(a.disableWebhook(ctx, tx, w, console.WebhookGone), tx.CompleteJob(ctx))
	case arrived == 0 && now.Sub(w.FailingSince) >= console.WebhookPatience:
		return false, errors.Join(a.disableWebhook(ctx, tx, w, console.WebhookFailing), tx.CompleteJob(ctx))
	case arrived == 0 && len(list) == webhookRound: // nobody answers there: the workers are for others meanwhile
		rested := now.Add(webhookRest)
		return false, errors.Join(tx.LeaveWebhook(ctx, w.ConsoleID, w.ID, s.by, rested), sendAt(ctx, tx, s.WebhookJob, rested), tx.CompleteJob(ctx))
	}
	return true, nil
}

// settled is a message after an attempt.
func settled(m store.WebhookMessage, t attempted, now time.Time) store.WebhookMessage {
	m.Tries, m.Attempts = m.Tries+1, t.N
	pause, again := console.WebhookPause(m.Tries)
	switch {
	case t.arrived:
		m.State, m.SettledAt = store.MessageDelivered, now
	case again:
		m.NextAt = now.Add(pause)
	default:
		m.State, m.SettledAt = store.MessageFailed, now
	}
	return m
}

// disableWebhook ends a webhook that nothing reaches, gives up what waits for it, and tells who manages it.
func (a *App) disableWebhook(ctx context.Context, tx *store.Tx, w Webhook, why console.WebhookReason) error {
	w.State, w.Reason = console.WebhookDisabled, why
	if ok, err := tx.ChangeWebhook(ctx, w); err != nil || !ok {
		return orTooLate(err)
	}
	now := a.Clock.Now()
	if err := tx.FailWebhookMessages(ctx, w.ConsoleID, w.ID, a.Wall.Now()); err != nil {
		return err
	}
	because := map[string]string{"Reason": string(why)}
	if err := a.recordWebhook(ctx, tx, system(w.ConsoleID), "access.webhook_disabled", w, because); err != nil {
		return err
	}
	return a.notify(ctx, tx, now, store.Notice{
		ConsoleID: w.ConsoleID, Kind: "webhook.disabled", Audience: console.ManageUsers, Dedupe: a.IDs.New("whk", now),
		Data: map[string]string{"URL": w.URL, "Path": "/users/access/webhooks/" + w.ID},
	})
}
