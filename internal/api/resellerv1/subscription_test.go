package resellerv1_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"google.golang.org/api/reseller/v1"

	"psc/internal/app"
	"psc/internal/apptest"
	"psc/internal/catalog"
	"psc/internal/console"
	"psc/internal/customer"
	"psc/internal/money"
	"psc/internal/store"
)

// told is the most important of a subscription.
func told(s *reseller.Subscription) string {
	if s == nil {
		return ""
	}
	out := fmt.Sprint(s.SkuId, " ", s.Plan.PlanName, " ", s.Seats.NumberOfSeats, "/", s.Seats.MaximumNumberOfSeats, "/", s.Seats.LicensedNumberOfSeats, " ", s.Status)
	if len(s.SuspensionReasons) > 0 {
		out += " " + strings.Join(s.SuspensionReasons, ",")
	}
	if s.TrialSettings.IsInTrial {
		out += " trial"
	}
	if s.RenewalSettings != nil {
		out += " " + s.RenewalSettings.RenewalType
	}
	return out
}

// ms is a day's beginning in Tokyo, as the API tells instants.
func ms(year int, month time.Month, day int) int64 {
	return time.Date(year, month, day, 0, 0, 0, 0, time.FixedZone("JST", 9*60*60)).UnixMilli()
}

// TestTheCodelab goes through what an integrator does, in its order, with Google's own client.
func TestTheCodelab(t *testing.T) {
	w := newWorld(t)
	client := w.admin()
	c, s := client.Customers, client.Subscriptions
	var domain, id, tried string
	buy := func(in *reseller.Subscription) (*reseller.Subscription, error) { return s.Insert(domain, in).Do() }
	for _, step := range []struct {
		name string
		do   func() (*reseller.Subscription, error)
		want string // what the subscription is then; or the code and reason of the refusal
	}{
		{"the customer is not there", func() (*reseller.Subscription, error) {
			_, err := c.Get("kitahama.example").Do()
			refused(t, err, 404, "notFound")
			made, err := c.Insert(kitahama()).Do()
			w.Must(err)
			domain = made.CustomerDomain
			return nil, nil
		}, ""},
		{"buy", func() (*reseller.Subscription, error) {
			made, err := buy(&reseller.Subscription{
				SkuId: apptest.Seats, Plan: &reseller.SubscriptionPlan{PlanName: "ANNUAL_MONTHLY_PAY", IsCommitmentPlan: true},
				Seats: &reseller.Seats{NumberOfSeats: 5}, PurchaseOrderId: "PO-1",
				RenewalSettings: &reseller.RenewalSettings{RenewalType: "RENEW_CURRENT_USERS_MONTHLY_PAY"},
			})
			w.Must(err)
			id = made.SubscriptionId
			return made, nil
		}, "sku_seats ANNUAL 5/0/5 ACTIVE AUTO_RENEW_MONTHLY_PAY"},
		{"more seats", func() (*reseller.Subscription, error) {
			return s.ChangeSeats(domain, id, &reseller.Seats{NumberOfSeats: 8}).Do()
		}, "sku_seats ANNUAL 8/0/8 ACTIVE AUTO_RENEW_MONTHLY_PAY"},
		{"fewer, from the renewal on", func() (*reseller.Subscription, error) {
			return s.ChangeSeats(domain, id, &reseller.Seats{NumberOfSeats: 6}).Do()
		}, "sku_seats ANNUAL 8/0/8 ACTIVE AUTO_RENEW_MONTHLY_PAY"},
		{
			"suspend", func() (*reseller.Subscription, error) { return s.Suspend(domain, id).Do() },
			"sku_seats ANNUAL 8/0/8 SUSPENDED RESELLER_INITIATED AUTO_RENEW_MONTHLY_PAY",
		},
		{"suspend again", func() (*reseller.Subscription, error) { return s.Suspend(domain, id).Do() }, "412 conditionNotMet"},
		{
			"activate", func() (*reseller.Subscription, error) { return s.Activate(domain, id).Do() },
			"sku_seats ANNUAL 8/0/8 ACTIVE AUTO_RENEW_MONTHLY_PAY",
		},
		{"renew by the year", func() (*reseller.Subscription, error) {
			return s.ChangeRenewalSettings(domain, id, &reseller.RenewalSettings{RenewalType: "AUTO_RENEW_YEARLY_PAY"}).Do()
		}, "sku_seats ANNUAL 8/0/8 ACTIVE AUTO_RENEW_YEARLY_PAY"},
		{"renew as it is", func() (*reseller.Subscription, error) {
			return s.ChangeRenewalSettings(domain, id, &reseller.RenewalSettings{RenewalType: "AUTO_RENEW"}).Do()
		}, "sku_seats ANNUAL 8/0/8 ACTIVE AUTO_RENEW_MONTHLY_PAY"},
		{"a plan binds", func() (*reseller.Subscription, error) {
			return s.ChangePlan(domain, id, &reseller.ChangePlanRequest{PlanName: "ANNUAL_YEARLY_PAY", Seats: &reseller.Seats{NumberOfSeats: 8}}).Do()
		}, "412 conditionNotMet"},
		{"it cannot be cancelled", func() (*reseller.Subscription, error) { return nil, s.Delete(domain, id, "cancel").Do() }, "412 conditionNotMet"},
		{"try another product", func() (*reseller.Subscription, error) {
			made, err := buy(&reseller.Subscription{
				SkuId: plus, Plan: &reseller.SubscriptionPlan{PlanName: "TRIAL"}, Seats: &reseller.Seats{MaximumNumberOfSeats: 3},
			})
			w.Must(err)
			tried = made.SubscriptionId
			if made.TrialSettings.TrialEndTime != ms(2026, 10, 15) {
				t.Errorf("the trial ends at %d", made.TrialSettings.TrialEndTime)
			}
			return made, nil
		}, "sku_plus FLEXIBLE 0/3/3 ACTIVE trial"},
		{"start to pay", func() (*reseller.Subscription, error) { return s.StartPaidService(domain, tried).Do() }, "sku_plus FLEXIBLE 0/3/3 ACTIVE"},
		{"change the plan", func() (*reseller.Subscription, error) {
			return s.ChangePlan(domain, tried, &reseller.ChangePlanRequest{PlanName: "ANNUAL_MONTHLY_PAY", Seats: &reseller.Seats{NumberOfSeats: 4}}).Do()
		}, "sku_plus ANNUAL 4/0/4 ACTIVE AUTO_RENEW_MONTHLY_PAY"},
		{"upgrade", func() (*reseller.Subscription, error) {
			return s.Insert(domain, &reseller.Subscription{
				SkuId: plus, Plan: &reseller.SubscriptionPlan{PlanName: "ANNUAL"}, Seats: &reseller.Seats{NumberOfSeats: 9},
			}).Action("switch").SourceSkuId(apptest.Seats).Do()
		}, "sku_plus ANNUAL 9/0/9 ACTIVE AUTO_RENEW_MONTHLY_PAY"},
		{"to the vendor", func() (*reseller.Subscription, error) { return nil, s.Delete(domain, id, "transfer_to_direct").Do() }, ""},
		{"and the other one with it", func() (*reseller.Subscription, error) { return nil, s.Delete(domain, tried, "transfer_to_direct").Do() }, ""},
		{"what is gone is gone", func() (*reseller.Subscription, error) { return s.Get(domain, id).Do() }, "404 notFound"},
		{"and cannot be cancelled", func() (*reseller.Subscription, error) { return nil, s.Delete(domain, id, "cancel").Do() }, "404 notFound"},
		{"nor transferred what never was", func() (*reseller.Subscription, error) {
			return nil, s.Delete(domain, "sub_none", "transfer_to_direct").Do()
		}, "404 notFound"},
	} {
		got, err := step.do()
		var code int
		var reason string
		switch n, _ := fmt.Sscan(step.want, &code, &reason); {
		case n == 2:
			refused(t, err, code, reason)
		case err != nil || told(got) != step.want:
			t.Fatalf("%s: %v, %s, want %s", step.name, err, told(got), step.want)
		}
		w.CheckInvariants()
	}
	w.CheckBooks()
}

