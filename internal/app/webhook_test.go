package app_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"psc/internal/app"
	"psc/internal/apptest"
	"psc/internal/clock"
	"psc/internal/console"
	"psc/internal/customer"
	"psc/internal/hooktest"
	"psc/internal/store"
)

// listen starts a receiver, and has messages be sent by the real courier in a time of their own.
func listen(t *testing.T, w *apptest.World) (*hooktest.Receiver, *clock.Offset) {
	t.Helper()
	r := hooktest.Listen(t)
	wall := clock.NewOffset(clock.Fixed(apptest.Start), 0)
	w.Wall, w.Courier = wall, r.Courier
	return r, wall
}

// subscribe makes a webhook of the console that leads to the receiver.
func subscribe(r *hooktest.Receiver, w *apptest.World, c console.Console, types ...string) app.Webhook {
	w.T.Helper()
	secret, made, err := w.MakeWebhook(w.T.Context(), apptest.Admin(c), app.WebhookFields{URL: r.URL, Types: types})
	w.Must(err)
	r.Secrets = append(r.Secrets, secret)
	return made
}

// send does what is due for a webhook, as its jobs would.
func send(w *apptest.World, hook app.Webhook) {
	w.T.Helper()
	w.Must(w.RunWebhook(w.T.Context(), app.WebhookJob{ConsoleID: hook.ConsoleID, WebhookID: hook.ID}))
}

func ahead(wall *clock.Offset, d time.Duration) { wall.Advance(wall.Ahead() + d) }

// happens writes an event of a customer into the console's trail, as what changes a customer does.
func happens(w *apptest.World, c console.Console, customerID string, n int) {
	w.T.Helper()
	var edited customer.Customer
	w.Read(func(tx *store.Tx) (err error) {
		edited, err = tx.Customer(w.T.Context(), c.ID, customerID)
		return err
	})
	edited.Name = fmt.Sprintf("Name %d", n)
	w.Must(w.EditContact(w.T.Context(), apptest.Admin(c), edited, ""))
}

func TestEventsReachTheWebhooksOfTheirConsole(t *testing.T) {
	each(t, func(t *testing.T, w *apptest.World) {
		r, _ := listen(t, w)
		c, ids := connected(w, 25)
		main, source := subscribe(r, w, w.A), subscribe(r, w, w.B, "migration.completed", "migration.started")
		stranger := subscribe(r, w, w.C)
		w.Must(startAll(t.Context(), w, c)())
		op, err := w.CompleteMigrations(t.Context(), apptest.Admin(w.A), completion(w, c.ID))
		w.Must(err)
		w.Finish(op)
		send(w, stranger)
		if len(r.Got) != 0 {
			t.Fatalf("a stranger hears of %v", r.Types())
		}
		send(w, main)
		moved := map[string]int{}
		for _, m := range r.Got {
			if m.Data.Console != "consoles/"+string(w.A.AccountID) || m.Signed != 1 {
				t.Errorf("%+v", m)
			}
			if m.Type != "migration.completed" {
				continue
			}
			moved[m.Data.CustomerID]++
			if want := m.Data.Console + "/connections/" + c.ID + "/migrations/" + m.Data.CustomerID; m.Data.Resource != want || m.Data.Facts["BillingDate"] != today(w).String() {
				t.Errorf("%+v", m.Data)
			}
		}
		for _, id := range ids {
			if moved[id] != 1 {
				t.Errorf("%s was told of %d times", id, moved[id])
			}
		}
		for _, want := range []string{"migration.started", "migration.run_started", "migration.run_finished"} {
			if !slices.Contains(r.Types(), want) {
				t.Errorf("no %s among %v", want, r.Types())
			}
		}
		r.Got = nil
		send(w, source)
		if got := r.Types(); len(got) != 26 {
			t.Errorf("%v", got)
		}
		started := r.Got[slices.Index(r.Types(), "migration.started")].Data
		if started.Side != "OWN" || started.Facts["Count"] != "25" || started.EventID == "" {
			t.Errorf("%+v", started)
		}
		send(w, source)
		if len(r.Got) != 26 {
			t.Error("what was delivered is sent again")
		}
	})
}

