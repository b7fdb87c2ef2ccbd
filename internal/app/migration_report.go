package app

import (
	"cmp"
	"context"
	"iter"
	"slices"

	"psc/internal/connection"
	"psc/internal/console"
	"psc/internal/migration"
	"psc/internal/money"
	"psc/internal/store"
)

// ReportRow is a line of a reconciliation report: a subscription that moved, or a customer that did not.
type ReportRow struct {
	store.ReportRow

	Misfit migration.Misfit // empty: it fits
	Reason string           // why a customer was returned
	Undone store.Undone     // how its move was undone later; without a migration: it was not
}

// Moved reports whether the row is of a subscription that went over.
func (r *ReportRow) Moved() bool {
	return r.State == migration.Completed && r.SubscriptionID != "" && !r.Ended
}

// ReportTotal is what a run moved in one currency.
type ReportTotal struct {
	Currency      money.Currency
	Subscriptions int64
	Lots          int64
	Credit        money.Amount // of the source, zero or negative
	Charge        money.Amount // of the main
}

// Agrees reports whether what the source was credited is what the main was charged.
func (t ReportTotal) Agrees() bool { return t.Credit.Minor == -t.Charge.Minor }

// Report is the reconciliation report of a run as one of its sides may see it (spec M12): who moved, which days and amounts
// went from one console to the other, and what does not fit.
type Report struct {
	Run

	Source, Main  console.Console // from where and to where it moved them
	Totals        []ReportTotal   // of all rows, by currency
	Customers     int64           // that moved, as their own rows say
	Subscriptions int64
	Misfits       int64
	Undone        int64       // of the customers that moved, those that a later migration brought back
	Bad           []ReportRow // the first that do not fit
	Rows          []ReportRow // of one page
	Previous      int64       // where the pages before and after begin; negative: there is none
	Next          int64

	counted int64 // the number of the last customer
}

// Fits reports whether nothing is missing and nothing double: the report's own count of customers is the run's, all days and lots
// meet, and credits equal charges.
func (r *Report) Fits() bool {
	return r.Misfits == 0 && r.Customers == r.Done && !slices.ContainsFunc(r.Totals, func(t ReportTotal) bool { return !t.Agrees() })
}

// How many customers of a run are in memory at a time, and how many rows that do not fit a page names.
const (
	reportChunk  = 500
	misfitsShown = 50
)

// MigrationReport returns the report of a run with one page of its rows: those of the customers after a number.
func (a *App) MigrationReport(ctx context.Context, actor console.Actor, connectionID, id string, after int64, limit int) (r Report, err error) {
	err = a.DB.View(ctx, func(tx *store.Tx) error {
		if r, err = openReport(ctx, tx, actor, connectionID, id); err != nil {
			return err
		}
		if after, limit = max(after, 0), max(limit, 1); after > 0 {
			r.Previous = max(0, after-int64(limit))
		}
		totals := map[money.Currency]*ReportTotal{}
		err = eachReported(ctx, tx, r.Run, func(row ReportRow) error {
			if row.Seq > after && row.Seq <= after+int64(limit) {
				r.Rows = append(r.Rows, row)
			} else if row.Seq > after {
				r.Next = after + int64(limit)
			}
			return r.add(row, totals)
		})
		r.Totals = sortedTotals(totals)
		return err
	})
	return r, err
}

func openReport(ctx context.Context, tx *store.Tx, actor console.Actor, connectionID, id string) (r Report, err error) {
	if err := actor.May(console.AddCustomers, console.TransferCustomers); err != nil {
		return r, err
	}
	r.Previous, r.Next = -1, -1
	if r.Run, err = runFor(ctx, tx, actor, connectionID, id); err != nil {
		return r, err
	}
	c, err := tx.Connection(ctx, actor.ConsoleID, r.ConnectionID)
	if err != nil {
		return r, err
	}
	if r.Source, err = tx.Console(ctx, r.SourceID); err != nil {
		return r, err
	}
	if r.Main, err = tx.Console(ctx, r.ConsoleID); err != nil {
		return r, err
	}
	if then, ended := c.OtherAtEnd(actor.ConsoleID); ended { // nothing of what the other did afterwards (spec C7)
		other := &r.Main
		if r.Side == connection.Main {
			other = &r.Source
		}
		other.Name, other.ResellerName = then.Name, then.Reseller
	}
	return r, nil
}

// eachReported hands out the rows of all members of a run in their order, as the side of the run may see them.
func eachReported(ctx context.Context, tx *store.Tx, run Run, take func(ReportRow) error) error {
	for after := int64(0); after < run.Total; after += reportChunk {
		rows, err := reportedAfter(ctx, tx, run, after)
		if err != nil {
			return err
		}
		for _, row := range rows {
			if err := take(row); err != nil {
				return err
			}
		}
	}
	return nil
}

