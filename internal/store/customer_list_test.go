package store_test

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"psc/internal/catalog"
	"psc/internal/civil"
	"psc/internal/console"
	"psc/internal/customer"
	"psc/internal/store"
	"psc/internal/store/storetest"
)

// listed are customers, each with its subscriptions, of which many have something in common and few have much.
func listed() (customers []customer.Customer, subs []customer.Subscription) {
	names := []string{"株式会社北浜商事", "北浜テック", "Harbor Point", "harbor light", "東京ﾃｯｸ", "Ａｌｐｈａ", "山"}
	for i := range 60 {
		c := kitahama()
		c.ID, c.Name = fmt.Sprintf("cus_%02d", i), names[i%len(names)]+strings.Repeat("x", i%3)
		c.Domain = fmt.Sprintf("d%02d.example", (i*7)%60)
		c.CreatedAt = noon.Add(time.Duration(i%9) * time.Hour)
		customers = append(customers, c)
		for k := range i % 4 {
			s := business()
			s.ID, s.CustomerID, s.ExternalID = fmt.Sprintf("sub_%02d_%d", i, k), c.ID, ""
			s.State, s.SuspensionReason = customer.SubActive, ""
			s.Seats = int64(1 + (i*k)%7)
			s.TermEnd = s.TermStart + 100 + civil.Date(i%5*30)
			switch {
			case i%13 == 3:
				s.State, s.SuspensionReason = customer.SubSuspended, customer.SuspendedByVendor
			case k == 2:
				s.State = customer.SubCancelled
			case i%5 == 1:
				s.Plan, s.TermStart, s.TermEnd, s.Renewal = catalog.Flexible, 0, 0, ""
			case i == 47:
				s.SKUID = "voice"
			}
			subs = append(subs, s)
		}
	}
	return customers, subs
}

// asked are filters of each kind, and of several at once.
func asked(day civil.Date) []store.CustomerFilter {
	return []store.CustomerFilter{
		{},
		{Search: "北浜"},
		{Search: "ハーバー"},
		{Search: "arbor"},
		{Search: "テック"},
		{Search: "d4"},
		{Search: "山"},
		{Search: "%"},
		{Search: "ALPHA"},
		{Search: "point d0 harbor"},
		{Search: "harbor pointx"},
		{Search: "株式会社北浜商事x"},
		{Search: "x"},
		{Search: " CUS_07\t"},
		{Search: "cus_07 harbor"},
		{Search: "cus_"},
		{Search: "e"},
		{SKUID: "voice"},
		{SKUID: "business", Plan: catalog.Flexible},
		{Plan: catalog.AnnualYearlyPay},
		{Status: customer.SubSuspended},
		{Reason: customer.SuspendedByVendor},
		{Reason: customer.SuspendedTrialEnded},
		{Currency: "JPY"},
		{Currency: "EUR"},
		{RenewsFrom: day + 100, RenewsTo: day + 131},
		{TermsFrom: day + 100, TermsTo: day + 130},
		{TermsTo: day + 130},
		{TermsFrom: day + 100, Plan: catalog.AnnualYearlyPay},
		{SeatsFrom: 5},
		{SeatsTo: 2},
		{SeatsFrom: 3, SeatsTo: 6},
		{Migration: store.Ready},
		{Migration: store.NotReady},
		{Migration: store.Migrating},
		{Search: "harbor", Plan: catalog.Flexible, SeatsFrom: 2, RenewsFrom: day, RenewsTo: civil.Forever + 1},
		{Search: "北浜", Status: customer.SubActive, SKUID: "business"},
	}
}

// holds says of a live customer whether a filter asks for it, from what is told of filters and not from SQL.
func holds(f store.CustomerFilter, c customer.Customer, subs []customer.Subscription) bool {
	var seats int64
	next, one := civil.Forever, false
	for _, s := range subs {
		if s.CustomerID != c.ID || s.State == customer.SubCancelled {
			continue
		}
		seats += s.Seats
		end := s.TermEnd
		if s.State == customer.SubTrial {
			end = s.TrialEnd
		}
		if end > 0 {
			next = min(next, end)
		}
		one = one || (f.SKUID == "" || s.SKUID == f.SKUID) && (f.Plan == "" || s.Plan == f.Plan) && (f.Status == "" || s.State == f.Status) &&
			(f.Reason == "" || s.SuspensionReason == f.Reason) && (f.Currency == "" || s.Currency == f.Currency) &&
			(f.TermsFrom+f.TermsTo == 0 || s.State != customer.SubTrial && s.TermEnd > 0 && s.TermEnd >= f.TermsFrom && (f.TermsTo == 0 || s.TermEnd <= f.TermsTo))
	}
	ofSubs := f.SKUID != "" || f.Plan != "" || f.Status != "" || f.Reason != "" || f.Currency != "" || f.TermsFrom+f.TermsTo > 0
	for word := range strings.FieldsSeq(console.Fold(f.Search)) {
		if strings.HasPrefix(word, "cus_") && word != c.ID {
			return false
		}
		if !strings.HasPrefix(word, "cus_") && !strings.Contains(console.Fold(c.Name)+" "+c.Domain, word) {
			return false
		}
	}
	return (one || !ofSubs) &&
		(f.RenewsTo == 0 || next >= f.RenewsFrom && next < f.RenewsTo) && seats >= f.SeatsFrom && (f.SeatsTo == 0 || seats <= f.SeatsTo) &&
		(f.Migration == "" || f.Migration == store.NotReady) // nobody was evaluated, and nobody moves
}

