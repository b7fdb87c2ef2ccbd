package web_test

import (
	"bytes"
	"fmt"
	"mime/multipart"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"psc/internal/app"
	"psc/internal/apptest"
	"psc/internal/billing"
	"psc/internal/catalog"
	"psc/internal/console"
	"psc/internal/customer"
	"psc/internal/migration"
	"psc/internal/store"
)

// lastRun is the newest run of the connection.
func (s *site) lastRun(connectionID string) (op store.Operation) {
	s.T.Helper()
	s.Read(func(tx *store.Tx) error {
		list, err := tx.OperationsOf(s.T.Context(), s.A.ID, s.B.ID, connectionID, 1)
		if err == nil && len(list) == 0 {
			err = store.ErrNone
		}
		if err == nil {
			op = list[0]
		}
		return err
	})
	return op
}

func TestTheMainJobByForms(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	s.AddCustomers(s.B, 60, nil)
	c := s.Accept(s.A, s.B)
	main, source := s.sides()

	source.get(at(s.B, "/migrations")).shows("Migrations can start", "in 6 days")
	s.Clock.Advance(s.Clock.Ahead() + s.Config.Terms.Waiting)
	list := source.get(at(s.B, "/migrations")).want(http.StatusOK)
	list.shows("Ready to migrate 60", "Customer 000001", "Select all 60 customers of this list", "50 of 60")
	question := source.submit(list, "Start migration for selected items", url.Values{"scope": {"all"}}).want(http.StatusOK)
	question.shows("Start the migration of 60 customers?", "Entity One", "60 subscriptions")
	source.follow(source.submit(question, "Start migration", nil)).shows("60 migrations started", "Started, waiting for the main console")
	source.submit(question, "Start migration", nil).want(http.StatusConflict).shows("nothing was started")

	waiting := main.get(at(s.A, "/migrations")).want(http.StatusOK).shows("Waiting for completion 60", "Complete migration")
	choices := main.submit(waiting, "Migrate selected items", url.Values{"scope": {"all"}}).want(http.StatusOK)
	choices.shows("Customers 60", "Subscriptions 60", "JPY · Entity One", "Customer 000001", "Customer 000020").lacks("Customer 000021")
	second := main.follow(main.submit(choices, "Next customers", nil)).shows("Customer 000021")
	choices = main.follow(main.submit(second, "Previous page", nil)).shows("Customer 000001")
	main.get(second.path()).shows("Customer 000021") // a page of its own: reloaded, or come back to
	run := main.follow(main.submit(choices, "Select & continue", nil))
	run.shows("Migrating customers", "Running", "0 of 60 done", "You may leave this page")
	main.submit(choices, "Select & continue", nil).want(http.StatusConflict).shows("nothing was migrated")

	s.Finish(s.lastRun(c.ID))
	runPath := at(s.A, "/migrations/"+c.ID+"/runs/"+s.lastRun(c.ID).ID)
	main.get(runPath).shows("60 of 60 done", "The run is finished", "Asia/Tokyo", "Oct 8, 2026")
	main.get(at(s.A, "/migrations")).shows("Migrated 60")
	source.get(at(s.B, "/migrations?tab=done")).shows("Customer 000001", "Oct 8, 2026")
}

func TestOneCustomerByItsButton(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	s.AddCustomers(s.B, 2, nil)
	c := s.Connect(s.A, s.B)
	main, source := s.sides()
	question := source.open(source.get(at(s.B, "/migrations")), "Start migration : Customer 000002").want(http.StatusOK)
	started := source.follow(source.submit(question, "Start migration", nil)).shows("1 migration started")

	cancel := source.open(started, "Cancel migration").want(http.StatusOK).shows("Cancel 1 migration?")
	source.follow(source.submit(cancel, "Confirm cancellation", nil)).shows("1 migration cancelled", "Ready to migrate 2")
	source.submit(cancel, "Confirm cancellation", nil).want(http.StatusConflict)

	source.submit(question, "Start migration", nil).want(http.StatusSeeOther)
	choices := main.open(main.get(at(s.A, "/migrations")), "Complete migration").want(http.StatusOK).shows("Customers 1")
	main.follow(main.submit(choices, "Select & continue", nil))
	s.Finish(s.lastRun(c.ID))
	main.get(at(s.A, "/migrations?tab=done")).shows("Customer 000002").lacks("Customer 000001")
	// The list of done migrations leads to the customer.
	if !strings.Contains(main.get(at(s.A, "/migrations?tab=done")).Body, at(s.A, "/customers/cus_000002")) {
		t.Error("no link to the customer")
	}
}