// TestASubscription is told whole.
func TestASubscription(t *testing.T) {
	w := newWorld(t)
	s := w.admin().Subscriptions
	id := w.AddCustomers(w.A, 1, func(_ int, _ *customer.Customer, s *customer.Subscription) { s.State = customer.SubCancelled })[0]
	made, err := s.Insert(id, &reseller.Subscription{
		SkuId: apptest.Seats, Plan: &reseller.SubscriptionPlan{PlanName: "ANNUAL_YEARLY_PAY"}, Seats: &reseller.Seats{NumberOfSeats: 5}, PurchaseOrderId: "PO-1",
		// What only we write is not looked at.
		CustomerId: "another", SubscriptionId: "sub_mine", CreationTime: 1, Status: "SUSPENDED", BillingMethod: "OFFLINE", SkuName: "Mine",
		SuspensionReasons: []string{"OTHER"}, Kind: "another", TransferInfo: &reseller.SubscriptionTransferInfo{MinimumTransferableSeats: 9},
	}).Do()
	w.Must(err)
	a := w.ask(w.token(w.A, console.RoleViewer), "GET", "/apps/reseller/v1/customers/c000001.example/subscriptions/"+made.SubscriptionId, "")
	want := fmt.Sprintf(`{"billingMethod":"ONLINE","creationTime":"%d","customerDomain":"c000001.example","customerId":"%s","kind":"reseller#subscription",`+
		`"plan":{"commitmentInterval":{"endTime":"%d","startTime":"%d"},"isCommitmentPlan":true,"planName":"ANNUAL_YEARLY_PAY"},"purchaseOrderId":"PO-1",`+
		`"renewalSettings":{"kind":"subscriptions#renewalSettings","renewalType":"AUTO_RENEW_YEARLY_PAY"},`+
		`"resourceUiUrl":"https://psc.example/c/%s/customers/%s","seats":{"kind":"subscriptions#seats","licensedNumberOfSeats":5,"numberOfSeats":5},`+
		`"skuId":"sku_seats","skuName":"Seats","status":"ACTIVE","subscriptionId":"%s","trialSettings":{"isInTrial":false}}`,
		apptest.Start.UnixMilli(), id, ms(2027, 10, 1), ms(2026, 10, 1), w.A.AccountID, id, made.SubscriptionId)
	if a.status != 200 || sorted(t, a.body) != want {
		t.Errorf("%d\n%s\nwant\n%s", a.status, sorted(t, a.body), want)
	}
}

