package app_test

import (
	"errors"
	"strconv"
	"strings"
	"testing"

	"psc/internal/app"
	"psc/internal/apptest"
	"psc/internal/catalog"
	"psc/internal/customer"
	"psc/internal/fault"
	"psc/internal/money"
	"psc/internal/store"
)

// SKUs with product limits: two of one edition of at most 30 seats, and an add-on to any of Google Workspace.
const (
	small = "sku_small"
	large = "sku_large"
	more  = "sku_more"
)

// withLimits adds the SKUs with product limits, and sells them in B.
func withLimits(w *apptest.World) {
	withOffers(w)
	var skus []catalog.SKU
	var offers []catalog.Offer
	for i, id := range []string{small, large, more} {
		s := catalog.SKU{ID: id, Product: "Workspace", Name: id, Group: catalog.GoogleWorkspace, Edition: "Business", EditionSeats: 30, TrialDays: 30}
		if id == more {
			s.AddOn, s.Edition, s.EditionSeats, s.TrialDays = true, "", 0, 0
		}
		skus = append(skus, s)
		for j, plan := range catalog.Plans {
			offers = append(offers, catalog.Offer{
				SKUID: id, Plan: plan, Currency: "JPY",
				Price: money.Price{Num: []int64{1000, 900, 10_800}[j] * []int64{2, 3, 1}[i], Den: 1},
			})
		}
	}
	w.Update(func(tx *store.Tx) error {
		ctx := w.T.Context()
		if err := errors.Join(tx.PutSKUs(ctx, skus), tx.PutOffers(ctx, offers)); err != nil {
			return err
		}
		_, a := tx.GrantSKUs(ctx, w.A.ID, []string{small, large, more}, apptest.Start)
		_, b := tx.GrantSKUs(ctx, w.B.ID, []string{small, large, more}, apptest.Start)
		return errors.Join(a, b)
	})
}

// buying orders something for a customer of B, as quoted.
func buying(t *testing.T, w *apptest.World, id, sku string, plan catalog.Plan, seats int64) (customer.Subscription, error) {
	t.Helper()
	in := app.Purchase{CustomerID: id, SKUID: sku, Plan: plan, Seats: seats, AccountID: apptest.Account(w.B, "JPY", "le_1")}
	_, quoted := w.QuotePurchase(t.Context(), apptest.Admin(w.B), in)
	s, err := w.Buy(t.Context(), apptest.Admin(w.B), in)
	if fault.As(err) != nil && !fault.Is(quoted, fault.As(err).Key) {
		t.Errorf("quoted %v, ordered %v", quoted, err)
	}
	return s, err
}

// changing orders something of a subscription of B, as quoted.
func changing(t *testing.T, w *apptest.World, id string, change app.Change) error {
	t.Helper()
	_, quoted := w.QuoteChange(t.Context(), apptest.Admin(w.B), id, change)
	err := w.ChangeSubscription(t.Context(), apptest.Admin(w.B), id, change)
	if fault.As(err) != nil && !fault.Is(quoted, fault.As(err).Key) {
		t.Errorf("quoted %v, ordered %v", quoted, err)
	}
	return err
}

func newcomer(t *testing.T, w *apptest.World) string {
	t.Helper()
	c, err := w.CreateCustomer(t.Context(), apptest.Admin(w.B), customer.Customer{Name: "New", Domain: "new.example"})
	w.Must(err)
	return c.ID
}

// TestAnEditionHasItsCap orders seats of an edition on every way.
func TestAnEditionHasItsCap(t *testing.T) {
	each(t, func(t *testing.T, w *apptest.World) {
		withLimits(w)
		id := newcomer(t, w)
		_, err := buying(t, w, id, small, catalog.Flexible, 31)
		wantFault(t, err, "order.edition_cap")
		first, err := buying(t, w, id, small, catalog.Flexible, 20)
		w.Must(err)
		_, err = buying(t, w, id, large, catalog.Flexible, 11)
		wantFault(t, err, "order.edition_cap")
		second, err := buying(t, w, id, large, catalog.AnnualMonthlyPay, 10)
		w.Must(err)
		wantFault(t, changing(t, w, first.ID, app.Change{Action: app.ChangeSeats, Seats: 21}), "order.edition_cap")
		w.Must(changing(t, w, first.ID, app.Change{Action: app.ChangeSeats, Seats: 12}))
		w.Must(changing(t, w, second.ID, app.Change{Action: app.ChangeSeats, Seats: 18}))
		w.Must(changing(t, w, first.ID, app.Change{Action: app.EndNow}))
		w.Must(changing(t, w, second.ID, app.Change{Action: app.ChangeSeats, Seats: 30}))
		_, err = buying(t, w, id, apptest.Seats, catalog.Flexible, 500)
		w.Must(err)
		w.Exec(`UPDATE skus SET edition_seats = 25`) // what is there stays, and may become less
		w.Must(changing(t, w, second.ID, app.Change{Action: app.ChangeSeats, Seats: 28}))
		wantFault(t, changing(t, w, second.ID, app.Change{Action: app.ChangeSeats, Seats: 31}), "order.edition_cap")
	})
}