func TestWhoIsNotReadyIsReportedWithItsReason(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	ids := s.AddCustomers(s.B, 3, func(i int, c *customer.Customer, sub *customer.Subscription) {
		switch i {
		case 1:
			sub.SKUID, sub.Group = apptest.Cloud, catalog.GoogleCloud
		case 2:
			sub.Currency, sub.BillingAccountID = "EUR", apptest.Account(s.B, "JPY", "le_1")
		}
	})
	c := s.Connect(s.A, s.B)
	_, source := s.sides()
	list := source.get(at(s.B, "/migrations?tab=not_ready"))
	list.shows("Not ready to migrate 2", "Has Google Cloud", "No billing account in the currency")
	source.get(at(s.B, "/migrations?tab=not_ready&reason=HAS_GOOGLE_CLOUD")).shows("Customer 000002").lacks("Customer 000003")
	source.get(at(s.B, "/migrations?tab=not_ready&reason="+url.QueryEscape("X} <> 0 OR 1 = 1 --"))).want(http.StatusOK).shows("Nothing matches")
	source.get(at(s.B, "/migrations?tab=not_ready&q=000003")).shows("Customer 000003", "1 of 1").lacks("Customer 000002")

	detail := source.open(list, "Customer 000003").want(http.StatusOK)
	detail.shows("The main console has no Google Workspace billing account in EUR", "The main console can clear it.", "Ask the main console")
	for range 2 { // twice on one day is told once
		source.follow(source.submit(detail, "Ask the main console", nil)).shows("The main console has been asked.")
	}
	s.Read(func(tx *store.Tx) error {
		told := 0
		notices, err := tx.Notices(t.Context(), s.A.ID, "per_x", []console.Privilege{console.Billing}, store.NoticeQuery{}, 50)
		for _, n := range notices {
			if n.Kind == "migration.asked.NO_BILLING_ACCOUNT_IN_CURRENCY" {
				told++
				if text := fmt.Sprint(n.Data); strings.Contains(text, "Customer") || strings.Contains(text, ids[2]) {
					t.Errorf("the notice names the customer: %s", text)
				}
			}
		}
		if told != 1 {
			t.Errorf("told %d times", told)
		}
		return err
	})

	all := url.Values{"id": ids}
	question := source.get(at(s.B, "/migrations/"+c.ID+"/start?"+all.Encode())).want(http.StatusOK)
	question.shows("Start the migration of 1 customer?", "2 selected customers are not ready and are left out.")
	source.follow(source.submit(question, "Start migration", nil)).
		shows("1 migration started", "2 customers could not be started.", "Customer 000002", "Has Google Cloud", "Customer 000003")
	// Another connection's address knows nothing of it.
	other := at(s.B, "/migrations/con_other/started")
	if to := source.get(other).want(http.StatusSeeOther).Header.Get("Location"); !strings.Contains(to, "con_other&tab=started") {
		t.Errorf("%s leads to %s", other, to)
	}
}

func TestEveryReasonIsSaidOnPages(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	c := s.Accept(s.A, s.B)
	_, source := s.sides()
	source.get(at(s.B, "/migrations?tab=not_ready")).want(http.StatusOK)
	for _, code := range app.AskedCodes() {
		form := url.Values{"code": {string(code)}, "currency": {"EUR"}, "group": {"GOOGLE_WORKSPACE"}, "sku": {apptest.Seats}}
		source.follow(source.post(at(s.B, "/migrations/"+c.ID+"/ask"), form))
	}
	for _, code := range []migration.Code{migration.OpenOrder, migration.WaitingPeriod, "", "NONSENSE"} {
		source.post(at(s.B, "/migrations/"+c.ID+"/ask"), url.Values{"code": {string(code)}}).want(http.StatusUnprocessableEntity)
	}
	source.post(at(s.B, "/migrations/"+c.ID+"/ask"), url.Values{"code": {"AGREEMENT_NOT_SIGNED"}, "currency": {"XXX"}}).
		want(http.StatusUnprocessableEntity)
}