// TestWhoPays is the account that pays for the customer already, or else the oldest that can.
func TestWhoPays(t *testing.T) {
	w := newWorld(t)
	s := w.admin().Subscriptions
	ids := w.AddCustomers(w.A, 3, func(i int, _ *customer.Customer, s *customer.Subscription) {
		switch i {
		case 0:
			s.Currency, s.BillingAccountID, s.Price = "USD", apptest.Account(w.A, "USD", "le_2"), money.Price{Num: 1200, Den: 1}
		case 1:
			s.State = customer.SubCancelled
		}
	})
	flexible := &reseller.Subscription{SkuId: apptest.Seats, Plan: &reseller.SubscriptionPlan{PlanName: "FLEXIBLE"}, Seats: &reseller.Seats{MaximumNumberOfSeats: 2}}
	for i, want := range []string{apptest.Account(w.A, "USD", "le_2"), apptest.Account(w.A, "JPY", "le_1")} {
		made, err := s.Insert(ids[i], flexible).Do()
		w.Must(err)
		if got := w.Texts(`SELECT billing_account_id FROM subscriptions WHERE id = '` + made.SubscriptionId + `'`); got[0] != want {
			t.Errorf("%s pays, not %s", got, want)
		}
	}
	w.Exec(`UPDATE billing_accounts SET state = 'PROBATION' WHERE console_id = '` + w.A.ID + `'`)
	_, err := s.Insert(ids[2], flexible).Do()
	refused(t, err, 412, "conditionNotMet")
	w.CheckInvariants()
}

