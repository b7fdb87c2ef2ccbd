package app

import (
	"context"
	"io"
	"iter"

	"psc/internal/console"
	"psc/internal/customer"
	"psc/internal/customercsv"
	"psc/internal/store"
)

// ExportCustomers writes all live customers of the actor's console as the file that ImportCustomers reads: the download of
// all customers, which only a super admin may have. It reads a batch at a time and keeps nothing open between them.
func (a *App) ExportCustomers(ctx context.Context, actor console.Actor, w io.Writer) error {
	if err := actor.May(console.SuperAdmin); err != nil {
		return err
	}
	now := a.Clock.Now()
	if err := a.DB.Update(ctx, func(tx *store.Tx) error {
		return a.record(ctx, tx, now, actor, entry{Action: "customer.exported", Subject: actor.ConsoleID, Reading: true})
	}); err != nil {
		return err
	}
	return customercsv.Write(w, a.exportRecords(ctx, actor.ConsoleID))
}

func (a *App) exportRecords(ctx context.Context, consoleID string) iter.Seq2[customercsv.Record, error] {
	return func(yield func(customercsv.Record, error) bool) {
		for after := ""; ; {
			records, last, err := a.exportBatch(ctx, consoleID, after)
			if err != nil {
				yield(customercsv.Record{}, err)
				return
			}
			for _, rec := range records {
				if !yield(rec, nil) {
					return
				}
			}
			if last == "" {
				return
			}
			after = last
		}
	}
}

// exportBatch returns the rows of the next customers after an ID and the ID of the last; empty: there are no more.
func (a *App) exportBatch(ctx context.Context, consoleID, after string) (records []customercsv.Record, last string, err error) {
	err = a.DB.View(ctx, func(tx *store.Tx) error {
		customers, err := tx.LiveCustomersAfter(ctx, consoleID, after, customercsv.BatchSize)
		if err != nil || len(customers) == 0 {
			return err
		}
		last = customers[len(customers)-1].ID
		ids := make([]string, len(customers))
		for i, c := range customers {
			ids[i] = c.ID
		}
		subs, err := tx.SubscriptionsOf(ctx, consoleID, ids)
		of := map[string][]customer.Subscription{}
		for _, s := range subs {
			of[s.CustomerID] = append(of[s.CustomerID], s)
		}
		for _, c := range customers {
			records = append(records, rowsOf(c, of[c.ID])...)
		}
		return err
	})
	return records, last, err
}

// rowsOf returns a row for each subscription, or one without any.
func rowsOf(c customer.Customer, subs []customer.Subscription) []customercsv.Record {
	if len(subs) == 0 {
		return []customercsv.Record{{Customer: c}}
	}
	rows := make([]customercsv.Record, len(subs))
	for i := range subs {
		rows[i] = customercsv.Record{Customer: c, Subscription: &subs[i]}
	}
	return rows
}