func TestRolesOnMigrations(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	s.AddCustomers(s.B, 2, nil)
	c := s.Connect(s.A, s.B)
	_, err := s.StartMigrations(t.Context(), apptest.Admin(s.B), c.ID, store.Scope{IDs: []string{"cus_000001"}})
	s.Must(err)
	everything := url.Values{"scope": {"all"}, "confirmed": {"1"}, "do": {"continue"}}
	for _, role := range []console.Role{console.RoleBilling, console.RoleViewer} {
		for _, at2 := range []console.Console{s.A, s.B} {
			b := s.as(s.person(string(role)+at2.Name[8:], at2, role))
			for _, tab := range app.MigrationTabs(c.SideOf(at2.ID)) {
				page := b.get(at(at2, "/migrations?tab="+string(tab))).want(http.StatusOK)
				for _, button := range []string{"Start migration", "Cancel migration", "Complete migration", "Migrate selected", "Check again", "View details"} {
					if page.has(button) {
						t.Errorf("%s sees %q on %s", role, button, tab)
					}
				}
			}
			for _, verb := range []string{"start", "cancel", "complete", "check", "ask"} {
				b.post(at(at2, "/migrations/"+c.ID+"/"+verb), everything).want(http.StatusForbidden)
			}
		}
	}
	// Each side does its own part only, and a third console learns of nothing.
	main, source := s.sides()
	source.post(at(s.B, "/migrations/"+c.ID+"/complete"), everything).want(http.StatusConflict)
	main.post(at(s.A, "/migrations/"+c.ID+"/start"), everything).want(http.StatusConflict)
	main.post(at(s.A, "/migrations/"+c.ID+"/cancel"), everything).want(http.StatusConflict)
	main.get(at(s.A, "/migrations?connection="+c.ID+"&tab=ready")).want(http.StatusNotFound)
	main.get(at(s.A, "/migrations/"+c.ID+"/customers/cus_000002")).want(http.StatusNotFound)
	main.get(at(s.A, "/migrations/"+c.ID+"/customers/cus_000001")).want(http.StatusOK).shows("Customer 000001")
	third := s.as(s.person("chi", s.C, console.RoleSuperAdmin))
	for _, path := range []string{"?connection=" + c.ID, "/" + c.ID + "/customers/cus_000001", "/" + c.ID + "/start?scope=all"} {
		third.get(at(s.C, "/migrations"+path)).want(http.StatusNotFound).lacks("Customer 0000")
	}
	for _, verb := range []string{"start", "cancel", "complete", "check", "ask"} {
		form := url.Values{"scope": {"all"}, "confirmed": {"1"}, "code": {"ALREADY_CUSTOMER_OF_MAIN"}}
		third.post(at(s.C, "/migrations/"+c.ID+"/"+verb), form).want(http.StatusNotFound)
	}
	for _, bad := range []url.Values{{}, {"id": make([]string, 201)}} {
		source.post(at(s.B, "/migrations/"+c.ID+"/start"), bad).want(http.StatusUnprocessableEntity)
	}
}

// TestDetailsAreLookedAtWithoutWriting shows what is found now, and keeps it only when it is asked to check again.
func TestDetailsAreLookedAtWithoutWriting(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	s.AddCustomers(s.B, 2, nil)
	c := s.Connect(s.A, s.B)
	s.Exec(`UPDATE customers SET tos_accepted_at = 0 WHERE id = 'cus_000001'`) // nobody was told
	_, source := s.sides()
	kept := func() []string { return s.Texts(`SELECT CAST(blockers AS text) FROM customers ORDER BY id`) }
	details := source.get(at(s.B, "/migrations/"+c.ID+"/customers/cus_000001")).shows("Not ready to migrate", "terms of service")
	if got := kept(); got[0] != "0" {
		t.Errorf("looking wrote %v", got)
	}
	source.follow(source.submit(details, "Check this customer again", nil)).shows("evaluated again", "Not ready to migrate")
	if got := kept(); got[0] == "0" || got[1] != "0" {
		t.Errorf("checking kept %v", got)
	}
}

