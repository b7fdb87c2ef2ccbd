package billing_test

import (
	"testing"
	"time"

	"psc/internal/billing"
	"psc/internal/catalog"
	"psc/internal/civil"
	"psc/internal/customer"
	"psc/internal/money"
)

func TestRenew(t *testing.T) {
	t.Parallel()
	day := civil.NewDate
	year := customer.Subscription{
		State: customer.SubActive, Plan: catalog.AnnualYearlyPay, Renewal: customer.RenewYearly, Price: money.Price{Num: 120, Den: 1},
		StartDate: day(2024, time.February, 29), TermStart: day(2027, time.February, 28), TermEnd: day(2028, time.February, 29),
	}
	offer := func(catalog.Plan, civil.Date) (money.Price, bool) { return money.Price{Num: 12, Den: 1}, true }
	none := func(catalog.Plan, civil.Date) (money.Price, bool) { return money.Price{}, false }
	with := func(change func(*customer.Subscription)) customer.Subscription {
		s := year
		change(&s)
		return s
	}
	if _, due := billing.Renew(year, year.TermEnd-1, offer); due {
		t.Error("renewed on the last day of its term")
	}
	for name, c := range map[string]struct {
		s     customer.Subscription
		price billing.PriceOn
		plan  catalog.Plan
		state customer.SubscriptionState
		end   civil.Date
		lot   int64
	}{
		"again": {year, offer, catalog.AnnualYearlyPay, customer.SubActive, day(2029, time.February, 28), 365},
		"suspended": {with(func(s *customer.Subscription) {
			s.State, s.SuspensionReason = customer.SubSuspended, customer.SuspendedByReseller
		}), offer, catalog.AnnualYearlyPay, customer.SubSuspended, day(2029, time.February, 28), 365},
		"monthly":  {with(func(s *customer.Subscription) { s.Renewal = customer.RenewMonthly }), offer, catalog.AnnualMonthlyPay, customer.SubActive, day(2029, time.February, 28), 0},
		"flexible": {with(func(s *customer.Subscription) { s.Renewal = customer.RenewFlexible }), offer, catalog.Flexible, customer.SubActive, 0, 0},
		"no offer": {with(func(s *customer.Subscription) { s.Renewal = customer.RenewFlexible }), none, catalog.AnnualYearlyPay, customer.SubActive, day(2029, time.February, 28), 365},
		"cancel":   {with(func(s *customer.Subscription) { s.Renewal = customer.RenewCancel }), offer, catalog.AnnualYearlyPay, customer.SubCancelled, year.TermEnd, 0},
		"trial": {with(func(s *customer.Subscription) {
			s.State, s.TrialEnd = customer.SubTrial, day(2028, time.February, 19)
		}), offer, catalog.AnnualYearlyPay, customer.SubActive, year.TermEnd, 10},
	} {
		r, due := billing.Renew(c.s, year.TermEnd, c.price)
		if !due || r.Plan != c.plan || r.State != c.state || r.TermEnd != c.end || r.Lot.Days() != c.lot {
			t.Errorf("%s: %+v", name, r)
		}
	}
}