// TestAddOnsHaveABase buys and ends what add-ons are added to.
func TestAddOnsHaveABase(t *testing.T) {
	each(t, func(t *testing.T, w *apptest.World) {
		withLimits(w)
		id := newcomer(t, w)
		_, err := buying(t, w, id, more, catalog.Flexible, 2)
		wantFault(t, err, "order.needs_base")
		base, err := buying(t, w, id, small, catalog.AnnualMonthlyPay, 20)
		w.Must(err)
		cancel := app.Change{Action: app.ChangeRenewal, Renewal: customer.RenewCancel}
		w.Must(changing(t, w, base.ID, cancel))
		_, err = buying(t, w, id, more, catalog.Flexible, 2)
		wantFault(t, err, "order.base_ends")
		w.Must(changing(t, w, base.ID, app.Change{Action: app.ChangeRenewal, Renewal: customer.RenewMonthly}))
		addOn, err := buying(t, w, id, more, catalog.Flexible, 2)
		w.Must(err)
		wantFault(t, changing(t, w, base.ID, cancel), "order.base_needed")
		other, err := buying(t, w, id, large, catalog.Flexible, 3)
		w.Must(err)
		w.Must(changing(t, w, base.ID, cancel))
		wantFault(t, changing(t, w, other.ID, app.Change{Action: app.EndNow}), "order.base_needed")
		w.Must(changing(t, w, addOn.ID, app.Change{Action: app.EndNow}))
		w.Must(changing(t, w, other.ID, app.Change{Action: app.EndNow}))
		w.CheckInvariants()
	})
}

// TestRowsAreHeldToProductLimits imports what goes against product limits: each such row is left out and named.
func TestRowsAreHeldToProductLimits(t *testing.T) {
	each(t, func(t *testing.T, w *apptest.World) {
		withLimits(w)
		line := func(external, sku, seats, status string) string {
			return "A,a.example," + external + "," + sku + ",FLEXIBLE," + seats + ",,JPY,1000,ba_cns_B_JPY_le_1,,2026-09-01," + status + "\n"
		}
		header := "org_display_name,domain,subscription_external_id,sku_id,plan,num_units,max_units,currency,unit_price,billing_account_id,renewal_settings,start_date,status\n"
		for i, c := range []struct{ rows, refused string }{
			{line("S-1", more, "3", "ACTIVE"), "2 sku_id import.order.needs_base"},
			{line("S-1", more, "3", "ACTIVE") + line("S-2", small, "20", "ACTIVE"), ""}, // in any order
			{line("S-3", large, "11", "ACTIVE") + line("S-4", large, "10", "ACTIVE"), "2 num_units import.order.edition_cap"},
			{line("S-2", small, "21", "ACTIVE"), "2 num_units import.order.edition_cap"},
			{line("S-2", small, "20", "CANCELLED") + line("S-4", large, "10", "CANCELLED"), "3 status import.order.base_needed"},
			{line("S-1", more, "3", "CANCELLED"), ""},
			{line("S-4", large, "10", "CANCELLED"), ""},
		} {
			r, err := w.ImportCustomers(t.Context(), apptest.Admin(w.B), strings.NewReader(header+c.rows), false, nil)
			w.Must(err)
			var refused string
			for _, p := range r.Refused {
				refused = strings.TrimSpace(strings.Join([]string{refused, strconv.Itoa(p.Line), p.Column, p.Key}, " "))
			}
			if refused != c.refused || r.Report.ProblemCount != 0 {
				t.Errorf("%d: refused %q, want %q; %+v", i, refused, c.refused, r.Report.Problems)
			}
		}
		w.CheckInvariants()
	})
}