func TestWhoSelectsNobodyIsToldOnTheList(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	s.AddCustomers(s.B, 4, nil)
	c := s.Connect(s.A, s.B)
	_, err := s.StartMigrations(t.Context(), apptest.Admin(s.B), c.ID, store.Scope{IDs: []string{"cus_000001", "cus_000002"}})
	s.Must(err)
	main, source := s.sides()
	for _, q := range []struct {
		who          *browser
		page, button string
	}{
		{source, at(s.B, "/migrations?tab=ready&q=Customer"), "Start migration for selected items"},
		{source, at(s.B, "/migrations?tab=started&q=Customer"), "Cancel selected migrations"},
		{main, at(s.A, "/migrations?tab=started&q=Customer"), "Migrate selected items"},
	} {
		list := q.who.get(q.page).shows("Select all 2 customers") // also where one page holds them all
		q.who.follow(q.who.submit(list, q.button, nil)).shows("No customer is selected", "Select at least one", "Customer 00000")
	}
}

// token is what the checkbox confirms: the changes that the page shows.
func token(r response) string {
	r.t.Helper()
	found := regexp.MustCompile(`type="checkbox" value="([0-9a-f]{16})"`).FindStringSubmatch(r.Body)
	if found == nil {
		r.t.Fatalf("nothing to confirm on %s", r.path())
	}
	return found[1]
}

func TestALegalEntityChangesOnlyWhenConfirmed(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	s.AddCustomers(s.B, 2, nil)
	c := s.Connect(s.A, s.B)
	_, err := s.StartMigrations(t.Context(), apptest.Admin(s.B), c.ID, store.Scope{All: true})
	s.Must(err)
	main, _ := s.sides()
	choices := main.get(at(s.A, "/migrations/"+c.ID+"/complete?scope=all&q=")).want(http.StatusOK).lacks("Legal entity changes")
	other := url.Values{"group:JPY:GOOGLE_WORKSPACE:le_1": {apptest.Account(s.A, "JPY", "le_2")}}
	choices = main.follow(main.submit(choices, "Update", other))
	main.get(at(s.A, "/migrations/"+c.ID+"/complete?id=cus_none")).want(http.StatusConflict) // another scope: nothing of this
	main.get(choices.path()).shows("Legal entity changes: Entity One → Entity Two")
	choices.shows("Legal entity changes: Entity One → Entity Two", "The legal entity changes for 2 subscriptions")
	refused := main.submit(choices, "Select & continue", nil).want(http.StatusConflict).shows("this has not been confirmed")
	main.follow(main.submit(refused, "Select & continue", url.Values{"entities": {token(refused)}}))
	if op := s.Finish(s.lastRun(c.ID)); op.Done != 2 {
		t.Errorf("run = %+v", op)
	}
}

func TestASubscriptionsOwnAccountIsKeptOverPages(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	s.AddCustomers(s.B, 30, nil)
	c := s.Connect(s.A, s.B)
	_, err := s.StartMigrations(t.Context(), apptest.Admin(s.B), c.ID, store.Scope{All: true})
	s.Must(err)
	main, _ := s.sides()
	choices := main.get(at(s.A, "/migrations/"+c.ID+"/complete?scope=all&q="))
	own := apptest.Account(s.A, "JPY", "le_2")
	choices = main.follow(main.submit(choices, "Next customers", url.Values{"own:sub_000001": {own}}))
	main.get(at(s.A, "/migrations/"+c.ID+"/complete?scope=all&q=")).shows("Legal entity changes").lacks("Previous page")
	main.follow(main.submit(choices, "Select & continue", url.Values{"entities": {token(choices)}}))
	s.Finish(s.lastRun(c.ID))
	s.Read(func(tx *store.Tx) error {
		for id, want := range map[string]string{"cus_000001": own, "cus_000002": apptest.Account(s.A, "JPY", "le_1")} {
			subs, err := tx.Subscriptions(t.Context(), s.A.ID, id)
			if err != nil {
				return err
			}
			if len(subs) != 1 || subs[0].BillingAccountID != want {
				t.Errorf("%s: %+v, want %s", id, subs, want)
			}
		}
		return nil
	})
}

