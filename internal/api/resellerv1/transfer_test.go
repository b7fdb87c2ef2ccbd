package resellerv1_test

import (
	"testing"

	"google.golang.org/api/reseller/v1"

	"psc/internal/apptest"
	"psc/internal/catalog"
	"psc/internal/console"
	"psc/internal/customer"
	"psc/internal/store"
)

// TestACustomerComesWithItsToken brings its subscriptions from another console along, in the order that the API documents.
func TestACustomerComesWithItsToken(t *testing.T) {
	w := newWorld(t)
	from := w.AddCustomers(w.B, 1, func(_ int, c *customer.Customer, _ *customer.Subscription) { c.Domain = "kitahama.example" })[0]
	w.Update(func(tx *store.Tx) error {
		s, err := tx.Subscription(t.Context(), w.B.ID, "sub_"+from[4:])
		if err != nil {
			return err
		}
		s.ID, s.SKUID, s.Plan = "sub_voice", apptest.Voice, catalog.Flexible
		return tx.InsertSubscriptions(t.Context(), []customer.Subscription{s})
	})
	secret, _, err := w.CreateTransferToken(t.Context(), apptest.Admin(w.B), from)
	w.Must(err)
	client := w.admin()
	c, s := client.Customers, client.Subscriptions

	other := kitahama()
	other.CustomerDomain = "other.example"
	before := w.everything()
	_, err = c.Insert(other).CustomerAuthToken(secret).Do()
	refused(t, err, 403, "forbidden")
	if after := w.everything(); len(after) != len(before) {
		t.Error("a customer was added")
	}
	made, err := c.Insert(kitahama()).CustomerAuthToken(secret).Do()
	w.Must(err)

	list, err := s.List().CustomerId(made.CustomerId).CustomerAuthToken(secret).Do()
	w.Must(err)
	if len(list.Subscriptions) != 2 || list.Subscriptions[0].TransferInfo.MinimumTransferableSeats != 10 || list.Subscriptions[0].CustomerId != made.CustomerId {
		t.Errorf("transferable: %+v", list.Subscriptions)
	}
	insert := func(sku, token string) (*reseller.Subscription, error) {
		return s.Insert(made.CustomerId, &reseller.Subscription{
			SkuId: sku, Plan: &reseller.SubscriptionPlan{PlanName: "FLEXIBLE"}, Seats: &reseller.Seats{MaximumNumberOfSeats: 10},
		}).CustomerAuthToken(token).Do()
	}
	_, err = insert(plus, secret)
	refused(t, err, 400, "invalid")
	for _, sku := range []string{apptest.Seats, apptest.Voice} { // the second has come along with the first
		got, err := insert(sku, secret)
		w.Must(err)
		if told(got) != sku+" FLEXIBLE 0/10/10 ACTIVE" || got.CustomerId != made.CustomerId {
			t.Errorf("taken over: %s", told(got))
		}
		w.CheckInvariants()
	}
	_, err = insert(plus, secret)
	refused(t, err, 403, "forbidden")
	if a := w.ask(w.token(w.B, console.RoleSuperAdmin), "GET", "/apps/reseller/v1/customers/"+from+"/subscriptions/sub_voice", ""); a.status != 404 {
		t.Errorf("it is still there: %d %s", a.status, a.body)
	}
	w.CheckBooks()
}
