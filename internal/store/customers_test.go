package store_test

import (
	"errors"
	"reflect"
	"slices"
	"testing"
	"time"

	"psc/internal/billing"
	"psc/internal/catalog"
	"psc/internal/civil"
	"psc/internal/console"
	"psc/internal/customer"
	"psc/internal/money"
	"psc/internal/store"
	"psc/internal/store/storetest"
)

var noon = time.Date(2026, time.October, 1, 3, 0, 0, 0, time.UTC)

// update runs fn in a transaction that must succeed.
func update(t *testing.T, db *store.DB, fn func(tx *store.Tx) error) {
	t.Helper()
	if err := db.Update(t.Context(), fn); err != nil {
		t.Fatal(err)
	}
}

// twoConsoles makes the consoles "tokyo" and "other", each with a reseller, a legal entity and a billing account.
func twoConsoles(t *testing.T, db *store.DB) {
	t.Helper()
	ctx := t.Context()
	update(t, db, func(tx *store.Tx) error {
		if err := tx.PutSKUs(ctx, []catalog.SKU{
			{
				ID: "voice", Product: "Voice", Name: "Voice Standard", Group: catalog.GoogleWorkspace, AddOn: true,
				Blocks: []catalog.Block{{Plan: catalog.AnnualMonthlyPay, Code: "HAS_VOICE_COMMITMENT"}},
			},
			{ID: "business", Product: "Google Workspace", Name: "Business Standard", Group: catalog.GoogleWorkspace},
		}); err != nil {
			return err
		}
		for i, id := range []string{"tokyo", "other"} {
			if err := errors.Join(
				tx.InsertReseller(ctx, "res_"+id, "Reseller "+id, noon),
				tx.InsertConsole(ctx, console.Console{
					ID: id, AccountID: console.NewAccountID([7]byte{byte(i)}), Name: id, ResellerID: "res_" + id,
					State: console.Active, CreatedAt: noon,
				}),
				tx.InsertLegalEntity(ctx, billing.LegalEntity{ID: "leg_" + id, ResellerID: "res_" + id, Name: "Entity", Country: "JP"}, noon),
				tx.InsertBillingAccounts(ctx, []billing.Account{{
					ConsoleID: id, ID: "bac", Name: "JPY", Currency: "JPY", Group: catalog.GoogleWorkspace,
					LegalEntityID: "leg_" + id, State: billing.AccountActive, CreatedAt: noon,
				}}),
			); err != nil {
				return err
			}
		}
		return nil
	})
}

func kitahama() customer.Customer {
	return customer.Customer{
		ConsoleID: "tokyo", ID: "cus_1", Domain: "kitahama.example", Name: "株式会社北浜商事", State: customer.Live,
		ContactName: "北浜 花子", ContactEmail: "info@kitahama.example", Phone: "03-0000-0000", Country: "JP",
		PostalCode: "100-0001", Address: "東京都", Language: "ja", CRMID: "K-1", CreatedAt: noon,
	}
}

func business() customer.Subscription {
	return customer.Subscription{
		ConsoleID: "tokyo", ID: "sub_1", CustomerID: "cus_1", ExternalID: "S-1", SKUID: "business",
		Group: catalog.GoogleWorkspace, Plan: catalog.AnnualYearlyPay, State: customer.SubSuspended,
		SuspensionReason: customer.SuspendedByVendor, Channel: customer.Online, Seats: 12, Currency: "JPY",
		Price: money.Price{Num: 16320, Den: 12}, BillingAccountID: "bac", PurchaseOrderID: "PO-1",
		Renewal: customer.RenewYearly, StartDate: civil.NewDate(2026, time.April, 1),
		TermStart: civil.NewDate(2026, time.April, 1), TermEnd: civil.NewDate(2027, time.April, 1), CreatedAt: noon,
	}
}

func TestWhatIsKeptOfACustomerIsReadBack(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		ctx := t.Context()
		twoConsoles(t, db)
		order := customer.Order{
			ConsoleID: "tokyo", ID: "ord_1", CustomerID: "cus_1", SubscriptionID: "sub_1", At: noon,
			BillingDate: civil.NewDate(2026, time.October, 1), By: customer.ByReseller, ByName: "Sato",
			Action: customer.OrderSeatsChanged, SKUID: "business", Plan: catalog.AnnualYearlyPay, SeatsBefore: 10,
			SeatsAfter: 12, State: customer.OrderOpen,
		}
		update(t, db, func(tx *store.Tx) error {
			return errors.Join(
				tx.InsertCustomers(ctx, []customer.Customer{kitahama()}),
				tx.InsertSubscriptions(ctx, []customer.Subscription{business()}),
				tx.InsertOrders(ctx, []customer.Order{order}),
			)
		})
		update(t, db, func(tx *store.Tx) error {
			c, err := tx.Customer(ctx, "tokyo", "cus_1")
			want := kitahama()
			want.Seats, want.NextRenewal = business().Seats, business().TermEnd
			same(t, err, c, want)
			subs, err := tx.Subscriptions(ctx, "tokyo", "cus_1")
			same(t, err, subs, []customer.Subscription{business()})
			orders, err := tx.Orders(ctx, "tokyo", "cus_1", "", 10)
			same(t, err, orders, []customer.Order{order})
			if _, err := tx.Customer(ctx, "other", "cus_1"); !errors.Is(err, store.ErrNone) {
				t.Errorf("another console reads the customer: %v", err)
			}
			return nil
		})
	})
}