func TestAccountsOfOthersAreRefused(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	s.AddCustomers(s.B, 1, nil)
	c := s.Connect(s.A, s.B)
	_, err := s.StartMigrations(t.Context(), apptest.Admin(s.B), c.ID, store.Scope{All: true})
	s.Must(err)
	main, _ := s.sides()
	choices := main.get(at(s.A, "/migrations/"+c.ID+"/complete?scope=all&q="))
	for _, account := range []string{apptest.Account(s.B, "JPY", "le_1"), apptest.Account(s.A, "USD", "le_1"), "ba_none", ""} {
		main.submit(choices, "Select & continue", url.Values{"group:JPY:GOOGLE_WORKSPACE:le_1": {account}}).
			want(http.StatusUnprocessableEntity).shows("nothing was migrated", "This subscription of Customer 000001")
	}
}

func TestAMissingAccountIsRequestedOrMade(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	s.AddCustomers(s.B, 1, func(_ int, _ *customer.Customer, sub *customer.Subscription) {
		sub.Currency, sub.BillingAccountID = "USD", apptest.Account(s.B, "USD", "le_1")
	})
	c := s.Connect(s.A, s.B)
	_, err := s.StartMigrations(t.Context(), apptest.Admin(s.B), c.ID, store.Scope{All: true})
	s.Must(err)
	s.Update(func(tx *store.Tx) error {
		for _, entity := range []string{"le_1", "le_2"} {
			account := billing.Account{ConsoleID: s.A.ID, ID: apptest.Account(s.A, "USD", entity), State: billing.AccountProbation}
			if _, err := tx.SetBillingAccountState(t.Context(), account, billing.AccountActive); err != nil {
				return err
			}
		}
		return nil
	})
	path := at(s.A, "/migrations/"+c.ID+"/complete?scope=all&q=")
	main, _ := s.sides()
	if page := main.get(path).shows("No active billing account in USD"); !page.has("New Google Workspace billing account") {
		t.Error("no way to a new account")
	}
	indirect := s.as(s.person("ida", s.A, console.RoleIndirectResellerAdmin))
	indirect.follow(indirect.submit(indirect.get(path), "Request a billing account", nil)).shows("has been sent")
}

func TestRunsArePausedAndResumed(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	s.AddCustomers(s.B, 25, nil)
	c := s.Connect(s.A, s.B)
	_, err := s.StartMigrations(t.Context(), apptest.Admin(s.B), c.ID, store.Scope{All: true})
	s.Must(err)
	main, source := s.sides()
	choices := main.get(at(s.A, "/migrations/"+c.ID+"/complete?scope=all&q="))
	run := main.follow(main.submit(choices, "Select & continue", nil))
	op := s.lastRun(c.ID)
	source.get(at(s.B, "/unification/"+c.ID+"/close")).shows("25 customers are being migrated", "ask the main console")
	main.get(at(s.A, "/unification/"+c.ID+"/close")).shows("25 customers are being migrated", "Stop the run and close")
	source.post(at(s.B, "/unification/"+c.ID+"/close"), nil).want(http.StatusConflict).shows("25 customers are being migrated")

	s.Must(s.RunMoveChunk(t.Context(), app.MoveChunkJob{ConsoleID: s.A.ID, OperationID: op.ID, Seq: 1}))
	paused := main.follow(main.submit(run, "Pause", nil)).shows("Paused", "10 of 25 done", "The run is paused")
	main.follow(main.submit(run, "Pause", nil)).shows("nothing left to pause", "The run is paused")
	for _, b := range []*browser{source} {
		if b.get(at(s.B, "/migrations/"+c.ID+"/runs/"+op.ID)).want(http.StatusOK).has("Resume") {
			t.Error("the source sees the button to resume")
		}
		b.post(at(s.B, "/migrations/"+c.ID+"/runs/"+op.ID+"/resume"), nil).want(http.StatusNotFound)
	}
	main.follow(main.submit(paused, "Resume", nil)).shows("Running")
	if op = s.Finish(op); op.Done != 25 {
		t.Errorf("run = %+v", op)
	}
	third := s.as(s.person("chi", s.C, console.RoleSuperAdmin))
	third.get(at(s.C, "/migrations/"+c.ID+"/runs/"+op.ID)).want(http.StatusNotFound)
}