// TestCustomersAreFoundAndSorted asks for customers by every filter and in every order, page by page and back, whether few have
// what is asked for, so that they are found by an index, or many, so that the list is walked.
func TestCustomersAreFoundAndSorted(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		ctx := t.Context()
		twoConsoles(t, db)
		customers, subs := listed()
		update(t, db, func(tx *store.Tx) error {
			if err := tx.InsertCustomers(ctx, customers); err != nil {
				return err
			}
			return tx.InsertSubscriptions(ctx, subs)
		})
		for i, f := range asked(business().TermStart) {
			f.State = customer.Live
			want := map[string]bool{}
			for _, c := range customers {
				if holds(f, c, subs) {
					want[c.ID] = true
				}
			}
			for k, key := range []store.CustomerKey{store.ByName, store.ByDomain, store.ByCreated, store.ByRenewal, store.BySeats} {
				if i > 0 && k != i%5 {
					continue // each order once with all, each filter in one order
				}
				by := store.CustomerOrder{Key: key, Down: (i+k)%2 == 0}
				for _, few := range []int{1, 1_000} {
					update(t, db, func(tx *store.Tx) error {
						there, back := walked(t, tx, f, by, few)
						if !slices.Equal(there, back) || len(there) != len(want) || slices.ContainsFunc(there, func(id string) bool { return !want[id] }) {
							t.Errorf("%+v by %+v, few %d:\nthere %q\nback  %q\nwant  %v", f, by, few, there, back, want)
						}
						n, err := store.CountCustomersOf(ctx, tx, "tokyo", f, few)
						if err != nil || n.N > len(want) || !n.More && n.N != len(want) {
							t.Errorf("%+v, few %d: counted %+v of %d, %v", f, few, n, len(want), err)
						}
						return err
					})
				}
			}
		}
	})
}

// walked returns the IDs of all pages from the first to the last, and again from the last to the first; the pages are in order.
func walked(t *testing.T, tx *store.Tx, f store.CustomerFilter, by store.CustomerOrder, few int) (there, back []string) {
	t.Helper()
	var last customer.Customer
	page := store.Page{Limit: 7}
	for {
		l, err := store.CustomersPageOf(t.Context(), tx, "tokyo", f, by, page, few)
		if err != nil {
			t.Fatal(err)
		}
		for _, c := range l.Rows {
			if last.ID != "" && (order(by, last, c) >= 0) != by.Down {
				t.Errorf("%+v: %s before %s", by, last.ID, c.ID)
			}
			there, last = append(there, c.ID), c
		}
		if !l.HasNext {
			break
		}
		page.After = by.Place(last)
	}
	if len(there) == 0 {
		return there, back
	}
	back = []string{last.ID}
	page = store.Page{Limit: 7, Before: by.Place(last)}
	for {
		l, err := store.CustomersPageOf(t.Context(), tx, "tokyo", f, by, page, few)
		if err != nil {
			t.Fatal(err)
		}
		var ids []string
		for _, c := range l.Rows {
			ids = append(ids, c.ID)
		}
		back = append(ids, back...)
		if !l.HasPrevious {
			return there, back
		}
		page.Before = by.Place(l.Rows[0])
	}
}

// order compares two customers in an order.
func order(by store.CustomerOrder, a, b customer.Customer) int {
	of := map[store.CustomerKey]int{
		store.ByName: cmp.Compare(customer.SortName(a.Name), customer.SortName(b.Name)), store.ByDomain: cmp.Compare(a.Domain, b.Domain),
		store.ByCreated: a.CreatedAt.Compare(b.CreatedAt), store.ByRenewal: cmp.Compare(a.NextRenewal, b.NextRenewal), store.BySeats: cmp.Compare(a.Seats, b.Seats),
	}
	return cmp.Or(of[by.Key], cmp.Compare(a.ID, b.ID))
}
