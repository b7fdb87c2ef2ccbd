package app

import (
	"context"
	"io"
	"math/bits"
	"slices"
	"strconv"
	"time"

	"psc/internal/billing"
	"psc/internal/catalog"
	"psc/internal/console"
	"psc/internal/customercsv"
	"psc/internal/fault"
	"psc/internal/money"
	"psc/internal/store"
)

// ImportResult is what an import found and did. Its JSON form is kept with the operation.
type ImportResult struct {
	File      string             // its name
	SkipBad   bool               // import the good rows although there are bad ones
	Operator  bool               // an operator imports
	Checked   bool               // Report is there
	Cancelled bool               // somebody ended it: the rest of the file was not read
	Percent   int64              // of the file that has been checked so far
	Report    customercsv.Report // of the file
	Counts    ImportCounts
	Refused   []customercsv.Problem // good rows that could not be applied: the first ones
}

// ImportCounts is what an import has done so far.
type ImportCounts struct {
	CustomersAdded       int64
	CustomersChanged     int64
	SubscriptionsAdded   int64
	SubscriptionsChanged int64
	Refused              int64 // rows
}

func (c ImportCounts) plus(d ImportCounts) ImportCounts {
	return ImportCounts{
		CustomersAdded: c.CustomersAdded + d.CustomersAdded, CustomersChanged: c.CustomersChanged + d.CustomersChanged,
		SubscriptionsAdded:   c.SubscriptionsAdded + d.SubscriptionsAdded,
		SubscriptionsChanged: c.SubscriptionsChanged + d.SubscriptionsChanged, Refused: c.Refused + d.Refused,
	}
}

// Nothing reports whether the file said nothing that was not there already.
func (c ImportCounts) Nothing() bool { return c == ImportCounts{} }

// acceptable reports whether the checked file may be written.
func (r ImportResult) acceptable() bool {
	return !r.Report.Broken && (r.SkipBad || r.Report.ProblemCount == 0)
}

// with returns the result with what a batch did.
func (r ImportResult) with(counts ImportCounts, refused []customercsv.Problem) ImportResult {
	r.Counts = r.Counts.plus(counts)
	r.Refused = slices.Concat(r.Refused, refused[:min(len(refused), customercsv.Kept-len(r.Refused))])
	return r
}

// ImportCustomers imports a file of customers into the actor's console while the caller waits. The whole file is checked
// first; with anything wrong in it nothing is written unless skipBad says so, and the fault is "import.bad_rows". What is
// there already is brought up to date, so that a file can be imported again. progress may be nil.
func (a *App) ImportCustomers(ctx context.Context, actor console.Actor, file io.ReadSeeker, skipBad bool, progress ImportProgress) (ImportResult, error) {
	if progress == nil {
		progress = func(string, int64, int64) {}
	}
	ref, r, err := a.checkImport(ctx, actor, file, progress)
	if err != nil {
		return r, err
	}
	r.SkipBad = skipBad
	if !r.acceptable() {
		return r, fault.New(fault.Invalid, "import.bad_rows", fault.Args{"Count": r.Report.ProblemCount})
	}
	batches, written := 0, int64(0)
	err = customercsv.Rows(ctx, file, ref, func(batch []customercsv.Record) error {
		if r, err = a.writeBatch(ctx, actor, r, batch); err != nil {
			return err
		}
		batches, written = batches+1, written+int64(len(batch))
		progress("write", written, int64(r.Report.Good))
		return a.analyzeAfter(ctx, batches)
	})
	if err != nil {
		return r, err
	}
	now := a.Clock.Now()
	return r, a.DB.Update(ctx, func(tx *store.Tx) error { return a.endImport(ctx, tx, now, actor, actor.ConsoleID, r) })
}

// ImportProgress is told how far a step of an import has come: "check" in bytes, "write" in rows.
type ImportProgress func(step string, done, total int64)

// CheckImport checks a file as ImportCustomers does, and writes nothing.
func (a *App) CheckImport(ctx context.Context, actor console.Actor, file io.ReadSeeker, progress ImportProgress) (r ImportResult, err error) {
	_, r, err = a.checkImport(ctx, actor, file, progress)
	return r, err
}