// upload sends a file of choices for everything that has started.
func (b *browser) upload(path, file string) response {
	b.site.T.Helper()
	var body bytes.Buffer
	w := multipart.NewWriter(&body)
	b.site.Must(w.WriteField("scope", "all"))
	part, err := w.CreateFormFile("file", "choices.csv")
	b.site.Must(err)
	_, err = part.Write([]byte(file))
	b.site.Must(err)
	b.site.Must(w.Close())
	return b.do(http.MethodPost, path, w.FormDataContentType(), &body)
}

func TestAccountsAreChosenByFile(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	s.AddCustomers(s.B, 3, func(i int, c *customer.Customer, _ *customer.Subscription) {
		if i == 0 {
			c.Name = "=HYPERLINK(1)"
		}
	})
	c := s.Connect(s.A, s.B)
	_, err := s.StartMigrations(t.Context(), apptest.Admin(s.B), c.ID, store.Scope{All: true})
	s.Must(err)
	main, source := s.sides()
	path := at(s.A, "/migrations/"+c.ID+"/complete")
	choices := main.get(path + "?scope=all&q=")
	one, two := apptest.Account(s.A, "JPY", "le_1"), apptest.Account(s.A, "JPY", "le_2")
	file := main.submit(choices, "Download CSV", nil).want(http.StatusOK)
	if kind := file.Header.Get("Content-Type"); !strings.HasPrefix(kind, "text/csv") {
		t.Errorf("type %s", kind)
	}
	if strings.Contains(file.Body, ",=HYPERLINK") || strings.Count(file.Body, one) != 3 {
		t.Errorf("file:\n%s", file.Body)
	}
	changed := strings.Replace(file.Body, one, two, 1)
	main.follow(main.upload(path+"/upload", changed)).
		shows("The billing accounts of 3 subscriptions have been stored.", "The legal entity changes for 1 subscription", "3 subscriptions have an account that was chosen before.")
	page := main.get(path + "?scope=all&q=").shows("The legal entity changes for 1 subscription")
	main.follow(main.submit(page, "Forget earlier choices", nil)).lacks("The legal entity changes")

	head := "subscription_id,billing_account_id\n"
	bad := head + "sub_none," + one + "\nsub_000001,ba_none\nsub_000001," + apptest.Account(s.A, "USD", "le_1") + "\nsub_000002," + one + "\nsub_000002," + two + "\n"
	main.upload(path+"/upload", bad).want(http.StatusUnprocessableEntity).shows(
		"Line 2: “sub_none” is no subscription", "Line 3: “ba_none” is no active billing account",
		"Line 4: “USD” cannot pay", "Line 6: “sub_000002” stands in the file twice")
	for _, broken := range []string{"", "a,b\n1,2\n", head + "\"sub_000001,x\n", "\x00\xff\xfe"} {
		main.upload(path+"/upload", broken).want(http.StatusUnprocessableEntity).shows("othing was stored")
	}
	main.get(path + "?scope=all&q=").lacks("chosen before")
	source.upload(at(s.B, "/migrations/"+c.ID+"/complete/upload"), head).want(http.StatusConflict)
	viewer := s.as(s.person("vic", s.A, console.RoleViewer))
	viewer.upload(path+"/upload", head).want(http.StatusForbidden)
}

// TestARunThatReturnsMany lists the first, says of how many, and hands out all of them.
func TestARunThatReturnsMany(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	s.AddCustomers(s.B, 203, nil)
	c := s.Connect(s.A, s.B)
	_, err := s.StartMigrations(t.Context(), apptest.Admin(s.B), c.ID, store.Scope{All: true})
	s.Must(err)
	main, source := s.sides()
	main.follow(main.submit(main.get(at(s.A, "/migrations/"+c.ID+"/complete?scope=all&q=")), "Select & continue", nil))
	s.Exec(`UPDATE customers SET tos_accepted_at = 0 WHERE id > 'cus_000001'`)
	op := s.Finish(s.lastRun(c.ID))
	path := "/migrations/" + c.ID + "/runs/" + op.ID
	file := source.open(source.get(at(s.B, path)).shows("The first 200 of 202 customers are listed", "Customer 000201").lacks("Customer 000202"), "Download CSV")
	if n := strings.Count(file.Body, "PENDING_TOS"); n != 202 {
		t.Errorf("the report names %d customers that were returned", n)
	}
	viewer := s.as(s.person("vi", s.A, console.RoleViewer))
	viewer.get(at(s.A, path)).shows("The first 200 of 202").lacks("Download CSV")
	s.Exec(`DELETE FROM operation_returns WHERE customer_id > 'cus_000201'`)
	s.Exec(`UPDATE operations SET returned = 200`)
	main.get(at(s.A, path)).shows("Customer 000201").lacks("The first 200", "Download CSV")
}