// TestAMovingCustomer can be seen and have its address changed, and nothing is ordered for it.
func TestAMovingCustomer(t *testing.T) {
	w := newWorld(t)
	client := w.admin()
	id := w.AddCustomers(w.A, 1, nil)[0]
	con := w.Connect(w.B, w.A)
	_, err := w.StartMigrations(t.Context(), apptest.Admin(w.A), con.ID, store.Scope{All: true})
	w.Must(err)
	sub := "sub_" + id[4:]
	got, err := client.Subscriptions.Get(id, sub).Do()
	w.Must(err)
	if told(got) != "sku_seats FLEXIBLE 0/10/10 ACTIVE" {
		t.Error(told(got))
	}
	_, err = client.Customers.Patch(id, &reseller.Customer{PhoneNumber: "+81312345678"}).Do()
	w.Must(err)
	token := w.token(w.A, console.RoleResellerAdmin)
	before := w.everything()
	for path, body := range map[string]string{
		"": order("", ""), "/" + sub + "/suspend": "", "/" + sub + "/changeSeats": `{"maximumNumberOfSeats":11}`,
		"/" + sub + "/changePlan": `{"planName":"ANNUAL","seats":{"numberOfSeats":10}}`,
	} {
		a := w.ask(token, "POST", "/apps/reseller/v1/customers/"+id+"/subscriptions"+path, body)
		if a.status != 412 || a.Error.Errors[0].Reason != "conditionNotMet" || !strings.Contains(a.Error.Message, "is in migration") {
			t.Errorf("%s: %d %s", path, a.status, a.body)
		}
	}
	for _, kind := range []string{"cancel", "transfer_to_direct"} {
		refused(t, client.Subscriptions.Delete(id, sub, kind).Do(), 412, "conditionNotMet")
	}
	if after := w.everything(); len(after) != len(before) {
		t.Errorf("%d rows became %d", len(before), len(after))
	}
	a := w.ask(token, "POST", "/apps/reseller/v1/customers/"+id+"/subscriptions/"+sub+"/suspend", "", "Accept-Language", "ja")
	if !strings.Contains(a.Error.Message, "移行") {
		t.Error(a.Error.Message)
	}
}

// TestListing goes through all pages in several ways.
func TestListing(t *testing.T) {
	w := newWorld(t)
	s := w.admin().Subscriptions
	w.AddCustomers(w.B, 2, nil)
	domains := []string{"exam.example", "example.example", "example20.example", "other.example"}
	ids := w.AddCustomers(w.A, len(domains), func(i int, c *customer.Customer, s *customer.Subscription) {
		c.Domain = domains[i]
		if i == 3 {
			s.State = customer.SubCancelled
		}
	})
	for range 2 {
		_, err := w.Buy(t.Context(), apptest.Admin(w.A), app.Purchase{
			CustomerID: ids[1], SKUID: apptest.Seats, Plan: catalog.Flexible, Seats: 1, AccountID: apptest.Account(w.A, "JPY", "le_1"),
		})
		w.Must(err)
	}
	all := []string{domains[0], domains[1], domains[1], domains[1], domains[2]}
	for name, c := range map[string]struct {
		list *reseller.SubscriptionsListCall
		want []string
	}{
		"all":           {s.List(), all},
		"a prefix":      {s.List().CustomerNamePrefix("Example"), all[1:]},
		"a longer one":  {s.List().CustomerNamePrefix("example2"), all[4:]},
		"none":          {s.List().CustomerNamePrefix("zzz"), nil},
		"a customer":    {s.List().CustomerId(ids[1]), all[1:4]},
		"by its domain": {s.List().CustomerId(domains[1]), all[1:4]},
		"both":          {s.List().CustomerId(domains[1]).CustomerNamePrefix("example2"), nil},
		"with nothing":  {s.List().CustomerId(ids[3]), nil},
	} {
		for _, size := range []int64{1, 2, 3, 100} {
			var got, seen []string
			w.Must(c.list.MaxResults(size).Pages(t.Context(), func(p *reseller.Subscriptions) error {
				if int64(len(p.Subscriptions)) > size || p.Kind != "reseller#subscriptions" {
					t.Errorf("%s: a page of %d, kind %s", name, len(p.Subscriptions), p.Kind)
				}
				for _, one := range p.Subscriptions {
					got, seen = append(got, one.CustomerDomain), append(seen, one.SubscriptionId)
				}
				return nil
			}))
			slices.Sort(seen)
			if !slices.Equal(got, c.want) || len(slices.Compact(seen)) != len(got) {
				t.Errorf("%s by %d: %v, want %v", name, size, got, c.want)
			}
		}
	}
	_, err := s.List().CustomerId("c000001.example").Do()
	refused(t, err, 404, "notFound")
}

// TestALongListWithoutSubscriptions does not hold up a page.
func TestALongListWithoutSubscriptions(t *testing.T) {
	w := newWorld(t)
	n := 450
	w.AddCustomers(w.A, n, func(i int, _ *customer.Customer, s *customer.Subscription) {
		if i < n-1 {
			s.State = customer.SubCancelled
		}
	})
	pages, found := 0, 0
	w.Must(w.admin().Subscriptions.List().Pages(t.Context(), func(p *reseller.Subscriptions) error {
		pages, found = pages+1, found+len(p.Subscriptions)
		return nil
	}))
	if pages != 3 || found != 1 {
		t.Errorf("%d subscriptions on %d pages", found, pages)
	}
}
