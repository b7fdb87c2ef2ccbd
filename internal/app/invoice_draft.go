package app

import (
	"cmp"
	"context"
	"errors"
	"slices"

	"psc/internal/billing"
	"psc/internal/civil"
	"psc/internal/console"
	"psc/internal/fault"
	"psc/internal/money"
	"psc/internal/store"
)

// InvoiceLine is a line of an invoice with what it names.
type InvoiceLine = store.InvoiceLine

// Invoice is what an account is billed for a calendar month.
type Invoice struct {
	Account billing.Account
	Month   civil.Month
	Closed  bool          // the month is closed, so that without an issued invoice there was nothing to bill
	Lines   []InvoiceLine // by customer and subscription; credits are told by Line.Credit
	Totals  billing.Totals
}

// DraftInvoice computes the invoice of an account for a month as everything stands now (spec B6): of none before billing began here.
func (a *App) DraftInvoice(ctx context.Context, actor console.Actor, accountID string, month civil.Month) (inv Invoice, err error) {
	if err := actor.May(console.Billing); err != nil {
		return inv, err
	}
	err = a.DB.View(ctx, func(tx *store.Tx) error {
		account, err := tx.BillingAccount(ctx, actor.ConsoleID, accountID)
		if err != nil {
			return found(err, "billing_account.not_found")
		}
		if err := a.checkBilled(ctx, tx, account.ConsoleID, month); err != nil {
			return err
		}
		if inv, err = a.draft(ctx, tx, account, month); err != nil {
			return err
		}
		inv.Closed, err = closed(ctx, tx, account.ConsoleID, month)
		return err
	})
	return inv, err
}

// FirstMonth returns the first month of which the actor's console has invoices.
func (a *App) FirstMonth(ctx context.Context, actor console.Actor) (first civil.Month, err error) {
	if err := actor.May(console.Billing); err != nil {
		return first, err
	}
	err = a.DB.View(ctx, func(tx *store.Tx) error {
		first, err = a.firstMonth(ctx, tx, actor.ConsoleID)
		return err
	})
	return first, err
}

// firstMonth is the month in which the billing of a console began here, and the present one until it does. What lies before,
// such as the days of an imported term, was billed elsewhere and is never closed.
func (a *App) firstMonth(ctx context.Context, tx *store.Tx, consoleID string) (civil.Month, error) {
	first := a.billingDate(a.Clock.Now()).Month()
	months, err := tx.BillingMonths(ctx, consoleID)
	if len(months) > 0 && months[0].Month.First() < first.First() {
		first = months[0].Month
	}
	return first, err
}

// checkBilled refuses a month that is not billed here.
func (a *App) checkBilled(ctx context.Context, tx *store.Tx, consoleID string, month civil.Month) error {
	first, err := a.firstMonth(ctx, tx, consoleID)
	if err == nil && month.First() < first.First() {
		err = fault.New(fault.NotFound, "invoice.not_billed_here", fault.Args{"Month": month, "First": first})
	}
	return err
}

// closed reports whether a month of a console is closed.
func closed(ctx context.Context, tx *store.Tx, consoleID string, month civil.Month) (bool, error) {
	months, err := tx.BillingMonths(ctx, consoleID)
	return slices.ContainsFunc(months, func(m store.BillingMonth) bool {
		return m.Month == month && m.State == store.MonthClosed
	}), err
}

// draftChunk is how many subscriptions' histories are in memory at a time.
const draftChunk = 1_000

func (a *App) draft(ctx context.Context, tx *store.Tx, account billing.Account, month civil.Month) (Invoice, error) {
	inv := Invoice{Account: account, Month: month}
	moves, err := plannedMoves(ctx, tx, account, month)
	if err != nil {
		return inv, err
	}
	ending, err := tx.EndingTerms(ctx, account.ConsoleID, account.ID, month.Period().Last())
	if err != nil {
		return inv, err
	}
	ahead, err := newOutlook(ctx, tx, account.ConsoleID, month, ending)
	if err != nil {
		return inv, err
	}
	ids, err := tx.BilledTo(ctx, account.ConsoleID, account.ID, month)
	if err != nil {
		return inv, err
	}
	ids = append(ids, ahead.left()...) // what has no days of a monthly plan, until it renews
	slices.Sort(ids)
	for chunk := range slices.Chunk(slices.Compact(ids), draftChunk) {
		list, err := tx.BilledSubscriptions(ctx, account.ConsoleID, chunk, month)
		if err != nil {
			return inv, err
		}
		if err := inv.add(list, ahead, moves); err != nil {
			return inv, err
		}
	}
	if err := inv.addCharges(ctx, tx, moves); err != nil {
		return inv, err
	}
	if err := inv.addMoves(ctx, tx, moves); err != nil {
		return inv, err
	}
	slices.SortStableFunc(inv.Lines, func(x, y InvoiceLine) int {
		return cmp.Or(cmp.Compare(x.CustomerName, y.CustomerName), cmp.Compare(x.CustomerID, y.CustomerID),
			cmp.Compare(x.SubscriptionID, y.SubscriptionID), cmp.Compare(x.Period.From, y.Period.From))
	})
	tax, err := taxOf(ctx, tx, account)
	if err != nil {
		return inv, err
	}
	inv.Totals, err = billing.TotalsOf(account.Currency, plainLines(inv.Lines), tax)
	return inv, err
}

// add adds the days of subscriptions that are billed to the account, and what is known to be charged, but for those that are
// scheduled to move: addMoves adds them.
func (inv *Invoice) add(list []store.Billed, ahead outlook, moves movesAhead) error {
	for _, b := range list {
		if _, moving := moves[b.SubscriptionID]; moving {
			continue
		}
		charges, err := ahead.foresee(&b)
		if err != nil {
			return err
		}
		lines, err := usageLines(b, inv.Month)
		if err != nil {
			return err
		}
		inv.addOwn(append(lines, charges...))
	}
	return nil
}