// TestEventsOfACustomerKeepTheirOrder has the receiver refuse one customer for a while.
func TestEventsOfACustomerKeepTheirOrder(t *testing.T) {
	each(t, func(t *testing.T, w *apptest.World) {
		r, wall := listen(t, w)
		ids := w.AddCustomers(w.A, 3, nil)
		hook := subscribe(r, w, w.A, "customer.renamed")
		bad := true
		seen := map[string]int{}
		r.Answer = func(m hooktest.Message) int {
			seen[m.ID]++
			if bad && m.Data.CustomerID == ids[1] {
				return hooktest.Broken
			}
			return hooktest.OK
		}
		for n := range 5 {
			for _, id := range ids {
				happens(w, w.A, id, n)
			}
		}
		send(w, hook)
		if len(r.Got) != 10 || len(seen) != 11 {
			t.Fatalf("%d arrived, %d were tried", len(r.Got), len(seen))
		}
		send(w, hook)
		if len(seen) != 11 {
			t.Error("one is tried before its time")
		}
		ahead(wall, 6*time.Second)
		send(w, hook)
		list, _, err := w.WebhookMessages(t.Context(), apptest.Admin(w.A), hook.ID, app.WebhookQuery{State: store.MessageWaiting}, 50)
		w.Must(err)
		first := list[len(list)-1]
		if len(list) != 5 || first.Tries != 2 || first.LastCode != 500 || !first.NextAt.Equal(wall.Now().Add(5*time.Minute)) || seen[first.ID] != 2 {
			t.Errorf("%d wait, the first: %+v", len(list), first)
		}
		bad = false
		ahead(wall, 5*time.Minute+time.Second)
		send(w, hook)
		order := map[string][]string{}
		for _, m := range r.Got {
			order[m.Data.CustomerID] = append(order[m.Data.CustomerID], m.ID)
		}
		for id, got := range order {
			want := w.Texts(`SELECT id FROM webhook_messages WHERE customer_id = '` + id + `' ORDER BY id`)
			if !slices.Equal(got, want) || len(got) != 5 {
				t.Errorf("%s: %v, want %v", id, got, want)
			}
		}
		m, tries, err := w.WebhookMessage(t.Context(), apptest.Admin(w.A), hook.ID, first.ID)
		w.Must(err)
		if m.State != store.MessageDelivered || m.Attempts != 3 || len(tries) != 3 || tries[0].Code != 200 || tries[2].Problem != "HTTP 500 Internal Server Error" {
			t.Errorf("%+v %+v", m, tries)
		}
	})
}

// TestWhatNeverArrivesIsGivenUp after three days, and what comes behind it is sent then. It can be sent again.
func TestWhatNeverArrivesIsGivenUp(t *testing.T) {
	once(t, func(t *testing.T, w *apptest.World) {
		r, wall := listen(t, w)
		id := w.AddCustomers(w.A, 1, nil)[0]
		hook := subscribe(r, w, w.A, "customer.renamed")
		happens(w, w.A, id, 1)
		happens(w, w.A, id, 2)
		all := func(q app.WebhookQuery) []app.WebhookMessage {
			list, _, err := w.WebhookMessages(t.Context(), apptest.Admin(w.A), hook.ID, q, 50)
			w.Must(err)
			return list
		}
		first := all(app.WebhookQuery{})[1].ID
		r.Answer = func(m hooktest.Message) int {
			if m.ID == first {
				return hooktest.Broken
			}
			return hooktest.OK
		}
		begun := wall.Now()
		for range 9 {
			send(w, hook)
			next := all(app.WebhookQuery{State: store.MessageWaiting})
			if len(next) != 2 {
				t.Fatalf("%d wait", len(next))
			}
			ahead(wall, next[1].NextAt.Sub(wall.Now()))
		}
		if took := wall.Now().Sub(begun); took < 3*24*time.Hour || took > 4*24*time.Hour {
			t.Errorf("it was tried for %s", took)
		}
		send(w, hook)
		failed := all(app.WebhookQuery{State: store.MessageFailed})
		if len(failed) != 1 || failed[0].Attempts != 10 || len(r.Got) != 1 || r.Got[0].ID == first {
			t.Fatalf("%+v, arrived: %+v", failed, r.Got)
		}
		r.Answer = func(hooktest.Message) int { return hooktest.OK }
		_, err := w.ReplayFailedMessages(t.Context(), apptest.Admin(w.A), hook.ID, wall.Now())
		wantFault(t, err, "webhook.none_failed")
		n, err := w.ReplayFailedMessages(t.Context(), apptest.Admin(w.A), hook.ID, begun)
		w.Must(err)
		send(w, hook)
		w.Must(w.ReplayWebhookMessage(t.Context(), apptest.Admin(w.A), hook.ID, first))
		send(w, hook)
		if n != 1 || len(r.Got) != 3 || r.Got[1].ID != first || r.Got[2].ID != first {
			t.Errorf("%d, arrived: %+v", n, r.Got)
		}
		if m, tries, err := w.WebhookMessage(t.Context(), apptest.Admin(w.A), hook.ID, first); err != nil || m.Attempts != 12 || len(tries) != 12 {
			t.Errorf("%+v, %d, %v", m, len(tries), err)
		}
		ahead(wall, 31*24*time.Hour)
		w.Must(w.SweepEnded(t.Context()))
		if left := w.Texts(`SELECT id FROM webhook_messages UNION ALL SELECT message_id FROM webhook_attempts`); len(left) != 0 {
			t.Errorf("after a month there are still %v", left)
		}
	})
}