func same[T any](t *testing.T, err error, got, want T) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("got  %+v\nwant %+v", got, want)
	}
}

func TestCustomersPageGoesBothWays(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		ctx := t.Context()
		twoConsoles(t, db)
		var list []customer.Customer
		for _, name := range []string{"Delta", "株式会社あおい", "alpha 100%", "Beta", "charlie"} {
			c := kitahama()
			c.ID, c.Name, c.Domain = "cus_"+name, name, console.Fold(name)+".example"
			list = append(list, c)
		}
		update(t, db, func(tx *store.Tx) error { return tx.InsertCustomers(ctx, list) })

		page := func(search string, p store.Page) (names []string, l store.List[customer.Customer]) {
			update(t, db, func(tx *store.Tx) (err error) {
				l, err = tx.CustomersPage(ctx, "tokyo", store.CustomerFilter{State: customer.Live, Search: search}, store.CustomerOrder{}, p)
				return err
			})
			for _, c := range l.Rows {
				names = append(names, c.Name)
			}
			return names, l
		}
		at := func(c customer.Customer) store.Cursor {
			return store.Cursor{SortName: customer.SortName(c.Name), ID: c.ID}
		}
		want := func(got []string, l store.List[customer.Customer], previous, next bool, names ...string) {
			t.Helper()
			if !slices.Equal(got, names) || l.HasPrevious != previous || l.HasNext != next {
				t.Errorf("got %q, previous %v, next %v; want %q, %v, %v", got, l.HasPrevious, l.HasNext, names, previous, next)
			}
		}
		names, first := page("", store.Page{Limit: 2})
		want(names, first, false, true, "alpha 100%", "Beta")
		names, second := page("", store.Page{Limit: 2, After: at(first.Rows[1])})
		want(names, second, true, true, "charlie", "Delta")
		names, last := page("", store.Page{Limit: 2, After: at(second.Rows[1])})
		want(names, last, true, false, "株式会社あおい")
		names, back := page("", store.Page{Limit: 2, Before: at(second.Rows[0])})
		want(names, back, false, true, "alpha 100%", "Beta")

		names, l := page("ＡＬＰＨＡ", store.Page{Limit: 2})
		want(names, l, false, false, "alpha 100%")
		names, l = page("0%", store.Page{Limit: 2})
		want(names, l, false, false, "alpha 100%")
		names, l = page("_", store.Page{Limit: 2})
		want(names, l, false, false)
	})
}

func TestCatalogueAndGrantsAreReadBack(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		ctx := t.Context()
		twoConsoles(t, db)
		offer := catalog.Offer{SKUID: "business", Plan: catalog.Flexible, Currency: "USD", Price: money.Price{Num: 1440, Den: 1}}
		update(t, db, func(tx *store.Tx) error { return tx.PutOffers(ctx, []catalog.Offer{offer}) })
		offer.Price.Num = 1500
		update(t, db, func(tx *store.Tx) error {
			if err := tx.PutOffers(ctx, []catalog.Offer{offer}); err != nil {
				return err
			}
			offers, err := tx.Offers(ctx)
			same(t, err, offers, []catalog.Offer{offer})
			skus, err := tx.SKUs(ctx)
			if err != nil || len(skus) != 2 || len(skus[1].Blocks) != 1 {
				t.Errorf("skus %+v, %v", skus, err)
			}
			n, err := tx.GrantSKUs(ctx, "tokyo", []string{"voice", "business"}, noon)
			same(t, err, n, 2)
			n, err = tx.GrantSKUs(ctx, "tokyo", []string{"voice"}, noon.Add(time.Hour))
			same(t, err, n, 0)
			granted, err := tx.AuthorizedSKUs(ctx, "tokyo")
			same(t, err, granted, map[string]time.Time{"voice": noon, "business": noon})
			granted, err = tx.AuthorizedSKUs(ctx, "other")
			same(t, err, granted, map[string]time.Time{})
			return nil
		})
	})
}

func TestAgreementMakesAccountsUsable(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		ctx := t.Context()
		twoConsoles(t, db)
		update(t, db, func(tx *store.Tx) error {
			a, err := tx.BillingAccount(ctx, "tokyo", "bac")
			if err != nil || a.Signed || a.LegalEntity != "Entity" {
				t.Errorf("before signing: %+v, %v", a, err)
			}
			ok, err := tx.SignAgreement(ctx, "tokyo", "leg_tokyo", "Sato", noon)
			same(t, err, ok, true)
			ok, err = tx.SignAgreement(ctx, "tokyo", "leg_tokyo", "Suzuki", noon)
			same(t, err, ok, false)
			a, err = tx.BillingAccount(ctx, "tokyo", "bac")
			same(t, err, a.Signed, true)
			list, err := tx.Agreements(ctx, "tokyo")
			if err != nil || len(list) != 1 || list[0].SignedBy != "Sato" || !list[0].SignedAt.Equal(noon) {
				t.Errorf("agreements %+v, %v", list, err)
			}
			return nil
		})
	})
}
