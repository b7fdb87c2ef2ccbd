package app

import (
	"context"
	"math/big"

	"psc/internal/catalog"
	"psc/internal/civil"
	"psc/internal/console"
	"psc/internal/customer"
	"psc/internal/money"
	"psc/internal/store"
)

// PriceForecast is what a new price changes, where and when, as things stand today.
type PriceForecast struct {
	PriceEffect

	By      []ConsoleEffect // the consoles that it concerns, by name
	Months  []MonthEffect
	Leaving int64 // subscriptions that leave the plan at their renewal, and never take it
}

// ConsoleEffect is what a new price changes in one console.
type ConsoleEffect struct {
	Console       console.Console
	Subscriptions int64
	Seats         int64 // that are billed
}

// MonthEffect is what a new price changes in one month.
type MonthEffect struct {
	Month         civil.Month
	Subscriptions int64        // that take it in this month
	Change        money.Amount // of what is billed for the month: more, or less than zero
}

// Annual prices have come to everybody after a year, those of the flexible plan after the month that they begin in.
const (
	flexibleMonths = 2
	annualMonths   = 13
)

// ForecastPrice returns what a new price would change in which console and month, and writes nothing.
func (a *App) ForecastPrice(ctx context.Context, actor console.Actor, s catalog.Step) (f PriceForecast, err error) {
	if err := actor.MayOperate(); err != nil {
		return f, err
	}
	err = a.DB.View(ctx, func(tx *store.Tx) error {
		f = PriceForecast{}
		if f.PriceEffect, _, err = a.priceEffect(ctx, tx, s); err != nil {
			return err
		}
		consoles, err := tx.Consoles(ctx)
		if err != nil {
			return err
		}
		var all []store.PayingTerm
		for _, c := range consoles {
			terms, err := tx.PayingTerms(ctx, c.ID, s.Offer, f.Was)
			if err != nil {
				return err
			}
			if len(terms) > 0 {
				f.By = append(f.By, effectIn(c, terms))
				all = append(all, terms...)
			}
		}
		return f.spread(all)
	})
	return f, err
}

func effectIn(c console.Console, terms []store.PayingTerm) ConsoleEffect {
	e := ConsoleEffect{Console: c}
	for _, t := range terms {
		e.Subscriptions += t.Count
		e.Seats += t.Seats
	}
	return e
}

// takes returns the day on which subscriptions take the price, false if they never do.
func (f *PriceForecast) takes(t store.PayingTerm) (civil.Date, bool) {
	stays := customer.RenewMonthly
	switch f.Plan {
	case catalog.Flexible:
		return f.From, true
	case catalog.AnnualYearlyPay:
		stays = customer.RenewYearly
	case catalog.AnnualMonthlyPay:
	}
	on := t.TermEnd
	for n := 12; on > 0 && on < f.From; n += 12 {
		on = t.TermEnd.AddMonths(n)
	}
	return on, on > 0 && t.Renewal == stays
}

// spread says in which months the price is taken, and what that changes.
func (f *PriceForecast) spread(terms []store.PayingTerm) error {
	n := flexibleMonths
	if f.Plan.Annual() {
		n = annualMonths
	}
	sums := make([]*big.Rat, n)
	month := f.From.Month()
	for i := range n {
		sums[i] = new(big.Rat)
		f.Months = append(f.Months, MonthEffect{Month: month, Change: money.Amount{Currency: f.Currency}})
		month = month.Next()
	}
	for _, t := range terms {
		on, ok := f.takes(t)
		if !ok {
			f.Leaving += t.Count
			continue
		}
		for i := range f.Months {
			if m := &f.Months[i]; m.Month == on.Month() {
				m.Subscriptions += t.Count
			}
			sums[i].Add(sums[i], f.changeIn(f.Months[i].Month, on, t.Seats))
		}
	}
	for i, sum := range sums {
		minor, err := money.Round(sum.Num(), sum.Denom(), money.HalfUp)
		if err != nil {
			return err
		}
		f.Months[i].Change.Minor = minor
	}
	return nil
}

// changeIn returns what seats cost more in a month, when they take the price on a day: a prepaid term is charged on that day.
func (f *PriceForecast) changeIn(m civil.Month, on civil.Date, seats int64) *big.Rat {
	part, whole := int64(m.Days()), int64(m.Days())
	switch {
	case m.End() <= on, f.Plan == catalog.AnnualYearlyPay && m != on.Month():
		return new(big.Rat)
	case f.Plan == catalog.AnnualYearlyPay:
	case m == on.Month():
		part = int64(m.End() - on)
	}
	return new(big.Rat).Sub(f.Price.Exact(seats, part, whole), f.Was.Exact(seats, part, whole))
}
