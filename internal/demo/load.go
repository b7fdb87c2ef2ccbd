package demo

import (
	"context"
	"slices"

	"psc/internal/store"
)

// batch is how many rows go into the database with one statement.
const batch = 1000

// Load writes the world into an empty database. Everybody gets the password hash.
func Load(ctx context.Context, tx *store.Tx, w World, passwordHash string) error {
	for _, load := range []func(context.Context, *store.Tx) error{
		w.loadConsoles, w.loadCatalog,
		func(ctx context.Context, tx *store.Tx) error { return w.loadPeople(ctx, tx, passwordHash) },
		w.loadBilling, w.loadCustomers,
	} {
		if err := load(ctx, tx); err != nil {
			return err
		}
	}
	return nil
}

func (w World) loadConsoles(ctx context.Context, tx *store.Tx) error {
	if err := tx.InsertReseller(ctx, w.Reseller.ID, w.Reseller.Name, w.Reseller.CreatedAt); err != nil {
		return err
	}
	for _, c := range w.Consoles {
		if err := tx.InsertConsole(ctx, c); err != nil {
			return err
		}
	}
	return nil
}

func (w World) loadCatalog(ctx context.Context, tx *store.Tx) error {
	if err := tx.PutSKUs(ctx, w.SKUs); err != nil {
		return err
	}
	if err := tx.PutOffers(ctx, w.Offers); err != nil {
		return err
	}
	for _, c := range w.Consoles {
		var ids []string
		for _, a := range w.Authorizations {
			if a.ConsoleID == c.ID {
				ids = append(ids, a.SKUID)
			}
		}
		if _, err := tx.GrantSKUs(ctx, c.ID, ids, c.CreatedAt); err != nil {
			return err
		}
	}
	return nil
}

func (w World) loadPeople(ctx context.Context, tx *store.Tx, passwordHash string) error {
	for _, p := range w.People {
		p.PasswordHash = passwordHash
		if err := tx.InsertPerson(ctx, p); err != nil {
			return err
		}
	}
	for _, m := range w.Memberships {
		since := w.Reseller.CreatedAt
		for _, p := range w.People {
			if p.ID == m.PersonID {
				since = p.CreatedAt
			}
		}
		if err := tx.SetMembership(ctx, m, since); err != nil {
			return err
		}
	}
	return nil
}

func (w World) loadBilling(ctx context.Context, tx *store.Tx) error {
	for _, e := range w.LegalEntities {
		if err := tx.InsertLegalEntity(ctx, e, w.Reseller.CreatedAt); err != nil {
			return err
		}
	}
	for _, a := range w.Agreements {
		if _, err := tx.SignAgreement(ctx, a.ConsoleID, a.LegalEntityID, a.SignedBy, a.SignedAt); err != nil {
			return err
		}
	}
	for _, i := range w.Issuers {
		if err := tx.InsertIssuer(ctx, i, w.Reseller.CreatedAt); err != nil {
			return err
		}
	}
	for _, c := range w.Consoles {
		if err := tx.TouchMonth(ctx, c.ID, w.FirstBilled); err != nil {
			return err
		}
	}
	return tx.InsertBillingAccounts(ctx, w.Accounts)
}

func (w World) loadCustomers(ctx context.Context, tx *store.Tx) error {
	if err := inBatches(ctx, w.Customers, tx.InsertCustomers); err != nil {
		return err
	}
	if err := inBatches(ctx, w.Subscriptions, tx.InsertSubscriptions); err != nil {
		return err
	}
	return inBatches(ctx, w.Orders, tx.InsertOrders)
}

func inBatches[T any](ctx context.Context, list []T, insert func(context.Context, []T) error) error {
	for chunk := range slices.Chunk(list, batch) {
		if err := insert(ctx, chunk); err != nil {
			return err
		}
	}
	return nil
}