func TestAWebhookThatNothingReachesIsDisabled(t *testing.T) {
	once(t, func(t *testing.T, w *apptest.World) {
		r, wall := listen(t, w)
		id := w.AddCustomers(w.A, 1, nil)[0]
		hook := subscribe(r, w, w.A, "customer.renamed")
		disabled := func(want console.WebhookReason) {
			t.Helper()
			got, err := w.Webhook(t.Context(), apptest.Admin(w.A), hook.ID)
			w.Must(err)
			if got.Reason != want {
				t.Fatalf("it is %s %q, want %q", got.State, got.Reason, want)
			}
		}
		enable := func() {
			_, err := w.ChangeWebhook(t.Context(), apptest.Admin(w.A), hook.ID, 0, app.WebhookFields{URL: r.URL, Types: hook.Types})
			w.Must(err)
		}
		r.Answer = func(hooktest.Message) int { return hooktest.Unavailable }
		for day := range 6 {
			disabled("")
			happens(w, w.A, id, day)
			send(w, hook)
			ahead(wall, 24*time.Hour)
		}
		disabled(console.WebhookFailing)
		notices, _, err := w.Notices(t.Context(), apptest.Admin(w.A), app.NoticeQuery{}, 50)
		w.Must(err)
		if !slices.ContainsFunc(notices, func(n app.Notice) bool { return n.Kind == "webhook.disabled" && n.Data["URL"] == r.URL }) {
			t.Errorf("nobody is told: %+v", notices)
		}
		wantFault(t, w.ReplayWebhookMessage(t.Context(), apptest.Admin(w.A), hook.ID, "x"), "webhook.disabled")
		happens(w, w.A, id, 99)
		if left := w.Texts(`SELECT state FROM webhook_messages WHERE state <> 'FAILED'`); len(left) != 0 {
			t.Errorf("a disabled webhook is to get %d messages", len(left))
		}
		enable()
		disabled("")
		r.Answer = func(hooktest.Message) int { return hooktest.Gone }
		happens(w, w.A, id, 100)
		send(w, hook)
		disabled(console.WebhookGone)
	})
}

// TestOneAtATimeSendsToAWebhook, also after a process has died with messages under way.
func TestOneAtATimeSendsToAWebhook(t *testing.T) {
	once(t, func(t *testing.T, w *apptest.World) {
		r, wall := listen(t, w)
		id := w.AddCustomers(w.A, 1, nil)[0]
		hook := subscribe(r, w, w.A, "customer.renamed")
		happens(w, w.A, id, 1)
		happens(w, w.A, id, 2)
		dying, die := context.WithCancel(t.Context())
		r.Answer = func(hooktest.Message) int {
			die()
			return hooktest.OK
		}
		job := app.WebhookJob{ConsoleID: hook.ConsoleID, WebhookID: hook.ID}
		if err := w.RunWebhook(dying, job); !errors.Is(err, context.Canceled) {
			t.Fatal(err)
		}
		for _, j := range w.Jobs(store.KindWebhook) {
			w.DropJob(j)
		}
		send(w, hook)
		if len(r.Got) != 1 || len(w.Jobs(store.KindWebhook)) != 1 {
			t.Errorf("%d arrived while another may send, %d jobs", len(r.Got), len(w.Jobs(store.KindWebhook)))
		}
		for _, j := range w.Jobs(store.KindWebhook) {
			w.DropJob(j)
		}
		w.Must(w.RunDue(t.Context()))
		send(w, hook)
		if len(r.Got) != 1 {
			t.Error("what is due is sent although another may send")
		}
		ahead(wall, time.Minute)
		w.Must(w.RunDue(t.Context()))
		w.RunJobs(store.KindWebhook)
		if got := r.Types(); len(got) != 3 || r.Got[0].ID != r.Got[1].ID || r.Got[1].ID >= r.Got[2].ID {
			t.Errorf("%+v", r.Got)
		}
	})
}