// reportedAfter returns the rows of the next members of a run after a number, and which of them were undone since.
func reportedAfter(ctx context.Context, tx *store.Tx, run Run, after int64) ([]ReportRow, error) {
	rows, err := tx.Report(ctx, run.ConsoleID, run.SourceID, run.ID, after, reportChunk)
	if err != nil {
		return nil, err
	}
	list, customers := make([]ReportRow, len(rows)), make([]string, len(rows))
	for i, row := range rows {
		list[i], customers[i] = reported(row, run.Side), row.CustomerID
	}
	undos, err := tx.UndoneMigrations(ctx, run.ConsoleID, run.SourceID, slices.Compact(customers))
	byID := make(map[string]store.Undone, len(undos))
	for _, u := range undos {
		byID[u.MigrationID] = u
	}
	for i := range list {
		list[i].Undone = byID[list[i].MigrationID]
	}
	return list, err
}

// reported judges a row, and leaves out the account of the other console (spec C9).
func reported(row store.ReportRow, side connection.Side) ReportRow {
	r := ReportRow{ReportRow: row}
	if r.Moved() {
		r.Misfit = r.Handover.Misfit()
	}
	if side == connection.Main {
		r.FromAccountID = ""
	} else {
		r.ToAccountID = ""
	}
	return r
}

// add counts a row in.
func (r *Report) add(row ReportRow, totals map[money.Currency]*ReportTotal) (err error) {
	if row.State == migration.Completed && row.Seq != r.counted {
		r.counted = row.Seq
		r.Customers++
		if row.Undone.MigrationID != "" {
			r.Undone++
		}
	}
	if !row.Moved() {
		return nil
	}
	r.Subscriptions++
	if row.Misfit != "" {
		if r.Misfits++; len(r.Bad) < misfitsShown {
			r.Bad = append(r.Bad, row)
		}
	}
	t := totals[row.Currency]
	if t == nil {
		none := money.Amount{Currency: row.Currency}
		t = &ReportTotal{Currency: row.Currency, Credit: none, Charge: none}
		totals[row.Currency] = t
	}
	t.Subscriptions++
	for _, l := range row.Lots {
		t.Lots++
		if t.Credit, err = t.Credit.Add(l.Credit); err != nil {
			return err
		}
		if t.Charge, err = t.Charge.Add(l.Charge); err != nil {
			return err
		}
	}
	return nil
}

func sortedTotals(totals map[money.Currency]*ReportTotal) (list []ReportTotal) {
	for _, t := range totals {
		list = append(list, *t)
	}
	slices.SortFunc(list, func(x, y ReportTotal) int { return cmp.Compare(x.Currency, y.Currency) })
	return list
}

// AllReported returns every row of a run's report as it is read: who moved or was cancelled, in the order of the run, and then who
// was returned. It holds nothing open between its pieces.
func (a *App) AllReported(ctx context.Context, actor console.Actor, connectionID, id string) (Report, iter.Seq2[ReportRow, error], error) {
	var r Report
	err := a.DB.View(ctx, func(tx *store.Tx) (err error) {
		r, err = openReport(ctx, tx, actor, connectionID, id)
		return err
	})
	return r, func(yield func(ReportRow, error) bool) {
		for after := int64(0); after < r.Total; after += reportChunk {
			if !a.yieldReported(ctx, r.Run, after, yield) {
				return
			}
		}
		for after := (OperationReturn{}); ; {
			var list []OperationReturn
			err := a.DB.View(ctx, func(tx *store.Tx) (err error) {
				list, err = tx.ReturnsAfter(ctx, r.ConsoleID, r.ID, after, reportChunk)
				return err
			})
			if err != nil {
				yield(ReportRow{}, err)
				return
			}
			for _, ret := range list {
				if !yield(returned(ret), nil) {
					return
				}
				after = ret
			}
			if len(list) < reportChunk {
				return
			}
		}
	}, err
}

func (a *App) yieldReported(ctx context.Context, run Run, after int64, yield func(ReportRow, error) bool) bool {
	var rows []ReportRow
	if err := a.DB.View(ctx, func(tx *store.Tx) (err error) {
		rows, err = reportedAfter(ctx, tx, run, after)
		return err
	}); err != nil {
		yield(ReportRow{}, err)
		return false
	}
	for _, row := range rows {
		if !yield(row, nil) {
			return false
		}
	}
	return true
}

// returned is the row of a customer that the run gave back.
func returned(ret OperationReturn) (r ReportRow) {
	r.MigrationID, r.CustomerID, r.CustomerName, r.Domain = ret.MigrationID, ret.CustomerID, ret.CustomerName, ret.Domain
	r.State, r.Reason = migration.Started, ret.Reason
	return r
}

// runsShown is how many runs of a connection are listed.
const runsShown = 100

// MigrationRuns returns the newest runs of a connection, the undos of its migrations included, for either side; what they could not
// move is not listed.
func (a *App) MigrationRuns(ctx context.Context, actor console.Actor, connectionID string) (list []Run, err error) {
	if err := actor.May(console.ViewCustomers); err != nil {
		return nil, err
	}
	err = a.DB.View(ctx, func(tx *store.Tx) error {
		c, err := tx.Connection(ctx, actor.ConsoleID, connectionID)
		if err != nil {
			return found(err, "connection.not_found")
		}
		runs, err := tx.OperationsOf(ctx, c.MainID, c.SourceID, c.ID, runsShown)
		list = make([]Run, len(runs))
		for i, op := range runs {
			list[i] = runAs(actor.ConsoleID, c, op)
		}
		return err
	})
	return list, err
}
