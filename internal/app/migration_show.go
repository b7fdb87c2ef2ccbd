package app

import (
	"context"

	"psc/internal/catalog"
	"psc/internal/connection"
	"psc/internal/console"
	"psc/internal/customer"
	"psc/internal/fault"
	"psc/internal/migration"
	"psc/internal/store"
)

// MigrationDetail is one row of the migrations of a connection, with what it consists of.
type MigrationDetail struct {
	MigrationItem // of a candidate: customer, name and domain; State is empty

	Connection ConnectionView
	SKUs       map[string]catalog.SKU
}

// Candidate reports whether the customer is not in migration.
func (d *MigrationDetail) Candidate() bool { return d.State == "" }

// MigrationDetail returns a customer's latest migration in the connection, or, at the source, the customer that may start
// one. The main is shown what has started, and of the rest no more than that there is no such customer (spec C9).
func (a *App) MigrationDetail(ctx context.Context, actor console.Actor, connectionID, customerID string) (d MigrationDetail, err error) {
	if err := actor.May(console.ViewCustomers); err != nil {
		return d, err
	}
	now := a.Clock.Now()
	err = a.DB.View(ctx, func(tx *store.Tx) error {
		d = MigrationDetail{}
		c, err := tx.Connection(ctx, actor.ConsoleID, connectionID)
		if err != nil {
			return found(err, "connection.not_found")
		}
		if d.Connection, err = viewConnection(ctx, tx, actor, c, now); err != nil {
			return err
		}
		if d.SKUs, err = skusByID(ctx, tx); err != nil {
			return err
		}
		if err := d.find(ctx, tx, customerID); err != nil {
			return err
		}
		holder := c.SourceID
		switch {
		case d.Connection.Side != connection.Main:
		case d.State == migration.Completed:
			holder = c.MainID
		case d.State == migration.Cancelled:
			return nil
		}
		d.Subscriptions, err = liveSubscriptions(ctx, tx, holder, customerID)
		return err
	})
	return d, err
}

// find fills in the row: at the source a live customer that is not in migration, else the latest migration.
func (d *MigrationDetail) find(ctx context.Context, tx *store.Tx, customerID string) error {
	c := d.Connection
	if c.Side == connection.Source {
		rec, err := tx.Customer(ctx, c.SourceID, customerID)
		if err != nil {
			return found(err, "customer.not_found")
		}
		if rec.State == customer.Live && rec.MigrationID == "" && c.State == connection.Connected {
			d.CustomerID, d.CustomerName, d.Domain = rec.ID, rec.Name, rec.Domain
			return nil
		}
	}
	list, err := tx.MigrationsOfCustomer(ctx, c.SourceID, customerID)
	for _, m := range list {
		if m.ConnectionID == c.ID {
			if d.Migration = m; c.Side == connection.Main {
				d.StartedBy = "" // never people (spec C9)
			}
			return err
		}
	}
	if err != nil {
		return err
	}
	return fault.New(fault.NotFound, "customer.not_found", nil)
}

func liveSubscriptions(ctx context.Context, tx *store.Tx, consoleID, customerID string) (live []customer.Subscription, err error) {
	list, err := tx.SubscriptionsOf(ctx, consoleID, []string{customerID})
	for _, s := range list {
		if s.State != customer.SubCancelled {
			live = append(live, s)
		}
	}
	return live, err
}