func TestAWholeRoundThatFailsRests(t *testing.T) {
	once(t, func(t *testing.T, w *apptest.World) {
		r, wall := listen(t, w)
		ids := w.AddCustomers(w.A, 40, nil)
		hook := subscribe(r, w, w.A, "customer.renamed")
		tried := 0
		r.Answer = func(hooktest.Message) int {
			tried++
			return hooktest.BadGateway
		}
		for _, id := range ids {
			happens(w, w.A, id, 1)
		}
		send(w, hook)
		send(w, hook)
		if tried != 16 {
			t.Errorf("%d were tried", tried)
		}
		r.Answer = func(hooktest.Message) int { return hooktest.OK }
		ahead(wall, 6*time.Minute)
		send(w, hook)
		if len(r.Got) != 40 {
			t.Errorf("%d arrived", len(r.Got))
		}
	})
}

func TestASecretIsRotated(t *testing.T) {
	each(t, func(t *testing.T, w *apptest.World) {
		r, wall := listen(t, w)
		hook := subscribe(r, w, w.A, "customer.created")
		second, changed, err := w.RotateWebhookSecret(t.Context(), apptest.Admin(w.A), hook.ID)
		w.Must(err)
		if !strings.HasPrefix(second, "whsec_") || second == r.Secrets[0] || !changed.OldUntil.Equal(wall.Now().Add(24*time.Hour)) {
			t.Errorf("%s %+v", second, changed)
		}
		r.Secrets = append(r.Secrets, second)
		test := func() hooktest.Message {
			id, err := w.TestWebhook(t.Context(), apptest.Admin(w.A), hook.ID)
			w.Must(err)
			send(w, hook)
			last := r.Got[len(r.Got)-1]
			if last.ID != id || last.Type != console.WebhookTest {
				t.Errorf("%+v", last)
			}
			return last
		}
		if m := test(); m.Signed != 2 {
			t.Errorf("%d secrets sign", m.Signed)
		}
		ahead(wall, 25*time.Hour)
		if m := test(); m.Signed != 1 {
			t.Errorf("%d secrets sign a day later", m.Signed)
		}
		w.Must(w.RemoveWebhook(t.Context(), apptest.Admin(w.A), hook.ID))
		send(w, hook)
		_, err = w.Webhook(t.Context(), apptest.Admin(w.A), hook.ID)
		wantFault(t, err, "webhook.not_found")
		if kept := w.Texts(`SELECT secret || old_secret FROM webhooks`); kept[0] != "" {
			t.Error("the secrets of a removed webhook are kept")
		}
	})
}

