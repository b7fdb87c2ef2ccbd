package app

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"time"

	"psc/internal/civil"
	"psc/internal/console"
	"psc/internal/store"
)

// renewalMarks are how many days before the end of a term a console is told of it, the earlier first.
var renewalMarks = []civil.Date{30, 3}

// tellRenewals tells every console which subscriptions come to the end of their term: one notice a day and mark. Days on
// which nothing ran are told together, as far as their terms still have to end. What goes wrong in one console holds up no other.
func (a *App) tellRenewals(ctx context.Context, now time.Time) error {
	today := a.billingDate(now)
	var list []store.RenewalsTold
	if err := a.DB.View(ctx, func(tx *store.Tx) (err error) {
		list, err = tx.ConsolesToTellRenewals(ctx, today)
		return err
	}); err != nil {
		return err
	}
	var errs []error
	for _, told := range list {
		if err := a.DB.Update(ctx, func(tx *store.Tx) error { return a.tellRenewalsOf(ctx, tx, now, told) }); err != nil {
			errs = append(errs, fmt.Errorf("tell renewals of %s: %w", told.ConsoleID, err))
		}
	}
	return errors.Join(errs...)
}

func (a *App) tellRenewalsOf(ctx context.Context, tx *store.Tx, now time.Time, told store.RenewalsTold) error {
	today := a.billingDate(now)
	if ok, err := tx.SetRenewalsTold(ctx, told, today); err != nil || !ok {
		return err
	}
	since := told.On
	if since == 0 { // a console that is new tells of today's
		since = today - 1
	}
	for i, mark := range renewalMarks {
		from, to := max(since+mark+1, today+1), today+mark
		if i+1 < len(renewalMarks) { // what is nearer is the next mark's
			from = max(from, today+renewalMarks[i+1]+1)
		}
		n, err := tx.CountRenewals(ctx, told.ConsoleID, from, to)
		if err != nil || n == 0 {
			if err != nil {
				return err
			}
			continue
		}
		kind := "subscription.renewals"
		if from < to {
			kind = "subscription.renewals_between"
		}
		days := strconv.Itoa(int(mark))
		if err := a.notify(ctx, tx, now, store.Notice{
			ConsoleID: told.ConsoleID, Kind: kind, Audience: console.EditCustomers,
			Dedupe: "subscription.renewals/" + days + "/" + today.String(),
			Data: map[string]string{
				"Count": count(n), "Days": days, "From": from.String(), "Date": to.String(),
				"Path": "/customers?terms_from=" + from.String() + "&terms_to=" + to.String(),
			},
		}); err != nil {
			return err
		}
	}
	return nil
}