func TestWhatCannotMoveComesBackWithItsReason(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	ids := s.AddCustomers(s.B, 3, nil)
	c := s.Connect(s.A, s.B)
	_, err := s.StartMigrations(t.Context(), apptest.Admin(s.B), c.ID, store.Scope{All: true})
	s.Must(err)
	main, source := s.sides()
	main.follow(main.submit(main.get(at(s.A, "/migrations/"+c.ID+"/complete?scope=all&q=")), "Select & continue", nil))
	s.Update(func(tx *store.Tx) error {
		return tx.InsertOrders(t.Context(), []customer.Order{{
			ConsoleID: s.B.ID, ID: "ord_1", CustomerID: ids[1], SubscriptionID: "sub_000002", At: s.Clock.Now(), By: customer.ByReseller,
			ByName: "Somebody", Action: customer.OrderCreated, SKUID: apptest.Seats, State: customer.OrderOpen,
		}})
	})
	op := s.Finish(s.lastRun(c.ID))
	for _, b := range []*browser{main, source} {
		home := s.A
		if b == source {
			home = s.B
		}
		b.get(at(home, "/migrations/"+c.ID+"/runs/"+op.ID)).shows("2 of 3 done", "Could not be migrated", "Customer 000002", "Open order")
		list := b.get(at(home, "/migrations?tab=started")).shows("Could not be migrated", "Open order")
		b.open(list, "Customer 000002").want(http.StatusOK).shows("An order came up in the meantime")
	}
}

func TestCheckAgain(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	s.AddCustomers(s.B, 1, nil)
	s.Connect(s.A, s.B)
	main, source := s.sides()
	source.follow(source.submit(source.get(at(s.B, "/migrations")), "Check again", nil)).shows("are being evaluated again")
	main.follow(main.submit(main.get(at(s.A, "/migrations")), "Check again", nil)).shows("are being evaluated again")
}

// Every page of both sides in Japanese: a missing message panics under test.
func TestTheSamePagesSpeakJapanese(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	s.AddCustomers(s.B, 3, func(i int, _ *customer.Customer, sub *customer.Subscription) {
		if i == 2 {
			sub.SKUID, sub.Group = apptest.Cloud, catalog.GoogleCloud
		}
	})
	c := s.Connect(s.A, s.B)
	_, err := s.StartMigrations(t.Context(), apptest.Admin(s.B), c.ID, store.Scope{IDs: []string{"cus_000001"}})
	s.Must(err)
	main, source := s.sides()
	for home, b := range map[string]*browser{s.A.ID: main, s.B.ID: source} {
		here := s.A
		if home == s.B.ID {
			here = s.B
		}
		b.header.Set("Accept-Language", "ja")
		paths := []string{"/unification", "/unification/" + c.ID, "/unification/" + c.ID + "/close", "/migrations/" + c.ID + "/customers/cus_000001"}
		for _, tab := range app.MigrationTabs(c.SideOf(home)) {
			paths = append(paths, "/migrations?tab="+string(tab), "/migrations?q=x&tab="+string(tab))
		}
		if home == s.A.ID {
			paths = append(paths, "/migrations/"+c.ID+"/complete?scope=all&q=", "/unification/add")
		} else {
			paths = append(paths, "/migrations/"+c.ID+"/start?scope=all", "/migrations/"+c.ID+"/cancel?scope=all", "/migrations/"+c.ID+"/customers/cus_000003")
		}
		for _, path := range paths {
			if page := b.get(at(here, path)).want(http.StatusOK); !strings.Contains(page.Body, `lang="ja"`) {
				t.Errorf("%s is not Japanese", path)
			}
		}
	}
}