func TestWhoManagesWebhooks(t *testing.T) {
	once(t, func(t *testing.T, w *apptest.World) {
		ctx, admin := t.Context(), apptest.Admin(w.A)
		made := func(f app.WebhookFields) error {
			_, _, err := w.MakeWebhook(ctx, admin, f)
			return err
		}
		for _, url := range []string{"", "x", "ftp://a.example/", "http://a.example/", "https://u:p@a.example/", "https://a.example/#x", "https://", "https://a.example/" + strings.Repeat("x", 2000)} {
			wantFault(t, made(app.WebhookFields{URL: url}), "webhook.invalid")
		}
		wantFault(t, made(app.WebhookFields{URL: "https://a.example/", Types: []string{"customer.created", "no.such"}}), "webhook.invalid")
		wantFault(t, made(app.WebhookFields{URL: "https://a.example/", Description: strings.Repeat("x", 201)}), "webhook.invalid")
		w.Config.Sandbox = false
		wantFault(t, made(app.WebhookFields{URL: "http://localhost/"}), "webhook.invalid")
		for n := range console.MostWebhooks {
			w.Must(made(app.WebhookFields{URL: fmt.Sprintf("https://a.example/%d", n), Types: []string{"order.placed", "customer.created", "order.placed"}}))
		}
		wantFault(t, made(app.WebhookFields{URL: "https://a.example/"}), "webhook.too_many")
		list, err := w.Webhooks(ctx, admin)
		w.Must(err)
		if len(list) != console.MostWebhooks || !slices.Equal(list[0].Types, []string{"customer.created", "order.placed"}) {
			t.Errorf("%+v", list)
		}
		id := list[0].ID
		_, err = w.ChangeWebhook(ctx, admin, id, 1, app.WebhookFields{URL: "https://b.example/"})
		w.Must(err)
		_, err = w.ChangeWebhook(ctx, admin, id, 1, app.WebhookFields{URL: "https://c.example/"})
		wantFault(t, err, "changed_meanwhile")
		for _, c := range []struct {
			actor console.Actor
			fault string
		}{{apptest.Admin(w.B), "webhook.not_found"}, {apptest.As(w.A, console.RoleResellerAdmin), "forbidden"}} {
			_, err := w.ChangeWebhook(ctx, c.actor, id, 0, app.WebhookFields{URL: "https://b.example/"})
			wantFault(t, err, c.fault)
			_, _, err = w.RotateWebhookSecret(ctx, c.actor, id)
			wantFault(t, err, c.fault)
			_, err = w.TestWebhook(ctx, c.actor, id)
			wantFault(t, err, c.fault)
			_, _, err = w.WebhookMessages(ctx, c.actor, id, app.WebhookQuery{}, 1)
			wantFault(t, err, c.fault)
			_, _, err = w.WebhookMessage(ctx, c.actor, id, "x")
			wantFault(t, err, c.fault)
			wantFault(t, w.RemoveWebhook(ctx, c.actor, id), c.fault)
		}
		_, err = w.Webhooks(ctx, apptest.As(w.A, console.RoleResellerAdmin))
		wantFault(t, err, "forbidden")
	})
}

// webhookActs are the use cases of webhooks.
func webhookActs() map[string]act {
	of := func(do func(ctx context.Context, w *apptest.World, id, message string) error) act {
		return func(w *apptest.World) func() error {
			_, made, err := w.MakeWebhook(w.T.Context(), apptest.Admin(w.A), app.WebhookFields{URL: "https://a.example/"})
			w.Must(err)
			message, err := w.TestWebhook(w.T.Context(), apptest.Admin(w.A), made.ID)
			w.Must(err)
			w.Exec(`UPDATE webhook_messages SET state = 'FAILED', settled_at = 1`)
			return func() error { return do(w.T.Context(), w, made.ID, message) }
		}
	}
	return map[string]act{
		"MakeWebhook": plain(func(ctx context.Context, w *apptest.World, _ console.Actor) error {
			_, _, err := w.MakeWebhook(ctx, apptest.Admin(w.A), app.WebhookFields{URL: "https://a.example/"})
			return err
		}),
		"ChangeWebhook": of(func(ctx context.Context, w *apptest.World, id, _ string) error {
			_, err := w.ChangeWebhook(ctx, apptest.Admin(w.A), id, 0, app.WebhookFields{URL: "https://b.example/"})
			return err
		}),
		"RemoveWebhook": of(func(ctx context.Context, w *apptest.World, id, _ string) error {
			return w.RemoveWebhook(ctx, apptest.Admin(w.A), id)
		}),
		"RotateWebhookSecret": of(func(ctx context.Context, w *apptest.World, id, _ string) error {
			_, _, err := w.RotateWebhookSecret(ctx, apptest.Admin(w.A), id)
			return err
		}),
		"TestWebhook": of(func(ctx context.Context, w *apptest.World, id, _ string) error {
			_, err := w.TestWebhook(ctx, apptest.Admin(w.A), id)
			return err
		}),
		"ReplayWebhookMessage": of(func(ctx context.Context, w *apptest.World, id, message string) error {
			return w.ReplayWebhookMessage(ctx, apptest.Admin(w.A), id, message)
		}),
		"ReplayFailedMessages": of(func(ctx context.Context, w *apptest.World, id, _ string) error {
			_, err := w.ReplayFailedMessages(ctx, apptest.Admin(w.A), id, time.Time{})
			return err
		}),
	}
}