// addOwn adds those lines that are the account's.
func (inv *Invoice) addOwn(lines []InvoiceLine) {
	owner := billing.Owner{ConsoleID: inv.Account.ConsoleID, AccountID: inv.Account.ID}
	for _, l := range lines {
		if l.Owner == owner {
			inv.Lines = append(inv.Lines, l)
		}
	}
}

// addMoves adds what is billed to the account of what is scheduled to move.
func (inv *Invoice) addMoves(ctx context.Context, tx *store.Tx, moves movesAhead) error {
	sides, err := moves.sides(ctx, tx, inv.Account.ConsoleID, inv.Month)
	if err != nil {
		return err
	}
	var charges []store.Charge
	for _, s := range sides {
		charges = append(charges, s.Charges...)
		lines, err := usageLines(s.Billed, inv.Month)
		if err != nil {
			return err
		}
		inv.addOwn(lines)
	}
	lines, err := chargeLines(ctx, tx, charges)
	inv.addOwn(lines)
	return err
}

// usageLines returns what a console bills for the days of a month of one subscription on a monthly plan.
func usageLines(b store.Billed, month civil.Month) ([]InvoiceLine, error) {
	lines, err := billing.MonthLines(month, b.Currency, b.History)
	if err != nil {
		return nil, err
	}
	own := make([]InvoiceLine, len(lines))
	for i, l := range lines {
		own[i] = InvoiceLine{Line: l, Billed: b.On(l.Period.From)}
	}
	return own, nil
}

func (inv *Invoice) addCharges(ctx context.Context, tx *store.Tx, moves movesAhead) error {
	charges, err := tx.Charges(ctx, inv.Account.ConsoleID, inv.Account.ID, inv.Month)
	if err != nil {
		return err
	}
	charges = slices.DeleteFunc(charges, func(c store.Charge) bool { return moves.takes(inv.Account.ConsoleID, c) })
	lines, err := chargeLines(ctx, tx, charges)
	inv.Lines = append(inv.Lines, lines...)
	return err
}

// chargeLines returns the lines of charges and credits, which name other consoles by their account IDs.
func chargeLines(ctx context.Context, tx *store.Tx, charges []store.Charge) ([]InvoiceLine, error) {
	names := map[string]string{"": ""}
	lines := make([]InvoiceLine, len(charges))
	for i, c := range charges {
		name, ok := names[c.CounterpartyID]
		if !ok {
			other, err := tx.Console(ctx, c.CounterpartyID)
			if err != nil {
				return nil, err
			}
			name = string(other.AccountID)
			names[c.CounterpartyID] = name
		}
		lines[i] = InvoiceLine{Line: c.Line, Billed: c.Billed, ChargeID: c.ID, CounterpartyID: name}
	}
	return lines, nil
}

func plainLines(lines []InvoiceLine) []billing.Line {
	plain := make([]billing.Line, len(lines))
	for i, l := range lines {
		plain[i] = l.Line
	}
	return plain
}

// InvoiceState says how far the invoice of an account and month is.
type InvoiceState string

// The states of an invoice. Nothing is that of an account to which a closed month brought nothing.
const (
	InvoiceDraft   InvoiceState = "DRAFT"
	InvoiceIssued  InvoiceState = "ISSUED"
	InvoiceNothing InvoiceState = "NOTHING"
)

// MonthStatus is the invoice of an account and month in short.
type MonthStatus struct {
	Account billing.Account
	Month   civil.Month
	State   InvoiceState
	Number  string // of an issued one
	Lines   int64
	Totals  billing.Totals
	Due     money.Amount // of an issued one
}

// MonthInvoices returns, in short, the invoice of each account of the actor's console for a month: the issued one, and until
// there is one the draft.
func (a *App) MonthInvoices(ctx context.Context, actor console.Actor, month civil.Month) (list []MonthStatus, err error) {
	if err := actor.May(console.Billing); err != nil {
		return nil, err
	}
	if month.First() > a.billingDate(a.Clock.Now()) {
		return nil, fault.New(fault.Invalid, "invoice.month_ahead", fault.Args{"Month": month})
	}
	err = a.DB.View(ctx, func(tx *store.Tx) error {
		list = nil
		if err := a.checkBilled(ctx, tx, actor.ConsoleID, month); err != nil {
			return err
		}
		accounts, err := tx.BillingAccounts(ctx, actor.ConsoleID)
		if err != nil {
			return err
		}
		for _, account := range accounts {
			status, err := a.monthStatus(ctx, tx, account, month)
			if err != nil {
				return err
			}
			list = append(list, status)
		}
		return nil
	})
	return list, err
}

func (a *App) monthStatus(ctx context.Context, tx *store.Tx, account billing.Account, month civil.Month) (MonthStatus, error) {
	s := MonthStatus{Account: account, Month: month, State: InvoiceDraft}
	issued, err := tx.Invoice(ctx, account.ConsoleID, store.InvoiceID(account.ID, month))
	if err == nil {
		s.State, s.Number, s.Lines, s.Totals, s.Due = InvoiceIssued, issued.Number, issued.Lines, issued.Totals, issued.Due
		return s, nil
	}
	if !errors.Is(err, store.ErrNone) {
		return s, err
	}
	if over, err := closed(ctx, tx, account.ConsoleID, month); err != nil || over {
		s.State = InvoiceNothing
		s.Totals.Net.Currency, s.Totals.Gross.Currency = account.Currency, account.Currency
		return s, err
	}
	inv, err := a.draft(ctx, tx, account, month)
	s.Lines, s.Totals = int64(len(inv.Lines)), inv.Totals
	return s, err
}
