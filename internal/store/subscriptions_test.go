package store_test

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"psc/internal/catalog"
	"psc/internal/civil"
	"psc/internal/customer"
	"psc/internal/store"
	"psc/internal/store/storetest"
)

// TestChangesContinueWhatIsBilled changes a subscription several times and reads who was billed for what from which day.
func TestChangesContinueWhatIsBilled(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		ctx := t.Context()
		twoConsoles(t, db)
		s := business()
		s.Plan, s.Renewal, s.TermStart, s.TermEnd = catalog.Flexible, "", 0, 0
		s.State, s.SuspensionReason = customer.SubActive, ""
		october := civil.NewDate(2026, time.October, 1)
		s.StartDate = october
		update(t, db, func(tx *store.Tx) error {
			if err := tx.InsertCustomers(ctx, []customer.Customer{kitahama()}); err != nil {
				return err
			}
			return tx.InsertSubscriptions(ctx, []customer.Subscription{s})
		})
		change := func(day civil.Date, alter func()) {
			t.Helper()
			alter()
			update(t, db, func(tx *store.Tx) error { return tx.ChangeSubscriptions(ctx, []customer.Subscription{s}, day) })
		}
		change(october+4, func() { s.Seats = 20 })
		change(october+9, func() { s.PurchaseOrderID = "PO-2" }) // says nothing new about billing
		change(october+9, func() { s.Seats = 30 })
		change(october+9, func() { s.Seats = 40 }) // the second change of a day: the first billed nothing
		change(october+19, func() { s.State = customer.SubCancelled })
		want := []string{"2026-10-01 2026-10-05 12", "2026-10-05 2026-10-10 20", "2026-10-10 2026-10-10 30", "2026-10-10 2026-10-21 40"}
		if got := history(t, db, s); !slices.Equal(got, want) {
			t.Errorf("billed %q, want %q", got, want)
		}
	})
}

// history tells the segments of a subscription in October: from, the day after, and seats.
func history(t *testing.T, db *store.DB, s customer.Subscription) (lines []string) {
	t.Helper()
	update(t, db, func(tx *store.Tx) error {
		list, err := tx.BilledSubscriptions(t.Context(), s.ConsoleID, []string{s.ID}, civil.NewDate(2026, time.October, 1).Month())
		for _, b := range list {
			for _, g := range b.History {
				lines = append(lines, fmt.Sprintf("%s %s %d", g.Period.From, g.Period.To, g.Seats))
			}
		}
		return err
	})
	return lines
}

func TestSubscriptionsAreFoundByTheIDThatIsKnownOutside(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		ctx := t.Context()
		twoConsoles(t, db)
		own := business()
		own.ID, own.ExternalID = "sub_2", ""
		update(t, db, func(tx *store.Tx) error {
			if err := tx.InsertCustomers(ctx, []customer.Customer{kitahama()}); err != nil {
				return err
			}
			return tx.InsertSubscriptions(ctx, []customer.Subscription{business(), own})
		})
		update(t, db, func(tx *store.Tx) error {
			list, err := tx.SubscriptionsOfExternal(ctx, "tokyo", []string{"S-1", "sub_1", "sub_2", "S-2"})
			if err != nil || len(list) != 2 || list[0].ID != "sub_1" || list[1].ID != "sub_2" {
				t.Errorf("%+v, %v", list, err)
			}
			foreign, err := tx.SubscriptionsOfExternal(ctx, "other", []string{"S-1", "sub_2"})
			same(t, err, len(foreign), 0)
			return nil
		})
	})
}