func (a *App) checkImport(ctx context.Context, actor console.Actor, file io.ReadSeeker, progress ImportProgress) (ref customercsv.Reference, r ImportResult, err error) {
	if err := actor.May(console.AddCustomers); err != nil {
		return ref, r, err
	}
	if err := customercsv.CheckText(file); err != nil {
		return ref, r, err
	}
	if ref, err = a.importReference(ctx, actor.ConsoleID); err != nil {
		return ref, r, err
	}
	r = ImportResult{Operator: actor.Operator}
	r.Report, err = customercsv.Check(ctx, file, ref, func(done, total int64) { progress("check", done, total) })
	r.Checked = err == nil
	return ref, r, err
}

// writeBatch writes one batch in a transaction of its own and returns the result with it.
func (a *App) writeBatch(ctx context.Context, actor console.Actor, r ImportResult, batch []customercsv.Record) (ImportResult, error) {
	now, after := a.Clock.Now(), r
	err := a.updateOnce(ctx, func(tx *store.Tx) (err error) {
		after, _, err = a.importBatch(ctx, tx, now, actor, actor.ConsoleID, r, batch)
		return err
	})
	if err != nil {
		return r, err
	}
	return after, nil
}

// updateOnce runs a transaction a second time if somebody has just written what it was about to add, as a run does that
// brings a customer of the same domain: the second time it finds that there.
func (a *App) updateOnce(ctx context.Context, fn func(*store.Tx) error) error {
	err := a.DB.Update(ctx, fn)
	if a.DB.Engine().Duplicate(err) {
		err = a.DB.Update(ctx, fn)
	}
	if a.DB.Engine().Duplicate(err) {
		return tooLate()
	}
	return err
}

// analyzeAfter has the database look at what it holds after 1, 4, 16, ... batches: what a large import writes can be most
// of it.
func (a *App) analyzeAfter(ctx context.Context, batches int) error {
	if bits.OnesCount(uint(batches)) != 1 || bits.TrailingZeros(uint(batches))%2 != 0 {
		return nil
	}
	return a.DB.Analyze(ctx)
}

// endImport writes into the trail what an import did.
func (a *App) endImport(ctx context.Context, tx *store.Tx, now time.Time, actor console.Actor, subject string, r ImportResult) error {
	if r.Counts.Nothing() {
		return nil
	}
	number := func(n int64) string { return strconv.FormatInt(n, 10) }
	return a.record(ctx, tx, now, actor, entry{
		Action: "customer.imported", Subject: subject, Data: map[string]string{
			"CustomersAdded": number(r.Counts.CustomersAdded), "CustomersChanged": number(r.Counts.CustomersChanged),
			"SubscriptionsAdded":   number(r.Counts.SubscriptionsAdded),
			"SubscriptionsChanged": number(r.Counts.SubscriptionsChanged), "Refused": number(r.Counts.Refused),
		},
	})
}

// importReference returns what the rows of a file may refer to.
func (a *App) importReference(ctx context.Context, consoleID string) (ref customercsv.Reference, err error) {
	err = a.DB.View(ctx, func(tx *store.Tx) error {
		if ref.SKUs, err = skusByID(ctx, tx); err != nil {
			return err
		}
		if ref.Accounts, err = accountsByID(ctx, tx, consoleID); err != nil {
			return err
		}
		prices, err := tx.Prices(ctx)
		ref.Prices = pricesOf(prices.At(a.billingDate(a.Clock.Now())))
		return err
	})
	return ref, err
}

func pricesOf(offers []catalog.Offer) map[customercsv.Offer]money.Price {
	prices := make(map[customercsv.Offer]money.Price, len(offers))
	for _, o := range offers {
		prices[customercsv.Offer{SKUID: o.SKUID, Plan: o.Plan, Currency: o.Currency}] = o.Price
	}
	return prices
}

// ImportableAccounts are the accounts whose IDs a file may name: what the page of imports lists.
func (a *App) ImportableAccounts(ctx context.Context, actor console.Actor) ([]billing.Account, error) {
	list, err := a.BillingAccounts(ctx, actor)
	var usable []billing.Account
	for _, account := range list {
		if account.State.Pays() {
			usable = append(usable, account)
		}
	}
	return usable, err
}
